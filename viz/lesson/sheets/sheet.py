"""A task on A4: what is given, what is asked, and below, in the solution, how it is worked out."""

import copy
from collections import namedtuple
from dataclasses import dataclass

import nn
from viz.canvas.picture import Picture
from viz.language.formulas import LOSSES, SIDE_BY_SIDE
from viz.language.lesson_words import LESSON
from viz.language.numbers import digits
from viz.language.sheet_words import SHEET
from viz.language.templates import Filling, names_in, number
from viz.language.words import words_in
from viz.lesson.sheets.article import Article
from viz.lesson.sheets.flow import Flow
from viz.pictures.network import formulas_apart, network
from viz.reading.model import Network

HIGHEST = 300  # pixels: the network
AIRY = 1, 0.8, 0.6  # what is tried, one after the other, where a few lines are left over

Block = namedtuple("Block", "title lines numbers")


@dataclass(frozen=True, eq=False)
class Task:
    """What a sheet is made of.

    model, loss: what is drawn. kind: a word of SHEET, its heading. variant: its number, or None.
    rows: the Rows of what is given. asked: [Asked]. numbers: {name: number}.
    blocks: [Block] of the solution; its title is a Title of a lesson, or a tuple of a word of SHEET
        and what is put in. texts: those of a lesson. seed: what the numbers were made of, or None.
    """

    model: nn.Module
    loss: object
    kind: str
    variant: int | None
    rows: list
    asked: list
    numbers: dict
    blocks: list
    texts: tuple = ()
    seed: int | None = None


def to_fill_in(task, captions):
    """The Pages of a task with blanks."""
    words = _words(captions)

    def write(flow):
        flow.title_line(flow.title)
        flow.name(words["name"])
        _given(flow, task, captions)
        _ask(flow, task, words)

    return _pages(task, captions, _title(task, captions), write)


def worked_out(task, captions):
    """The Pages of a task with how it is worked out."""

    def write(flow):
        flow.title_line(flow.title)
        _given(flow, task, captions)
        _work_out(flow, task, captions)

    what = _title(task, captions).partition(": ")[2]
    title = f"{_words(captions)['solution']}. {what[0].upper()}{what[1:]}"
    return _pages(task, captions, title, write)


def given_alone(task, captions):
    """A Picture of what is given."""
    flow = Flow(_title(task, captions), _filling(task, captions))
    flow.title_line(flow.title)
    _given(flow, task, captions)
    picture = Picture(flow.title)
    picture.add(*flow.pages[0].shapes)
    return picture


def _pages(task, captions, title, write):
    """What `write` writes on a Flow, and for LaTeX."""
    words = _words(captions)
    seed = "" if task.seed is None else words["seed"].format(task.seed)
    for airy in AIRY:
        flow = Flow(title, _filling(task, captions), airy=airy)
        write(flow)
        if not flow.has_rest:
            break
    else:  # closer lines do not help
        flow = Flow(title, _filling(task, captions))
        write(flow)

    def latex():
        article = Article(title, _filling(task, captions), seed)
        write(article)
        return article.done()

    page = f"{words['page']}, {seed}" if seed else words["page"]
    return flow.done(captions, latex, page)


def _words(captions):
    words_in(captions)  # raises what there is to raise
    return SHEET[captions]


def _filling(task, captions):
    return Filling(task.numbers, LESSON[captions], task.texts)


def _title(task, captions):
    words = _words(captions)
    variant = f", {words['variant'].format(task.variant)}" if task.variant else ""
    return words[task.kind] + variant


def _given(flow, task, captions):
    """The network, its weights, the observation, the loss."""
    words, drawn = _words(captions), copy.deepcopy(task.model).eval()  # no neuron is off
    loss = None if task.kind == "dropout" else task.loss  # which is not asked there
    flow.skip(8)
    flow.picture(network(drawn, loss=loss, captions=captions), HIGHEST)
    flow.heading(words["given"])
    for group in _groups(task.rows):
        flow.line(
            [f"{row.label} = {number(row.name)}" + "," * (row is not group[-1]) for row in group]
        )
    flow.line(_computed(Network(task.model)))
    if loss is not None:
        flow.labelled(words["loss of"], *_loss_of(task, Network(drawn)))
    else:
        keep = next(m.keep for m in task.model.modules() if isinstance(m, nn.Dropout))
        flow.words(words["masks"])
        flow.line([r"\tilde{h} = \frac{m h}{p},", f"p = {digits(keep)}"])


def _computed(read):
    """What s, h, q and o are."""
    layers = range(1, read.layers + 1)
    formulas = [formula for layer in layers for formula in formulas_apart(read, layer)]
    return [f"{formula}," for formula in formulas[:-1]] + formulas[-1:]


def _loss_of(task, read):
    """(the loss by its formula, or "" where it has none of one output; its name)."""
    outputs = read.outputs_of(read.layers)
    name = getattr(task.loss, "__name__", type(task.loss).__name__).replace("_", " ")
    if task.loss not in LOSSES or len(outputs) > 1:
        return "", name
    written = LOSSES[task.loss].format(o=outputs[0], y="y", times=SIDE_BY_SIDE)
    return f"l = {written}", name


def _groups(rows):
    """The Rows in lines: the weights of each neuron, and the others by their kind."""
    groups = {}
    for row in rows:
        kind, *places = row.name.split("-")
        if kind == "weight":
            groups.setdefault((kind, *places[:2]), []).append(row)
        elif kind != "mask":
            groups.setdefault("observation" if kind in ("x", "y", "lr") else kind, []).append(row)
    return [
        sorted(group, key=lambda row: row.name.endswith("-0") and row.name.startswith("weight"))
        for group in groups.values()
    ]


def _ask(flow, task, words):
    flow.heading(words["asked"])
    flow.words(words["of masks"] if task.kind == "dropout" else words["rule"])
    if task.kind == "dropout":
        flow.words(words["rule"])
    flow.skip(8)
    before = [asked.symbol for asked in task.asked if asked.phase != "update"]
    after = [asked.symbol for asked in task.asked if asked.phase == "update"]
    flow.blanks(before)
    if after:
        flow.words(words["updates"])
        flow.skip(4)
        flow.blanks(after)


def _work_out(flow, task, captions):
    for title, lines, numbers in task.blocks:
        flow.filling = Filling(numbers, LESSON[captions], task.texts)
        if isinstance(title, tuple):
            says = _words(captions)[title[0]].format(*title[1:])
        else:
            says = title.text(numbers, LESSON[captions])
        flow.heading(says, *(_with_zero(line, numbers) for line in lines))


def _with_zero(line, numbers):
    """The line, with = before a 0 that a product with 0 is, however its other factor is rounded."""
    name, *used = [*dict.fromkeys(names_in(line[-1]))] or [""]
    is_product = len(line) > 1 and r"\cdot" in line[-2] and "+" not in line[-2]
    if is_product and numbers.get(name) == 0 and 0 in map(numbers.get, used):
        return (*line[:-1], f"= {number(name)}")
    return line
