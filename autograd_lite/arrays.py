"""Plain arrays: what a Tensor may be made of, what may stand beside one in a computation, and what
may be a result.
"""

import numpy as np
from numpy import ndarray

from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.kinds import COMPLEX, MISFITS, without_complex

# (Not np.integer, among which np.timedelta64 is.)
INTEGERS = (np.unsignedinteger, np.byte, np.short, np.intc, np.long, np.longlong)
NUMBERS = (int, float, complex, np.inexact, *INTEGERS)


class StandIn:
    """What may stand in the place of an array: it has a shape and a dtype, and NumPy's functions of
    it give others of its kind. It passes wherever an array does.
    """


ARRAYS = (ndarray, np.generic, StandIn)


def floating(data):
    """A copy of `data` as a floating-point array; of a number, a NumPy scalar, with which NumPy is
    quicker.
    """
    array = np.copy(as_array(data))  # (which a stand-in answers to)
    if array.dtype.kind in "biu":
        array = array.astype(np.float64)
    elif array.dtype.kind != "f":
        hint = " Make it of two real ones, u + 1j * v." if array.dtype.kind == "c" else ""
        raise TypeError(
            f"A Tensor needs real numbers, got {type(data).__name__} of dtype {array.dtype}.{hint}"
        )
    return array if array.ndim or isinstance(data, ndarray) else array[()]


def operand(other):
    """What stands on the other side of an operator, as something to compute with."""
    if type(other) is not ndarray and isinstance(other, NUMBERS):
        return other
    if isinstance(other, (ndarray, list, tuple, StandIn)):
        return as_constant(other)
    refuse_strangers((other,))
    return NotImplemented


def as_constant(value):
    """An argument that is no Tensor; a list of numbers as an array."""
    array = value
    if type(value) is not ndarray:
        if isinstance(value, NUMBERS):
            return value
        array = as_array(value)
    if array.dtype.kind not in "fiubc":
        refuse_strangers((value,))
        raise TypeError(
            f"A Tensor can be combined with numbers only, got an array of dtype {array.dtype}."
        )
    return array


class Listed(Exception):
    """There is a list among the arguments: of numbers, or one that is wanted as it is?"""


def given(value, lists=False):
    """The same where other things are arguments too: None for a bias that is not there, a function,
    a string, `self`.

    lists: whether a list of numbers becomes an array, and another stays as it is; or raises Listed.
    """
    if type(value) is ndarray:
        return as_constant(value)
    if value is None or isinstance(value, NUMBERS):
        return value
    if isinstance(value, (list, tuple)):
        if not lists:
            raise Listed
        array = as_array(value)
        return array if array.dtype.kind in "fiubc" else value
    return as_constant(value) if hasattr(value, "__array__") or hasattr(value, "toarray") else value


def refuse_strangers(values):
    """Raise TypeError for what another library takes for an array, with the way to make one."""
    for value in _flat(values):
        for convert in () if isinstance(value, ARRAYS) else ("to_numpy", "toarray", "numpy"):
            if hasattr(value, convert):
                kind = f"{type(value).__module__}.{type(value).__qualname__}"
                raise TypeError(f"A Tensor does not compute with {kind}: write it as .{convert}().")


def _flat(values):
    return [v for value in values for v in (value if isinstance(value, list | tuple) else [value])]


def as_array(value):
    """A plain array of numbers. Of NumPy's subclasses, those are refused whose meaning would be
    lost.
    """
    if type(value) is ndarray or isinstance(value, StandIn):
        return value
    if isinstance(value, ndarray):
        if isinstance(value, np.ma.MaskedArray):
            raise TypeError(
                "A masked array would lose its mask. Say what stands in the gaps, .filled(0), or "
                "take .compressed()."
            )
        if isinstance(value, np.matrix):
            raise TypeError(
                "A np.matrix multiplies in its own way, a Tensor as arrays do. Pass "
                "np.asarray(matrix), and write a @ b."
            )
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"These numbers make no array, so no Tensor either: {error} Rows need equal lengths."
        ) from None


def in_words(error, function, values):
    """An error about arguments that do not fit; NumPy's with their shapes and with what to do."""
    refuse_strangers(values)
    name, said = name_of(function), str(error).strip(" .")
    if not name.startswith("np.") or " of shapes " in said:  # which a step of a formula has said
        return error
    shapes = ", ".join(str(v.shape) for v in _flat(_flat(values)) if hasattr(v, "shape"))
    remedy = MISFITS.get(function) or MISFITS[None] * ("broadcast" in str(error))
    return type(error)(f"{name} of shapes {shapes}: {said}. {remedy}".rstrip())


def constant_result(function, y):
    """The plain result of a function without a derivative. (Of complex numbers np.sign is z/|z|,
    which has one.)
    """
    if function not in COMPLEX and isinstance(y, ARRAYS) and y.dtype.kind == "c":
        raise TypeError(without_complex(function))
    return y


def own(data, function, values):
    """The result as a real array of its own, which can be made read-only: some functions hand back
    an argument as it is.
    """
    if not isinstance(data, ARRAYS):
        if getattr(data, "requires_grad", False):
            raise TypeError(f"{name_of(function)} used a Tensor that is not among its arguments.")
        data = np.asarray(data)
        data = data[()] if data.dtype.kind in "fc" else data
    dtype = data.dtype
    kind = dtype.kind
    if kind not in "fc":
        raise TypeError(
            f"{name_of(function)} gave a result of dtype {dtype}: only numbers are differentiated."
        )
    # (One of several results: these were looked at when they were made.)
    is_complex = kind == "c" and type(values[0]) is not list
    for value in values:
        if value is data:
            data = data.view() if data.ndim else data.copy()
        elif getattr(value, "dtype", dtype) is not dtype and value.dtype.kind == "c":
            is_complex = True
    if is_complex and function not in COMPLEX:
        raise TypeError(without_complex(function))
    return data
