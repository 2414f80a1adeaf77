"""How far a right answer may be off, where the rule is to keep four significant digits on the way:
found by computing anew with rounded intermediate results.
"""

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal

import numpy as np

from viz.lesson.sheets.computed import as_it_is

DIGITS = 4  # that the rule on the sheet lets a student keep
WIDER = 3  # times the largest deviation found: there are more ways to round than we try


def rounded(value, how=ROUND_HALF_UP):
    """A number with four significant digits; truth values as they are. What binary fractions add to
    a short decimal is no digit of it.
    """
    if isinstance(value, bool | np.bool_) or not math.isfinite(value):
        return value
    return float(Context(DIGITS, how).create_decimal(f"{value:.12g}"))


def _towards(how):
    return lambda value: rounded(value, how)


# Ways to compute: what is kept of a result that is asked for, and of what is computed on the way.
WAYS = (
    (rounded, as_it_is),
    (rounded, rounded),
    (_towards(ROUND_DOWN), _towards(ROUND_DOWN)),
    (_towards(ROUND_UP), _towards(ROUND_UP)),
)


def tolerance(answer, others):
    """Three times the largest deviation of `others` from the answer, and at least half a unit of
    the last digit that the rule lets a student write.
    """
    largest = max(abs(other - answer) for other in others)
    return max(_two_digits(WIDER * largest), half_a_unit(answer))


def half_a_unit(answer):
    """0.00005 for 0.1234; the same for 0, as if it had four decimals."""
    exponent = Decimal(repr(answer)).adjusted() if answer else -1
    return float(Decimal(5).scaleb(exponent - DIGITS))


def _two_digits(value):
    """Not more than the value."""
    return float(Context(2, ROUND_DOWN).create_decimal(f"{value:.12g}"))
