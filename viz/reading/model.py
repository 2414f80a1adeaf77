"""What a model is: read from nn once, so that whoever draws needs neither."""

import copy
import itertools
from dataclasses import dataclass

import numpy as np

import nn
from nn.dropout import FixedDropout
from nn.layers import layers_in_order
from viz.language.symbols import Notation, normalized, thinned

# What may stand before the first layer, without neurons of its own.
PREPARATIONS = (nn.Standardize, nn.GaussianNoise)


@dataclass(frozen=True)
class Stage:
    """One step of the forward pass: the values of one layer's neurons at that moment.

    layer: 0 for the features. module: what made it. symbols: a formula for each neuron.
    own: each value depends only on the value of the same neuron a step before.
    """

    layer: int
    module: object
    symbols: tuple
    own: bool


class Network:
    """A model read as the lecture does: linear layers, each with what follows it.

    Raises TypeError for a model that is no plain sequence of Linear, activations, Dropout and
    BatchNorm1d.
    """

    def __init__(self, model):
        # A copy: looking at a model must not change its running means, its random numbers, or the
        # masks of its dropout.
        modules = layers_in_order(copy.deepcopy(model))
        first = next((i for i, module in enumerate(modules) if isinstance(module, nn.Linear)), None)
        if first is None:
            raise TypeError(
                f"a network needs at least one nn.Linear, got {type(model).__name__} without any."
            )
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
        return [stage for stage in self.stages if stage.layer == layer][-1].symbols

    def dropped(self, layer):
        """Which neurons of `layer` the last mask of its Dropout switched off, counted from 0."""
        dropout = self.of_layer(layer, nn.Dropout)
        if dropout is None or dropout.mask is None or not drops(dropout):
            return frozenset()
        return frozenset(np.flatnonzero(~np.atleast_2d(dropout.mask).any(axis=0)).tolist())

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
            elif isinstance(module, nn.BatchNorm1d):
                symbols = tuple(map(normalized, symbols))
            elif isinstance(module, nn.Dropout):
                symbols = tuple(map(thinned, symbols))
            else:
                raise TypeError(
                    f"got a {type(module).__name__}: a network is drawn from nn.Linear, "
                    "nn.Dropout, nn.BatchNorm1d and activations (an activation of your own is a "
                    "subclass of nn.Activation)."
                )
            stages.append(Stage(layer, module, symbols, _own(module)))
        return stages


def drops(dropout):
    """Whether neurons are switched off in it: in training, and always in a thinned network."""
    return dropout.training or isinstance(dropout, FixedDropout)


def _own(module):
    """Whether each result depends only on the same neuron's value before."""
    return not any(isinstance(part, (nn.Linear, nn.Softmax)) for part in module.modules())


def _names(kinds):
    return ", ".join(kind.__name__ for kind in kinds)
