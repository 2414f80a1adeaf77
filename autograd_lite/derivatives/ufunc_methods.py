"""np.add.reduce, np.multiply.accumulate, np.subtract.outer, …: the same as functions that have names of their own."""

import numpy as np

from autograd_lite.derivatives import RULES, formula

for ufunc, reduction in ((np.add, np.sum), (np.multiply, np.prod), (np.maximum, np.max), (np.minimum, np.min)):
    formula(ufunc.reduce, lambda array, axis=0, keepdims=False, f=reduction: f(array, axis=axis, keepdims=keepdims))
for ufunc, accumulation in ((np.add, np.cumsum), (np.multiply, np.cumprod)):
    formula(ufunc.accumulate, lambda array, axis=0, f=accumulation: f(array, axis=axis))
for ufunc in [f for f in RULES if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None]:
    formula(ufunc.outer, lambda a, b, f=ufunc: f(np.reshape(a, np.shape(a) + (1,) * np.ndim(b)), b))
