"""Standard errors of a regression that was estimated as a network without hidden layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import autograd_lite as ag
from autograd_lite.transforms import gradients_for_seeds
from nn.checks import checked_sample
from nn.econometrics.likelihood import (
    BINARY,
    CLASSES,
    SEPARATED,
    check_loss,
    check_mean,
    check_no_hidden_layer,
    entries,
)
from nn.lecture.observations import observation_gradients
from nn.lecture.vectors import flatten, ordered_parameters, vec
from nn.losses import checked_loss, mse_loss
from nn.module import Module, evaluating, of_nn
from nn.types import ArrayLike, Loss

KINDS = ("hessian", "opg", "sandwich")
SINGULAR = 1e-13  # the smallest eigenvalue of a Hessian whose diagonal was scaled to 1
AT_MINIMUM = 1e-3  # how far from the minimum an estimate may be, in its standard errors


def standard_errors(
    model: Module, x: ArrayLike, y: ArrayLike, loss: Loss, kind: str = "hessian"
) -> np.ndarray:
    """The standard error of each parameter, an array of shape (N,) in the order of `vec`: the roots
    of the diagonal of the estimated covariance matrix. Lecture, section 9B; Greene 2018, 14.4.

    model: without hidden layers, estimated on this sample: by nn.minimize, without a penalty.
    x: the sample that it was estimated on, (n, m).
    y: its targets.
    loss: the loss that was minimized. binary_cross_entropy, with or without logits, cross_entropy
        and nll_loss are minus the mean log-likelihood. With mse_loss the errors are normal with the
        variance σ² = Σ (y_i − ŷ_i)² / (n − N). A loss of your own is taken as the mean of
        minus log-likelihoods.
    kind: "hessian": the covariance matrix is H⁻¹, where H is the Hessian of Σ l_i. "opg":
        (Σ g_i g_iᵀ)⁻¹, the outer product of the gradients g_i. "sandwich": H⁻¹ (Σ g_i g_iᵀ) H⁻¹,
        which holds also if the likelihood is not the true one; White's HC0 with mse_loss.

    With a softmax of k classes, all k may get the same vector added without any change: so the
    standard errors are those of the differences to the first class, and its own are NaN.

    Raises ValueError for hidden layers, in which no weight is identified; for parameters that are
    not at the minimum of the loss, as with a penalty or where training ended too early; for
    collinear features and classes that are separated without an error; for l1_loss, several outputs
    with mse_loss, and "opg" with mse_loss.

        >>> x, y = [[0.0], [1.0], [2.0], [3.0]], [[0.0], [2.0], [1.0], [3.0]]
        >>> line = nn.Linear(1, 1)
        >>> result = nn.minimize(line, x, y, nn.mse_loss)
        >>> nn.standard_errors(line, x, y, nn.mse_loss).round(4)  # of the slope, and the bias
        array([0.4243, 0.7937])
    """
    return estimate(model, x, y, loss, kind, "standard_errors").errors


@dataclass(frozen=True)
class Estimate:
    """What was estimated, in the order of `vec`. Where nothing was, it is NaN."""

    coefficients: np.ndarray
    errors: np.ndarray
    n: int
    sigma: float | None  # σ of mse_loss
    log_likelihood: float | None  # of all other losses


def estimate(
    model: Module, x: ArrayLike, y: ArrayLike, loss: Loss, kind: str, who: str
) -> Estimate:
    """Coefficients with their standard errors. Raises as `standard_errors` does.

    who: the name of the function, for its errors.
    """
    of_nn(model, who)
    checked_loss(loss, who)
    if kind not in KINDS or (kind == "opg" and loss is mse_loss):
        raise ValueError(
            f"{who}: kind is one of {KINDS}, with mse_loss the first or the last; got {kind!r}."
        )
    x, y = checked_sample(model, x, y, who)
    parameters = ordered_parameters(model)
    with evaluating(model), ag.enable_grad():
        prediction = model(x)
        check_loss(loss, prediction, who)
        check_no_hidden_layer(model, prediction, who)
        check_mean(loss, prediction.detach(), y, who)
        L = loss(prediction, y)
        slope = flatten(ag.gradients(L, parameters, create_graph=True))
        H = _hessian(slope, parameters)
        scores = None if kind == "hessian" else observation_gradients(model, x, y, loss)
    scale, sigma = _scale(loss, L.item(), prediction, len(H), who)
    free = _free(H, prediction.shape, parameters, loss)
    covariance = _inverse(scale * H[np.ix_(free, free)], free, who)
    step = covariance @ (scale * slope.data[free])  # of Newton's method
    _check_minimum(step, np.sqrt(np.diag(covariance)), vec(model)[free], loss, who)
    if scores is not None:
        g = scores[:, free].astype(float) * (scale / len(x))
        outer = g.T @ g
        if kind == "opg":
            covariance = _inverse(outer, free, who)
        else:
            covariance = covariance @ outer @ covariance
    errors = np.full(len(H), np.nan)
    errors[free] = np.sqrt(np.diag(covariance))
    coefficients = _coefficients(model, free, prediction.shape[-1])
    likelihood = None if sigma is not None else -scale * L.item()
    return Estimate(coefficients, errors, len(x), sigma, likelihood)


def _hessian(slope, parameters):
    """∂²L/∂W∂Wᵀ, (N, N), from the recorded gradient."""
    N = len(slope)
    rows = gradients_for_seeds(slope, parameters, lambda i, j: np.eye(N, dtype=slope.dtype)[i:j], N)
    H = np.stack([flatten([of_p[i] for of_p in rows]) for i in range(N)]).astype(float)
    return (H + H.T) / 2


def _scale(loss, L, prediction, N, who):
    """(scale, σ): scale · L is minus the log-likelihood of all, but for a constant. σ is None for
    other losses than mse_loss.
    """
    n = len(prediction)
    if loss is mse_loss:
        if n <= N:
            raise ValueError(
                f"{who} needs more observations than parameters, to estimate the variance of the "
                f"errors; got {n} and {N}."
            )
        sigma = float(np.sqrt(n * L / (n - N)))
        return n / (2 * sigma**2), sigma  # Σ (y − ŷ)² / (2 σ²)
    if loss in (*BINARY, *CLASSES) and L < SEPARATED:
        raise ValueError(
            f"{who}: the features separate the classes without an error (the loss is {L:.1e}), so "
            "the loss falls for ever as weights grow: there is no estimate."
        )
    return float(entries(loss, prediction)), None


def _free(H, shape, parameters, loss):
    """Which entries of W are identified: with a softmax over k outputs, all but those of the first
    class. W lists the k classes side by side, feature by feature.
    """
    k = shape[-1]
    if loss in CLASSES and all(p.ndim and len(p) == k for p in parameters):
        together = H.reshape(len(H), -1, k).sum(axis=2)  # along the same step in all classes
        if np.abs(together).max() <= 1e-8 * np.abs(H).max():
            return np.arange(len(H)) % k > 0
    return np.ones(len(H), bool)


def _coefficients(model, free, k):
    """W; where a first class is left out, its differences to that class."""
    W = vec(model).astype(float)
    if not free.all():
        W = (W.reshape(-1, k) - W.reshape(-1, k)[:, :1]).ravel()
    return np.where(free, W, np.nan)


def _inverse(information, free, who):
    """The inverse of a positive definite matrix; ValueError, with the parameter, if it is none."""
    diagonal = np.sqrt(np.maximum(np.diag(information), 0))
    scaled = information / np.outer(*[np.where(diagonal > 0, diagonal, 1)] * 2)
    values, vectors = np.linalg.eigh(scaled)
    if values[0] < SINGULAR:
        entry = np.flatnonzero(free)[np.argmax(np.abs(vectors[:, 0]))]
        raise ValueError(
            f"{who}: these parameters are not identified, entry {entry} of vec(model) among them: "
            "they can move without a change of the loss, or it falls where they are not at a "
            "minimum. Features that are collinear, constant beside a bias, or that separate the "
            "classes do that; so does an estimation that has not converged."
        )
    root = vectors / np.sqrt(values) / np.where(diagonal > 0, diagonal, 1)[:, None]
    return root @ root.T


def _check_minimum(step, errors, W, loss, who):
    """Raise ValueError unless a step of Newton's method would change next to nothing."""
    away = np.max(np.abs(step) / errors)
    if away > AT_MINIMUM:
        raise ValueError(
            f"{who}: the model is not at the minimum of this loss on this sample: a parameter is "
            f"{away:.2g} of its standard errors away from it. With a penalty the estimates are "
            "biased, and no standard errors are identified; without one, estimate the model by "
            "nn.minimize first. Scaled features (nn.Standardize) help it to converge."
        )
    # Where weights can grow for ever, each step is about as long as the one before.
    if loss in (*BINARY, *CLASSES) and np.abs(step).max() > 0.01 * max(np.abs(W).max(), 0.01):
        raise ValueError(
            f"{who}: the loss still falls as weights grow (the largest is {np.abs(W).max():.3g}): "
            "some observations are classified without an error by the features, and there is no "
            "estimate."
        )
