"""Numbers as all pictures write them, as LaTeX and as text: four significant digits, 1.2·10⁻⁷ where
they would not do.
"""

import math
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from viz.language.plain import plain


def digits(value, significant=4):
    """A number as LaTeX: so many significant digits, a power of ten only where it must be.

    An exact tie is rounded away from zero, as JavaScript rounds it.

        >>> from viz.language.numbers import digits
        >>> digits(0.123456), digits(-2.0)
        ('0.1235', '{-}2')
    """
    value = float(value)
    if math.isnan(value):
        return r"\text{nan}"
    sign = "{-}" if value < 0 else ""  # braces: a minus of one number, not between two
    if math.isinf(value):
        return rf"{sign}\infty"
    size = Decimal(abs(value))
    mantissa = Context(significant, ROUND_HALF_UP).plus(size)
    exponent = mantissa.adjusted()
    if value == 0 or -4 <= exponent <= significant:
        places = max(significant - 1 - exponent, 0)
        rounded = size.quantize(Decimal(1).scaleb(-places), context=Context(30, ROUND_HALF_UP))
        return sign + _trimmed(rounded)
    mantissa = _trimmed(mantissa.scaleb(-exponent))
    return rf"{sign}{mantissa} \cdot 10^{{{_signed(exponent)}}}"


def value_of(written):
    """The number that `digits` wrote."""
    number = written.replace("{-}", "-").replace(r"\infty", "inf").replace(r"\text{nan}", "nan")
    return float(number.replace(r" \cdot 10^{", "e").replace("}", ""))


def in_text(value, significant=4):
    """A number, real or complex, as text."""
    if np.iscomplexobj(value):
        real, imaginary = in_text(np.real(value)), in_text(np.imag(value))
        return f"{real}{'' if imaginary.startswith('−') else '+'}{imaginary}j"
    return plain(digits(value, significant))


def factor(value):
    """A number within a product: in parentheses if it is negative."""
    return f"({digits(value)})" if value < 0 else digits(value)


def result(value, *others):
    """ "= value", as LaTeX, or "≈ value" where it or one of `others` has more digits than are
    written.
    """
    return f"{equals(value, *others)} {digits(value)}"


def equals(*values):
    """= if all the numbers are written in full, else ≈."""
    full = all(
        math.isclose(value_of(digits(value)), value, rel_tol=1e-12, abs_tol=1e-300)
        for value in map(float, values)
    )
    return "=" if full else r"\approx"


def power_of_ten(number):
    """A power of ten, as LaTeX."""
    exponent = round(math.log10(number))
    if exponent in (0, 1):
        return "10" if exponent else "1"
    return f"10^{{{_signed(exponent)}}}"


def _signed(exponent):
    return f"{{-}}{-exponent}" if exponent < 0 else str(exponent)


def _trimmed(decimal):
    written = f"{decimal:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
