"""What NumPy refuses is refused for Tensors too, and what it gives in rare calls is given.

A formula that computes on regardless would return a number for a mistake.
"""

import numpy as np
import pytest

import autograd_lite as ag

x, A, C = np.array([0.3, -1.2, 2.5]), np.arange(6.0).reshape(2, 3), np.arange(24.0).reshape(2, 3, 4)
t = lambda a: ag.Tensor(a, requires_grad=True)

REFUSED = {
    "choose, no such number": lambda x, A, C: np.choose([0, 5, 0], [x, x]),
    "choose, no such mode": lambda x, A, C: np.choose([0, 1, 0], [x, x], mode="last"),
    "choose, numbers with fractions": lambda x, A, C: np.choose([0.5, 1.0, 0.0], [x, x]),
    "select, conditions that are numbers": lambda x, A, C: np.select([np.arange(3)], [x]),
    "select, fewer choices": lambda x, A, C: np.select([A > 0, A > 1], [A]),
    "quantile beyond 1": lambda x, A, C: np.quantile(x, 1.5),
    "quantile below 0": lambda x, A, C: np.nanquantile(x, -0.5),
    "median along no axis": lambda x, A, C: np.median(A, axis=5),
    "nanmedian along no axis": lambda x, A, C: np.nanmedian(A, axis=-3),
    "average along no axis": lambda x, A, C: np.average(A, axis=2, weights=[1.0, 2.0]),
    "average, weights that sum to 0": lambda x, A, C: np.average(x, weights=[1, -2, 1]),
    "average, weights that do not fit": lambda x, A, C: np.average(A, axis=1, weights=[1.0]),
    "norm of a matrix, order 3": lambda x, A, C: np.linalg.norm(A, 3),
    "norm of a stack as of a matrix": lambda x, A, C: np.linalg.norm(C, "fro"),
    "cond, order 3": lambda x, A, C: np.linalg.cond(A[:, :2], 3),
    "tensordot, other lengths": lambda x, A, C: np.tensordot(A, A.T, axes=([0, 1], [0, 1])),
    "vecdot, other lengths": lambda x, A, C: np.vecdot(x, x[:1]),
    "outer of a matrix": lambda x, A, C: np.linalg.outer(A, x),
    "power of a wide matrix": lambda x, A, C: np.linalg.matrix_power(A, 1),
    "block, uneven depths": lambda x, A, C: np.block([x, [x]]),
    "block, tuples": lambda x, A, C: np.block([x, (1.0, 2.0)]),
    "meshgrid, no such indexing": lambda x, A, C: np.meshgrid(x, x, indexing="yx"),
    "vander of a matrix": lambda x, A, C: np.vander(A),
    "diff, fewer than no times": lambda x, A, C: np.diff(x, -1),
    "ediff1d, an end of another kind": lambda x, A, C: np.ediff1d(x, to_end=1j),
    "accumulate along several axes": lambda x, A, C: np.add.accumulate(A, None),
    "accumulate a number": lambda x, A, C: np.multiply.accumulate(x[0]),
    "reduce along no axis": lambda x, A, C: np.logaddexp.reduce(A, 2),
    "max of what may be nothing": lambda x, A, C: np.max(x, where=[True, False, True]),
    "sum where, of another shape": lambda x, A, C: np.sum(x, where=np.ones((2, 3), bool)),
    "sum where numbers are": lambda x, A, C: np.sum(x, where=np.arange(3)),
    "var, ddof twice": lambda x, A, C: np.var(x, ddof=1, correction=1),
    "pad, a constant at an edge": lambda x, A, C: np.pad(x, 1, "edge", constant_values=2),
    "geomspace from 0": lambda x, A, C: np.geomspace(0 * x, 2),
    "interp, other lengths": lambda x, A, C: np.interp(x, [0.0, 1.0], [1.0]),
    "interp between no points": lambda x, A, C: np.interp(x, [], []),
    "interp, no period": lambda x, A, C: np.interp(x, [0.0, 1.0], [1.0, 2.0], period=0),
    "interp at complex places": lambda x, A, C: np.interp(x * 1j, [0.0, 1.0], [1.0, 2.0]),
    "gradient of one entry": lambda x, A, C: np.gradient(x[:1]),
    "gradient, other lengths": lambda x, A, C: np.gradient(x, [0.0, 1.0]),
    "correlate with a number": lambda x, A, C: np.correlate(x, 2.0),
    "full_like, too large": lambda x, A, C: np.full_like(x, A),
    "vsplit of a vector": lambda x, A, C: np.vsplit(x, [1]),
    "cov, half an observation": lambda x, A, C: np.cov(A, ddof=0.5),
    "unique along no axis": lambda x, A, C: np.unique(A, axis=2),
    "wrap of no choices": lambda x, A, C: np.choose([0], [], mode="wrap") + x,
}
if hasattr(np, "matvec"):
    REFUSED |= {
        "matvec of a vector": lambda x, A, C: np.matvec(x, x),
        "vecmat of vectors": lambda x, A, C: np.vecmat(x, x),
        "cumulative_sum, which axis": lambda x, A, C: np.cumulative_sum(A),
    }


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_numpy_refuses_is_refused(call):
    for arguments in ((x, A, C), (t(x), t(A), t(C))):
        with pytest.raises((TypeError, ValueError, IndexError, ZeroDivisionError, ArithmeticError)):
            call(*arguments)


