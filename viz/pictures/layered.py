"""Columns of circles from left to right, joined by arrows: the lecture's layered picture, for any
network or none.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from viz.canvas.picture import Picture
from viz.canvas.shapes import Arrow, Bounds, Circle, formula, text
from viz.pictures.placement import crossed, place_labels

FILLS = {"x": "#80FF80", "h": "#8080FF", "o": "#FF8080", "l": "#FFC080"}
RADII = {"x": 24, "h": 27, "o": 22, "l": 22}
OFF_FILL, OFF_INK = "#E4E4E4", "#9A9A9A"  # a neuron that dropout has switched off
MOST = 8  # a longer column is drawn with an ellipsis
CROWD = 24  # arrows between two columns; if there are more, without labels, they are thinner

# The canvas grows through these until every label has a place: height of a row, and the widest gap
# between columns.
CANVASES = [(110, 380), (110, 480), (130, 600), (155, 700), (180, 800)]
GAPS = [230, 280, 330, 380, 430, 480, 540, 600, 700, 800]
UNLABELLED_ROW, UNLABELLED_GAPS = 92, [*GAPS, 950, 1100, 1300]
# Between two circles of a short column; further apart, their arrows would only be steeper.
SPREAD = 165
STEEPEST = 1.6  # of all arrows; a steeper one is hard to follow


@dataclass(frozen=True)
class Column:
    """One column of circles.

    kind: "x", "h", "o" or "l", which sets colour and size. symbols: the formula in each circle.
        caption: the words
    above. off: which circles are switched off, counted from 0. keep: which are drawn however long
    the column is.
    notes: for each circle the (formula, colour) pairs written under it. faded: which circles stand
        back.
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
        drawn = sorted({0, 1, 2, count - 1} | self.keep)
        slots = [drawn[0]]
        for before, after in itertools.pairwise(drawn):
            slots += [after] if after == before + 1 else [None, after]
        return slots


@dataclass(frozen=True)
class Wire:
    """An arrow from circle `source` of a column to circle `target` of the next, with a formula at
    its tail or none.

    Colours tell labels apart: where no labels can be drawn, the arrow has the colour `unlabelled`.
    notes: (formula, colour) pairs, numbers written one under the other to the right of the label.
    """

    column: int
    source: int
    target: int
    label: str = ""
    colour: str = "black"
    unlabelled: str = "black"
    width: float = 1.1
    notes: tuple = ()

    def labels(self, x, y):
        """The label with its notes beside it, the middle of all at (x, y)."""
        label, notes = (
            formula(self.label, size=18, colour=self.colour),
            [formula(n, size=12, colour=c) for n, c in self.notes],
        )
        if not notes:
            return [label.centred(x, y)]
        room = label.bounds.width + 5 + max(note.bounds.width for note in notes)
        left, middle = x - room / 2, label.bounds.width / 2
        after = left + label.bounds.width + 5
        # A gap of 14 from baseline to baseline, whether there is a second line yet or not.
        lines = [
            note.on_baseline(after, y - 2 + 14 * line, "left") for line, note in enumerate(notes)
        ]
        return [label.centred(left + middle, y), *lines]

    @property
    def room(self):
        """The Bounds that label and notes need, or None without a label."""
        return Bounds.around(label.bounds for label in self.labels(0, 0)) if self.label else None


@dataclass
class Layout:
    """Where everything goes: circles by (column, index), ellipses by column, the middles of labels
    by wire.
    """

    wires: list
    circles: dict = field(default_factory=dict)
    ellipses: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)


def draw_columns(columns, wires, title, gap=None):
    """A Picture of `columns` joined by `wires`.

    The labels of the wires are drawn if a place without collisions is found for all of them, and
    else none.
    gap: pixels between columns; without it, as many as the labels need.
    """
    layout = arrange(columns, wires, gap)
    picture, crowd = Picture(title), Counter(wire.column for wire in layout.wires)
    for wire in layout.wires:
        ends = (
            layout.circles[wire.column, wire.source],
            layout.circles[wire.column + 1, wire.target],
        )
        colour = wire.colour if layout.labels else wire.unlabelled
        thin = not layout.labels and crowd[wire.column] > CROWD
        picture.add(Arrow.between(*ends, colour, wire.width * (0.6 if thin else 1)))
    for (column, index), circle in layout.circles.items():
        picture.add(
            *draw_neuron(columns[column], index, circle), *_notes(columns[column], index, circle)
        )
    for x, y in itertools.chain(*layout.ellipses.values()):
        picture.add(formula(r"\vdots", size=30).centred(x, y))
    for wire, (x, y) in layout.labels.items():
        picture.add(*wire.labels(x, y))
    draw_captions(picture, columns, layout)
    return picture


def arrange(columns, wires, gap=None):
    """The Layout on the smallest of CANVASES on which all labels have a place; without labels if
    there is none.
    """
    drawn = [set(column.slots) for column in columns]
    wires = [
        wire
        for wire in wires
        if wire.source in drawn[wire.column] and wire.target in drawn[wire.column + 1]
    ]
    sizes = {wire: wire.room for wire in wires}
    for row, widest in CANVASES:
        layout = _try(
            columns, wires, sizes, row, [gap] if gap else [g for g in GAPS if g <= widest]
        )
        if layout:
            return layout
    return _try(
        columns, wires, dict.fromkeys(sizes), UNLABELLED_ROW, [gap] if gap else UNLABELLED_GAPS
    )


