"""The recorded operations as a graph: values, gradients, and the local derivatives that the chain
rule multiplies.

Three steps: read the record, describe every node in a few lines, and write it all as DOT. Graphviz
comes last, and does nothing but the layout.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.derivatives import RULES
from viz.canvas.colours import (
    ARROW,
    CONSTANT,
    GRADIENT,
    INPUT,
    LOCAL,
    NOT_YET,
    OPERATION,
    OUTPUT,
    PARAMETER,
    RIM,
)
from viz.language.functions import function_name, value_text
from viz.language.numbers import equals
from viz.language.plain import plain
from viz.language.rules import formula, parameters
from viz.language.words import WORDS
from viz.pictures.digraph import new_digraph
from viz.reading.record import collect, gradients_so_far, names_by_id

if TYPE_CHECKING:
    import graphviz

STYLES = {
    "parameter": {"shape": "box", "style": "filled", "fillcolor": PARAMETER},
    "input": {"shape": "ellipse", "style": "filled", "fillcolor": INPUT},
    "constant": {"shape": "plaintext", "style": "filled", "fillcolor": CONSTANT},
    "operation": {"shape": "box", "style": "filled,rounded", "fillcolor": OPERATION},
    "output": {"shape": "box", "style": "filled,rounded", "fillcolor": OUTPUT, "penwidth": "1.6"},
}
# Of nearly the same width: a browser that lacks the first still fits the boxes.
FONT = {"fontname": "DejaVu Sans,Verdana,sans-serif"}
GRAPH = {**FONT, "fontsize": "10", "rankdir": "LR", "nodesep": "0.12", "ranksep": "0.4"}
NODES = {**FONT, "fontsize": "11", "color": RIM, "margin": "0.08,0.05", "height": "0.3"}
EDGES = {**FONT, "fontsize": "9", "color": ARROW, "fontcolor": LOCAL, "arrowsize": "0.6"}

LONGEST = 40  # of a formula on an arrow


def graph(
    tensor: Tensor,
    names: Mapping[str, Any] | None = None,
    max_nodes: int = 300,
    formulas: bool = False,
) -> graphviz.Digraph:
    """Draw how `tensor` was computed: a node for every recorded operation and every input, an arrow
    for every argument.

    tensor: a recorded Tensor, usually the loss. Gradients are shown once `backward()` was called: a
        leaf's is its `.grad`, those of the operations are computed here. Where everything is a
        single number, each arrow carries ∂result/∂argument.
    names: {"w": w, …}, as `vars()` gives it, for Tensors (and arrays) that have no name of their
        own; or dict(model.named_parameters()), whose paths, 0.weight, go before the tensors' names.
    max_nodes: larger graphs are refused: nobody can read them, and their layout takes long.
    formulas: True: each ∂result/∂argument is shown as a formula too, as the engine's rule makes it:
        1 − y² = 0.42, where y is the result and x, or a and b, are the arguments.

    Returns a graphviz.Digraph: it displays itself in Jupyter, and has .source, .save(), .render()
    and .pipe(); .render(outfile="graph.tex") is TikZ, for LaTeX. Raises TypeError for anything but
    a Tensor, and names that are no such dict; ValueError for a Tensor without a record or with too
    large a one, RuntimeError for one that was freed.

        >>> w = ag.Tensor(0.5, requires_grad=True, name="w")
        >>> "<B>w</B>" in viz.graph(np.tanh(2 * w)).source
        True
    """
    nodes = collect(tensor, max_nodes)
    return draw(tensor, nodes, names_by_id(names), gradients_so_far(tensor, nodes), formulas)


def draw(tensor, nodes, names, gradients, formulas=False, captions="en"):
    """The graphviz.Digraph of the nodes that `collect` found behind `tensor`.

    names: {id(thing): name}.
    gradients: {Tensor: array}.
    captions: the language of its few words.
    """
    words = WORDS[captions]["graph"]
    scalar = all(node.is_number for node in nodes)
    dot = new_digraph(graph_attr=GRAPH, node_attr=NODES, edge_attr=EDGES)
    called = {node.identifier: _name(node, names) for node in nodes}
    letters = [_unlike(letter, called.values()) for letter in "yxab"] if formulas else ()
    dot.attr(label=_legend(words, gradients, scalar, letters), labelloc="b")
    for node in nodes:
        gradient = gradients.get(node.thing) if node.is_tensor else None
        label = _label(node, called[node.identifier], gradient, words)
        dot.node(node.identifier, label=label, **STYLES[node.kind(tensor)])
        local = node.local_derivatives() if scalar else {}
        for position, source in enumerate(node.sources):
            written = value_text(local[position]) if position in local else ""
            if formulas and written:
                written = _with_formula(node, position, local[position], written, called)
            dot.edge(source, node.identifier, label=f" {written} " if written else "")
    return dot


def _with_formula(node, position, value, written, called):
    """1 − y² = 0.42; of a derivative that is no short formula, or a number as it stands, its value
    alone.

    called: {identifier: name}. What has no name is called as in the rule, y′ where there is a y.
    """
    letters = parameters(RULES[node.function])[1:]
    names = [called[node.identifier], *(called[source] for source in node.sources)]
    names = [
        name if name.isidentifier() else _unlike(letter, called.values())
        for name, letter in zip(names, letters, strict=False)
    ]
    latex = formula(node.function, position, node.values, node.options, g=1.0, names=names)
    text = plain(latex) if latex else written
    if text == written or len(text) > LONGEST:
        return written
    return f"{text} {plain(equals(np.asarray(value).item()))} {written}"


def _unlike(letter, names):
    return _unlike(letter + "′", names) if letter in names else letter


def _legend(words, gradients, scalar, letters):
    lines = [words["red"] if gradients else words["no gradient"]]
    if scalar:
        lines.append(words["blue"])
        if letters:
            own, x, a, b = letters
            lines.append(f"without a name: {own}, the node; {x}, or {a} and {b}, the nodes before")
    return "<" + "<BR/>".join(lines) + ">"


def _name(node, names):
    """What a node is called, or nothing."""
    return str(names.get(id(node.thing)) or (node.is_tensor and node.thing.name) or "")


def _label(node, name, gradient, words):
    """A few lines in Graphviz's HTML: name and function, value, gradient."""
    function = function_name(node.function, node.options) if node.sources else ""
    lines = (
        [f"<B>{_escape(' = '.join(filter(None, [name, function])))}</B>"]
        if name or function
        else []
    )
    if not isinstance(node.data, list):
        lines.append(_escape(value_text(node.data)))
    if node.is_tensor and node.thing.requires_grad and not isinstance(node.data, list):
        known = gradient is not None
        text = f"{words['gradient']} {value_text(gradient)}" if known else words["not yet"]
        colour = NOT_YET if gradient is None else GRADIENT
        lines.append(f'<FONT COLOR="{colour}">{_escape(text)}</FONT>')
    return "<" + "<BR/>".join(lines) + ">"


def _escape(text, longest=40):
    """User text for an HTML-like label: shortened, without control characters, with nothing left
    for Graphviz to interpret.
    """
    text = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in str(text)))
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return html.escape(text).replace("\\", "&#92;&#92;")
