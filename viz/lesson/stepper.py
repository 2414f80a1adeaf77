"""One page that steps through forward pass, backward pass and update, of a network or of any
recorded computation.
"""

import base64
import copy
import hashlib
import json
from html import escape
from pathlib import Path

import numpy as np

import autograd_lite as ag
import nn
from nn.files import whole_file
from nn.module import stranger
from nn.tables import numbers
from viz.canvas.pages import filled, read
from viz.canvas.writers import svg
from viz.lesson.graph_scene import graph_scene
from viz.lesson.graph_trace import graph_trace, names_of
from viz.lesson.network_scene import network_scene
from viz.lesson.network_trace import network_trace
from viz.lesson.typeset import line_of
from viz.lesson.weight_table import weight_table
from viz.pictures.columns import MOST
from viz.reading.checks import kind_of
from viz.reading.model import Network
from viz.reading.record import collect, names_by_id
from viz.reading.run import run_one

MOST_ARROWS = 100  # of a network; more would be hundreds of steps
MOST_NODES = 100  # of a graph
LOADS_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'"
FRAME = 760  # pixels: the height of the page in a notebook


def stepper(model, x=None, y=None, loss=None, lr=0.1, names=None):
    """A page that steps through backpropagation: forward neuron by neuron, backward arrow by arrow,
    then the update.

    stepper(model, x, y, loss): one observation x (m₀,), y in a Sequential of Linear, activations,
    Dropout and BatchNorm1d,
        on the lecture's picture of it. loss: of nn, called as loss(output, y).
    stepper(tensor): any recorded Tensor of one entry, on the graph of what was recorded. It draws
    with Graphviz.
    lr: α of the update ω ← ω − α ∂l/∂ω. The model itself is not changed.
    names: {"w": w, …}, as `vars()` gives it, or dict(model.named_parameters()), for Tensors.

    Returns a Stepper: it shows itself in Jupyter, and `.save("name.html")` writes one file that
    needs no network. Raises TypeError for a model that is no such sequence, a loss that is no
    function of Tensors, and names that are no such dict; ValueError for several observations, a
    layer of more than 8 neurons or a network of more than 100 arrows, a loss that is not one real
    number, frozen weights, and a Tensor without a record; RuntimeError where the record was freed
    or Graphviz is missing. Lecture, section 3.
    """
    if isinstance(model, ag.Tensor):
        return _of_graph(model, names, lr)
    if isinstance(model, nn.Module):
        return _of_network(model, x, y, loss, lr)
    raise TypeError(
        "viz.stepper takes a model with x, y and loss, or a recorded Tensor, got "
        f"{kind_of(model)}. {stranger(model)[1]}"
    )


class Stepper:
    """A page that steps through backpropagation. Made by `viz.stepper`.

    trace: what it tells, as plain data: `.steps`, `.marks` (the numbers), `.about`.
    """

    def __init__(self, trace, scene, title, table=""):
        self.trace, self.title = trace, title
        self._scene, self._table = scene, table

    def html(self):
        """The page: one file, which loads nothing and may run no other script than its own."""
        shared = svg.Shared("g")
        panels = [_panel(f"step-{k}", step, shared) for k, step in enumerate(self.trace.steps)]
        panels += [_panel(part, telling, shared) for part, telling in self.trace.about.items()]
        script, style = (read(__package__, name) for name in ("stepper.js", "stepper.css"))
        return filled(
            __package__,
            "page.html",
            policy=f"{LOADS_NOTHING}; script-src {_hash(script)}; style-src {_hash(style)}",
            title=escape(self.title),
            style=style,
            script=script,
            kind="network" if self._table else "graph",
            scene=self._scene,
            panels="\n".join(panels),
            defs=f'<svg class="defs" aria-hidden="true"><defs>{shared.defs("")}</defs></svg>',
            table=self._table,
            trace=_in_script(self.trace.as_data()),
        )

    def save(self, path, overwrite=False):
        """Write the page to `path`, which ends in .html; returns the path.

        Raises ValueError for another suffix, and FileExistsError rather than overwrite a file
        unless told.
        """
        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"a stepper is a page: save it as {path.stem}.html, not {path.name!r}."
            )
        with whole_file(path, overwrite) as file:
            file.write(self.html().encode())
        return path

    def _repr_html_(self):
        # A sandbox of its own: the page can neither read the notebook nor change it.
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{escape(self.html())}" width="100%" '
            f'height="{FRAME}" title="{escape(self.title)}" frameborder="0"></iframe>'
        )

    def __repr__(self):
        return f"<Stepper {self.title!r}, {len(self.trace.steps)} steps>"


def _of_network(model, x, y, loss, lr):
    if x is None or y is None or loss is None:
        raise ValueError(
            "viz.stepper(model, x, y, loss) needs one observation and its loss: give x, y and loss."
        )
    read = Network(model)
    _check_size(read)
    for layer, linear in enumerate(read.linears, start=1):
        if any(
            not parameter.requires_grad
            for parameter in (linear.weight, linear.bias)
            if parameter is not None
        ):
            raise ValueError(
                f"the weights of layer {layer} are frozen: set requires_grad = True, to have "
                "gradients to step through."
            )
    # With the same random numbers: the new loss is of the same thinned network.
    again = copy.deepcopy(read)
    observed = run_one(read, x, y, loss)
    _descend(observed, again, lr)
    trace = network_trace(
        observed, run_one(again, x, y, loss), loss, numbers(y, "stepper", "y").ravel().tolist(), lr
    )
    title = f"Backpropagation in a network, {'-'.join(map(str, read.sizes))}"
    return Stepper(
        trace,
        svg.write(network_scene(read, trace), live=True),
        title,
        weight_table(read, trace),
    )


def _of_graph(loss, names, lr):
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
    named = names_of(loss, nodes, names_by_id(names))
    trace = graph_trace(loss, nodes, named, lr)
    return Stepper(trace, graph_scene(loss, nodes, named, trace), "Backpropagation, step by step")


def _check_size(read):
    arrows = sum(before * after for before, after in zip(read.sizes, read.sizes[1:], strict=False))
    if max(read.sizes) > MOST or arrows > MOST_ARROWS:
        raise ValueError(
            f"a network of {'-'.join(map(str, read.sizes))} is too large to step through: at most "
            f"{MOST} neurons in a layer, and {MOST_ARROWS} arrows. Step through a smaller one; "
            "viz.network and viz.gradient_flow show large ones."
        )


def _descend(observed, network, lr):
    """One step of gradient descent on the weights of `network`, with the gradient that was observed
    in its twin.
    """
    parameters = []
    for seen, linear in zip(observed.network.linears, network.linears, strict=True):
        pairs = [(seen.weight, linear.weight)] + (
            [] if seen.bias is None else [(seen.bias, linear.bias)]
        )
        for old, new in pairs:
            new.grad = ag.gradients(observed.loss, [old])[0]
            parameters.append(new)
    nn.SGD(parameters, lr).step()


def _panel(part, telling, shared):
    lines = [
        escape(line) if isinstance(line, str) else line_of(line, shared) for line in telling.lines
    ]
    body = "".join(f'<p class="line">{line}</p>' for line in lines)
    return f'<section data-tells="{part}" hidden><h2>{escape(telling.title)}</h2>{body}</section>'


def _hash(text):
    """How a content-security policy names the one script, or style shared, that it lets in."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _in_script(data):
    """JSON that can stand in a script element: nothing in it can end the element, or a line of
    JavaScript.
    """
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        written = written.replace(letter, f"\\u{ord(letter):04x}")
    return written
