r"""The derivatives of functions as formulas, made from the rules themselves: tanh, g · (1 − y²).

A rule is run on Symbols that are called as its parameters are, and the Program that it leaves is
put together to one expression. So a formula says what the code does. Of a rule that is no formula
of its arguments (it asks, counts entries, goes through a loop) there is none: never a wrong one.

    >>> from viz.language.rules import derivatives, in_words
    >>> derivatives(np.tanh)
    {'x': 'g \\cdot (1 - y^{2})'}
    >>> in_words(np.hypot)
    'a: g · a/√(a² + b²), b: g · b/√(b² + a²)'
"""

import ast
import inspect
import math

import numpy as np

from autograd_lite.derivatives import RULES
from autograd_lite.derivatives.elementwise import masked, one_less_square
from autograd_lite.derivatives.elementwise import quotient as quotient_or_0
from autograd_lite.derivatives.pairs import cosine, power_and_logs
from autograd_lite.tracing import Program, Symbol
from viz.language.plain import plain

LONGEST = 80  # of a formula as text; a longer one is no help


class Rule(Program):
    """A Program in which functions of our own are steps as they stand: sigmoid, not what it is made
    of.
    """

    def goes_into(self, function):
        return False


class NoFormula(Exception):
    """What a rule does is no formula of its arguments."""


def derivatives(function):
    """{argument: LaTeX} of what the function's rules make of g, for each argument that has one; or
    None in its place where that is no formula. Of matrices, where it does not go entry by entry.
    """
    rules = RULES[function]
    if callable(rules):
        return {}
    found = {}
    for position, name in enumerate(parameters(rules)[2 : 2 + len(rules)]):
        if rules[position] is not None:
            # What is the same for matrices of 2 × 2 and of 3 × 3 does not depend on their size.
            formulas = {formula(function, position, matrices(n, len(rules))) for n in (2, 3)}
            found[name] = formulas.pop() if len(formulas) == 1 else None
    return found


def in_words(function):
    """The same as a line of text: g · y; a: g · b, b: g · a. Where there is no formula, the rule as
    it stands in the code, in `…`.
    """
    rules, formulas = RULES[function], derivatives(function)
    if callable(rules):
        return f"`{code(rules)}`"
    texts = {
        plain(symbol(name)): plain(latex) if latex else f"`{code(rule)}`"
        for (name, latex), rule in zip(formulas.items(), filter(None, rules), strict=True)
    }
    if len(rules) == 1:
        return next(iter(texts.values()))
    return ", ".join(f"{name}: {text}" for name, text in texts.items())


def formula(function, position, arguments, options=None, g=None, names=None):
    """LaTeX of what a rule makes of g, where the arguments are these; or None.

    arguments: arrays are written by name, anything else as it is. g: a constant in its place; 1
    gives the local derivative.
    names: of the result and of the arguments, by default those that the rule gives them.
    """
    rules, options = RULES[function], options or {}
    try:
        seed, *letters = parameters(rules)
        program, (result, *names) = Rule(), names or letters
        held = program.symbols
        named = lambda name, array: held[name] if name in held else program.symbol(name, array)
        given = [
            named(name, a) if isinstance(a, np.ndarray | np.floating) else a
            for name, a in zip(names, arguments, strict=False)
        ]
        with np.errstate(all="ignore"):
            y = function(*arguments, **options)
        if isinstance(y, list | tuple):  # several results
            return None
        y = named(result, y)
        g = program.symbol(seed, np.ones(y.shape)) if g is None else g
        program.name("gradient", rules[position](g, y, *given, **options))
        latex, _ = Writer(program).expression(program.names["gradient"])
    except Exception:  # whatever it was that the rule did not like
        return None
    return latex if not program.guards and len(plain(latex)) <= LONGEST else None


def parameters(rules):
    """What the rules call g, the result, the arguments and options."""
    rule = rules if callable(rules) else next(filter(None, rules))
    return list(inspect.signature(rule).parameters)


def matrices(n, count):
    """So many different ones, n × n, that have an inverse."""
    return [np.full((n, n), 0.5) + np.eye(n) / (2 + i) for i in range(count)]


