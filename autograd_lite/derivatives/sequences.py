"""Derivatives of functions of entries in a row: running sums, differences, integrals, interpolation, convolution, polynomials."""

import functools

import numpy as np

from autograd_lite.derivatives import derivative, differentiable
from autograd_lite.derivatives.joining import array, as_dtype, laid_along
from autograd_lite.derivatives.kinds import complex_too, formula, without_complex
from autograd_lite.derivatives.linear_algebra import conjugated
from autograd_lite.derivatives.reductions import divisible, product_before
from autograd_lite.derivatives.shaping import normal, reversed_cumsum

derivative(np.cumprod, lambda g, y, a, axis=None: np.reshape(cumprod_gradient(g, y, *in_a_row(a, axis)), np.shape(a)))
formula(np.nancumsum, lambda a, axis=None: np.cumsum(np.where(np.isnan(a), 0, a), axis))
formula(np.nancumprod, lambda a, axis=None: np.cumprod(np.where(np.isnan(a), 1, a), axis))
formula(np.diff, lambda a, n=1, axis=-1, prepend=None, append=None: differences(bordered(a, axis, prepend, append, n), n, axis))
formula(np.ediff1d, lambda ary, to_end=None, to_begin=None: differences_between(np.ravel(ary), to_begin, to_end))
formula(np.trapezoid, lambda y, x=None, dx=1.0, axis=-1: trapezoid(array(y), x, dx, axis))
formula(np.gradient, lambda f, *varargs, axis=None: slopes(array(f), [array(spacing) for spacing in varargs], axis))
formula(
    np.interp,
    lambda x, xp, fp, left=None, right=None, period=None: interpolate(array(x), array(xp), array(fp), left, right, period),
)
formula(np.convolve, lambda a, v, mode="full": convolve(a, v, mode))
formula(np.correlate, lambda a, v, mode="valid": correlate(array(a), array(v), mode))
formula(np.polyval, lambda p, x: functools.reduce(lambda y, coefficient: y * x + coefficient, array(p), np.zeros_like(x)))
formula(np.vander, lambda x, N=None, increasing=False: powers(x, np.arange(np.size(x) if N is None else N), increasing))
formula(np.linspace, lambda start, stop, num=50, endpoint=True, *, axis=0: between(start, stop, num, endpoint, axis))
formula(
    np.logspace,
    lambda start, stop, num=50, endpoint=True, base=10.0, *, axis=0: exponential(start, stop, num, endpoint, base, axis),
)
formula(np.geomspace, lambda start, stop, num=50, endpoint=True, *, axis=0: geometric(start, stop, num, endpoint, axis))
if hasattr(np, "cumulative_sum"):  # from NumPy 2.1
    formula(np.cumulative_sum, lambda x, /, *, axis=None, include_initial=False: cumulative(np.cumsum, x, axis, include_initial))
    formula(np.cumulative_prod, lambda x, /, *, axis=None, include_initial=False: cumulative(np.cumprod, x, axis, include_initial))


def entries(a, axis, start, stop, step=None):
    """a[…, start:stop:step, …], along one axis."""
    index = [slice(None)] * np.ndim(a)
    index[axis] = slice(start, stop, step)
    return a[tuple(index)]


def bordered(a, axis, prepend, append, n):
    """`a` with entries put before and behind it along the axis, if n > 0; a number as one entry of each row."""
    if n == 0 or (prepend is None and append is None):
        return a
    (axis,) = normal(axis, a)
    row = tuple(1 if i == axis else n for i, n in enumerate(np.shape(a)))
    stretched = lambda border: border if np.ndim(border) else np.broadcast_to(border, row)
    borders = [None if border is None else stretched(border) for border in (prepend, append)]
    return np.concatenate([part for part in (borders[0], a, borders[1]) if part is not None], axis)


def differences(a, n, axis):
    """Each entry less the one before it, n times over."""
    if n < 0:
        raise ValueError(f"np.diff takes differences n times, got n={n}.")
    for _ in range(n):
        a = entries(a, axis, 1, None) - entries(a, axis, 0, -1)
    return a


def differences_between(a, begin, end):
    """The differences within `a`, between the entries that are to begin and to end the result."""
    parts = [np.ravel(part) for part in (begin, np.diff(a), end) if part is not None]
    if not all(np.can_cast(part.dtype, a.dtype, "same_kind") for part in parts):
        raise TypeError(f"np.ediff1d gives numbers of dtype {a.dtype}, which those before and behind must fit.")
    return as_dtype(np.concatenate(parts), a.dtype) if len(parts) > 1 else parts[0]


def in_a_row(a, axis):
    """`a` and the axis that np.cumprod goes along: without one, all entries are taken in a row."""
    return (np.ravel(a), 0) if axis is None else (a, axis)


