"""The three pictures of architecture.md, drawn by viz: python docs/make_architecture.py"""

import pathlib
from itertools import pairwise

import numpy as np

import autograd_lite as ag
from viz.canvas.colours import GRADIENT, GREY, INPUT, LOCAL, OPERATION, OUTPUT, PARAMETER
from viz.canvas.picture import Picture
from viz.canvas.shapes import Arrow, Box, Formula, Text
from viz.language.numbers import digits

FOLDER = pathlib.Path(__file__).parent / "architecture"


def call():
    """What a call does: from np.tanh(x) to a Tensor with a record."""
    picture = Picture("What a call does: NumPy hands it over, it is computed, and remembered")
    steps = [
        ("np.tanh(x)", ["as anybody writes it"], INPUT),
        ("NumPy asks x", ["x.__array_ufunc__(np.tanh, …)", "because x is no array"], GREY),
        ("compute", ["on the plain array:", "data = np.tanh(x.data)"], OPERATION),
        ("record", ["function  np.tanh", "arguments  (x,)", "values  (x.data,)"], PARAMETER),
        ("a new Tensor", ["data, and the record"], OUTPUT),
    ]
    in_a_row(picture, [boxed(*step) for step in steps], top=0)
    return picture


def backward():
    """What backward does, on l = (tanh(w x) − 1)²: values to the right, adjoints to the left."""
    w = ag.Tensor(0.5, requires_grad=True)
    x = ag.Tensor(2.0)
    s = w * x
    h = np.tanh(s)
    l = np.square(h - 1)
    ds, dh, dw = ag.gradients(l, [s, h, w])
    picture = Picture("What backward does: newest first, each adjoint goes through one rule")
    nodes = [
        ("w", w.item(), dw, None, PARAMETER),
        ("s = w x", s.item(), ds, r"g \cdot x", OPERATION),
        (r"h = \tanh s", h.item(), dh, r"g \cdot (1 - h^{2})", OPERATION),
        ("l = (h - 1)^{2}", l.item(), 1.0, r"g \cdot 2 (h - 1)", OUTPUT),
    ]
    left, before = 0, None
    for symbol, value, adjoint, rule, fill in nodes:
        rows = (
            Formula(symbol),
            Formula(digits(value), size=16),
            Formula(digits(adjoint), size=16, colour=GRADIENT),
        )
        box = picture.add(Box(rows, left, 0, fill))
        if before:
            middle = (before.bounds.right + box.bounds.left) / 2
            forward, back = box.bounds.top + 20, box.bounds.bottom - 18
            picture.add(Arrow(before.bounds.right, forward, box.bounds.left, forward))
            picture.add(Arrow(box.bounds.left, back, before.bounds.right, back, GRADIENT))
            picture.add(Formula(rule, middle, back - 8, size=16, colour=LOCAL))
        before, left = box, box.bounds.right + 150
    picture.add(
        Text("black: values, forward", 0, box.bounds.bottom + 34, "left", 14),
        Text("red: adjoints, ∂l/∂(this), newest first", 190, box.bounds.bottom + 34, "left", 14,
             GRADIENT),
        Text("blue: the rule, one line of the table", 480, box.bounds.bottom + 34, "left", 14,
             LOCAL),
    )  # fmt: skip
    return picture


ROOMS = {
    "autograd_lite": [
        ("derivatives/", "the tables, a line a derivative"),
        ("tiny.py", "the whole idea on one page"),
        ("backpropagation.py", "the walk"),
        ("tensor.py", "what is remembered"),
        ("transforms.py, batching.py", "grad, jacobian, hessian"),
        ("tracing.py, entries.py", "programs: for pages, for fit"),
        ("checking/, anomaly.py", "three ways; the first NaN"),
    ],
    "nn": [
        ("module.py, layers.py, …", "layers, activations, losses"),
        ("lecture/", "vec(W), thinned networks"),
        ("training/", "optimizers, penalties, fit"),
        ("bringing/", "models from elsewhere"),
        ("econometrics/", "the table of a regression"),
        ("estimators/", "scikit-learn's face"),
    ],
    "viz": [
        ("canvas/", "shapes, and a writer a format"),
        ("language/", "symbols, numbers, words"),
        ("reading/", "what is there to be drawn"),
        ("pictures/", "a file for each picture"),
        ("lesson/", "step by step"),
        ("lecture/", "the slides, the command"),
    ],
}


def rooms():
    """The rooms and their arrows: each imports only what stands above it, and to its left."""
    picture = Picture("The rooms: each imports only what stands above it, and to its left")
    left, columns = 0, []
    for (package, files), fill in zip(ROOMS.items(), (PARAMETER, OPERATION, OUTPUT), strict=True):
        boxes = [boxed(name, [what], fill) for name, what in files]
        width = max(box.bounds.width for box in boxes)
        top = 0
        picture.add(Text(package, left + width / 2, -24, size=20, bold=True))
        placed = []
        for box in boxes:
            placed.append(picture.add(moved(box, left + (width - box.bounds.width) / 2, top)))
            top = placed[-1].bounds.bottom + 22
        for upper, lower in pairwise(placed):
            x = left + width / 2
            picture.add(Arrow(x, lower.bounds.top, x, upper.bounds.bottom))
        columns.append((left, left + width))
        left += width + 90
    for (_, right), (start, _) in pairwise(columns):
        picture.add(Arrow(start - 6, -30, right + 6, -30, width=2))
    return picture


def boxed(title, lines, fill):
    """A box with a title and some lines under it."""
    rows = (Text(title, size=17, bold=True), *[Text(line, size=14, most=60) for line in lines])
    return Box(rows, 0, 0, fill)


def moved(box, left, top):
    return Box(box.rows, left, top, box.fill)


def in_a_row(picture, boxes, top):
    """The boxes from left to right, in the middle of the same height, with arrows between."""
    height, left, before = max(box.bounds.height for box in boxes), 0, None
    for box in boxes:
        placed = picture.add(moved(box, left, top + (height - box.bounds.height) / 2))
        if before:
            y = top + height / 2
            picture.add(Arrow(before.bounds.right, y, placed.bounds.left, y))
        before, left = placed, placed.bounds.right + 44


PICTURES = {"call": call, "backward": backward, "rooms": rooms}

if __name__ == "__main__":
    for name, draw in PICTURES.items():
        print(draw().save(FOLDER / f"{name}.svg", overwrite=True))
