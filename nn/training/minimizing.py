"""SciPy's optimizers on the vector W, with the gradient backpropagated. Lecture, section 8."""

import numpy as np

import autograd_lite as ag
from nn.checks import checked_sample
from nn.dropout import Dropout
from nn.inputs import GaussianNoise
from nn.lecture.vectors import flatten, ordered_parameters, unvec, vec
from nn.training.penalties import penalties

SMALL = 1e-5  # a gradient that SciPy's own BFGS calls zero


def minimize(model, x, y, loss, method="BFGS", tolerance=1e-8, penalty=None, options=None):
    """Fit the model to all observations at once by scipy.optimize.minimize; the model then has the
    parameters that were found.

    loss: loss(prediction, target), one number, as in training. penalty: a Ridge, or a list of such.
    tolerance, options: SciPy's `tol` (for BFGS the largest entry of the gradient) and `options`.

    Returns SciPy's OptimizeResult, in which x is W, fun is L, and gradient_norm the largest
    absolute entry of ∇L. If the gradient is below 1e-5 and SciPy stopped only because L cannot be
    computed any more precisely, it has converged: success says so. Raises ValueError for Lasso and
    MaxNorm, whose exact zeros and bounds a smooth method cannot find, and for a model in training
    whose loss is random, and for x and y as in `fit`; ImportError without SciPy.
    """
    try:
        from scipy import optimize
    except ImportError:
        raise ImportError(
            'minimize needs SciPy. Type: pip install "autograd-lite[scipy]"'
        ) from None
    smooth = penalties(penalty)
    _check(model, smooth, method)
    x, y = checked_sample(model, x, y, "minimize")
    parameters = ordered_parameters(model)

    def value_and_gradient(W):
        unvec(model, W)
        with ag.enable_grad():
            L = sum([term() for term in smooth], loss(model(x), y))
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
