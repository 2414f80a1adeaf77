"""The tables: what each function's derivative is.

A rule is the function's own signature with `g` and `y` in front: `g` is the gradient that comes in, ∂output/∂y, and `y`
is the function's result. It returns ∂output/∂(one argument), and there is one rule for each differentiable argument:

    derivative(np.multiply, lambda g, y, a, b: g * b,
                            lambda g, y, a, b: g * a)

A rule need not undo broadcasting: the walk brings every gradient to the shape and dtype of what it belongs to. It may return `g`,
or a part of it, but no array that is kept elsewhere. Rules are plain NumPy. Run on arrays they give the gradient; run on Tensors
they are recorded like anything else, and that is where second and higher derivatives come from.

A new line goes into the file of its kind, beside this one: `elementwise`, `pairs` (two arguments that need care), `floating_point`,
`reductions`, `shaping`, `rearranging`, `linear_algebra`, `decompositions`, `sequences`, `statistics`, … Importing autograd_lite fills
RULES from all of them. What is no rule (a formula of other functions, a constant, a function that is left out) is declared with
`kinds.py`.
"""

from functools import wraps

import numpy as np

RULES = {}  # function -> a tuple with a rule (or None) for each argument, or one rule for all arguments at once
COMPUTE = {}  # function -> what to call once no Tensor is left: the function itself; of a decorated one, the function inside

PLAIN = np.ndarray.__array_function__  # of a plain array, which hands nothing over


def derivative(function, *rules, all=None):
    """Put a function's rules, one for each argument, into the table. `ag.derivative` says more."""
    RULES[function] = all or rules
    COMPUTE.setdefault(function, function)


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
        COMPUTE[dispatching] = function
        derivative(dispatching, *rules, all=all)
        return dispatching

    return decorate


def name_of(function):
    """The name that a reader knows the function by: np.tanh, np.linalg.solve, sigmoid."""
    name = getattr(function, "__name__", None) or repr(function)
    if isinstance(getattr(function, "__self__", None), np.ufunc):  # np.add.reduce
        return f"{name_of(function.__self__)}.{name}"
    module = getattr(function, "__module__", None) or ("numpy" if getattr(np, name, None) is function else "")
    return f"np{module.removeprefix('numpy')}.{name}" if module.split(".")[0] == "numpy" else name
