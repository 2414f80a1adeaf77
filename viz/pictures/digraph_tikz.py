"""A graph as TikZ: where Graphviz has laid out its nodes, arrows and words, drawn by LaTeX."""

import itertools

from viz.canvas.shapes import Text, number
from viz.canvas.writers.tikz import Scene, at, coloured, document, tikzpicture

TITLE = "The operations of a computation, as Graphviz lays them out"
STYLES = r"""  box/.style={align=center},
  oval/.style={box, ellipse},
  rounded/.style={box, rounded corners=6bp},
  arrow/.style={line width=1bp, -{Triangle[length=6bp, width=4.2bp]}},
"""
# What Graphviz draws around a node, and the style for it.
OUTLINES = {"P": "box", "E": "oval", "B": "rounded", "b": "rounded"}


def write(layout):
    """The text of the file, from the layout that Graphviz writes as JSON, a dict.

    Raises ValueError, which names it, for a character that LaTeX's common fonts lack.
    """
    scene = Scene()
    height = float(layout["bb"].split(",")[3])
    parts = [_node(node, height, scene) for node in layout.get("objects", ())]
    parts += [_arrow(edge, height, scene) for edge in layout.get("edges", ())]
    labels = [layout, *layout.get("edges", ())]
    parts += itertools.chain(*(_label(label, height, scene) for label in labels))
    picture = tikzpicture(STYLES, scene, "".join(parts))
    return document(TITLE, picture, libraries=("shapes.geometric",))


def _node(node, height, scene):
    """A node of its name, as large as Graphviz has made it, that grows with its letters."""
    pen, fill, style = None, None, "box"
    for drawn in node.get("_draw_", ()):
        if drawn["op"] == "c":
            pen = _colour(drawn, scene)
        elif drawn["op"] == "C":
            fill = _colour(drawn, scene)
        else:
            style = OUTLINES.get(drawn["op"], style)
    options = [style] + [f"fill={fill}"] * bool(fill)
    if pen:
        options += [f"draw={pen}", f"line width={node.get('penwidth', 1)}bp"]
    width, tall = (72 * float(node[key]) for key in ("width", "height"))
    options += [f"minimum width={number(width)}bp", f"minimum height={number(tall)}bp"]
    x, y = map(float, node["pos"].split(","))
    start = f"  \\node[{', '.join(options)}] ({node['name']}) at {at(x, height - y)}"
    rows = "\\\\\n    ".join(coloured(text, scene) for text in _texts(node, height))
    return f"{start} {{\n    {rows}}};\n"


def _arrow(edge, height, scene):
    """The curve of an edge, with an arrow's head at its tip."""
    pen = next(_colour(drawn, scene) for drawn in edge["_draw_"] if drawn["op"] == "c")
    points = next(drawn["points"] for drawn in edge["_draw_"] if drawn["op"] in "bB")
    start, *bends = [at(x, height - y) for x, y in points]
    curve = "".join(
        f" .. controls {first} and {second} .. {end}"
        for first, second, end in zip(bends[::3], bends[1::3], bends[2::3], strict=True)
    )
    # The curve ends at the base of the head.
    tip = next(part for part in edge["pos"].split() if part.startswith("e,"))
    x, y = map(float, tip[2:].split(","))
    return f"  \\draw[arrow, {pen}] {start}{curve} -- {at(x, height - y)};\n"


def _colour(drawn, scene):
    """The name of a colour of Graphviz's, or None for one that cannot be seen."""
    written = drawn["color"].upper()
    if len(written) == len("#RRGGBBAA") and written.endswith("00"):
        return None
    return "black" if written == "#000000" else scene.colour(written[: len("#RRGGBB")])


def _label(thing, height, scene):
    """The lines of what is written at an edge, or under the graph."""
    for text in _texts(thing, height):
        place = at(text.x, text.y)
        yield f"  \\node[anchor=base] at {place} {{{coloured(text, scene)}}};\n"


def _texts(thing, height):
    """What Graphviz writes in or at a thing: Texts, each with the middle of its baseline."""
    size, colour, bold = 10, "black", False
    for drawn in thing.get("_ldraw_", ()):
        if drawn["op"] == "F":
            size = drawn["size"]
        elif drawn["op"] == "c":
            colour = "black" if drawn["color"] == "#000000" else drawn["color"].upper()
        elif drawn["op"] == "t":
            bold = bool(drawn["fontchar"] & 1)
        elif drawn["op"] == "T" and drawn["text"].strip():
            (x, y), shift = drawn["pt"], {"l": 0.5, "c": 0, "r": -0.5}[drawn["align"]]
            middle = x + shift * drawn["width"]
            says = drawn["text"].replace("\\\\", "\\")  # as Graphviz does where it draws
            yield Text(says, middle, height - y, "middle", size, colour, bold, most=200)
