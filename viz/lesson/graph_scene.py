"""The picture that a graph's lesson plays on: viz.graph's, drawn by Graphviz, with a place for
every number that comes and goes.
"""

import copy
import re
import xml.etree.ElementTree as ElementTree

import numpy as np

from viz.lesson.graph_lesson import edge_id
from viz.pictures.graph import draw

SVG = "http://www.w3.org/2000/svg"
WIDEST = -0.0001234  # of usual numbers: there is room for it


def graph_scene(nodes, names, lesson):
    """The SVG of the graph as text.

    names: {id(thing): name}. Raises RuntimeError, which says what to install, where there is no
    Graphviz.
    """
    ElementTree.register_namespace("", SVG)
    loss = nodes[-1].thing
    roomy = [_with_room(node) for node in nodes]
    gradients = {node.thing: node.data for node in roomy if lesson.at(node.identifier, "gradient")}
    svg = ElementTree.fromstring(draw(loss, roomy, names, gradients).pipe("svg"))
    by_id = {node.identifier: node for node in nodes}
    # Graphviz numbers the edges in the order in which they were written.
    edges = [edge_id(node, position) for node in nodes for position in range(len(node.sources))]
    for group in svg.iter(f"{{{SVG}}}g"):
        kind, title = group.get("class"), group.find(f"{{{SVG}}}title")
        if kind == "node":
            _node(group, by_id[title.text], lesson)
        elif kind == "edge":
            part = edges[int(group.get("id").removeprefix("edge")) - 1]
            group.set("id", part)
            group.set("class", "part")
            _place(group.findall(f"{{{SVG}}}text")[:1], part, "local", lesson)
        if title is not None:
            group.remove(title)  # the browser would show it as a tip
    whole = svg.find(f"{{{SVG}}}g")
    for legend in whole.findall(f"{{{SVG}}}text"):  # the page says it, in the reader's language
        whole.remove(legend)
    svg.set("role", "group")
    return ElementTree.tostring(svg, encoding="unicode")


def _with_room(node):
    """The node with the widest number in the place of its own, if that can be another one."""
    node = copy.copy(node)
    if node.is_number and (node.is_tensor or isinstance(node.thing, np.ndarray)):
        node.data = np.full(np.shape(node.data), WIDEST)
    return node


def _node(group, node, lesson):
    """A node that has a name can be pointed at; its lines are name, value and gradient."""
    group.set("id", node.identifier)
    group.set("class", "part")
    if node.identifier in lesson.about:
        group.set("tabindex", "0")
        group.set("role", "button")
        group.set("aria-label", lesson.about[node.identifier].title.arguments[0])
        texts = group.findall(f"{{{SVG}}}text")
        for text in texts[1:]:
            text.set("x", _middle(group))
            text.set("text-anchor", "middle")
        _place(texts[1:2], node.identifier, "value", lesson)
        _place(texts[2:3], node.identifier, "gradient", lesson)


def _middle(group):
    """The x of the middle of a node's shape."""
    ellipse = group.find(f"{{{SVG}}}ellipse")
    if ellipse is not None:
        return ellipse.get("cx")
    shape = next(e for e in group if e.tag in (f"{{{SVG}}}polygon", f"{{{SVG}}}path"))
    xs = [
        float(n) for n in re.findall(r"(-?[\d.]+)[, ]-?[\d.]+", shape.get("points", shape.get("d")))
    ]
    return f"{(min(xs) + max(xs)) / 2:.2f}"


def _place(texts, part, what, lesson):
    """A line of text as a place for what stands there."""
    for text in texts:
        if lesson.at(part, what):
            text.text = ""
            text.set("class", f"place {what}")
            text.set("data-part", part)
            text.set("data-what", what)