def cumprod_gradient(g, y, a, axis):
    """Entry i is in all products from i on. Divide it out of these; where something is 0, leave it out instead."""
    if divisible(y):
        return reversed_cumsum(g * y, axis) / a
    g, a = np.moveaxis(g, axis, -1), np.moveaxis(a, axis, -1)  # (…, n)
    after, factors, terms = g, later(a, 1), 1  # g_i + a_i+1 (g_i+1 + a_i+2 (g_i+2 + …, twice as many terms each time
    while terms < np.shape(a)[-1]:
        after, factors, terms = after + factors * later(after, terms), factors * later(factors, terms), 2 * terms
    return np.moveaxis(product_before(a) * after, -1, axis)


def later(a, n):
    """What comes n places later along the last axis, and 0 after the end."""
    return np.concatenate([a[..., n:], np.zeros_like(a[..., :n])], -1)


def cumulative(accumulate, x, axis, include_initial):
    """np.cumsum or np.cumprod with the sum or product of nothing put before."""
    x = np.atleast_1d(x)
    (axis,) = normal(0 if axis is None and np.ndim(x) == 1 else axis, x)
    result = accumulate(x, axis)
    if not include_initial:
        return result
    row = tuple(1 if i == axis else n for i, n in enumerate(np.shape(x)))
    return np.concatenate([np.full(row, accumulate is np.cumprod, x.dtype), result], axis)


def trapezoid(y, x, dx, axis):
    """Σ (y_i + y_i+1) / 2 · (x_i+1 − x_i)"""
    if np.ndim(x) == 1:
        x = laid_along(axis, x, np.ndim(y))
    width = dx if x is None else np.diff(x, axis=axis)
    return np.sum((entries(y, axis, 1, None) + entries(y, axis, 0, -1)) / 2 * width, axis=axis)


def slopes(f, spacings, axis):
    """np.gradient: along each axis the slope of the parabola through an entry and its two neighbours; at the ends one-sided."""
    if np.ndim(f) == 0:
        raise ValueError("np.gradient needs at least one axis, got a number.")
    axes = list(range(np.ndim(f))) if axis is None else normal(axis, f)
    if len(spacings) < 2:
        spacings = [*(spacings or [1.0])] * len(axes)
    found = [slope(f, spacing, int(axis)) for spacing, axis in zip(spacings, axes, strict=True)]
    return found[0] if len(found) == 1 else tuple(found)


def slope(f, spacing, axis):
    """Between steps of widths h₁, h₂ and slopes s₁, s₂: (s₁h₂ + s₂h₁) / (h₁ + h₂); at the ends, the slope of the only step."""
    n = np.shape(f)[axis]
    if n < 2 or np.iscomplexobj(spacing) or np.shape(spacing) not in ((), (n,)):
        raise TypeError(f"np.gradient needs at least 2 entries, got {n}, and as spacing a real number, or one for each entry.")
    x = spacing if np.ndim(spacing) else spacing * np.arange(n).astype(f.dtype)
    h = np.diff(laid_along(axis, x, np.ndim(f)), axis=axis)
    steps = np.diff(f, axis=axis) / h
    left, right = entries(h, axis, 0, -1), entries(h, axis, 1, None)
    middle = (entries(steps, axis, 0, -1) * right + entries(steps, axis, 1, None) * left) / (left + right)
    return np.concatenate([entries(steps, axis, 0, 1), middle, entries(steps, axis, -1, None)], axis)


def interpolate(x, xp, fp, left, right, period):
    """On the line between the two points around x; outside, `left` and `right`, or the value at the end."""
    if np.ndim(xp) != 1 or np.shape(xp) != np.shape(fp):
        raise ValueError(f"np.interp needs as many fp as xp, in a row; got shapes {np.shape(xp)} and {np.shape(fp)}.")
    real = [x, xp] if np.iscomplexobj(fp) else [x, xp, left, right]
    if any(map(np.iscomplexobj, real)):
        raise TypeError("np.interp needs real x and xp; left and right may be complex where fp is.")
    if period is not None:
        x, xp, fp, left, right = *one_period(x, xp, fp, np.abs(period)), None, None
    if np.any(xp[1:] < xp[:-1]):
        raise ValueError("np.interp needs points xp in increasing order: between others NumPy, too, finds no line.")
    far = np.isinf(x) & ((x < xp[0]) | (x > xp[-1]))  # where the line would give ∞, and its derivative 0 · ∞
    at = np.where(far, 0, x) if np.any(far) else x
    inside = on_the_line(at, xp, fp) if np.size(xp) > 1 else fp[0] + 0 * np.where(np.isfinite(x), x, 0)
    inside = np.where(x > xp[-1], fp[-1] if right is None else right, inside)
    result = np.where(x < xp[0], fp[0] if left is None else left, inside)
    return as_dtype(result, np.result_type(result, np.float64))  # NumPy's precision here, whatever comes in


def one_period(x, xp, fp, period):
    """x and the points (xp, fp) moved into one period; the last point stands before it once more, and the first behind it."""
    if period == 0:
        raise ValueError("np.interp needs a period other than 0.")
    x, xp = x % period, xp % period
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    return x, np.concatenate([xp[-1:] - period, xp, xp[:1] + period]), np.concatenate([fp[-1:], fp, fp[:1]])


