"""detect_anomaly: which operation made the first NaN or infinity, which array was written into
between forward and backward, and in which line of the program.

Who watches is told of every result and of every step of the walk (see recording.py). This watch
looks at all numbers that pass, and leaves with each record a copy of what the record holds: when
the walk comes to the record, it must still hold the same.
"""

import linecache
import os
import pathlib
import traceback
from array import array
from contextlib import contextmanager
from numbers import Number
from weakref import WeakValueDictionary

import numpy as np

from autograd_lite.arrays import StandIn
from autograd_lite.backpropagation import FREED, adjoints, item
from autograd_lite.derivatives import name_of
from autograd_lite.recording import contexts, recording
from autograd_lite.tensor import Tensor

FAULTS = {"NaN": np.isnan, "infinity": np.isinf}
HERE = pathlib.Path(__file__).parent
FOLDERS = (HERE, HERE.with_name("nn"), HERE.with_name("viz"), pathlib.Path(np.__file__).parent)
OURS = tuple(f"{folder}{os.sep}" for folder in FOLDERS)  # what is no part of the program


@contextmanager
def detect_anomaly():
    """A context to look for mistakes in: within, an error names the operation that made the first
    NaN, and its line in the program. (torch.autograd.detect_anomaly.)

    Raises FloatingPointError at the first operation, forward or backward, that makes a NaN or an
    infinity. An infinity that was given (a mask of −∞) is no anomaly, nor is what comes of it,
    until it is NaN. In `with ag.detect_anomaly() as seen`, `seen.infinity` is a sentence on the
    first infinity that went into a result, or None.

    Raises RuntimeError in `backward()` for an array that was written into after it had been used: a
    leaf's (`x.data[i] = v`), one beside a Tensor (`x * array`), an index or another option. It is
    named even if the derivative does not depend on it. To see this, each record keeps copies; of
    what was computed outside of the context there are none, so nothing is said of it.

    It holds for its own thread. Operations take longer, and records twice the memory.

        >>> x = ag.Tensor(0.0, requires_grad=True)
        >>> with ag.detect_anomaly():
        ...     np.sqrt(x).backward()  # √' = 1 / (2 √x)
        Traceback (most recent call last):
        FloatingPointError: Backward: The derivative of np.sqrt by its argument number 1, ...
    """
    watch, watches = _Watch(), recording.watches  # this thread's, wherever a generator may end
    contexts.append(watch)
    watches.append(watch)
    try:
        yield watch
    finally:
        watches.remove(watch)
        contexts.pop()


class _Watch:
    """Looks at everything that a thread records and walks back."""

    def __init__(self):
        self.infinity = None
        # {an array's id: its copy}: records that hold the same numbers share one copy.
        self.copies = WeakValueDictionary()

    def recorded(self, result, function, arguments, values):
        """Look for the first NaN or infinity, and leave a copy with the record."""
        if function is item:  # the list that it was taken from was looked at
            return
        line, by_a_rule = _where()
        # What a rule computes on its way is its own affair: it may divide by 0 where it then
        # chooses otherwise.
        if not by_a_rule:
            self.look(result._array, function, arguments, values, line)
        if result.function:
            result._values = _Noted(values)
            result._values.line = line
            result._values.copies = [self.copied(now) for _, _, now in _held(result)]

    def look(self, data, function, arguments, values, line):
        """Raise for a NaN, and for an infinity that no argument had."""
        for fault, holds in FAULTS.items():
            if not _any(holds, data):
                continue
            given = [i for i, value in enumerate(values) if _any(holds, value)]
            if not given:
                raise FloatingPointError(
                    f"{name_of(function)} was the first to give {fault}, {_spoken(line)}, from "
                    f"{_ranges(values)}."
                )
            argument = arguments[given[0]]
            outside = isinstance(argument, Tensor) and argument.function
            sentence = _capital(
                f"{_described(argument)}, which was "
                f"{'computed outside of the context' if outside else 'given and not computed'}, "
                f"holds {fault}: argument number {given[0] + 1} of {name_of(function)}, "
                f"{_spoken(line)}."
            )
            if fault == "NaN":
                raise FloatingPointError(sentence)
            self.infinity = self.infinity or sentence

    def reached(self, tensor):
        """Raise if an array that the record holds was written into."""
        changed = _changed(tensor)
        if changed is None:
            return
        # A result that changed is a window on another array: back to that one.
        while (maker := _maker(changed[1])) is not tensor and (further := _changed(maker)):
            tensor, changed = maker, further
        role, thing, now, before = changed
        function = name_of(tensor.function)
        raise RuntimeError(
            f"{_capital(_described(thing))}, {role} of {function}, was written into between "
            f"forward and backward{_difference(now, before)}. {function} was computed "
            f"{_spoken(tensor._values.line)}, and its record no longer matches. Write into a copy, "
            "or after backward(), or compute the result anew after writing."
        )

    def pulled_back(self, tensor, adjoint, position, gradient, total):
        """Raise for a NaN or an infinity that the adjoint had not."""
        if _fault(adjoint) or not (_fault(gradient) or _fault(total)):
            return
        function, argument = name_of(tensor.function), _described(tensor.arguments[position])
        if fault := _fault(gradient):
            what = (
                f"The derivative of {function} by its argument number {position + 1}, {argument}, "
                f"was the first to be {fault}, at {_ranges(tensor._values)}"
            )
        else:
            what = (
                f"What {argument} gets from several results adds up to {_fault(total)}; the last "
                f"was that of {function}"
            )
        line = getattr(tensor._values, "line", None)
        raise FloatingPointError(f"Backward: {what}. {function} was computed {_spoken(line)}.")

    def copied(self, thing):
        """The same with copies of the arrays, lists and dicts in it."""
        if _is_array(thing):
            copy = self.copies.get(id(thing))
            if copy is None or not _same(thing, copy):
                copy = self.copies[id(thing)] = np.array(thing)
            return copy
        if isinstance(thing, list | tuple):
            return [self.copied(member) for member in thing]
        if isinstance(thing, dict):
            return {key: self.copied(member) for key, member in thing.items()}
        return thing


