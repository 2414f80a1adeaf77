"""What a picture is made of, as data: where each shape is, and how far it reaches. How it is
written is the writers' affair.

Circle, Rectangle, Line, Polygon, Formula and Text are what every writer has to know. All others are
made of them, their `parts`, and a writer that knows no better draws those. Coordinates are pixels,
x to the right and y downwards. Shapes are values: moving one makes another.
"""

import math
from dataclasses import dataclass, replace

from viz.canvas.bounds import Bounds
from viz.canvas.colours import GREY
from viz.canvas.outlines import EM, Outline, formula_outline, shown, text_outline, text_width

# How a line is interrupted: pixels drawn and pixels left out.
SOLID, DOTTED, DASHED = (), (1.5, 2.5), (7, 4)


class Shape:
    """Anything that can be drawn: it has `bounds`."""

    def touches(self, bounds):
        """Whether it reaches into `bounds`."""
        return self.bounds.overlaps(bounds)


@dataclass(frozen=True)
class Circle(Shape):
    """A filled circle with the rim `rim`, if any."""

    x: float
    y: float
    r: float
    fill: str
    rim: str = None

    @property
    def bounds(self):
        return Bounds(self.x, self.y, self.x, self.y).grown(self.r)


@dataclass(frozen=True)
class Rectangle(Shape):
    """A filled rectangle."""

    bounds: Bounds
    fill: str


@dataclass(frozen=True)
class Line(Shape):
    """A line through `points`, dotted like the slides' joins unless told otherwise.

    dash: pixels drawn and pixels left out, in turn; SOLID is without a gap.
    """

    points: tuple
    colour: str = "black"
    width: float = 1.1
    dash: tuple = DOTTED

    @property
    def bounds(self):
        return Bounds.around(Bounds(x, y, x, y).grown(self.width / 2) for x, y in self.points)


@dataclass(frozen=True)
class Polygon(Shape):
    """A filled area with the corners `points`, its rim of the same colour."""

    points: tuple
    colour: str = "black"
    width: float = 1.1

    @property
    def bounds(self):
        return Bounds.around(Bounds(x, y, x, y).grown(self.width / 2) for x, y in self.points)


@dataclass(frozen=True)
class Label(Shape):
    """What Formula and Text share: `says` stands at the point (x, y), in `size` pixels to the em.

    anchor: "left", "middle" or "right", which end of the ink stands at x, the baseline at y; or
        "centre", the middle of the ink at both.

    The bounds are those in our font. A writer with fonts of its own goes by point and anchor.
    """

    says: str
    x: float = 0
    y: float = 0
    anchor: str = "middle"
    size: float = 20
    colour: str = "black"

    @property
    def ink(self):
        """The bounds, if the baseline began at (0, 0)."""
        return self._ink_from(0, 0)

    @property
    def start(self):
        """Where the baseline begins."""
        ink = self.ink
        if self.anchor == "centre":
            return self.x - ink.middle, self.y - (ink.top + ink.bottom) / 2
        edge = {"left": ink.left, "middle": ink.middle, "right": ink.right}[self.anchor]
        return self.x - edge, self.y

    @property
    def bounds(self):
        return self._ink_from(*self.start)

    def _ink_from(self, x, y):
        em = self.size / EM
        # In fonts that we do not know, as wide as any would need.
        ink = self.outline or Outline("", 0, -800, text_width(self.says), 220)
        return Bounds(x + ink.left * em, y + ink.top * em, x + ink.right * em, y + ink.bottom * em)


@dataclass(frozen=True)
class Formula(Label):
    """LaTeX which our own code has built; users' words never go in here, but into a Text.

    halo: white around the letters, where they cross a line.
    """

    halo: bool = False

    @property
    def outline(self):
        """The outline of its letters; raises ValueError for a macro that is not known to draw."""
        return formula_outline(self.says)


@dataclass(frozen=True)
class Text(Label):
    """One line of anybody's words, shortened after `most` letters."""

    size: float = 16
    bold: bool = False
    most: int = 40

    def __post_init__(self):
        # What was given may be anything; what is kept can stand in any file.
        object.__setattr__(self, "says", shown(self.says, self.most))

    @property
    def outline(self):
        """The outline of its letters, or None where our font lacks one: then the viewer's fonts
        draw them.
        """
        return text_outline(self.says)

    def _ink_from(self, x, y):
        return super()._ink_from(x, y).grown(self.size / 50 if self.bold else 0)


