r"""Pictures as TikZ, for LaTeX, written without it. Formulas stay formulas, so they take the
document's own fonts; circles are nodes with the neurons' names, and arrows lead from node to node,
so that what is moved stays joined.
"""

import math
from dataclasses import dataclass, field
from functools import singledispatch

from viz.canvas import colours
from viz.canvas.latex import as_latex, formula_as_latex, has_cyrillic
from viz.canvas.outlines import shown
from viz.canvas.shapes import (
    DASHED,
    DOTTED,
    Arrow,
    Box,
    Circle,
    Formula,
    Group,
    Line,
    Polygon,
    Rectangle,
    Text,
    number,
)

FILE = r"""% {title}
%
% pdflatex and lualatex make a page of this file as it stands. A document of your own draws it as
% wide as its text, on a slide too, by
%     \resizebox{{\textwidth}}{{!}}{{\input{{this file}}}}
% where its preamble has
{needs}
\documentclass[border=12bp]{{standalone}}
{preamble}
\begin{{document}}
{picture}\end{{document}}
"""
PACKAGES, LIBRARIES = r"\usepackage{amsmath, tikz}", ("arrows.meta", "babel")
LATIN = r"\iftutex\else \usepackage[T1]{fontenc}\usepackage{lmodern}\fi"
CYRILLIC = r"""\iftutex
  \usepackage{fontspec}
  \IfFontExistsTF{CMU Serif}
    {\setmainfont{CMU Serif}\setsansfont{CMU Sans Serif}}
    {\setmainfont{DejaVu Serif}\setsansfont{DejaVu Sans}}
\else
  \usepackage[T1, T2A]{fontenc}
\fi"""
PICTURE = r"""\begin{{tikzpicture}}[
  x=1bp, y=-1bp,
  every node/.style={{inner sep=0, outer sep=0, font=\fontsize{{10}}{{12}}\selectfont}},
{styles}]
{colours}{body}\end{{tikzpicture}}
"""
STYLES = r"""  neuron/.style={circle},
  box/.style={align=center},
  line/.style={line width=1.1bp, line join=round},
  dots/.style={dash pattern=on 1.5bp off 2.5bp},
  dashes/.style={dash pattern=on 7bp off 4bp},
  arrow/.style={line, -{Triangle[length=8bp 2.5, width=4bp 3.6, round]}},
"""
# What is written at the 10 points of every node's font is scaled: sizes that a font lacks would be
# rounded.
POINTS = 10

# By what they say, or for lines, which say several things, by how they look.
NAMES = {
    **dict(zip(colours.FILLS.values(), ("feature", "hidden", "output", "loss"), strict=True)),
    **{colours.OFF_FILL: "off", colours.OFF_INK: "offink", colours.GREY: "paper"},
    **{colours.PINK: "rose", colours.GRADIENT: "crimson", colours.ACTIVATION: "cobalt"},
    **{"#A0148C": "plum", "#00588A": "petrol", "#B05A00": "ochre", "#1E7D46": "fir"},
    **{"#7A4FBF": "amethyst", "#8A6D00": "moss", "#C2185B": "raspberry", "#00838F": "lagoon"},
    **{"#0000C8": "navy", colours.AXIS: "axis", colours.GRID: "grid"},
    **{colours.PARAMETER: "parameter", colours.INPUT: "input", colours.OPERATION: "operation"},
    **{colours.OUTPUT: "result", colours.ARROW: "link", colours.NOT_YET: "notyet"},
}
ANCHORS = {"left": "anchor=base west", "middle": "anchor=base", "right": "anchor=base east"}


def write(picture):
    """The text of the file. Raises ValueError, which names it, for a character that LaTeX's common
    fonts lack.
    """
    return document(picture.title, drawing(picture))


def drawing(picture):
    """The tikzpicture of a picture, for a document of which it is a part."""
    scene = Scene()
    # Nodes first: arrows go by their names.
    shapes = sorted(picture.shapes, key=lambda shape: _neuron(shape) is None)
    return tikzpicture(STYLES, scene, "".join(element(shape, scene) for shape in shapes))


