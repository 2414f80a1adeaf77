"""Derivatives as formulas: what is printed is what the rule computes, and changes with it."""

import math
import re

import numpy as np
import pytest

import autograd_lite as ag
import nn
from autograd_lite.derivatives import RULES, derivative, differentiable, name_of
from viz.language.plain import plain
from viz.language.rules import code, derivatives, formula, in_words

# A number for each argument, in the domain of all functions but these.
ELSEWHERE = {np.arccosh: 1.7}
NAMES = {
    **{name: getattr(np, name) for name in ("sin", "cos", "sinh", "cosh", "sign", "floor")},
    **{name: getattr(np, name) for name in ("trunc", "hypot", "maximum", "minimum", "copysign")},
    **{
        name: getattr(np, name)
        for name in ("isnan", "isfinite", "expm1", "conjugate", "rint", "clip")
    },
    **{"ln": np.log, "sqrt": np.sqrt, "sigmoid": ag.sigmoid, "pi": math.pi, "e": math.e},
}
PYTHON = [
    (r"\b2 π", "(2*pi)"), ("π", "pi"), ("·10", "*10"), ("·", "*"), ("−", "-"), ("²", "**2"),
    (r"\^", "**"), (r"√(\w+)", r"sqrt(\1)"), ("√", "sqrt"), ("≥", ">="), ("≤", "<="), ("∧", "and"),
    ("∨", "or"), ("¬", "not "), (r"(?<![<>=]) = ", " == "), ("⁻¹³", "**-13"), (r"\[", "("),
    (r"\]", ")"), ("α", "alpha"), ("negative_slope", "slope"),
]  # fmt: skip


def value_of(text, numbers):
    """What a reader computes by the text."""
    for pattern, replacement in PYTHON:
        text = re.sub(pattern, replacement, text)
    return eval(text, {**NAMES, **numbers})


def entrywise(function):
    """Whether it goes entry by entry, and all its arguments are numbers."""
    return isinstance(function, np.ufunc) or (
        getattr(function, "__module__", "") in ("autograd_lite.functions", "autograd_lite.layers")
        and function not in (ag.softmax, ag.log_softmax, ag.logsumexp, ag.linear)
    )


PUBLIC = {*map(id, vars(np).values()), *map(id, vars(ag).values())}
FUNCTIONS = [f for f in RULES if entrywise(f) and id(f) in PUBLIC]
OTHERS = (np.matmul, np.modf, np.ldexp, np.i0, np.logaddexp, np.logaddexp2)  # no short formulas
FUNCTIONS = [f for f in FUNCTIONS if f not in OTHERS] + [np.where, np.clip]


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_the_formula_is_what_the_rule_computes(function):
    found = derivatives(function)
    count = len(RULES[function])
    compared = 0
    for numbers in ((0.6, 0.35, 0.9), (0.35, 0.6, 0.5), (-0.4, -0.4, 0.2)):
        arguments = [np.float64(ELSEWHERE.get(function, 0) + n) for n in numbers[:count]]
        with np.errstate(all="ignore"):
            y, g = function(*arguments), 1.7
        for rule, (name, latex) in zip(filter(None, RULES[function]), found.items(), strict=True):
            if latex is None:
                assert function in (np.power, np.float_power)
                continue
            named = dict(zip(parameter_names(function), arguments, strict=False))
            named = {"slope" if n == "negative_slope" else n: v for n, v in named.items()}
            with np.errstate(all="ignore"):
                expected = rule(g, y, *arguments)
                value = value_of(plain(latex), {**named, "g": g, "y": y})
            np.testing.assert_allclose(float(value), float(expected), rtol=1e-12, err_msg=name)
            compared += 1
    assert compared


def parameter_names(function):
    rule = next(filter(None, RULES[function]))
    return rule.__code__.co_varnames[2:]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (np.tanh, "g · (1 − y²)"),
        (np.divide, "a: g/b, b: −(g · y)/b"),
        (np.arcsin, "g/√(1 − x²)"),
        (ag.relu, "g · [x > 0]"),
        (
            ag.elu,
            "x: g · (1 if x > 0 else α · e^((0 if x > 0 else x))), "
            "α: g · expm1((0 if x > 0 else x))",
        ),
        (ag.softplus, "g · sigmoid(x)"),
        (ag.softmax, "y · (g − Σ g · y)"),
        (np.matmul, "a: g bᵀ, b: aᵀ g"),
        (np.linalg.inv, "−yᵀ g yᵀ"),
        (np.where, "a: (g if c else 0), b: (0 if c else g)"),
        (np.max, "g · ([a = y])/(Σ [a = y])"),
        (nn.losses.squared_error, "o: 2 · g · (o − y), y: 2 · g · (y − o)"),
        # No formulas: as in the code.
        (np.mean, "`restore(g, axis, keepdims) / count(a, y)`"),
        (np.concatenate, "`parts(g, operands, axis)`"),
        (np.float_power, "a: `g * (b * base(a, b) ** (b - 1.0))`, b: "),
    ],
)
def test_some_of_them(function, text):
    assert in_words(function).startswith(text)


