"""Numbers for an exercise: short decimals at which nothing goes wrong unseen, whatever the seed."""

import itertools
import random
from collections import Counter

import numpy as np

import nn
from viz.language.names import number_name
from viz.lesson.exercises.computed import PRODUCTS, SUMS, computed, value_of

WEIGHTS = [n / 10 for n in range(-19, 20) if abs(n) not in (0, 1, 9, 10, 11)]
SMALL = [weight for weight in WEIGHTS if abs(weight) < 0.9]  # where masks put sums apart
FEATURES = [n / 2 for n in range(-6, 7) if n not in (-2, 0, 2)]
RATES = [0.2, 0.5]
TRIES = 8_000
AFRESH = 30  # tries, after which all numbers are drawn anew
LAST = 0.9  # how often it is the weights of the last neuron that are
STEEP = 0.25, 2.0  # |s| of a sigmoid: not at its middle, and not saturated
NEAR = 0.1  # to the corner of a ReLU no s is nearer
APART = 0.2  # between the s of two neurons in a layer
FORGOTTEN = 0.02  # what a factor or a term changes at least, beside the result


class _Unfit(Exception):
    """With these numbers something goes wrong unseen.

    why: the condition that does not hold. step: the number of the step where it is seen, or None.
    """

    def __init__(self, why, step=None):
        super().__init__(why)
        self.why, self.step = why, step


SATURATED = "no neuron saturates, or is near the corner of its ReLU"
OFF = "no neuron of a ReLU is off, with dead=True one, and never a whole layer"
ALIKE = "no two neurons of a layer have nearly the same s"
UNSEEN = "whoever forgets a factor or a term, or mistakes a sign, gets another result"


def draw(seed, name, program, layers, loss, masks, dead=False):
    """{name: number} for what is given to a network's Program by single entries but for masks;
    always the same for the same name, which begins with the seed.

    layers: the activation and the number of neurons of each layer. masks: {name: array}, in each
    place another setting of all of them, or {}. dead: whether one neuron of a ReLU shall be dead;
    otherwise none is.

    What does not suit is drawn anew: the features, or the weights of one neuron, of those on which
    it depends. Raises ValueError where no such numbers are found.
    """
    drawer = Drawer(random.Random(name), program, loss, masks)
    failed = Counter()
    for k in range(TRIES):
        if k % AFRESH == 0:
            given = drawer.all()
        try:
            _check(program, given | masks, layers, dead)
            return given
        except _Unfit as unfit:
            failed[unfit.why] += 1
            given |= drawer.again(unfit.step)
    why = failed.most_common(1)[0][0]
    raise ValueError(
        f"no numbers were found for seed {seed}; what mostly did not hold is that {why}. Give "
        "another seed, fewer layers, or fewer neurons."
    )


class Drawer:
    """Draws what is given in parts: all features, the weights of each neuron, y, and so on.

    rng: Python's own gives the same numbers everywhere.
    """

    def __init__(self, rng, program, loss, masks):
        self.rng, self.parts, self.behind = rng, {}, {}
        self.choices = {"weight": SMALL if masks else WEIGHTS, "x": FEATURES, "lr": RATES}
        self.choices["y"] = FEATURES if loss is nn.mse_loss else [0.0, 1.0]
        for name, symbol in program.symbols.items():
            if name not in masks:
                part = _part(name)
                self.parts.setdefault(part, []).append(name)
                self.behind[symbol.number] = {part}
        for number, (_, arguments, _) in program.steps.items():
            behind = (self.behind.get(getattr(a, "number", None), ()) for a in arguments)
            self.behind[number] = set().union(*behind)

    def all(self):
        """{name: number} for everything."""
        return {name: number for part in self.parts for name, number in self._of(part)}

    def again(self, step):
        """{name: number} for one part, on which the step depends; mostly the last weights."""
        parts = [part for part in self.parts if step is None or part in self.behind[step]]
        weights = [part for part in parts if "-" in part]
        last = max(weights, default=None)  # weight-2-1 is after weight-1-2
        part = last if last and self.rng.random() < LAST else self._one_of(parts)
        return dict(self._of(part))

    def _of(self, part):
        """(name, number) for its names; whoever takes one of the numbers for another is to see it,
        so none of them comes twice, nor does a weight with the other sign.
        """
        kind, names = part.partition("-")[0], self.parts[part]
        among = self.choices[kind]
        if len(names) > len(set(map(abs, among))):
            among = WEIGHTS
        for name in names:
            number = self._one_of(among)
            yield name, number
            taken = abs if kind == "weight" else float
            among = [other for other in among if taken(other) != taken(number)]

    def _one_of(self, among):
        return among[int(self.rng.random() * len(among))]


def _part(name):
    """weight-1-2 of weight-1-2-3, x of x-1."""
    kind, *places = name.split("-")
    return "-".join([kind, *places[:2]]) if kind == "weight" else kind


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
                raise _Unfit(UNSEEN, number)
        if number in entering:
            kind, found[number] = entering[number], np.ravel(result).tolist()
            if not all(_suits(kind, s) for s in found[number]):
                raise _Unfit(SATURATED, number)
            if kind is nn.ReLU and not dead and min(found[number]) < 0:
                raise _Unfit(OFF, number)
            layer = next(own for own in sums if number in own)
            if layer is not sums[-1] and _alike([found[s] for s in layer if s in found]):
                raise _Unfit(ALIKE, number)
        return result

    computed(program, given, keep)
    off = [[found[s][0] < 0 and entering[s] is nn.ReLU for s in own] for own in sums]
    if sum(map(sum, off)) != dead or any(map(all, off[:-1])):
        raise _Unfit(OFF)


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
