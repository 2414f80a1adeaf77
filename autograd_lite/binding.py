"""A call in the one form that is recorded: differentiable arguments in order, every other option by its name.

np.sum(x, 0), np.sum(x, axis=0) and np.sum(axis=0, a=x) are the same call, so they make the same record.
"""

import inspect
from functools import cache

import numpy as np

from autograd_lite.derivatives import RULES, name_of


def bind(function, arguments, options):
    """(operands, options) of a call: the operands are what the function's rules differentiate by.

    Raises TypeError for an option that changes the result and that no rule knows.
    """
    if callable(RULES[function]):
        operands, rest, names = _spread(function, arguments, options)
    else:
        operands, rest, names = _in_order(function, arguments, options)
    options = {name: value for name, value in options.items() if name not in names[0]}
    options = {**dict(zip(names[1], rest, strict=False)), **options}
    return operands, {name: value for name, value in options.items() if _is_known(function, name, value)}


def _in_order(function, arguments, options):
    """A function with one rule for each operand, f(a, b, axis): an operand given by keyword is put in its place."""
    count = len(RULES[function])
    operands = list(arguments[:count])
    names = _names(function, RULES[function])
    for spellings in names[len(operands) : count]:
        given = [name for name in spellings if name in options]
        operands.append(options[given[0]] if given else None)
    while len(operands) > len(arguments) and operands[-1] is None:  # not given at all: the rule has its own default
        operands.pop()
    by_keyword = {name for spellings in names[:count] for name in spellings}
    return tuple(operands), arguments[count:], (by_keyword, [spellings[0] for spellings in names[count:]])


def _spread(function, arguments, options):
    """A function of a list, f([a, b], axis): its operands are the members. (np.einsum("ij,jk", a, b) has them bare.)"""
    names = [spellings[0] for spellings in _names(function, RULES[function])]
    if not arguments:
        arguments = (options[names[0]],)
    if isinstance(arguments[0], str):
        return arguments, (), ((), ())
    return tuple(arguments[0]), arguments[1:], (names[:1], names[1:])


def _is_known(function, name, value):
    if name in _options(RULES[function]):
        return True
    if value is None or value is np._NoValue or value is _signature(function).get(name, inspect.Parameter.empty):
        return False  # as good as not given: nothing to record
    if name == "out":
        raise TypeError(f"{name_of(function)}: out= would overwrite an array that a record may need. Leave it out.")
    known = ", ".join(_options(RULES[function])) or "calls without options"
    raise TypeError(
        f"{name_of(function)}: its derivative does not know the option {name}={value!r}, only {known}. "
        f"Write it as a step of its own (np.where, astype, ...)."
    )


@cache
def _signature(function):
    """The function's parameters and their defaults; nothing for those of NumPy's C functions that tell none."""
    try:
        return {p.name: p.default for p in inspect.signature(function).parameters.values()}
    except (TypeError, ValueError):
        return {}


@cache
def _rule_parameters(rules):
    rule = rules if callable(rules) else next(filter(None, rules))
    return list(inspect.signature(rule).parameters.values())[2:]


@cache
def _names(function, rules):
    """For each parameter the names it goes by: the function's own and, for an operand, the rule's."""
    rule = [p.name for p in _rule_parameters(rules)]
    own = list(_signature(function)) or rule
    count = 0 if callable(rules) else len(rules)
    return [(name, rule[i]) if i < count else (name,) for i, name in enumerate(own)]


@cache
def _options(rules):
    """The options that the rules take, beside the operands."""
    count = 0 if callable(rules) else len(rules)
    return [p.name for p in _rule_parameters(rules)[count:] if p.kind is not p.VAR_POSITIONAL]
