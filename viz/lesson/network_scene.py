"""The picture that a network's lesson plays on: viz.network's, with a place for every number that
comes and goes, all of it text.
"""

from dataclasses import fields, replace

from viz.canvas.bounds import Bounds
from viz.canvas.colours import GRADIENT
from viz.canvas.picture import Picture
from viz.canvas.shapes import SOLID, Arrow, Group, Line, Rectangle
from viz.canvas.writers import svg
from viz.language.names import neuron_name, weight_name
from viz.language.plain import plain
from viz.lesson.written import Caption, Place, Symbol
from viz.pictures.arranging import arrange
from viz.pictures.columns import Column, Wire, note_baseline
from viz.pictures.network import columns_of, wires_of

GAP = 330  # between columns, where labels have no room and only some are shown at a time
WHATS = (("value", "black"), ("gradient", GRADIENT))


class LiveColumn(Column):
    """A Column with places for two numbers under each circle."""

    def neuron(self, layer, index, circle):
        """The Group of a circle, the symbol in its middle, and the places under it."""
        symbol = Symbol(self.symbols[index], circle.x, circle.y, "centre")
        name = neuron_name(layer, index + 1)
        places = [
            replace(place, part=name, what=what)
            for place, (what, _) in zip(self.notes_under(index, circle), WHATS, strict=True)
        ]
        reach = Rectangle(Bounds.around(s.bounds for s in (circle, *places)), "transparent")
        return Group(name, (reach, circle, symbol, *places), plain(self.symbols[index]))

    @property
    def lines(self):
        return len(WHATS)

    def notes_under(self, index, circle):
        below = lambda line: note_baseline(circle, line, self.size) - 1 - line
        return [
            Place("", circle.x, below(line), size=15 * self.size, colour=colour)
            for line, (_, colour) in enumerate(WHATS)
        ]


class LiveWire(Wire):
    """A Wire with places for two numbers beside its label."""

    def labels(self, x, y):
        name = weight_name(self.column + 1, self.target + 1, self.source + 1)
        label = Symbol(self.label, x, y, "centre", size=18, colour=self.colour)
        wide, size = label.ink.width, 13 * self.size
        left = x - (wide + 5 + Place("", size=size).ink.width) / 2
        below = lambda line: y + self.size * (14 * line - 2)
        places = [
            Place("", left + wide + 5, below(line), "left", size, colour, name, what)
            for line, (what, colour) in enumerate(WHATS)
        ]
        return [replace(label, x=left + wide / 2), *places]


def network_scene(picture):
    """The SVG of what `network_picture` draws, as text, for a script to work on."""
    return svg.write(picture, live=True)


def network_picture(read, title, size=1):
    """The Picture of a Network, with places for numbers, `size` times as large as in a page."""
    captions = [""] * (read.layers + 2)
    columns = [as_live(LiveColumn, column) for column in columns_of(read, captions, loss=True)]
    columns = [replace(column, off=frozenset(), size=size) for column in columns]
    wires = [as_live(LiveWire, wire) for wire in wires_of(AllOn(read), loss=True)]
    wires = [replace(wire, size=size) for wire in wires]
    layout = arrange(columns, wires)
    if not layout.labels:
        layout = arrange(columns, wires, GAP)
    picture = Picture(title)
    for wire in layout.wires:
        picture.add(_arrow(layout, wire))
    for (layer, index), circle in layout.circles.items():
        picture.add(columns[layer].neuron(layer, index, circle))
    top = picture.bounds.top - 20
    for layer in range(len(columns)):
        x = next(circle.x for (at, _), circle in layout.circles.items() if at == layer)
        picture.add(_caption(read, layer, x, top))
    return picture


def as_live(kind, part):
    """A Column or Wire as one of a kind that has places."""
    return kind(**{field.name: getattr(part, field.name) for field in fields(part)})


class AllOn:
    """A Network as if no neuron were switched off: that may change."""

    def __init__(self, read):
        self.layers, self.sizes, self.notation = read.layers, read.sizes, read.notation

    def dropped(self, layer):
        return frozenset()


def _arrow(layout, wire):
    """The arrow, a wider line that is easier to point at, and the label with its numbers."""
    ends = layout.circles[wire.column, wire.source], layout.circles[wire.column + 1, wire.target]
    arrow = Arrow.between(*ends, wire.colour if layout.labels else "#777777", wire.width)
    way = (arrow.x1, arrow.y1), (arrow.x2, arrow.y2)
    shapes = [Line(way, "transparent", 14, dash=SOLID), arrow]
    if wire in layout.labels:
        labels = wire.labels(*layout.labels[wire])
        around = Bounds.around(label.bounds for label in labels)
        shapes += [Rectangle(around, "transparent"), *labels]
    elif wire.label:
        # Shown while the arrow is lit. Half-way, all arrows into one circle, and all out of one,
        # are equally far apart.
        x, y = (arrow.x1 + arrow.x2) / 2, (arrow.y1 + arrow.y2) / 2
        shapes += [replace(label, kind="loose") for label in wire.labels(x, y)]
    name = weight_name(wire.column + 1, wire.target + 1, wire.source + 1)
    return Group(name, tuple(shapes), plain(wire.label) if wire.label else "l")


def _caption(read, layer, x, y):
    """What stands above a column."""
    if layer > read.layers:
        return Caption("loss", x, y)
    if layer in (0, read.layers):
        return Caption("output" if layer else "input", x, y)
    return Caption("hidden", x, y, after=f" {layer}" if read.layers > 2 else "")
