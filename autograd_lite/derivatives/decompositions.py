"""Derivatives of inverses, determinants, norms and decompositions of matrices, and of stacks of them.

Eigenvectors and singular vectors have no derivative where two of their values coincide: there the rule raises. The gradient of
a symmetric matrix is taken as if its two halves moved together, as in PyTorch.
"""

import numpy as np

from autograd_lite.derivatives import derivative, differentiable
from autograd_lite.derivatives.kinds import constant, formula
from autograd_lite.derivatives.linear_algebra import transposed
from autograd_lite.derivatives.reductions import divisible, product_of_others, restore, unit

T = transposed

derivative(np.linalg.inv, lambda g, y, a: -T(y) @ g @ T(y))
derivative(
    np.linalg.solve,
    lambda g, y, a, b: -np.linalg.solve(T(a), columns(g, b)) @ T(columns(y, b)),
    lambda g, y, a, b: as_given(np.linalg.solve(T(a), columns(g, b)), b),
)
derivative(
    np.linalg.det,
    lambda g, y, a: as_matrices(g * y) * T(np.linalg.inv(a)) if is_regular(a, y) else as_matrices(g) * cofactors(a),
)
derivative(np.linalg.slogdet, lambda g, y, a: as_matrices(g[1]) * T(inverse(a, y[0])))
derivative(np.linalg.cholesky, lambda g, y, a: symmetric(np.linalg.solve(T(y), lower(T(y) @ g)) @ np.linalg.inv(y)))
derivative(np.linalg.eigh, lambda g, y, a, UPLO="L": y[1] @ (diagonal(g[0]) + turning(g[1], *y)) @ T(y[1]))
derivative(  # Golub and Pereyra 1973
    np.linalg.pinv,
    lambda g, y, a: -T(y) @ g @ T(y) + (T(g) - a @ y @ T(g)) @ y @ T(y) + T(y) @ y @ (T(g) - T(g) @ y @ a),
)

formula(np.linalg.eigvalsh, lambda a, UPLO="L": np.linalg.eigh(a, UPLO)[0])
formula(np.linalg.svdvals, lambda x, /: thin_svd(x)[1])
formula(np.linalg.svd, lambda a, full_matrices=True, compute_uv=True: svd(a, full_matrices, compute_uv))
formula(np.linalg.qr, lambda a: qr(a))
formula(np.linalg.cond, lambda x, p=None: cond(x, p))
formula(np.linalg.norm, lambda x, ord=None, axis=None, keepdims=False: norm(x, ord, axis, keepdims))
formula(np.linalg.vector_norm, lambda x, /, *, axis=None, ord=2, keepdims=False: vector_norm(x, ord, axis, keepdims))
formula(np.linalg.matrix_norm, lambda x, /, *, ord="fro", keepdims=False: matrix_norm(x, ord, (-2, -1), keepdims))
formula(np.linalg.tensorinv, lambda a, ind=2: tensor_inverse(a, np.shape(a)[:ind], np.shape(a)[ind:]))
formula(np.linalg.tensorsolve, lambda a, b: tensor_solution(a, b, np.shape(a)[np.ndim(b) :]))

constant(np.linalg.matrix_rank)


def as_matrices(g):
    """Numbers as matrices of one entry, so that each multiplies a whole matrix."""
    return np.reshape(g, (*np.shape(g), 1, 1))


def is_regular(a, y):
    """Whether no matrix comes near a singular one: |det a| is a thousandth of the product of its rows' lengths, or more."""
    return divisible(y) and not np.any(np.abs(y) <= np.prod(np.sqrt(np.sum(a * a, -1)), -1) / 1000)


def inverse(a, sign):
    """a⁻¹, unless a sign of the determinants is 0."""
    if np.any(sign == 0):
        raise np.linalg.LinAlgError("np.linalg.slogdet: ln |det a| of a singular matrix is −∞, and has no derivative.")
    return np.linalg.inv(a)


@differentiable(lambda g, y, a: second_derivative_of_det(g, *thin_svd(a)))
def cofactors(a):
    """∂det(a)/∂a, of singular matrices too: ± U diag(for each singular value the product of the others) Vᵀ."""
    u, s, vt = thin_svd(a)
    return orientation(u, vt) * u @ diagonal(product_of_others(s, -1)) @ vt


