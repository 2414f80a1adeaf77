"""Derivatives of functions that move entries to other places: the gradient moves back."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.kinds import constant

# (NumPy 2.0 calls the shape newshape.)
derivative(np.reshape, lambda g, y, a, shape=None, order="C", newshape=None: g.reshape(a.shape, order=layout(a, order)))
derivative(np.ravel, lambda g, y, a, order="C": g.reshape(a.shape, order=layout(a, order)))
derivative(np.transpose, lambda g, y, a, axes=None: g.T if axes is None else np.transpose(g, np.argsort(normal(axes, g))))
derivative(np.swapaxes, lambda g, y, a, axis1, axis2: np.swapaxes(g, axis1, axis2))
derivative(np.moveaxis, lambda g, y, a, source, destination: np.moveaxis(g, destination, source))
derivative(np.expand_dims, lambda g, y, a, axis: g.reshape(a.shape))
derivative(np.squeeze, lambda g, y, a, axis=None: g.reshape(a.shape))
derivative(np.broadcast_to, lambda g, y, a, shape: g)  # the walk sums what was broadcast
derivative(np.copy, lambda g, y, a: g)
derivative(np.cumsum, lambda g, y, a, axis=None: np.reshape(reversed_cumsum(g, axis), np.shape(a)))

# Joining, and splitting: each is the other's derivative.
derivative(np.concatenate, all=lambda g, y, *operands, axis=0: parts(g, operands, axis))
derivative(np.stack, all=lambda g, y, *operands, axis=0: list(np.moveaxis(g, axis, 0)))
for split in (np.split, np.array_split):
    derivative(split, lambda g, y, a, indices_or_sections, axis=0: np.concatenate(g, axis))

constant(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.result_type)
constant(np.array_equal, np.array_equiv, np.allclose, np.isclose, np.argsort, np.nonzero, np.shares_memory)


def layout(a, order):
    """The order of a's entries in memory, "C" or "F", where it was left open: "A", and "K"."""
    order = (order or "C").upper()
    if order in ("C", "F"):
        return order
    flags = np.empty_like(a).flags
    if flags.c_contiguous:
        return "C"
    if flags.f_contiguous:
        return "F"
    if order == "A":
        return "C"
    raise ValueError('order="K" is not differentiated for axes in this order: choose "C" or "F".')


def normal(axes, a):
    """One axis, or several, counted from the front; refused where `a` has no such axis."""
    return list(normalize_axis_tuple(axes, np.ndim(a)))


def reversed_cumsum(g, axis):
    """g_i + g_i+1 + … to the end: every later running sum contains the entry i."""
    axis = 0 if axis is None else axis
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def parts(g, operands, axis):
    """Cut g into pieces as long as the operands; with axis=None, np.concatenate ravels them first."""
    shapes = [np.shape(operand) for operand in operands]
    lengths = [int(np.prod(shape)) if axis is None else shape[axis] for shape in shapes]
    pieces = np.split(g, np.cumsum(lengths)[:-1], 0 if axis is None else axis)
    return [np.reshape(piece, shape) for piece, shape in zip(pieces, shapes, strict=True)]
