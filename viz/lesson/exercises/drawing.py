"""Numbers for an exercise: short decimals at which nothing goes wrong unseen, whatever the seed."""

import contextlib
import itertools
import random

import numpy as np

import nn
from viz.language.names import number_name
from viz.lesson.exercises.computed import PRODUCTS, SUMS, computed, value_of

WEIGHTS = [n / 10 for n in range(-19, 20) if abs(n) not in (0, 1, 9, 10, 11)]
SMALL = [weight for weight in WEIGHTS if abs(weight) < 0.9]  # where masks put sums apart
FEATURES = [n / 2 for n in range(-6, 7) if n not in (-2, 0, 2)]
RATES = [0.2, 0.5]
TRIES = 60_000
STEEP = 0.25, 2.0  # |s| of a sigmoid: not at its middle, and not saturated
NEAR = 0.1  # to the corner of a ReLU no s is nearer
APART = 0.2  # between the s of two neurons in a layer
FORGOTTEN = 0.02  # what a factor or a term changes at least, beside the result


class _Unfit(Exception):
    """With these numbers something goes wrong unseen."""


def draw(seed, program, layers, loss, masks, dead=False):
    """{name: number} for what is given to a network's Program by single entries but for masks;
    always the same for the same seed.

    layers: the activation and the number of neurons of each layer. masks: {name: array}, in each
    place another setting of all of them, or {}. dead: whether one neuron of a ReLU shall be dead;
    otherwise none is.

    Raises ValueError where no such numbers are found.
    """
    rng = random.Random(seed)  # Python's own gives the same numbers everywhere
    choices = {"weight": SMALL if masks else WEIGHTS, "x": FEATURES, "lr": RATES}
    choices["y"] = FEATURES if loss is nn.mse_loss else [0.0, 1.0]
    names = [name for name in program.symbols if name not in masks]
    for _ in range(TRIES):
        given = {}
        for name in names:
            among = choices[name.partition("-")[0]]
            given[name] = among[int(rng.random() * len(among))]
        with contextlib.suppress(_Unfit):
            _check(program, given | masks, layers, dead)
            return given
    raise ValueError(
        "no numbers were found with which no neuron saturates and no gradient vanishes: give "
        "fewer layers, or fewer neurons."
    )


def _check(program, given, layers, dead):
    """Raises _Unfit as soon as a result does not suit."""
    sums = [
        [program.names[number_name("sum", layer, j)].number for j in range(1, size + 1)]
        for layer, (_, size) in enumerate(layers, start=1)
    ]
    entering = {s: kind for (kind, _), own in zip(layers, sums, strict=True) for s in own}
    found = {}

    def keep(number, result, values):
        function, arguments, _ = program.steps[number]
        if function in SUMS or function in PRODUCTS:
            operands = [value_of(values, argument) for argument in arguments]
            if not all(_is_told(function, *each) for each in np.broadcast(*operands, result)):
                raise _Unfit
        if number in entering:
            found[number] = np.ravel(result).tolist()
            if not all(_suits(entering[number], s) for s in found[number]):
                raise _Unfit
        return result

    computed(program, given, keep)
    off = sum(found[s][0] < 0 for s in found if entering[s] is nn.ReLU)
    hidden = [[found[s] for s in own] for own in sums]
    if off != dead or any(_alike(layer) or max(map(max, layer)) < 0 for layer in hidden[:-1]):
        raise _Unfit


def _suits(activation, s):
    return abs(s) >= NEAR if activation is nn.ReLU else STEEP[0] <= abs(s) <= STEEP[1]


def _alike(layer):
    """Whether two of the neurons are."""
    return any(
        abs(a - b) < APART
        for one, other in itertools.combinations(layer, 2)
        for a, b in zip(one, other, strict=False)
    )


def _is_told(function, a, b, result):
    """Whether a student who forgets one of two factors, or terms, or mistakes a sign, gets another
    result. Nobody forgets a factor that is exactly 0 or 1, and 1 − y may be 0.
    """
    a, b = abs(a), abs(b)
    if function in PRODUCTS:
        return all(v in (0, 1) or (v >= FORGOTTEN and abs(v - 1) >= FORGOTTEN) for v in (a, b))
    return not a or not b or a == b == 1 or min(a, b, abs(result)) >= FORGOTTEN * max(a, b)
