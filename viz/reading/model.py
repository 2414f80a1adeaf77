"""What a model is, read from nn once for whoever draws."""

import copy
import itertools
from dataclasses import dataclass

import numpy as np

import nn
from nn.dropout import FixedDropout
from nn.layers import layers_in_order
from viz.language.symbols import Notation, normalized, thinned
from viz.reading.checks import check_model

# What may stand before the first layer, without neurons of its own.
PREPARATIONS = (nn.Standardize, nn.GaussianNoise)
MARKED = (nn.BatchNorm1d, nn.Dropout)  # what leaves a mark on the symbols that pass it


@dataclass(frozen=True)
class Stage:
    """One step of the forward pass: the values of one layer's neurons at that moment.

    layer: 0 for the features.
    module: what made it.
    symbols: a formula for each neuron.
    own: each value depends only on the value of the same neuron a step before.
    """

    layer: int
    module: object
    symbols: tuple
    own: bool


class Network:
    """A model read as the lecture does: linear layers, each with what follows it.

    given: the parameters of the model itself; all else is of a copy. In training a Dropout keeps
        the mask of the model's last forward pass, so that what is drawn belongs to the gradients
        that the model has; before the first, it draws one.

    Raises TypeError for a model that is no plain sequence of Linear, activations, Dropout and
    BatchNorm1d, ValueError for one in which weights, or the masks of a Dropout, have two places.
    """

    def __init__(self, model):
        check_model(model)
        self.given = model.parameters()
        # A copy: looking at a model must not change its running means, its random numbers, or the
        # masks of its dropout.
        modules = [_as_it_ran(module) for module in layers_in_order(copy.deepcopy(model))]
        first = next((i for i, module in enumerate(modules) if isinstance(module, nn.Linear)), None)
        self.before, modules = modules[:first], modules[first:]
        for module in self.before:
            if not isinstance(module, (*PREPARATIONS, nn.Dropout)):
                raise TypeError(
                    f"before the first Linear came {type(module).__name__}: only "
                    f"{_names(PREPARATIONS)} may."
                )
        self.linears = [module for module in modules if isinstance(module, nn.Linear)]
        self.sizes = (
            self.linears[0].weight.shape[1],
            *(linear.weight.shape[0] for linear in self.linears),
        )
        self.notation = Notation(self.sizes)
        self.stages = self._stages(modules)

    @property
    def layers(self):
        return len(self.linears)

    def of_layer(self, layer, kinds):
        """The module of `layer` that is one of `kinds`, or None."""
        return next(
            (s.module for s in self.stages if s.layer == layer and isinstance(s.module, kinds)),
            None,
        )

    def outputs_of(self, layer):
        """The formulas of what a layer hands on to the next: h, or h* after batch normalization,
        and so on.
        """
        return self._of(layer)[-1].symbols

    def entering(self, layer, j):
        """The formula of what enters neuron j's activation: s, or s* after batch normalization, and
        so on. j: a number, or a letter for any.
        """
        symbol = self.notation.combination(layer, j)
        stages = itertools.takewhile(
            lambda stage: not isinstance(stage.module, nn.Activation), self._of(layer)[1:]
        )
        for stage in stages:
            symbol = _marked(stage.module, symbol)
        return symbol

    def dropped(self, layer):
        """Which neurons of `layer` a Dropout at its end switched off, so that they hand on 0;
        counted from 0.
        """
        after = itertools.takewhile(
            lambda stage: isinstance(stage.module, nn.Dropout), reversed(self._of(layer))
        )
        return frozenset().union(*map(_switched_off, after))

    def cut(self, layer):
        """Which neurons of `layer` no gradient passes: those that are dropped, and those with a
        Dropout that switched off their s before the activation, which goes on with 0.
        """
        return frozenset().union(*map(_switched_off, self._of(layer)))

    def mixes(self, layer):
        """Whether a neuron's value in `layer` depends on other neurons' combinations: a softmax."""
        return not all(stage.own for stage in self._of(layer)[1:])

    def _of(self, layer):
        return [stage for stage in self.stages if stage.layer == layer]

    def _stages(self, modules):
        layer, symbols = 0, tuple(self.notation.feature(i + 1) for i in range(self.sizes[0]))
        stages = [Stage(0, None, symbols, False)]
        for place, module in enumerate(modules):
            if isinstance(module, nn.Dropout) and module.inverted and not drops(module):
                continue  # it does nothing
            if isinstance(module, nn.Linear):
                layer += 1
                following = itertools.takewhile(
                    lambda m: not isinstance(m, nn.Linear), modules[place + 1 :]
                )
                activated = any(isinstance(m, nn.Activation) for m in following)
                # Without an activation the combination itself is the neuron's value, and has its
                # name: o, or h.
                name = self.notation.combination if activated else self.notation.neuron
                symbols = tuple(name(layer, j + 1) for j in range(self.sizes[layer]))
            elif isinstance(module, nn.Activation):
                if any(s.layer == layer and isinstance(s.module, nn.Activation) for s in stages):
                    raise TypeError(
                        f"layer {layer} has two activations, the second a {type(module).__name__}: "
                        "one is drawn."
                    )
                symbols = tuple(
                    self.notation.neuron(layer, j + 1) for j in range(self.sizes[layer])
                )
            elif isinstance(module, MARKED):
                symbols = tuple(_marked(module, symbol) for symbol in symbols)
            else:
                raise TypeError(
                    f"got a {type(module).__name__}: a network is drawn from nn.Linear, "
                    "nn.Dropout, nn.BatchNorm1d and activations (an activation of your own is a "
                    "subclass of nn.Activation)."
                )
            stages.append(Stage(layer, module, symbols, _own(module)))
        return stages


def _marked(module, symbol):
    """The symbol after batch normalization or dropout."""
    return normalized(symbol) if isinstance(module, nn.BatchNorm1d) else thinned(symbol)


def _as_it_ran(module):
    """The module; for a Dropout in training one that keeps its last mask."""
    again = isinstance(module, nn.Dropout) and module.training and module.mask is not None
    return FixedDropout(module, module.mask) if again else module


def _switched_off(stage):
    """The neurons that a stage's Dropout has switched off, counted from 0; of no Dropout, none."""
    dropout = stage.module
    if not isinstance(dropout, nn.Dropout) or dropout.mask is None or not drops(dropout):
        return frozenset()
    return frozenset(np.flatnonzero(~np.atleast_2d(dropout.mask).any(axis=0)).tolist())


def drops(dropout):
    """Whether neurons are switched off in it: in training, and always in a thinned network."""
    return dropout.training or isinstance(dropout, FixedDropout)


def _own(module):
    """Whether each result depends only on the same neuron's value before."""
    return not any(isinstance(part, (nn.Linear, nn.Softmax)) for part in module.modules())


def _names(kinds):
    return ", ".join(kind.__name__ for kind in kinds)
