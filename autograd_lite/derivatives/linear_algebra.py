"""Derivatives of products of vectors and matrices.

For matrices y = a b: ∂l/∂a = g bᵀ and ∂l/∂b = aᵀ g. A one-dimensional argument counts as a row (on the left) or a column (on
the right), as in np.matmul itself; what was broadcast over a stack of matrices is summed by the walk.

Of complex vectors, NumPy's vdot, vecdot and vecmat take the conjugate of the first, so that a vector times itself is Σ|a|².
"""

import math

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.kinds import formula
from autograd_lite.derivatives.shaping import normal

derivative(
    np.matmul,
    lambda g, y, a, b: g @ b.T if a.ndim == b.ndim == 2 else unrow(matrix(g, a, b) @ transposed(column(b)), a),
    lambda g, y, a, b: a.T @ g if a.ndim == b.ndim == 2 else uncolumn(transposed(row(a)) @ matrix(g, a, b), b),
)
derivative(np.dot, lambda g, y, a, b: dot_left(g, y, a, b), lambda g, y, a, b: dot_right(g, y, a, b))
derivative(np.einsum, all=lambda g, y, *operands, optimize=False: einsum_gradients(g, operands))
derivative(np.linalg.multi_dot, all=lambda g, y, *matrices: multi_dot_gradients(g, matrices))

formula(np.inner, lambda a, b: a * b if np.ndim(a) == 0 or np.ndim(b) == 0 else np.tensordot(a, b, (-1, -1)))
formula(np.vdot, lambda a, b: np.dot(conjugated(np.ravel(a)), np.ravel(b)))
formula(np.kron, lambda a, b: kron(a, b))
formula(np.outer, lambda a, b: np.reshape(a, (-1, 1)) * np.ravel(b))
formula(np.linalg.outer, lambda x1, x2, /: vectors_outer(x1, x2))
for tensordot in (np.tensordot, np.linalg.tensordot):
    formula(tensordot, lambda a, b, axes=2: tensor_product(a, b, axes))
for vecdot in (np.vecdot, np.linalg.vecdot):
    formula(vecdot, lambda x1, x2, /, *, axis=-1: vecdot_along(x1, x2, axis))
if hasattr(np, "matvec"):  # from NumPy 2.2
    formula(np.matvec, lambda x1, x2: np.matmul(matrices(x1), np.expand_dims(x2, -1))[..., 0])
    formula(np.vecmat, lambda x1, x2: np.matmul(np.expand_dims(conjugated(x1), -2), matrices(x2))[..., 0, :])
formula(np.linalg.matmul, lambda x1, x2, /: np.matmul(x1, x2))
formula(np.linalg.matrix_power, lambda a, n: matrix_power(a, n))
formula(np.trace, lambda a, offset=0, axis1=0, axis2=1: np.sum(np.diagonal(a, offset, axis1, axis2), -1))
formula(np.linalg.trace, lambda x, /, *, offset=0: np.sum(np.diagonal(x, offset, -2, -1), -1))
formula(np.cross, lambda a, b, axisa=-1, axisb=-1, axisc=-1, axis=None: cross(a, b, axisa, axisb, axisc, axis))
formula(np.linalg.cross, lambda x1, x2, /, *, axis=-1: cross(x1, x2, -1, -1, -1, axis))


def conjugated(a):
    """ā; of a real array itself, without a step."""
    return np.conjugate(a) if np.iscomplexobj(a) else a


def transposed(a):
    """aᵀ, for each matrix of a stack."""
    return np.swapaxes(a, -1, -2)


def row(a):
    """A vector (n,) as a matrix (1, n); matrices as they are."""
    return np.expand_dims(a, 0) if np.ndim(a) == 1 else a


def column(b):
    """A vector (n,) as a matrix (n, 1); matrices as they are."""
    return np.expand_dims(b, 1) if np.ndim(b) == 1 else b


def unrow(gradient, a):
    """The gradient (…, 1, n) as (…, n) if a is a vector: what `row` did, undone."""
    return np.squeeze(gradient, -2) if np.ndim(a) == 1 else gradient


