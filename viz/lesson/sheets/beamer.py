r"""The steps of a network's lesson as one Beamer frame: what comes and goes in the picture does so
on overlays, \only<3-5>{…}, and the lines of a step are below it while it lasts.
"""

import itertools

from viz.canvas.latex import as_latex
from viz.canvas.shapes import Circle, Group
from viz.canvas.writers import tikz
from viz.lesson.sheets.article import FORMULAS, formulas
from viz.lesson.sheets.stills import as_still, stills

FILE = r"""% {title}
%
% pdflatex and lualatex set this file as it stands. The frame can be copied into slides of your own
% whose preamble has
{needs}
\documentclass[aspectratio=169]{{beamer}}
\usepackage{{adjustbox}}
{preamble}
\setbeamertemplate{{navigation symbols}}{{}}
\setbeamersize{{text margin left=6mm, text margin right=6mm}}
% A line of formulas, which may be broken between any two; and all lines of a step.
{formulas}
\newcommand{{\steplines}}[1]{{%
  \noindent\adjustbox{{minipage=\linewidth, max totalheight=0.36\textheight}}{{#1}}}}
\begin{{document}}
\begin{{frame}}[t]
{titles}  \centering
  \scalebox{{{scale:.3f}}}{{%
{drawing}}}\par\medskip
{lines}\end{{frame}}
\end{{document}}
"""
ROOM = 420, 125  # points of a slide for the picture
OWN = r"\usepackage{adjustbox}", *tikz.needed(), r"\newcommand{\formulas}, \newcommand{\steplines}"


def beamer(lesson, filling, picture, title, captions):
    """The text of the file. picture: what `network_picture` draws."""
    scene, still = tikz.Scene(), stills(lesson, filling, captions)
    shapes = sorted(picture.shapes, key=lambda shape: not _is_neuron(shape))
    box = picture.bounds.grown(2)
    corners = f"{tikz.at(box.left, box.top)} rectangle {tikz.at(box.right, box.bottom)}"
    body = rf"  \useasboundingbox {corners};" + "\n"
    body += "".join(_overlaid(piece, still, scene) for shape in shapes for piece in _pieces(shape))
    titles = [step.title.text(filling.numbers, filling.words) for step in lesson.steps]
    titles = [rf"  \frametitle<{k}>{{{as_latex(says)}}}" for k, says in enumerate(titles, 1)]
    lines = [
        rf"  \only<{k}>{{\steplines{{{' '.join(formulas(line, filling) for line in step.lines)}}}}}"
        for k, step in enumerate(lesson.steps, start=1)
    ]
    drawing = tikz.tikzpicture(tikz.STYLES, scene, body)
    text = "\n".join([*titles, drawing, *lines])
    return FILE.format(
        title=title,
        needs="\n".join(f"%     {line}" for line in OWN),
        preamble=tikz.preamble(text),
        formulas=FORMULAS,
        titles="".join(f"{line}\n" for line in titles),
        scale=min(ROOM[0] / box.width, ROOM[1] / box.height),
        drawing=drawing.rstrip(),
        lines="".join(f"{line}\n" for line in lines),
    )


def _is_neuron(shape):
    return isinstance(shape, Group) and any(isinstance(part, Circle) for part in shape.shapes)


def _pieces(shape):
    """[(name of its group, shapes)]: what comes and goes as one; a circle and its symbol do."""
    if not isinstance(shape, Group):
        return [("", (shape,))]
    parts = list(shape.shapes)
    if not _is_neuron(shape):
        return [(shape.name, (part,)) for part in parts]
    at = next(k for k, part in enumerate(parts) if isinstance(part, Circle))
    whole = (shape.name, tuple(parts[at : at + 2]))
    return [whole, *((shape.name, (part,)) for part in parts[at + 2 :])]


def _overlaid(piece, still, scene):
    """The TikZ of a piece at all steps, each way it looks on the overlays where it does."""
    name, parts = piece
    looks = {}
    for k, now in enumerate(still, start=1):
        drawn = tuple(s for part in parts for s in as_still(part, now, name in now.lit))
        if drawn:
            looks.setdefault(tikz.element(Group(name, drawn), scene), []).append(k)
    if len(looks) == 1 and len(*looks.values()) == len(still):
        return next(iter(looks))
    return "".join(
        rf"  \only<{_ranges(steps)}>{{%" + f"\n{look.rstrip()}}}\n" for look, steps in looks.items()
    )


def _ranges(steps):
    """1-3,5 for 1, 2, 3, 5."""
    runs = itertools.groupby(enumerate(steps), key=lambda pair: pair[1] - pair[0])
    ends = [[step for _, step in run] for _, run in runs]
    return ",".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in ends)
