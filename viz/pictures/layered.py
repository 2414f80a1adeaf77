"""Columns of circles from left to right, joined by arrows: the lecture's layered picture, for any
network or none.
"""

import itertools
from dataclasses import replace

import numpy as np

from viz.canvas.picture import Picture
from viz.canvas.shapes import Arrow, Formula, Text
from viz.pictures.arranging import arrange

SAMPLE = 44  # pixels of an arrow in a legend


def draw_columns(columns, wires, title, gap=None):
    """A Picture of `columns` joined by `wires`.

    gap: pixels between columns; without it, as many as the labels need.

    The labels of the wires are drawn if a place without collisions is found for all of them, and
    else none.
    """
    return draw_layout(arrange(columns, wires, gap), columns, title)


def draw_layout(layout, columns, title):
    """A Picture of `columns` where the Layout has placed them, joined by its wires."""
    picture = Picture(title)
    for wire in layout.wires:
        ends = (
            layout.circles[wire.column, wire.source],
            layout.circles[wire.column + 1, wire.target],
        )
        colour = wire.colour if layout.labels else wire.unlabelled
        picture.add(Arrow.between(*ends, colour, wire.width * layout.pen, wire.dash))
    for (column, index), circle in layout.circles.items():
        picture.add(
            columns[column].neuron(column, index, circle),
            *columns[column].notes_under(index, circle),
        )
    for x, y in itertools.chain(*layout.ellipses.values()):
        picture.add(Formula(r"\vdots", x, y, "centre", size=30))
    for wire, (x, y) in layout.labels.items():
        picture.add(*wire.labels(x, y))
    draw_captions(picture, columns, layout)
    return picture


def draw_legend(picture, samples, pen):
    """Under everything, (wire, words) pairs: an arrow like the wire, and what it means.

    pen: of the picture's Layout.
    """
    left, right = picture.bounds.left, picture.bounds.right
    x, y = left, picture.bounds.bottom + 36
    for wire, words in samples:
        label = Text(words, 0, y, "left", size=15, most=60)
        if x > left and x + SAMPLE + 10 + label.ink.width > right:
            x, y = left, y + 26
        arrow = Arrow(x, y - 5, x + SAMPLE, y - 5, wire.colour, wire.width * pen, wire.dash)
        picture.add(arrow, replace(label, x=x + SAMPLE + 10, y=y))
        x += SAMPLE + 10 + label.ink.width + 30


def draw_captions(picture, columns, layout):
    """Each column's words above it, in as many lines as keep off the neighbours' words."""
    xs = [
        next(circle.x for (at, _), circle in layout.circles.items() if at == index)
        for index in range(len(columns))
    ]
    width = min(np.diff(xs), default=400) - 12
    captions = [_wrapped(column.caption, width) for column in columns]
    lines = max(len(caption) for caption in captions)
    top = picture.bounds.top - 30
    for x, caption in zip(xs, captions, strict=True):
        for line, words in enumerate(caption):
            if words.says:
                picture.add(replace(words, x=x, y=top - 21 * (lines - 1 - line)))


def _wrapped(caption, width):
    """The caption in at most four lines no wider than `width`, broken between words; a longer word
    is shortened.
    """
    lines = []
    for word in caption.split() or [""]:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and Text(longer, most=80).ink.width <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_fitted(line, width) for line in lines[:4]]


def _fitted(words, width):
    label = Text(words)
    while label.ink.width > width and len(label.says) > 1:
        letters = len(label.says)
        fewer = min(letters - 1, int(letters * width / label.ink.width))
        label = Text(words, most=max(1, fewer))
    return label
