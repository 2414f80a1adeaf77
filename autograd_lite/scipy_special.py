"""`import autograd_lite.scipy_special` declares the derivatives of SciPy's special functions, and does nothing else.

Notation is that of the NIST Digital Library of Mathematical Functions. Where a function has no derivative in closed form by one
of its arguments (the order of a Bessel function, the shape of a gamma distribution), asking for it raises.
"""

import numpy as np
from scipy import special
from scipy.special import (
    betaln,
    digamma,
    ellipe,
    ellipk,
    expit,
    expn,
    gammaln,
    i0,
    i0e,
    i1,
    iv,
    ive,
    j0,
    j1,
    jv,
    k0,
    k0e,
    k1,
    k1e,
    kv,
    kve,
    xlog1py,
    xlogy,
    y0,
    y1,
    yv,
)

from autograd_lite.derivatives import derivative, differentiable

ROOT_PI, ROOT_2PI = np.sqrt(np.pi).item(), np.sqrt(2 * np.pi).item()


def no_closed_form(g, y, *arguments):
    """The rule for an argument by which there is no derivative in closed form: it raises TypeError."""
    raise TypeError("There is no closed form of this function's derivative by that argument: pass it as a plain number, x.data.")


@differentiable(no_closed_form, lambda g, y, s, q: -g * s * zeta(s + 1, q))
def zeta(s, q):
    """ζ(s, q) = Σ 1 / (k + q)^s, Hurwitz's zeta function: ψ'(x) = ζ(2, x) for positive x. (SciPy's is no ufunc.)"""
    return special.zeta(s, q)


# The logistic and the normal distribution, and the error function.
derivative(special.expit, lambda g, y, x: g * y * (1 - y))
derivative(special.logit, lambda g, y, x: g / (x * (1 - x)))
derivative(special.log_expit, lambda g, y, x: g * expit(-x))
derivative(special.ndtr, lambda g, y, x: g * np.exp(-x * x / 2) / ROOT_2PI)
derivative(special.log_ndtr, lambda g, y, x: g * np.exp(-x * x / 2 - y) / ROOT_2PI)
derivative(special.ndtri, lambda g, y, x: g * np.exp(y * y / 2) * ROOT_2PI)
derivative(special.ndtri_exp, lambda g, y, x: g * np.exp(x + y * y / 2) * ROOT_2PI)
derivative(special.erf, lambda g, y, x: g * np.exp(-x * x) * 2 / ROOT_PI)
derivative(special.erfc, lambda g, y, x: -g * np.exp(-x * x) * 2 / ROOT_PI)
derivative(special.erfcx, lambda g, y, x: g * 2 * (x * y - 1 / ROOT_PI))
derivative(special.erfi, lambda g, y, x: g * np.exp(x * x) * 2 / ROOT_PI)
derivative(special.erfinv, lambda g, y, x: g * np.exp(y * y) * ROOT_PI / 2)
derivative(special.erfcinv, lambda g, y, x: -g * np.exp(y * y) * ROOT_PI / 2)
derivative(special.dawsn, lambda g, y, x: g * (1 - 2 * x * y))

# Entropies. As in the functions, 0 · ln 0 is 0.
derivative(special.entr, lambda g, y, x: -g * (np.log(x) + 1))
derivative(special.rel_entr, lambda g, y, a, b: g * (np.log(a / b) + 1), lambda g, y, a, b: -g * a / b)
derivative(special.kl_div, lambda g, y, a, b: g * np.log(a / b), lambda g, y, a, b: g * (1 - a / b))
derivative(special.xlogy, lambda g, y, a, b: g * np.log(np.where((a == 0) & (b <= 0), 1, b)), lambda g, y, a, b: g * a / b)
derivative(special.xlog1py, lambda g, y, a, b: g * np.log1p(b), lambda g, y, a, b: g * a / (1 + b))

