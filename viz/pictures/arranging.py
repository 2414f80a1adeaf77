"""Where columns of circles, and the labels of the wires between them, find room."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from viz.canvas.shapes import Arrow
from viz.pictures.columns import CONSTANT, LINE
from viz.pictures.placement import crossed, place_labels

# The canvas grows through these until every label has a place: height of a row, and the widest gap
# between columns.
CANVASES = [(110, 380), (110, 480), (130, 600), (155, 700), (180, 800)]
GAPS = [230, 280, 330, 380, 430, 480, 540, 600, 700, 800]
UNLABELLED_ROW, UNLABELLED_GAPS = 92, [*GAPS, 950, 1100, 1300]
# Between two circles of a short column; further apart, their arrows would only be steeper.
SPREAD = 165
BELOW = 42  # pixels from the lowest row's end to the circles with a 1
STEEPEST = 1.6  # of all arrows; a steeper one is hard to follow
CROWD = 24  # arrows between two columns; if there are more, without labels, all are thinner


@dataclass
class Layout:
    """Where everything goes: circles by (column, index), ellipses by column, the middles of labels
    by wire.
    """

    wires: list
    circles: dict = field(default_factory=dict)
    ellipses: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)

    @property
    def pen(self):
        """By what the widths of all arrows are multiplied: one width is one width everywhere."""
        crowd = Counter(wire.column for wire in self.wires)
        return 0.6 if not self.labels and max(crowd.values(), default=0) > CROWD else 1.0


def arrange(columns, wires, gap=None):
    """The Layout on the smallest of CANVASES on which all labels have a place; without labels if
    there is none.
    """
    drawn = [{*column.slots, *([CONSTANT] if column.constant else [])} for column in columns]
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
    # A row has room for two lines under a circle, and for a name where it is one of them.
    row += LINE * max((column.lines - 2 for column in columns if column.names), default=0)
    row += max((column.size - 1) * (15 + LINE * column.lines) for column in columns)
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
    between = min(height / len(slots), SPREAD * column.size)
    for place, circle in enumerate(slots):
        y = height / 2 + between * (place + 0.5 - len(slots) / 2)
        if circle is None:
            layout.ellipses[index].append((x, y))
        else:
            layout.circles[index, circle] = column.circle(circle, x, y)
    if column.constant:
        # In a row of their own: the neurons stand as they do without.
        layout.circles[index, CONSTANT] = column.circle(CONSTANT, x, height + BELOW * column.size)


def _crowded(layout, columns, wires, index):
    """Whether an arrow to column `index` is too steep, or runs through numbers under a circle."""
    lines = _lines(layout, wires)
    if any(abs(y2 - y1) > STEEPEST * (x2 - x1) for x1, y1, x2, y2 in lines):
        return True
    thickest = max((wire.width for wire in wires), default=0)
    clear = max(4, Arrow(0, 0, 1, 0, width=thickest).head_half + 1)
    notes = _edges(note.grown(clear) for note in _notes_around(layout, columns, index))
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
        for note in columns[column].notes_under(circle, shape)
    ]
