r"""Lines with places for numbers: small LaTeX with slots, filled alike here and in the live page.

`\n{NAME}` is the number of that name; `\f{NAME}` the same as a factor, in parentheses if it is
negative; `\e{NAME,NAME}` is = if the numbers of these names are written in full, else ≈; `\w{KEY}`
is a word of the reader's language, `\t{K}` the text number K, which may be anybody's.

    >>> from viz.language.templates import Filling, equals, factor, number
    >>> line = rf"s {equals('w', 'x')} {number('w')} \cdot {factor('x')}"
    >>> Filling({"w": 0.5, "x": -2.0}).latex(line)
    's = 0.5 \\cdot ({-}2)'
    >>> Filling({"w": 1 / 3, "x": 2.0}).text(line)
    's ≈ 0.3333 · 2'
"""

import re
from dataclasses import dataclass, field

from viz.language import numbers
from viz.language.plain import plain

SLOT = re.compile(r"\\([nfewt])\{([\w/,. -]*)\}")
FIRST = 0xE000  # of the letters, private to us, that stand for words and texts inside of LaTeX


def number(name):
    """A place for a number."""
    return rf"\n{{{name}}}"


def factor(name):
    """A place for a number within a product."""
    return rf"\f{{{name}}}"


def equals(*names):
    """A place for = or ≈."""
    return rf"\e{{{','.join(names)}}}"


def result(name, *others):
    """= or ≈, and a number."""
    return f"{equals(name, *others)} {number(name)}"


def word(key):
    """A place for a word of the reader's language."""
    return rf"\w{{{key}}}"


def text(place):
    """A place for a text; `place`: its number in the list of texts."""
    return rf"\t{{{place}}}"


def names_in(template):
    """The names of the numbers that a template has places for."""
    return [
        name for kind, names in SLOT.findall(template) if kind in "nfe" for name in names.split(",")
    ]


def as_factor(template):
    """The template as a factor, where it is a place for a number; others as they are."""
    names = names_in(template)
    return factor(*names) if names and template == number(names[0]) else template


def renamed(template, places):
    """The template with `places[name]` in the place of each name of a number."""

    def slot(found):
        kind, names = found.groups()
        if kind in "nfe":
            names = ",".join(str(places[name]) for name in names.split(","))
        return rf"\{kind}{{{names}}}"

    return SLOT.sub(slot, template)


@dataclass(frozen=True)
class Filling:
    """What goes into the slots: numbers and words by name, texts by their place."""

    numbers: dict
    words: dict = field(default_factory=dict)
    texts: tuple = ()

    def latex(self, template):
        """The template as LaTeX; words and texts as \\text."""
        return SLOT.sub(
            lambda slot: self._latex(*slot.groups(), lambda said: rf"\text{{{said}}}"), template
        )

    def text(self, template):
        """The template as a line of text."""
        said = []

        def aside(words):
            said.append(words)
            return chr(FIRST + len(said) - 1)

        latex = SLOT.sub(lambda slot: self._latex(*slot.groups(), aside), template)
        return "".join(
            said[ord(letter) - FIRST] if 0 <= ord(letter) - FIRST < len(said) else letter
            for letter in plain(latex)
        )

    def _latex(self, kind, names, aside):
        """What stands in a slot."""
        if kind == "w":
            return aside(self.words[names])
        if kind == "t":
            return aside(self.texts[int(names)])
        values = [self.numbers[name] for name in names.split(",")]
        if kind == "e":
            return numbers.equals(*values)
        return numbers.factor(*values) if kind == "f" else numbers.digits(*values)
