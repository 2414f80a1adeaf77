"""An exercise of backpropagation with numbers of its own: the network, what is asked, and the right
answers with their tolerances.
"""

import copy
import functools
from numbers import Integral

import numpy as np

import autograd_lite as ag
import nn
from autograd_lite.entries import by_entries
from viz.language.formulas import LOSSES
from viz.language.names import weight_name
from viz.language.templates import names_in
from viz.lesson.exercises.computed import Line, computed
from viz.lesson.exercises.drawing import draw
from viz.lesson.exercises.masks import Masks
from viz.lesson.exercises.slips import slipped
from viz.lesson.exercises.solved import Solved
from viz.lesson.exercises.tolerances import deviations
from viz.lesson.network_lesson import network_lesson
from viz.lesson.sheets.sheet import Block, Task, given_alone, to_fill_in, worked_out
from viz.lesson.sheets.slopes import with_slopes
from viz.lesson.sheets.told import asked_in, once_more, told_of
from viz.lesson.stepper import stepper
from viz.pictures.columns import MOST
from viz.reading.model import Network
from viz.reading.program import trace

ACTIVATIONS = (nn.ReLU, nn.Sigmoid, nn.Tanh, nn.Softplus)
KINDS = {  # what is asked
    "values": ("forward",),
    "backpropagation": ("forward", "backward"),
    "step": ("forward", "backward", "update"),
    "dropout": (),
}
KEEP = 0.8  # the probability of a neuron to stay, for dropout
ATTEMPTS = 100  # draws; of each it is tried whether every slip is seen
MOST_MASKED = 3  # neurons: eight masks


def exercise(
    seed,
    kind="backpropagation",
    sizes=(2, 2, 1),
    activation=nn.ReLU,
    output=nn.Sigmoid,
    loss=nn.binary_cross_entropy,
    dead=False,
):
    """An exercise with numbers of its own for each seed, and the right answers.

    seed: a whole number; the same one gives the same exercise everywhere.
    kind: what is asked: "values", of all neurons and of the loss; "backpropagation", these and all
        derivatives; "step", these, the weights after a step of gradient descent, and the new loss;
        "dropout", the output for every mask of the hidden neurons, and its expectation.
    sizes: neurons by layer, the features first; one output.
    activation: nn.ReLU, nn.Sigmoid, nn.Tanh or nn.Softplus.
    output: one of these, or None.
    loss: of one output, of nn.
    dead: True: one neuron of a ReLU is dead; otherwise none is.

    All given numbers are short decimals. No neuron saturates, no two in a layer are alike, and to
    forget a factor, a term or a sign changes the result. The gradients agree with numerical ones.

    Returns an Exercise. Raises ValueError for another kind, sizes, activation or loss, and where no
    such numbers are found.

        >>> exercise = viz.exercise(7)
        >>> exercise.questions[0]
        Question(symbol='s_{1}', answer=..., tolerance=...)
    """
    sizes = tuple(map(int, sizes))
    _check(seed, kind, sizes, activation, output, loss, dead)
    network = _network(kind, sizes, activation, output, loss)
    layers = [(activation, size) for size in sizes[1:-1]] + [(output, 1)]
    name = f"{seed} {'-'.join(map(str, sizes))} {[getattr(a, '__name__', '') for a, _ in layers]}"
    name += f" {loss.__name__} {dead}"
    for attempt in range(ATTEMPTS):
        of = f"{name} {attempt}"
        given = draw(seed, of, network.program, layers, loss, network.settings, dead)
        given |= {mask: settings[0] for mask, settings in network.settings.items()}
        questions, numbers = network.solved(given)
        if network.tells(given, questions):
            break
    else:
        raise ValueError(
            f"no numbers were found for seed {seed} with which every slip takes an answer out of "
            "its tolerance. Give another seed, fewer layers, or fewer neurons."
        )
    network.original.run(given)  # raises where the numbers lead another way
    model = _model(kind, sizes, activation, output, given)
    x = np.array([given[f"x-{i}"] for i in range(1, sizes[0] + 1)])
    y = np.array([given["y-1"]])
    ag.check_gradient(copy.deepcopy(model).eval(), x[None], y[None], loss=loss)
    return Exercise(seed, kind, model, x, y, loss, questions, network, numbers)


class Exercise:
    """An exercise. Made by `viz.exercise`.

    seed: what it was made of.
    kind: what is asked.
    model: the network.
    x: the observation, (features,).
    y: its target, (outputs,).
    loss: the loss.
    questions: [(symbol, answer, tolerance)], the symbol as LaTeX; "new" is behind those of what is
        asked after the step of gradient descent. In Jupyter they are a table.
    .lr: the learning rate.
    """

    def __init__(self, seed, kind, model, x, y, loss, questions, network, numbers):
        self.seed, self.kind = seed, kind
        self.model, self.x, self.y, self.loss, self.lr = model, x, y, loss, numbers["lr"]
        self.questions, self._network, self._numbers = questions, network, numbers

    def worksheet(self, captions="en", variant=None):
        """A4 pages with what is given, and a blank for each question, as Pages.

        captions: "en" or "ru". variant: a number for the title.
        """
        return to_fill_in(self._task(variant), captions)

    def solution(self, captions="en", variant=None):
        """The same with everything worked out, as Pages."""
        return worked_out(self._task(variant), captions)

    def statement(self, captions="en", variant=None):
        """A Picture of what is given: for a quiz, which has the blanks itself."""
        return given_alone(self._task(variant), captions)

    def stepper(self, captions="en"):
        """The live page of the solution; of dropout, with one of the masks."""
        return stepper(self.model, self.x, self.y, self.loss, lr=self.lr, captions=captions)

    def _task(self, variant):
        network, blocks = self._network, self._network.blocks(self._numbers)
        rows = [row for row in network.rows if self.kind != "dropout" or row.name[0] in "wx"]
        told = rows, network.asked, self._numbers, blocks
        return Task(self.model, self.loss, self.kind, variant, *told, seed=self.seed)

    def __repr__(self):
        return f"<Exercise {self.kind!r}, seed {self.seed}, {len(self.questions)} questions>"


