"""Derivatives multiplied and added, and how that is written: in symbols, with what is known put in,
in numbers.
"""

from dataclasses import dataclass

from viz.language.numbers import digits, factor


@dataclass(frozen=True)
class Factor:
    """One derivative along a way: ∂o/∂q, say, and its number.

    symbol: the derivative as a fraction, LaTeX.
    known: what it is (a weight, a feature), where that is known, or else the fraction again; empty
        for a factor that is always 1.
    value: the number.
    """

    symbol: str
    known: str
    value: float


@dataclass(frozen=True)
class Product:
    """Factors and sums, multiplied."""

    parts: tuple


@dataclass(frozen=True)
class Sum:
    """Products, added; None among them is an ellipsis."""

    terms: tuple


def lines(symbol, tree, value):
    """The derivative `symbol` in four LaTeX lines: in symbols; with what is known put in; in
    numbers; the number itself.
    """
    return [
        f"{symbol} = {_written(tree, lambda factor: factor.symbol)}",
        f"= {_written(tree, lambda factor: factor.known)}",
        rf"\approx {_in_numbers(tree)}",
        rf"\approx {digits(value)}",
    ]


def _written(part, how):
    """A part in symbols: factors side by side, sums in parentheses."""
    if isinstance(part, Factor):
        return how(part)
    if isinstance(part, Product):
        return " ".join(_written(inner, how) for inner in part.parts)
    terms = " + ".join(_written(term, how) if term else r"\cdots" for term in part.terms)
    return rf"\bigg( {terms} \bigg)"


def _in_numbers(part, first=True):
    """A part in numbers, with dots between; a negative number that is not the first stands in
    parentheses.
    """
    if isinstance(part, Factor):
        return digits(part.value) if first else factor(part.value)
    if isinstance(part, Product):
        return r" \cdot ".join(
            _in_numbers(inner, first and i == 0) for i, inner in enumerate(part.parts)
        )
    terms = [_in_numbers(term, i == 0) if term else r"\cdots" for i, term in enumerate(part.terms)]
    return f"({' + '.join(terms)})"
