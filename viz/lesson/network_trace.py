"""The trace of one observation in a network: forward neuron by neuron, backward arrow by arrow,
then the update.

Every number is read from the engine's records; nothing is computed here but which of them to show.
"""

import functools

import numpy as np

import autograd_lite as ag
import nn
from viz.language.formulas import ACTIVATIONS, LOSSES
from viz.language.names import neuron_name, weight_name
from viz.language.numbers import digits, equals, factor, result
from viz.language.plain import plain
from viz.language.symbols import derivative
from viz.lesson.network_about import network_about
from viz.lesson.trace import Trace


def network_trace(observed, updated, loss, y, lr):
    """The Trace of a Run of one observation, and of the same `updated` by one step of gradient
    descent.

    loss, y: what the run's loss was computed with, for its formula; y as a list of numbers. lr: the
        learning rate α of the step.
    """
    teller = _Teller(observed, updated, lr)
    teller.start(y)
    teller.forward(loss, y)
    teller.backward()
    teller.update()
    teller.trace.about = network_about(observed, teller.weights)
    return teller.trace


class _Teller:
    """Writes the trace; layers, neurons and sources count from 1, the loss is neuron 1 of the layer
    after the last.
    """

    def __init__(self, observed, updated, lr):
        self.run, self.updated, self.lr = observed, updated, lr
        self.read = observed.network
        self.trace = Trace()
        self.adjoints = [gradient[0] for gradient in observed.gradients()]
        self.loss_id = neuron_name(self.read.layers + 1, 1)

    def start(self, y):
        """The observation, the learning rate, and the weights as they are."""
        read, x = self.read, self.run.value(0)
        given = [
            f"{symbol} = {digits(value)}"
            for symbol, value in zip(read.stages[0].symbols, x, strict=True)
        ]
        given += [
            f"y{f'_{{{j}}}' if len(y) > 1 else ''} = {digits(value)}"
            for j, value in enumerate(y, start=1)
        ]
        given.append(rf"\alpha = {digits(self.lr)}")
        values = [(*(f"{one}," for one in given[:-1]), given[-1])]
        features = [neuron_name(0, i + 1) for i in range(len(x))]
        self.trace.step("start", "One observation, and the weights as they are", values, features)
        for part, value in zip(features, x, strict=True):
            self.trace.write(part, "value", value)
        for weight, (old, _, _) in self.weights.items():
            self.trace.write(weight_name(*weight), "value", old)

    # Forward.

    def forward(self, loss, y):
        """One step for each neuron, and one for the loss."""
        for layer in range(1, self.read.layers + 1):
            for j in range(1, self.read.sizes[layer] + 1):
                self._forward_neuron(layer, j)
        value = self.run.loss.item()
        self.trace.step(
            "forward",
            "Forward: the loss",
            [self._loss_line(loss, y)],
            [self.loss_id, *self._wires(layer + 1, 1)],
        )
        self.trace.write(self.loss_id, "value", value)

    def _forward_neuron(self, layer, j):
        read, stages = self.read, self._stages(layer)
        lines = [self._combination(layer, j, stages[0])]
        for t in stages[1:]:
            symbol, value = read.stages[t].symbols[j - 1], self.run.value(t)[j - 1]
            before, entered = read.stages[t - 1].symbols[j - 1], self.run.value(t - 1)[j - 1]
            written = _function(read.stages[t].module, j)
            in_numbers = f"{equals(entered)} {written.format(s=digits(entered))}"
            number = result(value, entered)
            lines.append(
                (
                    f"{symbol} = {written.format(s=before)}",
                    *([in_numbers] if in_numbers != number else []),
                    number,
                )
            )
        self.trace.step(
            "forward",
            self._title("Forward", layer, j),
            lines,
            [neuron_name(layer, j), *self._wires(layer, j)],
        )
        self.trace.write(
            neuron_name(layer, j), "value", self.run.value(self.run.stage_of(layer))[j - 1]
        )

    def _combination(self, layer, j, stage):
        """s_j = ω_j1 x_1 + … + ω_j0, in symbols, in numbers, and as a number; a term a piece, so
        that lines can be broken.
        """
        read = self.read
        weights = [
            read.linears[layer - 1].weight.data[j - 1, i] for i in range(read.sizes[layer - 1])
        ]
        entering = self.run.value(stage - 1)
        symbols = [
            read.notation.weight(layer, j, i + 1) + s
            for i, s in enumerate(read.stages[stage - 1].symbols)
        ]
        numbers = [
            _times(w, x, first=i == 0)
            for i, (w, x) in enumerate(zip(weights, entering, strict=True))
        ]
        used = [*weights, *entering]
        if read.linears[layer - 1].bias is not None:
            used.append(read.linears[layer - 1].bias.data[j - 1])
            symbols.append(read.notation.weight(layer, j, 0))
            numbers.append(factor(used[-1]))
        s, value = read.stages[stage].symbols[j - 1], self.run.value(stage)[j - 1]
        return (*_sum(f"{s} =", symbols), *_sum(equals(*used), numbers), result(value, *used))

    def _loss_line(self, loss, y):
        outputs, values = self.read.outputs_of(self.read.layers), self.run.value(-1)
        value, y = self.run.loss.item(), y[0]
        if loss not in LOSSES or len(outputs) > 1:
            return (f"l = l({', '.join(outputs)})", result(value))
        in_numbers = LOSSES[loss].format(o=factor(values[0]), y=factor(y))
        return (
            f"l = {LOSSES[loss].format(o=outputs[0], y='y')}",
            f"{equals(*values, y)} {in_numbers}",
            result(value, *values, y),
        )

    # Backward.

    def backward(self):
        """The seed, then back through every layer: into the neuron, and along its arrows one at a
        time.
        """
        layers = self.read.layers
        self.trace.step(
            "backward", "Backward: the seed", [(derivative("l", "l"), "= 1")], [self.loss_id]
        )
        self.trace.write(self.loss_id, "gradient", 1.0)
        for j in self._neurons(layers):
            self._from_loss(j)
        for layer in range(layers, 0, -1):
            for j in self._neurons(layer):
                self._into_neuron(layer, j)
                for i in self._neurons(layer - 1):
                    self._along(layer, j, i)

    def _from_loss(self, j):
        layers = self.read.layers
        o, local = self.read.outputs_of(layers)[j - 1], self.adjoints[-1][j - 1]
        line = (
            f"{derivative('l', o)} = {derivative('l', 'l')} {derivative('l', o)}",
            rf"{equals(local)} 1 \cdot {factor(local)}",
            result(local),
        )
        lit = [weight_name(layers + 1, 1, j), neuron_name(layers, j)]
        self.trace.step("backward", self._arrow_title(layers + 1, 1, j), [line], lit)
        self.trace.write(neuron_name(layers, j), "gradient", local)

    def _into_neuron(self, layer, j):
        """From a neuron's output back through its activation (and whatever follows that) to its s,
        and to its bias.
        """
        stages, lines = self._stages(layer), []
        for t in reversed(stages[1:]):
            lines.append(self._through(t, j))
        bias = (layer, j, 0)
        if bias in self.weights:
            name, s = self.read.notation.weight(*bias), self.read.stages[stages[0]].symbols[j - 1]
            _, gradient, _ = self.weights[bias]
            incoming = self.adjoints[stages[0]][j - 1]
            lines.append(_product(name, "", s, incoming, 1.0, gradient))
        if lines:
            self.trace.step(
                "backward", self._title("Backward", layer, j), lines, [neuron_name(layer, j)]
            )
            self.trace.write(
                neuron_name(layer, j), "gradient", self.adjoints[self.run.stage_of(layer)][j - 1]
            )
        if bias in self.weights:
            self.trace.write(weight_name(*bias), "gradient", gradient)

    def _through(self, t, j):
        """∂l/∂(before) = ∂l/∂(after) · ∂(after)/∂(before), for stage t; a sum where every neuron
        takes part (softmax).
        """
        stages = self.read.stages
        before, after = stages[t - 1].symbols[j - 1], stages[t].symbols
        taking = [j - 1] if stages[t].own else range(len(after))
        local = {k: self._local(t, k, j - 1) for k in taking}
        incoming = self.adjoints[t]
        gradient = self.adjoints[t - 1][j - 1]
        symbols = [derivative("l", after[k]) + derivative(after[k], before) for k in taking]
        numbers = [_times(incoming[k], local[k], first=n == 0) for n, k in enumerate(taking)]
        used = [*(incoming[k] for k in taking), *local.values()]
        return (
            *_sum(f"{derivative('l', before)} =", symbols),
            *_sum(equals(*used), numbers),
            result(gradient, *used),
        )

    def _along(self, layer, j, i):
        """Back along one arrow: to its weight, and to the neuron where it starts, where paths may
        meet.
        """
        read, stage = self.read, self._stages(layer)[0]
        s, source = read.stages[stage].symbols[j - 1], read.stages[stage - 1].symbols[i - 1]
        name = read.notation.weight(layer, j, i)
        incoming, value = self.adjoints[stage][j - 1], self.run.value(stage - 1)[i - 1]
        weight, gradient, _ = self.weights[layer, j, i]
        by_weight = _product(name, source, s, incoming, value, gradient)
        neurons = self._neurons(layer)
        met, last = [n for n in neurons if n < j], j == neurons[-1]
        total = self._pulled(stage, [*met, j])[i - 1]
        so_far = self._pulled(stage, met)[i - 1] if met else None
        by_source = _product(source, name, s, incoming, weight, total, so_far)
        if not last:
            by_source = (*by_source, r"\text{so far}")
        lit = [weight_name(layer, j, i), neuron_name(layer - 1, i)]
        self.trace.step("backward", self._arrow_title(layer, j, i), [by_weight, by_source], lit)
        self.trace.write(weight_name(layer, j, i), "gradient", gradient)
        self.trace.write(neuron_name(layer - 1, i), "gradient", total, so_far=not last)

    def _pulled(self, stage, neurons):
        """What the engine hands back to the stage before when only `neurons` of this stage send
        their gradients.
        """
        seed = np.zeros_like(self.adjoints[stage])
        seed[[n - 1 for n in neurons]] = self.adjoints[stage][[n - 1 for n in neurons]]
        return ag.gradients(
            self.run.tensors[stage], [self.run.tensors[stage - 1]], seed=seed[None]
        )[0][0]

    def _local(self, t, k, j):
        """∂(neuron k of stage t)/∂(neuron j of the stage before)."""
        seed = np.zeros_like(self.adjoints[t])
        seed[k] = 1
        return ag.gradients(self.run.tensors[t], [self.run.tensors[t - 1]], seed=seed[None])[0][
            0, j
        ]

    # The update.

    def update(self):
        """One step of gradient descent, the weights of one neuron at a time; then the new loss."""
        weights = self.weights
        for layer in range(1, self.read.layers + 1):
            for j in range(1, self.read.sizes[layer] + 1):
                into = [weight for weight in weights if weight[:2] == (layer, j)]
                lines = [self._descent(weight) for weight in into]
                lit = [weight_name(*weight) for weight in into]
                self.trace.step(
                    "update", self._title("Update: the weights into", layer, j), lines, lit
                )
                for weight in into:
                    self.trace.write(weight_name(*weight), "value", weights[weight][2])
        self._again()

    def _descent(self, weight):
        name, (old, gradient, new) = self.read.notation.weight(*weight), self.weights[weight]
        return (
            rf"{name} \leftarrow {name} - \alpha {derivative('l', name)}",
            rf"{equals(old, self.lr, gradient)} {digits(old)} "
            rf"- {digits(self.lr)} \cdot {factor(gradient)}",
            result(new, old, self.lr, gradient),
        )

    def _again(self):
        """Forward again: the new loss. The gradients under the neurons were those of the old
        weights, and go.
        """
        before, after = self.run.loss.item(), self.updated.loss.item()
        line = (rf"\text{{before: }} l {result(before)},", rf"\text{{now: }} l {result(after)}")
        title = "Update: the new loss is " + (
            "smaller" if after < before else "larger" if after > before else "the same"
        )
        self.trace.step("update", title, [line], [self.loss_id])
        self.trace.write(self.loss_id, "value", after)
        self.trace.erase(self.loss_id, "gradient")
        for layer in range(self.read.layers + 1):
            values = self.updated.value(self.updated.stage_of(layer))
            for j, value in enumerate(values, start=1):
                self.trace.write(neuron_name(layer, j), "value", value)
                self.trace.erase(neuron_name(layer, j), "gradient")

    # Reading the network.

    @functools.cached_property
    def weights(self):
        """{(layer, to, source): (weight, its gradient, the weight after the update)}, the bias last
        of each neuron.
        """
        found = {}
        for layer, linear in enumerate(self.read.linears, start=1):
            new = self.updated.network.linears[layer - 1]
            gradient, bias = self.run.weight_gradient(layer), linear.bias
            by_bias = None if bias is None else ag.gradients(self.run.loss, [bias])[0]
            for j, row in enumerate(linear.weight.data):
                for i, old in enumerate(row):
                    found[layer, j + 1, i + 1] = old, gradient[j, i], new.weight.data[j, i]
                if bias is not None:
                    found[layer, j + 1, 0] = bias.data[j], by_bias[j], new.bias.data[j]
        return found

    def _stages(self, layer):
        return [t for t, stage in enumerate(self.read.stages) if stage.layer == layer]

    def _neurons(self, layer):
        """The neurons that are switched on."""
        return [
            j for j in range(1, self.read.sizes[layer] + 1) if j - 1 not in self.read.dropped(layer)
        ]

    def _wires(self, layer, j):
        return [weight_name(layer, j, i) for i in self._neurons(layer - 1)]

    def _name(self, layer, j):
        return "l" if layer > self.read.layers else plain(self.read.notation.neuron(layer, j))

    def _title(self, what, layer, j):
        off = ", switched off by dropout" if j - 1 in self.read.dropped(layer) else ""
        return f"{what}{'' if ':' in what else ': neuron'} {self._name(layer, j)}{off}"

    def _arrow_title(self, layer, j, i):
        return (
            f"Backward: along the arrow from {self._name(layer, j)} to {self._name(layer - 1, i)}"
        )