def uncolumn(gradient, b):
    """The gradient (…, n, 1) as (…, n) if b is a vector: what `column` did, undone."""
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
    """∂l/∂a = g bᵀ, summed over the matrices of a stack b."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * b
    if np.ndim(a) == 1 or np.ndim(b) <= 2:
        return unrow(matrix(g, a, b) @ transposed(column(b)), a)
    # a (…, n), b (stack, n, m), g (…, stack, m): as matrices, a (rows, n), b (n, stack · m), g (rows, stack · m)
    columns = np.reshape(np.moveaxis(b, -2, 0), (np.shape(b)[-2], math.prod(np.shape(b)[:-2]) * np.shape(b)[-1]))
    return np.reshape(np.reshape(g, (math.prod(np.shape(a)[:-1]), np.shape(columns)[1])) @ columns.T, np.shape(a))


def dot_right(g, y, a, b):
    """∂l/∂b = aᵀ g, for each matrix of a stack b summed over all rows of a."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return g * a
    if np.ndim(a) == 1 or np.ndim(b) <= 2:
        return uncolumn(transposed(row(a)) @ matrix(g, a, b), b)
    # as above: aᵀ g is (n, stack · m), and becomes (n, stack, m), then (stack, n, m)
    rows = np.reshape(a, (math.prod(np.shape(a)[:-1]), np.shape(a)[-1]))
    columns = rows.T @ np.reshape(g, (np.shape(rows)[0], math.prod(np.shape(b)[:-2]) * np.shape(b)[-1]))
    return np.moveaxis(np.reshape(columns, (np.shape(a)[-1], *np.shape(b)[:-2], np.shape(b)[-1])), 0, -2)


def einsum_gradients(g, operands):
    """Of both ways to call it: einsum("ij,j->i", a, b), and einsum(a, [0, 1], b, [1], [0])."""
    if isinstance(operands[0], str):
        return [None, *gradients_by_letters(g, operands[0], operands[1:])]
    lettered = lambda numbers: "".join("..." if i is Ellipsis else LETTERS[i] for i in numbers)
    count = len(operands) // 2
    arrays, subscripts = operands[: 2 * count : 2], ",".join(map(lettered, operands[1::2]))
    if len(operands) % 2:
        subscripts += "->" + lettered(operands[-1])
    gradients = gradients_by_letters(g, subscripts, arrays)
    return [part for gradient in gradients for part in (gradient, None)]