def second_derivative_of_det(g, u, s, vt):
    """± U m Vᵀ with m_ii = Σ_j p_ij k_jj, else m_ij = −p_ij k_ji; k = Uᵀ g V, and p_ij is the product of all s but s_i, s_j."""
    same = np.eye(np.shape(s)[-1])
    p = product_of_others(np.where(same, 1, np.expand_dims(s, -2)), -1) * (1 - same)
    k = T(u) @ g @ T(vt)
    m = diagonal(np.sum(p * np.expand_dims(np.diagonal(k, 0, -2, -1), -2), -1)) - p * T(k)
    return orientation(u, vt) * u @ m @ vt


def orientation(u, vt):
    """det(U) · det(V): 1, or −1 where one of them mirrors."""
    return as_matrices(np.sign(np.linalg.det(u) * np.linalg.det(vt)))


def columns(y, b):
    """In y = np.linalg.solve(a, b), `b` is a vector if it has one dimension, else a stack of matrices."""
    return np.expand_dims(y, -1) if np.ndim(b) == 1 else y


def as_given(y, b):
    """The columns of a solution as a vector again, if b is a vector: what `columns` did, undone."""
    return np.squeeze(y, -1) if np.ndim(b) == 1 else y


def diagonal(values):
    """Matrices with the values on their diagonals."""
    return np.expand_dims(values, -1) * np.eye(np.shape(values)[-1])


def symmetric(a):
    """(a + aᵀ) / 2"""
    return (a + T(a)) / 2


def lower(a):
    """The lower triangle, with half of the diagonal."""
    return np.tril(a) * (1 - np.eye(np.shape(a)[-1]) / 2)


def one_over_differences(values, turn, what):
    """1 / (λ_j − λ_i), with 0 on the diagonal; by `turn`, other than 0 where it matters, each will be multiplied."""
    differences = np.expand_dims(values, -2) - np.expand_dims(values, -1)
    same = np.eye(np.shape(values)[-1])
    rounding = as_matrices(len(same) * np.finfo(values.dtype).eps * np.max(np.abs(values), -1))
    equal = (np.abs(differences) <= rounding) & (same == 0)
    if np.any(equal) and np.any(equal & ((differences == 0) | np.not_equal(turn, 0) | np.not_equal(T(turn), 0))):
        raise np.linalg.LinAlgError(f"Two {what} are equal: their vectors can turn freely, so they have no derivative.")
    return (1 - same) / (differences + same)


def is_used(g):
    """Whether vectors take part in the result: for a result that nobody took, the walk fills in one plain 0, stretched."""
    return type(g) is not np.ndarray or any(g.strides) or np.any(g)


def turning(g, values, vectors):
    """What turns the eigenvectors; if nothing depends on them, equal eigenvalues do no harm."""
    if not is_used(g):
        return 0
    turn = T(vectors) @ g
    return turn * one_over_differences(values, turn, "eigenvalues")


@differentiable(lambda g, y, a: thin_svd_gradient(*g, *y))
def thin_svd(a):
    """U, s, Vᵀ with a = U diag(s) Vᵀ: as many columns of U and V as there are singular values."""
    return np.linalg.svd(a, full_matrices=False)


def thin_svd_gradient(gu, gs, gvt, u, s, vt):
    """U and V turn with their singular values' differences; what lies outside the columns of U or V is orthogonal to them."""
    s_row, s_column = np.expand_dims(s, -2), np.expand_dims(s, -1)
    turn_u, turn_v = T(u) @ gu, vt @ T(gvt)
    if is_used(gu) or is_used(gvt):
        sums = s_row + s_column + np.eye(np.shape(s)[-1])
        f = one_over_differences(s, np.abs(turn_u) + np.abs(turn_v), "singular values") / sums
        turn_u, turn_v = turn_u * f, turn_v * f
    inner = diagonal(gs) + (turn_u + T(turn_u)) * s_row + s_column * (turn_v + T(turn_v))
    result = u @ inner @ vt
    if is_used(gu) and np.shape(u)[-2] > np.shape(u)[-1]:
        result = result + (gu - u @ (T(u) @ gu)) / s_row @ vt
    if is_used(gvt) and np.shape(vt)[-1] > np.shape(vt)[-2]:
        result = result + u @ ((gvt - (gvt @ T(vt)) @ vt) / s_column)
    return result


def svd(a, full_matrices, compute_uv):
    """U, s, Vᵀ with a = U diag(s) Vᵀ, or s alone; refused where U or V would have more columns than s has entries."""
    if not compute_uv:
        return thin_svd(a)[1]
    if full_matrices and np.shape(a)[-1] != np.shape(a)[-2]:
        raise TypeError("np.linalg.svd: the columns beyond the singular values have no derivative. Pass full_matrices=False.")
    return thin_svd(a)


@differentiable(lambda g, y, a: qr_gradient(*g, *y))
def thin_qr(a):
    """Q, R with a = Q R, QᵀQ = 1, and R an upper triangle; `a` has at least as many rows as columns."""
    return np.linalg.qr(a)


