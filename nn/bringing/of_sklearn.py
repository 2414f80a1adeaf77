"""from_sklearn: a fitted model of scikit-learn as a model of nn."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from nn.activations import Identity, ReLU, Sigmoid, Softmax, Tanh
from nn.layers import Linear, Sequential
from nn.module import Module

ACTIVATIONS = {"identity": Identity, "logistic": Sigmoid, "tanh": Tanh, "relu": ReLU}
OUTPUTS = {"identity": [], "logistic": [Sigmoid], "softmax": [Softmax]}


def from_sklearn(estimator: Any) -> Sequential | Any:
    """The same network as a Sequential of nn, with copies of the numbers.

    estimator: a fitted MLPClassifier, MLPRegressor, LogisticRegression or LinearRegression, also
        Ridge, Lasso and ElasticNet; or one of nn.estimators, whose network_ is copied.

    What the network gives is what the estimator predicts, as a column for each output; from a
    classifier, predict_proba, of two classes the column of the second; but from a NetworkClassifier
    logits, with which its network_ ends.

    Raises TypeError for what is none of these, ValueError for one that is not fitted, and for a
    kind of output that nn lacks.

        >>> from sklearn.linear_model import LinearRegression
        >>> line = LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0])
        >>> nn.from_sklearn(line)([[2.0]]).data.round(4)
        array([[5.]])
    """
    if isinstance(getattr(estimator, "network_", None), Module):
        return copy.deepcopy(estimator.network_)
    ancestry = type(estimator).__mro__
    kinds = [base.__name__ for base in ancestry if base.__module__.split(".")[0] == "sklearn"]
    read = next((READERS[kind] for kind in kinds if kind in READERS), None)
    if isinstance(estimator, type) or (read is None and not _is_ours(ancestry)):
        raise TypeError(
            f"from_sklearn needs a fitted {', '.join(READERS)} or one of nn.estimators, got "
            + (f"the class {estimator.__name__}." if isinstance(estimator, type) else "")
            + ("" if isinstance(estimator, type) else f"{_called(estimator)}.")
        )
    if read is None or not (hasattr(estimator, "coefs_") or hasattr(estimator, "coef_")):
        raise ValueError(
            f"from_sklearn needs a fitted model, and this {type(estimator).__name__} is not. Call "
            "its fit(X, y) first."
        )
    return Sequential(*read(estimator))


def _is_ours(ancestry):
    return any(base.__module__.split(".")[:2] == ["nn", "estimators"] for base in ancestry)


def _called(estimator):
    if hasattr(estimator, "steps"):
        return (
            "a Pipeline. Give its last step, pipeline[-1]; the network takes what comes out of the "
            "steps before, pipeline[:-1].transform(x)"
        )
    if hasattr(estimator, "best_estimator_"):
        return f"a {type(estimator).__name__}. Give its .best_estimator_"
    return f"an object of {type(estimator)}"


def _of_mlp(estimator):
    *hidden, last = zip(estimator.coefs_, estimator.intercepts_, strict=True)
    layers: list[Module] = []
    for weight, bias in hidden:
        layers += [_linear(weight.T, bias), ACTIVATIONS[estimator.activation]()]
    return [*layers, _linear(last[0].T, last[1]), *_end(estimator, estimator.out_activation_)]


def _of_logistic(estimator):
    several = len(estimator.classes_) > 2
    way = getattr(estimator, "multi_class", "auto")  # of scikit-learn before 1.8
    one_against_rest = way == "ovr" or estimator.solver == "liblinear"
    if one_against_rest if several else way == "multinomial":
        raise ValueError(
            f"from_sklearn cannot bring a LogisticRegression of {len(estimator.classes_)} classes "
            f"with multi_class={way!r}, solver={estimator.solver!r}: it is no single sigmoid or "
            "softmax. Fit it with the default of both."
        )
    return [*_of_linear(estimator), *_end(estimator, "softmax" if several else "logistic")]


def _of_linear(estimator):
    weight = np.atleast_2d(estimator.coef_)
    bias = np.broadcast_to(estimator.intercept_, len(weight)) if estimator.fit_intercept else None
    return [_linear(weight, bias)]


READERS = {
    "MLPClassifier": _of_mlp,
    "MLPRegressor": _of_mlp,
    "LogisticRegression": _of_logistic,
    "LinearRegression": _of_linear,
    "Ridge": _of_linear,
    "ElasticNet": _of_linear,  # and so Lasso, which derives from it
}


def _linear(weight, bias):
    """A Linear with copies of a weight, (out, in), and a bias, (out,), or None."""
    layer = Linear(*reversed(weight.shape), bias=bias is not None, rng=0, dtype=weight.dtype)
    layer.weight.data = weight
    if bias is not None:
        layer.bias.data = np.asarray(bias, weight.dtype)
    return layer


def _end(estimator, activation):
    if activation not in OUTPUTS:
        raise ValueError(
            f"nn has no output {activation!r}, which this {type(estimator).__name__} has; "
            f"from_sklearn brings {', '.join(OUTPUTS)}."
        )
    return [make() for make in OUTPUTS[activation]]
