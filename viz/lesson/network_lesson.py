"""The lesson of one observation in a network: forward neuron by neuron, backward arrow by arrow,
then the update.
"""

import nn
from viz.language.formulas import DOT, LOSSES, SIDE_BY_SIDE
from viz.language.names import neuron_name, weight_name
from viz.language.plain import plain
from viz.language.symbols import derivative
from viz.language.templates import equals, factor, names_in, number, result, word
from viz.lesson.lesson import Lesson, Title
from viz.lesson.network_about import network_about
from viz.lesson.network_numbers import NetworkNumbers
from viz.lesson.network_rows import label_of, network_rows
from viz.lesson.stage_formulas import stage_formula
from viz.reading.model import drops
from viz.reading.program import given_names
from viz.reading.sample import BATCH


def network_lesson(read, traced, loss, label=False, batch=None):
    """The Lesson of a Network and its Traced, whose program gets names for all numbers that are
    told.

    loss: what the run's loss was computed with, for its formula. label: whether y is one.
    batch: the Run after the step by a batch of observations, which is then told too.
    """
    teller = Teller(read, traced, loss)
    teller.start()
    teller.forward()
    teller.backward()
    lesson, other = teller.lesson, teller.lesson.copy()
    teller.update()
    if batch:
        teller.lesson, teller.numbers.updated[BATCH] = other, batch
        teller.update(BATCH, "L")
        lesson.of_batch = other
    lesson.about = network_about(teller.read, teller.numbers, teller.weights, teller.masks)
    lesson.rows = network_rows(teller.read, traced.program)
    lesson.masks = {neuron_name(*n): names for n, names in teller.masks.items() if names}
    lesson.choice = teller.y if label else []
    return lesson


