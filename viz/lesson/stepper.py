"""One live page that steps through forward pass, backward pass and update, of a network or of any
recorded computation.
"""

from pathlib import Path

import numpy as np

import autograd_lite as ag
import nn
from autograd_lite.entries import by_entries
from autograd_lite.tracing import Program, Untraceable
from nn.checks import not_negative
from nn.files import whole_file
from nn.module import stranger
from viz.language.lesson_words import LESSON
from viz.language.templates import Filling
from viz.language.words import words_in
from viz.lesson.functions import known
from viz.lesson.graph_lesson import graph_lesson
from viz.lesson.graph_numbers import names_of
from viz.lesson.graph_scene import graph_scene
from viz.lesson.network_lesson import network_lesson
from viz.lesson.network_scene import network_picture, network_scene
from viz.lesson.page import in_notebook, page
from viz.lesson.sheets.frames import frames
from viz.pictures.columns import MOST
from viz.pictures.graph import draw
from viz.pictures.network import network
from viz.reading.checks import kind_of
from viz.reading.model import Network
from viz.reading.program import trace
from viz.reading.record import adjoints_of, collect, names_by_id
from viz.reading.replay import has_masks
from viz.reading.run import like_output
from viz.reading.sample import batch_step, observations, sample_of
from viz.reading.still import Still

MOST_ARROWS = 100  # of a network; more would be hundreds of steps
MOST_NODES = 100  # of a graph
ON_SLIDES = 1.7  # how large numbers are beside those of a page, which is read from near


def stepper(model, x=None, y=None, loss=None, lr=0.1, names=None, captions="en"):
    """A live page that steps through backpropagation: forward neuron by neuron, backward arrow by
    arrow, then the update. Every number that is given can be changed in it; where the computation
    cannot be written down as a Program, it is a still page, and says why.

    model: a Sequential of Linear, activations, Dropout and BatchNorm1d, on the lecture's picture of
        it. Or, without x, y and loss, any recorded Tensor of one entry, on the graph of what was
        recorded, which Graphviz draws.
    x: one observation (m₀,), or up to 100 of them, (n, m₀). In the page one is chosen, and the
        network is trained: by one observation after the other, by batches, or by all; with one or
        two features the data are drawn, and the curve or the boundary between classes that the
        network has.
    y: its target, or one for each.
    loss: of nn, called as loss(output, y).
    lr: α of the update ω ← ω − α ∂l/∂ω. The model itself is not changed.
    names: {"w": w, …}, as `vars()` gives it, or dict(model.named_parameters()), for Tensors.
    captions: "en" or "ru", the language that the page speaks at first.

    Returns a Stepper: it shows itself in Jupyter, and `.save("name.html")` writes one file that
    needs no network. Raises TypeError for a model that is no such sequence, a loss that is no
    function of Tensors, an lr that is no number, and names that are no such dict; ValueError for no
    observations or more than 100, a negative lr, a layer of more than 8 neurons or a network of
    more than 100 arrows, a loss that is not one real number, frozen weights, and a Tensor without a
    record; RuntimeError where the record was freed or Graphviz is missing. Lecture, sections 3
    and 4.
    """
    words_in(captions)
    lr = not_negative(lr, "viz.stepper needs a learning rate")
    if isinstance(model, ag.Tensor):
        return _of_graph(model, names, lr, captions)
    if isinstance(model, nn.Module):
        return _of_network(model, x, y, loss, lr, captions)
    raise TypeError(
        "viz.stepper takes a model with x, y and loss, or a recorded Tensor, got "
        f"{kind_of(model)}. {stranger(model)[1]}"
    )


