"""`import autograd_lite.scipy_special` declares the derivatives of SciPy's special functions, and does nothing else.

Notation is that of the NIST Digital Library of Mathematical Functions. Where a function has no derivative in closed form by one
of its arguments (the order of a Bessel function, the shape of a gamma distribution), asking for it raises.
"""

import numpy as np
from scipy import special
from scipy.special import (
    betaln,
    digamma,
    erfcx,
    expit,
    gammaln,
    hyp2f1,
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
    poch,
    rgamma,
    xlog1py,
    xlogy,
    y0,
    y1,
    yv,
)

from autograd_lite.derivatives import derivative, differentiable
from autograd_lite.derivatives.elementwise import sign
from autograd_lite.derivatives.pairs import cosine
from autograd_lite.layers import cut_off

ROOT_2, ROOT_PI, ROOT_2PI = np.sqrt([2, np.pi, 2 * np.pi]).tolist()


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
derivative(special.ndtr, lambda g, y, x: g * np.exp(-(cut_off(x) ** 2) / 2) / ROOT_2PI)
derivative(special.log_ndtr, lambda g, y, x: g * hazard(-x))
derivative(special.ndtri, lambda g, y, x: g * np.exp(y * y / 2) * ROOT_2PI)
derivative(special.ndtri_exp, lambda g, y, x: g / hazard(-y))
derivative(special.erf, lambda g, y, x: g * np.exp(-(cut_off(x) ** 2)) * 2 / ROOT_PI)
derivative(special.erfc, lambda g, y, x: -g * np.exp(-(cut_off(x) ** 2)) * 2 / ROOT_PI)
derivative(special.erfcx, lambda g, y, x: -g * ROOT_2 * y * excess(ROOT_2 * x))
derivative(special.erfi, lambda g, y, x: g * np.exp(x * x) * 2 / ROOT_PI)
derivative(special.erfinv, lambda g, y, x: g * np.exp(y * y) * ROOT_PI / 2)
derivative(special.erfcinv, lambda g, y, x: -g * np.exp(y * y) * ROOT_PI / 2)
derivative(special.dawsn, lambda g, y, x: g * (1 - 2 * x * y))


@differentiable(lambda g, y, t: g * y * excess(np.maximum(t, -40)))  # below −40 it is 0
def hazard(t):
    """φ(t) / (1 − Φ(t)) of the normal distribution."""
    return 2 / ROOT_2PI / erfcx(t / ROOT_2)


def excess(t):
    """hazard(t) − t; where the two become alike, 1/(t + 2/(t + 3/(t + …))), Laplace's continued fraction."""
    is_large = t > 10
    small, large, fraction = np.where(is_large, 10, t), np.where(is_large, t, 10), 0.0
    for k in range(20, 0, -1):
        fraction = k / (large + fraction)
    return np.where(is_large, fraction, hazard(small) - small)


# Entropies. As in the functions, 0 · ln 0 is 0, and 0/0 too, since 0 · ln b does not change with b.
derivative(special.entr, lambda g, y, x: -g * (np.log(x) + 1))
derivative(special.rel_entr, lambda g, y, a, b: g * (log_ratio(a, b) + 1), lambda g, y, a, b: -g * fraction(a, b))
derivative(special.kl_div, lambda g, y, a, b: g * log_ratio(a, b), lambda g, y, a, b: g * (1 - fraction(a, b)))
derivative(
    special.xlogy,
    lambda g, y, a, b: g * np.where((a == 0) & (b <= 0), 0, xlogy(1, b)),
    lambda g, y, a, b: g * fraction(a, b),
)
derivative(
    special.xlog1py,
    lambda g, y, a, b: g * np.where((a == 0) & (b <= -1), 0, xlog1py(1, b)),
    lambda g, y, a, b: g * fraction(a, 1 + b),
)


@differentiable(lambda g, y, a, b: g / b, lambda g, y, a, b: -g * fraction(y, b))
def fraction(a, b):
    """a / b, and 0 where a is 0."""
    return a / np.where((a == 0) & (b == 0), 1, b)


def log_ratio(a, b):
    """ln (a/b), also where a/b would overflow or vanish."""
    return np.log(a) - np.log(b)


