"""A lesson: backpropagation told step by step, without a single number.

What is told are templates with places for numbers; what stands in the picture are templates too,
each from one step on and until another. The numbers come from a Program, at whatever is given, so
one lesson serves every observation, every edit, and every step of training.

Parts of the picture are known by identifiers of our own, never by users' names.
"""

import math
from dataclasses import dataclass, field, replace

from viz.language.templates import names_in, renamed


@dataclass(frozen=True)
class Title:
    """A title: the word `key` of the lesson's words, with `arguments` put in for {0}, {1}, ….

    compare: names of two numbers; whether the second is less, the same, more or no number is added
        to the key.
    paths: how many paths, as the factors of a product: each a number, or for each neuron that may
        be on the names of its masks; it is put in for {paths}, with the word in its right form.
    masks: the names of a neuron's masks; where one is 0, the title says that it is switched off.
    """

    key: str
    arguments: tuple = ()
    compare: tuple = ()
    paths: tuple = ()
    masks: tuple = ()

    def text(self, numbers, words):
        """The title in the language of `words`, with these numbers."""
        key = self.key
        if self.compare:
            before, after = (numbers[name] for name in self.compare)
            key += " " + compared(before, after)
        said = words[key]
        for place, argument in enumerate(self.arguments):
            said = said.replace(f"{{{place}}}", argument)
        if "{paths}" in said:
            on = lambda masks: all(numbers[name] != 0 for name in masks)
            count = math.prod(f if isinstance(f, int) else sum(map(on, f)) for f in self.paths)
            said = said.replace("{paths}", words[f"paths {form(count)}"].replace("{n}", str(count)))
        off = any(numbers[name] == 0 for name in self.masks)
        return said + words["switched off"] if off else said

    def as_data(self, places):
        """The title for the page, the names of numbers replaced by their places."""
        of = lambda names: [places[name] for name in names]
        data = {
            "key": self.key,
            "arguments": list(self.arguments),
            "compare": of(self.compare),
            "paths": [f if isinstance(f, int) else list(map(of, f)) for f in self.paths],
            "masks": of(self.masks),
        }
        return {name: value for name, value in data.items() if value}


def compared(before, after):
    """Whether a number has become less, more, the same, or no number."""
    if math.isnan(before) or math.isnan(after):
        return "nan"
    return "less" if after < before else "more" if after > before else "same"


def form(count):
    """Which form of a noun goes with a number: Russian has three, and English two of them."""
    if count == 0:
        return "none"
    if count == 1:
        return "one"
    if count % 100 not in range(11, 15) and count % 10 in range(1, 5):
        return "one more" if count % 10 == 1 else "few"
    return "many"


@dataclass(frozen=True)
class Telling:
    """Something to say, with the parts of the picture that it is about.

    lines: each a tuple of templates, between any two of which it may be broken.
    lit: the identifiers of the parts that light up. of: the name of the number that all of it is
        about, if there is one: what its derivative is can be tried.
    """

    title: Title
    lines: tuple
    lit: tuple = ()
    phase: str = ""
    of: str = ""

    def spoken(self, filling):
        """All of it as text."""
        lines = [" ".join(map(filling.text, line)) for line in self.lines]
        return ". ".join([self.title.text(filling.numbers, filling.words), *lines])


@dataclass(frozen=True)
class Mark:
    """What stands at the place (part, what) of the picture, from step `first` on, and until step
    `until` if that is a number.

    what: "value", "gradient" or "local". template: a number's place, perhaps with words.
    """

    part: str
    what: str
    template: str
    first: int
    until: int = None


@dataclass(frozen=True)
class Row:
    """A number that is given, in the table of all: what it is called (a template), its name, the
    part of the picture that the row points at; and the names of its gradient, if it has one, and of
    its new value after the update, if it is trained.
    """

    label: str
    name: str
    part: str = ""
    gradient: str = ""
    new: str = ""


