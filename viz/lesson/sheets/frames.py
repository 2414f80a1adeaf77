"""The steps of a network's lesson as pages for a projector: the network, its numbers, what is lit,
and the lines.
"""

from viz.canvas.bounds import Bounds
from viz.canvas.moving import moved
from viz.canvas.paper import Page, Pages
from viz.language.lesson_words import LESSON
from viz.language.templates import Filling
from viz.lesson.sheets.beamer import beamer
from viz.lesson.sheets.flow import Flow, stacked
from viz.lesson.sheets.stills import as_still, stills

SLIDE = (960, 540)  # pixels
LINES = 0.36 * SLIDE[1]  # pixels for the lines; the network has the rest, the same at every step


def frames(lesson, program, picture, title, captions):
    """The Pages, one for each step. picture: what `network_picture` draws."""
    filling = Filling(program.run(), LESSON[captions], tuple(lesson.texts))
    pages = [
        _frame(step, still, picture, filling, title)
        for step, still in zip(lesson.steps, stills(lesson, filling, captions), strict=True)
    ]
    latex = lambda: beamer(lesson, filling, picture, title, captions)
    return Pages(pages, title, captions, latex)


def _frame(step, still, picture, filling, title):
    """The page of a step."""
    flow = Flow(title, filling, SLIDE)
    flow.y = 28
    flow.words(step.title.text(filling.numbers, filling.words), 20, bold=True)
    shapes = [part for shape in picture.shapes for part in as_still(shape, still)]
    lines = stacked([row for line in step.lines for row in flow.rows(line)], 8)
    around = Bounds.around(shape.bounds for shape in lines)
    scale = min(1.3, LINES / around.height, (SLIDE[0] - 48) / around.right)
    room = SLIDE[1] - 24 - flow.y - LINES - 16
    drawn = Page(title, SLIDE)
    drawn.add(*shapes)
    flow.picture(drawn, room)
    top = SLIDE[1] - 24 - scale * around.height
    flow.pages[-1].add(*(moved(line, 0, top - scale * around.top, scale) for line in lines))
    return flow.pages[-1]
