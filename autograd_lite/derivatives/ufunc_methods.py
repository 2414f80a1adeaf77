"""np.add.reduce, np.multiply.accumulate, np.subtract.outer, …: the same as functions that have names of their own."""

import numpy as np

from autograd_lite.derivatives import RULES, formula, left_out

for ufunc, reduction in ((np.add, np.sum), (np.multiply, np.prod), (np.maximum, np.max), (np.minimum, np.min)):
    formula(ufunc.reduce, lambda array, axis=0, keepdims=False, f=reduction: f(array, axis=axis, keepdims=keepdims))
for ufunc, accumulation in ((np.add, np.cumsum), (np.multiply, np.cumprod)):
    formula(ufunc.accumulate, lambda array, axis=0, f=accumulation: f(array, axis=axis))
for ufunc in [f for f in RULES if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None]:
    formula(ufunc.outer, lambda a, b, f=ufunc: f(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b))

left_out("write functools.reduce({f}, x), which goes along the first axis (np.moveaxis brings another one there).", "reduce")
left_out("write np.stack(list(itertools.accumulate(x, {f}))), which goes along the first axis.", "accumulate")
left_out("write np.stack([functools.reduce({f}, part) for part in np.split(x, indices[1:])]).", "reduceat")
left_out("it writes into its argument. For np.add.at(a, i, x) write a + np.bincount(i, x, len(a)); else build a new array.", "at")
left_out("write {f}(x.reshape(-1, 1), y).", "outer")
