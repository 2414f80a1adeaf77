"""The steps of a network's lesson as pages for a projector: the network, its numbers, what is lit,
and the lines.
"""

from dataclasses import replace
from functools import singledispatch

from viz.canvas.bounds import Bounds
from viz.canvas.moving import moved
from viz.canvas.paper import Page, Pages
from viz.canvas.shapes import Arrow, Circle, Formula, Group, Text
from viz.language.lesson_words import LESSON
from viz.language.templates import Filling
from viz.language.words import WORDS
from viz.lesson.sheets.flow import Flow, stacked
from viz.lesson.written import Caption, Place, Symbol

SLIDE = (960, 540)  # pixels
LIT = "#d97706"  # of a rim
LINES = 0.36 * SLIDE[1]  # pixels for the lines; the network has the rest, the same at every step


def frames(lesson, program, picture, title, captions):
    """The Pages, one for each step. picture: what `network_picture` draws."""
    filling = Filling(program.run(), LESSON[captions], tuple(lesson.texts))
    pages = [_frame(lesson, k, picture, filling, captions, title) for k in range(len(lesson.steps))]
    return Pages(pages, title, captions)


def _frame(lesson, k, picture, filling, captions, title):
    """The page of step k."""
    step = lesson.steps[k]
    flow = Flow(title, filling, SLIDE)
    flow.y = 28
    flow.words(step.title.text(filling.numbers, filling.words), 20, bold=True)
    shown = {
        (mark.part, mark.what): filling.latex(mark.template)
        for mark in lesson.marks
        if mark.first <= k and (mark.until is None or k < mark.until)
    }
    still = Still(shown, set(step.lit), WORDS[captions])
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


class Still:
    """What stands in a picture at one step: {(part, what): LaTeX}, the parts that are lit, and the
    words.
    """

    def __init__(self, shown, lit, words):
        self.shown, self.lit, self.words = shown, lit, words


@singledispatch
def as_still(shape, still, lit=False):
    """The shapes to draw in the place of a shape of the live picture."""
    return [] if getattr(shape, "fill", getattr(shape, "colour", "")) == "transparent" else [shape]


@as_still.register
def _(group: Group, still, lit=False):
    lit = group.name in still.lit
    shapes = [part for shape in group.shapes for part in as_still(shape, still, lit)]
    return [replace(group, shapes=tuple(shapes))]


@as_still.register
def _(symbol: Symbol, still, lit=False):
    return [_formula(symbol, symbol.says)] if lit or symbol.kind != "loose" else []


@as_still.register
def _(place: Place, still, lit=False):
    latex = still.shown.get((place.part, place.what))
    return [_formula(place, latex)] if latex and (lit or place.kind != "loose") else []


@as_still.register
def _(caption: Caption, still, lit=False):
    says = still.words[caption.says] + caption.after
    return [Text(says, caption.x, caption.y, "middle", 16)]


@as_still.register
def _(circle: Circle, still, lit=False):
    return [replace(circle, rim=LIT) if lit else circle]


@as_still.register
def _(arrow: Arrow, still, lit=False):
    return [replace(arrow, colour=LIT, width=2.6) if lit else arrow]


def _formula(label, latex):
    return Formula(latex, label.x, label.y, label.anchor, label.size, label.colour)
