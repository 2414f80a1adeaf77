"""A sample of calls for every function in the tables: whoever adds a derivative adds a line here,
or the suite fails.

`call(...)` holds the arguments as NumPy's function takes them. Every array (or NumPy scalar) of
floats in it, in lists too, is differentiated by; everything else is an option and stays as it is.
Values keep away from corners and poles: what happens there is convention, and `test_corners.py` has
it.
"""

import numpy as np

import autograd_lite as ag
from autograd_lite.backpropagation import item
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.decompositions import (
    cofactors,
    length,
    magnitude,
    signed_magnitude,
    thin_qr,
    thin_svd,
)
from autograd_lite.derivatives.elementwise import masked, one_less_square, quotient, sign
from autograd_lite.derivatives.floating_point import sinc_derivative
from autograd_lite.derivatives.indexing import astype, getitem, scatter
from autograd_lite.derivatives.kinds import FORMULAS
from autograd_lite.derivatives.pairs import cosine, guarded_base, power_and_logs
from autograd_lite.derivatives.reductions import unit
from autograd_lite.derivatives.sequences import full_convolution
from autograd_lite.transforms import _flatten

# When np.clip got min= and max=, and np.reshape shape=.
SINCE_2_1 = np.lib.NumpyVersion(np.__version__) >= "2.1.0"


def of_the_engine(function):
    """Whether `import autograd_lite` declares it, and not SciPy's part, nn or a test."""
    rules = RULES.get(function) or FORMULAS[function]
    homes = {rule.__module__ for rule in ([rules] if callable(rules) else rules) if rule}
    return all(h.startswith("autograd_lite.") and "scipy" not in h for h in homes)


class Sample:
    """A function and one call of it, seen as a function of the arrays of floats among the
    arguments.
    """

    def __init__(self, function, calling, arguments, options):
        self.function, self.calling = function, calling or function
        self.leaves, self._rebuild = _flatten((arguments, options))
        self.places = [i for i, leaf in enumerate(self.leaves) if _is_differentiated(leaf)]
        self.inputs = [self.leaves[i] for i in self.places]

    def __call__(self, *inputs):
        leaves = list(self.leaves)
        for place, given in zip(self.places, inputs, strict=True):
            leaves[place] = given
        arguments, options = self._rebuild(leaves)
        return self.calling(*arguments, **options)

    def __str__(self):
        arguments, options = self._rebuild([_shown(leaf) for leaf in self.leaves])
        shown = [*map(str, arguments), *(f"{name}={value}" for name, value in options.items())]
        return f"{name_of(self.function)}({', '.join(shown)})".replace("'", "")


def _is_differentiated(leaf):
    return isinstance(leaf, np.ndarray | np.floating) and leaf.dtype.kind == "f"


def _shown(leaf):
    if isinstance(leaf, np.ndarray):
        return f"{leaf.dtype}{list(leaf.shape)}"
    return getattr(leaf, "__name__", None) or str(leaf)


def results(value):
    """The results of a function as a list: most have one."""
    return list(value) if isinstance(value, list | tuple) else [value]


def joined(f):
    """f with all its results in one row."""
    return lambda *inputs: np.concatenate(
        [np.reshape(result, -1) for result in results(f(*inputs)) if result.dtype.kind == "f"]
    )


def call(*arguments, **options):
    """The sampled function, called like this."""
    return None, arguments, options


def within(f, *arguments):
    """The sampled function, called by f(*arguments): where it needs symmetric matrices, or its
    signs are arbitrary.
    """
    return f, arguments, {}


def spread(*shape, low=-2.0, high=2.0):
    """Distinct numbers between low and high in an order that looks random, none of them near a
    multiple of 1/2.
    """
    n = int(np.prod(shape))
    numbers = low + (high - low) * (np.random.default_rng(n).permutation(n) + 0.41) / max(n, 1)
    near = np.abs(numbers * 2 - np.round(numbers * 2)) < 0.04
    return (numbers + 0.031 * near).reshape(shape)


def unary(low=-2.0, high=2.0):
    """A number, an array without dimensions, a matrix, and one without entries."""
    x = lambda *shape: spread(*shape, low=low, high=high)
    return [call(x()[()]), call(x()), call(x(2, 3)), call(x(0, 3))]


def binary(low=-2.0, high=2.0, second=None):
    """Pairs of every kind of broadcasting: with numbers, of rows with columns, of ever more
    dimensions, without entries.
    """
    a = lambda *shape: spread(*shape, low=low, high=high)
    # No ties with a.
    b = lambda *shape: (
        spread(*shape, low=(second or (low, high))[0], high=(second or (low, high))[1]) * 0.97
    )
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