# The gamma function and its relatives, for positive arguments.
derivative(special.gamma, lambda g, y, x: g * y * digamma(x))
derivative(special.rgamma, lambda g, y, x: g * rgamma(x + 1) * (1 - x * digamma(x + 1)))  # by 1/Γ(x) = x/Γ(x + 1)
derivative(special.gammaln, lambda g, y, x: g * digamma(x))
derivative(special.loggamma, lambda g, y, x: g * digamma(x))
derivative(special.digamma, lambda g, y, x: g * zeta(2, x))
derivative(
    special.poch,
    lambda g, y, z, m: g * poch(z + 1, m - 1) * (1 + z * (digamma(z + m) - digamma(z + 1))),  # by (z)_m = z (z + 1)_m−1
    lambda g, y, z, m: g * y * digamma(z + m),
)
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
derivative(special.gammainc, no_closed_form, lambda g, y, a, x: g * gamma_term(x, a - 1, 1, -gammaln(a)))
derivative(special.gammaincc, no_closed_form, lambda g, y, a, x: -g * gamma_term(x, a - 1, 1, -gammaln(a)))
derivative(
    special.betainc,
    no_closed_form,
    no_closed_form,
    lambda g, y, a, b, x: g * beta_term(x, a - 1, b - 1, 1, -betaln(a, b)),
)


@differentiable(lambda g, y, x, p, c, s: g * (gamma_term(x, p - 1, c * p, s) - y))
def gamma_term(x, p, c, s):
    """c xᵖ e^(s − x): with it, all derivatives are exact at 0 and ∞ too."""
    return np.where((c == 0) | (x == np.inf), 0, c * np.exp(xlogy(p, x) - x + s))


@differentiable(lambda g, y, x, p, q, c, s: g * (beta_term(x, p - 1, q, c * p, s) - beta_term(x, p, q - 1, c * q, s)))
def beta_term(x, p, q, c, s):
    """c xᵖ (1 − x)^q e^s: with it, all derivatives are exact at 0 and 1 too."""
    return np.where(c == 0, 0, c * np.exp(xlogy(p, x) + xlog1py(q, -x) + s))


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
derivative(special.i0e, lambda g, y, x: g * (ive(1, x) - sign(x) * y))
derivative(special.i1e, lambda g, y, x: g * ((i0e(x) + ive(2, x)) / 2 - sign(x) * y))
derivative(special.ive, no_closed_form, lambda g, y, v, x: g * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - sign(x) * y))
derivative(special.k0, lambda g, y, x: -g * k1(x))
derivative(special.k1, lambda g, y, x: -g * (k0(x) + kv(2, x)) / 2)
derivative(special.kv, no_closed_form, lambda g, y, v, x: -g * (kv(v - 1, x) + kv(v + 1, x)) / 2)
derivative(special.k0e, lambda g, y, x: g * (y - k1e(x)))
derivative(special.k1e, lambda g, y, x: g * (y - (k0e(x) + kve(2, x)) / 2))
derivative(special.kve, no_closed_form, lambda g, y, v, x: g * (y - (kve(v - 1, x) + kve(v + 1, x)) / 2))

# Integrals.
derivative(special.exp1, lambda g, y, x: -g * np.exp(-x) / x)
derivative(special.expi, lambda g, y, x: g * np.exp(x / 2) / x * np.exp(x / 2))  # e^x may overflow before e^x/x does
derivative(special.expn, no_closed_form, lambda g, y, n, x: -g * exponential_integral(n - 1, x))
derivative(special.ellipk, lambda g, y, m: g * (y - np.pi / 4 * hyp2f1(0.5, 1.5, 2, m)) / (2 * (1 - m)))
derivative(special.ellipe, lambda g, y, m: -g * np.pi / 8 * hyp2f1(0.5, 1.5, 2, m))  # (E − K) / 2m, which loses its digits near 0
derivative(
    special.hyp2f1,
    no_closed_form,
    no_closed_form,
    no_closed_form,
    lambda g, y, a, b, c, z: g * a * b / c * hyp2f1(a + 1, b + 1, c + 1, z),
)


@differentiable(no_closed_form, lambda g, y, n, x: -g * exponential_integral(n - 1, x))
def exponential_integral(n, x):
    """E_n(x), which SciPy has for n ≥ 0; else (e^−x − n E_n+1(x)) / x."""
    if np.all(n >= 0):
        return special.expn(n, x)
    return np.where(n < 0, (np.exp(-x) - n * exponential_integral(np.minimum(n, -1) + 1, x)) / x, special.expn(np.maximum(n, 0), x))


# Elementary functions under SciPy's names.
derivative(special.exp2, lambda g, y, x: g * y * np.log(2))
derivative(special.exp10, lambda g, y, x: g * y * np.log(10))
derivative(special.expm1, lambda g, y, x: g * np.exp(x))
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
    lambda g, y, delta, r: g * rise(delta, r) * (rise(delta, r) / np.hypot(delta, r)),
    lambda g, y, delta, r: g * delta * cosine(r, delta),
)


def rise(delta, r):
    """√(δ² + r²) − δ, without the difference, which loses digits. (pseudo_huber is δ times it.)"""
    return r * (r / (np.hypot(delta, r) + delta))
