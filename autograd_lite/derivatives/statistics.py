"""Statistics, written with sums, sorting and indexing. A gradient by an order statistic goes to the entries at that place."""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.joining import array, as_dtype
from autograd_lite.derivatives.kinds import constant, formula, left_out
from autograd_lite.derivatives.linear_algebra import conjugated
from autograd_lite.derivatives.reduction_options import NOTHING, freedom, holds
from autograd_lite.derivatives.shaping import normal

formula(
    np.average,
    lambda a, axis=None, weights=None, returned=False, *, keepdims=False: (
        average(array(a), axis, None if weights is None else array(weights), returned, keepdims)
    ),
)
formula(np.ptp, lambda a, axis=None, *, keepdims=False: np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims))
formula(np.median, lambda a, axis=None, *, keepdims=False: quantile(a, 0.5, axis, keepdims))
formula(np.quantile, lambda a, q, axis=None, *, keepdims=False: quantile(a, q, axis, keepdims))
formula(np.percentile, lambda a, q, axis=None, *, keepdims=False: quantile(a, hundredths(q), axis, keepdims))
formula(np.cov, lambda m, y=None, rowvar=True, bias=False, ddof=None: covariance(m, y, rowvar, ddof, bias))
formula(np.corrcoef, lambda x, y=None, rowvar=True: correlation(covariance(x, y, rowvar)))
derivative(np.bincount, None, lambda g, y, x, weights, minlength=0: np.take(g, x))

# The same of those entries that are no NaN.
for nan_total, plain in ((np.nansum, np.sum), (np.nanprod, np.prod)):
    formula(
        nan_total,
        lambda a, axis=None, dtype=None, *, keepdims=False, initial=np._NoValue, where=True, plain=plain: (
            plain(a, axis, dtype, keepdims=keepdims, initial=initial, where=numbers(a, where))
        ),
    )
formula(
    np.nanmean,
    lambda a, axis=None, dtype=None, *, keepdims=False, where=True: (
        np.mean(a, axis, dtype, keepdims=keepdims, where=numbers(a, where))
    ),
)
for nan_spread, plain in ((np.nanvar, np.var), (np.nanstd, np.std)):
    formula(
        nan_spread,
        lambda a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None, plain=plain: (
            nan_spread_of(plain, as_dtype(a, dtype), axis, freedom(ddof, correction), keepdims, numbers(a, where), mean)
        ),
    )
for nan_extreme, plain, join in ((np.nanmax, np.max, np.maximum), (np.nanmin, np.min, np.minimum)):
    formula(
        nan_extreme,
        lambda a, axis=None, *, keepdims=False, initial=np._NoValue, where=True, plain=plain, join=join: (
            nan_extremum(plain, join, a, axis, keepdims, initial, where)
        ),
    )
formula(np.nanmedian, lambda a, axis=None, *, keepdims=False: nan_quantile(a, 0.5, axis, keepdims))
formula(np.nanquantile, lambda a, q, axis=None, *, keepdims=False: nan_quantile(a, q, axis, keepdims))
formula(np.nanpercentile, lambda a, q, axis=None, *, keepdims=False: nan_quantile(a, hundredths(q), axis, keepdims))

constant(np.nanargmax, np.nanargmin)
left_out(
    "its edges follow the smallest and the largest entry, and its counts jump. np.bincount(np.digitize(x.data, edges[1:-1]), "
    "weights) sums weights between fixed edges.",
    *(np.histogram, np.histogram2d, np.histogramdd, np.histogram_bin_edges),
)


def average(a, axis, weights, returned, keepdims):
    """Σ w a / Σ w (and Σ w beside it); weights of fewer dimensions belong to the given axes."""
    axis = None if axis is None else tuple(normal(axis, a))
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        return (mean, np.full(np.shape(mean), np.size(a) / max(np.size(mean), 1), mean.dtype)[()]) if returned else mean
    if np.shape(weights) != np.shape(a):
        weights = laid_out(weights, a, normal(axis, a))
    total = np.sum(np.broadcast_to(weights, np.shape(a)), axis=axis, keepdims=keepdims)
    if np.any(np.equal(total, 0)):
        raise ZeroDivisionError("np.average: the weights sum to 0.")
    mean = np.sum(a * weights, axis=axis, keepdims=keepdims) / total
    return (mean, as_dtype(total, mean.dtype)) if returned else mean


def laid_out(weights, a, axes):
    """The weights of these axes of `a`, with an axis of length 1 for each of the others."""
    if np.shape(weights) != tuple(np.shape(a)[axis] for axis in axes):
        raise ValueError(f"np.average needs weights for axis {tuple(axes)} of {np.shape(a)}, got shape {np.shape(weights)}.")
    return np.expand_dims(np.transpose(weights, np.argsort(axes)), [i for i in range(np.ndim(a)) if i not in axes])