class Teller:
    """Writes the lesson; layers, neurons and sources count from 1, the loss is neuron 1 of the
    layer after the last.
    """

    def __init__(self, read, traced, loss):
        self.read, self.loss, self.lesson = read, loss, Lesson()
        self.numbers = NetworkNumbers(read, traced)
        given, names = given_names(traced.program), traced.program.names
        self.y = [name for name in given if name.startswith("y-")]
        self.weights = [
            (layer, j, i)
            for layer, linear in enumerate(self.read.linears, start=1)
            for j in range(1, self.read.sizes[layer] + 1)
            for i in [*range(1, self.read.sizes[layer - 1] + 1), *([0] * (linear.bias is not None))]
        ]
        self.trained = [name for name in given if f"{name}/new" in names]
        masks = [name for name in given if name.startswith("mask-")]
        self.masks = {
            (layer, j): tuple(n for n in masks if f"{n}-".startswith(f"mask-{layer}-{j}-"))
            for layer, size in enumerate(self.read.sizes)
            for j in range(1, size + 1)
        }
        self.loss_id = neuron_name(self.read.layers + 1, 1)

    def start(self):
        """The observation, the learning rate, and the weights as they are."""
        symbols, several = self.read.stages[0].symbols, len(self.y) > 1
        given = [f"{symbol} = {number(self._value(0, j))}" for j, symbol in enumerate(symbols, 1)]
        given += [
            f"y{f'_{{{j}}}' if several else ''} = {number(name)}"
            for j, name in enumerate(self.y, start=1)
        ]
        given.append(rf"\alpha{{}} = {number('lr')}")
        features = [neuron_name(0, i + 1) for i in range(len(symbols))]
        line = (*(f"{one}," for one in given[:-1]), given[-1])
        self.lesson.step("start", Title("start"), [line], features)
        for i, part in enumerate(features, start=1):
            self.lesson.write(part, "value", number(self._value(0, i)))
        for weight in self.weights:
            self.lesson.write(weight_name(*weight), "value", number(weight_name(*weight)))

    # Forward.

    def forward(self):
        """One step for each neuron, and one for the loss."""
        for layer in range(1, self.read.layers + 1):
            for j in range(1, self.read.sizes[layer] + 1):
                self._forward_neuron(layer, j)
        layer = self.read.layers + 1
        lit = [self.loss_id, *self._wires(layer, 1)]
        self.lesson.step("forward", Title("forward loss"), [self._loss_line()], lit)
        self.lesson.write(self.loss_id, "value", number("loss"))

    def _forward_neuron(self, layer, j):
        read, stages = self.read, self._stages(layer)
        lines = [self._combination(layer, j, stages[0])]
        for t in stages[1:]:
            lines.append(self._stage_line(t, j))
            if isinstance(read.stages[t].module, nn.Activation) and read.stages[t].own:
                slope = self.numbers.local((t, j - 1), (t - 1, j - 1))
                self.lesson.slopes[neuron_name(layer, j)] = slope
        title = self._title("forward", layer, j)
        lit = [neuron_name(layer, j), *self._wires(layer, j)]
        self.lesson.step("forward", title, lines, lit)
        value = self._value(self.numbers.stage_of(layer), j)
        self.lesson.write(neuron_name(layer, j), "value", number(value))

    def _stage_line(self, t, j):
        """h_j = a(s_j), and the like, in symbols, in numbers, and as a number."""
        read, stage = self.read, self.read.stages[t]
        before, entered = read.stages[t - 1].symbols[j - 1], self._value(t - 1, j)
        in_symbols, in_numbers = stage_formula(stage, j, before, entered, self._behind(t))
        used = names_in(in_numbers)
        line = [f"{stage.symbols[j - 1]} = {in_symbols}"]
        if in_numbers != number(entered):
            line.append(f"{equals(*used)} {in_numbers}")
        return (*line, result(self._value(t, j), *used))

    def _behind(self, t):
        """What stands behind the names of stage t's numbers, where its layer has had such a stage
        before: -2.
        """
        stages, layer = self.read.stages, self.read.stages[t].layer
        kind = lambda module: (
            isinstance(module, nn.BatchNorm1d),
            isinstance(module, nn.Dropout) and drops(module),
        )
        own = kind(stages[t].module)
        same = sum(kind(stages[i].module) == own for i in self._stages(layer) if i <= t)
        return f"-{same}" if any(own) and same > 1 else ""

    def _combination(self, layer, j, stage):
        """s_j = ω_j1 x_1 + … + ω_j0, in symbols, in numbers, and as a number; a term a piece, so
        that lines can be broken.
        """
        read, names, numbers, used = self.read, [], [], []
        for i, symbol in enumerate(read.stages[stage - 1].symbols, start=1):
            weight, entering = weight_name(layer, j, i), self._value(stage - 1, i)
            names.append(read.notation.weight(layer, j, i) + symbol)
            numbers.append(_times(weight, entering, first=i == 1))
            used += [weight, entering]
        if (layer, j, 0) in self.weights:
            bias = weight_name(layer, j, 0)
            names.append(read.notation.weight(layer, j, 0))
            numbers.append(factor(bias))
            used.append(bias)
        s = read.stages[stage].symbols[j - 1]
        number = result(self._value(stage, j), *used)
        return (*_sum(f"{s} =", names), *_sum(equals(*used), numbers), number)

    def _loss_line(self):
        outputs, last = self.read.outputs_of(self.read.layers), len(self.read.stages) - 1
        if self.loss not in LOSSES or len(outputs) > 1:
            return (f"l = l({', '.join(outputs)})", result("loss"))
        o, y, written = self._value(last, 1), self.y[0], LOSSES[self.loss]
        return (
            f"l = {written.format(o=outputs[0], y='y', times=SIDE_BY_SIDE)}",
            f"{equals(o, y)} {written.format(o=factor(o), y=factor(y), times=DOT)}",
            result("loss", o, y),
        )

    # Backward.

    def backward(self):
        """The seed, then back through every layer: into the neuron, and along its arrows one at a
        time.
        """
        layers = self.read.layers
        seed = (derivative("l", "l"), "= 1")
        self.lesson.step("backward", Title("seed"), [seed], [self.loss_id])
        self.lesson.write(self.loss_id, "gradient", number("loss/gradient"))
        for j in range(1, self.read.sizes[layers] + 1):
            self._from_loss(j)
        for layer in range(layers, 0, -1):
            for j in range(1, self.read.sizes[layer] + 1):
                self._into_neuron(layer, j)
                for i in range(1, self.read.sizes[layer - 1] + 1):
                    self._along(layer, j, i)

    def _from_loss(self, j):
        layers = self.read.layers
        o, local = self.read.outputs_of(layers)[j - 1], self._adjoint(len(self.read.stages) - 1, j)
        line = (
            f"{derivative('l', o)} = {derivative('l', 'l')} {derivative('l', o)}",
            rf"{equals(local)} 1 \cdot {factor(local)}",
            result(local),
        )
        lit = [weight_name(layers + 1, 1, j), neuron_name(layers, j)]
        self.lesson.step("backward", self._arrow_title(layers + 1, 1, j), [line], lit)
        self.lesson.write(neuron_name(layers, j), "gradient", number(local))

    def _into_neuron(self, layer, j):
        """From a neuron's output back through its activation (and whatever follows that) to its s,
        and to its bias.
        """
        stages = self._stages(layer)
        lines = [self._through(t, j) for t in reversed(stages[1:])]
        bias = (layer, j, 0)
        if bias in self.weights:
            name, s = self.read.notation.weight(*bias), self.read.stages[stages[0]].symbols[j - 1]
            gradient = f"{weight_name(*bias)}/gradient"
            lines.append(_product(name, "", s, self._adjoint(stages[0], j), "", gradient))
        if lines:
            title = self._title("backward", layer, j)
            self.lesson.step("backward", title, lines, [neuron_name(layer, j)])
            adjoint = self._adjoint(self.numbers.stage_of(layer), j)
            self.lesson.write(neuron_name(layer, j), "gradient", number(adjoint))
        if bias in self.weights:
            self.lesson.write(weight_name(*bias), "gradient", number(gradient))

    def _through(self, t, j):
        """∂l/∂(before) = ∂l/∂(after) · ∂(after)/∂(before), for stage t; a sum where every neuron
        takes part (softmax).
        """
        stages = self.read.stages
        before, after = stages[t - 1].symbols[j - 1], stages[t].symbols
        taking = [j - 1] if stages[t].own else range(len(after))
        local = {k: self.numbers.local((t, k), (t - 1, j - 1)) for k in taking}
        incoming = {k: self._adjoint(t, k + 1) for k in taking}
        symbols = [derivative("l", after[k]) + derivative(after[k], before) for k in taking]
        numbers = [_times(incoming[k], local[k], first=n == 0) for n, k in enumerate(taking)]
        used = [*incoming.values(), *local.values()]
        return (
            *_sum(f"{derivative('l', before)} =", symbols),
            *_sum(equals(*used), numbers),
            result(self._adjoint(t - 1, j), *used),
        )

    def _along(self, layer, j, i):
        """Back along one arrow: to its weight, and to the neuron where it starts, where paths may
        meet.
        """
        read, stage = self.read, self._stages(layer)[0]
        s, source = read.stages[stage].symbols[j - 1], read.stages[stage - 1].symbols[i - 1]
        name, weight = read.notation.weight(layer, j, i), weight_name(layer, j, i)
        incoming, value = self._adjoint(stage, j), self._value(stage - 1, i)
        gradient, last = f"{weight}/gradient", j == read.sizes[layer]
        by_weight = _product(name, source, s, incoming, value, gradient)
        sums = lambda to: self.numbers.so_far(stage, to - 1, i - 1)
        total = self._adjoint(stage - 1, i) if last else sums(j)
        so_far = sums(j - 1) if j > 1 else None
        by_source = _product(source, name, s, incoming, weight, total, so_far)
        if not last:
            by_source = (*by_source, word("so far"))
        lit = [weight, neuron_name(layer - 1, i)]
        title = self._arrow_title(layer, j, i)
        self.lesson.step("backward", title, [by_weight, by_source], lit)
        self.lesson.write(weight, "gradient", number(gradient))
        shown = number(total) if last else rf"{number(total)} \cdots"
        self.lesson.write(neuron_name(layer - 1, i), "gradient", shown)

    # The update.

    def update(self, of="", loss="l"):
        """One step of gradient descent, the weights of one neuron at a time; then the new loss.

        of, loss: "" and l for the observation; "batch/" and L for a batch of several.
        """
        for layer in range(1, self.read.layers + 1):
            for j in range(1, self.read.sizes[layer] + 1):
                into = [weight_name(*w) for w in self.weights if w[:2] == (layer, j)]
                others = [name for name in self.trained if _belongs(name, layer, j)]
                lines = [self._descent(name, of, loss) for name in (*into, *others)]
                self.lesson.step("update", self._title("update", layer, j), lines, into)
                for name in into:
                    self.lesson.write(name, "value", number(f"{of}{name}/new"))
        self._again(of, loss)

    def _descent(self, name, of, loss):
        symbol = label_of(self.read, name)
        old, gradient, new = name, f"{of}{name}/gradient", f"{of}{name}/new"
        return (
            rf"{symbol} \leftarrow {symbol} - \alpha {derivative(loss, symbol)}",
            rf"{equals(old, 'lr', gradient)} {number(old)} "
            rf"- {number('lr')} \cdot {factor(gradient)}",
            result(new, old, "lr", gradient),
        )

    def _again(self, of, loss):
        """Forward again: the new loss. The gradients under the neurons were those of the old
        weights, and go.
        """
        line = (
            f"{word('before')}{loss} {result(f'{of}loss')},",
            f"{word('now')}{loss} {result(f'{of}loss/new')}",
        )
        title = Title("again", compare=(f"{of}loss", f"{of}loss/new"))
        self.lesson.step("update", title, [line], [self.loss_id])
        own = f"{of}l/new" if of else "loss/new"  # of the observation shown
        self.lesson.write(self.loss_id, "value", number(own))
        self.lesson.erase(self.loss_id, "gradient")
        for t, stage in enumerate(self.read.stages[1:], start=1):
            for j in range(len(stage.symbols)):
                self.numbers.new(t, j)  # for whoever works them out, as a sheet does
        for layer in range(self.read.layers + 1):
            for j in range(1, self.read.sizes[layer] + 1):
                new = self.numbers.new(self.numbers.stage_of(layer), j - 1, of)
                self.lesson.write(neuron_name(layer, j), "value", number(new))
                self.lesson.erase(neuron_name(layer, j), "gradient")

    # Reading the network.

    def _value(self, stage, j):
        return self.numbers.value(stage, j - 1)

    def _adjoint(self, stage, j):
        return self.numbers.adjoint(stage, j - 1)

    def _stages(self, layer):
        return [t for t, stage in enumerate(self.read.stages) if stage.layer == layer]

    def _wires(self, layer, j):
        return [weight_name(layer, j, i) for i in range(1, self.read.sizes[layer - 1] + 1)]

    def _name(self, layer, j):
        return "l" if layer > self.read.layers else plain(self.read.notation.neuron(layer, j))

    def _title(self, key, layer, j):
        return Title(key, (self._name(layer, j),), masks=self.masks.get((layer, j), ()))

    def _arrow_title(self, layer, j, i):
        return Title("along", (self._name(layer, j), self._name(layer - 1, i)))


