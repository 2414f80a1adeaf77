"""detect_anomaly: which operation made the first NaN or infinity, and in which line of the program.

Without it the engine pays nothing: within it, the function that records a result is replaced by one
that looks at every number, and the walk by one that is watched.
"""

import linecache
import pathlib
import threading
import traceback
from contextlib import contextmanager

import numpy as np

from autograd_lite import tensor, transforms
from autograd_lite.backpropagation import adjoints, item
from autograd_lite.derivatives import name_of

# .on: whether this thread is within the context, and not within a rule
_watching = threading.local()
_lines = {}  # the age of a result -> the line of the program in which it was made
_swap = threading.Lock()
_contexts = 0

OURS = [str(pathlib.Path(package.__file__).parent) for package in (tensor, np)]
OURS.append(str(pathlib.Path(tensor.__file__).parent.parent / "nn"))


@contextmanager
def detect_anomaly():
    """Raise at the first operation that makes a NaN or an infinity, forward or backward, and name
    its line in the program.

        with ag.detect_anomaly():
            loss = f(x)
            loss.backward()

    An infinity that was given (a mask of −∞) is no anomaly, nor is what comes of it, until it is
    NaN. Each operation takes
    longer: for looking for mistakes. Raises FloatingPointError. (PyTorch's
        torch.autograd.detect_anomaly.)
    """
    before = getattr(_watching, "on", False)
    _enter()
    _watching.on = True
    try:
        yield
    finally:
        _watching.on = before
        _leave()


def _enter():
    global _contexts
    with _swap:
        _contexts += 1
        tensor._record, tensor.adjoints, transforms.adjoints = (
            _watched_record,
            _watched_adjoints,
            _watched_adjoints,
        )


def _leave():
    global _contexts
    with _swap:
        _contexts -= 1
        if not _contexts:
            tensor._record, tensor.adjoints, transforms.adjoints = _record, adjoints, adjoints
            _lines.clear()


_record = tensor._record


def _watched_record(data, function, arguments, values, *others):
    result = _record(data, function, arguments, values, *others)
    # A list's items are recorded one by one.
    if not getattr(_watching, "on", False) or isinstance(data, list):
        return result
    line = _lines[result._born] = _line()
    function = arguments[0].function if function is item else function
    given = _numbers(values)
    if np.any(np.isnan(data)):
        if _has_nan(given):
            raise FloatingPointError(
                f"An argument of {name_of(function)} was given with a NaN in it, {line}."
            )
        raise FloatingPointError(f"{name_of(function)} gave NaN, {line}, from {_ranges(given)}.")
    if np.any(np.isinf(data)) and not any(np.any(np.isinf(value)) for value in given):
        raise FloatingPointError(
            f"{name_of(function)} gave infinity, {line}, from {_ranges(given)}."
        )
    return result


def _watched_adjoints(*arguments, **options):
    """The walk, watched; what a rule records on its way is its own affair."""
    walk = adjoints(*arguments, **options, watch=_look if getattr(_watching, "on", False) else None)
    while True:
        before, _watching.on = getattr(_watching, "on", False), False
        try:
            found = next(walk, None)
        finally:
            _watching.on = before
        if found is None:
            return
        yield found


def _look(result, adjoint, position, gradient):
    if _is_finite(adjoint) and not _is_finite(gradient):
        raise FloatingPointError(
            f"Backward, the derivative of {name_of(result.function)} by its argument number "
            f"{position + 1} is {'NaN' if _has_nan(gradient) else 'infinite'}. The result was "
            f"computed {_lines.get(result._born, 'outside of the context')}, from "
            f"{_ranges(_numbers(result._values))}."
        )


def _is_finite(adjoint):
    return all(np.all(np.isfinite(part)) for part in _parts(adjoint))


def _has_nan(adjoint):
    return any(np.any(np.isnan(part)) for part in _parts(adjoint))


def _parts(adjoint):
    """Of one result itself; of several, the list, or what one of them adds at its own place."""
    return (
        adjoint
        if isinstance(adjoint, list)
        else adjoint.values()
        if isinstance(adjoint, dict)
        else [adjoint]
    )


def _numbers(values):
    """The arrays and numbers among the arguments' values; a function of several results has a list
    there.
    """
    return [value for value in values if isinstance(value, float | np.ndarray | np.number)]


def _line():
    """The innermost line of the program that is neither ours nor NumPy's."""
    for frame, number in traceback.walk_stack(None):
        file = frame.f_code.co_filename
        if not any(file.startswith(folder) for folder in OURS):
            code = linecache.getline(file, number).strip()
            return f"in line {number} of {file}" + (f" ({code})" if code else "")
    return "outside of any program"


def _ranges(arrays):
    return " and ".join(_range(array) for array in arrays) or "nothing"


def _range(array):
    array = np.asarray(array)
    if not array.ndim:
        return f"{array:.6g}"
    if not array.size:
        return f"an array of shape {array.shape}"
    return (
        f"an array of shape {array.shape} with entries from {np.min(array):.6g} to "
        f"{np.max(array):.6g}"
    )
