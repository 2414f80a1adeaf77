"""The chain rule, walked backwards over what was recorded.

A recorded tensor y = f(a, b, …) keeps the function f, its arguments, their values, and which of
them need a gradient. Its adjoint is ∂output/∂y. Backpropagation starts with the output, whose
adjoint is the seed, and for each recorded tensor

    1. takes its adjoint, which is complete because everything made from the tensor was born later
       and was met before;
    2. pulls it back through f: the rule for a turns ∂output/∂y into what this path contributes to
       ∂output/∂a;
    3. adds that to the adjoint of a: where several paths lead to a tensor, their contributions are
       summed.

Nothing here imports Tensor: the walk reads the fields in which a tensor keeps its record, and runs
rules, and rules run on arrays and on Tensors alike.
"""

import math
from operator import attrgetter
from types import SimpleNamespace

import numpy as np
from numpy import float64, ndarray

from autograd_lite.broadcasting import conform
from autograd_lite.derivatives import RULES, differentiable
from autograd_lite.recording import contexts, recording

# When a leaf was last given new data: what was recorded later holds its new data, so only older
# records need to be checked.
assigned = SimpleNamespace(last=0)


class Lacking(tuple):
    """An empty tuple of positions, where there is no record. There are two, told apart by `is`:
    they say why there is none.
    """


NOT_RECORDED = Lacking()  # made under no_grad
FREED = Lacking()
FREED.why = (
    "The record of {} was freed by an earlier backward(retain_graph=False). Call the first "
    "backward with retain_graph=True, or compute the result anew."
)


# A function with several results, such as np.split, is recorded once, as a list of arrays; each
# result is an `item` of that list. Each item adds its gradient at its own place; a place that
# nobody used is filled with zeros when the list's turn comes.
@differentiable(lambda g, y, results, index: {index: g})
def item(results, index):
    """One of several results."""
    return results[index]


def adjoints(output, seed, of=None, paths=None, create_graph=False, free=False, table=RULES):
    """Yield (tensor, ∂output/∂tensor) for every tensor that needs a gradient and leads to `output`:
    newest first, leaves last.

    A tensor is always made after its arguments, so newest first is an order in which every adjoint
    is complete when its turn comes. Nothing is recursive: a chain of a million operations is no
    problem.

    output: a Tensor that was recorded.
    seed: its adjoint, of its shape: an array; or, with create_graph, a Tensor.
    of: yield only these results, those with retain_grad, and the leaves; by default all. (So () is
        the leaves, as `backward()` wants it.)
    paths: where to walk (see `paths_between`); by default everywhere.
    create_graph: run the rules on Tensors, so that the adjoints are recorded and can be
        differentiated again.
    free: forget each record as soon as it was pulled back; a second walk then raises RuntimeError.
    table: where each function's rules are found.
    """
    # Oldest first: the newest is popped.
    order = results_before(output) if paths is None else list(paths)
    pending = {output: seed}  # the adjoints, as far as they are summed up
    watch = recording.watches[-1] if contexts and recording.watches else None
    last = math.inf if watch else assigned.last  # who watches is told of each record
    while order:
        # 1. The adjoint.
        tensor = order.pop()
        if (adjoint := pending.pop(tensor, None)) is None:  # no rule on the way led to it
            continue
        if type(adjoint) is dict:
            adjoint = _of_all_results(tensor, adjoint)
        if of is None or tensor in of or tensor._retains:
            yield tensor, adjoint

        # 2. Back through f, argument by argument.
        positions = tensor._wanted if paths is None else paths[tensor]
        if not positions and positions is not FREED:  # an input: the walk goes no further
            continue
        if tensor._wanted is FREED or tensor._born < last:
            _check(tensor)
            if watch:
                watch.reached(tensor)
        values, options, rules = tensor._values, tensor.options, table[tensor.function]
        operands = _tensors(adjoint, tensor) if create_graph else (adjoint, tensor._array, *values)
        at_once = rules(*operands, **options) if callable(rules) else None
        for position in positions:
            if at_once is not None:
                gradient = at_once[position]
            elif rule := rules[position]:
                gradient = rule(*operands, **options) if options else rule(*operands)
            else:  # no derivative by this argument
                continue
            a, kind = values[position], type(gradient)
            if not (number := kind is type(a) is float64):
                # What `conform` asks first, too; asked here, it is not called for most.
                fits = kind is type(a) and gradient.shape == a.shape and gradient.dtype is a.dtype
                gradient = gradient if fits else conform(gradient, a, tensor.function)

            # 3. Added to what came on other paths.
            argument = tensor.arguments[position]
            if argument in pending:
                pending[argument] = _add(pending[argument], gradient)
            elif number or argument.function or create_graph:
                pending[argument] = gradient
            else:
                pending[argument] = _own(gradient, operands, at_once)
            if watch:
                watch.pulled_back(tensor, adjoint, position, gradient, pending[argument])
        if free:
            tensor.arguments = tensor._values = tensor._wanted = FREED
    yield from pending.items()  # results were taken out: what is left are the leaves


