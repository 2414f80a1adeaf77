"""The lesson of any recorded computation of one number: forward function by function, backward
arrow by arrow, then the update.

Names are the user's, so in formulas they are texts.
"""

from collections import Counter

import numpy as np

from autograd_lite.entries import by_entries
from autograd_lite.tracing import Untraceable
from viz.language.functions import value_text
from viz.language.templates import as_factor, equals, factor, names_in, number, text, word
from viz.lesson.functions import known
from viz.lesson.graph_about import graph_about
from viz.lesson.graph_numbers import GraphNumbers, names_of
from viz.lesson.graph_written import local_formula, written
from viz.lesson.lesson import Lesson, Row, Title
from viz.reading.replay import replayed
from viz.reading.still import Still


def graph_lesson(loss, nodes, given, lr):
    """(Lesson, Program of single numbers, why its numbers cannot be changed or "") of the record
    behind `loss`, a Tensor of one entry.

    nodes: as `collect` finds them. given: {id(thing): name}.
    """
    names = names_of(loss, nodes, given)
    try:
        program, live = replayed(nodes, _unlike(names))
        lesson = Teller(nodes, GraphNumbers(live, lr, program), names).told()
        return lesson, known(by_entries(program)), ""
    except (Untraceable, TypeError, ValueError) as error:  # whatever a Symbol did not suit
        program = Still()
        lesson = Teller(nodes, GraphNumbers(nodes, lr, program), names).told()
        return lesson, by_entries(program), str(error)


def _unlike(names):
    """The same names, each once: a Program gives a name to one thing."""
    found, taken = {}, {"lr"}
    for thing, name in names.items():
        while name in taken:
            name += "′"
        taken.add(name)
        found[thing] = name
    return found


def edge_id(node, position):
    """The identifier of the arrow to a node from one of its arguments."""
    return f"{node.identifier}-{position}"