def _product(by, known, s, incoming, local, gradient, so_far=None):
    """∂l/∂(by) = ∂l/∂s ∂s/∂(by), added to what came before: in symbols, with the local derivative
    known, in numbers.
    """
    before = [] if so_far is None else [so_far]
    symbols = [*map(digits, before), derivative("l", s) + derivative(s, by)]
    put_in = [*map(digits, before), f"{derivative('l', s)} {known}"] if known else []
    numbers = [*map(digits, before), _times(incoming, local, first=not before)]
    used = (incoming, local, *before)
    return (
        *_sum(f"{derivative('l', by)} =", symbols),
        *(_sum("=", put_in) if known else ()),
        *_sum(equals(*used), numbers),
        result(gradient, *used),
    )


def _times(a, b, first=True):
    return rf"{digits(a) if first else factor(a)} \cdot {factor(b)}"


def _sum(start, terms):
    """The terms as pieces of a line, with `start` before the first and a plus before the others."""
    return (f"{start} {terms[0]}", *(rf"+\,{term}" for term in terms[1:]))


def _function(module, j):
    """What a module does with neuron j, as a format of s."""
    if isinstance(module, nn.Mixed):
        ends = np.cumsum(module.widths)
        module = module.layers[int(np.searchsorted(ends, j))]
    return ACTIVATIONS.get(
        type(module), r"\text{{" + type(module).__name__.replace("_", " ") + "}}({s})"
    )
