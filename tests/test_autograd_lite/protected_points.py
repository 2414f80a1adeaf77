"""What the tests of guards share: a case, its check, and a search for guards in a source."""

import ast
from typing import NamedTuple

import numpy as np
import pytest

import autograd_lite as ag

NAN = np.nan


class At(NamedTuple):
    """f of an array at x, its gradient and its second derivatives; NaN where there is no number.

    second: a matrix, or the name of the error that is raised, or None where it is not asked for.
    """

    f: object
    x: object
    gradient: object
    second: object


def total(f):
    return lambda x: np.sum(f(x))


def pair(f):
    """f(a, b) as a function of one array."""
    return lambda x: f(x[0], x[1])


def none(n):
    """Second derivatives of which there is none."""
    return np.full((n, n), NAN)


def zeros(n):
    return np.zeros((n, n))


def third(f, x):
    return ag.jacobian(ag.hessian(f))(np.array(x, float))


def same(found, expected):
    """Numbers are equal; where none is expected, there is none."""
    found, expected = np.broadcast_arrays(found, np.array(expected, float))
    known = np.isfinite(expected)
    np.testing.assert_allclose(found[known], expected[known], rtol=1e-12, atol=1e-12)
    assert not np.isfinite(found[~known]).any(), found


def check(case):
    """Gradient and second derivatives are what the case says, or raise what it says."""
    x = np.array(case.x, float)
    if isinstance(case.gradient, str):
        with pytest.raises(np.linalg.LinAlgError, match=case.gradient):
            ag.grad(case.f)(x)
        return
    same(ag.grad(case.f)(x), case.gradient)
    if isinstance(case.second, str):
        with pytest.raises(np.linalg.LinAlgError, match=case.second):
            ag.hessian(case.f)(x)
        return
    if case.second is not None:
        same(ag.hessian(case.f)(x), case.second)


ASKING = {"where", "isfinite", "isinf", "isnan", "nan_to_num", "clip", "maximum", "minimum", "any"}
ASKING |= {"all", "sign", "select", "heaviside", "errstate", "copysign"}


def guards_in(source):
    """The functions, and declared derivatives, in which NumPy is asked whether numbers are special:
    np.where, np.isfinite, np.any, …, or in a rule whether something is, or exceeds, 0 or 1.
    """
    for statement in ast.parse(source).body:
        is_declared = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if isinstance(statement, ast.For):
            places = getattr(statement.iter, "elts", [statement.iter])
        else:
            places = statement.value.args[:1] if is_declared else []
        names = [ast.unparse(place) for place in places] or [getattr(statement, "name", None)]
        has_rule = is_declared or getattr(statement, "decorator_list", [])
        for node in ast.walk(statement):
            asks = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ASKING
            if isinstance(node, ast.Compare) and has_rule:
                sides = [node.left, *node.comparators]
                asks = any(
                    isinstance(side, ast.Constant) and side.value in (0, 1) for side in sides
                )
            if asks:
                yield from names