# What the plain reductions above are not told: which entries, from where, in which type.
PARTS = [
    call(A, where=mask),
    call(A, axis=1, where=[True, False, True]),
    call(C, (0, 2), where=C > -1.5, keepdims=True),
    call(C, 1, where=[[True], [False], [True]]),
]
BEGUN = [
    call(A, initial=2),
    call(A, axis=1, initial=number, keepdims=True),
    call(C, axis=(0, 2), initial=-0.3),
    call(none, axis=0, initial=number),
    call(A, axis=0, initial=number, where=[[True, False, True], [False, True, True]]),
]
PRECISE = [call(A, dtype=np.longdouble), call(A, 1, "g")]
MEASURED = [
    call(A, axis=1, correction=1),
    call(A, mean=number),
    call(C, axis=(0, 2), mean=spread(1, 3, 1), keepdims=True),
    call(A, axis=1, mean=spread(2, 1), where=A > -1.5, ddof=1),
]

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
    np.absolute: [*unary(), within(lambda x: np.abs(x + 2j * x**2), A)],
    np.fabs: unary(),
    np.power: [
        *binary(0.5, 2.0),
        call(-A, 3),
        call(A, -2),
        call(2, A),
        call(v, np.array([2, 3, 4])),
    ],
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
        *([call(A, min=-0.7), call(A, max=0.7)] if SINCE_2_1 else []),
        call(A, a_max=0.7, a_min=-0.7),
        call(A, np.array([[-1.3], [-0.2]]), spread(3, low=0.3, high=1.2)),
        call(number, np.float64(0.8), np.float64(0.9)),
        call(none, -1, 1),
    ],
    quotient: binary(second=(0.5, 2.0)),
    masked: [call(A, mask * 1), call(A, True), call(number, False)],
    one_less_square: unary(),
    sign: unary(0.5, 2.0),
    cosine: binary(),
    guarded_base: [call(A, np.array([0.0, 1.0, 3.0]))],
    power_and_logs: [call(np.abs(A), np.abs(v), n) for n in (0, 1, 2)],
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
    np.sum: [*REDUCTIONS, call(none), call(none, 0), *PARTS, *BEGUN, *PRECISE],
    np.mean: [*REDUCTIONS[:-1], *PARTS, *PRECISE],
    np.prod: [
        *(*REDUCTIONS, *PARTS, *BEGUN, *PRECISE),
        call(np.array([2.0, 0.0, 3.0])),
        call(np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.5]]), axis=1),
        call(np.where(C > 1.5, 0.0, C), axis=(0, 2), keepdims=True),
        call(none),
    ],
    np.max: [*EXTREMA, *BEGUN],
    np.min: [*EXTREMA, *BEGUN],
    np.amax: [*EXTREMA[:7], *BEGUN],
    np.amin: [*EXTREMA[:7], *BEGUN],
    np.var: [*SPREADS, *PARTS, *PRECISE, *MEASURED],
    np.std: [*SPREADS, *PARTS, *PRECISE, *MEASURED],
    unit: [call(v, 0), call(A, axis=0), call(C, axis=(0, 1)), call(A, None), call(A, axis=-1)],
}

