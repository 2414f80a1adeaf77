"""Students: they solve an exercise in plain numbers, without the engine, each with habits of
rounding, of order, and of writing a formula in one way or another.
"""

import functools
import itertools
import math
import random
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import nn


def to_digits(digits, how=ROUND_HALF_UP):
    """Rounds to so many significant digits; what binary fractions add is none."""
    return lambda value: float(Context(digits, how).create_decimal(f"{value:.13g}"))


def half_a_unit(value):
    """Of the last of four significant digits."""
    return 0.5 * 10.0 ** (Decimal(repr(value)).adjusted() - 3)


def anywhere(direction):
    """Off by half a unit, in this direction, wherever four digits do not hold the number."""

    @functools.cache  # who has rounded a number has it
    def keep(value):
        short = not value or math.isclose(value, to_digits(4)(value), rel_tol=1e-12)
        return value if short else value + direction(value) * half_a_unit(value)

    return keep


class Worst:
    """Off by half a unit at every rounding, in directions of our choice.

    directions: one for each rounding, in their order; more than that are exact. alone: the number
    of the only one that is off, whether four digits hold the number or not.
    """

    def __init__(self, directions=(), alone=None):
        self.directions, self.alone, self.kept = directions, alone, {}

    def __call__(self, value):
        if value not in self.kept:
            self.kept[value] = self._off(value, len(self.kept))
        return self.kept[value]

    def _off(self, value, place):
        if self.alone is not None:
            return value + (place == self.alone) * half_a_unit(value)
        short = not value or math.isclose(value, to_digits(4)(value), rel_tol=1e-12)
        if short or place >= len(self.directions):
            return value
        return value + self.directions[place] * half_a_unit(value)


def worst_answers(exercise, seed=None):
    """For each question the answers where all roundings on the way go in the direction that takes
    it up, and down. seed: of the order in which sums and products are taken, and so on.
    """
    answers = lambda keep: _student(keep, seed).answers(exercise)
    keep = Worst()
    exact = answers(keep)
    alone = [answers(Worst(alone=place)) for place in range(len(keep.kept))]
    for number, right in enumerate(exact):
        up = [math.copysign(1, off[number] - right) for off in alone]
        down = [-direction for direction in up]
        yield answers(Worst(up))[number], answers(Worst(down))[number]


def _student(keep, seed):
    return Student(keep, None if seed is None else random.Random(seed))


def keepers(rng):
    """Ways to round, all of them within the rule."""
    return [
        lambda value: value,
        to_digits(4),
        to_digits(4, ROUND_HALF_EVEN),
        to_digits(5),
        anywhere(lambda value: 1),
        anywhere(lambda value: -1),
        anywhere(lambda value: math.copysign(1, value)),
        anywhere(lambda value: -math.copysign(1, value)),
        *[anywhere(lambda value: rng.choice((-1, 1)))] * 4,
    ]


