"""The gradient of each observation's loss, ∂l_i/∂W. Lecture, section 8: ∇L is their mean."""

from __future__ import annotations

import numpy as np

import autograd_lite as ag
from autograd_lite.transforms import gradients_for_seeds
from nn.checks import checked_sample
from nn.layers import Linear, layers_in_order
from nn.lecture.vectors import ordered_parameters
from nn.losses import checked_loss
from nn.module import Module, of_nn, works_row_by_row
from nn.types import ArrayLike, Loss


def observation_gradients(model: Module, x: ArrayLike, y: ArrayLike, loss: Loss) -> np.ndarray:
    """∂l_i/∂W for each observation i, an array of shape (n, N): row i is of observation i, and the
    columns are in the order of `vec`. Lecture, section 8.

    model: taken in the mode in which it is, training or prediction.
    x: (n, m).
    y: a target for each observation.
    loss: as in training, loss(prediction, target); l_i is the loss of observation i alone.

    The model stays as it is, except for what any forward pass changes, such as masks of dropout.
    Raises ValueError for x and y of unequal length, and for NaN and infinity in them.

    One backward pass is enough for all observations, if l_i depends on observation i alone: with a
    Sequential of layers that work row by row (see `Module.row_by_row`) and a loss that is the mean
    over rows. Then ∂l_i/∂s of a layer is row i of ∂(Σ l_i)/∂s. All losses of nn are such means; a
    loss of your own is marked as one by the decorator `mean_over_rows`, from nn.losses. In all
    other cases each l_i is walked back to the prediction by itself, and from there many together.

        >>> model = nn.Linear(1, 1)
        >>> nn.unvec(model, [0.0, 0.0])  # the prediction w x + b is 0
        >>> nn.observation_gradients(model, [[1.0], [3.0]], [[1.0], [1.0]], nn.mse_loss)
        array([[-2., -2.],
               [-6., -2.]])
    """
    of_nn(model, "observation_gradients")
    checked_loss(loss, "observation_gradients")
    x, y = checked_sample(model, x, y, "observation_gradients")
    layers, parameters = layers_in_order(model), ordered_parameters(model)
    if (
        x.ndim == 2
        and getattr(loss, "mean_over_rows", False)
        and all(map(works_row_by_row, layers))
        and _work_in_one_place(parameters, layers)
    ):
        gradients = _by_one_pass(layers, x, y, loss)
    else:
        gradients = _by_many_passes(model, x, y, loss)
    return np.concatenate([gradients[p] for p in parameters], axis=1)  # (n, N)


def _work_in_one_place(parameters, layers):
    """Whether each parameter works in one layer only. A parameter that two layers share, or that is
    inside a tensor computed earlier, works in several places, and its gradient is a sum over them.
    """
    held = [p for layer in layers for p in layer.parameters()]
    parts = [vars(part).values() for layer in layers for part in layer.modules()]
    made = any(isinstance(t, ag.Tensor) and t.function is not None for part in parts for t in part)
    return len(held) == len(set(held)) and set(held) == set(parameters) and not made


def _by_one_pass(layers, x, y, loss):
    """{parameter: (n, its size)}, from one backward pass through all layers."""
    h, n, trained, gradients = x, len(x), [], {}
    with ag.enable_grad():
        for layer in layers:
            h, before, own = layer(h), h, layer.parameters()
            if own and isinstance(h, ag.Tensor) and h.requires_grad:
                trained.append((layer, before, h))
            else:  # the layer has parameters and does not use them
                gradients |= {p: np.zeros((n, p.size), p.dtype) for p in own}
        total = n * loss(h, y)  # Σ l_i
    deltas = ag.gradients(total, [h for _, _, h in trained])  # row i: ∂l_i/∂h
    for (layer, before, h), delta in zip(trained, deltas, strict=True):
        if type(layer) is Linear and np.ndim(before) == 2:
            gradients |= _of_linear(layer, before, delta)
        else:
            gradients |= _of_layer(layer, h, delta)
    return gradients


def _of_linear(layer, x, delta):
    """{parameter: (n, its size)}, by ∂l_i/∂ω = δ_i x_iᵀ and ∂l_i/∂b = δ_i.

    x: (n, in).
    delta: δ, (n, out).
    """
    x = x.data if isinstance(x, ag.Tensor) else x
    products = x[:, :, None] * delta[:, None, :]  # (n, in, out): of each i, ω's columns in a row
    gradients = {layer.weight: products.reshape(len(x), -1)}
    return gradients if layer.bias is None else gradients | {layer.bias: delta}


def _of_layer(layer, h, delta):
    """The same for a layer of any kind, from its result h and delta, both (n, …).

    Give each l_i a factor v_i. Then ∂(Σ v_i l_i)/∂p = Σ v_i ∂l_i/∂p, and the derivative of this by
    v_i is ∂l_i/∂p: one short backward walk for each entry of p.
    """
    v = np.ones((len(delta), *[1] * (delta.ndim - 1)), delta.dtype)
    v = ag.Tensor(v, requires_grad=True)  # (n, 1, …)
    gradients = {}
    with ag.enable_grad():
        parameters = layer.parameters()
        sums = ag.gradients(h, parameters, seed=v * delta, create_graph=True)
        for p, summed in zip(parameters, sums, strict=True):
            entries = np.ravel(summed, order="F")  # (size of p,)
            rows = [ag.gradients(entry, [v])[0].ravel() for entry in entries]
            gradients[p] = np.stack(rows, axis=1)  # (n, size of p)
    return gradients


def _by_many_passes(model, x, y, loss):
    """The same for any model and loss. Each l_i is walked back to the prediction; from there on,
    many observations are walked back together.
    """
    parameters, n = model.parameters(), len(x)
    seeds, direct = [], []  # ∂l_i/∂prediction; ∂l_i/∂ω past it, where a loss uses ω itself
    with ag.enable_grad():
        prediction = model(x)
        for i in range(n):
            own = ag.Tensor(prediction[i : i + 1].data, requires_grad=True)
            seed, *others = ag.gradients(loss(own, y[i : i + 1]), [own, *parameters])
            seeds.append(seed)
            direct.append(others)

    def placed(start, stop):
        """Zeros but for the row i."""
        result = np.zeros((stop - start, *prediction.shape), prediction.dtype)
        for i in range(start, stop):
            result[i - start, i : i + 1] = seeds[i]
        return result

    through = gradients_for_seeds(prediction, parameters, placed, n)
    return {
        p: np.stack([(direct[i][k] + through[k][i]).ravel(order="F") for i in range(n)])
        for k, p in enumerate(parameters)
    }