def code(rule):
    """The rule as it stands in the code, without its parameters; … where that cannot be found."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(inspect.getmodule(rule)))):
        if isinstance(node, ast.Lambda) and node.lineno == rule.__code__.co_firstlineno:
            constants = compile(ast.Expression(node), "", "eval").co_consts
            other = next(filter(inspect.iscode, constants))
            # (The bytecode would depend on what else is in the file.)
            parts = ("co_varnames", "co_names", "co_consts")
            if all(getattr(other, part) == getattr(rule.__code__, part) for part in parts):
                found.add(ast.unparse(node.body))
    return found.pop() if len(found) == 1 else "…"


# Expressions: LaTeX, and how tightly it holds together. What is looser than its place wants is
# bracketed; a condition in the place of a number is [x > 0], which is 1 or 0.

CONDITION, SUM, MINUS, TERM, PRODUCT, POWER, ATOM = range(7)


class Writer:
    """Writes the steps of a Program as expressions of what is given."""

    def __init__(self, program):
        self.steps = program.steps
        self.names = {symbol.number: name for name, symbol in program.symbols.items()}

    def expression(self, leaf):
        """(LaTeX, how tightly it holds) of a Symbol or a constant."""
        if not isinstance(leaf, Symbol):
            return constant(leaf)
        if leaf.number in self.names:
            return symbol(self.names[leaf.number]), ATOM
        function, arguments, options = self.steps[leaf.number]
        if function in WRITTEN:
            return WRITTEN[function](self, *arguments, **options)
        if options:
            raise NoFormula
        inside = ", ".join(self(argument, CONDITION) for argument in arguments)
        return f"{word(function.__name__)}({inside})", ATOM

    def __call__(self, leaf, least):
        """The LaTeX of what stands where something has to hold together like this."""
        latex, level = self.expression(leaf)
        if level >= least:
            return latex
        return f"[{latex}]" if level == CONDITION else f"({latex})"


LETTERS = {"alpha": r"\alpha", "delta": r"\delta"}
# Numbers that stand for more than their digits.
NUMBERS = {
    math.pi: r"\pi",
    math.pi / 180: r"\frac{\pi}{180}",
    180 / math.pi: r"\frac{180}{\pi}",
    math.log(2): r"\operatorname{ln}(2)",
    math.log(10): r"\operatorname{ln}(10)",
    math.sqrt(math.pi): r"\sqrt{\pi}",
    math.sqrt(2 * math.pi): r"\sqrt{2 \pi}",
    1 / math.sqrt(math.pi): r"\frac{1}{\sqrt{\pi}}",
}


def symbol(name):
    """What a parameter is called: x, α, min."""
    return LETTERS.get(name) or (name if len(name) == 1 else word(name))


def word(name):
    """The name of a function, or of an argument of several letters."""
    return r"\operatorname{" + name.replace("_", r"\_") + "}"


def constant(value):
    """A number in full."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise NoFormula
    number = float(value)
    if number < 0:
        return f"-{constant(-number)[0]}", MINUS
    if number in NUMBERS:
        return NUMBERS[number], ATOM
    if not math.isfinite(number):
        raise NoFormula
    digits, _, exponent = repr(number).partition("e")
    if exponent:
        return rf"{digits} \cdot 10^{{{int(exponent)}}}", PRODUCT
    return digits.removesuffix(".0"), ATOM


def product(w, a, b):
    """a · b; −b for −1 · b, b for 1 · b unless it is a condition, and b² for b · b."""
    if isinstance(a, Symbol) and isinstance(b, Symbol) and a.number == b.number:
        return power(w, a, 2)
    if not isinstance(a, Symbol) and a == -1:
        return minus(w, b)
    if not isinstance(a, Symbol) and a == 1 and w.expression(b)[1] != CONDITION:
        return w.expression(b)
    first, level = leading(w, a)
    return rf"{first} \cdot {w(b, POWER)}", level


def leading(w, a):
    """The first factor of a product. Its minus is one of the whole product."""
    latex, level = w.expression(a)
    return (latex, MINUS) if level == MINUS else (w(a, PRODUCT), PRODUCT)


def minus(w, a):
    """−a"""
    return f"-{w(a, PRODUCT)}", MINUS


