"""The trace of any recorded computation of one number: forward function by function, backward arrow
by arrow, then the update.

Numbers are the engine's: values from the record, gradients from its rules. Names are the user's, so
all of this is plain text.
"""

import itertools
from collections import Counter

import numpy as np

import autograd_lite as ag
import nn
from viz.canvas.outlines import shown
from viz.language.functions import function_name, value_text
from viz.language.numbers import digits, value_of
from viz.lesson.trace import Telling, Trace
from viz.reading.record import adjoints_of, computed_again

BETWEEN = {"+", "−", "×", "÷", "@"}  # functions that are written between their arguments
MOST_PATHS = 4  # written out; more are gathered by their first arrow
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def edge_id(node, position):
    """The identifier of the arrow to a node from one of its arguments."""
    return f"{node.identifier}-{position}"


def names_of(loss, nodes, given):
    """{id of a Tensor or array: a name}: the one given, its own, or else v₁, v₂, …; the loss
    without a name is l.
    """
    names, numbers = {}, itertools.count(1)
    for node in nodes:
        if node.is_tensor or isinstance(node.thing, np.ndarray):
            own = given.get(id(node.thing)) or (node.is_tensor and node.thing.name)
            names[id(node.thing)] = (
                shown(own, 20)
                if own
                else "l"
                if node.thing is loss
                else f"v{next(numbers)}".translate(LOWERED)
            )
    return names


def graph_trace(loss, nodes, names, lr):
    """The Trace of the record behind `loss`, a Tensor of one entry; `nodes` as `collect`
    finds them.
    """
    teller = _Teller(loss, nodes, names, lr)
    teller.forward()
    teller.backward()
    teller.update()
    for node in nodes:
        if id(node.thing) in names:
            teller.about(node)
    return teller.trace


