"""Derivatives of functions of entries in a row: running sums, differences, integrals, interpolation, convolution, polynomials."""

import functools

import numpy as np

from autograd_lite.derivatives import derivative, differentiable, formula
from autograd_lite.derivatives.joining import laid_along
from autograd_lite.derivatives.reductions import divisible, product_before
from autograd_lite.derivatives.shaping import astype, reversed_cumsum

derivative(np.cumprod, lambda g, y, a, axis=None: np.reshape(cumprod_gradient(g, y, *in_a_row(a, axis)), np.shape(a)))
formula(np.nancumsum, lambda a, axis=None: np.cumsum(np.where(np.isnan(a), 0, a), axis))
formula(np.nancumprod, lambda a, axis=None: np.cumprod(np.where(np.isnan(a), 1, a), axis))
formula(np.diff, lambda a, n=1, axis=-1: differences(a, n, axis))
formula(np.ediff1d, lambda ary: np.diff(np.ravel(ary)))
formula(np.trapezoid, lambda y, x=None, dx=1.0, axis=-1: trapezoid(y, x, dx, axis))
formula(np.gradient, lambda f, *varargs, axis=None: slopes(f, varargs, axis))
formula(np.interp, lambda x, xp, fp, left=None, right=None: interpolate(x, xp, fp, left, right))
formula(np.convolve, lambda a, v, mode="full": convolve(a, v, mode))
formula(np.correlate, lambda a, v, mode="valid": convolve(a, v[::-1], mode))
formula(np.polyval, lambda p, x: functools.reduce(lambda y, coefficient: y * x + coefficient, np.atleast_1d(p), np.zeros_like(x)))
formula(np.vander, lambda x, N=None, increasing=False: powers(x, np.arange(np.size(x) if N is None else N), increasing))
formula(np.linspace, lambda start, stop, num=50, endpoint=True, axis=0: between(start, stop, num, endpoint, axis))
formula(
    np.logspace,
    lambda start, stop, num=50, endpoint=True, base=10.0, axis=0: base ** between(start, stop, num, endpoint, axis),
)
formula(np.geomspace, lambda start, stop, num=50, endpoint=True, axis=0: geometric(start, stop, num, endpoint, axis))
if hasattr(np, "cumulative_sum"):  # from NumPy 2.1
    formula(np.cumulative_sum, lambda x, /, axis=None, include_initial=False: cumulative(np.cumsum, x, axis, include_initial))
    formula(np.cumulative_prod, lambda x, /, axis=None, include_initial=False: cumulative(np.cumprod, x, axis, include_initial))


def entries(a, axis, start, stop, step=None):
    """a[…, start:stop:step, …], along one axis."""
    index = [slice(None)] * np.ndim(a)
    index[axis] = slice(start, stop, step)
    return a[tuple(index)]


def differences(a, n, axis):
    """Each entry less the one before it, n times over."""
    for _ in range(n):
        a = entries(a, axis, 1, None) - entries(a, axis, 0, -1)
    return a


def in_a_row(a, axis):
    """`a` and the axis that np.cumprod goes along: without one, all entries are taken in a row."""
    return (np.ravel(a), 0) if axis is None else (a, axis)


def cumprod_gradient(g, y, a, axis):
    """Entry i is in all products from i on. Divide it out of these; where something is 0, leave it out instead."""
    if divisible(y):
        return reversed_cumsum(g * y, axis) / a
    g, a = np.moveaxis(g, axis, -1), np.moveaxis(a, axis, -1)
    after, factors, terms = g, later(a, 1), 1  # g_i + a_i+1 (g_i+1 + a_i+2 (g_i+2 + …, twice as many terms each time
    while terms < np.shape(a)[-1]:
        after, factors, terms = after + factors * later(after, terms), factors * later(factors, terms), 2 * terms
    return np.moveaxis(product_before(a) * after, -1, axis)


def later(a, n):
    """What comes n places later along the last axis, and 0 after the end."""
    return np.concatenate([a[..., n:], np.zeros_like(a[..., :n])], -1)


def cumulative(accumulate, x, axis, include_initial):
    """np.cumsum or np.cumprod with the sum or product of nothing put before."""
    result = accumulate(x, 0 if axis is None and np.ndim(x) == 1 else axis)
    if not include_initial:
        return result
    axis = 0 if axis is None else axis
    return np.concatenate([np.zeros_like(entries(x, axis, 0, 1)) + (accumulate is np.cumprod), result], axis)


