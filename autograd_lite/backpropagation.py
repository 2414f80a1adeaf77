"""The chain rule, walked backwards over what was recorded.

A recorded tensor y = f(a, b, …) keeps the function f, its arguments, their values, and which of them need a gradient. Its
adjoint is ∂output/∂y. Backpropagation starts with the output, whose adjoint is the seed, and for each recorded tensor

    1. takes its adjoint, which is complete because everything made from the tensor was born later and was met before;
    2. pulls it back through f: the rule for a turns ∂output/∂y into what this path contributes to ∂output/∂a;
    3. adds that to the adjoint of a: where several paths lead to a tensor, their contributions are summed.

Nothing here knows the class Tensor: the walk reads records and runs rules, and rules run on arrays and on Tensors alike.
"""

from heapq import heappop, heappush

import numpy as np

from autograd_lite.derivatives import RULES, differentiable, name_of


# A function with several results, such as np.split, is recorded once, as a list of arrays; each result is an `item` of that list.
# Each item adds its gradient at its own place; a place that nobody used is filled with zeros when the list's turn comes.
@differentiable(lambda g, y, results, index: {index: g})
def item(results, index):
    """One of several results."""
    return results[index]


def adjoints(output, seed, paths=None, create_graph=False, free=False):
    """Yield (tensor, ∂output/∂tensor) for every tensor that needs a gradient and leads to `output`: newest first, leaves last.

    A tensor is always made after its arguments, so newest first is an order in which every adjoint is complete when its turn
    comes. A heap keeps that order, and nothing is recursive: a chain of a million operations is no problem.

    paths: where to walk (see `paths_between`); by default everywhere.
    create_graph: run the rules on Tensors, so that the adjoints are recorded and can be differentiated again.
    free: forget each record as soon as it was pulled back; a second walk then raises RuntimeError.
    """
    pending = {output: seed}
    heap = [(-output._born, output)] if output.function else []
    while heap:
        _, tensor = heappop(heap)
        adjoint = pending.pop(tensor)
        if type(adjoint) is dict:
            adjoint = [_conform(adjoint.get(i, 0.0), part, item) for i, part in enumerate(tensor._array)]
        yield tensor, adjoint
        for position, gradient in pull_back(tensor, adjoint, paths, create_graph):
            parent = tensor.arguments[position]
            if parent in pending:
                pending[parent] = _add(pending[parent], gradient)
            else:
                pending[parent] = gradient
                if parent.function:
                    heappush(heap, (-parent._born, parent))
        if free:
            tensor._forget()
    yield from pending.items()  # only results went onto the heap: what is left are the leaves


def pull_back(tensor, adjoint, paths=None, create_graph=False):
    """[(position, gradient)] for the arguments of y = f(a, b, …): the adjoint times ∂y/∂a, ∂y/∂b, … by the table's rules."""
    positions = tensor._wanted if paths is None else paths.get(tensor)
    if paths is not None and not positions:  # an input: the walk goes no further
        return []
    _check(tensor)
    y, arguments = tensor._array, tensor._values
    if create_graph:  # the rules get Tensors (and for a list of numbers, still the array)
        arguments = [v if isinstance(a, list | tuple) else a for a, v in zip(tensor.arguments, tensor._values, strict=True)]
        y = [item(tensor, i) for i in range(len(y))] if isinstance(y, list) else tensor
    rules, options, gradients = RULES[tensor.function], tensor.options, []
    at_once = callable(rules)
    gradients_of_all = rules(adjoint, y, *arguments, **options) if at_once else ()
    for position in positions:
        if at_once:
            gradient = gradients_of_all[position]
        elif rules[position] is None:  # no derivative by this argument
            continue
        else:
            gradient = rules[position](adjoint, y, *arguments, **options)
        value = tensor.arguments[position]._array
        if type(gradient) is not np.float64 or type(value) is not np.float64:  # two numbers always conform
            gradient = _conform(gradient, value, tensor.function)
        gradients.append((position, gradient))
    return gradients


