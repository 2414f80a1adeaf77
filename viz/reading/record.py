"""What the engine recorded, as nodes to draw: tensors and constants, oldest first, with their
gradients and their local derivatives. Nothing else in viz reads a Tensor's record.

The walk is iterative, so that a long chain is no trouble.
"""

import reprlib
from collections.abc import Mapping

import numpy as np

import autograd_lite as ag
from autograd_lite.backpropagation import adjoints
from autograd_lite.recomputing import again


class Node:
    """A Tensor or a constant, with the identifiers of the nodes it was computed from.

    data: its array, of several results a list.
    function, options: what made it, or None.
    values: what it was computed from: arrays, and constants as they were written.
    wanted: at which of its `sources` it sends a gradient.
    """

    def __init__(self, thing, identifier, sources=()):
        self.thing, self.identifier, self.sources = thing, identifier, sources
        self.is_tensor = isinstance(thing, ag.Tensor)
        self.data = thing.data if self.is_tensor else np.asarray(thing)
        self.function = thing.function if self.is_tensor else None
        self.options = thing.options if self.is_tensor else None
        record = thing.record if sources else None
        self.values, self.wanted = (record.values, record.wanted) if record else ((), ())

    def kind(self, output):
        """What it is in the computation of `output`: "input", "constant", "operation", "output" or
        "parameter".
        """
        if not self.is_tensor:
            return "input" if isinstance(self.thing, np.ndarray) else "constant"
        if self.function is not None:
            return "output" if self.thing is output else "operation"
        return "parameter" if self.thing.requires_grad else "input"

    @property
    def is_number(self):
        """Whether it is one real number, so that the chain rule is a product of numbers; not
        complex, nor a list of results.
        """
        several = isinstance(self.data, list)
        return not several and np.size(self.data) == 1 and not np.iscomplexobj(self.data)

    def pulled_back(self, adjoint):
        """{position: gradient}: what it sends back to its sources, when `adjoint` came in: one step
        of the walk for each.
        """
        sent = {}
        for position in self.wanted:
            _, *found = adjoints(self.thing, adjoint, paths={self.thing: [position]})
            for _, gradient in found:
                sent[position] = gradient
        return sent

    def local_derivatives(self):
        """{position: ∂result/∂argument} of a node that is a single number, for the arguments that
        need a gradient.
        """
        return self.pulled_back(np.ones_like(self.data))


def collect(tensor, max_nodes):
    """The Nodes behind `tensor`, oldest first. Constants are drawn once for each use, arrays and
    tensors once.

    Raises TypeError for anything but a Tensor, ValueError for one without a record or with too
    large a one, RuntimeError for one that was freed.
    """
    if not isinstance(tensor, ag.Tensor):
        raise TypeError(
            f"viz.graph draws a recorded Tensor, got {type(tensor).__name__}. Is it a result of "
            "Tensors?"
        )
    if tensor.function is None:
        raise ValueError(
            "viz.graph needs a result, got a Tensor that was not recorded: nothing it was made "
            "from has requires_grad=True, or it was computed under no_grad()."
        )
    results = ag.ancestors(tensor)
    arguments = [argument for made in results for argument in made.record.arguments]
    things = [*results, *arguments]
    shared = {id(thing): thing for thing in things if isinstance(thing, ag.Tensor | np.ndarray)}
    constants = [thing for thing in arguments if id(thing) not in shared]
    if len(shared) + len(constants) > max_nodes:
        raise ValueError(
            f"The graph has more than {max_nodes} nodes, which nobody can read. Draw one "
            "observation, a smaller network, or whole arrays instead of single numbers; or "
            "pass a larger max_nodes and be patient."
        )
    return _numbered([thing for thing in shared.values() if isinstance(thing, ag.Tensor)])


def _numbered(tensors):
    """Nodes with identifiers n0, n1, …, in order of age, each constant just before its use."""
    nodes, identifiers = [], {}

    def add(thing, sources=()):
        nodes.append(Node(thing, f"n{len(nodes)}", sources))
        return nodes[-1].identifier

    for tensor in sorted(tensors, key=lambda tensor: tensor.born):
        sources = []
        for argument in tensor.arguments:
            if not isinstance(argument, ag.Tensor | np.ndarray):
                sources.append(add(argument))
                continue
            if id(argument) not in identifiers:
                identifiers[id(argument)] = add(argument)
            sources.append(identifiers[id(argument)])
        identifiers[id(tensor)] = add(tensor, sources)
    return nodes


def leaves_beside(result, tensor):
    """The leaves that need a gradient from `result` by ways that do not lead through `tensor`."""
    found, queue = {result: None}, [result]
    for made in queue:
        if made is tensor or made.function is None:
            continue
        record = made.record
        new = dict.fromkeys(record.arguments[position] for position in record.wanted)
        queue += [argument for argument in new if argument not in found]
        found |= new
    return [leaf for leaf in found if leaf.function is None]


def adjoints_of(tensor):
    """{Tensor: its gradient} of everything behind `tensor`, a single number, that needs one; newest
    first.
    """
    return dict(adjoints(tensor, np.ones_like(tensor.data)))


def gradients_so_far(tensor, nodes):
    """{Tensor: its gradient}, once backward() was called; before that, nothing."""
    leaves = [node.thing for node in nodes if node.is_tensor and node.function is None]
    found = {leaf: leaf.grad for leaf in leaves if leaf.grad is not None}
    if found and tensor.size == 1:
        computed = {t: g for t, g in adjoints_of(tensor).items() if t.function is not None}
        return {**computed, **found}
    return found


def computed_again(nodes, new):
    """{identifier: value} of all nodes, when those in `new` have the values given there: the
    recorded functions once more.
    """
    values = {node.identifier: node.data for node in nodes} | new
    constants = {node.identifier: node.thing for node in nodes if not node.is_tensor}
    for node in nodes:
        if node.sources:
            arguments = [constants.get(source, values[source]) for source in node.sources]
            values[node.identifier] = again(node.function, arguments, node.options)
    return values


def names_by_id(names):
    """id -> name, for the Tensors and arrays among `names`, the first of each. A tensor's own name
    goes before a variable's, and a path such as 0.weight before both. IPython's own variables (_,
    _1, …) are passed over.
    """
    names = {} if names is None else names
    if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names):
        raise TypeError(
            f'names maps each name, a str, to its Tensor: {{"w": w}}, or vars(); got '
            f"{reprlib.repr(names)}."
        )
    return {
        id(v): k if "." in k else getattr(v, "name", None) or k
        for k, v in reversed(list(names.items()))
        if isinstance(v, ag.Tensor | np.ndarray) and not k.startswith("_")
    }