def qr_gradient(gq, gr, q, r):
    """(g_Q + Q (M + Mᵀ)) R⁻ᵀ, where M is the lower triangle of R g_Rᵀ − g_Qᵀ Q with half of its diagonal."""
    m = lower(r @ T(gr) - T(gq) @ q)
    return T(np.linalg.solve(r, T(gq + q @ (m + T(m)))))


def qr(a):
    """Q, R with a = Q R; refused for a matrix of more columns than rows."""
    if np.shape(a)[-2] < np.shape(a)[-1]:
        raise TypeError(f"np.linalg.qr of a wide matrix, {np.shape(a)}, has no derivative here. Take that of its first columns.")
    return thin_qr(a)


@differentiable(lambda g, y, x, axis=None, keepdims=False: restore(g, axis, keepdims) * unit(x, axis))
def length(x, axis=None, keepdims=False):
    """√Σx², whose derivative at 0 is taken as 0, as in PyTorch."""
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def norm(x, ord, axis, keepdims):
    """Of vectors if `axis` is one axis or x has one dimension, of matrices if it is two; by default √Σx² over everything."""
    if axis is None and ord is None:
        return length(x, axis=None, keepdims=keepdims)
    axis = tuple(range(np.ndim(x))) if axis is None else axis
    if np.ndim(axis) == 0 or len(axis) == 1:
        return vector_norm(x, 2 if ord is None else ord, axis, keepdims)
    return matrix_norm(x, "fro" if ord is None else ord, axis, keepdims)


def vector_norm(x, ord, axis, keepdims):
    """(Σ|x|^p)^(1/p); for ±∞ the largest and smallest |x|, for 0 how many are not 0."""
    if ord == 2:
        return length(x, axis=axis, keepdims=keepdims)
    if ord in (np.inf, -np.inf):
        return (np.max if ord > 0 else np.min)(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.not_equal(x, 0), axis=axis, keepdims=keepdims).astype(x.dtype)
    return np.sum(magnitude(x, ord), axis=axis, keepdims=keepdims) ** (1 / ord)


@differentiable(lambda g, y, x, p: g * p * signed_magnitude(x, p - 1))
def magnitude(x, p):
    """|x|^p"""
    return np.abs(x) ** p


@differentiable(lambda g, y, x, p: g * p * magnitude(x, p - 1))
def signed_magnitude(x, p):
    """|x|^p with the sign of x."""
    return np.sign(x) * np.abs(x) ** p


# What makes a matrix's norm of the sums of its lines, or of its singular values.
OVER_LINES = {"nuc": np.sum, 1: np.max, 2: np.max, np.inf: np.max, -1: np.min, -2: np.min, -np.inf: np.min}


def matrix_norm(x, ord, axis, keepdims):
    """fro: √Σx²; nuc: Σ singular values; ±2: largest, smallest singular value; ±1, ±∞: largest, smallest sum of a column, row."""
    if len(axis) != 2 or (ord != "fro" and ord not in OVER_LINES):
        raise ValueError(f"A matrix has two axes, and the norms fro, nuc, 1, -1, 2, -2, inf and -inf; got {ord} over {axis}.")
    if ord == "fro":
        return length(x, axis=axis, keepdims=keepdims)
    x = np.moveaxis(x, axis, (-2, -1))  # (…, m, n)
    values = np.linalg.svdvals(x) if ord in ("nuc", 2, -2) else np.sum(np.abs(x), axis=-2 if abs(ord) == 1 else -1)
    result = OVER_LINES[ord](values, axis=-1)
    return np.expand_dims(result, axis) if keepdims else result


def cond(x, p):
    """The norm of x times that of its inverse; by default the largest singular value over the smallest."""
    if p is None or p in (2, -2):
        values = np.linalg.svdvals(x)
        return values[..., -1] / values[..., 0] if p == -2 else values[..., 0] / values[..., -1]
    return norm(x, p, (-2, -1), False) * norm(np.linalg.inv(x), p, (-2, -1), False)


def tensor_inverse(a, rows, columns):
    """The inverse of `a` as a matrix, whose rows are counted by the first axes and whose columns by the others."""
    return np.reshape(np.linalg.inv(np.reshape(a, (int(np.prod(rows)), -1))), columns + rows)


def tensor_solution(a, b, shape):
    """The x of the given shape for which the sum of a · x over the last axes of `a` is b."""
    return np.reshape(np.linalg.solve(np.reshape(a, (np.size(b), -1)), np.ravel(b)), shape)