@dataclass
class Lesson:
    """The steps of a forward pass, a backward pass and an update, and the marks they leave; `about`
    says more of a part.

    texts: what users have called things. rows: what is given.
    masks: {part: the names of its masks}. slopes: {part: the derivative of its activation}.
    choice: the names of numbers of which one is 1 and the others are 0. loss: the loss's name.
    of_batch: the Lesson whose update is by the mean gradient of a batch of observations, or None;
        up to its update it is the same.
    """

    steps: list = field(default_factory=list)
    about: dict = field(default_factory=dict)
    marks: list = field(default_factory=list)
    texts: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    masks: dict = field(default_factory=dict)
    slopes: dict = field(default_factory=dict)
    choice: list = field(default_factory=list)
    loss: str = "loss"
    of_batch: "Lesson" = None

    def copy(self):
        """One that can go on in another way."""
        return replace(self, steps=[*self.steps], marks=[*self.marks])

    def step(self, phase, title, lines=(), lit=()):
        """Go on to the next step."""
        self.steps.append(Telling(title, tuple(map(tuple, lines)), tuple(lit), phase))

    def write(self, part, what, template):
        """Let something stand in the picture from this step on, in place of what stood there."""
        self.erase(part, what)
        self.marks.append(Mark(part, what, template, len(self.steps) - 1))

    def erase(self, part, what):
        """End what stands at a place with the step before this one."""
        now = len(self.steps) - 1
        here = (part, what, None)
        ended = [
            replace(mark, until=now) if (mark.part, mark.what, mark.until) == here else mark
            for mark in self.marks
        ]
        self.marks = [mark for mark in ended if mark.first != mark.until]

    def at(self, part, what):
        """The marks of one place, in the order of the steps."""
        return [mark for mark in self.marks if (mark.part, mark.what) == (part, what)]

    @property
    def templates(self):
        """All templates."""
        tellings = [*self.steps, *self.about.values()]
        pieces = [piece for telling in tellings for line in telling.lines for piece in line]
        pieces += [mark.template for mark in self.marks] + [row.label for row in self.rows]
        return pieces + (self.of_batch.templates if self.of_batch else [])

    @property
    def names(self):
        """The names of all numbers that some template has a place for."""
        return {name for template in self.templates for name in names_in(template)}

    def as_data(self, places):
        """All of it as dictionaries and lists that JSON can hold. places: {name: the place of its
        number in the page's program}.
        """
        # (One letter for a macro that stands a thousand times in it: a fifteenth of the file.)
        written = lambda piece: renamed(piece, places).replace("\\partial ", "∂")
        tell = lambda telling: {
            "phase": telling.phase,
            "title": telling.title.as_data(places),
            "lines": [list(map(written, line)) for line in telling.lines],
            "lit": list(telling.lit),
            "of": [places[telling.of]] if telling.of else [],
        }
        return {
            "steps": [tell(step) for step in self.steps],
            "about": {part: tell(telling) for part, telling in self.about.items()},
            "marks": self.marks_as_data(places),
            "texts": self.texts,
            "rows": [
                [
                    row.label,
                    places[row.name],
                    row.part,
                    places.get(row.gradient),
                    places.get(row.new),
                ]
                for row in self.rows
            ],
            "masks": {p: [places[name] for name in names] for p, names in self.masks.items()},
            "slopes": {part: places[name] for part, name in self.slopes.items()},
            "choice": [places[name] for name in self.choice],
            "loss": places[self.loss],
            "ofBatch": self.of_batch
            and {
                "updates": [tell(s) for s in self.of_batch.steps if s.phase == "update"],
                "marks": self.of_batch.marks_as_data(places),
            },
        }

    def marks_as_data(self, places):
        """The marks alone."""
        return [
            [mark.part, mark.what, renamed(mark.template, places), mark.first, mark.until]
            for mark in self.marks
        ]
