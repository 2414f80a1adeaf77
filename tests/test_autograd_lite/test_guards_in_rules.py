"""Where a rule protects a special point (0/0, a corner, a product with zeros, a NaN that is passed
over), its own derivative there is right, or no number; never another number.

Each guard in the tables has its cases below, at the point that it protects; one that is new is
found in the source, and the last test demands its cases.
"""

import pathlib

import numpy as np
import pytest
from protected_points import NAN, At, check, guards_in, none, pair, same, third, total, zeros

import autograd_lite as ag
from autograd_lite.derivatives import RULES
from autograd_lite.derivatives.decompositions import length
from autograd_lite.derivatives.elementwise import masked, quotient, sign
from autograd_lite.derivatives.reductions import unit

INF = np.inf


v, w = np.array([3.0, 0.0, -4.0]), np.array([2.0, -1.0, 0.5])
nothing = np.zeros(3)
X = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]])


def residual(f, power=1):
    """The size of Xb − y at a perfect fit."""
    return lambda b: f(X @ b - X @ np.array([1.0, -2.0])) ** power


LENGTHS = [
    At(np.linalg.norm, nothing, [0, 0, 0], none(3)),
    At(np.linalg.vector_norm, nothing, [0, 0, 0], none(3)),
    At(lambda x: np.linalg.norm(np.reshape(x, (2, 2))), np.zeros(4), [0] * 4, none(4)),
    At(lambda x: np.linalg.matrix_norm(np.reshape(x, (2, 2))), np.zeros(4), [0] * 4, none(4)),
    At(residual(np.linalg.norm), [1.0, -2.0], [0, 0], none(2)),
    At(residual(np.linalg.norm, 2), [1.0, -2.0], [0, 0], none(2)),  # 2 XᵀX, but not by this way
    At(
        lambda x: np.sum(np.linalg.norm(np.reshape(x, (2, 2)), axis=1)),
        [0, 0, 3, 4.0],
        [0, 0, 0.6, 0.8],
        [[NAN] * 2 + [0] * 2] * 2 + [[NAN] * 2 + [0.128, -0.096], [NAN] * 2 + [-0.096, 0.072]],
    ),
    At(lambda x: np.sum(x * x), nothing, [0, 0, 0], 2 * np.eye(3)),  # a length squared, written so
    At(lambda x: np.sqrt(np.sum(x * x)), nothing, [NAN] * 3, none(3)),  # √ has no derivative at 0
]

# Kernels of two points that are equal, as functions of the one.
y = np.array([0.5, -1.0])
apart = [lambda x: np.linalg.norm(x - y), lambda x: np.sqrt(np.sum((x - y) ** 2))]
apart += [lambda x: np.hypot(x[0] - y[0], x[1] - y[1])]
KERNELS = [At(lambda x, r=r: np.exp(-r(x)), y, [NAN] * 2, none(2)) for r in apart[1:]]
KERNELS += [
    At(lambda x: np.exp(-apart[0](x)), y, [0, 0], none(2)),
    At(lambda x: np.exp(-(apart[0](x) ** 2) / 2), y, [0, 0], none(2)),
    At(lambda x: (1 + apart[0](x)) * np.exp(-apart[0](x)), y, [0, 0], none(2)),  # Matérn, ν = 3/2
    At(lambda x: np.exp(-np.sum((x - y) ** 2) / 2), y, [0, 0], -np.eye(2)),
    At(lambda x: np.exp(-np.abs(x[0] - 0.5)), y[:1], [0], none(1)),
    At(lambda x: np.exp(-(np.abs(x[0] - 0.5) ** 2) / 2), y[:1], [0], none(1)),
    At(lambda x: np.exp(-((x[0] - 0.5) ** 2) / 2), y[:1], [0], [[-1]]),
]

