"""What a stepper tells, as plain data: the steps, the numbers that come and go in the picture, and
what is said of each part.

Parts of the picture (neurons, arrows, nodes of a graph) are known by identifiers of our own, never
by users' names.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from viz.language.plain import plain


@dataclass(frozen=True)
class Telling:
    """Something to say, with the parts of the picture that it is about.

    lines: each a tuple of LaTeX formulas, which may be broken between any two, or a str of words
        (anybody's).
    lit: the identifiers of the parts that light up.
    """

    title: str
    lines: tuple
    lit: tuple = ()
    phase: str = ""

    @property
    def spoken(self):
        """All of it as text."""
        words = [
            line if isinstance(line, str) else " ".join(map(plain, line)) for line in self.lines
        ]
        return ". ".join([self.title, *words])


@dataclass(frozen=True)
class Mark:
    """A number in the picture: at the place (part, what), from step `first` on, and until step
    `until` if that is a number.

    what: "value", "gradient" or "local". so_far: whether it is a sum to which something is still
        added.
    """

    part: str
    what: str
    number: object
    first: int
    so_far: bool = False
    until: int = None


@dataclass
class Trace:
    """The steps of a forward pass, a backward pass and an update, and the marks they leave; `about`
    says more of a part.
    """

    steps: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    about: dict = field(default_factory=dict)

    def step(self, phase, title, lines=(), lit=()):
        """Go on to the next step."""
        self.steps.append(Telling(title, tuple(lines), tuple(lit), phase))

    def write(self, part, what, number, so_far=False):
        """Let a number stand in the picture from this step on, in place of what stood there."""
        self.erase(part, what)
        self.marks.append(Mark(part, what, number, len(self.steps) - 1, so_far))

    def erase(self, part, what):
        """End what stands at a place with the step before this one."""
        now = len(self.steps) - 1
        self.marks = [
            replace(mark, until=now)
            if (mark.part, mark.what, mark.until) == (part, what, None)
            else mark
            for mark in self.marks
        ]

    def at(self, part, what):
        """The marks of one place, in the order of the steps; of one step only the last."""
        return [
            mark
            for mark in self.marks
            if (mark.part, mark.what) == (part, what) and mark.first != mark.until
        ]

    def as_data(self):
        """All of it as dictionaries and lists that JSON can hold."""
        tell = lambda telling: {
            "title": telling.title,
            "spoken": telling.spoken,
            "lit": list(telling.lit),
        }
        marks = [mark for mark in self.marks if mark.first != mark.until]
        return {
            "steps": [{**tell(step), "phase": step.phase} for step in self.steps],
            "about": {part: tell(telling) for part, telling in self.about.items()},
            "marks": [
                [mark.part, mark.what, _json(mark.number), mark.first, mark.until, mark.so_far]
                for mark in marks
            ],
        }


def _json(number):
    """JSON knows no infinity, no NaN and no complex number: those are written as words."""
    if np.ndim(number):
        return [_json(n) for n in number]
    if np.iscomplexobj(number):
        return str(complex(number))
    number = float(number)
    return number if math.isfinite(number) else str(number)
