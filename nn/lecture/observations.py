"""The gradient of each observation's loss, ∂l_i/∂W. Lecture, section 8: ∇L is their mean."""

import numpy as np

import autograd_lite as ag
from nn.checks import checked_sample
from nn.layers import Linear, layers_in_order
from nn.lecture.vectors import ordered_parameters
from nn.module import works_row_by_row


def observation_gradients(model, x, y, loss):
    """∂l_i/∂W for every observation i, as an array of shape (n, N) with the columns in the order of
    `vec`.

    x: (n, m). loss: as in training, loss(prediction, target); l_i is its value for observation i
    alone. Nothing in the model changes but what a forward pass changes (masks that are drawn).

    One backward pass serves all observations where no observation meets another: in a Sequential of
    layers that work row by row (`Module.row_by_row` says so), with a loss that is the mean over
    rows (nn's are; one of your own says `my_loss.mean_over_rows = True`). For ∂l_i/∂s of a layer is
    then the row i of ∂(Σ l_i)/∂s. Anything else takes a backward pass for each observation.
    """
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
    """Whether each parameter is held by one layer, and none in a tensor that was made from it
    before: the gradient of the others is a sum over places.
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
            else:  # what a layer has and does not use
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
    """∂l_i/∂ω = δ_i x_iᵀ and ∂l_i/∂b = δ_i. x: (n, in), delta: (n, out)."""
    x = x.data if isinstance(x, ag.Tensor) else x
    products = x[:, :, None] * delta[:, None, :]  # (n, in, out): of each i, ω's columns in a row
    gradients = {layer.weight: products.reshape(len(x), -1)}
    return gradients if layer.bias is None else gradients | {layer.bias: delta}


def _of_layer(layer, h, delta):
    """The same for a layer of any kind, from its result h and delta, both (n, …).

    With a factor v_i before each l_i, ∂(Σ v_i l_i)/∂p = Σ v_i ∂l_i/∂p, whose derivative by v_i is
    what is asked for: a short walk for each entry of p.
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
    """The same for any model and loss: a backward pass for each observation."""
    parameters = model.parameters()
    prediction = model(x)  # (n, …)
    rows = [
        ag.gradients(loss(prediction[i : i + 1], y[i : i + 1]), parameters) for i in range(len(x))
    ]
    return {  # (n, size of p): row i is of observation i, column by column of p
        p: np.stack([row[k].ravel(order="F") for row in rows]) for k, p in enumerate(parameters)
    }
