"""More names for the numbers of a traced network: of every stage, of the derivatives between
stages, and of sums that are not complete yet.

They are named once somebody tells of them; nothing is computed here that is not the engine's, but
the sum of the terms of a chain rule, one after the other.
"""

import functools

import numpy as np

import autograd_lite as ag
import nn


class NetworkNumbers:
    """Names of the numbers of a Network's Traced. A stage and a neuron here count from 0, as in
    Run.
    """

    def __init__(self, read, traced):
        self.program, self.gradients = traced.program, traced.gradients
        self.observed, self.updated = traced.observed, {"": traced.updated}
        self.network, self.stage_of = read, traced.observed.stage_of
        self._named = set()

    def value(self, stage, j):
        """The value of a neuron at a stage."""
        return self._name("stage", self.observed.tensors[stage].data[0], stage, j)

    def adjoint(self, stage, j):
        """∂l/∂ that value."""
        return self._name("adjoint", self.gradients[self.observed.tensors[stage]][0], stage, j)

    def new(self, stage, j, of=""):
        """The value after the update; of: "batch/" for the one by a batch of observations."""
        return self._name(f"{of}after", self.updated[of].tensors[stage].data[0], stage, j)

    def so_far(self, stage, j, i):
        """∂l/∂ the neuron i before, with the terms by the neurons 0 … j of a linear stage."""
        return self._name("so-far", self._sums(stage), stage, j, i)

    # The derivatives that a chain rule multiplies.

    def local(self, upper, lower):
        """∂upper/∂lower, of two nodes (stage, neuron), one a stage after the other."""
        (stage, k), (_, j) = upper, lower
        if stage == len(self.network.stages):
            return self.adjoint(stage - 1, j)
        made = self.network.stages[stage]
        if isinstance(made.module, nn.Linear):
            return f"weight-{made.layer}-{k + 1}-{j + 1}"
        if made.own:
            return self._name("local", self._diagonal(stage), stage, j)
        return self._name("local", self._row(stage, k, stage - 1), stage, k, j)

    def product(self, upper, lower):
        """∂upper/∂lower of two nodes that are further apart."""
        (stage, k), (before, j) = upper, lower
        if stage == len(self.network.stages):
            return self.adjoint(before, j)
        return self._name("by", self._row(stage, k, before), stage, k, before, j)

    def passes(self, node):
        """A neuron that is switched off may be switched on again."""
        return True

    def _name(self, kind, array, *places):
        """The name of an entry; the last of `places` is its index, those of sums and the like the
        last two.
        """
        name = "-".join([kind, *map(str, places)])
        if name not in self._named:
            self._named.add(name)
            self.program.name(name, array[places[-array.ndim :]])
        return name

    @functools.cache  # noqa: B019 (it lives as long as its lesson is made)
    def _diagonal(self, stage):
        after, before = self.observed.tensors[stage], self.observed.tensors[stage - 1]
        return ag.gradients(after, [before], seed=np.ones(after.shape))[0][0]

    @functools.cache  # noqa: B019
    def _row(self, stage, k, before):
        after, before = self.observed.tensors[stage], self.observed.tensors[before]
        seed = np.zeros(after.shape)
        seed[0, k] = 1
        return ag.gradients(after, [before], seed=seed)[0][0]

    @functools.cache  # noqa: B019
    def _sums(self, stage):
        weight = self.observed.network.stages[stage].module.weight.data
        adjoint = self.gradients[self.observed.tensors[stage]][0]
        return np.cumsum(np.reshape(adjoint, (-1, 1)) * weight, axis=0)
