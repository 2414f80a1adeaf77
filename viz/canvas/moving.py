"""Shapes elsewhere, and larger or smaller."""

from dataclasses import replace
from functools import singledispatch

from viz.canvas.bounds import Bounds
from viz.canvas.shapes import Circle, Group, Label, Line, Polygon, Rectangle


@singledispatch
def moved(shape, x, y, scale=1.0):
    """The shape with the point (0, 0) at (x, y), `scale` times as large; one that is made of parts
    as a Group of them.
    """
    return Group("", tuple(moved(part, x, y, scale) for part in shape.parts))


@moved.register
def _(circle: Circle, x, y, scale=1.0):
    return replace(circle, x=x + scale * circle.x, y=y + scale * circle.y, r=scale * circle.r)


@moved.register
def _(rectangle: Rectangle, x, y, scale=1.0):
    b = rectangle.bounds
    ends = x + scale * b.left, y + scale * b.top, x + scale * b.right, y + scale * b.bottom
    return replace(rectangle, bounds=Bounds(*ends))


@moved.register(Line)
@moved.register(Polygon)
def _(shape, x, y, scale=1.0):
    points = tuple((x + scale * a, y + scale * b) for a, b in shape.points)
    return replace(shape, points=points, width=scale * shape.width)


@moved.register
def _(label: Label, x, y, scale=1.0):
    return replace(label, x=x + scale * label.x, y=y + scale * label.y, size=scale * label.size)


@moved.register
def _(group: Group, x, y, scale=1.0):
    return replace(group, shapes=tuple(moved(shape, x, y, scale) for shape in group.shapes))
