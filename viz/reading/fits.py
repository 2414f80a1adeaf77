"""A model beside the data that it was fitted to: what `viz.fitted` draws."""

import copy
import math
from dataclasses import dataclass
from functools import cached_property
from numbers import Real

import numpy as np

import autograd_lite as ag
import nn
from nn.layers import layers_in_order
from nn.tables import finite, numbers
from viz.reading.checks import called_otherwise, check_module

PROBABILITIES = (nn.Sigmoid, nn.NormalCDF)
WHO = "viz.fitted"


@dataclass(frozen=True)
class Fit:
    """Observations x (n, features), y (n, …), and the model that predicts them, in prediction
    whatever its mode.
    """

    model: nn.Module
    x: np.ndarray
    y: np.ndarray

    @property
    def features(self):
        return self.x.shape[1]

    @cached_property
    def outputs(self):
        """How many numbers the model gives for an observation."""
        return self.predict(self.x[:1]).shape[1]

    def predict(self, x):
        """The model's outputs (n, outputs) for observations x (n, features).

        Raises ValueError where one of them is no finite number.
        """
        with ag.no_grad():
            given = self.model(x.copy())  # a forward of one's own may change what it is given
        output = numbers(given, WHO, "the model's output").astype(float)
        if output.ndim not in (1, 2) or len(output) != len(x):
            raise ValueError(
                f"{WHO}: the model made {x.shape} to {output.shape}; a row for each observation "
                "is needed."
            )
        if not np.isfinite(output).all():
            at = x[np.argwhere(~np.isfinite(output))[0][0]]
            raise ValueError(
                f"{WHO}: the model gives nan or infinity at x = {at.tolist()}: there is nothing to "
                "draw."
            )
        return output.reshape(len(x), -1)

    def check_rows(self, x):
        """Raise ValueError unless the model gives an observation of x the same alone and among the
        others: else what is drawn would be no function of x.
        """
        among = self.predict(x)
        close = 1e-5 * np.abs(among).max()
        for row in (0, len(x) // 2, len(x) - 1):
            if np.abs(self.predict(x[row : row + 1]) - among[row]).max() > close:
                raise ValueError(
                    f"{WHO}: the model gives x = {x[row].tolist()} another value alone than among "
                    "other observations: it is random, or takes others into account, and has no "
                    "one value to draw."
                )


def read_fit(model, x, y):
    """The Fit of a model to observations x (n,), (n, 1) or (n, 2).

    Raises TypeError for what is no model of nn, ValueError for other shapes, for what is no finite
    number, and for a model whose prediction is no function of x.
    """
    check_module(model)
    array = numbers(x, WHO)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] not in (1, 2) or not len(array):
        raise ValueError(
            f"{WHO}: x has the shape {np.shape(array)}; a curve is drawn of one feature, (n,) or "
            "(n, 1), a decision boundary of two, (n, 2)."
        )
    target = numbers(y, WHO, "y")
    if target.ndim not in (1, 2) or len(target) != len(array):
        raise ValueError(
            f"{WHO}: y has the shape {target.shape}, and x {len(array)} observations: give a y for "
            "each."
        )
    finite(array, x, WHO, "x")
    finite(target, y, WHO, "y")
    # A copy: looking at a model must change neither its mode nor its numbers.
    fit = Fit(copy.deepcopy(model).eval(), array.astype(float), target.astype(float))
    fit.check_rows(fit.x[:100])
    return fit


def column(fit):
    """The y (n,) of a model with one output."""
    if fit.outputs != 1 or fit.y.size != len(fit.y):
        raise ValueError(
            f"{WHO}: a curve is drawn of one output and one y for each observation; the model has "
            f"{fit.outputs}, and y the shape {fit.y.shape}."
        )
    return fit.y.reshape(-1)