def results_before(output, oldest=0):
    """All results that lead to `output`, itself among them, but for those born before `oldest`:
    oldest first.
    """
    queue = [output] if output.function else []
    found = {output}
    for tensor in queue:
        if tensor._born == oldest:  # the oldest input itself
            continue
        arguments = tensor.arguments
        for position in tensor._wanted:
            argument = arguments[position]
            if argument.function and argument not in found and argument._born >= oldest:
                found.add(argument)
                queue.append(argument)
    queue.sort(key=attrgetter("_born"))
    return queue


def paths_between(inputs, output):
    """{tensor: the positions of those arguments that come from an input}, for all between `inputs`
    and `output`.

    First search back from the output, then keep what an input led to: oldest first, after the
    inputs.
    """
    # What was born before every input cannot have been made from one, so the search need not go
    # there. (A leaf's birth is its last assignment, which tells nothing.)
    oldest = min(tensor._born if tensor.function else 0 for tensor in inputs)
    paths = dict.fromkeys(inputs, ())
    for tensor in results_before(output, oldest):
        if tensor._born > oldest:
            _check(tensor)
        positions = [i for i in tensor._wanted if tensor.arguments[i] in paths]
        if positions:
            # An input that was made from another takes its place in the order.
            paths.pop(tensor, None)
            paths[tensor] = positions
    return paths


def _check(tensor):
    """Raise RuntimeError if the record was freed, or is no longer true."""
    if tensor._wanted is FREED:
        raise RuntimeError(FREED.why.format(tensor._describe()))
    for argument in tensor.arguments:
        if getattr(argument, "_born", 0) > tensor._born:
            raise RuntimeError(
                f"{argument._describe()} was assigned new data after {tensor._describe()} had been "
                "computed from it, so the record no longer matches. Compute the result anew after "
                "the assignment, then call backward()."
            )


def _tensors(adjoint, tensor):
    """(g, y, a, b, …) as the rules get them where the adjoints are recorded; what is no tensor
    stays plain.
    """
    arguments = [
        a if hasattr(a, "_born") else v
        for a, v in zip(tensor.arguments, tensor._values, strict=True)
    ]
    several = isinstance(tensor._array, list)
    y = [item(tensor, i) for i in range(len(tensor._array))] if several else tensor
    return adjoint, y, *arguments


def _of_all_results(tensor, parts):
    """The adjoint of several results from {index: what came}, with zeros where nothing did."""
    results = enumerate(tensor._array)
    return [conform(parts.get(i, y.dtype.type()), y, item) for i, y in results]


def _own(gradient, operands, at_once):
    """A leaf's gradient becomes its .grad, which may be changed in place: a copy, unless the rule
    made it for this one.
    """
    for operand in operands:
        if operand is gradient:
            return np.copy(gradient)
    new = at_once is None and type(gradient) is ndarray and gradient.base is None
    return gradient if new else np.copy(gradient)


def _add(a, b):
    if type(a) is not dict:
        return a + b
    a.update((i, a[i] + part if i in a else part) for i, part in b.items())
    return a
