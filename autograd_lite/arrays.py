"""Plain arrays: what a Tensor may be made of, what may stand beside one in a computation, and what
may be a result.
"""

import numpy as np
from numpy import ndarray

from autograd_lite.derivatives import COMPLEX, name_of


class StandIn:
    """What may stand in the place of an array: it has a shape and a dtype, and NumPy's functions of
    it give others of its kind. It passes wherever an array does.
    """


NUMBERS = (int, float, complex, np.number)
OPERANDS = (*NUMBERS, ndarray, list, tuple, StandIn)


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
    return as_constant(other) if isinstance(other, OPERANDS) else NotImplemented


def as_constant(value):
    """An argument that is no Tensor; a list of numbers as an array."""
    if isinstance(value, NUMBERS):
        return value
    if type(value) is not ndarray:
        value = as_array(value)
    if value.dtype.kind not in "fiubc":
        raise TypeError(
            f"A Tensor can be combined with numbers only, got an array of dtype {value.dtype}."
        )
    return value


def constant_or_none(value):
    """The same where None is an argument too: a bias that is not there, a bound of np.clip."""
    return None if value is None else as_constant(value)


def subscripts_or_constant(value):
    """Among the operands of np.einsum stand subscripts, "ij,j" or [0, 1], which are no numbers to
    compute with.
    """
    subscripts = isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(v, int) or v is Ellipsis for v in value)
    )
    return value if subscripts else constant_or_none(value)


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


def own(data, function, values):
    """The result as a real array of its own, which can be made read-only: some functions hand back
    an argument as it is.
    """
    if not hasattr(data, "dtype"):
        data = np.asarray(data)[()]
    dtype = data.dtype
    if dtype.kind not in "fc":
        raise TypeError(
            f"{name_of(function)} gave a result of dtype {dtype}: only numbers are differentiated."
        )
    is_complex = dtype.kind == "c"
    for value in values:
        if value is data:
            data = data.view() if data.ndim else data.copy()
        elif getattr(value, "dtype", dtype) is not dtype and value.dtype.kind == "c":
            is_complex = True
    if is_complex and function not in COMPLEX:
        raise TypeError(
            f"{name_of(function)} has no derivative for complex numbers. Take np.real, np.imag or "
            "np.abs before."
        )
    return data


def frozen(index):
    """An index with copies of its arrays: the record must not change with an array that the program
    uses again.
    """
    return (
        tuple([frozen(part) for part in index])
        if type(index) is tuple
        else np.array(index)
        if _is_array(index)
        else index
    )


def _is_array(index):
    return isinstance(index, ndarray) and index.ndim > 0
