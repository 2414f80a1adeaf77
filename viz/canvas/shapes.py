"""What a picture is made of: circles, arrows, lines, rectangles and labels. Each knows its bounds
and writes its own SVG.

Coordinates are pixels, x to the right and y downwards. Shapes are values: moving one makes another.
"""

import math
from dataclasses import dataclass, replace
from html import escape

from viz.canvas.outlines import EM, Outline, formula_outline, shown, text_outline, text_width

GREY = "#F0F0F0"
PINK = "#FDECEC"


@dataclass(frozen=True)
class Bounds:
    """A rectangle from (left, top) to (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.bottom - self.top

    @property
    def middle(self):
        """The x of its middle."""
        return (self.left + self.right) / 2

    def grown(self, by):
        return Bounds(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other):
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def meets_line(self, x1, y1, x2, y2):
        """Whether the straight line from (x1, y1) to (x2, y2) passes through."""
        # The part of the line, from `enters` to `leaves`, that is between left and right and
        # between top and bottom.
        enters, leaves = 0.0, 1.0
        for start, way, low, high in (
            (x1, x2 - x1, self.left, self.right),
            (y1, y2 - y1, self.top, self.bottom),
        ):
            if way == 0:
                if not low < start < high:
                    return False
                continue
            ends = sorted(((low - start) / way, (high - start) / way))
            enters, leaves = max(enters, ends[0]), min(leaves, ends[1])
        return enters < leaves

    @staticmethod
    def around(bounds):
        """The smallest rectangle that holds all of `bounds`."""
        bounds = list(bounds)
        return Bounds(
            min(b.left for b in bounds),
            min(b.top for b in bounds),
            max(b.right for b in bounds),
            max(b.bottom for b in bounds),
        )


@dataclass(frozen=True)
class Circle:
    """A filled circle with the rim `rim`, if any."""

    x: float
    y: float
    r: float
    fill: str
    rim: str = None

    @property
    def bounds(self):
        return Bounds(self.x, self.y, self.x, self.y).grown(self.r)

    def svg(self, reference):
        rim = f' stroke="{self.rim}" stroke-width="2.5"' if self.rim else ""
        return (
            f'<circle cx="{number(self.x)}" cy="{number(self.y)}" r="{number(self.r)}" '
            f'fill="{self.fill}"{rim}/>'
        )


@dataclass(frozen=True)
class Arrow:
    """A straight arrow from (x1, y1) to its tip (x2, y2), with a filled head."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "black"
    width: float = 1.1

    @classmethod
    def between(cls, start, end, colour="black", width=1.1):
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
        )

    @property
    def bounds(self):
        xs, ys = (self.x1, self.x2), (self.y1, self.y2)
        return Bounds(min(xs), min(ys), max(xs), max(ys)).grown(self.width)

    @property
    def head(self):
        """The three corners of the head: the tip, and the ends of its base."""
        length = math.hypot(self.x2 - self.x1, self.y2 - self.y1)
        ux, uy = (self.x2 - self.x1) / length, (self.y2 - self.y1) / length
        long, half = 8 + 2 * self.width, 2 + 1.3 * self.width
        base_x, base_y = self.x2 - ux * long, self.y2 - uy * long
        # The stroke rounds the tip by half its width; with that it ends at the rim.
        tip = (self.x2 - ux * self.width / 2, self.y2 - uy * self.width / 2)
        return (
            tip,
            (base_x - uy * half, base_y + ux * half),
            (base_x + uy * half, base_y - ux * half),
        )

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

    def svg(self, reference):
        tip, left, right = self.head
        base = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
        points = zip("MLMLL", ((self.x1, self.y1), base, tip, left, right), strict=True)
        d = "".join(f"{letter}{number(x)} {number(y)}" for letter, (x, y) in points)
        return (
            f'<path d="{d}Z" fill="{self.colour}" stroke="{self.colour}" '
            f'stroke-width="{number(self.width)}" stroke-linejoin="round"/>'
        )


