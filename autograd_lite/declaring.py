"""`ag.derivative` and `ag.differentiable`: what stands at the door of the tables, and looks whether
the rules fit the function.

A rule is the function's own signature with g and y in front. One that is not would be found out
only in the middle of a walk, or never, where an argument is lost on the way.
"""

import inspect

import numpy as np

from autograd_lite import derivatives
from autograd_lite.binding import PLACES, parameters
from autograd_lite.derivatives import name_of


def derivative(function, *rules, all=None):
    """Declare the derivative of a function that hands Tensors over to us, as NumPy's functions do.

    function: a NumPy function or a ufunc (SciPy's too).
    rules: one for each argument in order, None where there is no derivative. A rule has the
        function's own parameters and defaults, with two more in front: `g`, the gradient
        ∂output/∂y that comes in, and `y`, the function's result. It returns ∂output/∂argument,
        which need not have the argument's shape yet: broadcasting is undone afterwards. An option
        that not all rules take is refused when the function is recorded.
    all: instead of `rules`, for a function of a list of arrays such as np.concatenate: one rule
        (g, y, *operands, **options), which returns the gradients of all operands as a list.

    Raises TypeError for a function that does not hand Tensors over (of a function of your own make
    one that does by `differentiable`), and for rules whose parameters are not the function's.

        ag.derivative(scipy.special.exprel, lambda g, y, x: g * (np.exp(x) - y) / x)
    """
    ufunc = getattr(function, "__self__", function)  # of np.maximum.accumulate, too
    dispatches = isinstance(ufunc, np.ufunc) or hasattr(function, "_implementation")
    if not dispatches and function not in derivatives.RULES:
        raise TypeError(
            f"derivative got {name_of(function)}, which does not hand Tensors over: only NumPy's "
            "functions and ufuncs do. Decorate the definition of your own function instead: "
            "@ag.differentiable(rule, ...)."
        )
    refuse_misfits(function, rules, all)
    derivatives.derivative(function, *rules, all=all)


def differentiable(*rules, all=None):
    """Decorate a plain NumPy function with its derivative.

    rules: as for `derivative`, one for each argument, with the function's own parameters behind
        `g` and `y`. A method's first argument is `self`, whose rule is None.
    all: as for `derivative`, instead of `rules`.

    The decorated function joins NumPy's protocol: given a Tensor, also one in a list, it hands
    itself to `Tensor.__array_function__`, as NumPy's own functions do. There it is computed on
    plain arrays, and recorded as one step under its own name. Raises TypeError for rules whose
    parameters are not the function's.

        >>> @ag.differentiable(lambda g, y, x: g * (1 - y * y))
        ... def squashed(x):
        ...     return 1 - 2 / (np.exp(2 * x) + 1)
        >>> ag.grad(squashed)(0.0)
        array(1.)
    """

    def decorate(function):
        refuse_misfits(function, rules, all)
        return derivatives.differentiable(*rules, all=all, lists=True)(function)

    return decorate


def refuse_misfits(function, rules, all):
    """Raise TypeError where the rules cannot be called as the function can be."""
    if not callable(function):
        raise TypeError(
            f"A derivative belongs to a function, got {type(function).__name__}. Write "
            "@ag.differentiable(rule, ...) above the plain function, below @classmethod and others."
        )
    unusable = [rule for rule in (*rules, all) if rule is not None and not callable(rule)]
    if unusable or not any((*rules, all)) or (rules and all):
        raise TypeError(
            f"{name_of(function)} needs a rule (or None) for each argument, or else all=rule."
        )
    own = parameters(function)
    if all is not None:
        _refuse_what_takes_no_list(function, own)
        return
    ufunc, places = isinstance(function, np.ufunc), [p for p in own if p.kind in PLACES]
    count = function.nin if ufunc else len(places)
    bare = any(p.kind is p.VAR_POSITIONAL for p in own)
    if (ufunc and len(rules) != count) or (own and not bare and len(rules) > count):
        raise TypeError(
            f"{name_of(function)} takes {count} arguments by place, got {len(rules)} rules: give "
            "one for each of these in order, None where there is no derivative. (An argument that "
            "is given by name only has none.)"
        )
    # What has no name stands with the operands.
    alone = 0 if ufunc else sum(p.kind is p.POSITIONAL_ONLY for p in places)
    operands = places[: max(len(rules), alone)]
    for rule in rules:
        if rule is None or not own:
            continue
        if why := _difference(own, operands, max(len(rules), alone) if bare else None, rule):
            shown = inspect.Signature([p.replace(annotation=p.empty) for p in own])
            raise TypeError(
                f"{name_of(function)} and its rule {inspect.signature(rule)} differ: {why}. A rule "
                "has the function's own parameters, with g and y in front: lambda g, y, "
                f"{str(shown)[1:-1]}: ..."
            )


def _difference(own, operands, bare, rule):
    """Where a rule's signature is not the function's, or None.

    bare: of a function f(*operands), how many of them there are at least.
    """
    takes = parameters(rule)[2:]
    places = {p.name: i for i, p in enumerate(own)}
    for i, p in enumerate(takes):
        place = places.get(p.name, i)
        if place != i and p.kind in PLACES and min(place, i) < len(operands):
            return f"{p.name} stands in another place"
    options = [p for p in own[len(operands) :] if p.kind in (*PLACES, p.KEYWORD_ONLY)]
    required = [p.name for p in options if p.default is p.empty]
    fewest = bare or sum(p.default is p.empty for p in operands)
    for count in range(fewest, (bare or len(operands)) + 1):
        if why := _misfit(rule, count, required):
            return why
    if bare and not any(p.kind is p.VAR_POSITIONAL for p in takes):
        return "any number of arguments may come"
    by_name = {p.name: p for p in takes[len(operands) :]}
    pairs = [*zip(operands, takes, strict=False), *((p, by_name.get(p.name)) for p in options)]
    for mine, its in pairs:
        if its is not None and not _same(mine.default, its.default):
            return f"{mine} there, {its} here"
    return None


def _misfit(rule, count, names):
    """Why a rule cannot be called with so many operands and these options, or None."""
    try:
        inspect.signature(rule).bind(*range(count + 2), **dict.fromkeys(names))
    except TypeError as error:
        return str(error)
    except ValueError:  # a C function that tells none
        return None


def _same(default, its):
    """Whether a rule has a function's default, as far as both have one."""
    if inspect.Parameter.empty in (default, its) or default is np._NoValue or default is its:
        return True
    try:
        return bool(default == its)
    except ValueError:  # arrays
        return False


def _refuse_what_takes_no_list(function, own):
    others = [p.name for p in own[1:] if p.kind in PLACES and p.default is p.empty]
    if others and not any(p.kind is p.VAR_POSITIONAL for p in own):
        raise TypeError(
            f"{name_of(function)}: all= is for functions of one list, f(arrays) or f(*arrays), "
            f"with options; this one has {', '.join(others)} too. Give a rule for each argument."
        )