def hundredths(q):
    """q / 100"""
    return q / 100 if np.isscalar(q) else np.divide(q, 100)


def quantile(a, q, axis, keepdims):
    """NumPy's default: the value at place q · (n − 1) of the sorted entries, on the line between the two around it."""
    result = nan_quantile(a, q, axis, keepdims)
    some_nan = np.any(np.isnan(a), axis=axis, keepdims=keepdims)
    return np.where(some_nan, np.nan, result) if np.any(some_nan) else result


def nan_quantile(a, q, axis, keepdims):
    """(1 − t) a_k + t a_k+1 with k + t = q · (n − 1), of the n sorted entries a₀, a₁, … that are no NaN."""
    q = array(q)
    if np.iscomplexobj(a) or not np.all(np.greater_equal(q, 0) & np.less_equal(q, 1)):
        raise ValueError("Quantiles are those of real numbers, and counted from 0 to 1, percentiles from 0 to 100.")
    axes = list(range(np.ndim(a))) if axis is None else normal(axis, a)
    rows = np.moveaxis(a, axes, range(-len(axes), 0))  # the axes last; then as one: (…, n)
    rows = np.sort(np.reshape(rows, (*np.shape(rows)[: np.ndim(a) - len(axes)], -1)))  # NaN come last
    if not np.shape(rows)[-1]:
        raise ValueError(f"Of no entries there are no quantiles, got shape {np.shape(a)}.")
    place = np.multiply.outer(q, np.maximum(np.sum(~np.isnan(rows), axis=-1) - 1, 0))  # a place for each q and each row
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.shape(rows)[-1] - 1)
    part = (place - below).astype(np.result_type(rows, q))
    result = np.where(part > 0, at(rows, below) * (1 - part) + at(rows, above) * part, at(rows, below))
    return np.expand_dims(result, [np.ndim(q) + axis for axis in axes]) if keepdims else result


def at(rows, place):
    """The entry of each row at each of its places, in the shape of the places: those of one row have the axes in front."""
    # rows (…, n), place (axes of q, …): as places (p, …), then behind each row (…, p); and back
    places = np.reshape(place, (-1, *np.shape(rows)[:-1]))
    return np.reshape(np.moveaxis(np.take_along_axis(rows, np.moveaxis(places, 0, -1), -1), -1, 0), np.shape(place))


def numbers(a, where=True):
    """Where an entry takes part: where it is no NaN."""
    return ~np.isnan(a) & holds(where, a)


def nan_spread_of(plain, a, axis, ddof, keepdims, where, mean):
    """np.var or np.std of the numbers; NaN where ddof leaves none to divide by."""
    mean = None if mean is None else as_dtype(mean, a.dtype)
    if np.broadcast_shapes(np.shape(mean), np.shape(a)) != np.shape(a):
        raise ValueError(f"np.nan{plain.__name__} needs a mean that fits {np.shape(a)}, got shape {np.shape(mean)}.")
    result = plain(a, axis=axis, ddof=ddof, keepdims=keepdims, where=where, mean=mean)
    none = np.sum(where, axis=axis, keepdims=keepdims) <= ddof
    return np.where(none, np.nan, result) if np.any(none) else result


def nan_extremum(plain, join, a, axis, keepdims, initial, where):
    """The extremum of the numbers; NaN where there is none."""
    if initial is not np._NoValue or where is not True:
        return plain(a, axis=axis, keepdims=keepdims, initial=initial, where=numbers(a, where))
    result = plain(np.where(numbers(a), a, NOTHING[join]), axis=axis, keepdims=keepdims)
    none = ~np.any(numbers(a), axis=axis, keepdims=keepdims)
    return np.where(none, np.nan, result) if np.any(none) else result


def covariance(m, y, rowvar, ddof=None, bias=False):
    """X X̄ᵀ / (n − ddof) of the centred rows X: each row is a variable, each column an observation."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError(f"np.cov needs a whole number as ddof, got {ddof}.")
    rows = np.atleast_2d(m) if rowvar or np.ndim(m) < 2 else np.transpose(m)
    if y is not None:
        more = np.atleast_2d(y)
        rows = np.concatenate([rows, more if rowvar or len(more) == 1 else np.transpose(more)])
    if not len(rows):
        raise ValueError("np.cov and np.corrcoef need variables, got none.")
    rows = as_dtype(rows, np.result_type(rows, np.float64))  # NumPy's precision here, whatever comes in
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    products = centred @ np.transpose(conjugated(centred))
    return np.squeeze(products / max(np.shape(rows)[1] - (1 - bias if ddof is None else ddof), 0))


def correlation(covariances):
    """Each covariance divided by the two standard deviations."""
    variances = np.diagonal(np.atleast_2d(covariances))
    deviations = np.sqrt(np.real(variances) if np.iscomplexobj(variances) else variances)
    return covariances / np.reshape(np.multiply.outer(deviations, deviations), np.shape(covariances))