# The gamma function and its relatives, for positive arguments.
derivative(special.gamma, lambda g, y, x: g * y * digamma(x))
derivative(special.rgamma, lambda g, y, x: -g * y * digamma(x))
derivative(special.gammaln, lambda g, y, x: g * digamma(x))
derivative(special.loggamma, lambda g, y, x: g * digamma(x))
derivative(special.digamma, lambda g, y, x: g * zeta(2, x))
derivative(special.poch, lambda g, y, z, m: g * y * (digamma(z + m) - digamma(z)), lambda g, y, z, m: g * y * digamma(z + m))
derivative(
    special.beta,
    lambda g, y, a, b: g * y * (digamma(a) - digamma(a + b)),
    lambda g, y, a, b: g * y * (digamma(b) - digamma(a + b)),
)
derivative(
    special.betaln,
    lambda g, y, a, b: g * (digamma(a) - digamma(a + b)),
    lambda g, y, a, b: g * (digamma(b) - digamma(a + b)),
)
derivative(special.gammainc, no_closed_form, lambda g, y, a, x: g * np.exp(xlogy(a - 1, x) - x - gammaln(a)))
derivative(special.gammaincc, no_closed_form, lambda g, y, a, x: -g * np.exp(xlogy(a - 1, x) - x - gammaln(a)))
derivative(
    special.betainc,
    no_closed_form,
    no_closed_form,
    lambda g, y, a, b, x: g * np.exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b)),
)

# Bessel functions, by their argument x.
derivative(special.j0, lambda g, y, x: -g * j1(x))
derivative(special.j1, lambda g, y, x: g * (j0(x) - jv(2, x)) / 2)
derivative(special.jv, no_closed_form, lambda g, y, v, x: g * (jv(v - 1, x) - jv(v + 1, x)) / 2)
derivative(special.y0, lambda g, y, x: -g * y1(x))
derivative(special.y1, lambda g, y, x: g * (y0(x) - yv(2, x)) / 2)
derivative(special.yv, no_closed_form, lambda g, y, v, x: g * (yv(v - 1, x) - yv(v + 1, x)) / 2)
derivative(special.i0, lambda g, y, x: g * i1(x))
derivative(np.i0, lambda g, y, x: g * i1(x))
derivative(special.i1, lambda g, y, x: g * (i0(x) + iv(2, x)) / 2)
derivative(special.iv, no_closed_form, lambda g, y, v, x: g * (iv(v - 1, x) + iv(v + 1, x)) / 2)
derivative(special.i0e, lambda g, y, x: g * (ive(1, x) - np.sign(x) * y))
derivative(special.i1e, lambda g, y, x: g * ((i0e(x) + ive(2, x)) / 2 - np.sign(x) * y))
derivative(special.ive, no_closed_form, lambda g, y, v, x: g * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - np.sign(x) * y))
derivative(special.k0, lambda g, y, x: -g * k1(x))
derivative(special.k1, lambda g, y, x: -g * (k0(x) + kv(2, x)) / 2)
derivative(special.kv, no_closed_form, lambda g, y, v, x: -g * (kv(v - 1, x) + kv(v + 1, x)) / 2)
derivative(special.k0e, lambda g, y, x: g * (y - k1e(x)))
derivative(special.k1e, lambda g, y, x: g * (y - (k0e(x) + kve(2, x)) / 2))
derivative(special.kve, no_closed_form, lambda g, y, v, x: g * (y - (kve(v - 1, x) + kve(v + 1, x)) / 2))

# Integrals.
derivative(special.exp1, lambda g, y, x: -g * np.exp(-x) / x)
derivative(special.expi, lambda g, y, x: g * np.exp(x) / x)
derivative(special.expn, no_closed_form, lambda g, y, n, x: -g * expn(n - 1, x))
derivative(special.ellipk, lambda g, y, m: g * (ellipe(m) / (1 - m) - y) / (2 * m))
derivative(special.ellipe, lambda g, y, m: g * (y - ellipk(m)) / (2 * m))

# Elementary functions under SciPy's names.
derivative(special.exp2, lambda g, y, x: g * y * np.log(2))
derivative(special.exp10, lambda g, y, x: g * y * np.log(10))
derivative(special.expm1, lambda g, y, x: g * (y + 1))
derivative(special.log1p, lambda g, y, x: g / (1 + x))
derivative(special.cbrt, lambda g, y, x: g / (3 * y * y))
derivative(special.cosm1, lambda g, y, x: -g * np.sin(x))
derivative(special.boxcox, lambda g, y, x, power: g * x ** (power - 1), no_closed_form)
derivative(special.boxcox1p, lambda g, y, x, power: g * (1 + x) ** (power - 1), no_closed_form)
derivative(
    special.huber,
    lambda g, y, delta, r: g * np.maximum(np.abs(r) - delta, 0),
    lambda g, y, delta, r: g * np.clip(r, -delta, delta),
)
derivative(
    special.pseudo_huber,
    lambda g, y, delta, r: g * (2 * y / delta - r * r / (delta * np.hypot(1, r / delta))),
    lambda g, y, delta, r: g * r / np.hypot(1, r / delta),
)
