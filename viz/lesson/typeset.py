"""Shapes for pages with hundreds of formulas: equal letters share one outline, and parts of a
picture can be found by name.
"""

from dataclasses import dataclass
from html import escape

from viz.canvas.outlines import EM, formula_glyphs, formula_outline
from viz.canvas.shapes import Bounds, Label, number
from viz.language.plain import plain


class SharedLabel(Label):
    """A label of a formula that is drawn letter by letter."""

    def svg(self, reference):
        place = f"translate({number(self.x)} {number(self.y)}) scale({number(self.size / EM, 5)})"
        return f'<g transform="{place}" fill="{self.colour}">{letters(self.says, reference)}</g>'


def shared(latex, size=20, colour="black"):
    """A SharedLabel of LaTeX that our own code has built."""
    return SharedLabel(latex, formula_outline(latex), size, colour)


@dataclass(frozen=True)
class Part:
    """Shapes drawn one over the other, as one element with `attributes`."""

    shapes: tuple
    attributes: tuple

    @property
    def bounds(self):
        return Bounds.around(shape.bounds for shape in self.shapes)

    def svg(self, reference):
        names = "".join(f' {name}="{escape(str(value))}"' for name, value in self.attributes)
        return f"<g{names}>{''.join(shape.svg(reference) for shape in self.shapes)}</g>"


def during(shapes, first, until):
    """The shapes from one step on, and until another if that is a number."""
    steps = [("data-first", first)] + ([] if until is None else [("data-until", until)])
    return Part(tuple(shapes), tuple(steps))


def pointed_at(shapes, identifier, says):
    """The shapes as a part of the picture that can be pointed at, by mouse and by keyboard."""
    attributes = (
        ("id", identifier),
        ("class", "part"),
        ("tabindex", 0),
        ("role", "button"),
        ("aria-label", says),
    )
    return Part(tuple(shapes), attributes)


def letters(latex, reference):
    """The letters of a formula, each a <use> of its outline, in thousandths of an em."""
    at = lambda axis, value: f' {axis}="{value}"' if value else ""
    return "".join(
        f'<use href="#{reference(outline)}"{at("x", x)}{at("y", y)}/>'
        for outline, x, y in formula_glyphs(latex)
    )


class Sheet:
    """Formulas in a line of a page, which share their letters with all others on the sheet."""

    def __init__(self):
        self._ids = {}

    def line(self, formulas):
        """The formulas side by side, each an <svg> as high as the highest: a line can be broken
        between any two.
        """
        outlines = [formula_outline(latex) for latex in formulas]
        top, bottom = min(o.top for o in outlines) - 60, max(o.bottom for o in outlines) + 60
        return "".join(
            self._one(latex, o, top, bottom) for latex, o in zip(formulas, outlines, strict=True)
        )

    def _one(self, latex, outline, top, bottom):
        left, width, height = outline.left - 20, outline.right - outline.left + 40, bottom - top
        return (
            f'<svg viewBox="{left} {top} {width} {height}" width="{number(width / EM, 3)}em" '
            f'height="{number(height / EM, 3)}em" role="img" '
            f'aria-label="{escape(plain(latex))}">{letters(latex, self._reference)}</svg>'
        )

    def defs(self):
        """The outlines, to stand once in the page."""
        paths = "".join(
            f'<path id="{name}" d="{outline.d}"/>' for outline, name in self._ids.items()
        )
        return f'<svg class="defs" aria-hidden="true"><defs>{paths}</defs></svg>'

    def _reference(self, outline):
        return self._ids.setdefault(outline, f"g{len(self._ids)}")
