r"""What a Flow is on pages of ours, as a LaTeX article: LaTeX breaks its lines and pages, and sets
the formulas in its own fonts. It is written without LaTeX.
"""

from viz.canvas.latex import as_latex, formula_as_latex
from viz.canvas.writers import tikz
from viz.lesson.sheets.flow import WORD

FILE = r"""% {title}
%
% pdflatex and lualatex set this file as it stands.
\documentclass[a4paper, 11pt]{{article}}
\usepackage[margin=20mm]{{geometry}}
\usepackage{{graphicx}}
{preamble}
\setlength{{\parindent}}{{0pt}}
\setlength{{\parskip}}{{3pt}}
% A line of formulas, which may be broken between any two; a heading; and a blank to write in.
{formulas}
\newcommand{{\heading}}[1]{{\pagebreak[1]\vspace{{2ex}}\textbf{{#1}}\nopagebreak\par}}
\newcommand{{\blank}}[2]{{\hbox to #1{{\strut#2 \hrulefill\hspace*{{1.5em}}}}}}
\begin{{document}}
{body}\end{{document}}
"""
FORMULAS = r"\newcommand{\formulas}[1]{{\raggedright\hangindent=2em\hangafter=1 #1\par}}"
POINTS_PER_PIXEL = 0.75
WIDEST = 620  # pixels: a picture
COLUMNS = 4  # of blanks
KEPT = 6  # lines below a heading that stay on its page


class Article:
    """A LaTeX file that grows.

    title: its title. filling: what goes into the templates. note: a text at its end.
    """

    def __init__(self, title, filling, note=""):
        self.title, self.filling, self.note, self.body = title, filling, note, []

    def done(self):
        """The text of the file."""
        if self.note:
            self._add(rf"\vfill\hfill{{\scriptsize {as_latex(self.note)}}}")
        body = "".join(self.body)
        preamble = tikz.preamble(body + self.title)
        return FILE.format(title=self.title, preamble=preamble, formulas=FORMULAS, body=body)

    def title_line(self, text):
        self._add(rf"{{\large\bfseries {as_latex(text)}\par}}")

    def name(self, says):
        self._add(rf"\medskip\noindent\blank{{\textwidth}}{{{as_latex(says)}}}")

    def words(self, text):
        parts = enumerate(text.split("$"))
        said = [formula_as_latex(part) if k % 2 else as_latex(part) for k, part in parts]
        self._add(rf"{{\raggedright {''.join(said)}\par}}")

    def labelled(self, says, latex="", name=""):
        behind = formula_as_latex(latex) if latex else as_latex(name)
        self._add(rf"\formulas{{{as_latex(says)} {behind}}}")

    def heading(self, text, *below):
        self._add(rf"\heading{{{as_latex(text)}}}")
        for k, line in enumerate(below):
            if 0 < k < KEPT:
                self._add(r"\nopagebreak")
            self.line(line)

    def line(self, pieces):
        self._add(formulas(pieces, self.filling))

    def blanks(self, symbols):
        for first in range(0, len(symbols), COLUMNS):
            row = symbols[first : first + COLUMNS]
            blanks = [
                rf"\blank{{{1 / COLUMNS:g}\textwidth}}{{{formula_as_latex(f'{symbol} =')}}}"
                for symbol in row
            ]
            self._add("\\medskip\\hbox{%\n  " + "%\n  ".join(blanks) + "}")

    def picture(self, picture, most):
        """A picture in the middle, no higher than `most` pixels and no wider than the page."""
        b = picture.bounds
        scale = min(1, most / b.height, WIDEST / b.width) * POINTS_PER_PIXEL
        self._add(
            rf"\begin{{center}}\scalebox{{{scale:.3f}}}{{%"
            + f"\n{tikz.drawing(picture).rstrip()}}}"
            + r"\end{center}"
        )

    def skip(self, by):
        """LaTeX leaves room by itself."""

    def _add(self, line):
        self.body.append(line + "\n")


def formulas(pieces, filling):
    """Pieces of templates as a line of LaTeX, filled in."""
    parts = [part for piece in pieces for part in WORD.split(piece) if part.strip()]
    said = [
        as_latex(filling.text(part).strip())
        if WORD.fullmatch(part)
        else formula_as_latex(filling.latex(part))
        for part in parts
    ]
    return rf"\formulas{{{' '.join(said)}}}"