def on_the_line(x, xp, fp):
    """f₀ + slope · (x − x₀), or the same from the point x₁, f₁ where the first is at ∞."""
    i = np.clip(np.searchsorted(xp, x, side="right"), 1, np.size(xp) - 1)
    x0, x1, f0, f1 = xp[i - 1], xp[i], fp[i - 1], fp[i]
    slope = (f1 - f0) / (x1 - x0)
    if np.all(np.isfinite(fp)) and np.all(np.isfinite(xp)):
        return f0 + slope * (x - x0)
    near = np.where(np.isfinite(x0) & np.isfinite(f0), i - 1, i)
    line = fp[near] + slope * (x - xp[near])
    at_point = np.where(np.equal(x, x1), f1, f0)
    is_known = np.equal(x, x0) | np.equal(x, x1) | np.equal(f0, f1)
    return np.where(~np.isfinite(line) & is_known, at_point, line)  # where slope · 0 is no number


@differentiable(
    lambda g, y, a, v: full_convolution(g, v[::-1])[np.size(v) - 1 : np.size(v) - 1 + np.size(a)],
    lambda g, y, a, v: full_convolution(g, a[::-1])[np.size(a) - 1 : np.size(a) - 1 + np.size(v)],
)
def full_convolution(a, v):
    """y_n = Σ_k a_k v_n−k"""
    return np.convolve(a, v)


complex_too(full_convolution)


def convolve(a, v, mode):
    """The whole convolution, or its middle: as long as the longer argument ("same"), or without incomplete sums ("valid")."""
    if not isinstance(mode, str) or mode not in ("full", "same", "valid"):
        raise ValueError(f"np.convolve and np.correlate know the modes 'full', 'same' and 'valid', got {mode!r}.")
    a, v = np.atleast_1d(a), np.atleast_1d(v)
    longer, shorter = max(np.size(a), np.size(v)), min(np.size(a), np.size(v))
    start = {"full": 0, "same": (shorter - 1) // 2, "valid": shorter - 1}[mode]
    length = {"full": longer + shorter - 1, "same": longer, "valid": longer - shorter + 1}[mode]
    return full_convolution(a, v)[start : start + length]


def correlate(a, v, mode):
    """Σ_n a_n+k v̄_n. Where v is the longer one, NumPy computes the sums in the opposite order, and its middle lies so, too."""
    if np.ndim(a) == 0 or np.ndim(v) == 0:
        raise ValueError("np.correlate needs two vectors, got a number.")
    if np.size(a) < np.size(v):
        return convolve(conjugated(v), a[::-1], mode)[::-1]
    return convolve(a, conjugated(v)[::-1], mode)


def between(start, stop, num, endpoint, axis):
    """start + (stop − start) · t for evenly spaced t from 0 to 1"""
    start, stop = array(start), array(stop)
    t = np.linspace(0, 1, num, endpoint).astype(np.result_type(start, stop, 1.0))
    # t (num, 1, …, 1) gives (num, axes of start and stop), and num goes to its place
    return np.moveaxis(start + (stop - start) * np.reshape(t, (-1, *[1] * np.ndim(start - stop))), 0, axis)


def exponential(start, stop, num, endpoint, base, axis):
    """The base to evenly spaced powers. Several bases take part in the broadcasting of start and stop."""
    if np.ndim(base):
        ndim = max(map(np.ndim, (start, stop, base)))
        start, stop, base = (np.reshape(x, (1,) * (ndim - np.ndim(x)) + np.shape(x)) for x in (start, stop, base))
        base = np.expand_dims(base, axis)
    return base ** between(start, stop, num, endpoint, axis)


def geometric(start, stop, num, endpoint, axis):
    """Evenly spaced in the logarithm, of negative numbers too; always in float64, as in NumPy."""
    start, stop = array(start), array(stop)
    if np.iscomplexobj(start) or np.iscomplexobj(stop):
        raise TypeError(without_complex(np.geomspace))
    sign = np.sign(start)
    if not np.all(start) or not np.all(stop) or np.any(sign == -np.sign(stop)):
        raise ValueError("np.geomspace cannot reach 0 in equal ratios, nor go from one side of it to the other.")
    logarithm = lambda x: np.log(x / sign.astype(np.float64))
    result = np.exp(between(logarithm(start), logarithm(stop), num, endpoint, axis))
    return result if np.all(sign > 0) else result * np.expand_dims(np.broadcast_to(sign, np.shape(start - stop)), axis)


def powers(x, exponents, increasing):
    """A row 1, x_i, x_i², … for each x_i, or the highest power first."""
    if np.ndim(x) != 1:
        raise ValueError(f"np.vander needs a vector, got shape {np.shape(x)}.")
    return np.expand_dims(x, 1) ** (exponents if increasing else exponents[::-1])
