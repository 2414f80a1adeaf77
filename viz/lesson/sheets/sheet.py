"""A task on A4: what is given, what is asked, and below, in the solution, how it is worked out."""

import copy
from collections import namedtuple
from dataclasses import dataclass

import nn
from viz.canvas.picture import Picture
from viz.canvas.shapes import SOLID, Formula, Line, Text
from viz.language.formulas import LOSSES
from viz.language.lesson_words import LESSON
from viz.language.numbers import digits
from viz.language.sheet_words import SHEET
from viz.language.templates import Filling, number
from viz.language.words import words_in
from viz.lesson.sheets.flow import GAP, SIZE, SMALL, Flow
from viz.pictures.network import network
from viz.reading.model import Network

HIGHEST = 300  # pixels: the network

Block = namedtuple("Block", "title lines numbers")


@dataclass(frozen=True, eq=False)
class Task:
    """What a sheet is made of.

    model, loss: what is drawn. kind: a word of SHEET, its heading. variant: a text.
    rows: the Rows of what is given. asked: [Asked]. numbers: {name: number}.
    blocks: [Block] of the solution; its title is a Title of a lesson, or a tuple of a word of SHEET
        and what is put in. texts: those of a lesson.
    """

    model: nn.Module
    loss: object
    kind: str
    variant: str
    rows: list
    asked: list
    numbers: dict
    blocks: list
    texts: tuple = ()


def to_fill_in(task, captions):
    """The Pages of a task with blanks."""
    flow = _flow(task, captions, _title(task, captions), _name)
    _ask(flow, task, SHEET[captions])
    return flow.done(captions, SHEET[captions]["page"])


def worked_out(task, captions):
    """The Pages of a task with how it is worked out."""
    title = f"{SHEET[captions]['solution']}. {_title(task, captions)}"
    flow = _flow(task, captions, title)
    _work_out(flow, task, captions)
    return flow.done(captions, SHEET[captions]["page"])


def given_alone(task, captions):
    """A Picture of what is given."""
    picture = Picture(_title(task, captions))
    picture.add(*_flow(task, captions, picture.title).pages[0].shapes)
    return picture


def _title(task, captions):
    words_in(captions)
    words = SHEET[captions]
    variant = f", {words['variant'].format(task.variant)}" if task.variant else ""
    return words[task.kind] + variant


def _flow(task, captions, title, below=None):
    """What all of them begin with."""
    flow = Flow(title, Filling(task.numbers, LESSON[captions], task.texts))
    flow.words(title, 19, bold=True)
    if below is not None:
        below(flow, SHEET[captions]["name"])
    flow.skip(8)
    _given(flow, task, captions)
    return flow


def _name(flow, says):
    label = Text(says, flow.left, 0, "left", SMALL)
    rule = (label.bounds.right + GAP, 4), (flow.right, 4)
    flow.skip(6)
    flow.place([label, Line(rule, width=0.8, dash=SOLID)])


def _given(flow, task, captions):
    """The network, its weights, the observation, the loss."""
    words, drawn = SHEET[captions], copy.deepcopy(task.model).eval()  # no neuron is off
    loss = None if task.kind == "dropout" else task.loss  # which is not asked there
    flow.picture(network(drawn, loss=loss, captions=captions), HIGHEST)
    flow.heading(words["given"])
    for group in _groups(task.rows):
        flow.line(
            [f"{row.label} = {number(row.name)}" + "," * (row is not group[-1]) for row in group]
        )
    if loss is not None:
        flow.place(_loss_of(flow, task, Network(drawn), words["loss of"]))
    else:
        keep = next(m.keep for m in task.model.modules() if isinstance(m, nn.Dropout))
        flow.words(words["masks"])
        flow.line([r"\tilde{h} = \frac{m h}{p},", f"p = {digits(keep)}"])


def _loss_of(flow, task, read, says):
    """The loss by its formula, or by its name where it has none of one output."""
    outputs = read.outputs_of(read.layers)
    label = Text(says, flow.left, 0, "left", SMALL)
    x = label.bounds.right + GAP
    if task.loss not in LOSSES or len(outputs) > 1:
        name = getattr(task.loss, "__name__", type(task.loss).__name__).replace("_", " ")
        return [label, Text(name, x, 0, "left", SMALL)]
    written = LOSSES[task.loss].format(o=outputs[0], y="y")
    return [label, Formula(f"l = {written}", x, 0, "left", SIZE)]


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
            says = SHEET[captions][title[0]].format(*title[1:])
        else:
            says = title.text(numbers, LESSON[captions])
        flow.heading(says, lines[0])
        for line in lines[1:]:
            flow.line(line)