def paths_between(inputs, output):
    """{tensor: the positions of those arguments that come from an input}, for all tensors between `inputs` and `output`.

    First search back from the output, then keep what an input led to.
    """
    # What was born before every input cannot have been made from one, so the search need not go there. (A leaf's birth is
    # its last assignment, which tells nothing.)
    oldest = min(tensor._born if tensor.function else 0 for tensor in inputs)
    found, stack = {output}, [output]
    while stack:
        tensor = stack.pop()
        if tensor._born == oldest:  # the oldest input itself
            continue
        _check(tensor)
        for position in tensor._wanted:
            parent = tensor.arguments[position]
            if parent not in found and parent._born >= oldest:
                found.add(parent)
                stack.append(parent)
    paths = dict.fromkeys(inputs, ())
    for tensor in sorted(found, key=lambda tensor: tensor._born):
        positions = [position for position in tensor._wanted or () if tensor.arguments[position] in paths]
        if positions:
            paths[tensor] = positions
    return paths


def _check(tensor):
    """Raise RuntimeError if the record was freed, or is no longer true."""
    if tensor._wanted is None:
        raise RuntimeError(
            f"The record of {tensor._describe()} was freed by an earlier backward(retain_graph=False). "
            f"Call the first backward with retain_graph=True, or compute the result anew."
        )
    born = tensor._born
    for argument in tensor.arguments:
        if getattr(argument, "_born", 0) > born:
            raise RuntimeError(
                f"{argument._describe()} was assigned new data after {tensor._describe()} had been computed from it, so the "
                f"record no longer matches. Compute the result anew after the assignment, then call backward()."
            )


def _conform(gradient, value, function):
    """Bring a gradient to the shape and dtype of the value it belongs to, undoing broadcasting and promotion.

    An argument that was broadcast took part many times: its gradient is the sum over those times. A rule may also return
    less than the full shape (a sum passes the same gradient to every entry): it is broadcast.
    """
    if type(value) is list:  # of several results
        return {i: _conform(part, value[i], function) for i, part in gradient.items()}
    if gradient is None:
        raise TypeError(f"The rule of {name_of(function)} returned None; it must return the gradient. Is its `return` missing?")
    if not hasattr(gradient, "shape"):
        gradient = np.asarray(gradient)
    if gradient.shape != value.shape:
        gradient = _to_shape(gradient, value.shape, function)
    if gradient.dtype is not value.dtype:
        real = gradient.dtype.kind == "c" and value.dtype.kind == "f"  # a real array, multiplied by a complex one
        gradient = (np.real(gradient) if real else gradient).astype(value.dtype)
    return gradient


def _to_shape(gradient, shape, function):
    """Axes that were put in front, or stretched from length 1, are summed; what is still too small is broadcast."""
    if isinstance(gradient, np.generic):  # with strides of 0 all entries are this one number: quicker than np.broadcast_to
        return np.ndarray(shape, gradient.dtype, gradient, 0, (0,) * len(shape))
    extra = gradient.ndim - len(shape)
    if extra > 0 and gradient.shape[extra:] == shape:  # the commonest case: a bias, added to every observation
        return gradient.sum(axis=tuple(range(extra)))
    broadcast = [i for i, n in enumerate(gradient.shape) if i < extra or (n != 1 and shape[i - extra] == 1)]
    result = gradient.sum(axis=tuple(broadcast), keepdims=True) if broadcast else gradient
    result = result.reshape(result.shape[extra:]) if extra > 0 else result
    if result.shape == shape:
        return result
    try:
        return np.broadcast_to(result, shape)
    except ValueError:
        raise ValueError(
            f"The derivative of {name_of(function)} returned a gradient of shape {gradient.shape} for an argument of shape "
            f"{shape}, and the one cannot be summed or broadcast to the other. Mend its rule."
        ) from None


def _add(a, b):
    if type(a) is not dict:
        return a + b
    a.update((i, a[i] + part if i in a else part) for i, part in b.items())
    return a