@dataclass(frozen=True)
class Line:
    """A line through `points`, dotted like the slides' joins unless told otherwise."""

    points: tuple
    colour: str = "black"
    width: float = 1.1
    dotted: bool = True

    @property
    def bounds(self):
        return Bounds.around(Bounds(x, y, x, y).grown(self.width / 2) for x, y in self.points)

    def svg(self, reference):
        dots = ' stroke-dasharray="1.5 2.5"' if self.dotted else ""
        d = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in self.points)
        return (
            f'<path d="{d}" fill="none" stroke="{self.colour}" stroke-width="{number(self.width)}" '
            f'stroke-linejoin="round"{dots}/>'
        )


@dataclass(frozen=True)
class Rectangle:
    """A filled rectangle."""

    bounds: Bounds
    fill: str

    def svg(self, reference):
        b = self.bounds
        return (
            f'<rect x="{number(b.left)}" y="{number(b.top)}" width="{number(b.width)}" '
            f'height="{number(b.height)}" fill="{self.fill}"/>'
        )


@dataclass(frozen=True)
class Label:
    """A formula or a line of text; its baseline begins at (x, y). Made by `formula` and `text`,
    then moved.

    says: the LaTeX of a formula, the letters of a text; the SVG carries it as `aria-label`.
    outline: None where our font lacks a letter: then the viewer's fonts draw it, in a width that is
        enough for any.
    """

    says: str
    outline: Outline
    size: float
    colour: str = "black"
    bold: bool = False
    halo: bool = False
    x: float = 0
    y: float = 0

    @property
    def bounds(self):
        em = self.size / EM
        ink = self.outline or Outline("", 0, -800, text_width(self.says), 220)
        edge = self.size / 50 if self.bold else 0
        return Bounds(
            self.x + ink.left * em,
            self.y + ink.top * em,
            self.x + ink.right * em,
            self.y + ink.bottom * em,
        ).grown(edge)

    def centred(self, x, y):
        """The same label with the middle of its ink at (x, y)."""
        b = self.bounds
        return replace(self, x=self.x + x - b.middle, y=self.y + y - (b.top + b.bottom) / 2)

    def on_baseline(self, x, y, side="middle"):
        """The same label with its baseline at y, and its ink's "left", "middle" or "right" at x."""
        b = self.bounds
        edge = {"left": b.left, "middle": b.middle, "right": b.right}[side]
        return replace(self, x=self.x + x - edge, y=y)

    def svg(self, reference):
        says, colour = escape(self.says), self.colour
        if self.outline is None:
            return (
                f'<text x="{number(self.x + self.bounds.width / 2)}" y="{number(self.y)}" '
                'text-anchor="middle" font-family="DejaVu Sans, sans-serif" '
                f'font-size="{number(self.size)}" fill="{colour}">{says}</text>'
            )
        use = (
            f'<use xlink:href="#{reference(self.outline)}" transform="translate({number(self.x)} '
            f"{number(self.y)})"
        )
        use += f' scale({number(self.size / EM, 5)})"'
        # Strokes are in the outline's units, thousandths of an em.
        edge = f' stroke="{colour}" stroke-width="45"' if self.bold else ""
        halo = (
            f'{use} fill="white" stroke="white" stroke-width="300" stroke-linejoin="round"/>'
            if self.halo
            else ""
        )
        return f'{halo}{use} fill="{colour}"{edge} aria-label="{says}"/>'


@dataclass(frozen=True)
class Box:
    """A filled box with rows of labels, each row centred, from its left and top corner."""

    rows: tuple
    left: float
    top: float
    fill: str = GREY
    padding: float = 9
    gap: float = 12

    @property
    def bounds(self):
        inner = [row.bounds for row in self.rows]
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
            height = row.bounds.height
            placed.append(row.centred(bounds.middle, top + height / 2))
            top += height + self.gap
        return placed

    def svg(self, reference):
        return Rectangle(self.bounds, self.fill).svg(reference) + "".join(
            row.svg(reference) for row in self.labels
        )


def formula(latex, size=20, colour="black", halo=False):
    """A label that draws LaTeX which our own code has built. Users' words go into `text`, never in
    here.
    """
    return Label(latex, formula_outline(latex), size, colour, halo=halo)


def text(words, size=16, colour="black", bold=False, most=40):
    """A label of one line of anybody's words, shortened after `most` letters."""
    words = shown(words, most)
    return Label(words, text_outline(words), size, colour, bold)


def number(value, digits=2):
    """A coordinate in as few letters as it needs."""
    short = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
