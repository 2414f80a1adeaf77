"""A call in the one form that is recorded: differentiable arguments in order, every other option by
its name.

np.sum(x, 0), np.sum(x, axis=0) and np.sum(axis=0, a=x) are the same call, so they make the same
record.
"""

import inspect
from functools import cache
from inspect import Parameter
from types import SimpleNamespace

import numpy as np

from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.kinds import FORMULAS, without_derivative

PLACES = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
STARS = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}


def bind(function, arguments, options):
    """(operands, options) of a call: the operands are what the function's rules differentiate by.

    None where only the function's formula knows an option, or there is only a formula. Raises
    TypeError for a function without either, and for an option that changes the result and that not
    every rule knows.
    """
    rules = RULES.get(function)
    if rules is None:
        if function in FORMULAS:
            return None
        raise TypeError(without_derivative(function))
    form = form_of(function, rules)
    if form.bare and (callable(rules) or len(arguments) > len(form.names)):
        return arguments, _known(function, options, form.known)
    operands, options = _named(function, arguments, options, form.names, form.count)
    if options and len(operands) < form.count:
        ahead = range(len(operands), form.count)
        keywords = {i: name for i in ahead for name in form.spelled[i] if name in options}
        for i in range(len(operands), max(keywords, default=-1) + 1):
            operands += (options.pop(keywords[i]) if i in keywords else form.defaults[i],)
    if function in FORMULAS and not all(
        name in form.known or _is_default(function, name, value) for name, value in options.items()
    ):
        return None
    if callable(rules) and operands:
        operands = tuple(operands[0])
    return operands, _known(function, options, form.known)


def bind_formula(function, arguments, options):
    """(arguments, options) of a call as the function's formula takes them. Raises TypeError for an
    option that changes the result and that it lacks.
    """
    form = form_of(function, FORMULAS[function], rules=False)
    if not form.bare:
        arguments, options = _named(function, arguments, options, form.names, form.count)
    return arguments, _known(function, options, form.known)


@cache
def form_of(function, definition, rules=True):
    """How the function takes its arguments, and its rules (or its formula) take them.

    names: of the parameters that have a place. count: how many of them are operands. spelled,
    defaults: their names as keywords, and defaults. bare: whether more may follow, f(*operands).
    known: the options; "**": any.
    """
    in_a_list = rules and callable(definition)  # one rule for its members
    several = (definition,) if callable(definition) else definition
    takes = [parameters(rule)[2 * rules :] for rule in several if rule]
    own = parameters(function) or takes[0]
    if own is takes[0] and in_a_list:  # (np.concatenate of NumPy 2.0 tells none)
        own = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in own]
    places = [p for p in own if p.kind in PLACES]
    unnamed = {p.name for p in places if p.kind is p.POSITIONAL_ONLY}
    if not rules:
        count = sum(p.default is p.empty for p in places)
    elif in_a_list:
        count = 1
    else:  # what has no name stands with the operands
        count = min(max(len(definition), len(unnamed)), len(places))
    first = [p for p in takes[0] if p.kind in PLACES]
    first += places[len(first) :]
    defaults = [None if p.default is p.empty else p.default for p in first]
    # (np.clip has two names for a bound, one of them only for keywords.)
    by_name = {p.name for p in own if p.kind is p.KEYWORD_ONLY}
    spelled = [{p.name} - unnamed | {q.name} & by_name for p, q in zip(places, first, strict=False)]
    its = [[_label(p) for p in of[rules and count :]] for of in takes]
    known = [n for n in its[0] if n not in {"*", "out"} and all({n, "**"} & {*of} for of in its)]
    names, bare = [p.name for p in places], "*" in map(_label, own)
    return SimpleNamespace(
        names=names, count=count, spelled=spelled, defaults=defaults, bare=bare, known=known
    )


@cache
def parameters(function):
    """Of a function; none of a C function that tells none."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _label(parameter):
    return STARS.get(parameter.kind, parameter.name)


def _named(function, arguments, options, names, count):
    """The first arguments, and the others among the options, by their names."""
    if len(arguments) > len(names):
        raise TypeError(f"{name_of(function)} takes {len(names)} arguments by place, not more.")
    rest = zip(names[count:], arguments[count:], strict=False)
    return arguments[:count], {**dict(rest), **options}


def _known(function, options, known):
    """The options without those that are as good as not given. Others that are not known are
    refused.
    """
    return {n: v for n, v in options.items() if n in known or _is_known(function, n, v, known)}


def _is_known(function, name, value, known):
    if name == "out" and value is not None:
        raise TypeError(f"{name_of(function)}: out= would overwrite what a record may need.")
    if "**" in known:
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
    defaults = {p.name: p.default for p in parameters(function)}
    return value is None or value is np._NoValue or value is defaults.get(name, Parameter.empty)