def _product(by, known, s, incoming, local, gradient, so_far=None):
    """∂l/∂(by) = ∂l/∂s ∂s/∂(by), added to what came before: in symbols, with the local derivative
    known, in numbers. Without a name, the local derivative is 1.
    """
    before = [] if so_far is None else [number(so_far)]
    symbols = [*before, derivative("l", s) + derivative(s, by)]
    put_in = [*before, f"{derivative('l', s)} {known}"]
    times = _times(incoming, local, first=not before)
    used = [name for name in (incoming, local, so_far) if name]
    return (
        *_sum(f"{derivative('l', by)} =", symbols),
        *(_sum("=", put_in) if known else ()),
        *_sum(equals(*used), [*before, times]),
        result(gradient, *used),
    )


def _times(a, b, first=True):
    return rf"{number(a) if first else factor(a)} \cdot {factor(b) if b else 1}"


def _sum(start, terms):
    """The terms as pieces of a line, with `start` before the first and a plus before the others."""
    return (f"{start} {terms[0]}", *(rf"+\,{term}" for term in terms[1:]))


def _belongs(name, layer, j):
    """Whether a slope, τ₁ or τ₀ is of this neuron; one of a whole layer is told with its first."""
    kind, *places = name.split("-")
    own = [str(layer), str(j)], [str(layer)] if j == 1 else []
    return kind != "weight" and places[:2] in own
