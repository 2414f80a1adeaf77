"""The parameters of an estimator: what each may be. They are checked when `fit` is called, as in
scikit-learn, so that a search may set them in any order.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np

import nn

ACTIVATIONS = {"identity": nn.Identity, "logistic": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
STEPPING = {"adam": nn.Adam, "sgd": nn.SGD, "adamw": nn.AdamW, "rmsprop": nn.RMSprop}
AT_ONCE = {"bfgs": "L-BFGS-B", "lbfgs": "L-BFGS-B"}  # SciPy's name; scikit-learn's is lbfgs
PENALTIES = {"l2": (nn.Ridge, 0.5), "l1": (nn.Lasso, 1.0)}  # α/2 Σ w² and α Σ |w|, divided by n


def sizes(value: Any) -> list[Any]:
    """`hidden_layer_sizes` as a list."""
    return list(value) if np.iterable(value) else [value]


def layers(value: Any) -> Any:
    """`activation` as nn.MLP takes it."""
    if isinstance(value, list | tuple):
        return list(map(layers, value))
    return ACTIVATIONS[value] if isinstance(value, str) else value


def _number(value):
    """Whether this is a real number. (For Python True is one, too.)"""
    return isinstance(value, Real) and not isinstance(value, bool)


def _count(value):
    return isinstance(value, Integral) and _number(value) and value >= 1


def _flag(value):
    return isinstance(value, bool | np.bool_)


def _word(value, words):
    return isinstance(value, str) and value in words


def _makes_layers(value):
    if isinstance(value, list | tuple):
        return all(map(_makes_layers, value))
    return callable(value) or _word(value, ACTIVATIONS)


def _listed(words):
    return ", ".join(map(repr, words))


# Of each parameter whether a value will do, and which ones do. (random_state is checked by
# scikit-learn; loss and class_weight by the estimator that has them.)
CONDITIONS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "hidden_layer_sizes": (
        lambda v: not isinstance(v, str) and all(map(_count, sizes(v))),
        "a whole number above 0, or a tuple of such numbers",
    ),
    "activation": (_makes_layers, f"{_listed(ACTIVATIONS)}, a layer such as nn.ELU, or a list"),
    "solver": (
        lambda v: _word(v, STEPPING | AT_ONCE),
        f"one of {_listed(STEPPING | AT_ONCE)}",
    ),
    "alpha": (lambda v: _number(v) and v >= 0, "a number of at least 0"),
    "batch_size": (lambda v: _word(v, ["auto"]) or _count(v), "'auto', or a whole number above 0"),
    "learning_rate_init": (lambda v: _number(v) and v > 0, "a number above 0"),
    "max_iter": (_count, "a whole number above 0"),
    "tol": (lambda v: _number(v) and v >= 0, "a number of at least 0"),
    "verbose": (lambda v: _flag(v) or isinstance(v, Integral), "True or False"),
    "warm_start": (_flag, "True or False"),
    "momentum": (lambda v: _number(v) and 0 <= v <= 1, "a number from 0 to 1"),
    "nesterovs_momentum": (_flag, "True or False"),
    "early_stopping": (_flag, "True or False"),
    "validation_fraction": (lambda v: _number(v) and 0 < v < 1, "a number between 0 and 1"),
    "n_iter_no_change": (
        lambda v: _count(v) or (_number(v) and v == math.inf),
        "a whole number above 0, or infinity",
    ),
    "dropout": (
        lambda v: v is None or (_number(v) and 0 <= v < 1),
        "the share of neurons to drop, a number from 0 to less than 1, or None",
    ),
    "batchnorm": (_flag, "True or False"),
    "penalty": (
        lambda v: v is None or callable(v) or _word(v, PENALTIES),
        "'l2', 'l1', None, or a function of the model that makes penalties of nn",
    ),
    "max_norm": (lambda v: v is None or (_number(v) and v > 0), "a number above 0, or None"),
    "network": (
        lambda v: v is None or (callable(v) and not isinstance(v, nn.Module)),
        "a function of n_features, n_outputs and rng that builds a model, or None",
    ),
}


def check(estimator: Any) -> None:
    """Raise ValueError for the first parameter with a value that will not do, and for one that
    would be ignored beside network=.
    """
    who = type(estimator).__name__
    for name, (will_do, needed) in CONDITIONS.items():
        value = getattr(estimator, name)
        if not will_do(value):
            raise ValueError(f"{who} needs {name} to be {needed}; got {value!r}.")
    if estimator.network is not None:
        usual = architecture(type(estimator))
        for name, value in architecture(estimator).items():
            if name != "network" and value != usual[name]:
                raise ValueError(
                    f"{who} got network=, which builds the whole model, and {name}={value!r}, "
                    "which would be ignored. Give one of the two."
                )


def architecture(estimator: Any) -> dict[str, Any]:
    """The parameters that a network is built by. Of the class, their defaults."""
    names = ("network", "activation", "dropout", "batchnorm")
    found = {name: getattr(estimator, name) for name in names}
    return found | {"hidden_layer_sizes": sizes(estimator.hidden_layer_sizes)}


def check_unchanged(estimator: Any, built: dict[str, Any]) -> None:
    """Raise ValueError if a network that is trained further would have to be built anew.

    built: the architecture that it has.
    """
    for name, value in architecture(estimator).items():
        if value != built[name]:
            raise ValueError(
                f"{type(estimator).__name__} cannot go on with a network that was built with "
                f"{name}={built[name]!r}, now that it is {value!r}. Set warm_start=False, or fit a "
                "clone."
            )
