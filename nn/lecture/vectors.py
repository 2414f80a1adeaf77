"""W, the vector of all parameters, and its gradient ∇L. Lecture, section 8.

W = (vec(ω₁), …, vec(ω_K), b_11, …): first all weights, where vec stacks the COLUMNS of a matrix,
then all biases, then all other parameters, τ₁, τ₀ and α, layer by layer.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograd_lite import Tensor
from nn.module import Module, of_nn
from nn.types import Array, ArrayLike


def vec(model: Module) -> np.ndarray:
    """W, all parameters of the model as one array of shape (N,), a copy. Lecture, section 8.

    model: any module with parameters.

    Raises ValueError for a model without parameters.

        >>> layer = nn.Linear(2, 2)
        >>> layer.weight.data = np.array([[1.0, 3.0], [2.0, 4.0]])
        >>> layer.bias.data = np.array([5.0, 6.0])
        >>> nn.vec(layer)  # the columns of the weights, then the biases
        array([1., 2., 3., 4., 5., 6.])
    """
    return flatten([p.data for p in ordered_parameters(of_nn(model, "vec"))])


def unvec(model: Module, W: ArrayLike) -> None:
    """Give the model the parameters in W: the inverse of `vec`. Lecture, section 8.

    model: changed in place; it keeps its dtype.
    W: (N,), in the order of `vec`.

    Raises ValueError, and changes nothing, for a W of another length.

        >>> layer = nn.Linear(2, 1)
        >>> nn.unvec(layer, [3.0, -1.0, 0.5])
        >>> layer.weight.data, layer.bias.data
        (array([[ 3., -1.]]), array([0.5]))
    """
    parameters = ordered_parameters(of_nn(model, "unvec"))
    W, N = np.asarray(W), sum(p.size for p in parameters)
    if W.shape != (N,):
        raise ValueError(
            f"unvec needs the {N} parameters of the {type(model).__name__} in a W of shape ({N},), "
            f"got {W.shape}."
        )
    ends = np.cumsum([p.size for p in parameters])
    for p, end in zip(parameters, ends, strict=True):
        # (size,) → the shape of p, column by column
        p.data = W[end - p.size : end].reshape(p.shape, order="F").astype(p.dtype)


def gradient_vector(model: Module) -> np.ndarray:
    """∇L as one array of shape (N,), in the order of `vec`: what `backward()` has left in the
    `.grad` of the parameters. Lecture, section 8.

    model: any module, after `backward()`.

    It is 0 for parameters on which L does not depend. Raises ValueError if no parameter has a
    gradient.

        >>> model = nn.Linear(1, 1)
        >>> nn.unvec(model, [0.0, 0.0])
        >>> nn.mse_loss(model([[3.0]]), [[1.0]]).backward()
        >>> nn.gradient_vector(model)  # 2 (0 − 1) · 3 for the weight, 2 (0 − 1) for the bias
        array([-6., -2.])
    """
    parameters = ordered_parameters(of_nn(model, "gradient_vector"))
    if all(p.grad is None for p in parameters):
        raise ValueError(
            "gradient_vector finds no gradient in the model's parameters. Call loss.backward() "
            "first."
        )
    return flatten([np.zeros(p.shape, p.dtype) if p.grad is None else p.grad for p in parameters])


def weights(model: Module) -> list[Tensor]:
    """The weight matrices ω₁, ω₂, …: all parameters with two axes or more."""
    return [p for p in model.parameters() if p.ndim >= 2]


def ordered_parameters(model: Module) -> list[Tensor]:
    """The parameters in the order of W. A bias is a parameter that has a weight matrix beside it:
    "0.bias" beside "0.weight".
    """
    named = dict(model.named_parameters())
    if not named:
        raise ValueError(
            f"W of the {type(model).__name__} is empty: it has no parameter with "
            "requires_grad=True."
        )
    matrices = {name for name, p in named.items() if p.ndim >= 2}
    biases = {
        name
        for name in named
        if name.endswith("bias") and name.removesuffix("bias") + "weight" in matrices
    }
    rest = named.keys() - matrices - biases
    return [p for group in (matrices, biases, rest) for name, p in named.items() if name in group]


def flatten(arrays: Iterable[Array]) -> np.ndarray:
    """Arrays of any shapes as one vector, each column by column."""
    return np.concatenate([np.ravel(array, order="F") for array in arrays])
