"""The picture that a graph's trace plays on: viz.graph's, drawn by Graphviz, whose numbers come and
go.
"""

import copy
import xml.etree.ElementTree as ElementTree

from viz.language.functions import value_text
from viz.lesson.graph_trace import edge_id
from viz.pictures.graph import draw

SVG = "http://www.w3.org/2000/svg"


def graph_scene(loss, nodes, names, trace):
    """The SVG of the graph as text, each of the Trace's marks shown from one step on and until
    another.

    Raises RuntimeError, which says what to install, where there is no Graphviz.
    """
    ElementTree.register_namespace("", SVG)
    last = {
        node.thing: trace.at(node.identifier, "gradient")[-1:] for node in nodes if node.is_tensor
    }
    gradients = {tensor: mark.number for tensor, marks in last.items() for mark in marks}
    svg = ElementTree.fromstring(draw(loss, nodes, names, gradients).pipe("svg"))
    by_id = {node.identifier: node for node in nodes}
    # Graphviz numbers the edges in the order in which they were written.
    edges = [edge_id(node, position) for node in nodes for position in range(len(node.sources))]
    for group in svg.iter(f"{{{SVG}}}g"):
        kind, title = group.get("class"), group.find(f"{{{SVG}}}title")
        if kind == "node":
            _node(group, by_id[title.text], trace)
        elif kind == "edge":
            part = edges[int(group.get("id").removeprefix("edge")) - 1]
            _name(group, part)
            _come_and_go(group, group.findall(f"{{{SVG}}}text")[:1], trace.at(part, "local"))
        if title is not None:
            group.remove(title)  # the browser would show it as a tip
    svg.set("role", "group")
    svg.set("aria-label", "The recorded operations, step by step")
    return ElementTree.tostring(svg, encoding="unicode")


def _node(group, node, trace):
    """A node that has a name can be pointed at; its lines are name, value and gradient."""
    _name(group, node.identifier)
    if node.identifier in trace.about:
        group.set("tabindex", "0")
        group.set("role", "button")
        group.set("aria-label", trace.about[node.identifier].title)
        texts = group.findall(f"{{{SVG}}}text")
        _come_and_go(group, texts[1:2], trace.at(node.identifier, "value"))
        _come_and_go(group, texts[2:3], trace.at(node.identifier, "gradient"), "gradient ")


def _name(group, part):
    group.set("id", part)
    group.set("class", "part")


def _come_and_go(group, texts, marks, before=""):
    """A line of text as often as there are numbers for it, each shown during its own steps."""
    for text in texts:
        for mark in marks:
            variant = copy.deepcopy(text)
            variant.text = ("so far " if mark.so_far else before) + value_text(mark.number)
            variant.set("data-first", str(mark.first))
            if mark.until is not None:
                variant.set("data-until", str(mark.until))
            group.append(variant)
        group.remove(text)