class Student:
    """One of them.

    keep: what is written down of a result. rng: what decides on orders and ways of writing; None:
        all as the sheet has it. slip: the number of a product, a sum or a slope a'(s) that goes
        wrong; how: in which way.
    """

    def __init__(self, keep=lambda value: value, rng=None, slip=None, how=None):
        self.keep, self.rng, self.slip, self.how, self.done = keep, rng, slip, how, 0

    def choice(self, *ways):
        return self.rng.choice(ways) if self.rng else ways[0]

    def combine(self, numbers, two):
        numbers = list(numbers)
        while len(numbers) > 1:
            i, j = self.rng.sample(range(len(numbers)), 2) if self.rng else (0, 1)
            a, b = numbers[i], numbers[j]
            numbers = [n for k, n in enumerate(numbers) if k not in (i, j)]
            value = self.slipped(a, b, two)
            # What is multiplied by 1, or 0 added to, has been written down already.
            as_it_was = abs(value) in (abs(a), abs(b))
            numbers.insert(0, value if as_it_was else self.keep(value))
        return numbers[0]

    def slips(self):
        self.done += 1
        return self.done - 1 == self.slip

    def slipped(self, a, b, two):
        if not self.slips():
            return two(a, b)
        sign = -a * b if two is times else a - b
        return {"sign": sign, "forgotten": a, "forgotten first": b}[self.how]

    def times(self, *factors):
        return self.combine(factors, times)

    def plus(self, *terms):
        return self.combine(terms, plus)

    # Activations: a(s), and a'(s) as factors.

    def exp(self, s):
        return self.keep(math.exp(s))

    def sigmoid(self, s):
        if self.choice(True, False):
            return self.keep(over(1, self.plus(1, self.exp(-s))))
        e = self.exp(s)
        return self.keep(over(e, self.plus(1, e)))

    def activated(self, kind, s):
        if kind is nn.Sigmoid:
            return self.sigmoid(s)
        if kind is nn.Softplus:
            return self.keep(log(self.plus(1, self.exp(s))))
        return {nn.ReLU: max(0.0, s), nn.Tanh: self.keep(math.tanh(s)), None: s}[kind]

    def slope(self, kind, s, h):
        if self.slips():
            return [1.0]
        if kind is nn.Sigmoid:
            factors = [h, self.plus(1, -h)]
            return factors if self.choice(False, True) else [self.times(*factors)]
        if kind is nn.Softplus:
            return [self.sigmoid(s)]
        if kind is nn.Tanh:
            return [self.plus(1, -self.times(h, h))]
        return [1.0 if s > 0 or kind is None else 0.0]

    # Losses: l, and ∂l/∂o.

    def loss(self, loss, o, y):
        if loss is nn.binary_cross_entropy:
            return self.keep(-log(o if y else self.plus(1, -o)))
        if loss is nn.binary_cross_entropy_with_logits:
            first = self.keep(log(self.plus(1, self.exp(o))))
            return self.plus(first, -o) if y else first
        far = self.plus(o, -y)
        return self.times(far, far) if loss is nn.mse_loss else abs(far)

    def by_output(self, loss, o, y):
        if loss is nn.binary_cross_entropy:
            if self.choice(True, False):
                return self.keep(over(-1, o) if y else over(1, self.plus(1, -o)))
            return self.keep(over(self.plus(o, -y), self.times(o, self.plus(1, -o))))
        if loss is nn.binary_cross_entropy_with_logits:
            return self.plus(self.sigmoid(o), -y)
        far = self.plus(o, -y)
        return self.times(2.0, far) if loss is nn.mse_loss else math.copysign(1, far)

    # A network: [(weights with the bias last, for each neuron)] and its activations.

    def forward(self, network, kinds, x):
        """[(s, h) for each layer]"""
        found = []
        for rows, kind in zip(network, kinds, strict=True):
            sums = []
            for *weights, bias in rows:
                terms = [self.times(w, v) for w, v in zip(weights, x, strict=True)]
                sums.append(self.plus(*terms, bias))
            x = [self.activated(kind, s) for s in sums]
            found.append((sums, x))
        return found

    def known(self, by):
        """A derivative that has been written down, or once more all factors that made it."""
        value, factors = by
        return factors if self.choice(False, True) else [value]

    def answers(self, exercise):
        """Those of the kind, in the order of the questions."""
        network, kinds = read(exercise)
        x, (y,), loss = exercise.x.tolist(), exercise.y.tolist(), exercise.loss
        if exercise.kind == "dropout":
            return self.expectation(network, kinds, x)
        layers = self.forward(network, kinds, x)
        found = []
        for kind, pairs in zip(kinds, layers, strict=True):
            for s, h in zip(*pairs, strict=True):
                found += [s] if kind is None else [s, h]
        o = layers[-1][1][0]
        found.append(self.loss(loss, o, y))
        if exercise.kind == "values":
            return found
        told, by_weights = self.backward(network, kinds, x, layers, self.by_output(loss, o, y))
        if exercise.kind == "backpropagation":
            return found + told
        new = [
            [self.descended(*row, exercise.lr) for row in zip(*layer, strict=True)]
            for layer in zip(network, by_weights, strict=True)
        ]
        updated = [w for rows in new for row in rows for w in row]
        return [*found, *told, *updated, self.loss(loss, self.forward(new, kinds, x)[-1][1][0], y)]

    def descended(self, weights, by_weights, lr):
        """ω − α ∂l/∂ω, of one neuron's."""
        return [
            self.plus(weight, -self.times(lr, *self.known(by)))
            for weight, by in zip(weights, by_weights, strict=True)
        ]

    def backward(self, network, kinds, x, layers, by_o):
        """(what is told of, in its order; [∂l/∂ω] for each layer, with their factors)."""
        told, by_weights = [by_o], [None] * len(network)
        by_h = [(by_o, [by_o])]
        for k in reversed(range(len(network))):
            entering = layers[k - 1][1] if k else x
            by_weights[k], products, by_h_next = [], [[] for _ in entering], []
            for j, row in enumerate(network[k]):
                s, h = layers[k][0][j], layers[k][1][j]
                by_s = by_h[j]
                if kinds[k] is not None:
                    factors = [*self.known(by_h[j]), *self.slope(kinds[k], s, h)]
                    by_s = self.times(*factors), factors
                    told.append(by_s[0])
                told.append(by_s[0])  # of the bias
                by_weights[k].append([])
                for i, v in enumerate(entering):
                    factors = [*self.known(by_s), v]
                    by_weights[k][j].append((self.times(*factors), factors))
                    told.append(by_weights[k][j][-1][0])
                    factors = [*self.known(by_s), row[i]]
                    products[i].append((self.times(*factors), factors))
                    if k and j == len(network[k]) - 1:
                        by_h_next.append(self.together(products[i]))
                        told.append(by_h_next[-1][0])
                by_weights[k][j].append(by_s)
            by_h = by_h_next
        return told, by_weights

    def together(self, ways):
        """∂l/∂h from its products, one for each way on."""
        if len(ways) == 1:
            return ways[0]
        value = self.plus(*(value for value, _ in ways))
        return value, [value]

    def expectation(self, network, kinds, x, p=0.8):
        """The values of hidden neurons, the outputs for every mask, and the expectation."""
        ((sums, hidden),) = self.forward(network[:1], kinds[:1], x)
        found = [value for pair in zip(sums, hidden, strict=True) for value in pair]
        ((*weights, bias),) = network[1]
        outputs, chances = [], []
        masks = list(itertools.product((1, 0), repeat=len(hidden)))
        for mask in masks:
            terms = []
            for w, m, h in zip(weights, mask, hidden, strict=True):
                ways = lambda w=w, h=h: (
                    [w, self.times(h, 1 / p)] if self.choice(True, False) else [w, h, 1 / p]
                )
                terms += [self.times(*ways())] * m
            outputs.append(self.activated(kinds[1], self.plus(*terms, bias)))
            chances.append(math.prod(p if m else 1 - p for m in mask))
        products = [self.times(*pair) for pair in zip(chances, outputs, strict=True)]
        return [*found, *outputs, self.plus(*products)]


def times(a, b):
    return a * b


def plus(a, b):
    return a + b


def log(value):
    """No number after a slip that makes one of a number below 0."""
    return math.log(value) if value > 0 else math.nan


def over(a, b):
    """No number after a slip that divides by 0."""
    return a / b if b else math.nan


def read(exercise):
    """([[weights and the bias, of each neuron] for each layer], [activations])"""
    network, kinds = [], []
    for layer in exercise.model:
        if isinstance(layer, nn.Linear):
            rows = zip(layer.weight.data.tolist(), layer.bias.data.tolist(), strict=True)
            network.append([[*row, bias] for row, bias in rows])
            kinds.append(None)
        elif not isinstance(layer, nn.Dropout):
            kinds[-1] = type(layer)
    return network, kinds


def class_of(seed, n):
    """So many students, each with a seed's habits."""
    rng = random.Random(seed)
    for k in range(n):
        ways = keepers(rng)
        yield Student(ways[k % len(ways)], rng if k >= len(ways) else None)
