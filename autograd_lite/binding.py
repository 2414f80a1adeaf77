"""A call in the one form that is recorded: differentiable arguments in order, every other option by
its name.

np.sum(x, 0), np.sum(x, axis=0) and np.sum(axis=0, a=x) are the same call, so they make the same
record.
"""

import inspect
import math
from functools import cache

import numpy as np

from autograd_lite.derivatives import FORMULAS, RULES, name_of


def bind(function, arguments, options):
    """(operands, options) of a call: the operands are what the function's rules differentiate by.

    None where only the function's formula knows an option. Raises TypeError for an option that
    changes the result and that neither knows.
    """
    if callable(RULES[function]):
        operands, rest, names = _spread(function, arguments, options)
    else:
        operands, rest, names = _in_order(function, arguments, options)
    options = {name: value for name, value in options.items() if name not in names[0]}
    options = {**dict(zip(names[1], rest, strict=False)), **options}
    known = _options(RULES[function])
    if not options.keys() <= known.keys() and _is_for_formula(function, options, known):
        return None
    return operands, {
        name: value for name, value in options.items() if _is_known(function, name, value, known)
    }


def again(function, operands, options):
    """Call a function as `bind` recorded it, on these operands: np.concatenate(operands, axis=0),
    np.einsum(*operands), …
    """
    rules = RULES[function]
    if callable(rules):
        return (
            function(*operands, **options)
            if _takes_bare(function)
            else function(operands, **options)
        )
    not_given = [p.default for p in _rule_parameters(rules)[len(operands) : len(rules)]]
    return function(*operands, *not_given, **options)


def bind_formula(function, arguments, options):
    """(arguments, options) of a call as the function's formula takes them. Raises TypeError for an
    option that changes the result and that it lacks.
    """
    known, count = _parameters(FORMULAS[function])
    if len(arguments) > count:
        options = {
            **dict(zip(list(_signature(function))[count:], arguments[count:], strict=False)),
            **options,
        }
        arguments = arguments[:count]
    options = {
        name: value for name, value in options.items() if _is_known(function, name, value, known)
    }
    return arguments, options


def _in_order(function, arguments, options):
    """A function with one rule for each operand, f(a, b, axis): an operand given by keyword is put
    in its place.
    """
    count = len(RULES[function])
    operands = list(arguments[:count])
    names = _names(function, RULES[function])
    for spellings in names[len(operands) : count]:
        given = [name for name in spellings if name in options]
        operands.append(options[given[0]] if given else None)
    # Not given at all: the rule has its own default.
    while len(operands) > len(arguments) and operands[-1] is None:
        operands.pop()
    by_keyword = {name for spellings in names[:count] for name in spellings}
    return (
        tuple(operands),
        arguments[count:],
        (by_keyword, [spellings[0] for spellings in names[count:]]),
    )


def _spread(function, arguments, options):
    """A function of a list, f([a, b], axis), whose operands are its members; or one that has them
    bare, f("ij,jk", a, b).
    """
    names = [spellings[0] for spellings in _names(function, RULES[function])]
    if _takes_bare(function):
        return arguments, (), ((), ())
    if not arguments:
        arguments = (options[names[0]],)
    return tuple(arguments[0]), arguments[1:], (names[:1], names[1:])


def _takes_bare(function):
    """Whether its list of operands stands bare among the arguments, f(*operands)."""
    return "*" in [_label(p) for p in _signature(function).values()][:1]


def _is_for_formula(function, options, known):
    """Whether the call says what the rules do not know, and the function has a formula."""
    says = (not _is_default(function, name, options[name]) for name in options.keys() - known)
    return function in FORMULAS and any(says)


def _is_known(function, name, value, known):
    """Whether `name` is among the known options ("**": all of them), or else as good as not given;
    if neither, refuse it.
    """
    if name == "out" and value is not None:
        raise TypeError(
            f"{name_of(function)}: out= would overwrite an array that a record may need. Leave it "
            "out."
        )
    if value is not np._NoValue and (name in known or "**" in known):
        return True
    if _is_default(function, name, value):
        return False  # as good as not given: nothing to record
    raise TypeError(
        f"{name_of(function)}: its derivative does not know the option {name}={value!r}, only "
        f"{', '.join(known) or 'calls without options'}. Write it as a step of its own (np.where, "
        "astype, ...)."
    )


def _is_default(function, name, value):
    """Whether an option says no more than leaving it out does."""
    parameter = _signature(function).get(name)
    as_default = parameter and value is parameter.default
    return value is None or value is np._NoValue or as_default


@cache
def _signature(function):
    """The function's parameters by name; nothing for a C function of NumPy's that tells none."""
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}


@cache
def _rule_parameters(rules):
    rule = rules if callable(rules) else next(filter(None, rules))
    return list(inspect.signature(rule).parameters.values())[2:]


@cache
def _names(function, rules):
    """For each parameter its names: the function's own and, for an operand, the rule's."""
    rule = [p.name for p in _rule_parameters(rules)]
    own = list(_signature(function)) or rule
    count = 0 if callable(rules) else len(rules)
    return [(name, rule[i]) if i < count else (name,) for i, name in enumerate(own)]


@cache
def _options(rules):
    """{the options that the rules take beside the operands: None}; "**" if they take any."""
    count = 0 if callable(rules) else len(rules)
    options = [p for p in _rule_parameters(rules)[count:] if p.kind is not p.VAR_POSITIONAL]
    return dict.fromkeys(map(_label, options))


@cache
def _parameters(definition):
    """The names that a formula takes ("**": any), and how many arguments by position."""
    parameters = inspect.signature(definition).parameters.values()
    names = [_label(p) for p in parameters]
    count = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
    return names, math.inf if "*" in names else count


def _label(parameter):
    return {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(
        parameter.kind, parameter.name
    )