SHAPING = {
    np.reshape: [
        call(A, (3, 2)),
        call(A, -1),
        call(A, (3, -1), order="F"),
        *([call(A, shape=(1, 6))] if SINCE_2_1 else []),
        call(number, (1, 1)),
        call(none, (3, 0)),
        call(C.transpose(2, 0, 1), (6, 4)),
        call(A, 6, order=None),
    ],
    np.ravel: [
        call(A),
        call(A, "F"),
        call(A, order="C"),
        call(A, order=None),
        call(number),
        call(none),
        call(B[::2, ::-1]),
    ],
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
    np.squeeze: [
        call(A[None]),
        call(A[None, :, None], axis=(0, -2)),
        call(A[:, None], 1),
        call(v[None, :, None], axis=0),
        call(np.ones((1, 1))),
    ],
    np.broadcast_to: [
        call(v, (2, 3)),
        call(A[:, None], (4, 2, 5, 3)),
        call(number, shape=(2,)),
        call(v, (0, 3)),
        call(zero_d, ()),
    ],
    np.copy: [call(A), call(number)],
    np.concatenate: [
        call([A, spread(1, 3)]),
        call((A, spread(2, 1)), 1),
        call([A, v], axis=None),
        call([C, C[:1], none.reshape(0, 3, 1)[..., [0] * 4]], axis=-3),
        call([A, np.ones((1, 3), int)]),
    ],
    np.stack: [
        call([A, A[::-1]]),
        call([v, v * 2, v[::-1]], -1),
        call((number, zero_d)),
        call([C, C], axis=1),
    ],
    np.split: [
        call(w, 2),
        call(A, 3, 1),
        call(A, [1, 2], axis=-1),
        call(C, indices_or_sections=3, axis=1),
        call(w, [0, 4]),
    ],
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
    ag.leaky_relu: [
        *unary(),
        call(A, 0.2),
        call(A, negative_slope=0.2),
        call(A, number),
        call(A, negative_slope=v),
    ],
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

JOINING = {
    np.vstack: [call([A, v]), call((v, v * 2)), call([number, zero_d])],
    np.hstack: [call([A, A[:, :1]]), call([v, w]), call([number, v]), call([C, C])],
    np.dstack: [call([A, A * 2]), call([v, v * 2]), call([C, C[..., :1]])],
    np.column_stack: [call([v, v * 2]), call([A, spread(2)]), call([A, A])],
    np.append: [call(A, v), call(A, A[:1], axis=0), call(v, 1.5)],
    np.block: [
        call([v, w]),
        call([[A, A[:, :2]], [spread(1, 5)]]),
        call([[number, v]]),
        call(A),
        call([C, C]),
    ],
    np.hsplit: [call(A, 3), call(w, [1])],
    np.vsplit: [call(A, 2), call(A, [1])],
    np.dsplit: [call(C, 2), call(C, [1, 3])],
    np.atleast_1d: [call(number), call(A), call(zero_d, v), call(none)],
    np.atleast_2d: [call(number), call(v), call(A, v), call(C)],
    np.atleast_3d: [call(number), call(v), call(A, v), call(C)],
    np.broadcast_arrays: [call(v, A), call(number, spread(2, 1), v)],
    np.meshgrid: [
        call(v, w),
        call(v, w, indexing="ij"),
        call(v, w, spread(2)),
        call(v, w, sparse=True),
        call(v, w, copy=False),
        call(v),
        call(number, v),
    ],
    np.apply_along_axis: [
        call(np.sum, 1, C, 0),
        call(np.sum, 1, C, keepdims=True),
        call(np.sum, 1, A),
        call(np.cumsum, 0, A),
        call(lambda r: np.outer(r, r), 1, C),
        call(np.prod, -1, A),
    ],
    np.full_like: [call(A, number), call(A, v)],
    np.astype: [call(A, np.float64), call(A, np.longdouble, copy=False)],
}
if hasattr(np, "unstack"):
    JOINING[np.unstack] = [call(A), call(C, axis=-1)]

REARRANGING = {
    np.flip: [call(C), call(C, 1), call(C, axis=(0, -1))],
    np.fliplr: [call(A)],
    np.flipud: [call(A), call(none)],
    np.roll: [call(A, 1), call(A, -4), call(C, 2, axis=-1), call(C, (1, -1), (0, 2))],
    np.rot90: [call(A), call(A, 2), call(A, -1), call(C, k=1, axes=(0, 2))],
    np.rollaxis: [call(C, 2), call(C, 1, 3), call(C, 0, start=2), call(C, -1)],
    np.matrix_transpose: [call(A), call(C)],
    np.linalg.matrix_transpose: [call(A), call(C)],
    np.repeat: [
        call(A, 2),
        call(A, 3, axis=1),
        call(A, [1, 2], 0),
        call(number, 3),
        call(none, 2, 1),
    ],
    np.tile: [call(A, 2), call(A, (2, 1, 3)), call(number, (2, 2)), call(none, (2, 2))],
    np.resize: [call(A, (4, 2)), call(A, (1, 2)), call(v, 7)],
    np.delete: [call(v, 1), call(A, [0, 2], axis=1), call(A, slice(1, None), 0), call(A, 4)],
    np.take: [
        call(A, [0, 5, 5]),
        call(A, [[0, 1], [2, 2]], axis=1),
        call(v, 1),
        call(A, [0, 7], mode="wrap"),
        call(A, [-2, 7], mode="clip"),
    ],
    np.take_along_axis: [
        call(A, np.array([[0, 2], [1, 1]]), axis=1),
        call(A, np.array([[0, 1, 0]]), 0),
        call(A, np.array([5, 0, 0]), axis=None),
    ],
    np.diag: [call(v), call(v, 1), call(A), call(B, k=-1), call(np.ones((3, 0)))],
    np.diagflat: [call(A), call(v, -1)],
    np.diagonal: [call(A), call(C, 1), call(C, offset=0, axis1=-1, axis2=0)],
    np.linalg.diagonal: [call(A), call(C, offset=1)],
    np.tril: [call(A), call(C, -1), call(B, k=1)],
    np.triu: [call(A), call(C, -1), call(B, k=1)],
    np.lib.stride_tricks.sliding_window_view: [
        call(w, 2),
        call(A, (2, 2)),
        call(C, 2, axis=1),
        call(C, (2, 3), (1, 2), writeable=True, subok=True),
    ],
    np.compress: [call([True, False, True], A, axis=1), call(mask.ravel(), A), call([1, 0], A, 0)],
    np.extract: [call(mask, A)],
    np.sort: [
        call(v),
        call(C),
        call(C, 0),
        call(A, axis=None),
        call(A, kind="stable"),
        call(none),
        call(A, stable=True),
    ],
    np.partition: [call(w, 2), call(A, 1, axis=-1), call(A, (0, 2)), call(A, 3, axis=None)],
    np.insert: [
        call(v, 1, number),
        call(v, [0, 3], spread(2)),
        call(A, 1, spread(2), axis=1),
        call(A, [0, 1], v, axis=0),
        call(A, 2, number),
        call(v, [1, 1], 0.5),
    ],
    np.pad: [
        call(v, 2),
        call(A, ((1, 0), (2, 3))),
        call(A, 1, mode="constant", constant_values=3),
        call(A, ((1, 2), (0, 1)), constant_values=((1, 2), (3, 4))),
        *[call(A, ((1, 0), (2, 4)), mode) for mode in ("edge", "wrap", "symmetric")],
        call(v, (5, 3), mode="reflect"),
    ],
    np.choose: [
        call(np.array([0, 1, 1]), [v, -v]),
        call(np.array([[1], [0]]), (A, v)),
        call([0, 1, 1], A),
        call([0, -3, 5], [v, -v], mode="wrap"),
        call([0, -3, 5], (v, number), mode="clip"),
        call(True, [v, -v]),
    ],
    np.select: [
        call([mask, ~mask], [A, -2 * A]),
        call([A > 1, A > 0], [A, v], number),
        call([A > 1], [A], default=A[:1] * 3),
    ],
}

twice = lambda x: np.concatenate([x, x[1:]])  # the same numbers twice
SETS = {
    np.unique: [
        call(A),
        call(np.array([[1.3, 5.1], [2.2, 5.1], [0.2, 0.3]]), axis=0),
        call(C, return_index=True),
        call(C, return_inverse=True, axis=-1),
        call(w, False, False, True),
        within(lambda x: np.unique(twice(x), return_counts=True), v),
    ],
    **{
        distinct: [call(A), within(lambda x, f=distinct: f(twice(x)), v)]
        for distinct in (np.unique_values, np.unique_counts, np.unique_inverse, np.unique_all)
    },
    np.intersect1d: [
        within(lambda x: np.intersect1d(x[:3], np.reshape(x[1:], (1, -1))), w),
        within(lambda x: np.intersect1d(x[:3], x[1:], True), w),
        within(lambda x: np.intersect1d(twice(x), x[1:], assume_unique=False), w),
        within(lambda x: np.intersect1d(x, x[[2, 0]], return_indices=True), w),
    ],
    np.union1d: [call(v, w), call(A, number), within(lambda x: np.union1d(x, twice(x)), v)],
    np.setdiff1d: [
        call(A, v),
        within(lambda x: np.setdiff1d(twice(x), x[:2]), w),
        within(lambda x: np.setdiff1d(x, x[:1], assume_unique=True), spread(6)),
    ],
    np.setxor1d: [
        call(v, w),
        within(lambda x: np.setxor1d(twice(x), x[:2]), w),
        within(lambda x: np.setxor1d(x, x[:2], assume_unique=True), w),
    ],
}


def with_nan(f, *arguments, **options):
    """f of C with NaN in some places, where it does not depend on C."""
    return within(lambda x: f(np.where(np.abs(C) < 0.7, np.nan, x), *arguments, **options), C)


def nan_reductions(f, *arguments):
    return [
        with_nan(f, *arguments),
        with_nan(f, *arguments, axis=1),
        with_nan(f, *arguments, axis=(0, -1), keepdims=True),
        call(A, *arguments, axis=-1),
    ]


def nan_parts(f):
    return [with_nan(f, axis=(0, 1), where=C > -1.2), call(A, where=mask)]


NAN_MEASURED = [
    *MEASURED,
    with_nan(np.nanvar, axis=(0, 1), ddof=1, mean=np.zeros((1, 1, 4))),
    with_nan(np.nanstd, correction=2, keepdims=True),
]

FLOATING_POINT = {
    np.fmax: [*binary(), within(lambda x: np.fmax(np.where(mask, np.nan, x), 0.3 * x), A)],
    np.fmin: [*binary(), within(lambda x: np.fmin(0.3 * x, np.where(mask, np.nan, x)), A)],
    np.nan_to_num: [
        call(A),
        call(A, nan=1.0),
        within(lambda x: np.nan_to_num(np.where(mask, np.nan, x), nan=1.0), A),
        within(lambda x: np.nan_to_num(np.where(mask, np.inf, x), posinf=9.0), A),
        within(lambda x: np.nan_to_num(np.where(mask, -np.inf, x), neginf=-9.0), A),
    ],
    np.copysign: [call(A, -1), call(A, np.array([1, -1, -1])), call(-2.0, A)][:2],
    np.nextafter: [call(A, 2.0), call(v, -np.inf)],
    np.heaviside: [call(np.array([-1, 0, 2]), v), call(0, number)],
    np.ldexp: [call(A, 3), call(v, np.array([1, -2, 0]))],
    np.modf: [call(A)],
    np.unwrap: [
        call(spread(5, high=9.0)),
        call(A * 3, axis=0),
        call(A, period=1.0),
        call(spread(5, high=9.0), 7.0),
    ],
    sinc_derivative: [call(A, 1), call(3 * A, order=2), call(number, 3)],
    np.sinc: [*unary(), call(np.array([1e-4, -2e-4, 0.0, 0.3]))],
    np.frexp: [call(A), call(number)],
    np.divmod: [call(A, np.float64(0.7)), call(A, 0.6)],
}

SEQUENCES = {
    np.cumsum: [call(A), call(A, 0), call(C, axis=-2), call(none, 1), call(number), *PRECISE],
    np.cumprod: [
        *PRECISE,
        *(call(A), call(A, 0), call(C, axis=-2), call(none, 1), call(number)),
        call(np.array([2.0, 0.0, 3.0, 0.5])),
        call(np.array([[2.0, 0.0, 0.0], [0.0, 0.7, 1.5]]), axis=1),
        call(np.array([[2.0, 0.0], [0.0, 0.7]])),
    ],
    np.nancumsum: [with_nan(np.nancumsum), call(A, axis=1)],
    np.nancumprod: [with_nan(np.nancumprod, axis=1), call(A)],
    np.diff: [
        *(call(w), call(A, 2), call(C, n=1, axis=0), call(A, 0), call(none, axis=1)),
        call(w, prepend=0),
        call(w, append=number),
        call(A, 2, 0, v[None], number),
        call(C, axis=1, prepend=C[:, :2], append=[[[1.0] * 4]] * 2),
    ],
    np.ediff1d: [
        *(call(A), call(v), call(A, 1.5), call(v, to_begin=w)),
        call(v, to_begin=[1, 2], to_end=number),
    ],
    np.trapezoid: [
        call(A),
        call(A, dx=0.3),
        call(A, dx=number),
        call(A, spread(3), axis=-1),
        call(C, spread(3), axis=1),
        call(A, np.sort(spread(2, 3)), axis=1),
    ],
    np.gradient: [
        call(w),
        call(A),
        call(C, axis=-1),
        call(C, 0.3, axis=(0, 2)),
        call(B, 2.0, np.array([0.0, 1.0, 1.5, 4.0])),
        call(w, np.sort(spread(4))),
        call(spread(2)),
    ],
    np.interp: [
        call(np.array([-0.7, 0.3, 1.2, 5.0, -9.0]), np.array([-1.0, 0.5, 2.0]), v),
        call(number, np.array([-1, 0, 2]), v, -1.0, 1.0),
        call(A, np.sort(spread(5)), spread(5), left=0.0),
        call(A, np.sort(spread(5)), spread(5), left=number, right=np.float64(2.0)),
        call(2 * A, v, spread(3) ** 2, period=np.float64(1.7)),
        call(A, spread(1), np.array([0.3])),
        call(A, spread(1), np.array([0.3]), 1.0, number),
        call(v, [-np.inf, 0.1, 0.9, np.inf], spread(4)),
        call([-np.inf, 0.2, np.inf], np.sort(v), w[:3]),
    ],
    np.convolve: [
        *(call(spread(5), v, mode) for mode in ("full", "same", "valid")),
        *(call(v, spread(4), mode) for mode in ("full", "same", "valid")),
        call(v, number),
    ],
    np.correlate: [
        *(call(spread(5), v, mode) for mode in ("full", "same", "valid")),
        *(call(v, spread(4), mode) for mode in ("full", "same", "valid")),
        call(v, spread(3)[::-1]),
        *(call(spread(n), w, "same") for n in (1, 2, 3)),
    ],
    np.polyval: [call(w, A), call(w, number), call([1, -2, 3], v), call(v, 2.0)],
    np.vander: [call(v), call(v, 2), call(w, increasing=True)],
    np.linspace: [
        call(number, np.float64(2.0), 5),
        call(v, number, num=3, endpoint=False),
        call(0, A, 4, axis=-1),
    ],
    np.logspace: [
        call(number, np.float64(2.0), 4),
        call(v, 1, 3, base=2.0, endpoint=False),
        call(v, 1, 3, axis=-1, base=np.abs(spread(3)) + 0.5),
        call(number, 1, 2, base=np.array([1.5, 2.5])),
    ],
    np.geomspace: [
        call(number, np.float64(2.0), 4),
        call(np.abs(v), 3.0, 3, endpoint=False),
        call(-np.abs(v), -number, 3, axis=1),
        call(np.array([-1.0, 2.0]), np.array([-8.0, 3.0]), num=2),
    ],
    full_convolution: [call(w, v), call(v, spread(1))],
}
if hasattr(np, "cumulative_sum"):
    SEQUENCES |= {
        np.cumulative_sum: [call(v), call(A, axis=1), call(A, axis=0, include_initial=True)],
        # (without PRECISE: the type is refused)
        np.cumulative_prod: [call(v), call(A, axis=1), call(v, include_initial=True)],
    }

STATISTICS = {
    np.average: [
        call(A),
        call(A, axis=0),
        call(A, weights=np.abs(A)),
        call(C, axis=1, weights=np.abs(v), keepdims=True),
        call(C, axis=(2, 0), weights=np.abs(spread(4, 2))),
        call(A, -1, np.abs(v)),
        call(C, (0, 2), returned=True),
        call(A, 1, np.abs(v), True, keepdims=True),
        call(A, 1, [1, 2, 4], True),
    ],
    np.ptp: EXTREMA,
    np.median: [call(A), call(v), call(w), call(A, axis=0), call(C, (0, -1), keepdims=True)],
    np.quantile: [
        call(A, 0.3),
        call(w, [0.0, 0.25, 1.0]),
        call(C, [[0.1, 0.6]], axis=(0, 2)),
        call(C, 0.8, axis=-1, keepdims=True),
        call(C, [0.2, 0.3], axis=1, keepdims=True),
        call(C, np.array([0.23, 0.9]), axis=1),
        call(A, np.float64(0.13)),
    ],
    np.percentile: [
        call(A, 30),
        call(C, [10, 60], axis=1),
        call(C, np.array([10, 13.0]), 1, keepdims=True),
    ],
    np.nansum: [*nan_reductions(np.nansum), *nan_parts(np.nansum), *BEGUN, *PRECISE],
    np.nanprod: [*nan_reductions(np.nanprod), *nan_parts(np.nanprod), *BEGUN, *PRECISE],
    np.nanmean: [*nan_reductions(np.nanmean), *nan_parts(np.nanmean), *PRECISE],
    np.nanvar: [*nan_reductions(np.nanvar), *nan_parts(np.nanvar), *PRECISE, *NAN_MEASURED],
    np.nanstd: [*nan_reductions(np.nanstd), *nan_parts(np.nanstd), *PRECISE, *NAN_MEASURED],
    np.nanmax: [*nan_reductions(np.nanmax), *BEGUN],
    np.nanmin: [*nan_reductions(np.nanmin), *BEGUN],
    np.nanmedian: nan_reductions(np.nanmedian),
    np.nanquantile: [
        *nan_reductions(np.nanquantile, 0.3),
        with_nan(np.nanquantile, [0.3, 0.5], axis=1),
    ],
    np.nanpercentile: nan_reductions(np.nanpercentile, 30),
    np.cov: [
        call(A),
        call(v),
        call(A, A[::-1] * 2, rowvar=True),
        call(B, rowvar=False),
        call(A, bias=True),
        call(A, ddof=0),
        call(v, w[1:]),
        call(B, v[:, None], False),
        call(B, [[1, 2, 4]], False),
    ],
    np.corrcoef: [call(A), call(B, rowvar=False), call(v, spread(3) ** 2)],
    np.bincount: [
        call(np.array([0, 2, 2]), v),
        call(np.array([1, 1, 0, 3]), weights=w, minlength=6),
    ],
}

S = spread(3, 3) + 3 * np.eye(3)  # invertible, with distinct eigenvalues
stack = spread(2, 3, 3) + 3 * np.eye(3)
symmetric = lambda f: lambda a: f(a + np.swapaxes(a, -1, -2))
# The same with other numbers below the diagonal, which are not looked at.
upper = lambda a: a + np.swapaxes(a, -1, -2) + np.tril(np.ones((3, 3)), -1)
definite = lambda f: lambda a: f(np.matmul(a, np.swapaxes(a, -1, -2)) + np.eye(3))
# The same for a vector and for minus it.
projections = lambda vectors: np.einsum("...ik,...jk->...kij", vectors, vectors)

PRODUCTS = {
    np.einsum: [
        call("ij,jk->ik", A, B),
        call("ij,jk", A, B),
        call("ba,a", A, v),
        call("ii->i", S),
        call("ii", S),
        call("iij->j", spread(3, 3, 2)),
        call("iij,ik->kj", spread(3, 3, 2), spread(3, 2)),
        call("i,j,k->kij", v, w, spread(2)),
        call("i->", v),
        call("ij->i", A),
        call("ij->ji", A),
        call("...ij,...jk->...ik", C, spread(2, 4, 2)),
        call("...i,i", C, w),
        call("i...,i...->...", A, spread(2, 1)),
        call("...,...", A, v),
        call("...a->a...", C),
        call("ij,ij->", A, A),
        call(" i j , j -> i ", A, v),
        call("ij,jk,kl->il", A, B, spread(4, 2)),
        call("i,", v, number),
        call("ij,jk->ik", A, B, optimize=True),
        call("ij,j->i", none, v),
        call("ij,ij->ij", A, v[None]),
        call(A, [0, 1], B, [1, 2], [0, 2]),
        call(A, [0, 1], v, [1]),
        call(C, [Ellipsis, 0], w, [0], [Ellipsis]),
        call(A, (0, 1), B, (1, 2), (0, 2)),
        call(C, (Ellipsis, 0), w, (0,)),
        call("i,i", v, (1, 2, 4)),
    ],
    np.linalg.multi_dot: [
        call([A, B]),
        call([A, B, spread(4, 2)]),
        call([v, B, w]),
        call([v, B, spread(4, 2)]),
        call([A, B, B.T, v]),
    ],
    np.inner: [
        call(v, v[::-1]),
        call(A, v),
        call(A, spread(4, 3)),
        call(number, A),
        call(C, w),
        call(C, spread(3, 4)),
    ],
    np.vdot: [call(v, spread(3)), call(A, spread(2, 3)), call(number, 2.0)],
    np.outer: [call(v, w), call(A, v), call(number, v)],
    np.linalg.outer: [call(v, w)],
    np.tensordot: [
        call(A, B, 1),
        call(C, spread(3, 4, 2)),
        call(C, spread(4, 2), axes=1),
        call(C, spread(4, 3, 2), ([1, 2], [1, 0])),
        call(A, v, (1, 0)),
        call(A, w, axes=0),
        call(C, spread(4, 2, 5), axes=([-1, 0], [0, 1])),
        call(none, B, 1),
        call(spread(2, 0), spread(0, 3), 1),
    ],
    np.linalg.tensordot: [call(A, B, axes=1)],
    np.kron: [call(v, w), call(A, spread(2, 2)), call(A, v), call(spread(2), C), call(number, A)],
    np.vecdot: [
        *(call(A, v), call(C, w), call(C, C[::-1] * 2, axis=1), call(A, A)),
        call(S, v, axis=0),
    ],
    np.linalg.vecdot: [call(A, v), call(A, A, axis=0), call(S, v, axis=0)],
    np.linalg.matmul: [call(A, B), call(C, spread(4, 2))],
    np.linalg.matrix_power: [*(call(S, n) for n in (-2, 0, 1, 2, 3, 5)), call(stack, 3)],
    np.trace: [call(A), call(C, 1), call(C, offset=-1, axis1=0, axis2=2), call(C, 0, 2, 1)],
    np.linalg.trace: [call(A), call(C, offset=1)],
    np.cross: [
        call(v, spread(3)[::-1]),
        call(A, v),
        call(spread(3, 2), spread(3, 2), axis=0),
        call(A, spread(3, 2), -1, 0, 0),
        call(spread(3, 2), v, 0),
    ],
    np.linalg.cross: [call(v, spread(3)[::-1]), call(spread(3, 2), spread(3, 2), axis=0)],
}
if hasattr(np, "matvec"):
    PRODUCTS |= {
        np.matvec: [call(A, v), call(C, w), call(A, spread(4, 3))],
        np.vecmat: [call(v, B), call(spread(2), C[0, :2]), call(spread(5, 3), B)],
    }

DECOMPOSITIONS = {
    np.linalg.inv: [call(S), call(stack), call(spread(1, 1))],
    np.linalg.solve: [
        call(S, v),
        call(S, B),
        call(stack, v),
        call(stack, B),
        call(stack, spread(2, 3, 4)),
        call(S, spread(2, 3, 4)),
        call(spread(4, 1, 3, 3) + 3 * np.eye(3), spread(2, 3, 1)),
    ],
    np.linalg.det: [call(S), call(stack), call(-S)],
    np.linalg.slogdet: [call(S), call(stack), call(-S)],
    np.linalg.cholesky: [
        within(definite(np.linalg.cholesky), S),
        within(definite(np.linalg.cholesky), stack),
    ],
    np.linalg.eigh: [
        *(within(symmetric(lambda a: np.linalg.eigh(a)[0]), a) for a in (S, stack)),
        *(within(symmetric(lambda a: projections(np.linalg.eigh(a)[1])), a) for a in (S, stack)),
        within(symmetric(lambda a: np.linalg.eigh(a, "U")[0]), S),
        within(lambda a: np.linalg.eigh(upper(a), "U")[0], S),
        within(lambda a: projections(np.linalg.eigh(upper(a), UPLO="U")[1]), S),
    ],
    np.linalg.eigvalsh: [
        within(symmetric(np.linalg.eigvalsh), stack),
        within(lambda a: np.linalg.eigvalsh(upper(a), UPLO="U"), stack),
    ],
    np.linalg.svd: [
        *(within(lambda a: np.linalg.svd(a, full_matrices=False)[1], a) for a in (A, A.T, stack)),
        *(
            within(lambda a: projections(np.linalg.svd(a, full_matrices=False)[0]), a)
            for a in (A, A.T, stack, C)
        ),
        *(
            within(lambda a: projections(np.swapaxes(np.linalg.svd(a, False)[2], -1, -2)), a)
            for a in (A, A.T, stack, C)
        ),
        within(lambda a: np.matmul(*np.linalg.svd(a)[::2]), S),
        call(C, compute_uv=False),
    ],
    np.linalg.svdvals: [call(A), call(C)],
    thin_svd: [
        within(lambda a: np.matmul(*np.linalg.svd(a, full_matrices=False)[::2]), A),
        within(lambda a: np.linalg.svd(a, full_matrices=False)[1], C),
    ],
    np.linalg.qr: [*(within(np.linalg.qr, a) for a in (S, A.T, stack))],
    thin_qr: [*(within(np.linalg.qr, a) for a in (S, A.T, stack))],
    np.linalg.pinv: [call(A), call(A.T), call(S), call(C)],
    np.linalg.cond: [call(S), *(call(S, p) for p in (2, -2, 1, np.inf, "fro")), call(stack)],
    np.linalg.norm: [
        *(call(x) for x in (v, A, C, number)),
        *(call(v, p) for p in (1, 2, 3, -1, np.inf, -np.inf, 0.5)),
        *(call(A, p) for p in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
        call(C, axis=1),
        call(C, 3, -1, True),
        call(C, ord=1, axis=(0, 2)),
        call(C, "nuc", axis=(-1, 0), keepdims=True),
        call(A, keepdims=True),
        call(C, axis=(0, 1)),
    ],
    np.linalg.vector_norm: [
        call(v),
        call(C),
        call(C, axis=(0, 1), ord=3),
        call(A, ord=np.inf, axis=-1, keepdims=True),
    ],
    np.linalg.matrix_norm: [call(A), call(C, ord="nuc"), call(C, keepdims=True), call(S, ord=2)],
    cofactors: [call(S), call(stack), call(spread(2, 2))],
    magnitude: [call(A, 3), call(A, p=0.5), call(v, 1)],
    signed_magnitude: [call(A, 2), call(A, p=0.5), call(v, 1)],
    length: [
        call(v),
        call(A, axis=0),
        call(A, axis=1),
        call(C, axis=1, keepdims=True),
        call(C, axis=(0, 1), keepdims=True),
    ],
    np.linalg.tensorinv: [
        call(spread(4, 2, 2) + np.eye(4).reshape(4, 2, 2), 1),
        call(spread(2, 2, 4) + np.eye(4).reshape(2, 2, 4)),
    ],
    np.linalg.tensorsolve: [call(spread(2, 2, 4) + np.eye(4).reshape(2, 2, 4), spread(2, 2))],
}

# Meets every part of a spectrum.
real_spectrum = lambda z: np.abs(z) ** 2 + 2 * np.real(z) - 3 * np.imag(z)
signal, image = spread(2, 5), np.sin(spread(2, 4, 3))
seen = lambda f, a, *options: within(lambda x: real_spectrum(f(x, *options)), a)
NORMS = [(), (None, -1, "ortho"), (None, 0, "forward")]
weights = np.exp(1j * np.arange(4.0))

FOURIER = {
    np.fft.rfft: [
        seen(np.fft.rfft, a, *options)
        for a in (signal, image)
        for options in (*NORMS, (3,), (8, 0))
    ],
    np.fft.fft: [
        seen(np.fft.fft, a, *options) for a in (signal, image) for options in (*NORMS, (3,), (8, 0))
    ],
    np.fft.ifft: [
        seen(np.fft.ifft, a, *options)
        for a in (signal, image)
        for options in (*NORMS, (3,), (8, 0))
    ],
    np.fft.irfft: [
        *(
            within(
                lambda x, n=n: np.fft.irfft(
                    np.fft.rfft(x)[..., : len(weights)] * weights[: n // 2 + 1], n
                ),
                spread(2, n),
            )
            for n in (6, 7)
        ),
        *(
            within(
                lambda x, norm=norm: np.fft.irfft(np.fft.rfft(x) * weights, 6, -1, norm), spread(6)
            )
            for norm in ("ortho", "forward")
        ),
        within(lambda x: np.fft.irfft(x * (1 + 2j), axis=0), A),
        within(lambda x: np.fft.irfft(x + 1j * np.sin(x)), w),
    ],
    np.fft.hfft: [
        within(lambda x: np.fft.hfft(x * (1 + 2j)), w),
        within(lambda x: np.fft.hfft(x + 1j * x**2, 5, 0, "ortho"), w),
        within(lambda x: np.fft.hfft(x + 1j * x**2, axis=0), B),
    ],
    np.fft.ihfft: [
        seen(np.fft.ihfft, signal),
        seen(np.fft.ihfft, signal, 3, 1, "forward"),
        seen(np.fft.ihfft, signal, None, 0),
    ],
    np.fft.rfftn: [seen(np.fft.rfftn, image), seen(np.fft.rfftn, image, (3, 4), (0, 1), "ortho")],
    np.fft.rfft2: [
        seen(np.fft.rfft2, image),
        seen(np.fft.rfft2, image, (2, 5)),
        seen(np.fft.rfft2, image, (2, -1), (2, 0), "ortho"),
    ],
    np.fft.fftn: [seen(np.fft.fftn, image), seen(np.fft.fftn, image, None, (0, -1))],
    np.fft.fft2: [seen(np.fft.fft2, image)],
    np.fft.ifftn: [seen(np.fft.ifftn, image)],
    np.fft.ifft2: [seen(np.fft.ifft2, image)],
    np.fft.irfftn: [within(lambda x: np.fft.irfftn(np.fft.rfftn(x) ** 2), image)],
    np.fft.irfft2: [within(lambda x: np.fft.irfft2(np.fft.rfft2(x) * np.exp(1j)), image)],
    np.fft.fftshift: [
        call(signal),
        call(image, 1),
        seen(lambda x: np.fft.fftshift(np.fft.fft(x)), signal),
    ],
    np.fft.ifftshift: [call(signal), call(image, (0, 2))],
    np.real: [call(A), within(lambda x: np.real(np.exp(1j * x)), A)],
    np.imag: [within(lambda x: np.imag(np.exp(1j * x)), A)],
    np.conjugate: [call(A), within(lambda x: np.imag(np.conj(np.exp(1j * x)) * (2 + x)), A)],
    np.angle: [
        within(lambda x: np.angle(np.fft.rfft(x)), spread(4)),
        within(lambda x: np.angle(2 + 1j * x, deg=True), A),
    ],
    np.real_if_close: [call(A)],
}

ALONG_ONE = [call(A), call(C, axis=-1), call(number), call(none, axis=1), call(C, 1, keepdims=True)]
ALONG_SEVERAL = [call(C, axis=(0, 2), keepdims=True), call(C, axis=None), call(C, (1, 0))]
RUNNING = [call(A), call(C, axis=-1), call(none, axis=1), call(none)]
for plane in (np.fft.fftn, np.fft.fft2, np.fft.ifftn, np.fft.ifft2):
    FOURIER[plane] += [
        seen(plane, image, (3, 5), (1, 2), "ortho"),
        seen(plane, image, (-1, 2), (2, 0), "forward"),
    ]
for back in (np.fft.irfftn, np.fft.irfft2):
    FOURIER[back] += [
        within(lambda x, f=back: f(x + 1j * x**2, (5, 4), (0, 1), "ortho"), image),
        within(lambda x, f=back: f(x + 1j * x**2, axes=(2, 0)), image),
    ]

UFUNC_METHODS = {
    **{
        f.reduce: [
            *(*ALONG_ONE, *ALONG_SEVERAL, *BEGUN[:4], call(C, -1, where=C > -1.5)),
            call(A, where=A > -1.5, initial=number),
        ]
        for f in (np.logaddexp, np.logaddexp2)
    },
    **{f.reduce: [*ALONG_ONE[:3], *ALONG_SEVERAL, *BEGUN] for f in (np.fmax, np.fmin)},
    **{f.accumulate: RUNNING for f in (np.logaddexp, np.logaddexp2, np.fmax, np.fmin)},
    **{
        f.reduce: [*ALONG_ONE, *ALONG_SEVERAL, *PARTS, *BEGUN, *PRECISE]
        for f in (np.add, np.multiply)
    },
    **{f.reduce: [*ALONG_ONE, *ALONG_SEVERAL, *BEGUN] for f in (np.maximum, np.minimum)},
    **{f.accumulate: [*RUNNING, *PRECISE] for f in (np.add, np.multiply)},
    **{
        f.accumulate: [*RUNNING, call(np.cos(spread(3, 7)), axis=1), call(spread(9))]
        for f in (np.maximum, np.minimum)
    },
}
OUTER = [f for f in RULES if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None]
OUTER = [f for f in OUTER if of_the_engine(f)]
UFUNC_METHODS |= {f.outer: [call(0.9 + np.abs(A), np.abs(v) + 0.8)] for f in OUTER}
for remainder in (np.remainder, np.fmod):
    UFUNC_METHODS[remainder.outer] = [call(np.array([5.2, 6.9]), np.array([1.7, 2.8]))]
UFUNC_METHODS[np.ldexp.outer] = [call(A, np.array([1, -2]))]

RESULTS = {item: [within(np.split, w, [1, 3]), within(np.array_split, A, 3, 1)]}

SAMPLES = ELEMENTWISE | REDUCING | SHAPING | LINEAR_ALGEBRA | FUNCTIONS
SAMPLES |= (
    JOINING
    | REARRANGING
    | SETS
    | FLOATING_POINT
    | SEQUENCES
    | STATISTICS
    | FOURIER
    | PRODUCTS
    | DECOMPOSITIONS
    | UFUNC_METHODS
    | RESULTS
)

# Of the third kind: given tensors, these return plain values.
_CONSTANT_SAMPLES = [
    ([call(A)], [np.sign, np.floor, np.ceil, np.trunc, np.rint, np.signbit]),
    ([call(A)], [np.logical_not, np.isnan, np.isinf, np.isfinite]),
    ([call(A)], [np.shape, np.ndim, np.size, np.nonzero]),
    (
        [call(A, v), call(A, 0)],
        [np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal],
    ),
    ([call(A, v), call(2, A)], [np.logical_and, np.logical_or, np.logical_xor, np.floor_divide]),
    (
        [call(A), call(A, axis=1), call(a=A)],
        [np.argmax, np.argmin, np.any, np.all, np.count_nonzero],
    ),
    ([call(A), call(A, np.int64), call(a=A, shape=(2,))], [np.zeros_like, np.ones_like]),
    ([call(A, A), call(A, v)], [np.array_equal, np.array_equiv, np.allclose]),
    ([call(A, v)], [np.shares_memory]),
    ([call(none)], [np.empty_like, np.common_type]),
    (
        [call(A)],
        [
            np.iscomplex,
            np.isreal,
            np.iscomplexobj,
            np.isrealobj,
            np.array_repr,
            np.array_str,
            np.array2string,
        ],
    ),
    ([call(A, v)], [np.may_share_memory]),
    ([call(number)], [np.min_scalar_type]),
    ([call(S)], [np.diag_indices_from, np.tril_indices_from, np.triu_indices_from]),
    ([call(np.float64, "f4")], [np.can_cast]),
    ([call(A, 1), call(np.float32, v)], [np.result_type]),
    ([call(A, v, atol=0.5)], [np.isclose]),
    ([call(A), call(A, axis=0, kind="stable")], [np.argsort]),
    ([call(A, 1), call(A, 0, axis=0)], [np.argpartition]),
    (
        [call(A)],
        [
            np.argwhere,
            np.flatnonzero,
            np.fix,
            np.spacing,
            np.isneginf,
            np.isposinf,
            np.linalg.matrix_rank,
        ],
    ),
    ([call(A), call(A, 1)], [np.round, np.around]),
    ([call(np.sort(v), A), call(np.sort(v), number, side="right")], [np.searchsorted]),
    ([call(A, np.sort(v))], [np.digitize]),
    ([call((v, spread(3)[::-1]))], [np.lexsort]),
    ([call(v, v[:2])], [np.isin]),
    ([call(A), call(A, axis=1)], [np.nanargmax, np.nanargmin]),
]
CONSTANT_SAMPLES = {
    function: calls for calls, functions in _CONSTANT_SAMPLES for function in functions
}
