"""Columns of circles from left to right, joined by arrows: the lecture's layered picture, for any network or none."""

from dataclasses import dataclass, field

import numpy as np

from viz.picture import Picture
from viz.placement import place_labels
from viz.shapes import Arrow, Bounds, Circle, formula, text

FILLS = {"x": "#80FF80", "h": "#8080FF", "o": "#FF8080", "l": "#FFC080"}
RADII = {"x": 24, "h": 27, "o": 22, "l": 22}
OFF_FILL, OFF_INK = "#E4E4E4", "#9A9A9A"  # a neuron that dropout has switched off
MOST = 8  # a longer column is drawn with an ellipsis

# The canvas grows through these until every label has a place: height of a row, and the widest gap between columns.
CANVASES = [(110, 380), (110, 480), (130, 600), (155, 700), (180, 800)]
GAPS = [230, 280, 330, 380, 430, 480, 540, 600, 700, 800]
STEEPEST = 1.0  # a steeper arrow would run through the numbers under its circle


@dataclass(frozen=True)
class Column:
    """One column of circles.

    kind: "x", "h", "o" or "l", which sets colour and size. symbols: the formula in each circle. caption: the words
    above. off: which circles are switched off, counted from 0. keep: which are drawn however long the column is.
    notes: for each circle the (formula, colour) pairs written under it. faded: which circles stand back.
    """

    kind: str
    symbols: tuple
    caption: str = ""
    off: frozenset = frozenset()
    keep: frozenset = frozenset()
    notes: tuple = ()
    faded: frozenset = frozenset()

    @property
    def slots(self):
        """Which circles are drawn, from top to bottom; None is an ellipsis."""
        count = len(self.symbols)
        if count <= MOST:
            return list(range(count))
        drawn = sorted({0, 1, 2, 3, count - 1} | self.keep)
        slots = [drawn[0]]
        for before, after in zip(drawn, drawn[1:], strict=False):
            slots += [after] if after == before + 1 else [None, after]
        return slots


@dataclass(frozen=True)
class Wire:
    """An arrow from circle `source` of a column to circle `target` of the next, with a formula at its tail or none.

    Colours tell labels apart: where no labels can be drawn, the arrow has the colour `unlabelled`.
    """

    column: int
    source: int
    target: int
    label: str = ""
    colour: str = "black"
    unlabelled: str = "black"
    width: float = 1.1


@dataclass
class Layout:
    """Where everything goes: circles by (column, index), ellipses by column, the middles of labels by wire."""

    wires: list
    circles: dict = field(default_factory=dict)
    ellipses: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)


def draw_columns(columns, wires, title, gap=None):
    """A Picture of `columns` joined by `wires`.

    The labels of the wires are drawn if a place without collisions is found for all of them, and else none.
    gap: pixels between columns; without it, as many as the labels need.
    """
    layout = arrange(columns, wires, gap)
    picture = Picture(title)
    for wire in layout.wires:
        ends = layout.circles[wire.column, wire.source], layout.circles[wire.column + 1, wire.target]
        colour = wire.colour if layout.labels else wire.unlabelled
        picture.add(Arrow.between(*ends, colour, wire.width))
    for (column, index), circle in layout.circles.items():
        _draw_circle(picture, columns[column], index, circle)
    for x, y in sum(layout.ellipses.values(), []):
        picture.add(formula(r"\vdots", size=30).centred(x, y))
    for wire, (x, y) in layout.labels.items():
        picture.add(formula(wire.label, size=18, colour=wire.colour).centred(x, y))
    _draw_captions(picture, columns, layout)
    return picture


def arrange(columns, wires, gap=None):
    """The Layout on the smallest of CANVASES on which all labels have a place; without labels if there is none."""
    drawn = [set(column.slots) for column in columns]
    wires = [wire for wire in wires if wire.source in drawn[wire.column] and wire.target in drawn[wire.column + 1]]
    sizes = {wire.label: formula(wire.label, size=18).bounds if wire.label else None for wire in wires}
    for row, widest in CANVASES:
        layout = _try(columns, wires, sizes, row, [gap] if gap else [g for g in GAPS if g <= widest])
        if layout:
            return layout
    return _try(columns, wires, dict.fromkeys(sizes), 92, [gap] if gap else GAPS)


