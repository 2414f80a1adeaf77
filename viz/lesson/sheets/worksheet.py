"""A worksheet for any network, and its solution."""

from autograd_lite.entries import by_entries
from viz.lesson.network_lesson import network_lesson
from viz.lesson.sheets.sheet import Block, Task, to_fill_in, worked_out
from viz.lesson.sheets.told import asked_in, told_of
from viz.reading.model import Network
from viz.reading.program import trace
from viz.reading.run import like_output

PHASES = ("forward", "backward", "update")


def worksheet(model, x, y, loss, lr=0.1, captions="en", solution=False):
    """A4 pages with the network and its weights, the observation, and blanks for every s, h and o,
    the loss, every derivative, every new weight and the new loss.

    model: a Sequential of Linear, activations, Dropout and BatchNorm1d. x: one observation (m₀,),
        and y. loss: of nn. lr: α of the update.
    captions: "en" or "ru". solution: True: how it is worked out, in place of the blanks.

    Returns Pages: `.save("sheet.html")` or `.save("sheet.pdf")`. Raises what `viz.stepper` raises
    for such a model. Lecture, section 3.
    """
    read = Network(model)
    traced = trace(model, x, y, loss, lr)
    label = like_output(y, read.sizes[-1]).ndim == 1
    lesson = network_lesson(read, traced, loss, label)
    numbers, features = by_entries(traced.program).run(), read.stages[0].symbols
    asked, blocks = [], []
    for phase in PHASES:
        told = told_of(lesson, (phase,), features)
        asked += asked_in(told, phase)
        blocks += [Block(title, lines, numbers) for title, lines in told]
    task = Task(model, loss, "worksheet", "", lesson.rows, asked, numbers, blocks)
    return (worked_out if solution else to_fill_in)(task, captions)