class _Teller:
    def __init__(self, loss, nodes, names, lr):
        self.loss, self.nodes, self.names, self.lr = loss, nodes, names, lr
        self.trace = Trace()
        self.by_thing = {id(node.thing): node for node in nodes}
        self.by_id = {node.identifier: node for node in nodes}
        self.adjoints = adjoints_of(loss)
        self.parameters = [
            n for n in nodes if n.is_tensor and n.function is None and n.thing in self.adjoints
        ]

    def forward(self):
        """What is given; then one step for each function."""
        given = [node for node in self.nodes if not node.sources]
        named = [node for node in given if id(node.thing) in self.names]
        lines = [", ".join(f"{self._name(node)} = {_text(node.data)}" for node in named)]
        self.trace.step("start", "What is given", lines, [node.identifier for node in named])
        for node in named:
            self.trace.write(node.identifier, "value", node.data)
        for node in self.nodes:
            if node.sources:
                self._forward(node)

    def _forward(self, node):
        arguments = [self.by_id[source] for source in node.sources]
        by_name = _written(node, [self._name(argument) for argument in arguments])
        in_numbers = _written(node, [_text(argument.data) for argument in arguments])
        lit = [node.identifier, *(edge_id(node, position) for position in range(len(arguments)))]
        line = f"{self._name(node)} = {by_name}" + (
            f" = {in_numbers}" if in_numbers != by_name else ""
        )
        self.trace.step(
            "forward",
            f"Forward: {self._name(node)}",
            [f"{line} {_equals(node.data)} {_text(node.data)}"],
            lit,
        )
        if not isinstance(node.data, list):
            self.trace.write(node.identifier, "value", node.data)

    def backward(self):
        """The seed; then every arrow, newest first, as the engine walks."""
        loss = self.by_thing[id(self.loss)]
        self.trace.step(
            "backward", "Backward: the seed", [f"{self._by(loss)} = 1"], [loss.identifier]
        )
        self.trace.write(loss.identifier, "gradient", np.ones_like(self.loss.data))
        arrows = [
            (node, position, gradient)
            for node, adjoint in (
                (self.by_thing[id(tensor)], adjoint) for tensor, adjoint in self.adjoints.items()
            )
            for position, gradient in node.pulled_back(adjoint).items()
        ]
        coming = Counter(node.sources[position] for node, position, _ in arrows)
        sums = {}
        for node, position, gradient in arrows:
            source = self.by_id[node.sources[position]]
            coming[source.identifier] -= 1
            self._along(
                node, position, gradient, sums.get(source.identifier), coming[source.identifier] > 0
            )
            if not isinstance(source.data, list):
                sums[source.identifier] = gradient + sums.get(source.identifier, 0)

    def _along(self, node, position, gradient, so_far, more):
        """Back along one arrow: the local derivative times what came in, added to what other paths
        have brought.
        """
        source, edge = self.by_id[node.sources[position]], edge_id(node, position)
        title = f"Backward: along the arrow from {self._name(node)} to {self._name(source)}"
        lit = [edge, source.identifier]
        if isinstance(source.data, list):  # of several results; each has a gradient of its own
            self.trace.step(
                "backward", title, [f"{self._name(source)}: one gradient for each result"], lit
            )
            return
        total = gradient if so_far is None else gradient + so_far
        product, numbers = f"{self._by(node)} · ∂{self._name(node)}/∂{self._name(source)}", ""
        if node.is_number and source.is_number:
            local = node.local_derivatives()[position]
            numbers = f"{_text(self.adjoints[node.thing])} · {_factor(local)}"
        else:
            numbers = _text(gradient)
        before = f"{_text(so_far)} + " if so_far is not None else ""
        added = before and f" {_equals(gradient, so_far)} {before}{_factor(gradient)}"
        line = (
            f"{self._by(source)} = {before}{product} = {before}{numbers}{added} {_equals(total)} "
            f"{_text(total)}"
        )
        self.trace.step("backward", title, [line + (" so far" if more else "")], lit)
        if node.is_number and source.is_number:
            self.trace.write(edge, "local", local)
        self.trace.write(source.identifier, "gradient", total, so_far=more)

    def update(self):
        """One step of gradient descent for every parameter; then the record is computed again, for
        the new loss.
        """
        new = {}
        for node in self.parameters:
            changed = ag.Tensor(node.data, requires_grad=True)
            changed.grad = np.array(self.adjoints[node.thing])
            nn.SGD([changed], self.lr).step()
            new[node.identifier] = changed.data
            name, gradient = self._name(node), self.adjoints[node.thing]
            line = (
                f"{name} ← {name} − α {self._by(node)} = {_text(node.data)} − {_text(self.lr)} · "
                f"{_factor(gradient)}"
            )
            title = f"Update: {name}"
            self.trace.step(
                "update",
                title,
                [f"{line} {_equals(changed.data)} {_text(changed.data)}"],
                [node.identifier],
            )
            self.trace.write(node.identifier, "value", changed.data)
        self._again(new)

    def _again(self, new):
        """The recorded functions once more, on the new values."""
        values = computed_again(self.nodes, new)
        loss = self.by_thing[id(self.loss)]
        before, after = self.loss.item(), np.asarray(values[loss.identifier]).item()
        title = "Update: the new loss is " + (
            "smaller" if after < before else "larger" if after > before else "the same"
        )
        line = (
            f"before: {self._name(loss)} = {_text(before)}, now: {self._name(loss)} = "
            f"{_text(after)}"
        )
        self.trace.step("update", title, [line], [loss.identifier])
        for node in self.nodes:
            if node.sources and not isinstance(node.data, list):
                self.trace.write(node.identifier, "value", values[node.identifier])
                self.trace.erase(node.identifier, "gradient")

    def about(self, node):
        """The paths from a node to the loss, and the product of local derivatives along each."""
        arrows = self._arrows_onward(node)
        lit = [
            node.identifier,
            *(edge_id(*arrow) for arrow in arrows),
            *(after.identifier for after, _ in arrows),
        ]
        if not node.is_tensor or node.thing not in self.adjoints:
            words = ["no gradient is asked of it (requires_grad=False)"]
            self.trace.about[node.identifier] = Telling(
                self._name(node), tuple(words), (node.identifier,)
            )
            return
        count, lines = self._count_paths(node, arrows), []
        if all(self.by_id[part].is_number for part in lit if part in self.by_id):
            lines.append(self._products(node, arrows, count))
        else:
            lines.append(f"{self._by(node)} = {_text(self.adjoints[node.thing])}")
        title = (
            f"{self._name(node)}: {'one path' if count == 1 else f'{count} paths'} to "
            f"{self._name(self.by_thing[id(self.loss)])}"
        )
        self.trace.about[node.identifier] = Telling(title, tuple(lines), tuple(dict.fromkeys(lit)))

    def _products(self, node, arrows, count):
        """∂l/∂(node), each path multiplied out; of many paths, one term for each first arrow."""
        adjoint = self.adjoints[node.thing]
        if node.thing is self.loss:
            return f"{self._by(node)} = 1"
        if [after.thing for after, _ in arrows] == [self.loss]:  # a product of one factor
            return f"{self._by(node)} {_equals(adjoint)} {_text(adjoint)}"
        if count <= MOST_PATHS:
            paths = self._paths(node, arrows)
            symbols = [
                " · ".join(self._factor_name(*arrow) for arrow in reversed(path)) for path in paths
            ]
            numbers = [
                self._product([after.local_derivatives()[p] for after, p in reversed(path)])
                for path in paths
            ]
        else:
            first = [(after, p) for after, p in arrows if after.sources[p] == node.identifier]
            symbols = [f"{self._by(after)} · {self._factor_name(after, p)}" for after, p in first]
            numbers = [
                self._product([self.adjoints[after.thing], after.local_derivatives()[p]])
                for after, p in first
            ]
        return (
            f"{self._by(node)} = {' + '.join(symbols)} = {' + '.join(numbers)} {_equals(adjoint)} "
            f"{_text(adjoint)}"
        )

    def _product(self, factors):
        return " · ".join([_text(factors[0]), *map(_factor, factors[1:])])

    def _arrows_onward(self, node):
        """The arrows (node, position) on the paths from `node` to the loss, oldest first."""
        reached, arrows = {node.identifier}, []
        for after in self.nodes:
            if after.is_tensor and after.thing in self.adjoints and after.sources:
                found = [(after, p) for p in after.wanted if after.sources[p] in reached]
                if found:
                    reached.add(after.identifier)
                arrows += found
        return arrows

    def _count_paths(self, node, arrows):
        paths = Counter({node.identifier: 1})
        for after, position in arrows:
            paths[after.identifier] += paths[after.sources[position]]
        return paths[self.by_thing[id(self.loss)].identifier]

    def _paths(self, node, arrows):
        """Every path as its list of arrows; few, for those who call this."""
        paths = {node.identifier: [[]]}
        for after, position in arrows:
            longer = [[*path, (after, position)] for path in paths[after.sources[position]]]
            paths[after.identifier] = paths.get(after.identifier, []) + longer
        return paths[self.by_thing[id(self.loss)].identifier]

    def _name(self, node):
        return self.names.get(id(node.thing)) or _text(node.data)

    def _by(self, node):
        return f"∂{self.names[id(self.loss)]}/∂{self._name(node)}"

    def _factor_name(self, after, position):
        return f"∂{self._name(after)}/∂{self._name(self.by_id[after.sources[position]])}"


def _written(node, arguments):
    """A function of its arguments as text: a × b, tanh(a), a[0], (a)², sum(a, axis=0)."""
    name, given = function_name(node.function, node.options), ", ".join(arguments)
    if name in BETWEEN and len(arguments) == 2:
        return f" {name} ".join(arguments)
    if name.startswith("["):
        return given + name
    if "( )" in name:
        return name.replace("( )", f"({given})")
    function, _, options = name.partition("(")
    return f"{function}({given}, {options}" if options else f"{name}({given})"


def _text(data):
    if isinstance(data, list):
        return "several results"
    return (
        f"({value_text(data)})"
        if np.iscomplexobj(data) and np.size(data) == 1
        else value_text(data)
    )


def _factor(data):
    text = _text(data)
    return f"({text})" if text.startswith("−") else text


def _equals(*numbers):
    """= if every number is written in full, else ≈."""
    exact = lambda n: value_of(digits(n)) == n
    full = lambda n: np.size(n) != 1 or (exact(np.real(n).item()) and exact(np.imag(n).item()))
    return "=" if all(isinstance(n, list) or full(np.asarray(n)) for n in numbers) else "≈"