def _try(columns, wires, sizes, row, gaps):
    """Place column after column, each as near to the one before as its labels allow; None if some gap has no room."""
    height = row * max(len(column.slots) for column in columns)
    layout = Layout(wires)
    x = 0
    _stand(layout, columns, 0, x, height)
    for index in range(1, len(columns)):
        between = [wire for wire in wires if wire.column == index - 1]
        several = len({wire.target for wire in between}) > 1 and any(sizes[wire.label] for wire in between)
        for gap in gaps:
            _stand(layout, columns, index, x + gap, height)
            if gap != gaps[-1] and (several and gap < 380 or _too_steep(layout, columns, between)):
                continue
            labels = _label_gap(layout, columns, between, sizes, index)
            if labels is not None:
                break
        else:
            return None
        layout.labels.update(labels)
        x += gap
    return layout


def _stand(layout, columns, index, x, height):
    column = columns[index]
    slots = column.slots
    layout.ellipses[index] = []
    for place, circle in enumerate(slots):
        y = height * (place + 0.5) / len(slots)
        if circle is None:
            layout.ellipses[index].append((x, y))
        else:
            layout.circles[index, circle] = Circle(x, y, RADII[column.kind], _fill(column, circle))


def _too_steep(layout, columns, wires):
    limit = STEEPEST if any(column.notes for column in columns) else 1.6
    ends = [(layout.circles[w.column, w.source], layout.circles[w.column + 1, w.target]) for w in wires]
    return any(abs(b.y - a.y) > limit * (b.x - a.x) for a, b in ends)


def _label_gap(layout, columns, wires, sizes, index):
    """The places of the labels between column index − 1 and column index, or None."""
    if not any(sizes[wire.label] for wire in wires):
        return {}
    lines, widths = [], []
    for wire in wires:
        arrow = Arrow.between(layout.circles[wire.column, wire.source], layout.circles[wire.column + 1, wire.target])
        lines.append((arrow.x1, arrow.y1, arrow.x2, arrow.y2))
        bounds = sizes[wire.label]
        widths.append((bounds.width, bounds.height) if bounds else (0, 0))
    around = []
    for (column, circle), shape in layout.circles.items():
        if column in (index - 1, index):
            around += [shape.bounds, *(note.bounds for note in _notes(columns[column], circle, shape))]
    obstacles = [(b.left, b.top, b.right, b.bottom) for b in around]
    places = place_labels(lines, widths, obstacles)
    if places is None:
        return None
    return {wire: tuple(place) for wire, place in zip(wires, places, strict=True) if sizes[wire.label]}


def _draw_circle(picture, column, index, circle):
    off, faded = index in column.off, index in column.faded
    ink = OFF_INK if off else fade("black") if faded else "black"
    picture.add(circle, formula(column.symbols[index], colour=ink).centred(circle.x, circle.y))
    picture.shapes.extend(_notes(column, index, circle))


def _notes(column, index, circle):
    lines = column.notes[index] if column.notes else ()
    return [
        formula(latex, size=14, colour=colour).on_baseline(circle.x, circle.y + circle.r + 15 + 17 * line)
        for line, (latex, colour) in enumerate(lines)
    ]


def _draw_captions(picture, columns, layout):
    """Each column's words above it, in as many lines as keep off the neighbours' words."""
    xs = [next(circle.x for (at, _), circle in layout.circles.items() if at == index) for index in range(len(columns))]
    width = min(np.diff(xs), default=400) - 12
    captions = [_wrapped(column.caption, width) for column in columns]
    lines = max(len(caption) for caption in captions)
    top = picture.bounds.top - 30
    for x, caption in zip(xs, captions, strict=True):
        for line, words in enumerate(caption):
            if words.says:
                picture.add(words.on_baseline(x, top - 21 * (lines - 1 - line)))


def _wrapped(caption, width):
    """The caption in lines no wider than `width`, broken between words."""
    lines = []
    for word in caption.split() or [""]:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text(longer, most=80).bounds.width <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [text(line) for line in lines[:4]]


def _fill(column, circle):
    if circle in column.off:
        return OFF_FILL
    fill = FILLS[column.kind]
    return fade(fill) if circle in column.faded else fill


def fade(colour):
    """The colour, most of the way to white."""
    return mix(colour, "#FFFFFF", 0.84)


def mix(colour, other, share):
    """The colour that has gone `share` of the way (0 to 1) from one to the other."""
    ends = [(0, 0, 0) if c == "black" else [int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (colour, other)]
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in zip(*ends, strict=True))