def classes_of(fit):
    """The class (n,) of each observation, counted from 0, and what the classes are called in y.

    Raises ValueError for a y that is no classes.
    """
    several, labels = fit.outputs > 1, np.unique(fit.y)
    if several and fit.y.shape == (len(fit.x), fit.outputs):
        if set(labels) <= {0, 1} and (fit.y.sum(axis=1) == 1).all():
            return fit.y.argmax(axis=1), tuple(range(fit.outputs))
    elif fit.y.size == len(fit.y):
        y = fit.y.reshape(-1)
        known = tuple(range(fit.outputs)) if several else (0, 1)
        if set(labels) <= set(known):
            return y.astype(int), known
        if not several and set(labels) == {-1, 1}:
            return (y > 0).astype(int), (-1, 1)
    wanted = f"whole numbers from 0 to {fit.outputs - 1}" if several else "0 and 1 (or −1 and 1)"
    raise ValueError(
        f"{WHO}: of two features a decision boundary is drawn, and its y are classes, {wanted}; "
        f"got {len(labels)} different numbers from {labels[0]:.4g} to {labels[-1]:.4g}, of the "
        f"shape {fit.y.shape}."
    )


@dataclass(frozen=True)
class Decision:
    """Which class a model predicts at the places of a grid xs × ys.

    labels: what the classes are called in y. classes: (n,), the class of each observation, counted
        from 0.
    surfaces: for each class but the first, numbers (ys, xs) that are above `level` where it is
        predicted: the output itself, or by how much it is above all others.
    probability: whether the one surface is certain to be one.
    """

    xs: np.ndarray
    ys: np.ndarray
    labels: tuple
    classes: np.ndarray
    surfaces: list
    level: float
    probability: bool

    @property
    def undecided(self):
        """Whether every place is on the boundary."""
        return all((surface == self.level).all() for surface in self.surfaces)

    @property
    def alone(self):
        """The label that is predicted everywhere, or None."""
        above = [surface > self.level for surface in self.surfaces]
        for label, places in zip(self.labels[1:], above, strict=True):
            if places.all():
                return label
        return None if self.undecided or np.any(above) else self.labels[0]


def decide(fit, xs, ys, boundary=None):
    """The Decision of a Fit of two features.

    boundary: the output above which the second of two classes is predicted, or None: what the last
        layer and the labels leave no doubt about.

    Raises ValueError where they do, and for a y that is no classes.
    """
    classes, labels = classes_of(fit)
    places = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    fit.check_rows(places)
    output = fit.predict(places).reshape(len(ys), len(xs), -1)
    if fit.outputs == 1:
        surfaces, level = [output[..., 0]], level_of(fit, labels, boundary)
    elif boundary is None:
        surfaces, level = [_lead(output, k) for k in range(1, fit.outputs)], 0.0
    else:
        raise ValueError(
            f"boundary: the model has {fit.outputs} outputs, of which the largest is predicted."
        )
    probability = fit.outputs == 1 and is_probability(fit.model)
    return Decision(xs, ys, labels, classes, surfaces, level, probability)


def _lead(output, k):
    """By how much output k is above all others."""
    return output[..., k] - np.delete(output, k, axis=-1).max(axis=-1)


def level_of(fit, labels, boundary=None):
    """The output of a Fit above which the second of two classes is predicted, as `decide` takes
    it.
    """
    probability = is_probability(fit.model)
    if boundary is not None:
        if not isinstance(boundary, Real) or not math.isfinite(boundary):
            raise ValueError(f"boundary: got {boundary!r}; give a number, such as 0.5 or 0.")
        return float(boundary)
    if probability and labels == (0, 1):
        return 0.5
    if not probability and labels == (-1, 1):
        return 0.0
    raise ValueError(
        f"{WHO}: the model does not end with a Sigmoid or a NormalCDF, so its output may be a "
        "probability or a logit: give boundary=0.5 for a probability, boundary=0 for a logit."
        if labels == (0, 1)
        else f"{WHO}: y is −1 and 1, but the model's output a probability: give 0 and 1, or the "
        "output above which 1 is predicted, such as boundary=0.5."
    )


def is_probability(model):
    """Whether the outputs are certain to be probabilities, each of its own."""
    layers = [one for one in layers_in_order(model) if not isinstance(one, nn.Identity)]
    known = bool(layers) and called_otherwise(model) is None
    return known and type(layers[-1]) in PROBABILITIES
