"""Formulas and words as outlines: they look the same on every machine, and their sizes are known
before they are drawn.

ziamath draws a formula at 1000 units to the em; what is kept is one path of whole numbers, which
serves every size.
"""

import functools
import re
import threading
import unicodedata
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

EM = 1000

# ziamath takes an unknown macro in silence, so every macro that our formulas use is listed here,
# and tested to draw.
MACROS = (
    *(r"\alpha", r"\omega", r"\tau", r"\partial", r"\Phi", r"\infty", r"\sum"),
    *(
        r"\frac",
        r"\tilde",
        r"\left",
        r"\right",
        r"\bigg",
        r"\begin",
        r"\end",
        r"\\",
        r"\text",
        r"\quad",
    ),
    *(
        r"\cdot",
        r"\cdots",
        r"\ldots",
        r"\vdots",
        r"\leq",
        r"\leftarrow",
        r"\ln",
        r"\max",
        r"\tanh",
        r"\approx",
    ),
    *(r"\sqrt", r"\mu", r"\sigma", r"\epsilon"),
)

# ziamath's settings are global; they are ours only while a formula is drawn.
_settings_lock = threading.Lock()


@dataclass(frozen=True)
class Outline:
    """A path `d` whose baseline begins at (0, 0), y downwards, with its ink's bounds; all in
    thousandths of an em.
    """

    d: str
    left: int
    top: int
    right: int
    bottom: int


@functools.lru_cache(maxsize=4096)
def formula_outline(latex):
    """The outline of a LaTeX formula that our own code has built.

    Raises ValueError for a macro that is not in MACROS: it would be drawn as nothing, or as its
    name.
    """
    return _one_path(_formula_paths(latex))


@functools.lru_cache(maxsize=4096)
def formula_glyphs(latex):
    """The same formula letter by letter: (Outline, x, y) of each letter and bar, so that equal
    letters can be shared.
    """
    return tuple(_at_origin(path) for path in _formula_paths(latex))


@functools.lru_cache(maxsize=4096)
def _formula_paths(latex):
    """The path of each letter and each bar of a formula, as ziamath draws it."""
    unknown = [macro for macro in re.findall(r"\\(?:[A-Za-z]+|\\)", latex) if macro not in MACROS]
    if unknown:
        raise ValueError(
            f"the formula {latex!r} uses {unknown[0]}, which is not known to draw: add it to "
            "viz.canvas.outlines.MACROS."
        )
    import ziamath  # late: the import takes as long as ten pictures

    with _settings_lock:
        svg2, ziamath.config.svg2 = ziamath.config.svg2, False
        try:
            drawing = ziamath.Math(_mathml(latex), size=EM).drawon(ElementTree.Element("svg"))
        finally:
            ziamath.config.svg2 = svg2
    return _paths(drawing)


@functools.lru_cache(maxsize=4096)
def text_outline(text):
    """The outline of one line of text, or None where our font lacks a letter of it (a picture then
    leaves it as text).
    """
    font = _text_font()
    if not text.strip() or not all(_plain(letter) and font.glyphindex(letter) for letter in text):
        return None
    import ziafont

    with _settings_lock:
        svg2, ziafont.config.svg2 = ziafont.config.svg2, False
        try:
            drawing = font.text(text, size=EM).drawon(ElementTree.Element("svg"))
        finally:
            ziafont.config.svg2 = svg2
    return _one_path(_paths(drawing))


def text_width(text):
    """A width, in thousandths of an em, that is enough for `text` in any common font."""
    wide = sum(
        unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF for letter in text
    )
    return 1400 * wide + 840 * (len(text) - wide)


def shown(text, most=40):
    """`text` on one line: spaces for line breaks, � for what XML cannot hold, and an ellipsis after
    `most` letters.
    """
    text = " ".join(str(text)[: 20 * most].split())
    text = "".join(
        letter if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Cn") else "�"
        for letter in text
    )
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(letter):
    # Latin, Greek, Cyrillic and signs: the letters that stand side by side, and need no shaping.
    return (ord(letter) < 0x0590 or 0x2010 <= ord(letter) < 0x2C00) and not unicodedata.combining(
        letter
    )


@functools.cache
def _text_font():
    import ziafont

    return ziafont.Font()  # DejaVu Sans, which comes with it


def _mathml(latex):
    """The formula as MathML without its outermost row: ziamath lays out every row twice, so rows in
    rows take long.
    """
    from ziamath.tex import tex2mml

    spaced = re.sub(r"\\ln (?=[0-9])", r"\\ln\\,", latex)  # as TeX has it: ln 2
    root = ElementTree.fromstring(tex2mml(spaced))
    while len(root) == 1 and root[0].tag.endswith("}mrow"):
        root[:] = root[0][:]
    return root


def _paths(drawing):
    """Every path and every bar (of a fraction, of a root) of `drawing`."""
    pieces = []
    for element in drawing.iter():
        if element.tag == "path":
            pieces.append(element.get("d"))
        elif element.tag == "rect":
            x, y, width, height = (
                float(element.get(side)) for side in ("x", "y", "width", "height")
            )
            pieces.append(
                f"M {x} {y} L {x + width} {y} L {x + width} {y + height} L {x} {y + height} Z"
            )
    return pieces


def _one_path(pieces, x=0.0, y=0.0):
    """The paths as one of whole numbers, seen from the point (x, y)."""
    words, across = [], True
    for word in " ".join(pieces).split():
        if word.isalpha():
            words.append(word)
        else:
            words.append(round(float(word) - (x if across else y)))
            across = not across
    numbers = [word for word in words if isinstance(word, int)]
    xs, ys = numbers[0::2] or [0], numbers[1::2] or [0]
    return Outline(_compact(words), min(xs), min(ys), max(xs), max(ys))


def _at_origin(path):
    """A path as seen from its own first point, and where that is."""
    x, y = map(float, path.split()[1:3])
    return _one_path([path], x, y), round(x), round(y)


def _compact(words):
    d = re.sub(r" ?([A-Z]) ?", r"\1", " ".join(map(str, words)))
    # Every contour goes twice to its first point.
    d = re.sub(r"M([-\d]+ [-\d]+)L\1(?=[LQ])", r"M\1", d)
    return d.replace(" -", "-")
