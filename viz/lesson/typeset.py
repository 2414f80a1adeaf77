"""Formulas in the lines of a page, and numbers in a picture that come and go."""

from dataclasses import dataclass, replace
from html import escape

from viz.canvas.bounds import Bounds
from viz.canvas.outlines import EM, formula_outline
from viz.canvas.shapes import Shape, number
from viz.canvas.writers import svg
from viz.language.plain import plain


@dataclass(frozen=True)
class During(Shape):
    """Shapes that are shown from the step `first` on, and until the step `until` if that is a
    number.
    """

    shapes: tuple
    first: int
    until: int = None

    @property
    def parts(self):
        return self.shapes

    @property
    def bounds(self):
        return Bounds.around(shape.bounds for shape in self.shapes)


@svg.element.register
def _(during: During, shared):
    # There are hundreds of such numbers: they share their letters.
    shared = replace(shared, letters=True)
    inside = "".join(svg.element(shape, shared) for shape in during.shapes)
    return f"<g {steps_of(during)}>{inside}</g>"


def steps_of(mark):
    """When something that has a step `first`, and `until` or None, is shown, as the page's script
    wants it.
    """
    until = "" if mark.until is None else f' data-until="{mark.until}"'
    return f'data-first="{mark.first}"{until}'


def line_of(formulas, shared):
    """The formulas side by side in a line of the page, each an <svg> as high as the highest: the
    line can be broken between any two.
    """
    outlines = [formula_outline(latex) for latex in formulas]
    top, bottom = min(o.top for o in outlines) - 60, max(o.bottom for o in outlines) + 60
    return "".join(
        _one(latex, outline, top, bottom, shared)
        for latex, outline in zip(formulas, outlines, strict=True)
    )


def _one(latex, outline, top, bottom, shared):
    left, width, height = outline.left - 20, outline.right - outline.left + 40, bottom - top
    return (
        f'<svg viewBox="{left} {top} {width} {height}" width="{number(width / EM, 3)}em" '
        f'height="{number(height / EM, 3)}em" role="img" '
        f'aria-label="{escape(plain(latex))}">{svg.letter_by_letter(latex, shared)}</svg>'
    )
