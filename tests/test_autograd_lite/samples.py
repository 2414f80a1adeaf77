"""A sample of calls for every function in the tables: whoever adds a derivative adds a line here, or the suite fails.

`call(...)` holds the arguments as NumPy's function takes them. Every array (or NumPy scalar) of floats in it, in lists too, is
differentiated by; everything else is an option and stays as it is. Values keep away from corners and poles: what happens there
is convention, and `test_corners.py` has it.
"""

import numpy as np

import autograd_lite as ag
from autograd_lite.backpropagation import item
from autograd_lite.derivatives.shaping import astype, getitem, scatter


def call(*arguments, **options):
    return arguments, options


def spread(*shape, low=-2.0, high=2.0):
    """Distinct numbers between low and high in an order that looks random, none of them near a multiple of 1/2."""
    n = int(np.prod(shape))
    numbers = low + (high - low) * (np.random.default_rng(n).permutation(n) + 0.41) / max(n, 1)
    near = np.abs(numbers * 2 - np.round(numbers * 2)) < 0.04
    return (numbers + 0.031 * near).reshape(shape)


def unary(low=-2.0, high=2.0):
    """A number, an array without dimensions, a matrix, and one without entries."""
    x = lambda *shape: spread(*shape, low=low, high=high)
    return [call(x()[()]), call(x()), call(x(2, 3)), call(x(0, 3))]


def binary(low=-2.0, high=2.0, second=None):
    """Pairs of every kind of broadcasting: with numbers, of rows with columns, of ever more dimensions, without entries."""
    a = lambda *shape: spread(*shape, low=low, high=high)
    b = lambda *shape: spread(*shape, low=(second or (low, high))[0], high=(second or (low, high))[1]) * 0.97  # no ties with a
    return [
        call(spread(low=low, high=high)[()], b(2, 3)),
        call(a(2, 3), b(2, 3)[0]),
        call(a(1, 3), b(4, 1)),
        call(a(3), b(2, 2, 3)),
        call(a(2, 1, 2), b(2)),
        call(a(0, 3), b(3)),
    ]


v, w = spread(3), spread(4)
A, B, C = spread(2, 3), spread(3, 4), spread(2, 3, 4)
number, zero_d = np.float64(0.7), np.array(0.7)
none = np.zeros((0, 3))  # no entries
mask = A > 0

REDUCTIONS = [
    call(A),
    call(v),
    call(zero_d),
    call(number),
    call(A, 0),
    call(A, -1),
    call(A, axis=1, keepdims=True),
    call(a=A, axis=None, keepdims=True),
    call(C, (0, 2)),
    call(C, axis=(-1, 0), keepdims=True),
    call(C, axis=(1,)),
    call(C, axis=-2),
    call(none, axis=1),
]

EXTREMA = [*REDUCTIONS[:-1], call(spread(2, 0, 3), axis=0)]
SPREADS = [*EXTREMA, call(A, 1, ddof=1), call(C, ddof=0.5, axis=(0, -1))]

ELEMENTWISE = {
    np.add: binary(),
    np.subtract: binary(),
    np.multiply: binary(),
    np.divide: binary(second=(0.5, 2.0)),
    np.remainder: [call(A, number), call(A, np.array([[-0.8], [0.9]])), call(none, v)],
    np.fmod: [call(A, number), call(A, np.array([[-0.8], [0.9]])), call(none, v)],
    np.positive: unary(),
    np.negative: unary(),
    np.reciprocal: unary(0.5, 2.0),
    np.square: unary(),
    np.absolute: unary(),
    np.fabs: unary(),
    np.power: [*binary(0.5, 2.0), call(-A, 3), call(A, -2), call(2, A), call(v, np.array([2, 3, 4]))],
    np.float_power: binary(0.5, 2.0),
    np.sqrt: unary(0.5, 2.0),
    np.cbrt: [*unary(0.5, 2.0), call(-2 - v)],
    np.exp: unary(),
    np.exp2: unary(),
    np.expm1: unary(),
    np.log: unary(0.5, 2.0),
    np.log2: unary(0.5, 2.0),
    np.log10: unary(0.5, 2.0),
    np.log1p: unary(-0.5, 2.0),
    np.logaddexp: binary(),
    np.logaddexp2: binary(),
    np.sin: unary(),
    np.cos: unary(),
    np.tan: unary(-1.0, 1.0),
    np.arcsin: unary(-0.8, 0.8),
    np.arccos: unary(-0.8, 0.8),
    np.arctan: unary(),
    np.arctan2: binary(0.3, 2.0),
    np.sinh: unary(),
    np.cosh: unary(),
    np.tanh: unary(),
    np.arcsinh: unary(),
    np.arccosh: unary(1.5, 3.0),
    np.arctanh: unary(-0.8, 0.8),
    np.hypot: binary(),
    np.deg2rad: unary(),
    np.radians: unary(),
    np.rad2deg: unary(),
    np.degrees: unary(),
    np.maximum: binary(),
    np.minimum: binary(),
    np.clip: [
        call(A, -0.7, 0.7),
        call(A, None, 0.7),
        call(A, min=-0.7),
        call(A, a_max=0.7, a_min=-0.7),
        call(A, np.array([[-1.3], [-0.2]]), spread(3, low=0.3, high=1.2)),
        call(number, np.float64(0.8), np.float64(0.9)),
        call(none, -1, 1),
    ],
    np.where: [
        call(mask, A, spread(2, 3)[::-1]),
        call(mask, number, A),
        call(mask, A, 0),
        call(mask[0], v, spread(2, 1)),
        call(True, v, number),
        call(none > 0, none, v),
    ],
}

