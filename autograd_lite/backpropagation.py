"""The chain rule, walked backwards over what was recorded.

A recorded tensor y = f(a, b, …) keeps the function f, its arguments, their values, and which of them need a gradient. Its
adjoint is ḡ = ∂output/∂y. Backpropagation starts with the output, whose adjoint is the seed, and for each recorded tensor

    1. takes its adjoint, which is complete because everything made from the tensor is younger and was met before;
    2. pulls it back through f: the table's rule for a turns ∂output/∂y into ∂output/∂a along this way;
    3. adds the result to the adjoint of a: where several ways lead to a tensor, their contributions are summed.

Nothing here knows the class Tensor: the walk reads a record and runs rules, and rules run on arrays and on Tensors alike.
"""

from operator import attrgetter

import numpy as np

from autograd_lite.derivatives import RULES, differentiable, name_of


def adjoints(output, seed, inputs=(), create_graph=False, free=False):
    """Yield (tensor, ∂output/∂tensor) for every tensor that needs a gradient and leads to `output`, newest first.

    inputs: where given, only the ways to these tensors are walked, and no further.
    create_graph: run the rules on Tensors, so that the adjoints are recorded and can be differentiated again.
    free: forget each record as soon as it was pulled back; a second walk then raises RuntimeError.
    """
    order = _oldest_first(output, inputs)
    useful = _leading_to(inputs, order)
    pending = {output: seed}
    while order:
        tensor = order.pop()
        if tensor not in pending:
            continue
        adjoint = pending.pop(tensor)
        yield tensor, adjoint
        if tensor.function is None:
            continue
        positions = [i for i in tensor._wanted if not inputs or tensor.arguments[i] in useful]
        for position, gradient in pull_back(tensor, adjoint, positions, create_graph):
            parent = tensor.arguments[position]
            pending[parent] = _add(pending[parent], gradient) if parent in pending else gradient
        if free:
            tensor._forget()


def _oldest_first(output, inputs):
    """`output` and all that it was made from. A tensor is always made after its inputs, so order of age is the order of use.

    A stack, not recursion: a chain of a million operations is an ordinary guest. Recorded tensors older than every input
    cannot have been made from one, so they are left out.
    """
    oldest = min((0 if tensor.function is None else tensor._age for tensor in inputs), default=0)
    found, stack = {output}, [output]
    while stack:
        tensor = stack.pop()
        if tensor._wanted is None:
            raise RuntimeError(
                f"The record of {tensor._describe()} was freed by an earlier backward(retain_graph=False). "
                f"Call the first backward with retain_graph=True, or compute the result anew."
            )
        for argument in tensor.arguments:
            if getattr(argument, "_age", 0) > tensor._age:
                raise RuntimeError(
                    f"{argument._describe()} was assigned new data after {tensor._describe()} had been computed from it, so "
                    f"the record no longer matches. Compute the result anew after the assignment, then call backward()."
                )
        for position in tensor._wanted:
            parent = tensor.arguments[position]
            if parent not in found and parent._age >= oldest:
                found.add(parent)
                stack.append(parent)
    return sorted(found, key=attrgetter("_age"))


def _leading_to(inputs, order):
    """Those tensors of `order` that are an input or were made from one."""
    useful = set(inputs)
    for tensor in order:
        if any(tensor.arguments[position] in useful for position in tensor._wanted):
            useful.add(tensor)
    return useful


def pull_back(tensor, adjoint, positions, create_graph=False):
    """Yield (position, gradient) for these arguments of y = f(a, b, …): the adjoint times ∂y/∂a, ∂y/∂b, … from the table."""
    if not positions:
        return
    y = tensor if create_graph else tensor._data
    if create_graph and isinstance(tensor._data, list):  # several results, each a Tensor of its own
        y = [item(tensor, i) for i in range(len(tensor._data))]
    arguments = tensor.arguments if create_graph else tensor._values
    rules = RULES[tensor.function]
    if callable(rules):
        gradients = rules(adjoint, y, *arguments, **tensor.options)
    for position in positions:
        rule = rules if callable(rules) else rules[position]
        gradient = gradients[position] if rule is rules else rule(adjoint, y, *arguments, **tensor.options)
        yield position, _conform(gradient, tensor.arguments[position]._data, tensor.function)


def _conform(gradient, value, function):
    """Bring a gradient to the shape and dtype of the value it belongs to, undoing broadcasting and promotion.

    An argument that was broadcast took part many times: its gradient is the sum over those times. A rule may also return
    less than the full shape (a sum passes the same gradient to every entry): it is broadcast.
    """
    if isinstance(value, list):  # of several results
        return [_conform(gradient.get(i, 0.0), part, function) for i, part in enumerate(value)]
    if not hasattr(gradient, "shape"):
        gradient = np.asarray(gradient)
    if gradient.shape != value.shape:
        gradient = _to_shape(gradient, value.shape, function)
    if gradient.dtype != value.dtype:
        gradient = gradient.astype(value.dtype)
    return gradient


def _to_shape(gradient, shape, function):
    extra = gradient.ndim - len(shape)
    broadcast = [i for i, n in enumerate(gradient.shape) if i < extra or (n != 1 and shape[i - extra] == 1)]
    result = gradient.sum(axis=tuple(broadcast), keepdims=True) if broadcast else gradient
    if extra > 0:
        result = result.reshape(result.shape[extra:])
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
    return [_add(*pair) for pair in zip(a, b, strict=True)] if isinstance(a, list) else a + b


@differentiable(lambda g, y, results, index: {index: g})
def item(results, index):
    """One of several results. np.split and its like are recorded once, as a list, and each item is taken from that.

    An item that nobody used contributes zeros.
    """
    return results[index]
