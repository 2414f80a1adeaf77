"""What a stage of a network computes of one neuron, in symbols and in numbers. Lecture, sections 1
and 5.
"""

import numpy as np

import nn
from viz.language.formulas import ACTIVATIONS
from viz.language.names import number_name
from viz.language.numbers import digits
from viz.language.templates import factor, number
from viz.reading.model import drops


def stage_formula(stage, j, symbol, entered, behind=""):
    """(in symbols, in numbers) of what the stage makes of neuron j, two templates.

    symbol, entered: what comes in, and the name of its number. behind: what stands behind the names
        of the stage's own numbers.
    """
    module, name = stage.module, lambda kind: number_name(kind, stage.layer, j) + behind
    if isinstance(module, nn.Dropout):
        return _dropped(module, symbol, entered, name("mask") if drops(module) else "")
    if isinstance(module, nn.BatchNorm1d):
        return _normalized(module, symbol, entered, name)
    kind = type(activation_of(module, j))
    name = kind.__name__.replace("_", " ")
    written = ACTIVATIONS.get(kind, r"\text{{" + name + "}}({s})")
    in_symbols = written.format(s=symbol, factor=symbol)
    return in_symbols, written.format(s=number(entered), factor=factor(entered))


def activation_of(module, j):
    """The activation of neuron j, counted from 1: of a Mixed that of its part."""
    if not isinstance(module, nn.Mixed):
        return module
    return module.layers[int(np.searchsorted(np.cumsum(module.widths), j))]


def _dropped(dropout, symbol, entered, mask):
    """m h / p, where p is the probability to stay; without the division if it is not inverted, and
    then p h in prediction.
    """
    keep = digits(dropout.keep)
    if not mask:
        return f"p {symbol}", rf"{keep} \cdot {factor(entered)}"
    product = rf"{number(mask)} \cdot {factor(entered)}"
    if not dropout.inverted:
        return f"m {symbol}", product
    return rf"\frac{{m {symbol}}}{{p}}", rf"\frac{{{product}}}{{{keep}}}"


def _normalized(norm, symbol, entered, name):
    """τ₁ (h − μ) / √(σ² + ε) + τ₀, with the running mean and variance."""
    epsilon = digits(norm.eps)
    below = rf"\sqrt{{{number(name('variance'))} + {epsilon}}}"
    above = f"{number(entered)} - {factor(name('mean'))}"
    in_numbers = (
        rf"{number(name('gain'))} \cdot \frac{{{above}}}{{{below}}} + {factor(name('shift'))}"
    )
    spread = r"\sqrt{\sigma^{2} + \epsilon}"
    return rf"\tau_{{1}} \frac{{{symbol} - \mu}}{{{spread}}} + \tau_{{0}}", in_numbers