GIVEN = {
    "correlate, the shorter first": lambda x, A, C: np.correlate(x[:2], C[0, 0], "same"),
    "correlate, one entry first": lambda x, A, C: np.correlate(x[:1], C[0, 0], "same"),
    "geomspace of negative numbers": lambda x, A, C: np.geomspace(-1 - x**2, -8.0, 4),
    "interp, one point": lambda x, A, C: np.interp(x, [0.0], [5.0], right=7.0),
    "interp, infinite values": lambda x, A, C: np.interp(x, [-1.2, 0.3, 2.5], [0.0, 1.0, np.inf]),
    "interp, infinite points": lambda x, A, C: np.interp(
        x, [-np.inf, 0.5, np.inf], [1.0, 2.0, 4.0]
    ),
    "interp beyond the period": lambda x, A, C: np.interp(x * 9, x[::-1] % 2, x, period=2.0),
    "interp of complex values": lambda x, A, C: np.abs(np.interp(x, [-1.0, 2.0], [1j, 2.0])),
    "vecdot along the first axis": lambda x, A, C: np.vecdot(C[0, :, :3], x, axis=0),
    "logspace, several bases": lambda x, A, C: np.logspace(x, 1.0, 2, base=np.array([2.0, 3, 4])),
    "eigvalsh of the upper half": lambda x, A, C: np.linalg.eigvalsh(A[:, :2] + 1, UPLO="U"),
    "cov, y as a row": lambda x, A, C: np.cov(A.T, x[None], rowvar=False),
    "cumulative_prod of a number": lambda x, A, C: np.cumulative_prod(x[0], include_initial=True),
    "irfftn, lengths as they are": lambda x, A, C: np.fft.irfft2(C, s=(3, -1)),
    "choose one of floats and numbers": lambda x, A, C: np.choose([0, 1, 2], [x, 0.5, 1]),
    "reduce nothing": lambda x, A, C: np.logaddexp.reduce(A[:0], 0, initial=1.0),
    "nanvar, none left": lambda x, A, C: np.nanvar(A, axis=1, ddof=3),
    "var in another type": lambda x, A, C: np.var(A, mean=x.mean(), dtype=np.float32),
}


def test_points_in_disorder_are_refused_where_numpy_interpolates_between_the_wrong_ones():
    with pytest.raises(ValueError, match="increasing order"):
        np.interp(t(x), [2.0, 1.0, 0.0], [0.0, 1.0, 4.0])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("call", GIVEN.values(), ids=GIVEN)
def test_what_numpy_gives_is_given(call):
    if call is GIVEN["cumulative_prod of a number"] and not hasattr(np, "cumulative_prod"):
        pytest.skip("since NumPy 2.1")
    ours, theirs = call(t(x), t(A), t(C)), call(x, A, C)
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(getattr(ours, "data", ours), theirs, rtol=1e-6, strict=True)
