"""The picture that a network's trace plays on: viz.network's, with room for every number that comes
and goes.
"""

from dataclasses import replace

from viz.canvas.bounds import Bounds
from viz.canvas.colours import GRADIENT
from viz.canvas.picture import Picture
from viz.canvas.shapes import SOLID, Arrow, Formula, Group, Line, Rectangle
from viz.language.names import neuron_name, weight_name
from viz.language.numbers import digits
from viz.language.plain import plain
from viz.language.words import captions_of
from viz.lesson.typeset import During
from viz.pictures.arranging import arrange
from viz.pictures.columns import note_baseline
from viz.pictures.layered import draw_captions
from viz.pictures.network import columns_of, wires_of

COLOURS = {"value": "black", "gradient": GRADIENT}
SO_FAR = r"\text{so far}"


def network_scene(read, trace):
    """The Picture of a Network with the marks of its Trace, each shown from one step on and until
    another.
    """
    columns = columns_of(read, captions_of(read.layers, "en", True), loss=True)
    columns = [
        replace(column, notes=_room_under(trace, layer, column))
        for layer, column in enumerate(columns)
    ]
    wires = [replace(wire, notes=_room_beside(trace, wire)) for wire in wires_of(read, loss=True)]
    layout = arrange(columns, wires)
    picture = Picture(f"A neural network, {'-'.join(map(str, read.sizes))}, step by step")
    for wire in layout.wires:
        picture.add(_arrow(trace, layout, wire))
    for (layer, index), circle in layout.circles.items():
        neuron = columns[layer].neuron(layer, index, circle)
        shapes = (*neuron.shapes, *_under(trace, neuron.name, circle))
        picture.add(replace(neuron, shapes=(_reach(shapes), *shapes)))
    draw_captions(picture, columns, layout)
    return picture


def _reach(shapes):
    """What fills the gaps between shapes, where there is nothing to point at."""
    return Rectangle(Bounds.around(shape.bounds for shape in shapes), "transparent")


def _room_under(trace, layer, column):
    """For each circle, notes as wide as the widest of the numbers that will stand there."""
    room = []
    for index in range(len(column.symbols)):
        part = neuron_name(layer, index + 1)
        lines = [_widest(trace.at(part, what)) for what in ("value", "gradient")]
        if any(mark.so_far for mark in trace.at(part, "gradient")):
            lines.append(SO_FAR)
        room.append(tuple((latex, "black") for latex in lines if latex))
    return tuple(room)


def _room_beside(trace, wire):
    marks = [trace.at(_name(wire), what) for what in ("value", "gradient")]
    return tuple((_widest(there), "black") for there in marks) if all(marks) else ()


def _widest(marks):
    return max(
        (digits(mark.number) for mark in marks),
        key=lambda latex: Formula(latex).ink.width,
        default="",
    )


def _arrow(trace, layout, wire):
    """The arrow, a wider line that is easier to point at, and the label with its numbers."""
    ends = layout.circles[wire.column, wire.source], layout.circles[wire.column + 1, wire.target]
    arrow = Arrow.between(*ends, wire.colour if layout.labels else wire.unlabelled, wire.width)
    way = (arrow.x1, arrow.y1), (arrow.x2, arrow.y2)
    shapes = [Line(way, "transparent", 14, dash=SOLID), arrow]
    if wire in layout.labels:
        shapes += _label(trace, wire, *layout.labels[wire])
    says = f"weight {plain(wire.label)}" if wire.label else "to the loss"
    return Group(_name(wire), tuple(shapes), says)


def _label(trace, wire, x, y):
    label, *places = wire.labels(x, y)
    shapes = [_reach((label, *places)), label]
    for what, place in zip(("value", "gradient"), places, strict=False):
        for mark in trace.at(_name(wire), what):
            left = place.bounds.left
            note = Formula(digits(mark.number), left, place.y, "left", place.size, COLOURS[what])
            shapes.append(During((note,), mark.first, mark.until))
    return shapes


def _under(trace, part, circle):
    """The numbers that come and go under a circle: its value, its gradient, and whether that is so
    far only.
    """
    shapes = []
    for line, what in enumerate(("value", "gradient")):
        for mark in trace.at(part, what):
            lines = [digits(mark.number), *([SO_FAR] if mark.so_far else [])]
            notes = [
                Formula(latex, circle.x, note_baseline(circle, at), size=14, colour=COLOURS[what])
                for at, latex in enumerate(lines, start=line)
            ]
            shapes.append(During(tuple(notes), mark.first, mark.until))
    return shapes


def _name(wire):
    return weight_name(wire.column + 1, wire.target + 1, wire.source + 1)
