"""What a network's live picture looks like at one step of its lesson."""

from dataclasses import replace
from functools import singledispatch

from viz.canvas.shapes import Arrow, Circle, Formula, Group, Text
from viz.language.words import WORDS
from viz.lesson.written import Caption, Place, Symbol

LIT = "#d97706"  # of a rim


def stills(lesson, filling, captions):
    """A Still for each step."""
    return [
        Still(_shown(lesson, k, filling), set(step.lit), WORDS[captions])
        for k, step in enumerate(lesson.steps)
    ]


def _shown(lesson, k, filling):
    return {
        (mark.part, mark.what): filling.latex(mark.template)
        for mark in lesson.marks
        if mark.first <= k and (mark.until is None or k < mark.until)
    }


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
