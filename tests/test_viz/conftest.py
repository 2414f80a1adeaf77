import itertools
import math

import pytest

from viz.canvas.shapes import DOTTED, Arrow, Box, Circle, Label, Line

# Pixels between a weight and the middle of any arrow; the placement keeps three.
APART = 2.9


def _overlaps_circle(bounds, circle):
    dx = max(bounds.left - circle.x, 0, circle.x - bounds.right)
    dy = max(bounds.top - circle.y, 0, circle.y - bounds.bottom)
    return math.hypot(dx, dy) < circle.r - 0.01


def _inside(bounds, circle):
    return (
        abs((bounds.left + bounds.right) / 2 - circle.x) < 1
        and abs((bounds.top + bounds.bottom) / 2 - circle.y) < 1
    )


def _passes(arrow, circle):
    """Whether the arrow runs through a circle; one that begins or ends on its rim does not."""
    dx, dy = arrow.x2 - arrow.x1, arrow.y2 - arrow.y1
    along = ((circle.x - arrow.x1) * dx + (circle.y - arrow.y1) * dy) / (dx * dx + dy * dy)
    along = min(max(along, 0), 1)
    return (
        math.hypot(arrow.x1 + along * dx - circle.x, arrow.y1 + along * dy - circle.y)
        < circle.r - 0.01
    )


@pytest.fixture(scope="session")
def collisions():
    """A function that lists everything in a picture that reaches into something else, by the
    picture's own geometry.
    """

    def collisions(picture):
        found = []
        circles, arrows, boxes = picture.all(Circle), picture.all(Arrow), picture.all(Box)
        free = [shape for shape in picture.drawn if isinstance(shape, Label)]
        symbols = [
            label for label in free if any(_inside(label.bounds, circle) for circle in circles)
        ]
        labels = [label for label in free if label not in symbols]
        blocks = [(label.says, label.bounds) for label in labels] + [
            (f"box {b.left:.0f}", b.bounds) for b in boxes
        ]
        for i, (name, bounds) in enumerate(blocks):
            found += [f"{name} on {other}" for other, there in blocks[:i] if bounds.overlaps(there)]
            found += [
                f"{name} on circle {c.x:.0f},{c.y:.0f}"
                for c in circles
                if _overlaps_circle(bounds, c)
            ]
            found += [f"{name} on arrow {a}" for a in arrows if a.touches(bounds)]
        for label in (label for label in labels if label.says.startswith(r"\omega")):
            around = label.bounds.grown(APART)
            found += [
                f"{label.says} too near to arrow {a}"
                for a in arrows
                if around.meets_line(a.x1, a.y1, a.x2, a.y2)
            ]
        dotted = (line.points for line in picture.all(Line) if line.dash == DOTTED)
        for (x1, y1), (x2, y2) in itertools.chain.from_iterable(map(itertools.pairwise, dotted)):
            found += [
                f"{label.says} on a dotted line"
                for label in labels
                if label.bounds.meets_line(x1, y1, x2, y2)
            ]
            found += [
                f"box on a dotted line {x1:.0f}"
                for b in boxes
                if b.bounds.grown(-0.1).meets_line(x1, y1, x2, y2)
            ]
        for i, circle in enumerate(circles):
            found += [f"arrow {a} through a circle" for a in arrows if _passes(a, circle)]
            found += [
                "two circles"
                for c in circles[:i]
                if math.hypot(c.x - circle.x, c.y - circle.y) < c.r + circle.r
            ]
        for label in symbols:
            circle = next(circle for circle in circles if _inside(label.bounds, circle))
            corner = math.hypot(label.bounds.width / 2, label.bounds.height / 2)
            found += [f"{label.says} does not fit its circle"] * (corner > circle.r)
        for box in boxes:
            within = box.bounds
            found += [
                f"{b.says} leaves its box"
                for b in box.labels
                if b.bounds.left < within.left
                or b.bounds.right > within.right
                or b.bounds.bottom > within.bottom
            ]
        return found

    return collisions
