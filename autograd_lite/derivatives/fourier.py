"""Derivatives of Fourier transforms. Spectra are complex, and recorded on the way from real arrays to a real result.

The gradient of a complex z = u + iv is kept as ∂l/∂u − i ∂l/∂v. Then dl is the real part of g · dz, and the rules of +, ·, exp
and all other functions with a complex derivative are the real ones, letter by letter. A real array between complex ones gets the
real part. (PyTorch keeps the conjugate; the gradients of real arrays are the same.)

The matrix F of the transform is symmetric, so its transpose, which brings a gradient back, is F itself.
"""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.elementwise import one_less_square, quotient
from autograd_lite.derivatives.indexing import astype, getitem, scatter
from autograd_lite.derivatives.joining import laid_along
from autograd_lite.derivatives.kinds import complex_too, formula
from autograd_lite.derivatives.pairs import guarded_base, power_and_logs
from autograd_lite.derivatives.rearranging import moves

fft = np.fft

derivative(fft.fft, lambda g, y, a, n=None, axis=-1, norm=None: fitted(fft.fft(g, None, axis, norm), a, axis))
derivative(fft.ifft, lambda g, y, a, n=None, axis=-1, norm=None: fitted(fft.ifft(g, None, axis, norm), a, axis))
derivative(fft.rfft, lambda g, y, a, n=None, axis=-1, norm=None: fitted(fft.fft(g, n or np.shape(a)[axis], axis, norm), a, axis))
derivative(fft.irfft, lambda g, y, a, n=None, axis=-1, norm=None: fitted(half_spectrum(g, axis, norm), a, axis))
derivative(np.real, lambda g, y, val: g)
derivative(np.imag, lambda g, y, val: -1j * g)
derivative(np.conjugate, lambda g, y, x: np.conjugate(g))

formula(fft.hfft, lambda a, n=None, axis=-1, norm=None: fft.irfft(np.conjugate(a), n, axis, REVERSED[norm]))
formula(fft.ihfft, lambda a, n=None, axis=-1, norm=None: np.conjugate(fft.rfft(a, n, axis, REVERSED[norm])))
for each, whole, plane in ((fft.fft, fft.fftn, fft.fft2), (fft.ifft, fft.ifftn, fft.ifft2)):
    formula(whole, lambda a, s=None, axes=None, norm=None, *, each=each: over_axes(each, each, a, s, axes, norm))
    formula(plane, lambda a, s=None, axes=(-2, -1), norm=None, *, each=each: over_axes(each, each, a, s, axes, norm))
formula(fft.rfftn, lambda a, s=None, axes=None, norm=None: over_axes(fft.rfft, fft.fft, a, s, axes, norm))
formula(fft.rfft2, lambda a, s=None, axes=(-2, -1), norm=None: over_axes(fft.rfft, fft.fft, a, s, axes, norm))
formula(fft.irfftn, lambda a, s=None, axes=None, norm=None: inverse_over_axes(a, s, axes, norm))
formula(fft.irfft2, lambda a, s=None, axes=(-2, -1), norm=None: inverse_over_axes(a, s, axes, norm))
formula(np.angle, lambda z, deg=False: np.arctan2(np.imag(z), np.real(z)) * (180 / np.pi if deg else 1))
formula(np.real_if_close, lambda a: +a)
moves(fft.fftshift, fft.ifftshift)

complex_too(fft.fft, fft.ifft, fft.rfft, fft.irfft, np.real, np.imag, np.conjugate, np.absolute, np.square, np.exp, np.where)
complex_too(np.sum, np.mean, np.cumsum, np.prod, np.cumprod, np.matmul, np.dot, np.einsum, np.linalg.multi_dot)
complex_too(np.linalg.inv, np.linalg.solve, np.copy, np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.expand_dims)
complex_too(np.squeeze, np.broadcast_to, np.concatenate, np.stack, np.split, np.array_split, astype, getitem, scatter)
complex_too(np.zeros_like, np.ones_like, np.empty_like, np.round, np.around, np.rint)  # plain values, flat in complex numbers too
complex_too(quotient, one_less_square, guarded_base, power_and_logs)

REVERSED = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}


def fitted(gradient, a, axis):
    """Cut or filled up with zeros to the length of `a`, as the transform did to `a` with its option n."""
    gradient, need = np.moveaxis(gradient, axis, -1), np.shape(a)[axis]  # (…, have) → (…, need)
    have = np.shape(gradient)[-1]
    fits = gradient[..., :need] if have > need else scatter(gradient, (..., slice(have)), (*np.shape(gradient)[:-1], need))
    return np.moveaxis(fits, -1, axis)


def half_spectrum(g, axis, norm):
    """Of a real array's spectrum the second half mirrors the first: all entries but the first and the middle count twice."""
    n = np.shape(g)[axis]
    k = np.arange(n // 2 + 1)
    twice = np.where((k == 0) | (2 * k == n), 1, 2)
    return np.conjugate(fft.rfft(g, n, axis, REVERSED[norm])) * laid_along(axis, twice, np.ndim(g))


def over_axes(last, others, a, s, axes, norm):
    """The transform in several dimensions: in one after the other, the last axis first."""
    axes, s = axes_and_lengths(a, s, axes)
    a = last(a, s[-1], axes[-1], norm)
    for n, axis in zip(s[:-1], axes[:-1], strict=True):
        a = others(a, n, axis, norm)
    return a


def inverse_over_axes(a, s, axes, norm):
    """The way back to a real array: ifft along all axes but the last, then irfft along that."""
    axes, s = axes_and_lengths(a, s, axes)
    for n, axis in zip(s[:-1], axes[:-1], strict=True):
        a = fft.ifft(a, n, axis, norm)
    return fft.irfft(a, s[-1], axes[-1], norm)


def axes_and_lengths(a, s, axes):
    """By default all axes (the last ones, if lengths are given), with the lengths they have, for which −1 may stand."""
    if axes is None:
        axes = range(-len(s), 0) if s is not None else range(np.ndim(a))
    if not len(axes):
        raise ValueError("A Fourier transform of Tensors needs at least one axis to go along.")
    lengths = [None] * len(axes) if s is None else [np.shape(a)[axis] if n == -1 else n for n, axis in zip(s, axes, strict=True)]
    return list(axes), lengths
