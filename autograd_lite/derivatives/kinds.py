"""What else a function may be than one with rules: a formula of others, a constant, or left out; and what is said of it.

`derivative` declares rules, and most functions have them. The tables here hold all others, and which functions are right for
complex numbers too.
"""

import numpy as np

from autograd_lite.derivatives import name_of

FORMULAS = {}  # function -> the same function, written with functions that are in these tables
LEFT_OUT = {}  # function (or "reduce", … of ufuncs) -> why it has no derivative here, and what to do
MISFITS = {}  # function (None: any other) -> what to do where the shapes of its arguments do not fit
COMPLEX = set()  # functions that may meet complex numbers on the way from real ones to a real result
CONSTANTS = set()  # functions whose results are plain values: queries, comparisons, and what is flat wherever it is smooth


def formula(function, definition):
    """Declare that a NumPy function, given Tensors, is computed by `definition`, and so recorded as the steps in it.

    function: NumPy's.
    definition: has the function's own signature, without the options that it does not know; these are refused.
    """
    FORMULAS[function] = definition


def constant(*functions):
    """Declare constants: given Tensors, they take their `.data` and return plain values."""
    CONSTANTS.update(functions)


def complex_too(*functions):
    """Declare that a function's rule is right for complex numbers, with the gradients that `fourier.py` explains."""
    COMPLEX.update(functions)


def left_out(reason, *functions):
    """Say why functions have no derivative here; the error that a Tensor meets repeats it.

    reason: what goes on from "np.put has no derivative here: it …"; or a sentence of its own, with a capital, which stands alone.
    """
    LEFT_OUT.update(dict.fromkeys(functions, reason))


def misfit(remedy, *functions):
    """Say what to do where the shapes of a function's arguments do not fit: what an error adds to NumPy's own words.

    remedy: a sentence or two.
    functions: NumPy's; None stands for any other function that broadcasts its arguments.
    """
    MISFITS.update(dict.fromkeys(functions, remedy))


def without_derivative(function):
    """What the error says about a function that is in no table."""
    name, of = name_of(function), getattr(function, "__self__", None)
    if isinstance(of, np.ufunc):  # np.hypot.reduce
        return f"{name} has no derivative here: {LEFT_OUT[function.__name__].format(f=name_of(of))}"
    if reason := LEFT_OUT.get(function):
        return reason if reason[0].isupper() else f"{name} has no derivative here: {reason} For a plain result, call it with x.data."
    if isinstance(function, np.ufunc) and getattr(np, name, None) is not function:
        return f"{name} has no derivative yet. For SciPy's, import autograd_lite.scipy_special; else ag.derivative({name}, ...)."
    return f"{name} has no derivative here. Declare it, ag.derivative({name}, ...); or, for a plain result, call it with x.data."


def without_complex(function):
    """What the error says about complex numbers where a derivative is that of real ones."""
    return f"{name_of(function)} has no derivative for complex numbers. Take np.real, np.imag or np.abs before."