def tikzpicture(styles, scene, body):
    """The environment, with the styles and the colours that its body uses."""
    return PICTURE.format(styles=styles.rstrip("\n"), colours=scene.definitions(), body=body)


def document(title, picture, libraries=()):
    """The file around a tikzpicture, which needs these libraries of TikZ beside those of all."""
    needs = needed(libraries)
    cyrillic = has_cyrillic(picture)
    fonts = r"\usepackage[T1, T2A]{fontenc}" if cyrillic else r"\usepackage[T1]{fontenc}"
    instead = r"a \setmainfont with Cyrillic letters" if cyrillic else "no line"
    own = r"\usepackage{standalone}", *needs, f"{fonts}  (in lualatex {instead})"
    return FILE.format(
        title=shown(title, 200),
        needs="\n".join(f"%     {line}" for line in own),
        preamble=preamble(picture, libraries),
        picture=picture,
    )


def needed(libraries=()):
    """The lines that every document with a tikzpicture has."""
    return PACKAGES, rf"\usetikzlibrary{{{', '.join((*LIBRARIES, *libraries))}}}"


def preamble(latex, libraries=()):
    """The lines before \begin{document}, for what stands after it."""
    fonts = CYRILLIC if has_cyrillic(latex) else LATIN
    return "\n".join((*needed(libraries), r"\usepackage{iftex}", fonts))


@dataclass
class Scene:
    """What the file has so far: colours by their names, and circles that are nodes."""

    colours: dict = field(default_factory=dict)
    nodes: dict = field(default_factory=dict)

    def colour(self, colour):
        """Its name in the file."""
        if not colour.startswith("#"):
            return colour
        return self.colours.setdefault(colour, NAMES.get(colour, f"c{colour[1:]}"))

    def definitions(self):
        """The lines that define the colours."""
        return "".join(
            f"  \\definecolor{{{name}}}{{HTML}}{{{colour[1:]}}}\n"
            for colour, name in self.colours.items()
        )

    def end(self, x, y, other):
        """Where an arrow ends: at a node, if it ends at its rim and points to its middle."""
        for circle, name in self.nodes.items():
            far = math.hypot(circle.x - other[0], circle.y - other[1])
            if (
                abs(math.hypot(x - circle.x, y - circle.y) - circle.r) < 1e-6
                and abs(math.hypot(x - other[0], y - other[1]) + circle.r - far) < 1e-6
            ):
                return f"({name})"
        return at(x, y)


@singledispatch
def element(shape, scene):
    """A shape as a line or more of TikZ; one for which it has no word is drawn as its parts."""
    return "".join(element(part, scene) for part in shape.parts)


@element.register
def _(circle: Circle, scene):
    rim = f", draw={scene.colour(circle.rim)}, line width=2.5bp" if circle.rim else ""
    place = at(circle.x, circle.y)
    fill = scene.colour(circle.fill)
    return rf"  \path[fill={fill}{rim}] {place} circle[radius={number(circle.r)}bp];" + "\n"


@element.register
def _(rectangle: Rectangle, scene):
    b = rectangle.bounds
    if rectangle.fill == "transparent":
        return ""
    corners = f"{at(b.left, b.top)} rectangle {at(b.right, b.bottom)}"
    return rf"  \fill[{scene.colour(rectangle.fill)}] {corners};" + "\n"


@element.register
def _(line: Line, scene):
    if line.colour == "transparent":
        return ""
    return rf"  \draw[line{_stroke(line, scene)}{_dashes(line)}] {way(line.points)};" + "\n"


@element.register
def _(polygon: Polygon, scene):
    stroke = _stroke(polygon, scene)
    return rf"  \filldraw[line{stroke}] {way(polygon.points)} -- cycle;" + "\n"


@element.register
def _(arrow: Arrow, scene):
    start, tip = (arrow.x1, arrow.y1), (arrow.x2, arrow.y2)
    ends = f"{scene.end(*start, tip)} -- {scene.end(*tip, start)}"
    return rf"  \draw[arrow{_stroke(arrow, scene)}{_dashes(arrow)}] {ends};" + "\n"