rank_one = np.array([1.0, 2.0, 2.0, 4.0])
as_matrix = lambda f: lambda x: f(np.reshape(x, (2, 2)))
OF_2_BY_2 = [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]]  # the determinant's
EXTREMES = [At(f, [1.0, 1.0], [0.5, 0.5], zeros(2)) for f in (np.max, np.min, np.amax, np.amin)]

# (module, what the guard stands in) -> its cases, or why it protects no point.
GUARDS = {
    ("elementwise", "sign"): [
        At(total(np.abs), [0.0, 2.0, -3.0], [0, 1, -1], [[NAN, 0, 0]] * 3),
        At(total(lambda x: np.abs(x) ** 2), [0.0, 2.0], [0, 4], [[NAN, 0], [NAN, 2]]),
        At(total(lambda x: np.abs(x) * x), [0.0], [0], none(1)),
    ],
    ("elementwise", "np.fabs"): [At(total(np.fabs), [0.0, 2.0], [0, 1], [[NAN, 0]] * 2)],
    ("elementwise", "direction"): [
        At(lambda x: np.sum(np.abs(np.fft.rfft(x))), np.zeros(2), [0, 0], none(2)),
        At(lambda x: np.sum(np.abs(np.fft.rfft(x)) ** 2), np.zeros(2), [0, 0], none(2)),
        At(lambda x: np.abs(x[0] + 1j * x[1]), [0.0, 0.0], [0, 0], none(2)),
        At(
            lambda x: np.abs(x[0] + 1j * x[1]),
            [3.0, 4.0],
            [0.6, 0.8],
            [[0.128, -0.096], [-0.096, 0.072]],
        ),
    ],
    ("elementwise", "quotient"): [
        At(pair(quotient), [0.0, 0.0], [NAN, NAN], none(2)),
        At(pair(quotient), [0.0, 2.0], [0.5, 0], [[0, -0.25], [-0.25, 0]]),
    ],
    ("elementwise", "masked"): [
        At(lambda x: np.sqrt(np.maximum(x[0], 0)), [-1.0], [0], [[0]]),
        At(
            lambda x: np.sum(masked(x / x[0], np.array([0.0, 1.0]))),
            [0.0, 1.0],
            [NAN, INF],
            none(2),
        ),
    ],
    ("choosing", "share"): [
        At(pair(np.maximum), [1.0, 1.0], [0.5, 0.5], zeros(2)),
        At(pair(np.minimum), [1.0, 1.0], [0.5, 0.5], zeros(2)),
        At(
            lambda x: np.max(x) + np.log(np.sum(np.exp(x - np.max(x)))),
            [1.0, 1.0],
            [0.5, 0.5],
            [[0.25, -0.25], [-0.25, 0.25]],
        ),
    ],
    ("choosing", "np.maximum"): "share has it",
    ("choosing", "np.minimum"): "share has it",
    ("choosing", "np.fmax"): [
        At(pair(np.fmax), [1.0, 1.0], [0.5, 0.5], zeros(2)),
        At(pair(lambda a, b: np.fmax(a * a, b)), [3.0, NAN], [6, 0], [[2, 0], [0, 0]]),
    ],
    ("choosing", "np.fmin"): [
        At(pair(np.fmin), [1.0, 1.0], [0.5, 0.5], zeros(2)),
        At(pair(lambda a, b: np.fmin(a, b * b)), [NAN, 3.0], [0, 6], [[0, 0], [0, 2]]),
    ],
    ("choosing", "np.where"): [
        At(total(lambda x: np.where(x > 0, x**2, 0)), [0.0, 3.0], [0, 6], [[0, 0], [0, 2]])
    ],
    ("choosing", "np.heaviside"): [At(lambda x: np.heaviside(0.0, x[0] ** 2), [3.0], [6], [[2]])],
    ("choosing", "np.nan_to_num"): [At(total(np.nan_to_num), [NAN, INF, 3.0], [0, 0, 1], zeros(3))],
    ("choosing", "clip"): [
        At(total(lambda x: np.clip(x**2, 1, 4)), [1.0, 2.0, 3.0], [2, 4, 0], np.diag([2, 2, 0])),
        At(
            lambda x: np.sum(np.clip(0.0, x[0] ** 2, x[1] ** 2)),
            [1.0, 2.0],
            [2, 0],
            np.diag([2, 0]),
        ),
        At(
            lambda x: np.sum(np.clip(9.0, x[0] ** 2, x[1] ** 2)),
            [1.0, 2.0],
            [0, 4],
            np.diag([0, 2]),
        ),
    ],
    ("choosing", "at_max"): "np.clip has it",
    ("choosing", "at_min"): "np.clip has it",
    ("pairs", "base"): [
        At(lambda x: np.sum(x[0] ** np.arange(5)), [0.0], [1], [[2]]),  # 1 + x + x² + x³ + x⁴
        At(total(lambda x: x**0.0), [0.0, 2.0], [0, 0], zeros(2)),
        At(total(lambda x: x**0.5), [0.0], [INF], none(1)),
        At(total(lambda x: x**1.5), [0.0], [0], none(1)),
        At(total(lambda x: np.float_power(x, 2)), [0.0], [0], [[2]]),
    ],
    ("pairs", "guarded_base"): [  # a^b of both, near a = 0
        At(pair(np.power), [0.0, 0.0], [0, 0], none(2)),
        At(pair(np.power), [0.0, 0.5], [INF, 0], none(2)),
        At(pair(np.power), [0.0, 1.0], [1, 0], none(2)),  # ∂²/∂a∂b is ln 0
        At(pair(np.power), [0.0, 2.0], [0, 0], [[2, 0], [0, 0]]),
        At(pair(np.power), [0.0, 3.5], [0, 0], zeros(2)),
        At(pair(np.power), [0.0, -1.0], [-INF, -INF], none(2)),
        At(pair(np.power), [23.0, 0.0], [0, np.log(23)], [[0, 1 / 23], [1 / 23, np.log(23) ** 2]]),
        At(pair(np.power), [-2.0, 3.0], [12, NAN], none(2)),
        At(lambda b: np.sum(0**b), [0.0, 2.0], [0, 0], [[NAN, 0], [NAN, 0]]),
    ],
    ("pairs", "power_and_logs"): "guarded_base has it",
    ("pairs", "np.power"): "guarded_base has it",
    ("pairs", "np.float_power"): "guarded_base has it",
    ("pairs", "times"): [
        At(pair(np.remainder), [7.0, 2.0], [1, -3], zeros(2)),
        At(pair(np.fmod), [-7.0, 2.0], [1, 3], zeros(2)),
    ],
    ("pairs", "cosine"): [
        At(pair(np.hypot), [0.0, 0.0], [NAN, NAN], none(2)),
        At(pair(np.hypot), [INF, 1.0], [1, 0], zeros(2)),
        At(pair(np.hypot), [1.0, -INF], [0, -1], zeros(2)),
        At(pair(np.hypot), [INF, INF], [NAN, NAN], none(2)),
        At(pair(np.arctan2), [0.0, 0.0], [NAN, NAN], none(2)),
        At(pair(np.arctan2), [INF, 1.0], [0, 0], zeros(2)),
        At(pair(np.arctan2), [1.0, -INF], [0, 0], zeros(2)),
        At(total(np.arcsinh), [INF, -INF], [0, 0], zeros(2)),
        At(lambda x: np.angle(x[0] + 1j * x[1]), [0.0, 0.0], [NAN, NAN], none(2)),
    ],
    ("pairs", "lead"): [
        At(pair(np.logaddexp), [-INF, -INF], [0, 0], zeros(2)),
        At(pair(np.logaddexp2), [-INF, -INF], [0, 0], zeros(2)),
        At(pair(np.logaddexp), [INF, 1.0], [1, 0], zeros(2)),
        At(pair(np.logaddexp), [2.0, 2.0], [0.5, 0.5], [[0.25, -0.25], [-0.25, 0.25]]),
    ],
    ("reductions", "deviations"): [
        At(np.std, [2.0, 2.0, 2.0], [0, 0, 0], none(3)),
        At(lambda x: np.std(x) ** 2, [2.0, 2.0], [0, 0], none(2)),
        At(lambda x: np.std(x, ddof=1), [2.0, 2.0], [0, 0], none(2)),
        At(np.var, [2.0, 2.0], [0, 0], [[0.5, -0.5], [-0.5, 0.5]]),
        At(np.std, [2.0], [0], [[0]]),  # of a single number it is 0 everywhere
        At(lambda x: np.sum(np.std(np.reshape(x, (2, 1)), axis=1)), [2.0, 3.0], [0, 0], zeros(2)),
    ],
    ("reductions", "unit"): LENGTHS + KERNELS,
    ("reductions", "length_or_nan"): "unit has it",
    ("reductions", "winners"): EXTREMES,
    ("reductions", "divisible"): [
        At(np.prod, [0.0, 2.0, 3.0], [6, 0, 0], [[0, 3, 2], [3, 0, 0], [2, 0, 0]]),
        At(np.prod, [0.0, 0.0, 3.0], [0, 0, 0], [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
        At(np.prod, [0.0], [1], [[0]]),
        At(
            lambda x: np.cumprod(x)[-1],
            [0.0, 2.0, 3.0],
            [6, 0, 0],
            [[0, 3, 2], [3, 0, 0], [2, 0, 0]],
        ),
        At(lambda x: np.sum(np.cumprod(x)), [0.0, 0.0], [1, 0], [[0, 1], [1, 0]]),
        At(
            lambda x: np.multiply.accumulate(x)[-1],
            [0.0, 0.0, 3.0],
            [0, 0, 0],
            [[0, 3, 0], [3, 0, 0], [0, 0, 0]],
        ),
    ],
    ("sequences", "cumprod_gradient"): "divisible has it",
    ("sequences", "geometric"): [
        At(
            lambda x: np.sum(np.geomspace(x[0], x[1], 3)),
            [-1.0, -4.0],
            [2, 1.25],
            [[0.5, -0.125], [-0.125, 0.03125]],
        ),
    ],
    ("sequences", "np.nancumsum"): [
        At(total(lambda x: np.nancumsum(x**2)), [NAN, 3.0], [NAN, 6], np.diag([0, 2])),
    ],
    ("sequences", "np.nancumprod"): [
        At(
            lambda x: np.nancumprod(x)[-1],
            [0.0, NAN, 3.0],
            [3, 0, 0],
            [[0, 0, 1], [0, 0, 0], [1, 0, 0]],
        )
    ],
    # At a knot the piece to the right counts, at the last one that to the left.
    ("sequences", "interpolate"): [
        At(lambda x: np.interp(x[0], [0.0, 1.0, 3.0], [0.0, 2.0, 3.0]), [1.0], [0.5], [[0]]),
        At(lambda x: np.interp(x[0], [0.0, 1.0, 3.0], [0.0, 2.0, 3.0]), [3.0], [0.5], [[0]]),
        At(lambda x: np.interp(x[0], [0.0, 1.0, 3.0], [0.0, 2.0, 3.0]), [3.5], [0], [[0]]),
        At(lambda x: np.interp(0.5, np.array([0.0, 1.0]), x**2), [1.0, 2.0], [1, 2], np.eye(2)),
        At(
            lambda x: np.interp(9.0, np.array([0.0, 1.0]), x**2),
            [1.0, 2.0],
            [0, 4],
            np.diag([0, 2]),
        ),
        At(
            lambda x: np.interp(INF, np.array([0.0, 1.0]), x**2),
            [1.0, 2.0],
            [0, 4],
            np.diag([0, 2]),
        ),
        At(
            lambda x: np.interp(-INF, np.array([0.0, 1.0]), x**2),
            [1.0, 2.0],
            [2, 0],
            np.diag([2, 0]),
        ),
    ],
    ("sequences", "on_the_line"): [
        At(
            lambda x: np.interp(x[0] ** 2, [0.0, 1.0, 2.0], [0.0, 1.0, INF]),
            [0.5],
            [1],
            [[2]],
        ),
        At(
            lambda x: np.interp(1.0, np.array([0.0, 1.0, 2.0]), np.array([0, 1, INF]) + x),
            [2.0],
            [1],
            [[0]],
        ),
    ],
    ("sequences", "differences_between"): "it asks for dtypes only",
    ("statistics", "np.nansum"): [
        At(lambda x: np.nansum(x) ** 2, [NAN, 3.0], [0, 6], [[0, 0], [0, 2]])
    ],
    ("statistics", "np.nanprod"): [
        At(np.nanprod, [0.0, NAN, 3.0], [3, 0, 0], [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    ],
    ("statistics", "numbers"): [At(np.nanmean, [NAN, NAN], [0, 0], zeros(2))],
    ("statistics", "quantile"): [
        At(lambda x: np.median(x) ** 2, [3.0, 1.0, 2.0], [0, 0, 4], np.diag([0, 0, 2])),
        At(lambda x: np.median(x), [NAN, 1.0, 2.0], [0, 0, 0], zeros(3)),
    ],
    ("statistics", "nan_quantile"): [
        At(
            lambda x: np.nanmedian(x) ** 2,
            [NAN, 1.0, 3.0],
            [0, 2, 2],
            [[0, 0, 0], [0, 0.5, 0.5], [0, 0.5, 0.5]],
        ),
        At(lambda x: np.nanquantile(x, 1.0) ** 2, [NAN, 1.0, 3.0], [0, 0, 6], np.diag([0, 0, 2])),
        At(lambda x: np.quantile(x, 0.5), [-INF, 1.0, INF], [0, 1, 0], zeros(3)),
    ],
    ("reduction_options", "centred"): [
        At(np.nanstd, [2.0, NAN, 2.0], [0, 0, 0], [[NAN, 0, NAN]] * 3),
        At(np.nanvar, [2.0, NAN, 2.0], [0, 0, 0], [[0.5, 0, -0.5], [0, 0, 0], [-0.5, 0, 0.5]]),
        At(np.nanstd, [2.0, NAN], [0, 0], zeros(2)),
    ],
    ("reduction_options", "counted"): "a number of entries; test_stable_reductions.py has it",
    ("reduction_options", "reduced"): [
        At(
            lambda x: np.sum(x**2, where=[True, False]),
            [3.0, 5.0],
            [6, 0],
            [[2, 0], [0, 0]],
        ),
        At(
            lambda x: np.max(x**2, initial=-1.0, where=[True, False]),
            [3.0, 5.0],
            [6, 0],
            [[2, 0], [0, 0]],
        ),
    ],
    ("statistics", "nan_spread_of"): [At(np.nanvar, [NAN, NAN], [0, 0], zeros(2))],
    ("statistics", "average"): "it refuses weights that sum to 0",
    ("ufunc_methods", "holders"): [
        At(
            lambda x: np.sum(np.maximum.accumulate(x**2)),
            [2.0, 1.0, 2.0],
            [8, 0, 4],
            np.diag([4, 0, 2]),
        ),
    ],
    ("rearranging", "numbered_choice"): "it chooses by whole numbers",
    ("statistics", "nan_extremum"): [
        At(lambda x: np.nanmax(x) ** 2, [NAN, 3.0], [0, 6], [[0, 0], [0, 2]]),
        At(lambda x: np.nanmin(x), [NAN, NAN], [0, 0], zeros(2)),
    ],
    ("floating_point", "np.copysign"): [
        At(lambda x: np.sum(np.copysign(x, -1)), [0.0, 2.0], [0, -1], [[NAN, 0]] * 2),
        At(lambda x: np.sum(np.copysign(x, -1) ** 2), [0.0, 2.0], [0, 4], [[NAN, 0], [NAN, 2]]),
    ],
    ("floating_point", "sinc_derivative"): [
        At(total(np.sinc), [0.0], [0], [[-(np.pi**2) / 3]]),
        At(total(np.sinc), [1e-8], [-(np.pi**2) / 3e8], [[-(np.pi**2) / 3]]),
        At(total(np.sinc), [1.0], [-1], [[2]]),
        At(total(np.sinc), [-2.0], [-0.5], [[-0.5]]),
    ],
    ("decompositions", "is_regular"): [
        At(as_matrix(np.linalg.det), rank_one, [4, -2, -2, 1], OF_2_BY_2),
        At(as_matrix(np.linalg.det), np.zeros(4), [0] * 4, OF_2_BY_2),
        At(as_matrix(np.linalg.det), [1.0, 2.0, 3.0, 4.0], [4, -3, -2, 1], OF_2_BY_2),
    ],
    ("decompositions", "second_derivative_of_det"): "is_regular has it",
    ("decompositions", "orientation"): "is_regular has it",
    ("decompositions", "inverse"): [
        At(
            as_matrix(lambda a: np.linalg.slogdet(a)[1]),
            rank_one,
            "ln |det a| of a singular matrix",
            None,
        ),
    ],
    ("decompositions", "one_over_differences"): [
        At(
            as_matrix(lambda a: np.sum(np.linalg.eigh(a)[1] ** 3)),
            np.eye(2).ravel(),
            "eigenvalues are equal",
            None,
        ),
        At(
            as_matrix(lambda a: np.sum(np.linalg.svd(a)[0] ** 3)),
            np.eye(2).ravel(),
            "singular values are equal",
            None,
        ),
    ],
    # The sum of the squares of all entries, in a way that ends where two values are equal.
    ("decompositions", "is_used"): [
        At(as_matrix(lambda a: np.sum(np.linalg.svdvals(a) ** 2)), np.zeros(4), [0] * 4, "equal"),
        At(
            as_matrix(lambda a: np.sum(np.linalg.svdvals(a) ** 2)),
            [2.0, 0, 0, 1],
            [4, 0, 0, 2],
            2 * np.eye(4),
        ),
        At(as_matrix(lambda a: np.sum(np.linalg.eigvalsh(a) ** 2)), np.zeros(4), [0] * 4, "equal"),
        At(lambda x: np.linalg.norm(np.outer(x, [1.0, 1.0]), 2), v, v / 5 * 2**0.5, none(3)),
        At(
            lambda x: np.sum(np.linalg.svdvals(np.outer(x, [1.0, 1.0]))[0]),
            v,
            v / 5 * 2**0.5,
            none(3),
        ),
    ],
    ("decompositions", "thin_svd_gradient"): "is_used has it",
    ("decompositions", "turning"): "is_used has it",
    ("decompositions", "signed_magnitude"): [  # norms of other orders, at an entry that is 0
        At(lambda x: np.linalg.norm(x, 1), [3.0, 0.0], [1, 0], [[0, NAN]] * 2),
        At(lambda x: np.linalg.norm(x, INF), [3.0, 0.0], [1, 0], [[0, NAN]] * 2),
        At(lambda x: np.linalg.norm(x, -INF), [3.0, 0.0], [0, 0], [[0, NAN]] * 2),
        At(lambda x: np.linalg.norm(x, 3), [3.0, 0.0], [1, 0], zeros(2)),
        At(lambda x: np.linalg.norm(x, 4), [3.0, 0.0], [1, 0], zeros(2)),
        At(lambda x: np.linalg.norm(x, 1.5), [3.0, 0.0], [1, 0], [[0, NAN]] * 2),
        At(lambda x: np.linalg.norm(x, 0.5), [3.0, 0.0], [1, NAN], none(2)),
        *(
            At(lambda x, p=p: np.linalg.norm(x, p), [0.0, 0.0], [NAN, NAN], none(2))
            for p in (3, 4, 1.5, -1)
        ),
        *(
            At(lambda x, p=p: np.linalg.norm(x, p), [0.0, 0.0], [0, 0], none(2))
            for p in (1, 2, None)
        ),
        At(lambda x: np.linalg.norm(x, INF), [0.0, 0.0], [0, 0], none(2)),
        At(as_matrix(lambda a: np.linalg.cond(a)), [1.0, 0.0, 0.0, 0.0], [NAN] * 4, none(4)),
    ],
    ("fourier", "half_spectrum"): "it tells which entries count twice, from their places alone",
    ("linear_algebra", "gradients_by_letters"): "about letters",
    ("linear_algebra", "np.inner"): "about dimensions",
    ("joining", "np.hsplit"): "about dimensions",
    ("layers", "linear"): "about dimensions",
    ("rearranging", "np.choose"): [
        At(lambda x: np.choose([0], [x[0] ** 2, x[1] ** 2])[0], [1.0, 3.0], [2, 0], np.diag([2, 0]))
    ],
    ("rearranging", "first_that_holds"): [
        At(
            lambda x: np.sum(np.select([x > 1, x > 0], [x**2, x**3])),
            [2.0, 0.5, 0.0],
            [4, 0.75, 0],
            np.diag([2, 3, 0]),
        ),
    ],
    ("functions", "sigmoid"): [At(total(ag.sigmoid), [0.0], [0.25], [[0]])],
    ("functions", "relu"): [  # at 0 it counts as its left piece, in derivatives of any order
        At(total(ag.relu), [0.0], [0], [[0]]),
        At(total(lambda x: ag.relu(x) ** 2), [0.0], [0], [[0]]),
    ],
    ("layers", "leaky_relu"): [
        At(pair(ag.leaky_relu), [0.0, 0.1], [0.1, 0], [[0, 1], [1, 0]]),
        At(pair(ag.leaky_relu), [INF, 0.1], [1, 0], zeros(2)),
    ],
    ("layers", "elu"): [
        At(pair(ag.elu), [0.0, 0.5], [0.5, 0], [[0.5, 1], [1, 0]]),
        At(pair(ag.elu), [1e4, 0.5], [1, 0], zeros(2)),
    ],
    ("functions", "softplus"): [At(total(ag.softplus), [0.0], [0.5], [[0.25]])],
    ("functions", "logsumexp"): [
        At(ag.logsumexp, [-INF, -INF], [0, 0], zeros(2)),
        At(ag.logsumexp, [INF, 0.0], [1, 0], zeros(2)),
    ],
    ("functions", "shared_out"): "logsumexp has it",
    ("layers", "cut_off"): [
        At(
            total(ag.normal_cdf),
            [INF, -INF, 200.0, 0.0],
            [0, 0, 0, 1 / np.sqrt(2 * np.pi)],
            zeros(4),
        ),
    ],
}


CASES = [
    pytest.param(case, id=f"{module}.{name}-{i}")
    for (module, name), cases in GUARDS.items()
    if not isinstance(cases, str)
    for i, case in enumerate(cases)
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_both_derivatives_at_the_protected_point(case):
    check(case)


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: np.sum(x**3), [0.0], [6]),
        (lambda x: np.sum(x**2.5), [0.0], [NAN]),
        (lambda x: np.sum(x ** np.arange(5)), [0.0], [6]),
        (pair(np.power), [0.0, 2.0], [NAN] * 8),  # ∂³/∂a²∂b is ln 0
        (pair(np.power), [0.0, 3.0], [NAN, 0] * 4),
        (total(np.abs), [0.0], [NAN]),
        (np.linalg.norm, [0.0, 0.0], [NAN] * 8),
        (np.std, [1.0, 1.0], [NAN] * 8),
        (np.var, [1.0, 1.0], [0] * 8),
        (
            np.prod,
            [0.0, 0.0, 0.0],
            [0] * 5 + [1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1] + [0, 0, 0, 1, 0, 1] + [0] * 5,
        ),
        (total(np.sinc), [0.0], [0]),
        (total(ag.softplus), [0.0], [0]),
        (total(ag.normal_cdf), [0.0], [-1 / np.sqrt(2 * np.pi)]),
        (ag.logsumexp, [-INF, -INF], [0] * 8),
        (pair(np.logaddexp), [-INF, -INF], [0] * 8),
        (pair(np.logaddexp), [1.0, 1.0], [0] * 8),
        (pair(np.hypot), [0.0, 0.0], [NAN] * 8),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_third_derivatives_at_the_protected_point(f, x, expected):
    same(third(f, x).ravel(), expected)


TABLES = pathlib.Path(ag.__file__).parent
MODULES = [*sorted((TABLES / "derivatives").glob("*.py")), TABLES / "functions.py"]
MODULES.append(TABLES / "layers.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_guard_has_its_cases(path):
    found = set(guards_in(path.read_text()))
    assert [name for name in found if (path.stem, name) not in GUARDS] == []


def test_every_case_belongs_to_a_function_that_is_there():
    sources = {path.stem: path.read_text() for path in MODULES}
    for module, name in GUARDS:
        assert name.split(".")[-1] in sources[module], f"{module}.{name} is gone"


def test_a_new_guard_is_found():
    for source in (
        "derivative(np.tanh, lambda g, y, x: g * np.where(y == 0, 1, y))",
        "derivative(np.tanh, lambda g, y, x: g * (x != 0))",
        "for f in (np.tanh, np.sinh):\n    derivative(f, lambda g, y, x: g * np.isfinite(x))",
        "@differentiable(lambda g, y, x: g * (0 < x))\ndef f(x):\n    return x",
        "def f(x):\n    return x if np.all(x != 0) else 1",
    ):
        assert set(guards_in(source)) <= {"np.tanh", "np.sinh", "f"} and any(guards_in(source))
    assert not any(guards_in("derivative(np.tanh, lambda g, y, x: g * (1 - y * y))"))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("function", "rules", "guard"),
    [
        (sign, [lambda g, y, x: 0 * g], ("elementwise", "sign")),
        (np.hypot, [lambda g, y, a, b: g * (a / np.where(y == 0, 1, y))] * 2, ("pairs", "cosine")),
        (
            length,
            [lambda g, y, x, axis=None, keepdims=False: g / np.where(y == 0, 1, y) * x],
            ("reductions", "unit"),
        ),
        (unit, [lambda g, y, x, axis: g - g], ("reductions", "deviations")),
        (
            quotient,
            [lambda g, y, a, b: g / np.where(b == 0, 1, b), None],
            ("elementwise", "direction"),
        ),
        (
            np.prod,
            [lambda g, y, a, axis=None, keepdims=False: g * y / a],
            ("reductions", "divisible"),
        ),
        (np.logaddexp, [lambda g, y, a, b: g * np.exp(a - y)] * 2, ("pairs", "lead")),
        (
            ag.logsumexp,
            [lambda g, y, x, axis=None, keepdims=False: g * np.exp(x - y)],
            ("functions", "logsumexp"),
        ),
        (
            ag.elu,
            [lambda g, y, x, alpha=1: g * np.exp(np.minimum(x, 0)), None],
            ("layers", "elu"),
        ),
        (
            np.copysign,
            [lambda g, y, a, b: g * np.sign(a) * np.sign(b), None],
            ("floating_point", "np.copysign"),
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_guard_that_gives_another_number_is_found(function, rules, guard, monkeypatch):
    monkeypatch.setitem(RULES, function, tuple(rules))
    with pytest.raises(AssertionError):
        for case in GUARDS[guard]:
            check(case)
