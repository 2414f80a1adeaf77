"""The determinant is a polynomial: it has all derivatives at singular matrices too. They are
compared with its minors.
"""

import itertools

import numpy as np
import pytest

import autograd_lite as ag


def minor(a, rows, columns):
    """The determinant of what remains without these rows and columns; of nothing it is 1."""
    return np.linalg.det(np.delete(np.delete(a, rows, 0), columns, 1))


def cofactors(a):
    """∂det/∂a_ij = (−1)^(i+j) times the minor without row i and column j."""
    return np.array(
        [[(-1) ** (i + j) * minor(a, i, j) for j in range(len(a))] for i in range(len(a))]
    )


def second_derivatives(a):
    """∂²det / ∂a_ij ∂a_kl, from the minors without two rows and two columns."""
    n = len(a)
    result = np.zeros((n, n, n, n))
    for i, j, k, l in itertools.product(range(n), repeat=4):
        if i != k and j != l:
            sign = (-1) ** (i + j + k + l) * (1 if (i < k) == (j < l) else -1)
            result[i, j, k, l] = sign * minor(a, [i, k], [j, l])
    return result


def of_rank(n, rank, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, rank)) @ rng.normal(size=(rank, n))


# The determinant of some is not 0 but what rounding leaves of it.
MATRICES = {
    "0": np.zeros((1, 1)),
    "1x1": np.array([[3.0]]),
    "1 2, 2 4": np.array([[1.0, 2.0], [2.0, 4.0]]),
    "a row of 0": np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 0.0], [3.0, 1.0, 2.0]]),
    "two equal rows": np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [0.0, 1.0, 5.0]]),
    "0 in 2x2": np.zeros((2, 2)),
    "0 in 3x3": np.zeros((3, 3)),
    "0 in 4x4": np.zeros((4, 4)),
    "nilpotent": np.diag([1.0, 1.0], 1),
    "a projection": np.diag([1.0, 1.0, 0.0]),
    "a reflection": np.diag([1.0, -1.0, 1.0]),
    "1 … 16": np.arange(1.0, 17).reshape(4, 4),
    **{f"rank {k} of {n}": of_rank(n, k) for n in (3, 4, 5) for k in range(1, n + 1)},
    "almost singular": np.array([[1.0, 2.0], [2.0, 4.0 + 1e-12]]),
    "of small numbers": 1e-3 * of_rank(4, 3),
    "vanishing": np.diag([1e-200, 1e-200, 1.0]),
}
matrices = pytest.mark.parametrize("a", MATRICES.values(), ids=MATRICES)


@matrices
def test_the_gradient_is_the_matrix_of_cofactors(a):
    scale = np.max(np.abs(a)) ** (len(a) - 1)
    np.testing.assert_allclose(
        ag.grad(np.linalg.det)(a), cofactors(a), rtol=1e-9, atol=1e-13 * scale
    )


@matrices
def test_second_derivatives_are_minors(a):
    scale = np.max(np.abs(a)) ** max(len(a) - 2, 0)
    found = ag.hessian(np.linalg.det)(a)
    np.testing.assert_allclose(found, second_derivatives(a), rtol=1e-9, atol=1e-12 * scale)


@pytest.mark.parametrize("a", [np.diag([1.0, 2.0, 0.0]), np.eye(3), of_rank(3, 2), of_rank(3, 3)])
def test_third_derivatives_are_signs(a):
    signs = np.zeros((3, 3, 3))
    for p in itertools.permutations(range(3)):
        signs[p] = np.linalg.det(np.eye(3)[list(p)])
    expected = np.einsum("ikm,jln->ijklmn", signs, signs)
    found = ag.jacobian(ag.hessian(np.linalg.det))(a)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("a", [np.zeros((3, 3)), of_rank(3, 1), np.diag([1.0, 1.0, 0.0])])
def test_third_derivatives_are_refused_where_singular_values_are_equal(a):
    """A derivative of singular vectors would be needed."""
    with pytest.raises(np.linalg.LinAlgError, match="singular values are equal"):
        ag.jacobian(ag.hessian(np.linalg.det))(a)


def test_singular_and_regular_matrices_in_one_stack():
    stack = np.stack([MATRICES[f"rank {k} of 4"] for k in (1, 2, 3, 4)] + [np.zeros((4, 4))])
    stack = np.stack([stack, stack[::-1] * 0.5])
    expected = [[cofactors(a) for a in row] for row in stack]
    weights = np.arange(1.0, 11).reshape(2, 5)
    found = ag.grad(lambda a: np.sum(weights * np.linalg.det(a)))(stack)
    np.testing.assert_allclose(found, weights[..., None, None] * expected, rtol=1e-9, atol=1e-12)
    ag.check_gradient(np.linalg.det, stack[0])
    ag.check_gradient(np.linalg.det, stack[0], order=2)