REDUCING = {
    np.sum: [*REDUCTIONS, call(none), call(none, 0)],
    np.mean: REDUCTIONS[:-1],
    np.prod: [
        *REDUCTIONS,
        call(np.array([2.0, 0.0, 3.0])),
        call(np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.5]]), axis=1),
        call(np.where(C > 1.5, 0.0, C), axis=(0, 2), keepdims=True),
        call(none),
    ],
    np.max: EXTREMA,
    np.min: EXTREMA,
    np.amax: EXTREMA[:6],
    np.amin: EXTREMA[:6],
    np.var: SPREADS,
    np.std: SPREADS,
}

SHAPING = {
    np.reshape: [
        call(A, (3, 2)),
        call(A, -1),
        call(A, (3, -1), order="F"),
        call(A, shape=(1, 6)),
        call(number, (1, 1)),
        call(none, (3, 0)),
        call(C.transpose(2, 0, 1), (6, 4)),
    ],
    np.ravel: [call(A), call(A, "F"), call(A, order="C"), call(number), call(none), call(B[::2, ::-1])],
    np.transpose: [
        call(A),
        call(v),
        call(zero_d),
        call(C, (1, 2, 0)),
        call(C, axes=(-1, 0, -2)),
        call(C, [2, 0, 1]),
        call(none),
    ],
    np.swapaxes: [call(C, 0, -1), call(C, axis1=1, axis2=2), call(A, -1, -2)],
    np.moveaxis: [call(C, 0, -1), call(C, (0, 1), (-1, 0)), call(C, source=[2], destination=[0])],
    np.expand_dims: [call(A, 0), call(A, -1), call(v, axis=(0, 2)), call(number, 0), call(none, 1)],
    np.squeeze: [call(A[None]), call(A[None, :, None], axis=(0, -2)), call(A[:, None], 1), call(np.ones((1, 1)))],
    np.broadcast_to: [
        call(v, (2, 3)),
        call(A[:, None], (4, 2, 5, 3)),
        call(number, shape=(2,)),
        call(v, (0, 3)),
        call(zero_d, ()),
    ],
    np.flip: [call(C), call(C, 1), call(C, axis=(0, -1))],
    np.copy: [call(A), call(number)],
    np.cumsum: [call(A), call(A, 0), call(C, axis=-2), call(none, 1), call(number)],
    np.concatenate: [
        call([A, spread(1, 3)]),
        call((A, spread(2, 1)), 1),
        call([A, v], axis=None),
        call([C, C[:1], none.reshape(0, 3, 1)[..., [0] * 4]], axis=-3),
        call([A, np.ones((1, 3), int)]),
    ],
    np.stack: [call([A, A[::-1]]), call([v, v * 2, v[::-1]], -1), call((number, zero_d)), call([C, C], axis=1)],
    np.split: [call(w, 2), call(A, 3, 1), call(A, [1, 2], axis=-1), call(C, indices_or_sections=3, axis=1), call(w, [0, 4])],
    np.array_split: [call(w, 3), call(A, 2, 1), call(none, 2)],
    getitem: [
        call(A, 1),
        call(A, (1, -1)),
        call(A, (slice(None), slice(None, None, -2))),
        call(A, (Ellipsis, None, 0)),
        call(A, mask),
        call(A, (slice(None), mask[1])),
        call(A, [0, 0, 1]),
        call(A, (np.array([[0], [1]]), np.array([2, 0, 2]))),
        call(C, (slice(1), [2, 2], slice(None, None, 3))),
        call(C, ([0, 1], slice(None), np.array([3, -1]))),
        call(v, np.array([], int)),
        call(A, index=()),
        call(none, slice(1, None)),
        call(number, None),
        call(zero_d, True),
    ],
    scatter: [
        call(v, slice(1, 4), (5,)),
        call(A, [1, 1], (4, 3)),
        call(v, np.array([0, 0, 2]), (3,)),
        call(spread(3), mask, (2, 3)),
        call(number, 1, (3,)),
    ],
    astype: [call(A, np.float64)],
}

