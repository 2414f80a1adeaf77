"""x[index] and x.astype(dtype), which NumPy does not dispatch: functions of our own, with their derivatives."""

import numpy as np

from autograd_lite.derivatives import differentiable


@differentiable(lambda g, y, a, index: scatter(g, index, a.shape))
def getitem(a, index):
    """a[index]"""
    return a[index]


@differentiable(lambda g, y, values, index, shape: getitem(g, index))
def scatter(values, index, shape):
    """Zeros of the given shape with `values` added at `index`: entries that are indexed repeatedly add up."""
    result = np.zeros(shape, values.dtype)
    if meets_once(index):
        result[index] = values
    else:
        np.add.at(result, index, values)
    return result


@differentiable(lambda g, y, a, dtype: g)  # the walk brings it back to the dtype of a
def astype(a, dtype):
    """a.astype(dtype)"""
    return a.astype(dtype)


def meets_once(index):
    """Whether no entry is met twice: so it is with numbers, slices, None, … and masks, but not with a list of numbers."""
    for part in index if isinstance(index, tuple) else (index,):
        if not (part is None or part is Ellipsis or isinstance(part, (slice, int)) or np.asarray(part).dtype == bool):
            return False
    return True