# What a record holds, and whether it is what it was.


class _Noted(tuple):
    """The values of a record, with .line, where the program stood, and .copies of all that it
    holds.
    """


def _held(tensor):
    """(role, argument or option or result, its numbers) of everything that the record holds."""
    for i, (argument, value) in enumerate(zip(tensor.arguments, tensor._values, strict=True)):
        yield f"argument number {i + 1}", argument, value
    for name, value in tensor.options.items():
        yield f"the option {name}", value, value
    yield "the result", tensor, tensor._array


def _changed(tensor):
    """The first of these that is not what it was, and its copy; or None."""
    if tensor is not None and isinstance(tensor._values, _Noted):
        for held, before in zip(_held(tensor), tensor._values.copies, strict=True):
            if not _same(held[2], before):
                return *held, before
    return None


def _maker(thing):
    """The tensor whose record tells how this one was made: of one of several results, their
    list.
    """
    if not isinstance(thing, Tensor) or not thing.function or thing._wanted is FREED:
        return None
    return thing.arguments[0] if thing.function is item else thing


def _same(now, before):
    """Whether nothing differs, to the last bit: a NaN is as good as itself."""
    if isinstance(before, np.ndarray):
        now = np.asarray(now)
        alike = now.shape == before.shape and now.dtype == before.dtype
        return alike and now.tobytes() == before.tobytes()
    if isinstance(before, list):
        return len(now) == len(before) and all(map(_same, now, before))
    if isinstance(before, dict):
        return now.keys() == before.keys() and all(_same(now[key], before[key]) for key in now)
    return now is before or (isinstance(now, Number | str) and now == before)


def _is_array(thing):
    """Arrays, and what NumPy takes for one: a pandas Series, Python's array. (Of NumPy's numbers,
    which pass as arrays too, none can be written into.)
    """
    passes = hasattr(thing, "__array__") or isinstance(thing, array | memoryview)
    return passes and not isinstance(thing, np.generic)


def _difference(now, before):
    """Which entry differs first, where these are arrays of one shape."""
    if not _is_array(now):
        return ""
    now = np.asarray(now)
    if now.shape != before.shape or now.dtype != before.dtype:
        return ""
    differ = np.not_equal(*(np.frombuffer(a.tobytes(), np.uint8) for a in (now, before)))
    index = tuple(map(int, np.unravel_index(np.argmax(differ) // now.itemsize, now.shape)))
    entry = f"its entry {list(index)}" if index else "it"
    return f": {entry} was {before[index]} and is {now[index]}"


# Looking at numbers, and at the program.


def _fault(numbers):
    """What there is among the numbers that is none: "NaN", "infinity", or None."""
    return next((fault for fault, holds in FAULTS.items() if _any(holds, numbers)), None)


def _any(holds, numbers):
    """Whether that holds for one of the numbers; several results are a list of arrays, and what one
    of them adds to the list's adjoint is a dict.
    """
    if isinstance(numbers, list | dict):
        parts = numbers.values() if isinstance(numbers, dict) else numbers
        return any(_any(holds, part) for part in parts)
    kinds = float | complex | np.number | np.ndarray | Tensor | StandIn
    return isinstance(numbers, kinds) and bool(np.any(holds(numbers)))


def _where():
    """((file, line), whether a rule asked): the innermost line of the program, None if there is
    none.
    """
    line, by_a_rule = None, False
    for frame, number in traceback.walk_stack(None):
        by_a_rule = by_a_rule or frame.f_code is adjoints.__code__
        if line is None and not frame.f_code.co_filename.startswith(OURS):
            line = frame.f_code.co_filename, number
    return line, by_a_rule


def _spoken(line):
    if line is None:
        return "outside of the context"
    file, number = line
    code = linecache.getline(file, number).strip()
    return f"in line {number} of {file}" + (f" ({code})" if code else "")


def _described(thing):
    """What an error calls something that a record holds."""
    if isinstance(thing, Tensor):
        return thing._describe().rstrip(",")
    if isinstance(thing, np.ndarray):
        return f"an array of shape {thing.shape}"
    return "a number" if isinstance(thing, Number) else f"a plain {type(thing).__name__}"


def _capital(sentence):
    return sentence[0].upper() + sentence[1:]


def _ranges(values):
    numbers = [value for value in values if isinstance(value, Number | np.ndarray)]
    return " and ".join(map(_range, numbers)) or "nothing"


def _range(numbers):
    numbers = np.asarray(numbers)
    if numbers.dtype.kind == "b":
        numbers = numbers.astype(int)
    if not numbers.ndim:
        return f"{numbers:.6g}"
    if not numbers.size:
        return f"an array of shape {numbers.shape}"
    return (
        f"an array of shape {numbers.shape} with entries from {np.min(numbers):.6g} to "
        f"{np.max(numbers):.6g}"
    )