class Told(Solved):
    """What all exercises of one network and kind share: the Program of its numbers, and what is
    asked and told of them.

    told: {phase: what is told in it}; worked: the same with the slopes. settings: {name: array},
        those of its masks: it has none.
    """

    def __init__(self, program, lesson, told, worked, rows):
        self.original, self.program = program, Line(program)
        self.lesson, self.told, self.worked, self.rows = lesson, told, worked, rows
        self.settings = {}
        self.asked = [asked for phase in told for asked in asked_in(told[phase], phase)]

    def run(self, given):
        return {name: float(value) for name, value in computed(self.program, given).items()}

    def deviations(self, given):
        return deviations(self.program, given)

    def slipped(self, given):
        return slipped(self.program, given)

    def blocks(self, numbers):
        """What the solution consists of."""
        blocks = [Block(*block, numbers) for told in self.worked.values() for block in told]
        if "update" in self.told:
            again = once_more(self.told["forward"], self.program.names)
            blocks.insert(-1, Block(("again",), again, numbers))
        return blocks


@functools.cache
def _network(kind, sizes, activation, output, loss):
    """The Told of a network, whatever its numbers."""
    model = _model(kind, sizes, activation, output)
    read = Network(model)
    traced = trace(model, np.ones(sizes[0]), [1.0], loss)
    lesson = network_lesson(read, traced, loss)
    program, features = by_entries(traced.program), read.stages[0].symbols
    _keep_only(program, [step for step in lesson.steps if step.phase in (*KINDS[kind], "forward")])
    if kind == "dropout":
        return Masks(program, lesson, read, KEEP)
    told = {phase: told_of(lesson, (phase,), features) for phase in KINDS[kind]}
    rows = [row for row in lesson.rows if row.name != "lr" or kind == "step"]
    worked = {phase: with_slopes(steps, read, loss) for phase, steps in told.items()}
    return Told(program, lesson, told, worked, rows)


def _keep_only(program, steps):
    """Leave the names of what these steps tell, so that nothing else is computed."""
    told = {name for step in steps for line in step.lines for name in names_in("".join(line))}
    program.names = {
        name: symbol
        for name, symbol in program.names.items()
        if name in told
        or (name.startswith(("sum-", "neuron-")) and "/" not in name)
        or (name.startswith("after-") and "loss/new" in told)
    }


def _model(kind, sizes, activation, output, given=None):
    """The network, with these numbers."""
    keep = KEEP if kind == "dropout" else None
    model = nn.MLP(sizes, activation, output=output, keep=keep, rng=0)
    linears = [layer for layer in model if isinstance(layer, nn.Linear)]
    for layer, linear in enumerate(linears if given else [], start=1):
        name = lambda j, i, layer=layer: given[weight_name(layer, j + 1, i)]
        for j, i in np.ndindex(*linear.weight.shape):
            linear.weight.data[j, i] = name(j, i + 1)
        for j in range(len(linear.bias)):
            linear.bias.data[j] = name(j, 0)
    return model


def _check(seed, kind, sizes, activation, output, loss, dead):
    if not isinstance(seed, Integral):
        raise TypeError(f"seed: got {seed!r}; give a whole number.")
    if kind not in KINDS:
        raise ValueError(f"kind: got {kind!r}; give {', '.join(map(repr, KINDS))}.")
    if len(sizes) < 2 or sizes[-1] != 1 or min(sizes) < 1:
        raise ValueError(
            f"sizes: got {'-'.join(map(str, sizes))}; give the number of features, of neurons in "
            "each hidden layer, and 1 output, such as (2, 2, 1): the formula of a loss is that of "
            "one output."
        )
    if max(sizes) > MOST:
        raise ValueError(f"sizes: give at most {MOST} neurons in a layer, got {max(sizes)}.")
    if activation not in ACTIVATIONS or output not in (None, *ACTIVATIONS):
        named = ", ".join(f"nn.{kind.__name__}" for kind in ACTIVATIONS)
        raise ValueError(f"activation and output: give one of {named}; for the output also None.")
    if loss not in LOSSES:
        named = ", ".join(f"nn.{one.__name__}" for one in LOSSES)
        raise ValueError(f"loss: got {loss!r}; give one of {named}.")
    if loss is nn.binary_cross_entropy and output is not nn.Sigmoid:
        raise ValueError(
            "nn.binary_cross_entropy takes probabilities: give output=nn.Sigmoid with it."
        )
    if dead and (activation is not nn.ReLU or max(sizes[1:-1], default=0) < 2):
        raise ValueError("dead=True needs a hidden layer of two neurons or more of nn.ReLU.")
    if kind == "dropout" and not 1 <= sum(sizes[1:-1]) <= MOST_MASKED:
        raise ValueError(
            f"dropout takes 1 to {MOST_MASKED} hidden neurons, of which all masks are written out; "
            f"got {sum(sizes[1:-1])}."
        )
