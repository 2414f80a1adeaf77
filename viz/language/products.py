"""Derivatives multiplied and added, and how that is written: in symbols, with what is known put in,
in numbers.
"""

from dataclasses import dataclass
from typing import Any

from viz.language.numbers import digits, factor


@dataclass(frozen=True)
class Factor:
    """One derivative along a way: ∂o/∂q, say, and its number.

    symbol: the derivative as a fraction, LaTeX.
    known: what it is (a weight, a feature), where that is known, or else the fraction again; empty
        for a factor that is always 1.
    value: a number, or the name of one.
    """

    symbol: str
    known: str
    value: Any


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
        *in_symbols(symbol, tree),
        rf"\approx {in_numbers(tree, digits, factor)}",
        rf"\approx {digits(value)}",
    ]


def in_symbols(symbol, tree):
    """The first two of these lines."""
    return [
        f"{symbol} = {_written(tree, lambda factor: factor.symbol)}",
        f"= {_written(tree, lambda factor: factor.known)}",
    ]


def values_of(part):
    """The values of all Factors in a part."""
    if isinstance(part, Factor):
        return [part.value]
    parts = part.parts if isinstance(part, Product) else filter(None, part.terms)
    return [value for inner in parts for value in values_of(inner)]


def _written(part, how):
    """A part in symbols: factors side by side, sums in parentheses."""
    if isinstance(part, Factor):
        return how(part)
    if isinstance(part, Product):
        return " ".join(_written(inner, how) for inner in part.parts)
    terms = " + ".join(_written(term, how) if term else r"\cdots" for term in part.terms)
    return rf"\bigg( {terms} \bigg)"


def in_numbers(part, number, factor, first=True):
    """A part in numbers, with dots between.

    number, factor: how the value of a Factor is written, and how one that is not the first, so that
        a negative one stands in parentheses.
    """
    if isinstance(part, Factor):
        return number(part.value) if first else factor(part.value)
    if isinstance(part, Product):
        return r" \cdot ".join(
            in_numbers(inner, number, factor, first and i == 0)
            for i, inner in enumerate(part.parts)
        )
    terms = [
        in_numbers(term, number, factor, i == 0) if term else r"\cdots"
        for i, term in enumerate(part.terms)
    ]
    return f"({' + '.join(terms)})"
