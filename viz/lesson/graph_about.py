"""What is said of a node of a graph when somebody points at it: the paths from it to the loss, and
the product of the local derivatives along each.
"""

from collections import Counter

from viz.language.templates import equals, factor, names_in, number, word
from viz.lesson.lesson import Telling, Title

MOST_PATHS = 4  # written out; more are gathered by their first arrow


def graph_about(teller):
    """Write into the lesson of a Teller what is said of each node that has a name."""
    for node in teller.nodes:
        if node.is_tensor or teller.value(node) != teller.name(node):
            teller.lesson.about[node.identifier] = _about(teller, node)


def _about(teller, node):
    name = teller.names[node.identifier]
    if not node.is_tensor or node.thing not in teller.adjoints:
        line = (word("no gradient"),)
        return Telling(Title("about other", (name,)), (line,), (node.identifier,), "about")
    arrows = _arrows_onward(teller, node)
    count = _count_paths(teller, node, arrows)
    parts = [after.identifier for after, _ in arrows]
    lit = [node.identifier, *(f"{after.identifier}-{p}" for after, p in arrows), *parts]
    if all(teller.by_id[part].is_number for part in (node.identifier, *parts)):
        line = _products(teller, node, arrows, count)
    else:
        gradient = teller.gradient(node)
        line = (f"{teller.by(node)} = {gradient}",)
    title = Title("about node", (name,), paths=(count,))
    of = node.identifier if node.is_number else ""
    return Telling(title, (line,), tuple(dict.fromkeys(lit)), "about", of)


def _products(teller, node, arrows, count):
    """∂l/∂(node), each path multiplied out; of many paths, one term for each first arrow."""
    adjoint = teller.gradient(node)
    by, end = teller.by(node), f"{equals(*names_in(adjoint))} {adjoint}"
    if node is teller.loss:
        return (f"{by} = 1",)
    if [after for after, _ in arrows] == [teller.loss]:  # a product of one factor
        return (by, end)
    if count <= MOST_PATHS:
        paths = [list(reversed(path)) for path in _paths(teller, node, arrows)]
        symbols = [" ".join(teller.along(*arrow) for arrow in path) for path in paths]
        products = [[teller.local(*arrow) for arrow in path] for path in paths]
    else:
        first = [(after, p) for after, p in arrows if after.sources[p] == node.identifier]
        symbols = [f"{teller.by(after)} {teller.along(after, p)}" for after, p in first]
        products = [
            [names_in(teller.gradient(after))[0], teller.local(after, p)] for after, p in first
        ]
    used = [name for product in products for name in product]
    terms = [
        r" \cdot ".join([(factor if i else number)(product[0]), *map(factor, product[1:])])
        for i, product in enumerate(products)
    ]
    return (
        *_sum(f"{by} =", symbols),
        *_sum(equals(*used), terms),
        f"{equals(*used, *names_in(adjoint))} {adjoint}",
    )


def _sum(start, terms):
    return (f"{start} {terms[0]}", *(f"+ {term}" for term in terms[1:]))


def _arrows_onward(teller, node):
    """The arrows (node, position) on the paths from `node` to the loss, oldest first."""
    reached, arrows = {node.identifier}, []
    for after in teller.nodes:
        if after.is_tensor and after.thing in teller.adjoints and after.sources:
            found = [(after, p) for p in after.wanted if after.sources[p] in reached]
            if found:
                reached.add(after.identifier)
            arrows += found
    return arrows


def _count_paths(teller, node, arrows):
    paths = Counter({node.identifier: 1})
    for after, position in arrows:
        paths[after.identifier] += paths[after.sources[position]]
    return paths[teller.loss.identifier]


def _paths(teller, node, arrows):
    """Every path as its list of arrows; few, for those who call this."""
    paths = {node.identifier: [[]]}
    for after, position in arrows:
        longer = [[*path, (after, position)] for path in paths[after.sources[position]]]
        paths[after.identifier] = paths.get(after.identifier, []) + longer
    return paths[teller.loss.identifier]