def trapezoid(y, x, dx, axis):
    """Σ (y_i + y_i+1) / 2 · (x_i+1 − x_i)"""
    if x is not None and np.ndim(x) == 1:
        x = laid_along(axis, x, np.ndim(y))
    width = dx if x is None else np.diff(x, axis=axis)
    return np.sum((entries(y, axis, 1, None) + entries(y, axis, 0, -1)) / 2 * width, axis=axis)


def slopes(f, spacings, axis):
    """np.gradient: along each axis the slope of the parabola through an entry and its two neighbours; at the ends one-sided."""
    axes = list(range(np.ndim(f)) if axis is None else np.atleast_1d(axis))
    if len(spacings) < 2:
        spacings = [*(spacings or [1.0])] * len(axes)
    found = [slope(f, spacing, int(axis)) for spacing, axis in zip(spacings, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def slope(f, spacing, axis):
    """Between steps of widths h₁, h₂ and slopes s₁, s₂: (s₁h₂ + s₂h₁) / (h₁ + h₂); at the ends, the slope of the only step."""
    n = np.shape(f)[axis]
    x = spacing if np.ndim(spacing) else spacing * np.arange(n).astype(f.dtype)
    h = np.diff(laid_along(axis, x, np.ndim(f)), axis=axis)
    steps = np.diff(f, axis=axis) / h
    left, right = entries(h, axis, 0, -1), entries(h, axis, 1, None)
    middle = (entries(steps, axis, 0, -1) * right + entries(steps, axis, 1, None) * left) / (left + right)
    return np.concatenate([entries(steps, axis, 0, 1), middle, entries(steps, axis, -1, None)], axis)


def interpolate(x, xp, fp, left, right):
    """On the line between the two points around x; outside, `left` and `right`, or the value at the end."""
    i = np.clip(np.searchsorted(xp, x, side="right"), 1, np.size(xp) - 1)
    place = np.where(np.isinf(x), xp[0], x)  # of what is far outside, no ∞ gets into what is not chosen
    inside = fp[i - 1] + (place - xp[i - 1]) * (fp[i] - fp[i - 1]) / (xp[i] - xp[i - 1])
    inside = np.where(x > xp[-1], fp[-1] if right is None else right, inside)
    return astype(np.where(x < xp[0], fp[0] if left is None else left, inside), np.float64)


@differentiable(
    lambda g, y, a, v: full_convolution(g, v[::-1])[np.size(v) - 1 : np.size(v) - 1 + np.size(a)],
    lambda g, y, a, v: full_convolution(g, a[::-1])[np.size(a) - 1 : np.size(a) - 1 + np.size(v)],
)
def full_convolution(a, v):
    """y_n = Σ_k a_k v_n−k"""
    return np.convolve(a, v)


def convolve(a, v, mode):
    """The whole convolution, or its middle: as long as the longer argument ("same"), or without incomplete sums ("valid")."""
    if not isinstance(mode, str) or mode not in ("full", "same", "valid"):
        raise ValueError(f"np.convolve and np.correlate know the modes 'full', 'same' and 'valid', got {mode!r}.")
    a, v = np.atleast_1d(a), np.atleast_1d(v)
    longer, shorter = max(np.size(a), np.size(v)), min(np.size(a), np.size(v))
    start = {"full": 0, "same": (shorter - 1) // 2, "valid": shorter - 1}[mode]
    length = {"full": longer + shorter - 1, "same": longer, "valid": longer - shorter + 1}[mode]
    return full_convolution(a, v)[start : start + length]


def between(start, stop, num, endpoint, axis):
    """start + (stop − start) · t for evenly spaced t from 0 to 1"""
    t = np.linspace(0, 1, num, endpoint).astype(np.result_type(start, stop, 1.0))
    return np.moveaxis(start + (stop - start) * np.reshape(t, (-1, *[1] * np.ndim(start - stop))), 0, axis)


def geometric(start, stop, num, endpoint, axis):
    """start · (stop/start)^t for evenly spaced t from 0 to 1; always in float64, as in NumPy."""
    start, stop = np.float64(1) * start, np.float64(1) * stop
    if np.any((start == 0) | (stop == 0)):
        raise ValueError("np.geomspace cannot start or stop at 0.")
    return np.moveaxis(start * np.exp(between(0.0, np.log(stop / start), num, endpoint, 0)), 0, axis)


def powers(x, exponents, increasing):
    """A row 1, x_i, x_i², … for each x_i, or the highest power first."""
    return np.expand_dims(x, 1) ** (exponents if increasing else exponents[::-1])
