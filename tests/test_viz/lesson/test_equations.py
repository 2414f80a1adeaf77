"""Every equation of a lesson is true: what stands between its signs is computed, and equal."""

import math
import re

import numpy as np
import pytest
from network_samples import other_numbers, random_network
from viz_cases import drawable

import autograd_lite as ag
import nn
import viz
from viz.language.templates import SLOT

KNOWN = {
    "exp": math.exp,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "log": math.log,
    "max": max,
    "abs": abs,
    "Phi": lambda x: math.erfc(-x / math.sqrt(2)) / 2,
}
WORDS = re.compile(r"\\text|\\w|\\t\{|\\cdots|\\partial|\\operatorname|\[")  # no numbers


def computed(latex, numbers):
    """The number that LaTeX with slots stands for."""
    number = lambda slot: f"({float(numbers[slot[2]])!r})"
    text = SLOT.sub(number, latex).replace("{-}", "-").replace(r"+\,", "+")
    for macro, word in ((r"\tanh", "tanh"), (r"\ln", "log"), (r"\max", "max"), (r"\Phi", "Phi")):
        text = text.replace(macro, word)
    text = text.replace(r"\cdot", "*").replace(r"\,", "*").replace(r"\times", "*")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    before = None
    while before != text:
        before = text
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text)
        text = re.sub(r"e\^\{([^{}]*)\}", r"exp(\1)", text)
        text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
    text = text.replace(r"\bigg", "").replace("nan", "NAN").replace("log (", "log(")
    return eval(text, {"__builtins__": {}}, KNOWN)


def sides(line):
    """What stands between the signs = and ≈ of numbers in a line."""
    _, *found = re.split(r"\\e\{[^}]*\}", " ".join(line).removesuffix(r" \w{so far}"))
    return [side.strip().removesuffix(",") for side in found]


def false_equations(stepper, given=None):
    """The lines whose sides differ, and how many were compared."""
    numbers, wrong, compared = stepper.program.run(given), [], 0
    for told in [*stepper.lesson.steps, *stepper.lesson.about.values()]:
        for line in told.lines:
            found = [computed(side, numbers) for side in sides(line) if not WORDS.search(side)]
            compared += len(found) > 1
            if len(found) > 1 and found != pytest.approx(found[:1] * len(found), 1e-9, 1e-12):
                wrong.append((line, found))
    return wrong, compared


@pytest.mark.parametrize("seed", range(60))
def test_all_equations_of_a_network_are_true(seed):
    stepper = viz.stepper(*random_network(seed), lr=0.3)
    wrong, compared = false_equations(stepper)
    assert wrong == [] and compared >= 4
    given = other_numbers(stepper.program.given, seed)
    given = {name: number for name, number in given.items() if not name.startswith("weight")}
    try:
        wrong, _ = false_equations(stepper, given)
    except (ValueError, OverflowError):  # a guard, or ln 0
        return
    assert wrong == []


@drawable
def test_all_equations_of_a_graph_are_true():
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((0.7, "a"), (0.4, "b")))
    loss = np.sqrt(a * b + 1.0) / b - np.abs(a - b) * np.square(a) + (-b)
    stepper = viz.stepper(loss)
    assert stepper.why == ""
    for given in ({}, {"a": 0.2, "b": 0.9}):
        wrong, compared = false_equations(stepper, given)
        assert wrong == [] and compared > 20


def test_a_false_equation_is_found():
    stepper = viz.stepper(nn.MLP([2, 2, 1], nn.Tanh, rng=0), [1.0, 2.0], 1.0, nn.mse_loss)
    step = stepper.lesson.steps[1]
    false = tuple(piece.replace(r"\cdot \f{stage-0-1}", "+ 0.1") for piece in step.lines[0])
    assert false != step.lines[0]
    object.__setattr__(step, "lines", (false, *step.lines[1:]))
    assert len(false_equations(stepper)[0]) == 1