def gradients_by_letters(g, subscripts, operands):
    """By each operand, another einsum: of g and the other operands, summed to the operand's own letters.

    A letter that no other factor has is given one by a vector of ones; a letter that the operand has twice (a diagonal) is
    given another name, and an identity matrix of the two names.
    """
    inputs, output = spelled_out(subscripts, operands)
    gradients = []
    for i, (letters, operand) in enumerate(zip(inputs, operands, strict=True)):
        factors = [(g, output), *((o, l) for k, (o, l) in enumerate(zip(operands, inputs, strict=True)) if k != i)]
        unused = [c for c in LETTERS if c not in "".join([output, *inputs])]
        names = ""
        for n, c in zip(np.shape(operand), letters, strict=True):
            names += unused.pop() if c in names else c
            if names[-1] != c:
                factors.append((np.eye(n), c + names[-1]))
            elif not any(c in other for _, other in factors):
                factors.append((np.ones(n), c))
        gradients.append(np.einsum(",".join(l for _, l in factors) + "->" + names, *[o for o, _ in factors]))
    return gradients


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def spelled_out(subscripts, operands):
    """("a...,ab", …) as the letters of each operand and of the result, the ellipsis replaced by letters of its own."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    inputs = inputs.split(",")
    unused = "".join(c for c in LETTERS if c not in subscripts)
    widths = [np.ndim(o) - len(l.replace("...", "")) if "..." in l else 0 for l, o in zip(inputs, operands, strict=True)]
    dots = unused[: max(widths)]
    if not arrow:  # the letters that occur once, in the order of the alphabet
        letters = "".join(inputs).replace(".", "")
        output = "..." + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    spelled = [l.replace("...", dots[len(dots) - width :]) for l, width in zip(inputs, widths, strict=True)]
    return spelled, output.replace("...", dots)


def multi_dot_gradients(g, matrices):
    """g times the product of all before, transposed, from the left, and of all after from the right."""
    g = matrix(g, matrices[0], matrices[-1])
    chain = [row(matrices[0]), *matrices[1:-1], column(matrices[-1])]
    gradients = []
    for i, original in enumerate(matrices):
        factors = [*(np.transpose(m) for m in chain[:i][::-1]), g, *(np.transpose(m) for m in chain[i + 1 :][::-1])]
        gradients.append(np.reshape(np.linalg.multi_dot(factors) if len(factors) > 1 else g, np.shape(original)))
    return gradients


def vectors_outer(a, b):
    """a bᵀ of two vectors."""
    if np.ndim(a) != 1 or np.ndim(b) != 1:
        raise ValueError(f"np.linalg.outer needs two vectors, got shapes {np.shape(a)} and {np.shape(b)}.")
    return np.outer(a, b)


def vecdot_along(a, b, axis):
    """Σ ā b along an axis of each; the others are broadcast."""
    if np.shape(a)[axis] != np.shape(b)[axis]:
        raise ValueError(f"np.vecdot needs vectors of one length, got shapes {np.shape(a)} and {np.shape(b)} along axis {axis}.")
    last = lambda x: x if axis == -1 else np.moveaxis(x, axis, -1)
    return np.sum(last(conjugated(a)) * last(b), axis=-1)


def tensor_product(a, b, axes):
    """Σ over the given axes of a and of b, as one product of matrices; the other axes of both remain, in order."""
    if np.ndim(axes) == 0:
        axes = range(np.ndim(a) - axes, np.ndim(a)), range(axes)
    over_a, over_b = (normal(chosen, x) for chosen, x in zip(axes, (a, b), strict=True))
    keep_a, keep_b = ([i for i in range(np.ndim(x)) if i not in over] for x, over in ((a, over_a), (b, over_b)))
    rows, columns = [np.shape(a)[i] for i in keep_a], [np.shape(b)[i] for i in keep_b]
    n = [np.shape(a)[i] for i in over_a]
    if n != [np.shape(b)[i] for i in over_b]:
        raise ValueError(f"np.tensordot needs axes of equal lengths, got {np.shape(a)} and {np.shape(b)} over {axes}.")
    # a with the summed axes last, as (rows, n); b with them first, as (n, columns)
    left = np.reshape(np.transpose(a, [*keep_a, *over_a]), (math.prod(rows), math.prod(n)))
    right = np.reshape(np.transpose(b, [*over_b, *keep_b]), (math.prod(n), math.prod(columns)))
    return np.reshape(left @ right, rows + columns)


def kron(a, b):
    """Every entry of a times the whole of b: axes of a and b in turn, then each pair as one."""
    ndim = max(np.ndim(a), np.ndim(b))
    a, b = (np.reshape(x, (1,) * (ndim - np.ndim(x)) + np.shape(x)) for x in (a, b))
    # of matrices, a (m, 1, n, 1) · b (1, p, 1, q) is (m, p, n, q), and becomes (m p, n q)
    odd, even = range(1, 2 * ndim, 2), range(0, 2 * ndim, 2)
    return np.reshape(np.expand_dims(a, list(odd)) * np.expand_dims(b, list(even)), np.multiply(np.shape(a), np.shape(b)))


def matrices(a):
    """`a`, if it is a matrix or a stack of them."""
    if np.ndim(a) < 2:
        raise ValueError(f"This takes matrices, got shape {np.shape(a)}.")
    return a


def matrix_power(a, n):
    """a · a · … · a by repeated squaring; the inverse of it for negative n."""
    if np.shape(matrices(a))[-1] != np.shape(a)[-2]:
        raise ValueError(f"np.linalg.matrix_power takes square matrices, got shape {np.shape(a)}.")
    if n < 0:
        return matrix_power(np.linalg.inv(a), -n)
    if n < 2:
        return +a if n else np.eye(np.shape(a)[-1], dtype=a.dtype) + 0 * a
    half = matrix_power(a, n // 2)
    return half @ half @ a if n % 2 else half @ half


def cross(a, b, axisa, axisb, axisc, axis):
    """(a₂b₃ − a₃b₂, a₃b₁ − a₁b₃, a₁b₂ − a₂b₁)"""
    # the components first: (3, …)
    a, b = (np.moveaxis(x, place if axis is None else axis, 0) for x, place in ((a, axisa), (b, axisb)))
    if len(a) != 3 or len(b) != 3:
        raise ValueError(f"np.cross of Tensors needs vectors with 3 components, got {len(a)} and {len(b)}.")
    components = [a[i - 2] * b[i - 1] - a[i - 1] * b[i - 2] for i in range(3)]
    return np.moveaxis(np.stack(components), 0, axisc if axis is None else axis)
