"""Symbols and numbers as text in the page's own font, so that a script can change them: how wide
they are is known from the font's widths.
"""

import functools
import json
import re
from dataclasses import dataclass
from html import escape

from viz.canvas.outlines import Outline, text_width
from viz.canvas.pages import read
from viz.canvas.shapes import Label, number
from viz.canvas.writers import svg
from viz.language.words import WORDS

SYMBOL = re.compile(r"(\\tilde\{)?(\\?[A-Za-z])[a-z]*\}?(?:\^\{([^}]*)\})?(?:_\{([^}]*)\})?")
GREEK = {r"\o": "𝜔", r"\t": "𝜏", r"\a": "𝛼"}
SCRIPT = 0.68  # the size of an index, in sizes of its letter
WIDEST = "−0.0001234"  # of usual numbers; a rarer one reaches a little further


@dataclass(frozen=True)
class Symbol(Label):
    r"""A letter with its index and exponent: ω^{(1)}_{11}, h_{1}, \tilde{h}_{1}.

    kind: "loose" for one that is shown while its arrow is lit.
    """

    kind: str = ""

    @functools.cached_property
    def parts_of_it(self):
        """(text, where it begins, how far above the baseline, size), in sizes of the letter."""
        tilde, letter, above, below = SYMBOL.fullmatch(self.says).groups()
        letter = GREEK.get(letter) or italic(letter)
        after = width(letter)
        found = [(letter + ("\u0303" if tilde else ""), 0, 0, 1)]
        if above:
            found.append((above, after + 0.04, 0.36, SCRIPT))
        if below:
            found.append((below, after + 0.02, -0.22, SCRIPT))
        return found

    @property
    def outline(self):
        right = max(x + size * width(text) for text, x, _, size in self.parts_of_it)
        return Outline("", 0, -700, round(1000 * right), 250)


@dataclass(frozen=True)
class Place(Label):
    """A place for what stands at (part, what), as wide as a usual number. kind: as of a Symbol."""

    part: str = ""
    what: str = ""
    kind: str = ""

    @property
    def outline(self):
        return Outline("", 0, -700, round(1000 * width(WIDEST)), 50)


@dataclass(frozen=True)
class Caption(Label):
    """A word of the reader's language, with a number behind it or none; says: its key."""

    after: str = ""

    @property
    def outline(self):
        longest = max(text_width(words[self.says] + self.after) for words in WORDS.values())
        return Outline("", 0, -700, longest, 250)


def width(text):
    """In sizes of the font."""
    return sum(_widths().get(letter, 500) for letter in text) / 1000


@functools.cache
def _widths():
    return json.loads(read(__package__, "fonts/widths.json"))


def italic(letter):
    """The letter as mathematics writes it."""
    return "ℎ" if letter == "h" else chr(0x1D44E + ord(letter) - ord("a"))


@svg.element.register
def _(symbol: Symbol, shared):
    x, y = symbol.start
    spans = "".join(
        f'<tspan x="{number(x + at * symbol.size, 1)}" y="{number(y - up * symbol.size, 1)}" '
        f'font-size="{number(size * symbol.size, 1)}">{escape(text)}</tspan>'
        for text, at, up, size in symbol.parts_of_it
    )
    kind = f' class="{symbol.kind}"' if symbol.kind else ""
    return f'<text{kind} fill="{symbol.colour}">{spans}</text>'


@svg.element.register
def _(place: Place, shared):
    x = place.start[0] if place.anchor == "left" else place.x
    return (
        f'<text class="place {place.what} {place.anchor} {place.kind}" x="{number(x, 1)}" '
        f'y="{number(place.y, 1)}" font-size="{number(place.size)}" '
        f'data-part="{escape(place.part)}" data-what="{place.what}"></text>'
    )


@svg.element.register
def _(caption: Caption, shared):
    return (
        f'<text class="caption middle" x="{number(caption.x, 1)}" y="{number(caption.y, 1)}" '
        f'data-word="{escape(caption.says)}" data-after="{escape(caption.after)}"></text>'
    )