LINEAR_ALGEBRA = {
    np.matmul: [
        call(v, spread(3)[::-1]),
        call(v, B),
        call(A, v),
        call(A, B),
        call(C, spread(4)),
        call(v, spread(2, 3, 4)),
        call(C, spread(4, 2)),
        call(A, spread(4, 3, 2)),
        call(C, spread(2, 4, 3)),
        call(spread(2, 1, 2, 3), spread(4, 3, 2)),
        call(none, B),
        call(spread(2, 0), spread(0, 3)),
        call(spread(4, 0, 3), spread(3)),
    ],
    np.dot: [
        call(number, A),
        call(A, 2),
        call(A, zero_d),
        call(v, spread(3)[::-1]),
        call(v, B),
        call(A, v),
        call(A, B),
        call(C, w),
        call(v, spread(2, 3, 4)),
        call(C, spread(4, 2)),
        call(A, spread(4, 3, 2)),
        call(C, spread(2, 4, 3)),
        call(C, spread(2, 1, 4, 2)),
        call(none, B),
        call(A, b=v),
        call(spread(2, 0), spread(0, 3)),
    ],
}

FUNCTIONS = {
    ag.sigmoid: unary(),
    ag.relu: unary(),
    ag.leaky_relu: [*unary(), call(A, 0.2), call(A, negative_slope=0.2), call(A, number), call(A, negative_slope=v)],
    ag.elu: [*unary(), call(A, 2.0), call(A, alpha=0.5), call(A, number), call(A, alpha=v)],
    ag.softplus: unary(),
    ag.normal_cdf: unary(),
    ag.logsumexp: [*EXTREMA[:7], *EXTREMA[8:]],
    ag.softmax: [call(v), call(A), call(A, 0), call(C, axis=-2), call(spread(2, 0, 3))],
    ag.log_softmax: [call(v), call(A), call(A, 0), call(C, axis=-2), call(spread(2, 0, 3))],
    ag.linear: [
        call(A, spread(4, 3)),
        call(A, spread(4, 3), w),
        call(v, spread(4, 3), bias=w),
        call(C, spread(2, 4), np.array([1, 2])),
        call(none, spread(4, 3), w),
        call(x=A, weight=spread(1, 3), bias=spread(1)),
    ],
}

CALLED_THROUGH = {item: np.split}  # item takes one of several results; nobody calls it by its name
RESULTS = {item: [call(w, [1, 3]), call(A, 3, axis=1)]}

SAMPLES = ELEMENTWISE | REDUCING | SHAPING | LINEAR_ALGEBRA | FUNCTIONS | RESULTS

# Of the third kind: given tensors, these return plain values.
_CONSTANT_SAMPLES = [
    ([call(A)], [np.sign, np.floor, np.ceil, np.trunc, np.rint, np.signbit]),
    ([call(A)], [np.logical_not, np.isnan, np.isinf, np.isfinite]),
    ([call(A)], [np.shape, np.ndim, np.size, np.nonzero]),
    ([call(A, v), call(A, 0)], [np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal]),
    ([call(A, v), call(2, A)], [np.logical_and, np.logical_or, np.logical_xor, np.floor_divide]),
    ([call(A), call(A, axis=1), call(a=A)], [np.argmax, np.argmin, np.any, np.all, np.count_nonzero]),
    ([call(A), call(A, np.int64), call(a=A, shape=(2,))], [np.zeros_like, np.ones_like]),
    ([call(A, A), call(A, v)], [np.array_equal, np.array_equiv, np.allclose]),
    ([call(A, v)], [np.shares_memory]),
    ([call(none)], [np.empty_like]),
    ([call(A, 1), call(np.float32, v)], [np.result_type]),
    ([call(A, v, atol=0.5)], [np.isclose]),
    ([call(A), call(A, axis=0, kind="stable")], [np.argsort]),
]
CONSTANT_SAMPLES = {function: calls for calls, functions in _CONSTANT_SAMPLES for function in functions}
