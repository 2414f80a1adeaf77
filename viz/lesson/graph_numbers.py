"""The numbers of a recorded computation of one number: of each node, forward, backward, and after
one step of gradient descent; and names for those that somebody tells of.
"""

import itertools

import numpy as np

import nn
from viz.canvas.outlines import shown
from viz.language.functions import value_text
from viz.language.templates import number
from viz.reading.record import adjoints_of, computed_again

LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
FEW = 6  # entries of an array that are written out


def names_of(loss, nodes, given):
    """{id of a Tensor or array: a name}: the one given, its own, or else v₁, v₂, …; the loss
    without a name is l.
    """
    names, numbers = {}, itertools.count(1)
    for node in nodes:
        if node.is_tensor or isinstance(node.thing, np.ndarray):
            own = given.get(id(node.thing)) or (node.is_tensor and node.thing.name)
            names[id(node.thing)] = (
                shown(own, 20)
                if own
                else "l"
                if node.thing is loss
                else f"v{next(numbers)}".translate(LOWERED)
            )
    return names


class GraphNumbers:
    """The numbers of nodes whose data are Symbols of `program`; or arrays, with a Still."""

    def __init__(self, nodes, lr, program):
        self.program, self.nodes = program, nodes
        self.lr = program.symbol("lr", lr)
        self.adjoints = adjoints_of(nodes[-1].thing)
        self.by_id = {node.identifier: node for node in nodes}
        self.parameters = [
            node
            for node in nodes
            if node.is_tensor and node.function is None and node.thing in self.adjoints
        ]
        self.new = {node.identifier: self._descended(node) for node in self.parameters}
        self.again = computed_again(nodes, self.new)
        self._named = set()

    def _descended(self, node):
        """The data after one step of gradient descent, by nn.SGD."""
        optimizer = nn.SGD([node.thing], lr=0)
        optimizer.lr = self.lr
        return node.data - optimizer.change(node.data, self.adjoints[node.thing], {})

    def told(self, name, array, texts):
        """A template for an array under this name: its number, a few numbers, or else its shape."""
        if isinstance(array, list | tuple):
            return None
        if np.iscomplexobj(array) or np.ndim(array) > 1 or np.size(array) > FEW:
            return texts(text_of(array))
        if np.size(array) == 1:
            self._name(name, np.reshape(array, ()))
            return number(name)
        if not np.size(array):
            return texts("[]")
        for i in range(np.size(array)):
            self._name(f"{name}-{i}", array[i])
        return "[" + ", ".join(number(f"{name}-{i}") for i in range(np.size(array))) + "]"

    def _name(self, name, value):
        if name not in self._named:
            self._named.add(name)
            self.program.name(name, value)


def text_of(array):
    """An array as text: complex numbers, or a shape."""
    if np.iscomplexobj(array) and np.size(array) == 1:
        return f"({value_text(array)})"
    return " × ".join(str(n) for n in np.shape(array)) or value_text(array)
