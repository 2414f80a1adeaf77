"""What the layered picture is made of: columns of circles, wires between them, and what is written
at both. Circles count from 0; number CONSTANT is the 1 whose arrows are the biases.
"""

import itertools
from dataclasses import dataclass, replace

from viz.canvas.bounds import Bounds
from viz.canvas.colours import AXIS, FILLS, OFF_FILL, OFF_INK, fade
from viz.canvas.shapes import SOLID, Circle, Formula, Group, Text
from viz.language.names import neuron_name
from viz.language.plain import plain

RADII = {"x": 24, "h": 27, "o": 22, "l": 22}
CONSTANT, CONSTANT_RADIUS = -1, 15
MOST = 8  # a longer column is drawn with an ellipsis
LONGEST = 24  # letters of a name
LINE = 17  # pixels from one line of notes to the next


@dataclass(frozen=True)
class Column:
    """One column of circles.

    kind: "x", "h", "o" or "l", which sets colour and size.
    symbols: the formula in each circle.
    caption: the words above.
    off: which circles are switched off.
    keep: which are drawn however long the column is.
    notes: for each circle the (formula, colour) pairs written under it.
    faded: which circles stand back.
    names: for each circle anybody's words, written above its notes.
    constant: whether a circle with a 1 stands under the others.
    size: how large names and notes are, beside 1.
    """

    kind: str
    symbols: tuple
    caption: str = ""
    off: frozenset = frozenset()
    keep: frozenset = frozenset()
    notes: tuple = ()
    faded: frozenset = frozenset()
    names: tuple = ()
    constant: bool = False
    size: float = 1

    @property
    def slots(self):
        """Which of the counted circles are drawn, from top to bottom; None is an ellipsis."""
        count = len(self.symbols)
        if count <= MOST:
            return list(range(count))
        drawn = sorted({0, 1, 2, count - 1} | self.keep)
        slots = [drawn[0]]
        for before, after in itertools.pairwise(drawn):
            slots += [after] if after == before + 1 else [None, after]
        return slots

    @property
    def lines(self):
        """How many lines stand under a circle, at most."""
        return bool(self.names) + max(map(len, self.notes), default=0)

    def circle(self, index, x, y):
        """The circle number `index` at (x, y)."""
        if index == CONSTANT:
            rim = fade(AXIS) if index in self.faded else AXIS
            return Circle(x, y, CONSTANT_RADIUS, "white", rim)
        fill = FILLS[self.kind]
        if index in self.off:
            fill = OFF_FILL
        elif index in self.faded:
            fill = fade(fill)
        return Circle(x, y, RADII[self.kind], fill)

    def neuron(self, layer, index, circle):
        """The Group of a circle and the symbol in its middle; it has the neuron's name."""
        symbol = "1" if index == CONSTANT else self.symbols[index]
        ink = OFF_INK if index in self.off else fade("black") if index in self.faded else "black"
        inside = Formula(symbol, circle.x, circle.y, "centre", colour=ink)
        says = ", ".join([plain(symbol), *(name.says for name in self._name(index, circle))])
        return Group(neuron_name(layer, index + 1), (circle, inside), says)

    def notes_under(self, index, circle):
        """A circle's name, and the Formulas of its notes, in their places."""
        if index == CONSTANT:
            return []
        name = self._name(index, circle)
        lines = self.notes[index] if self.notes else ()
        return name + [
            Formula(
                latex,
                circle.x,
                note_baseline(circle, line, self.size),
                size=14 * self.size,
                colour=colour,
            )
            for line, (latex, colour) in enumerate(lines, start=len(name))
        ]

    def _name(self, index, circle):
        """The circle's name as a list of one Text, or of none."""
        if index == CONSTANT or not self.names:
            return []
        colour = fade("black") if index in self.faded else "black"
        below, size = note_baseline(circle, 0, self.size), 14 * self.size
        label = Text(self.names[index], circle.x, below, size=size, colour=colour, most=LONGEST)
        # To the right are the arrows: a long name reaches to the left.
        wide = label.ink.width > 2 * circle.r
        return [replace(label, x=circle.x + circle.r, anchor="right") if wide else label]


@dataclass(frozen=True)
class Wire:
    """An arrow from circle `source` of a column to circle `target` of the next, with a formula at
    its tail or none.

    label: the formula, or nothing.
    colour: of label and arrow, so that labels are told apart.
    unlabelled: the colour of the arrow where no labels can be drawn.
    width: of the arrow, in pixels.
    dash: how it is interrupted.
    notes: (formula, colour) pairs, numbers written one under the other to the right of the label.
    size: how large notes are, beside 1.
    """

    column: int
    source: int
    target: int
    label: str = ""
    colour: str = "black"
    unlabelled: str = "black"
    width: float = 1.1
    dash: tuple = SOLID
    notes: tuple = ()
    size: float = 1

    def labels(self, x, y):
        """The label with its notes beside it, the middle of all at (x, y)."""
        label = Formula(self.label, x, y, "centre", size=18, colour=self.colour)
        notes = [Formula(latex, size=12 * self.size, colour=colour) for latex, colour in self.notes]
        if not notes:
            return [label]
        wide = label.ink.width
        left = x - (wide + 5 + max(note.ink.width for note in notes)) / 2
        after = left + wide + 5
        # A gap of 14 from baseline to baseline, whether there is a second line yet or not.
        lines = [
            replace(note, x=after, y=y + self.size * (14 * line - 2), anchor="left")
            for line, note in enumerate(notes)
        ]
        return [replace(label, x=left + wide / 2), *lines]

    @property
    def room(self):
        """The Bounds that label and notes need, or None without a label."""
        return Bounds.around(label.bounds for label in self.labels(0, 0)) if self.label else None


def note_baseline(circle, line, size=1):
    """Where the notes under a circle stand, the first in line 0."""
    return circle.y + circle.r + size * (15 + LINE * line)
