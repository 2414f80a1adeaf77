"""Text, formulas, blanks and pictures one below the other, on as many pages as they need."""

import re
from dataclasses import replace

from viz.canvas.bounds import Bounds
from viz.canvas.moving import moved
from viz.canvas.paper import A4, Page, Pages
from viz.canvas.shapes import SOLID, Formula, Line, Text

MARGIN = 60
GAP = 7  # between the pieces of a line
LEADING = 9  # between lines
INDENT = 24
KEPT = 0.4  # of a page, at most, is kept together
REST = 0.4  # of a page: a last one with no more than this on it
SIZE, SMALL = 16, 14  # of formulas, and of words
SPACE = 4  # between words
WORD = re.compile(r"(\\w\{[^}]*\})")


class Flow:
    """Pages that are filled from the top.

    title: of each page. filling: what goes into the templates. airy: how much of the room there is
        between lines is left.
    """

    def __init__(self, title, filling, size=A4, airy=1):
        self.title, self.filling, self.size, self.airy = title, filling, size, airy
        self.left, self.right, self.bottom = MARGIN, size[0] - MARGIN, size[1] - MARGIN
        self.pages = []
        self.turn()

    def turn(self):
        """Go on to the next page."""
        self.pages.append(Page(self.title, self.size))
        self.y = MARGIN

    def skip(self, by):
        """Leave a little room."""
        self.y += by * self.airy

    @property
    def has_rest(self):
        """Whether so little stands on the last page that it had better stand on those before."""
        return len(self.pages) > 1 and self.y < REST * self.size[1]

    def place(self, shapes):
        """Put shapes, wherever their top is, below what is there; those of a call stay together."""
        if not shapes:
            return
        around = Bounds.around(shape.bounds for shape in shapes)
        if self.y + around.height > self.bottom:
            self.turn()
        self.pages[-1].add(*(moved(shape, 0, self.y - around.top) for shape in shapes))
        self.y += around.height + LEADING * self.airy

    def words(self, text, size=SMALL, bold=False):
        """Anybody's words, broken into lines; of our own, a formula stands between dollars."""
        if "$" in text:
            self.place(stacked(self._with_formulas(text)))
        else:
            self.place(stacked(self._wrapped(text, size, bold)))

    def heading(self, text, *below):
        """A heading, and lines below it, which stay on its page unless they are many."""
        title = [Text(text, self.left, 0, "left", SIZE, bold=True, most=200)]
        kept = [title, *(stacked(self.rows(line), 4) for line in below)]
        while len(kept) > 2 and _height(stacked(kept)) > KEPT * self.size[1]:
            kept.pop()
        self.skip(6)
        self.place(stacked(kept, LEADING * self.airy))
        for line in below[len(kept) - 1 :]:
            self.line(line)

    def line(self, pieces):
        """Pieces of templates side by side; between any two the line may be broken."""
        self.place(stacked(self.rows(pieces), 4))

    def rows(self, pieces):
        """The shapes of each row of a line."""
        rows, x = [[]], self.left
        for piece in pieces:
            shapes = self._shapes(piece)
            width = sum(shape.ink.width for shape in shapes) + GAP * (len(shapes) - 1)
            if rows[-1] and x + width > self.right:
                rows.append([])
                x = self.left + INDENT
            for shape in shapes:
                rows[-1].append(replace(shape, x=x))
                x += shape.ink.width + GAP
        return rows

    def blanks(self, symbols, columns=4):
        """A blank to write in for each symbol, side by side."""
        width = (self.right - self.left) / columns
        for first in range(0, len(symbols), columns):
            shapes = []
            for column, symbol in enumerate(symbols[first : first + columns]):
                left = self.left + column * width
                label = Formula(f"{symbol} =", left, 0, "left", SIZE)
                rule = (label.bounds.right + GAP, 4), (left + width - 18, 4)
                shapes += [label, Line(rule, width=0.8, dash=SOLID)]
            self.place(shapes)
            self.skip(8)

    def title_line(self, text):
        """The title, at the top."""
        self.words(text, 19, bold=True)

    def name(self, says):
        """A blank as wide as the page."""
        label = Text(says, self.left, 0, "left", SMALL)
        rule = (label.bounds.right + GAP, 4), (self.right, 4)
        self.skip(6)
        self.place([label, Line(rule, width=0.8, dash=SOLID)])

    def labelled(self, says, latex="", name=""):
        """Words, and behind them a formula or a name."""
        label = Text(says, self.left, 0, "left", SMALL)
        x = label.bounds.right + GAP
        behind = Formula(latex, x, 0, "left", SIZE) if latex else Text(name, x, 0, "left", SMALL)
        self.place([label, behind])

    def picture(self, picture, most):
        """A picture in the middle, no higher than `most` pixels and no wider than the page; lower
        where lines are close.
        """
        b = picture.bounds
        scale = float(min(1, most * self.airy / b.height, (self.right - self.left) / b.width))
        x = (self.left + self.right) / 2 - scale * b.middle
        self.place([moved(shape, x, -scale * b.top, scale) for shape in picture.shapes])

    def done(self, language, latex, number=""):
        """The Pages, with their numbers if `number` is a text with places for them. latex: what
        gives the same for LaTeX.
        """
        for k, page in enumerate(self.pages, start=1):
            says, y = number.format(k, len(self.pages)), self.size[1] - MARGIN / 2
            if says:
                page.add(Text(says, self.size[0] / 2, y, size=11, colour="#555555"))
        return Pages(self.pages, self.title, language, latex)

    def _shapes(self, piece):
        """The words and formulas of a template."""
        shapes = []
        for part in WORD.split(piece):
            if WORD.fullmatch(part):
                says = self.filling.text(part).strip()
                shapes.append(Text(says, 0, 0, "left", SMALL))
            elif part.strip():
                shapes.append(Formula(self.filling.latex(part), 0, 0, "left", SIZE))
        return shapes

    def _with_formulas(self, text):
        rows, x = [[]], self.left
        for word in text.split():
            shapes = [
                Formula(part, 0, 0, "left", SIZE) if k % 2 else Text(part, 0, 0, "left", SMALL)
                for k, part in enumerate(word.split("$"))
                if part
            ]
            if rows[-1] and x + sum(shape.ink.width for shape in shapes) > self.right:
                rows.append([])
                x = self.left
            for shape in shapes:
                rows[-1].append(replace(shape, x=x))
                x += shape.ink.width + 1
            x += SPACE
        return rows

    def _wrapped(self, text, size, bold):
        rows = []
        for word in text.split():
            longer = f"{rows[-1]} {word}" if rows else word
            line = Text(longer, self.left, 0, "left", size, bold=bold, most=1000)
            if rows and line.bounds.right <= self.right:
                rows[-1] = longer
            else:
                rows.append(word)
        return [[Text(row, self.left, 0, "left", size, bold=bold, most=1000)] for row in rows]


def _height(shapes):
    return Bounds.around(shape.bounds for shape in shapes).height


def stacked(rows, gap=5):
    """The rows of shapes one below the other, from the first row's baseline."""
    shapes, y = [], None
    for row in filter(None, rows):
        around = Bounds.around(shape.bounds for shape in row)
        down = 0 if y is None else y - around.top
        shapes += [moved(shape, 0, down) for shape in row]
        y = around.bottom + down + gap
    return shapes