def _try(columns, wires, sizes, row, gaps):
    """Place column after column, each as near to the one before as its labels allow; None if some
    gap has no room.
    """
    height = row * max(len(column.slots) for column in columns)
    layout = Layout(wires)
    x = 0
    _stand(layout, columns, 0, x, height)
    for index in range(1, len(columns)):
        between = [wire for wire in wires if wire.column == index - 1]
        labelled = any(sizes[wire] for wire in between)
        least = 380 if labelled and len({wire.target for wire in between}) > 1 else 0
        for gap in gaps:
            _stand(layout, columns, index, x + gap, height)
            # Numbers and steep arrows may forbid labels; without labels, the widest gap has to do.
            if gap < least or (
                _crowded(layout, columns, between, index) and (labelled or gap != gaps[-1])
            ):
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
    between = min(height / len(slots), SPREAD)
    for place, circle in enumerate(slots):
        y = height / 2 + between * (place + 0.5 - len(slots) / 2)
        if circle is None:
            layout.ellipses[index].append((x, y))
        else:
            layout.circles[index, circle] = Circle(x, y, RADII[column.kind], _fill(column, circle))


def _crowded(layout, columns, wires, index):
    """Whether an arrow to column `index` is too steep, or runs through numbers under a circle."""
    lines = _lines(layout, wires)
    if any(abs(y2 - y1) > STEEPEST * (x2 - x1) for x1, y1, x2, y2 in lines):
        return True
    notes = _edges(note.grown(4) for note in _notes_around(layout, columns, index))
    return len(notes) > 0 and len(lines) > 0 and crossed(notes, lines).any()


def _label_gap(layout, columns, wires, sizes, index):
    """The places of the labels between column index − 1 and column index, or None."""
    if not any(sizes[wire] for wire in wires):
        return {}
    bounds = [sizes[wire] for wire in wires]
    around = [
        circle.bounds
        for (column, _), circle in layout.circles.items()
        if column in (index - 1, index)
    ]
    obstacles = _edges([*around, *_notes_around(layout, columns, index)])
    places = place_labels(
        _lines(layout, wires), [(b.width, b.height) if b else (0, 0) for b in bounds], obstacles
    )
    if places is None:
        return None
    return {wire: tuple(place) for wire, place in zip(wires, places, strict=True) if sizes[wire]}


def _lines(layout, wires):
    """The arrows as rows x1, y1, x2, y2, from rim to rim."""
    ends = [
        (layout.circles[wire.column, wire.source], layout.circles[wire.column + 1, wire.target])
        for wire in wires
    ]
    arrows = [Arrow.between(*pair) for pair in ends]
    return np.array([(arrow.x1, arrow.y1, arrow.x2, arrow.y2) for arrow in arrows])


def _edges(bounds):
    """Rectangles as rows left, top, right, bottom."""
    return np.array([(b.left, b.top, b.right, b.bottom) for b in bounds])


def _notes_around(layout, columns, index):
    """Where the numbers under the circles of column `index` and the one before are."""
    near = [(at, shape) for at, shape in layout.circles.items() if at[0] in (index - 1, index)]
    return [
        note.bounds
        for (column, circle), shape in near
        for note in _notes(columns[column], circle, shape)
    ]


def draw_neuron(column, index, circle):
    """A circle of a column, and its symbol in the middle."""
    off, faded = index in column.off, index in column.faded
    ink = OFF_INK if off else fade("black") if faded else "black"
    return circle, formula(column.symbols[index], colour=ink).centred(circle.x, circle.y)


def note_baseline(circle, line):
    """Where the notes under a circle stand, the first in line 0."""
    return circle.y + circle.r + 15 + 17 * line


def _notes(column, index, circle):
    lines = column.notes[index] if column.notes else ()
    return [
        formula(latex, size=14, colour=colour).on_baseline(circle.x, note_baseline(circle, line))
        for line, (latex, colour) in enumerate(lines)
    ]


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
                picture.add(words.on_baseline(x, top - 21 * (lines - 1 - line)))


def _wrapped(caption, width):
    """The caption in at most four lines no wider than `width`, broken between words; a longer word
    is shortened.
    """
    lines = []
    for word in caption.split() or [""]:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text(longer, most=80).bounds.width <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_fitted(line, width) for line in lines[:4]]


def _fitted(words, width):
    label = text(words)
    while label.bounds.width > width and len(label.says) > 1:
        label = text(
            words,
            most=max(
                1, min(len(label.says) - 1, int(len(label.says) * width / label.bounds.width))
            ),
        )
    return label


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
    ends = [
        (0, 0, 0) if c == "black" else [int(c[i : i + 2], 16) for i in (1, 3, 5)]
        for c in (colour, other)
    ]
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in zip(*ends, strict=True))