@element.register
def _(formula: Formula, scene):
    return _label(formula, scene, ["fill=white", "inner sep=1bp"] if formula.halo else [])


@element.register
def _(text: Text, scene):
    return _label(text, scene, [])


@element.register
def _(box: Box, scene):
    """A node, which grows with the letters of the document's fonts."""
    b, gap = box.bounds, f"\\\\[{number(box.gap)}bp]\n    "
    options = (
        f"box, fill={scene.colour(box.fill)}, inner sep={number(box.padding)}bp, "
        f"minimum width={number(b.width)}bp, minimum height={number(b.height)}bp, anchor=north"
    )
    rows = gap.join(coloured(row, scene) for row in box.rows)
    top = at(b.middle, b.top)
    return f"  \\node[{options}] at {top} {{\n    {rows}}};\n"


@element.register
def _(group: Group, scene):
    neuron = _neuron(group)
    if neuron is None:
        return "".join(element(shape, scene) for shape in group.shapes)
    circle, symbol, *others = neuron
    scene.nodes[circle] = group.name
    rim = f", draw={scene.colour(circle.rim)}, line width=2.5bp" if circle.rim else ""
    size = f"minimum size={number(2 * circle.r)}bp"
    options = f"neuron, fill={scene.colour(circle.fill)}{rim}, {size}"
    name, place = f"({group.name})", at(circle.x, circle.y)
    node = f"  \\node[{options}] {name} at {place} {{{coloured(symbol, scene)}}};\n"
    return node + "".join(element(shape, scene) for shape in others)


def _neuron(shape):
    """The shapes of a Group that is a node: a circle, the symbol in its middle, and others."""
    if not isinstance(shape, Group) or len(shape.shapes) < 2:
        return None
    circle, symbol, *_ = shape.shapes
    inside = (
        isinstance(circle, Circle)
        and isinstance(symbol, Formula)
        and symbol.anchor == "centre"
        and (symbol.x, symbol.y) == (circle.x, circle.y)
    )
    return shape.shapes if inside else None


def coloured(label, scene):
    """What a label says, in its colour and size."""
    says = letters(label)
    if label.colour == "black":
        return says
    return rf"\textcolor{{{scene.colour(label.colour)}}}{{{says}}}"


def letters(label):
    """What a label says, in its size."""
    if isinstance(label, Formula):
        says = formula_as_latex(label.says)
    else:
        says = as_latex(label.says)
        says = rf"\textbf{{{says}}}" if label.bold else says
    return rf"\scalebox{{{number(label.size / POINTS, 3)}}}{{{says}}}"


def _label(label, scene, options):
    if label.colour != "black":
        options = [*options, f"text={scene.colour(label.colour)}"]
    if label.anchor != "centre":
        options = [*options, ANCHORS[label.anchor]]
    written = f"[{', '.join(options)}]" if options else ""
    return f"  \\node{written} at {at(label.x, label.y)} {{{letters(label)}}};\n"


def _stroke(shape, scene):
    """Colour and width, where they are not those of the style."""
    colour = "" if shape.colour == "black" else f", {scene.colour(shape.colour)}"
    return colour + ("" if shape.width == 1.1 else f", line width={number(shape.width)}bp")


def _dashes(shape):
    if shape.dash in (DOTTED, DASHED):
        return ", dots" if shape.dash == DOTTED else ", dashes"
    pattern = "".join(
        f" {word} {number(length)}bp"
        for word, length in zip(("on", "off") * len(shape.dash), shape.dash, strict=False)
    )
    return f", dash pattern={pattern.strip()}" if pattern else ""


def way(points):
    """A line through the points, some on each line of the file."""
    places = [at(x, y) for x, y in points]
    rows = [" -- ".join(places[i : i + 6]) for i in range(0, len(places), 6)]
    return " --\n    ".join(rows)


def at(x, y):
    """A place: (x, y)."""
    return f"({number(x)}, {number(y)})"