def test_single_precision():
    for name in ("1 2, 2 4", "a row of 0", "rank 2 of 3"):
        a = MATRICES[name]
        found = ag.grad(np.linalg.det)(a.astype(np.float32))
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, cofactors(a), atol=2e-5)


def test_an_empty_matrix_and_an_empty_stack():
    assert ag.grad(np.linalg.det)(np.zeros((0, 0))).shape == (0, 0)
    of_all = ag.grad(lambda a: np.sum(np.linalg.det(a)))
    assert of_all(np.zeros((0, 2, 2))).shape == (0, 2, 2)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_nan_stays_one():
    assert np.isnan(ag.grad(np.linalg.det)(np.full((2, 2), np.nan))).all()


def test_the_logarithm_of_a_determinant_of_0_is_refused():
    """It is −∞, and its gradient would be a⁻ᵀ; one such matrix in a stack is enough."""
    for a in (MATRICES["1 2, 2 4"], np.stack([np.eye(2), np.zeros((2, 2))])):
        with pytest.raises(np.linalg.LinAlgError, match=r"np\.linalg\.slogdet.*singular"):
            ag.grad(lambda a: np.sum(np.linalg.slogdet(a)[1]))(a)


def test_sign_and_logarithm_make_the_determinant_of_regular_ones():
    def by_logarithm(a):
        sign, logarithm = np.linalg.slogdet(a)
        return sign * np.exp(logarithm)

    a = of_rank(4, 4)
    np.testing.assert_allclose(ag.grad(by_logarithm)(a), cofactors(a), rtol=1e-9)


@pytest.mark.parametrize("break_off", [1e-16, 1e-12, 1e-8, 1e-4, 1e-2, 1.0])
def test_nothing_is_lost_between_singular_and_regular(break_off):
    """Where the one way of computing gives over to the other, both are right."""
    a = of_rank(4, 3) + break_off * of_rank(4, 1, seed=1)
    np.testing.assert_allclose(ag.grad(np.linalg.det)(a), cofactors(a), rtol=1e-9, atol=1e-12)
    found = ag.hessian(np.linalg.det)(a)
    np.testing.assert_allclose(found, second_derivatives(a), rtol=1e-9, atol=1e-11)


# Singular values and eigenvalues that are 0 or equal.


def test_the_largest_singular_value_of_a_tall_matrix_of_low_rank():
    """The other singular values are 0, and their vectors are any."""
    u, v = np.array([1.0, 2.0, 2.0]) / 3, np.array([0.6, 0.8])
    for a in (np.outer(u, v), np.outer(v, u)):
        largest = lambda a: np.linalg.norm(a, 2)
        np.testing.assert_allclose(ag.grad(largest)(5 * a), a, atol=1e-12)
        np.testing.assert_allclose(ag.grad(lambda a: np.linalg.svdvals(a)[0])(5 * a), a, atol=1e-12)


@pytest.mark.parametrize("f", [np.linalg.svdvals, np.linalg.eigvalsh])
def test_no_second_derivative_is_made_up_where_two_values_are_equal(f):
    """Σ λ² is the sum of the squared entries, but here its second derivative is one of vectors."""
    for a in (np.zeros((2, 2)), np.eye(2), np.diag([1.0, 1.0 + 1e-16])):
        np.testing.assert_allclose(ag.grad(lambda a: np.sum(f(a) ** 2))(a), 2 * a, atol=1e-15)
        with pytest.raises(np.linalg.LinAlgError, match="are equal"):
            ag.hessian(lambda a: np.sum(f(a) ** 2))(a)


def test_values_that_differ_by_no_more_than_rounding_are_equal():
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    a = rotation @ np.diag([1.0, 1.0, 2.0, 3.0]) @ rotation.T
    with pytest.raises(np.linalg.LinAlgError, match="Two eigenvalues are equal"):
        ag.grad(lambda a: np.sum(np.linalg.eigh(a)[1] ** 3))((a + a.T) / 2)


def test_equal_values_of_vectors_that_nobody_uses_do_no_harm():
    """The first two principal components of six variables that have rank 3."""
    a = np.random.default_rng(0).normal(size=(6, 3)) @ np.random.default_rng(1).normal(size=(3, 6))

    def of_two_components(a):
        vectors = np.linalg.eigh(a @ a.T)[1][:, -2:]
        return np.sum((vectors @ vectors.T) ** 3)

    def of_two_singular_vectors(a):
        u, _, vt = np.linalg.svd(a, full_matrices=False)
        return np.sum((u[:, :2] @ vt[:2]) ** 3)

    for f in (of_two_components, of_two_singular_vectors):
        ag.check_gradient(f, a)
