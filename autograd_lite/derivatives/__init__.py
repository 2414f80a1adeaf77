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
COMPUTE = {}  # function -> what computes it on plain arrays; of our own functions, without the question whether there are Tensors
FORMULAS = {}  # function -> the same function, written with functions that are in these tables
LEFT_OUT = {}  # function -> why it has no derivative here, and what to do
COMPLEX = set()  # functions that may meet complex numbers on the way from real ones to a real result
CONSTANTS = set()  # functions whose results are plain values: queries, comparisons, and what is flat wherever it is smooth


def derivative(function, *rules, all=None, compute=None):
    """Declare the derivative of a function that NumPy dispatches: one rule for each argument, None where there is none.

    function: a NumPy function or a ufunc (SciPy's too).
    rules: `rule(g, y, *arguments, **options)` -> the gradient of that argument. An option which no rule has among its
        parameters is refused when the function is recorded.
    all: instead of `rules`, one rule `(g, y, *operands, **options)` -> the gradients of all operands, for functions of a
        list of arrays such as np.concatenate.
    compute: computes the same of plain arrays, without options, where NumPy's function takes longer.

    Raises TypeError for a function that does not dispatch; `differentiable` makes it one that does.
    """
    if not isinstance(function, np.ufunc) and not hasattr(function, "_implementation") and function not in RULES:
        raise TypeError(
            f"derivative got {name_of(function)}, which does not hand Tensors over: only NumPy's functions and ufuncs do. "
            f"Decorate the definition of your own function instead: @ag.differentiable(rule, ...)."
        )
    _declare(function, rules, all, compute)


def differentiable(*rules, all=None):
    """Decorate a plain NumPy function with its derivative: `@differentiable(lambda g, y, x: g * y * (1 - y))`.

    The decorated function joins NumPy's protocol: given a Tensor, it hands itself to `Tensor.__array_function__`, as NumPy's
    own functions do, and is recorded under its own name. The rules are those of `derivative`.
    """

    def decorate(function):
        @wraps(function)
        def dispatching(*arguments, **options):
            operands = (*arguments, *options.values()) if options else arguments
            if all is not None:  # then they may stand in a list
                operands = [member for operand in operands for member in (operand if isinstance(operand, list) else [operand])]
            for argument in operands:
                if type(argument) is not np.ndarray and hasattr(argument, "__array_function__"):
                    return argument.__array_function__(dispatching, (), arguments, options)
            return function(*arguments, **options)

        dispatching._implementation = function  # where the arrays' own __array_function__ looks for it
        _declare(dispatching, rules, all, function)
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
    """Say why functions have no derivative here; the error that a Tensor meets repeats it."""
    LEFT_OUT.update(dict.fromkeys(functions, reason))


def without_derivative(function):
    """What the error says about a function that is in no table."""
    name = name_of(function)
    if function in LEFT_OUT:
        return f"{name} has no derivative here: {LEFT_OUT[function]} For a plain result, call it with x.data."
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
    """Put the rules into the table. Raises TypeError where there are none, or one that cannot be called."""
    unusable = [rule for rule in (*rules, all) if rule is not None and not callable(rule)]
    if unusable or not any((*rules, all)) or (rules and all):
        raise TypeError(f"{name_of(function)} needs a rule (or None) for each argument, or else all=rule")
    RULES[function] = all or rules
    COMPUTE[function] = compute or function
