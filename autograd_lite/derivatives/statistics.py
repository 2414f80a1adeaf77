"""Statistics, written with sums, sorting and indexing. A gradient by an order statistic goes to the entries at that place."""

import numpy as np

from autograd_lite.derivatives import constant, derivative, formula
from autograd_lite.derivatives.decompositions import length
from autograd_lite.derivatives.shaping import astype

formula(np.average, lambda a, axis=None, weights=None, *, keepdims=False: average(a, axis, weights, keepdims))
formula(np.ptp, lambda a, axis=None, *, keepdims=False: np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims))
formula(np.median, lambda a, axis=None, *, keepdims=False: quantile(a, 0.5, axis, keepdims))
formula(np.quantile, lambda a, q, axis=None, *, keepdims=False: quantile(a, q, axis, keepdims))
formula(np.percentile, lambda a, q, axis=None, *, keepdims=False: quantile(a, hundredths(q), axis, keepdims))
formula(np.cov, lambda m, y=None, rowvar=True, bias=False, ddof=None: covariance(m, y, rowvar, ddof, bias))
formula(np.corrcoef, lambda x, y=None, rowvar=True: correlation(covariance(x, y, rowvar)))
derivative(np.bincount, None, lambda g, y, x, weights, minlength=0: g[x])

# The same without the NaN: they count as 0 in a sum, as 1 in a product, and not at all otherwise.
formula(np.nansum, lambda a, axis=None, *, keepdims=False: np.sum(np.where(np.isnan(a), 0, a), axis=axis, keepdims=keepdims))
formula(np.nanprod, lambda a, axis=None, *, keepdims=False: np.prod(np.where(np.isnan(a), 1, a), axis=axis, keepdims=keepdims))
formula(np.nanmean, lambda a, axis=None, *, keepdims=False: nan_mean(a, axis, keepdims))
formula(np.nanvar, lambda a, axis=None, *, ddof=0, keepdims=False: nan_variance(a, axis, ddof, keepdims))
formula(np.nanstd, lambda a, axis=None, *, ddof=0, keepdims=False: nan_deviation(a, axis, ddof, keepdims))
formula(np.nanmax, lambda a, axis=None, *, keepdims=False: nan_extremum(np.max, -np.inf, a, axis, keepdims))
formula(np.nanmin, lambda a, axis=None, *, keepdims=False: nan_extremum(np.min, np.inf, a, axis, keepdims))
formula(np.nanmedian, lambda a, axis=None, *, keepdims=False: nan_quantile(a, 0.5, axis, keepdims))
formula(np.nanquantile, lambda a, q, axis=None, *, keepdims=False: nan_quantile(a, q, axis, keepdims))
formula(np.nanpercentile, lambda a, q, axis=None, *, keepdims=False: nan_quantile(a, hundredths(q), axis, keepdims))

constant(np.nanargmax, np.nanargmin, np.histogram, np.histogram2d, np.histogramdd, np.histogram_bin_edges)


def average(a, axis, weights, keepdims):
    """Σ w a / Σ w; weights of fewer dimensions belong to the given axes."""
    if weights is None:
        return np.mean(a, axis=axis, keepdims=keepdims)
    if np.shape(weights) != np.shape(a):
        axes = np.atleast_1d(axis) % np.ndim(a)
        weights = np.transpose(weights, np.argsort(axes))
        weights = np.expand_dims(weights, [i for i in range(np.ndim(a)) if i not in axes])
    total = np.sum(a * weights, axis=axis, keepdims=keepdims)
    return total / np.sum(np.broadcast_to(weights, np.shape(a)), axis=axis, keepdims=keepdims)


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
    axes = list(range(np.ndim(a)) if axis is None else np.atleast_1d(axis) % np.ndim(a))
    rows = np.moveaxis(a, axes, range(-len(axes), 0))
    rows = np.sort(np.reshape(rows, (*np.shape(rows)[: np.ndim(a) - len(axes)], -1)))  # NaN come last
    place = np.multiply.outer(q, np.maximum(np.sum(~np.isnan(rows), axis=-1) - 1, 0))  # a place for each q and each row
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, np.shape(rows)[-1] - 1)
    part = (place - below).astype(np.result_type(rows, q if np.isscalar(q) else np.asarray(q)))
    result = np.where(part > 0, at(rows, below) * (1 - part) + at(rows, above) * part, at(rows, below))
    return np.expand_dims(result, [np.ndim(q) + axis for axis in axes]) if keepdims else result


def at(rows, place):
    """The entry of each row at each of its places, in the shape of the places: those of one row have the axes in front."""
    places = np.reshape(place, (-1, *np.shape(rows)[:-1]))
    return np.reshape(np.moveaxis(np.take_along_axis(rows, np.moveaxis(places, 0, -1), -1), -1, 0), np.shape(place))


def numbers(a, axis, keepdims):
    """How many entries are no NaN."""
    return np.sum(~np.isnan(a), axis=axis, keepdims=keepdims).astype(a.dtype)


def nan_mean(a, axis, keepdims):
    """Σ a / n of the n entries that are no NaN."""
    return np.nansum(a, axis=axis, keepdims=keepdims) / numbers(a, axis, keepdims)


def nan_centred(a, axis):
    """a − mean, and 0 for NaN; of a single number it stays 0, be it differentiated or not."""
    is_fixed = np.isnan(a) | (numbers(a, axis, True) == 1)
    return np.where(is_fixed, 0, a - nan_mean(a, axis, True))


def freedom(a, axis, ddof, keepdims):
    """How many entries are no NaN, less ddof; NaN where nothing is left, as in NumPy."""
    n = numbers(a, axis, keepdims) - ddof
    return np.where(n > 0, n, np.nan).astype(n.dtype)


def nan_variance(a, axis, ddof, keepdims):
    """Σ (a − mean)² / (n − ddof) of the n entries that are no NaN."""
    return np.sum(nan_centred(a, axis) ** 2, axis=axis, keepdims=keepdims) / freedom(a, axis, ddof, keepdims)


def nan_deviation(a, axis, ddof, keepdims):
    """The root of the variance; its derivative at 0 is 0, as that of np.std."""
    return length(nan_centred(a, axis), axis=axis, keepdims=keepdims) / np.sqrt(freedom(a, axis, ddof, keepdims))


def nan_extremum(extremum, worst, a, axis, keepdims):
    """The extremum with `worst` for each NaN; NaN where there is nothing else."""
    result = extremum(np.where(np.isnan(a), worst, a), axis=axis, keepdims=keepdims)
    return np.where(numbers(a, axis, keepdims) == 0, np.nan, result)


def covariance(m, y, rowvar, ddof=None, bias=False):
    """X Xᵀ / (n − ddof) of the centred rows X: each row is a variable, each column an observation."""
    variables = lambda x: np.atleast_2d(x) if rowvar or np.ndim(x) < 2 else np.transpose(x)
    rows = variables(m) if y is None else np.concatenate([variables(m), variables(y)])
    rows = astype(rows, np.float64)  # NumPy's precision here, whatever comes in
    centred = rows - np.mean(rows, axis=1, keepdims=True)
    return np.squeeze(centred @ np.transpose(centred) / (np.shape(rows)[1] - (1 - bias if ddof is None else ddof)))


def correlation(covariances):
    """Each covariance divided by the two standard deviations."""
    deviations = np.sqrt(np.diagonal(np.atleast_2d(covariances)))
    return covariances / np.reshape(np.multiply.outer(deviations, deviations), np.shape(covariances))