@dataclass(frozen=True)
class Group(Shape):
    """A part of a picture that has a name, and so can be found, pointed at and lit.

    says: what it is, in a few words, for those who cannot see it.
    """

    name: str
    shapes: tuple
    says: str = ""

    @property
    def parts(self):
        return self.shapes

    @property
    def bounds(self):
        return Bounds.around(shape.bounds for shape in self.shapes)

    def touches(self, bounds):
        """Whether one of its shapes reaches into `bounds`."""
        return any(shape.touches(bounds) for shape in self.shapes)


@dataclass(frozen=True)
class Arrow(Shape):
    """A straight arrow from (x1, y1) to its tip (x2, y2), with a filled head."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "black"
    width: float = 1.1
    dash: tuple = SOLID

    @classmethod
    def between(cls, start, end, colour="black", width=1.1, dash=SOLID):
        """The arrow from the rim of the circle `start` to the rim of the circle `end`."""
        dx, dy = end.x - start.x, end.y - start.y
        length = math.hypot(dx, dy)
        ux, uy = dx / length, dy / length
        return cls(
            start.x + ux * start.r,
            start.y + uy * start.r,
            end.x - ux * end.r,
            end.y - uy * end.r,
            colour,
            width,
            dash,
        )

    @property
    def parts(self):
        shaft = Line(self.shaft, self.colour, self.width, self.dash)
        return shaft, Polygon(self.head, self.colour, self.width)

    @property
    def bounds(self):
        xs, ys = (self.x1, self.x2), (self.y1, self.y2)
        return Bounds(min(xs), min(ys), max(xs), max(ys)).grown(self.width)

    @property
    def head_half(self):
        """How far the head reaches to either side."""
        return 2 + 1.3 * self.width

    @property
    def head(self):
        """The three corners of the head: the tip, and the ends of its base."""
        length = math.hypot(self.x2 - self.x1, self.y2 - self.y1)
        ux, uy = (self.x2 - self.x1) / length, (self.y2 - self.y1) / length
        long, half = 8 + 2 * self.width, self.head_half
        base_x, base_y = self.x2 - ux * long, self.y2 - uy * long
        # The stroke rounds the tip by half its width; with that it ends at the rim.
        tip = (self.x2 - ux * self.width / 2, self.y2 - uy * self.width / 2)
        return (
            tip,
            (base_x - uy * half, base_y + ux * half),
            (base_x + uy * half, base_y - ux * half),
        )

    @property
    def shaft(self):
        """Its two ends: where the arrow begins, and the middle of the head's base."""
        _, left, right = self.head
        return (self.x1, self.y1), ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)

    def touches(self, bounds):
        """Whether the arrow, its width and its head included, reaches into `bounds`."""
        tip, left, right = self.head
        edges = (
            (self.x1, self.y1, self.x2, self.y2),
            (*tip, *left),
            (*left, *right),
            (*right, *tip),
        )
        return any(bounds.grown(self.width / 2).meets_line(*edge) for edge in edges)


@dataclass(frozen=True)
class Box(Shape):
    """A filled box with rows of labels, each row centred, from its left and top corner."""

    rows: tuple
    left: float
    top: float
    fill: str = GREY
    padding: float = 9
    gap: float = 12

    @property
    def parts(self):
        return Rectangle(self.bounds, self.fill), *self.labels

    @property
    def bounds(self):
        inner = [row.ink for row in self.rows]
        width = max(b.width for b in inner)
        height = sum(b.height for b in inner) + self.gap * (len(inner) - 1)
        return Bounds(
            self.left,
            self.top,
            self.left + width + 2 * self.padding,
            self.top + height + 2 * self.padding,
        )

    def centred(self, x):
        """The same box with its middle at x."""
        return replace(self, left=x - self.bounds.width / 2)

    def lowered(self, by):
        """The same box, further down."""
        return replace(self, top=self.top + by)

    @property
    def labels(self):
        """The rows in their places."""
        bounds, placed = self.bounds, []
        top = bounds.top + self.padding
        for row in self.rows:
            height = row.ink.height
            placed.append(replace(row, x=bounds.middle, y=top + height / 2, anchor="centre"))
            top += height + self.gap
        return placed


def number(value, digits=2):
    """A coordinate in as few letters as it needs."""
    short = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
