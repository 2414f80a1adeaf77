"""A record as a Program: what was recorded once more, on Symbols in the place of the numbers."""

import numpy as np

import autograd_lite as ag
from autograd_lite.recomputing import again
from autograd_lite.tracing import Program, Untraceable
from viz.reading.record import Node


def replayed(nodes, names):
    """(Program, Nodes): the nodes that `collect` found, computed anew from Symbols for the leaves
    and the arrays of numbers among them.

    names: {id(thing): the name under which it is given}. What else was recorded beside the
    Tensors, such as a mask, is a constant. Raises Untraceable where that cannot be.
    """
    program, made, found = Program(), {}, []
    for node in nodes:
        if isinstance(node.data, list):
            raise Untraceable("A function with several results was recorded.")
        if node.sources:
            made[node.identifier] = again(
                node.function, [made[source] for source in node.sources], node.options
            )
        elif id(node.thing) in names and node.data.dtype.kind == "f":
            needs = node.is_tensor and node.thing.requires_grad
            made[node.identifier] = tensor = ag.Tensor(0.0, requires_grad=needs)
            tensor.data = program.symbol(names[id(node.thing)], node.data)
        else:
            made[node.identifier] = node.thing
        found.append(Node(made[node.identifier], node.identifier, node.sources))
    return program, found


def has_masks(nodes):
    """Whether an array of truth values was recorded: it was computed from something, perhaps."""
    return any(not node.is_tensor and np.asarray(node.data).dtype.kind == "b" for node in nodes)
