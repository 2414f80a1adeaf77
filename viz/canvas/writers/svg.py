"""Pictures as SVG. Letters are outlines, so that they look the same on every machine; each outline
stands in the file once.
"""

import hashlib
from dataclasses import dataclass, field
from functools import singledispatch
from html import escape

from viz.canvas.outlines import EM, formula_glyphs, shown
from viz.canvas.shapes import (
    Arrow,
    Circle,
    Formula,
    Group,
    Line,
    Polygon,
    Rectangle,
    Text,
    number,
)


def write(picture, live=False):
    """The picture as the text of an SVG file.

    live: for a page whose script works on it: its groups are elements, see `Shared`.
    """
    shared = Shared(live=live)
    draft = _body(picture, shared)
    # Ids are global in a page that shows several pictures, so they begin with a digest of the
    # content.
    digest = hashlib.sha256((shared.defs() + draft).encode()).hexdigest()[:10]
    shared = Shared(f"p{digest}-", live=live)
    shapes = _body(picture, shared)
    b = picture.extent
    left, top, width, height = map(number, (b.left, b.top, b.width, b.height))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="{left} {top} {width} {height}" '
        f'role="{"group" if live else "img"}" aria-label="{escape(shown(picture.title, 200))}">\n'
        f"<defs>\n{shared.defs()}</defs>\n"
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="white"/>\n'
        f"{shapes}</svg>\n"
    )


@dataclass(frozen=True)
class Shared:
    """What the elements of a file share: outlines, each known by an id of its own.

    prefix: what all ids begin with.
    letters: whether a formula is drawn letter by letter, so that equal letters share an outline.
    live: whether a Group is an element of the class "part", with its name as its id, that can be
        pointed at by mouse and by keyboard.
    """

    prefix: str = ""
    letters: bool = False
    live: bool = False
    ids: dict = field(default_factory=dict)

    def reference(self, outline):
        """The id of an outline."""
        return self.ids.setdefault(outline, f"{self.prefix}{len(self.ids)}")

    def defs(self, after="\n"):
        """The outlines that were referred to, with `after` behind each."""
        return "".join(
            f'<path id="{name}" d="{outline.d}"/>{after}' for outline, name in self.ids.items()
        )


def _body(picture, shared):
    """The elements of the picture's shapes, a line each."""
    return "".join(element(shape, shared) + "\n" for shape in picture.shapes)


@singledispatch
def element(shape, shared):
    """A shape as SVG; one for which SVG has no word is drawn as its parts."""
    return "".join(element(part, shared) for part in shape.parts)


@element.register
def _(circle: Circle, shared):
    rim = f' stroke="{circle.rim}" stroke-width="2.5"' if circle.rim else ""
    return (
        f'<circle cx="{number(circle.x)}" cy="{number(circle.y)}" r="{number(circle.r)}" '
        f'fill="{circle.fill}"{rim}/>'
    )


@element.register
def _(rectangle: Rectangle, shared):
    b = rectangle.bounds
    return (
        f'<rect x="{number(b.left)}" y="{number(b.top)}" width="{number(b.width)}" '
        f'height="{number(b.height)}" fill="{rectangle.fill}"/>'
    )


@element.register
def _(line: Line, shared):
    return _path(_way(line.points), line, fill="none", dash=line.dash)


@element.register
def _(polygon: Polygon, shared):
    return _path(_way(polygon.points) + "Z", polygon, fill=polygon.colour)


@element.register
def _(arrow: Arrow, shared):  # one path: a script lights it as one
    head = f"{_way(arrow.head)}Z"
    if arrow.dash:  # a head of its own, which has no gaps
        return _path(_way(arrow.shaft), arrow, fill="none", dash=arrow.dash) + _path(
            head, arrow, fill=arrow.colour
        )
    return _path(f"{_way(arrow.shaft)}{head}", arrow, fill=arrow.colour)


@element.register
def _(formula: Formula, shared):
    colour = formula.colour
    if shared.letters:
        letters = letter_by_letter(formula.says, shared)
        return f'<g transform="{_place(formula)}" fill="{colour}">{letters}</g>'
    use = _use(formula, shared)
    # Strokes are in the outline's units, thousandths of an em.
    stroke = 'stroke="white" stroke-width="300" stroke-linejoin="round"'
    halo = f'{use} fill="white" {stroke}/>' if formula.halo else ""
    return f'{halo}{use} fill="{colour}" aria-label="{escape(formula.says)}"/>'


@element.register
def _(text: Text, shared):
    colour, says = text.colour, escape(text.says)
    if text.outline is None:
        x, y = text.start
        return (
            f'<text x="{number(x + text.bounds.width / 2)}" y="{number(y)}" '
            'text-anchor="middle" font-family="DejaVu Sans, sans-serif" '
            f'font-size="{number(text.size)}" fill="{colour}">{says}</text>'
        )
    edge = f' stroke="{colour}" stroke-width="45"' if text.bold else ""
    return f'{_use(text, shared)} fill="{colour}"{edge} aria-label="{says}"/>'


@element.register
def _(group: Group, shared):
    if not shared.live:
        return "\n".join(element(shape, shared) for shape in group.shapes)
    inside = "".join(element(shape, shared) for shape in group.shapes)
    return (
        f'<g id="{escape(group.name)}" class="part" tabindex="0" role="button" '
        f'aria-label="{escape(group.says)}">{inside}</g>'
    )


def letter_by_letter(latex, shared):
    """The letters of a formula, each a <use> of its outline, in thousandths of an em."""
    at = lambda axis, value: f' {axis}="{value}"' if value else ""
    return "".join(
        f'<use href="#{shared.reference(outline)}"{at("x", x)}{at("y", y)}/>'
        for outline, x, y in formula_glyphs(latex)
    )


def _path(d, shape, fill, dash=()):
    dots = f' stroke-dasharray="{" ".join(map(number, dash))}"' if dash else ""
    return (
        f'<path d="{d}" fill="{fill}" stroke="{shape.colour}" '
        f'stroke-width="{number(shape.width)}" stroke-linejoin="round"{dots}/>'
    )


def _way(points):
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _use(label, shared):
    reference = shared.reference(label.outline)
    return f'<use xlink:href="#{reference}" transform="{_place(label)}"'


def _place(label):
    x, y = label.start
    return f"translate({number(x)} {number(y)}) scale({number(label.size / EM, 5)})"
