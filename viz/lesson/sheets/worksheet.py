"""A worksheet for any network, and its solution."""

import numpy as np

from viz.lesson.sheets.sheet import Block, Task, to_fill_in, worked_out
from viz.lesson.sheets.slopes import with_slopes
from viz.lesson.sheets.told import asked_in, once_more, told_of
from viz.lesson.stepper import stepper
from viz.reading.model import Network

PHASES = ("forward", "backward", "update")


def worksheet(model, x, y, loss, lr=0.1, captions="en", solution=False):
    """A4 pages with the network and its weights, the observation, and blanks for every s, h and o,
    the loss, every derivative, every new weight and the new loss.

    model: a Sequential of Linear, activations, Dropout and BatchNorm1d.
    x: one observation (m₀,).
    y: its target.
    loss: of nn.
    lr: α of the update.
    captions: "en" or "ru".
    solution: True: how it is worked out, in place of the blanks.

    Returns Pages: `.save("sheet.html")`, `.save("sheet.pdf")` or `.save("sheet.tex")`. Raises what
    `viz.stepper` raises for such a model, and ValueError for several observations. Lecture,
    section 3.

        >>> model = nn.MLP([2, 2, 1], output=nn.Sigmoid, rng=0)
        >>> viz.worksheet(model, [1.0, -0.5], 1, nn.binary_cross_entropy)
        <Pages 'Worksheet: backpropagation', 1>
    """
    read = Network(model)
    features = read.stages[0].symbols
    if np.ndim(x) > 1 and len(x) > 1:
        raise ValueError(
            f"viz.worksheet is of one observation, got {len(x)}: give one of them, x[0] and y[0]."
        )
    told = stepper(model, x, y, loss, lr=lr, captions=captions)
    lesson, numbers, asked, blocks = told.lesson, told.program.run(), [], []
    for phase in PHASES:
        steps = told_of(lesson, (phase,), features)
        asked += asked_in(steps, phase)
        blocks += [Block(title, lines, numbers) for title, lines in with_slopes(steps, read, loss)]
    again = once_more(told_of(lesson, ("forward",)), numbers)
    blocks.insert(-1, Block(("again",), again, numbers))
    task = Task(model, loss, "worksheet", None, lesson.rows, asked, numbers, blocks)
    return (worked_out if solution else to_fill_in)(task, captions)
