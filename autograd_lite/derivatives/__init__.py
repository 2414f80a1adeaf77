"""The tables: what each function's derivative is.

A rule is the function's own signature with `g` and `y` in front: `g` is the gradient that comes in, ∂output/∂y, and `y`
is the function's result. It returns ∂output/∂(one argument), and there is one rule for each differentiable argument:

    derivative(np.multiply, lambda g, y, a, b: g * b,
                            lambda g, y, a, b: g * a)

A rule need not undo broadcasting: the walk brings every gradient to the shape and dtype of what it belongs to. What it returns is
new, or `g` itself or a part of it; not an array that somebody else goes on using. Rules are plain NumPy. Run on arrays they give
the gradient; run on Tensors they are recorded like anything else, and that is where second and higher derivatives come from.
"""

from functools import wraps

import numpy as np

RULES = {}  # function -> a tuple with a rule (or None) for each argument, or one rule for all arguments at once
COMPUTE = {}  # function -> what computes it on plain arrays, without the question whether there are Tensors
FORMULAS = {}  # function -> the same function, written with functions that are in these tables
LEFT_OUT = {}  # function (or "reduce", … of ufuncs) -> why it has no derivative here, and what to do
MISFITS = {}  # function (None: any other) -> what to do where the shapes of its arguments do not fit
COMPLEX = set()  # functions that may meet complex numbers on the way from real ones to a real result
CONSTANTS = set()  # functions whose results are plain values: queries, comparisons, and what is flat wherever it is smooth

PLAIN = np.ndarray.__array_function__  # by which plain arrays hand nothing over


def derivative(function, *rules, all=None, compute=None):
    """Put a function's rules, one for each argument, into the table. `ag.derivative` says more.

    compute: computes the same of plain arrays, without options, where NumPy's function takes longer.
    """
    _declare(function, rules, all, compute)


def differentiable(*rules, all=None, lists=False):
    """Decorate a plain NumPy function with its rules. `ag.differentiable` says more.

    lists: whether a Tensor may stand in a list among the arguments.
    """

    def decorate(function):
        @wraps(function)
        def dispatching(*arguments, **options):
            for argument in (*arguments, *options.values()) if options else arguments:
                if (kind := type(argument)) is np.ndarray:
                    continue
                if getattr(kind, "__array_function__", PLAIN) is not PLAIN:
                    return argument.__array_function__(dispatching, (), arguments, options)
                if lists and (kind is list or kind is tuple):
                    for member in argument:
                        if getattr(type(member), "__array_function__", PLAIN) is not PLAIN:
                            return member.__array_function__(dispatching, (), arguments, options)
            return function(*arguments, **options)

        dispatching.__name__ = getattr(function, "__name__", type(function).__name__)
        dispatching._implementation = function  # where the arrays' own __array_function__ looks for it
        _declare(dispatching, rules, all)
        return dispatching

    return decorate


def formula(function, definition):
    """Declare that a NumPy function, given Tensors, is computed by `definition`, and so recorded as the steps in it.

    definition: has the function's own signature, without the options that it does not know; these are refused.
    """
    FORMULAS[function] = definition


def constant(*functions):
    """Declare functions of the third kind: given Tensors, they take their `.data` and return plain values."""
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
    """Say what to do where the shapes of a function's arguments do not fit; None: of any function that broadcasts them."""
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


def name_of(function):
    """The name that a reader knows the function by: np.tanh, np.linalg.solve, sigmoid."""
    name = getattr(function, "__name__", None) or repr(function)
    if isinstance(getattr(function, "__self__", None), np.ufunc):  # np.add.reduce
        return f"{name_of(function.__self__)}.{name}"
    module = getattr(function, "__module__", None) or ("numpy" if getattr(np, name, None) is function else "")
    return f"np{module.removeprefix('numpy')}.{name}" if module.split(".")[0] == "numpy" else name


def _declare(function, rules, all, compute=None):
    RULES[function] = all or rules
    COMPUTE[function] = compute or getattr(function, "__wrapped__", function)  # what it decorates