class Teller:
    """Writes the lesson.

    recorded: the nodes as they were recorded; numbers: of the same nodes, perhaps as Symbols.
    """

    def __init__(self, recorded, numbers, names):
        self.recorded = {node.identifier: node for node in recorded}
        self.numbers, self.nodes, self.by_id = numbers, numbers.nodes, numbers.by_id
        self.adjoints, self.loss = numbers.adjoints, numbers.nodes[-1]
        self.lesson, self._places = Lesson(loss=self.loss.identifier), {}
        self.names = {
            node.identifier: names.get(id(node.thing)) or value_text(node.data) for node in recorded
        }

    def told(self):
        """The Lesson."""
        self.forward()
        self.backward()
        self.update()
        graph_about(self)
        return self.lesson

    # What is written.

    def text(self, words):
        """A place for anybody's words."""
        place = self._places.setdefault(words, len(self._places))
        if place == len(self.lesson.texts):
            self.lesson.texts.append(words)
        return text(place)

    def name(self, node):
        """What a node is called."""
        return self.text(self.names[node.identifier])

    def value(self, node):
        """A node's value; of a constant, its number."""
        if not node.is_tensor and not isinstance(node.thing, np.ndarray):
            return self.name(node)
        template = self.numbers.told(node.identifier, node.data, self.text)
        return template or word("results")

    def gradient(self, node):
        """∂l/∂(node)."""
        name = f"{node.identifier}/gradient"
        return self.numbers.told(name, self.adjoints[node.thing], self.text) or word("results")

    def new(self, node):
        """A parameter's value after the update."""
        new = self.numbers.new[node.identifier]
        return self.numbers.told(f"{node.identifier}/new", new, self.text)

    def local(self, node, position):
        """The name of ∂(node)/∂(its argument), where both are numbers."""
        name = f"{edge_id(node, position)}/local"
        self.numbers.told(name, node.local_derivatives()[position], self.text)
        return name

    def by(self, node):
        """∂l/∂(node), in symbols."""
        return rf"\frac{{\partial {self.name(self.loss)}}}{{\partial {self.name(node)}}}"

    def along(self, node, position):
        """∂(node)/∂(its argument), in symbols."""
        source = self.by_id[node.sources[position]]
        return rf"\frac{{\partial {self.name(node)}}}{{\partial {self.name(source)}}}"

    # Forward.

    def forward(self):
        """What is given; then one step for each function."""
        given = [n for n in self.nodes if not n.sources and self.value(n) != self.name(n)]
        values = [f"{self.name(node)} = {self.value(node)}" for node in given]
        values.append(rf"\alpha{{}} = {number('lr')}")
        line = [*(f"{one}," for one in values[:-1]), values[-1]]
        self.lesson.step("start", Title("start"), [line], [node.identifier for node in given])
        for node in given:
            self.lesson.write(node.identifier, "value", self.value(node))
            self.lesson.rows += self._rows(node)
        self.lesson.rows.append(Row(r"\alpha", "lr"))
        for node in self.nodes:
            if node.sources:
                self._forward(node)

    def _rows(self, node):
        """A Row for each number of a node that is written out."""
        numbers = names_in(self.value(node))
        has = node.is_tensor and node.thing in self.adjoints
        none = [""] * len(numbers)
        gradients = names_in(self.gradient(node)) if has else none
        new = names_in(self.new(node)) if has else none
        places = [f"[{i}]" for i in range(len(numbers))] if len(numbers) > 1 else [""]
        return [
            Row(self.name(node) + (self.text(at) if at else ""), name, node.identifier, *others)
            for at, name, *others in zip(places, numbers, gradients, new, strict=False)
        ]

    def _forward(self, node):
        arguments = [self.by_id[source] for source in node.sources]
        recorded = self.recorded[node.identifier]
        names = [self.name(argument) for argument in arguments]
        numbers = [self.value(argument) for argument in arguments]
        by_name = written(recorded, names, self.text)
        in_numbers = written(recorded, numbers, self.text)
        lit = [node.identifier, *(edge_id(node, i) for i in range(len(arguments)))]
        value, used = self.value(node), [n for slot in numbers for n in names_in(slot)]
        line = [f"{self.name(node)} = {by_name}"]
        if in_numbers != by_name:
            line.append(f"{_equals(used)} {in_numbers}")
        line.append(f"{_equals(used + names_in(value))} {value}")
        title = Title("forward node", (self.names[node.identifier],))
        self.lesson.step("forward", title, [line], lit)
        if not isinstance(node.data, list):
            self.lesson.write(node.identifier, "value", value)

    # Backward.

    def backward(self):
        """The seed; then every arrow, newest first, as the engine walks."""
        seed, loss = (f"{self.by(self.loss)} = 1",), self.loss.identifier
        self.lesson.step("backward", Title("seed"), [seed], [loss])
        self.lesson.write(loss, "gradient", self._shown(self.gradient(self.loss)))
        by_thing = {id(node.thing): node for node in self.nodes}
        arrows = [
            (node, position, gradient)
            for node, adjoint in ((by_thing[id(t)], a) for t, a in self.adjoints.items())
            for position, gradient in node.pulled_back(adjoint).items()
        ]
        coming = Counter(node.sources[position] for node, position, _ in arrows)
        sums = {}
        for node, position, gradient in arrows:
            source = self.by_id[node.sources[position]]
            coming[source.identifier] -= 1
            before = sums.get(source.identifier)
            self._along(node, position, gradient, before, coming[source.identifier] > 0)
            if not isinstance(source.data, list):
                whole = gradient if before is None else before + gradient
                sums[source.identifier] = whole

    def _along(self, node, position, gradient, so_far, more):
        """Back along one arrow: the local derivative times what came in, added to what other paths
        have brought.
        """
        source, edge = self.by_id[node.sources[position]], edge_id(node, position)
        title = Title("along", (self.names[node.identifier], self.names[source.identifier]))
        lit = [edge, source.identifier]
        if isinstance(source.data, list):  # of several results; each has a gradient of its own
            self.lesson.step("backward", title, [(word("each"),)], lit)
            return
        total = self._total(source, edge, gradient, so_far, more)
        lines, added = [], []
        if so_far is not None:
            added = [self.numbers.told(f"{edge}/before", so_far, self.text)]
        symbols = [*added, rf"{self.by(node)} {self.along(node, position)}"]
        if node.is_number and source.is_number:
            local = self.local(node, position)
            term = rf"{self.gradient(node)} \cdot {factor(local)}"
            lines += self._formula(node, position, local)
        else:
            term = self.numbers.told(f"{edge}/sent", gradient, self.text)
        terms = [*added, as_factor(term) if added else term]
        used = [name for slot in terms for name in names_in(slot)]
        line = [f"{self.by(source)} = {' + '.join(symbols)}"]
        if (node.is_number and source.is_number) or added:
            line.append(f"{_equals(used)} {' + '.join(terms)}")
        line.append(f"{_equals(used + names_in(total))} {total}")
        if more:
            line.append(word("so far"))
        self.lesson.step("backward", title, [*lines, line], lit)
        if node.is_number and source.is_number:
            self.lesson.write(edge, "local", number(local))
        shown = rf"{word('so far')} {total}" if more else self._shown(total)
        self.lesson.write(source.identifier, "gradient", shown)

    def _total(self, source, edge, gradient, so_far, more):
        """What has come to the source, with this arrow."""
        if not more:
            return self.gradient(source)
        whole = gradient if so_far is None else so_far + gradient
        return self.numbers.told(f"{edge}/so-far", whole, self.text)

    def _formula(self, node, position, local):
        """∂(node)/∂(argument) as a formula, as the engine's rule makes it; where it is one."""
        recorded = self.recorded[node.identifier]
        names = [self.names[i] for i in (node.identifier, *node.sources)]
        latex = local_formula(recorded, position, names, self.text)
        if latex is None:
            return []
        return [[f"{self.along(node, position)} = {latex}", f"{equals(local)} {number(local)}"]]

    def _shown(self, template):
        return word("gradient") + template

    # The update.

    def update(self):
        """One step of gradient descent for every parameter; then the record is computed again, for
        the new loss.
        """
        for node in self.numbers.parameters:
            name, gradient, old = self.name(node), self.gradient(node), self.value(node)
            new = self.new(node)
            used = [n for slot in (old, number("lr"), gradient) for n in names_in(slot)]
            line = [
                rf"{name} \leftarrow {name} - \alpha {self.by(node)}",
                rf"{_equals(used)} {old} - {number('lr')} \cdot {as_factor(gradient)}",
                f"{_equals(used + names_in(new))} {new}",
            ]
            title = Title("update node", (self.names[node.identifier],))
            self.lesson.step("update", title, [line], [node.identifier])
            self.lesson.write(node.identifier, "value", new)
        self._again()

    def _again(self):
        """The recorded functions once more, on the new values."""
        loss = self.loss
        values = {
            node.identifier: self.numbers.told(
                f"{node.identifier}/after", self.numbers.again[node.identifier], self.text
            )
            for node in self.nodes
            if node.sources
        }
        before, after = self.value(loss), values[loss.identifier]
        line = [
            f"{word('before')}{self.name(loss)} {_equals(names_in(before))} {before},",
            f"{word('now')}{self.name(loss)} {_equals(names_in(after))} {after}",
        ]
        title = Title("again", compare=(loss.identifier, f"{loss.identifier}/after"))
        self.lesson.step("update", title, [line], [loss.identifier])
        for node in self.nodes:
            if node.sources and values[node.identifier]:
                self.lesson.write(node.identifier, "value", values[node.identifier])
                self.lesson.erase(node.identifier, "gradient")


def _equals(names):
    """= or ≈; where there is no number, =."""
    return equals(*names) if names else "="
