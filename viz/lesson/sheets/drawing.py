"""Numbers for an exercise: short decimals at which nothing goes wrong unseen, whatever the seed."""

import random

import numpy as np

import nn
from viz.language.names import number_name
from viz.lesson.sheets.computed import computed

WEIGHTS = [n / 10 for n in range(-19, 20) if abs(n) not in (0, 1, 9, 10, 11)]
FEATURES = [n / 2 for n in range(-6, 7) if n not in (-2, 0, 2)]
RATES = [0.2, 0.5]
TRIES = 20_000
STEEP = 0.25, 2.0  # |s| of a sigmoid: not at its middle, and not saturated
APART = 0.2  # between the s of two neurons in a layer
FORGOTTEN = 0.02  # what a factor or a term changes at least, beside the result


def draw(seed, program, layers, loss, settings, dead=False):
    """{name: number} for what is given to a network's Program by single entries but for masks;
    always the same for the same seed.

    layers: the activation and the number of neurons of each layer. settings: {name: number} of all
    masks that will be met, each a dict. dead: whether one neuron of a
    ReLU shall be dead; otherwise none is.

    Raises ValueError where no such numbers are found.
    """
    rng = random.Random(seed)  # Python's own gives the same numbers everywhere
    choices = {"weight": WEIGHTS, "x": FEATURES, "lr": RATES}
    choices["y"] = FEATURES if loss is nn.mse_loss else [0.0, 1.0]
    names = [name for name in program.symbols if not name.startswith("mask")]
    for _ in range(TRIES):
        given = {}
        for name in names:
            among = choices[name.partition("-")[0]]
            given[name] = among[int(rng.random() * len(among))]
        if all(_is_fit(program, given | masks, layers, dead) for masks in settings):
            return given
    raise ValueError(
        "no numbers were found with which no neuron saturates and no gradient vanishes: give "
        "fewer layers, or fewer neurons."
    )


def _is_fit(program, given, layers, dead):
    told = []
    numbers = computed(program, given, seen=lambda _, *step: told.append(_is_told(*step)))
    off = 0
    for layer, (activation, size) in enumerate(layers, start=1):
        sums = [numbers[number_name("sum", layer, j)] for j in range(1, size + 1)]
        if activation is nn.ReLU:
            off += sum(s < 0 for s in sums)
            if max(sums) < 0 or min(map(abs, sums)) < 0.1:
                return False
        elif not all(STEEP[0] <= abs(s) <= STEEP[1] for s in sums):
            return False
        if any(b - a < APART for a, b in zip(sorted(sums), sorted(sums)[1:], strict=False)):
            return False
    return off == dead and all(told)


def _is_told(function, operands, result):
    """Whether a student who forgets one of two factors, or terms, or mistakes a sign, gets another
    result. Nobody forgets a factor that is exactly 0 or 1, and 1 − y may be 0.
    """
    if function in (np.add, np.subtract):
        return (
            0 in operands
            or tuple(operands) == (1, 1)
            or min(abs(v) for v in (*operands, result)) >= FORGOTTEN * max(abs(v) for v in operands)
        )
    if function is np.multiply:
        return all(v in (-1, 0, 1) or min(abs(v), abs(abs(v) - 1)) >= FORGOTTEN for v in operands)
    return True


def new_loss_tells(program, given, allowed):
    """Whether every slip on the way from the new weights to the new loss, of which nothing else is
    asked, changes it by more than is allowed, or not at all.
    """
    new = [
        s.number
        for name, s in program.names.items()
        if name.startswith("weight") and "/new" in name
    ]
    slips = []

    def seen(number, function, operands, result):
        if number > max(new) and function in (np.add, np.multiply):
            slips.extend((number, wrong) for wrong in (*operands, -result))

    loss = computed(program, given, seen=seen)["loss/new"]
    off = [abs(computed(program, given, instead=dict([slip]))["loss/new"] - loss) for slip in slips]
    return all(by > allowed or by < 1e-9 for by in off)
