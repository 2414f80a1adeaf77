"""W, the vector of all parameters, and its gradient ∇L. Lecture, section 8.

W = (vec(ω₁), …, vec(ω_K), b_11, …): first all weights, where vec stacks the COLUMNS of a matrix,
then all biases, and after them what the layers have besides: τ₁, τ₀, α, layer by layer.
"""

import numpy as np


def vec(model):
    """W, all parameters of the model as one array of shape (N,), a copy."""
    return flatten([p.data for p in ordered_parameters(model)])


def unvec(model, W):
    """Give the model the parameters in W, (N,), in place; the model keeps its dtype. The inverse of
    `vec`.

    Raises ValueError for a W of another length, and changes nothing.
    """
    parameters = ordered_parameters(model)
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


def gradient_vector(model):
    """∇L, what `backward()` left in the `.grad` of all parameters, as one array of shape (N,) in
    the order of `vec`.

    Zeros for parameters that L does not depend on. Raises ValueError where no parameter has a
    gradient.
    """
    parameters = ordered_parameters(model)
    if all(p.grad is None for p in parameters):
        raise ValueError(
            "gradient_vector finds no gradient in the model's parameters. Call loss.backward() "
            "first."
        )
    return flatten([np.zeros(p.shape, p.dtype) if p.grad is None else p.grad for p in parameters])


def weights(model):
    """The weight matrices ω₁, ω₂, …: all parameters with two axes or more."""
    return [p for p in model.parameters() if p.ndim >= 2]


def ordered_parameters(model):
    """The parameters in the order of W. A bias is what stands beside a weight matrix, under the
    same name.
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


def flatten(arrays):
    """Arrays of any shapes as one vector, columns first."""
    return np.concatenate([np.ravel(array, order="F") for array in arrays])