def quotient(w, a, b):
    """A fraction; the minus of its numerator stands in front."""
    above, level = w.expression(a)
    if level == MINUS:
        return rf"-\frac{{{above[1:]}}}{{{w(b, SUM)}}}", MINUS
    return rf"\frac{{{w(a, SUM)}}}{{{w(b, SUM)}}}", POWER


def power(w, a, b):
    """a^b; a for b = 1."""
    if not isinstance(b, Symbol) and b == 1:
        return w.expression(a)
    return f"{w(a, ATOM)}^{{{w(b, SUM)}}}", POWER


def to_hypotenuse(w, a, b):
    """a / √(a² + b²)"""
    return rf"\frac{{{w(a, SUM)}}}{{\sqrt{{{w(a, ATOM)}^{{2}} + {w(b, ATOM)}^{{2}}}}}}", POWER


def times_log(w, a, b, n):
    """a^b ln a"""
    if n != 1:
        raise NoFormula
    return rf"{power(w, a, b)[0]} \cdot \operatorname{{ln}}({w(a, SUM)})", PRODUCT


def matrix_product(w, a, b):
    """a b"""
    first, level = leading(w, a)
    return rf"{first} \, {w(b, POWER)}", level


def transposed(w, a, *axes):
    """aᵀ"""
    if axes not in ((), (-1, -2)):
        raise NoFormula
    return f"{w(a, ATOM)}^{{T}}", POWER


def total(w, a, axis=None, keepdims=False):
    """A sum over all, or over the last axis."""
    if axis not in (None, -1):
        raise NoFormula
    return rf"\sum\, {w(a, PRODUCT)}", TERM


def choice(w, condition, a, b):
    """(a if condition else b)"""
    parts = w(a, SUM), w(condition, CONDITION), w(b, SUM)
    return r"({} \text{{ if }} {} \text{{ else }} {})".format(*parts), ATOM


def infix(sign, level, left, right):
    """a sign b, of an a and a b that hold together at least like this."""
    return lambda w, a, b: (f"{w(a, left)} {sign} {w(b, right)}", level)


def comparison(sign):
    """a < b, and the like."""
    return infix(sign, CONDITION, SUM, SUM)


def logical(sign):
    """(a > 0) ∧ (b > 0), and the like."""
    return lambda w, a, b: (f"{truth(w, a)} {sign} {truth(w, b)}", CONDITION)


def truth(w, a):
    """What is true or false, within something else that is."""
    latex, level = w.expression(a)
    return f"({latex})" if level == CONDITION else latex


def around(template, level):
    """What is written around a: a root, bars, …"""
    return lambda w, a: (template.format(w(a, SUM)), level)


WRITTEN = {
    np.add: infix("+", SUM, SUM, TERM),
    np.subtract: infix("-", SUM, SUM, TERM),
    np.multiply: product,
    np.divide: quotient,
    np.power: power,
    np.float_power: power,
    np.square: lambda w, a: power(w, a, 2),
    np.negative: minus,
    np.positive: lambda w, a: w.expression(a),
    np.sqrt: around(r"\sqrt{{{}}}", ATOM),
    np.exp: around("e^{{{}}}", POWER),
    np.exp2: around("2^{{{}}}", POWER),
    np.absolute: around("|{}|", ATOM),
    np.log: around(r"\operatorname{{ln}}({})", ATOM),
    np.greater: comparison(">"),
    np.greater_equal: comparison(r"\geq"),
    np.less: comparison("<"),
    np.less_equal: comparison(r"\leq"),
    np.equal: comparison("="),
    np.not_equal: comparison(r"\neq"),
    np.logical_and: logical(r"\wedge"),
    np.logical_or: logical(r"\vee"),
    np.bitwise_and: logical(r"\wedge"),
    np.bitwise_or: logical(r"\vee"),
    np.logical_not: lambda w, a: (rf"\neg {truth(w, a)}", CONDITION),
    np.where: choice,
    # Helpers of the rules, which take care at the edges.
    masked: product,
    quotient_or_0: quotient,
    one_less_square: lambda w, x: (f"1 - {power(w, x, 2)[0]}", SUM),
    cosine: to_hypotenuse,
    power_and_logs: times_log,
    np.matmul: matrix_product,
    np.dot: matrix_product,
    np.transpose: transposed,
    np.swapaxes: transposed,
    np.add.reduce: total,
}
