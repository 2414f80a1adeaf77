"""Formulas as outlines, set by ziamath when the site is built: no script and no font in the page,
and the letters of our pictures.
"""

import re
from html import escape

import ziamath
from docutils import nodes

SIGN = re.compile(
    r"(=|\\approx)\s*-"
)  # not the minus of a difference, which has space on both sides
EM = 16  # pixels of the page's text; sizes are written in em, so that formulas grow with it


def as_svg(latex, inline):
    """A formula as the text of an SVG that stands on the line of the text around it."""
    svg = ziamath.Latex(SIGN.sub(r"\1 {-}", latex), size=1.06 * EM, inline=inline).svg()
    _, top, width, height = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    below = top + height  # the line is at 0
    style = (
        f"width:{width / EM:.3f}em;height:{height / EM:.3f}em;vertical-align:{-below / EM:.3f}em"
    )
    named = f'<svg class="formula" role="img" aria-label="{escape(latex)}" style="{style}"'
    bare = re.sub(r'<svg([^>]*?) width="[^"]*" height="[^"]*"', r"<svg\1", svg, count=1)
    return bare.replace("<svg", named, 1)


def in_line(translator, node):
    translator.body.append(as_svg(node.astext(), inline=True))
    raise nodes.SkipNode


def displayed(translator, node):
    translator.body.append(f'<div class="formula">{as_svg(node.astext(), inline=False)}</div>')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("formulas", (in_line, None), (displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
