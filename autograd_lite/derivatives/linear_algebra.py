"""Derivatives of products of vectors and matrices.

For matrices y = a b: ∂l/∂a = g bᵀ and ∂l/∂b = aᵀ g. A one-dimensional argument counts as a row (on the left) or a column (on
the right), as in np.matmul itself; what was broadcast over a stack of matrices is summed by the walk.
"""

import numpy as np

from autograd_lite.derivatives import derivative

derivative(
    np.matmul,
    lambda g, y, a, b: unrow(matrix(g, a, b) @ transposed(column(b)), a),
    lambda g, y, a, b: uncolumn(transposed(row(a)) @ matrix(g, a, b), b),
)
derivative(np.dot, lambda g, y, a, b: dot_left(g, y, a, b), lambda g, y, a, b: dot_right(g, y, a, b))


def transposed(a):
    return np.swapaxes(a, -1, -2)


def row(a):
    return np.expand_dims(a, 0) if np.ndim(a) == 1 else a


def column(b):
    return np.expand_dims(b, 1) if np.ndim(b) == 1 else b


def unrow(gradient, a):
    return np.squeeze(gradient, -2) if np.ndim(a) == 1 else gradient


def uncolumn(gradient, b):
    return np.squeeze(gradient, -1) if np.ndim(b) == 1 else gradient


def matrix(g, a, b):
    """g, ∂l/∂(a @ b), with the axes that one-dimensional a and b did not leave in the product."""
    if np.ndim(b) == 1:
        g = np.expand_dims(g, -1)
    if np.ndim(a) == 1:
        g = np.expand_dims(g, -2)
    return g


# np.dot is np.matmul, except with a number, and except that it pairs every row of `a` with every matrix of a stack `b`.
def dot_left(g, y, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * b
    if np.ndim(a) == 1 or np.ndim(b) <= 2:
        return unrow(matrix(g, a, b) @ transposed(column(b)), a)
    columns = np.reshape(np.moveaxis(b, -2, 0), (np.shape(b)[-2], -1))
    return np.reshape(np.reshape(g, (-1, np.shape(columns)[1])) @ columns.T, np.shape(a))


def dot_right(g, y, a, b):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if np.ndim(a) == 1 or np.ndim(b) <= 2:
        return uncolumn(transposed(row(a)) @ matrix(g, a, b), b)
    rows = np.reshape(a, (-1, np.shape(a)[-1]))
    columns = rows.T @ np.reshape(g, (np.shape(rows)[0], -1))
    return np.moveaxis(np.reshape(columns, (np.shape(a)[-1], *np.shape(b)[:-2], np.shape(b)[-1])), 0, -2)