class Stepper:
    """A live page that steps through backpropagation. Made by `viz.stepper`.

    lesson: what it tells, without numbers: `.steps`, `.marks`, `.about`.
    sample: of a network, the observations that can be chosen and trained with.
    why: why its numbers cannot be changed, or "".
    held: whether a mask was recorded with it.
    beside: numbers from elsewhere, shown beside the page's own: (symbol, name in the program, a
        text for each observation) of each; a name such as mean/loss is of the whole sample.
    together: {"names": of given numbers that one slider sets, "least", "most": its ends, "ends":
        the names of the gradients of the first layer and of the last}, or None.
    program: where the numbers come from: `.given`, {name: number} of what the reader may edit, and
        `.run(given)`, {name: number} of all, as the page computes them.
    """

    def __init__(
        self,
        lesson,
        program,
        scene,
        still,
        title,
        captions,
        why="",
        held=False,
        sample=None,
        picture=None,
    ):
        self.lesson, self.program, self.title, self.captions = lesson, program, title, captions
        self.why, self.held, self.sample = why, held, sample
        self.beside, self.together = [], None
        self.kind = "network" if lesson.loss == "loss" else "graph"
        self._scene, self._still, self._picture = scene, still, picture

    def spoken(self, step, given=None, captions=None):
        """What a step says, at the given numbers, as text. step: its number, or the name of a part
        of the picture.
        """
        words = LESSON[captions or self.captions]
        filling = Filling(self.program.run(given), words, tuple(self.lesson.texts))
        told = self.lesson.about if isinstance(step, str) else self.lesson.steps
        return told[step].spoken(filling)

    def html(self):
        """The page: one file, which loads nothing and may run no other script than its own."""
        return page(self, self._scene)

    def frames(self):
        """The steps as Pages, one for each, for a projector: `.frames()[3]` is a Picture.

        Raises TypeError for the steps of a graph, whose picture is Graphviz's.
        """
        if self._picture is None:
            raise TypeError(
                "frames are of a network: give viz.stepper a model with x, y and loss. The steps "
                "of a graph can be printed from its page, .html."
            )
        return frames(self.lesson, self.program, self._picture(), self.title, self.captions)

    def save(self, path, overwrite=False):
        """Write the page to `path`, which ends in .html; or its frames, to one that ends in .pdf, a
        page a step, or in .tex, a Beamer frame with overlays. Returns the path.

        Raises ValueError for another suffix, TypeError for a .pdf or .tex of a graph, and
        FileExistsError rather than overwrite a file unless told.
        """
        path = Path(path)
        if path.suffix.lower() in (".pdf", ".tex"):
            return self.frames().save(path, overwrite)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"a stepper is a page: save it as {path.stem}.html, or its steps as "
                f"{path.stem}.pdf or {path.stem}.tex, not {path.name!r}."
            )
        with whole_file(path, overwrite) as file:
            file.write(self.html().encode())
        return path

    def _repr_mimebundle_(self, include=None, exclude=None):
        return in_notebook(self, self._still())

    def __repr__(self):
        return f"<Stepper {self.title!r}, {len(self.lesson.steps)} steps>"


def _of_network(model, x, y, loss, lr, captions):
    if x is None or y is None or loss is None:
        raise ValueError(
            "viz.stepper(model, x, y, loss) needs observations and their loss: give x, y and loss."
        )
    read = Network(model)
    _check(read)
    pairs = observations(model, x, y)
    sample = sample_of(model, pairs, loss)

    def told(program):
        traced = trace(model, *pairs[0], loss, lr, program)
        batch = batch_step(traced, sample, loss) if len(pairs) > 1 else None
        label = like_output(pairs[0][1], read.sizes[-1]).ndim == 1
        return network_lesson(read, traced, loss, label, batch), by_entries(traced.program)

    try:
        (lesson, program), why = told(Program()), ""
        known(program)
    except (Untraceable, TypeError, ValueError) as error:  # whatever a Symbol did not suit
        if len(pairs) > 1:
            raise ValueError(
                "viz.stepper of several observations computes all of them in the page, and this "
                f"computation cannot be written down: {error} Give one observation, x[0], y[0]."
            ) from error
        (lesson, program), why = told(Still()), str(error)
    title = f"Backpropagation in a network, {'-'.join(map(str, read.sizes))}"
    scene = network_scene(network_picture(read, title))
    picture = lambda: network_picture(read, title, ON_SLIDES)
    still = lambda: network(model, *pairs[0], loss, captions=captions)
    return Stepper(
        lesson, program, scene, still, title, captions, why, sample=sample, picture=picture
    )


def _of_graph(loss, names, lr, captions):
    nodes = collect(loss, MOST_NODES)
    if loss.size != 1:
        raise ValueError(
            "viz.stepper starts from one number, the loss; this Tensor has the shape "
            f"{loss.shape}: reduce it, .sum()."
        )
    if np.iscomplexobj(loss.data):
        raise ValueError(
            "viz.stepper starts from a real number; this Tensor is complex: take np.real(z), "
            "np.abs(z) ** 2, …."
        )
    given = names_by_id(names)
    lesson, program, why = graph_lesson(loss, nodes, given, lr)
    scene = graph_scene(nodes, names_of(loss, nodes, given), lesson)
    still = lambda: draw(loss, nodes, given, adjoints_of(loss), captions=captions)
    title, held = "Backpropagation, step by step", has_masks(nodes)
    return Stepper(lesson, program, scene, still, title, captions, why, held)


def _check(read):
    arrows = sum(before * after for before, after in zip(read.sizes, read.sizes[1:], strict=False))
    if max(read.sizes) > MOST or arrows > MOST_ARROWS:
        raise ValueError(
            f"a network of {'-'.join(map(str, read.sizes))} is too large to step through: at most "
            f"{MOST} neurons in a layer, and {MOST_ARROWS} arrows. Step through a smaller one; "
            "viz.network and viz.gradient_flow show large ones."
        )
    for layer, linear in enumerate(read.linears, start=1):
        for parameter in (linear.weight, linear.bias):
            if parameter is not None and not parameter.requires_grad:
                raise ValueError(
                    f"the weights of layer {layer} are frozen: set requires_grad = True, to have "
                    "gradients to step through."
                )
