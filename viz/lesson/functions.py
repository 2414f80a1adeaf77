"""The functions of numbers that the live page knows; page/functions.js is the other side of it."""

from autograd_lite.entries import as_data
from autograd_lite.tracing import Untraceable

KNOWN = {
    *("add", "subtract", "multiply", "divide", "negative", "positive", "power", "float_power"),
    *("square", "sqrt", "cbrt", "reciprocal", "absolute", "fabs", "sign", "hypot"),
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "deg2rad", "rad2deg"),
    *("sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "erf", "erfc"),
    *("maximum", "minimum", "fmax", "fmin", "floor", "ceil", "trunc", "rint"),
    *("where", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"),
    *("logical_and", "logical_or", "logical_not", "logical_xor"),
    *("isfinite", "isnan", "isinf", "remainder", "fmod", "copysign", "heaviside"),
}


def known(program):
    """The Program of single numbers, if the page can run it; else raises Untraceable."""
    unknown = {name for name, *_ in as_data(program)["steps"]} - KNOWN
    if unknown:
        raise Untraceable(f"The page does not know {', '.join(sorted(unknown))}.")
    return program
