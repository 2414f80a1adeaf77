"""Options of reductions, and the formulas by which each comes down to the plain reduction.

`dtype=` reduces the same numbers in another type, `where=` some of the entries, `initial=` one number more; np.var and np.std
measure from another mean with `mean=`, and divide by n − ddof, also called `correction=`. These formulas stand beside the rules
of `reductions.py`: a call without such options is recorded as one step, by its rule.
(So a rule there has to know axis and keepdims: a formula that came back to itself would never end.)
"""

import numpy as np

from autograd_lite.derivatives.decompositions import length
from autograd_lite.derivatives.joining import as_dtype
from autograd_lite.derivatives.kinds import formula, without_complex

for plain, join in ((np.sum, np.add), (np.prod, np.multiply)):
    formula(
        plain,
        lambda a, axis=None, dtype=None, *, keepdims=False, initial=np._NoValue, where=True, plain=plain, join=join: (
            reduced(plain, join, as_dtype(a, dtype), axis, keepdims, initial, where)
        ),
    )
for plain, join in ((np.max, np.maximum), (np.amax, np.maximum), (np.min, np.minimum), (np.amin, np.minimum)):
    formula(
        plain,
        lambda a, axis=None, *, keepdims=False, initial=np._NoValue, where=True, plain=plain, join=join: (
            reduced(plain, join, a, axis, keepdims, initial, where)
        ),
    )
for plain in (np.cumsum, np.cumprod):
    formula(plain, lambda a, axis=None, dtype=None, *, plain=plain: plain(as_dtype(a, dtype), axis))
formula(
    np.mean,
    lambda a, axis=None, dtype=None, *, keepdims=False, where=True: mean_of(as_dtype(a, dtype), axis, keepdims, where),
)
formula(
    np.var,
    lambda a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None: (
        as_dtype(variance(as_dtype(a, dtype), axis, freedom(ddof, correction), keepdims, where, mean), dtype)
    ),
)
formula(
    np.std,
    lambda a, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None, correction=None: (
        as_dtype(deviation(as_dtype(a, dtype), axis, freedom(ddof, correction), keepdims, where, mean), dtype)
    ),
)

# The number that changes nothing where it takes part.
NOTHING = {np.add: 0, np.multiply: 1, np.logaddexp: -np.inf, np.logaddexp2: -np.inf}
NOTHING |= {np.maximum: -np.inf, np.minimum: np.inf, np.fmax: np.nan, np.fmin: np.nan}


def holds(where, a):
    """The condition for each entry of `a`."""
    where = where if hasattr(where, "dtype") else np.asarray(where, bool)  # an array of numbers is refused, a list is not
    return np.broadcast_to(where.astype(bool, casting="safe"), np.shape(a))


def counted(a, axis, keepdims, where, ddof=0):
    """n − ddof, but not below 0, where n entries are reduced to one."""
    return np.maximum(np.sum(holds(where, a), axis=axis, keepdims=keepdims) - ddof, 0)


def reduced(plain, join, a, axis, keepdims, initial, where):
    """The reduction of the entries where the condition holds, to which the initial number is joined."""
    begins = initial is not None if initial is not np._NoValue else join.identity is not None
    if where is not True:
        if not begins:
            raise ValueError(f"np.{join.__name__} of some of the entries needs initial= beside where=: there may be none.")
        a = np.where(holds(where, a), a, NOTHING[join])
    result = of_no_entries(join, a, axis, keepdims) if begins and not np.size(a) else plain(a, axis=axis, keepdims=keepdims)
    return result if initial is None or initial is np._NoValue else as_dtype(join(result, initial), result.dtype)


def of_no_entries(join, a, axis, keepdims):
    """What changes nothing; it is put on the sum of no entries, 0, which has the shape."""
    join.resolve_dtypes((a.dtype, a.dtype, None))  # NumPy refuses a type before it looks for entries
    return np.sum(a, axis=axis, keepdims=keepdims) + NOTHING[join]


def mean_of(a, axis, keepdims, where):
    """Σ a / n of the n entries where the condition holds."""
    if where is True:
        return np.mean(a, axis=axis, keepdims=keepdims)
    total = np.sum(a, axis=axis, keepdims=keepdims, where=where)
    return total / counted(a, axis, keepdims, where).astype(total.dtype)


def freedom(ddof, correction):
    """np.var's ddof, under either of its names."""
    if correction is not None and ddof != 0:
        raise ValueError("ddof and correction are two names of the same number: give one of them.")
    return ddof if correction is None else correction


def centred(a, axis, where, mean):
    """a − mean, and 0 where the condition does not hold."""
    rest = a - (mean_of(a, axis, True, where) if mean is None else mean)
    if np.iscomplexobj(rest):
        raise TypeError(without_complex(np.var))
    if where is True:
        return rest
    alone = mean is None and counted(a, axis, True, where) == 1  # a single number stays 0, be it differentiated or not
    return np.where(holds(where, a) & np.logical_not(alone), rest, 0)


def variance(a, axis, ddof, keepdims, where, mean):
    """Σ (a − mean)² / (n − ddof) of the n entries where the condition holds."""
    if where is True and mean is None:
        return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)
    total = np.sum(centred(a, axis, where, mean) ** 2, axis=axis, keepdims=keepdims)
    return total / counted(a, axis, keepdims, where, ddof).astype(total.dtype)


def deviation(a, axis, ddof, keepdims, where, mean):
    """The root of the variance; its derivative at 0 is that of np.std."""
    if where is True and mean is None:
        return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims)
    distance = length(centred(a, axis, where, mean), axis=axis, keepdims=keepdims)
    return distance / np.sqrt(counted(a, axis, keepdims, where, ddof)).astype(distance.dtype)
