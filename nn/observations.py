"""The gradient of each observation's loss, ∂l_i/∂W. Lecture, section 8: ∇L is their mean."""

import copy

import numpy as np

import autograd_lite as ag
from autograd_lite.transforms import gradients_for_seeds
from nn import activations, losses
from nn.batchnorm import BatchNorm1d
from nn.dropout import Dropout, FixedDropout
from nn.inputs import GaussianNoise, Standardize
from nn.layers import Linear, chain
from nn.samples import sample
from nn.vectors import ordered_parameters

LOSSES = (
    losses.mse_loss, losses.l1_loss, losses.binary_cross_entropy,
    losses.binary_cross_entropy_with_logits,
    losses.cross_entropy, losses.nll_loss,
)  # fmt: skip
ROW_BY_ROW = {
    activations.Identity, activations.Sigmoid, activations.Tanh, activations.ReLU,
    activations.LeakyReLU, activations.PReLU,
    activations.ELU, activations.Softplus, activations.NormalCDF, Dropout,
    FixedDropout, GaussianNoise, Standardize,
}  # fmt: skip


def observation_gradients(model, x, y, loss):
    """∂l_i/∂W for every observation i, as an array of shape (n, N) with the columns in the order of
    `vec`.

    x: (n, m). loss: as in training, loss(prediction, target); l_i is its value for observation i
        alone. Nothing in the model
    changes but what a forward pass changes (masks that are drawn).

    If the model is a Sequential of Linear layers and of layers that work row by row, and the loss
    is one of nn's, then one backward pass serves all observations: ∂l_i/∂s of a layer is the row i
    of ∂(Σ l_i)/∂s, and ∂l_i/∂ω is its product with what went in. Any other model is walked back
    for each observation, for many of them at a time.
    """
    x, y = sample(model, x, y, "observation_gradients")
    layers = chain(model)
    if (
        loss in LOSSES
        and x.ndim == 2
        and all(map(_works_row_by_row, layers))
        and not _shared(layers)
    ):
        gradients = _by_one_pass(layers, x, y, loss)
    else:
        gradients = _by_many_passes(model, x, y, loss)
    return np.concatenate([gradients[p] for p in ordered_parameters(model)], axis=1)


def _works_row_by_row(layer):
    """Whether row i of the layer's output depends on row i of its input alone."""
    if type(layer) is BatchNorm1d:
        return not layer.training
    if type(layer) is activations.Mixed:
        return all(map(_works_row_by_row, layer.layers))
    return type(layer) is Linear or type(layer) in ROW_BY_ROW


def _shared(layers):
    """Whether a parameter is used in several places: its gradient would be a sum over them."""
    used = [p for layer in layers for p in layer.parameters()]
    return len(set(used)) < len(used)


def _by_one_pass(layers, x, y, loss):
    """{parameter: (n, its size)}. Layers with other parameters than a Linear's get a copy of these
    for each observation.
    """
    h, n, linear, copied = x, len(x), [], {}
    with ag.enable_grad():
        for layer in layers:
            if type(layer) is Linear:
                h, before = layer(h), h
                if h.requires_grad:  # not so behind the input if weight and bias are frozen
                    linear.append((layer, before, h))
            else:
                twin = layer if not layer.parameters() else _one_for_each(layer, n, copied)
                h = twin(h)
        l = loss(h, y, reduction="none")
        total = np.sum(l) * (n / l.size)  # Σ l_i, where l_i is a mean over the outputs
    found = ag.gradients(total, [s for _, _, s in linear] + list(copied.values()))
    gradients = {}
    for (layer, before, _), delta in zip(linear, found, strict=False):
        inputs = before.data if isinstance(before, ag.Tensor) else before
        # Column by column of ω.
        gradients[layer.weight] = (inputs[:, :, None] * delta[:, None, :]).reshape(n, -1)
        if layer.bias is not None:
            gradients[layer.bias] = delta
    return gradients | dict(zip(copied, found[len(linear) :], strict=True))


def _one_for_each(layer, n, copied):
    """A copy of an elementwise layer in which each parameter is repeated n times, once for each
    observation.
    """
    twin = copy.deepcopy(layer)
    for p, own in zip(layer.parameters(), twin.parameters(), strict=True):
        own.data = np.repeat(p.data.reshape(1, -1), n, axis=0)
        copied[p] = own
    return twin


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
