"""The picture that a network's trace plays on: viz.network's, with room for every number that comes
and goes.
"""

from dataclasses import replace

from viz.canvas.picture import Picture
from viz.canvas.shapes import Arrow, Bounds, Line, Rectangle
from viz.language.plain import plain
from viz.language.symbols import digits
from viz.language.words import captions_of
from viz.lesson.network_trace import neuron_id, weight_id
from viz.lesson.typeset import during, pointed_at, shared
from viz.pictures.layered import arrange, draw_captions, draw_neuron, note_baseline
from viz.pictures.network import GRADIENT, columns_of, wires_of

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
        part, symbol = neuron_id(layer, index + 1), columns[layer].symbols[index]
        shapes = [*draw_neuron(columns[layer], index, circle), *_under(trace, part, circle)]
        # Between circle and numbers there is nothing to point at; the rectangle fills the gaps.
        shapes.insert(0, Rectangle(Bounds.around(shape.bounds for shape in shapes), "transparent"))
        picture.add(pointed_at(shapes, part, plain(symbol)))
    draw_captions(picture, columns, layout)
    return picture


def _room_under(trace, layer, column):
    """For each circle, notes as wide as the widest of the numbers that will stand there."""
    room = []
    for index in range(len(column.symbols)):
        part = neuron_id(layer, index + 1)
        lines = [_widest(trace.at(part, what)) for what in ("value", "gradient")]
        if any(mark.so_far for mark in trace.at(part, "gradient")):
            lines.append(SO_FAR)
        room.append(tuple((latex, "black") for latex in lines if latex))
    return tuple(room)


def _room_beside(trace, wire):
    marks = [trace.at(_wire_id(wire), what) for what in ("value", "gradient")]
    return tuple((_widest(there), "black") for there in marks) if all(marks) else ()


def _widest(marks):
    return max(
        (digits(mark.number) for mark in marks),
        key=lambda latex: shared(latex).bounds.width,
        default="",
    )


def _arrow(trace, layout, wire):
    """The arrow, a wider line that is easier to point at, and the label with its numbers."""
    ends = layout.circles[wire.column, wire.source], layout.circles[wire.column + 1, wire.target]
    arrow = Arrow.between(*ends, wire.colour if layout.labels else wire.unlabelled, wire.width)
    shapes = [
        Line(((arrow.x1, arrow.y1), (arrow.x2, arrow.y2)), "transparent", 14, dotted=False),
        arrow,
    ]
    if wire in layout.labels:
        shapes += _label(trace, wire, *layout.labels[wire])
    return pointed_at(
        shapes, _wire_id(wire), f"weight {plain(wire.label)}" if wire.label else "to the loss"
    )


def _label(trace, wire, x, y):
    label, *places = wire.labels(x, y)
    shapes = [
        Rectangle(Bounds.around(shape.bounds for shape in (label, *places)), "transparent"),
        label,
    ]
    for what, place in zip(("value", "gradient"), places, strict=False):
        for mark in trace.at(_wire_id(wire), what):
            note = shared(digits(mark.number), place.size, COLOURS[what]).on_baseline(
                place.bounds.left, place.y, "left"
            )
            shapes.append(during([note], mark.first, mark.until))
    return shapes


def _under(trace, part, circle):
    """The numbers that come and go under a circle: its value, its gradient, and whether that is so
    far only.
    """
    shapes = []
    for line, what in enumerate(("value", "gradient")):
        for mark in trace.at(part, what):
            lines = [digits(mark.number)] + [SO_FAR] * mark.so_far
            notes = [
                shared(latex, 14, COLOURS[what]).on_baseline(
                    circle.x, note_baseline(circle, line + further)
                )
                for further, latex in enumerate(lines)
            ]
            shapes.append(during(notes, mark.first, mark.until))
    return shapes


def _wire_id(wire):
    return weight_id(wire.column + 1, wire.target + 1, wire.source + 1)
