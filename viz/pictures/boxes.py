"""Boxes with formulas under the columns of a picture, each joined by a dotted line to the circles
it speaks of.
"""

from viz.canvas.shapes import Box, Group, Line


def boxes_below(picture, columns):
    """A grey box under each column, from (names of its neurons, labels of the box) pairs, the left
    column first; neurons that are not drawn are passed over.

    The last column's box stands highest and the first one's lowest, each reaching to the right: so
    no line crosses a box.
    """
    above = picture.bounds.top
    for names, rows in reversed(columns):
        # A neuron's circle comes first, its symbol after.
        circles = [group.shapes[0] for group in picture.all(Group) if group.name in names]
        x, bottom = circles[-1].x, circles[-1].y + circles[-1].r
        box = Box(tuple(rows), x - 50, bottom + 28)
        while box.top < above or picture.touches(box.bounds.grown(6)):
            box = box.lowered(4)
        above = box.bounds.bottom + 14
        picture.add(*_dotted_down(picture, x, circles[0].y, box.top), box)


def _dotted_down(picture, x, top, bottom):
    """A dotted line straight down, interrupted where something is drawn already."""
    lines = []
    ways = sorted(
        (b.top, b.bottom)
        for b in (shape.bounds.grown(2) for shape in picture.drawn)
        if b.left < x < b.right
    )
    for blocked_from, blocked_to in [*ways, (bottom, bottom)]:
        if top + 4 < min(blocked_from, bottom):
            lines.append(Line(((x, top), (x, min(blocked_from, bottom)))))
        top = max(top, blocked_to)
    return lines