def test_as_latex():
    assert derivatives(np.sqrt) == {"x": r"\frac{g}{2 \cdot y}"}
    assert derivatives(np.cos) == {"x": r"-g \cdot \operatorname{sin}(x)"}
    assert derivatives(np.hypot)["a"] == r"g \cdot \frac{a}{\sqrt{a^{2} + b^{2}}}"
    assert derivatives(ag.leaky_relu)["x"] == (
        r"g \cdot (1 \text{ if } x > 0 \text{ else } \operatorname{negative\_slope})"
    )
    assert derivatives(np.concatenate) == {} and derivatives(np.mean) == {"a": None}


def test_a_rule_that_is_changed_is_another_formula(monkeypatch):
    monkeypatch.setitem(RULES, np.tanh, (lambda g, y, x: g * (1 - y) * 2,))
    assert in_words(np.tanh) == "g · (1 − y) · 2"
    monkeypatch.setitem(RULES, np.mean, (lambda g, y, a, axis=None: np.cumprod(g) * len(a),))
    assert in_words(np.mean) == "`np.cumprod(g) * len(a)`"


def test_what_depends_on_the_numbers_or_the_size_is_no_formula(monkeypatch):
    rules = [
        lambda g, y, x: g if np.all(x > 0) else 2 * g,
        lambda g, y, x: g / x.size,
        lambda g, y, x: g * np.eye(len(x)),
        lambda g, y, x: g * float(x[0, 0]),
        lambda g, y, x: g[..., 0],
        lambda g, y, x: None,
    ]
    for rule in rules:
        monkeypatch.setitem(RULES, np.tanh, (rule,))
        assert derivatives(np.tanh) == {"x": None}


def test_brackets():
    def latex(rule):
        @differentiable(rule)
        def f(a, b):
            return a + b

        return plain(formula(f, 0, [np.float64(0.5), np.float64(0.7)]))

    assert latex(lambda g, y, a, b: (a + b) * (a - b)) == "(a + b) · (a − b)"
    assert latex(lambda g, y, a, b: a - (b - g)) == "a − (b − g)"
    assert latex(lambda g, y, a, b: a - (-b)) == "a − (−b)"
    assert latex(lambda g, y, a, b: a * (-b)) == "a · (−b)"
    assert latex(lambda g, y, a, b: (-a) * b - g) == "−a · b − g"
    assert latex(lambda g, y, a, b: a / (b / g)) == "a/(b/g)"
    assert latex(lambda g, y, a, b: a / b / g) == "(a/b)/g"
    assert latex(lambda g, y, a, b: a * (b * g)) == "a · (b · g)"
    assert latex(lambda g, y, a, b: (a * b) ** 2) == "(a · b)²"
    assert latex(lambda g, y, a, b: (-a) ** b) == "(−a)^(b)"
    assert latex(lambda g, y, a, b: (a / b) ** 2 * (a > b)) == "(a/b)² · [a > b]"
    assert latex(lambda g, y, a, b: 1 / (a < b)) == "1/([a < b])"
    assert latex(lambda g, y, a, b: np.exp(-a)) == "e^(−a)"
    assert latex(lambda g, y, a, b: -1.0 * a * 1e-5) == "−a · (1·10⁻⁵)"
    assert latex(lambda g, y, a, b: np.logical_not((a > b) & (b < 1)) * g) == (
        "[¬((a > b) ∧ (b < 1))] · g"
    )


def test_the_local_derivative_at_one_place():
    number = np.float64(0.5)
    local = lambda f, *arguments, **options: formula(f, 0, arguments, options, g=1.0)
    assert local(np.tanh, number) == "1 - y^{2}"
    assert local(np.power, number, 3) == r"3 \cdot a^{2}"
    assert local(np.multiply, number, number) == "b"
    assert formula(np.multiply, 0, [number, number], g=1.0, names=["p", "w", "w"]) == "w"
    assert local(ag.leaky_relu, number, 0.3) == r"(1 \text{ if } x > 0 \text{ else } 0.3)"
    assert local(np.negative, number) == "-1"
    assert local(np.split, np.ones(2), 2) is None


def test_code_that_cannot_be_found_is_left_open():
    assert code(RULES[np.concatenate]) == "parts(g, operands, axis)"
    assert code((lambda g, y: g * 2)) == "g * 2" and code(derivative) == "…"
    first, second = (lambda g, y: g + y), (lambda g, y: g - y)
    assert code(first) == code(second) == "…"
