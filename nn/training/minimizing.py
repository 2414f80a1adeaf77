"""SciPy's optimizers on the vector W, with the gradient backpropagated. Lecture, section 8."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import autograd_lite as ag
from nn.dropout import Dropout
from nn.inputs import GaussianNoise
from nn.lecture.vectors import flatten, ordered_parameters, unvec, vec
from nn.module import Module, of_nn
from nn.training.penalties import Penalty, penalties
from nn.training.replay import Replay
from nn.training.samples import sample_of
from nn.types import ArrayLike, Loss

SMALL = 1e-5  # a gradient that SciPy's own BFGS calls zero


def minimize(
    model: Module,
    x: ArrayLike,
    y: ArrayLike,
    loss: Loss,
    method: str = "BFGS",
    tolerance: float = 1e-8,
    penalty: Penalty | Sequence[Penalty] | None = None,
    options: dict[str, Any] | None = None,
    sample_weight: ArrayLike | None = None,
) -> Any:
    """Fit the model to all observations at once, by scipy.optimize.minimize with the gradient from
    backpropagation. Lecture, section 8.

    model: it gets the parameters that are found.
    x: (n, m).
    y: a target for each observation.
    loss: a function of prediction and target that gives one number, such as nn.mse_loss.
    method: SciPy's name of the method.
    tolerance: SciPy's `tol`; for BFGS, how small the largest entry of the gradient has to become.
    penalty: a Ridge, or a list of such.
    options: SciPy's `options`.
    sample_weight: w, a number of at least 0 for each observation, as in `fit`: the loss is
        Σ w_i l_i / Σ w_i.

    Returns SciPy's OptimizeResult: .x is W, .fun is L, .gradient_norm (added here) is the largest
    absolute entry of ∇L. If SciPy stopped because the numbers are not precise enough for a lower L,
    and the gradient is below 1e-5, this counts as a success.

    Raises ValueError for Lasso and MaxNorm, because a smooth method cannot find exact zeros and
    bounds; for a model that is random, with dropout or noise in training; and for x, y and weights
    as in `fit`. ImportError without SciPy.

        >>> x, y = np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [2.0], [6.0]])
        >>> line = nn.Linear(1, 1)
        >>> result = nn.minimize(line, x, y, nn.mse_loss)  # least squares
        >>> result.success, result.x.round(4)  # slope, and bias
        (True, array([2.5, 0.5]))
    """
    try:
        from scipy import optimize
    except ImportError:
        raise ImportError(
            'minimize needs SciPy. Type: pip install "autograd-lite[scipy]"'
        ) from None
    of_nn(model, "minimize")
    smooth = penalties(penalty)
    _check(model, smooth, method)
    sample = sample_of(model, x, y, sample_weight, loss, "minimize").scaled()
    parameters = ordered_parameters(model)
    replay = Replay(model, loss, smooth, smooth)

    def value_and_gradient(W):
        unvec(model, W)
        with ag.enable_grad():
            if replay.pull() and replay(sample, None) is not None:
                replay.push()
                return replay.total, flatten(replay.gradients_by(parameters)).astype(float)
            L: Any = sum([term() for term in smooth], sample.loss(model, loss))
        return float(L.data), flatten(ag.gradients(L, parameters)).astype(float)

    result = optimize.minimize(
        value_and_gradient,
        vec(model).astype(float),
        jac=True,
        method=method,
        tol=tolerance,
        options=options,
    )
    unvec(model, result.x)
    result.gradient_norm = float(np.max(np.abs(value_and_gradient(result.x)[1])))
    if not result.success and "precision loss" in result.message and result.gradient_norm < SMALL:
        result.success = True
        result.message = (
            f"Converged: no step lowers the loss within the precision of its numbers, "
            f"and the largest entry of the gradient is {result.gradient_norm:.1e}."
        )
    return result


def _check(model, smooth, method):
    for penalty in smooth:
        if not penalty.smooth:
            raise ValueError(
                f"minimize cannot take {type(penalty).__name__}: {method} needs a smooth loss. Use "
                f"Ridge, or nn.fit, where {type(penalty).__name__} steps after each step of the "
                "optimizer."
            )
    for layer in model.modules():
        if layer.training and isinstance(layer, Dropout | GaussianNoise):
            raise ValueError(
                f"minimize needs a loss that is the same at every call, and {type(layer).__name__} "
                "is random in training. Call model.eval() first, or use nn.fit."
            )
