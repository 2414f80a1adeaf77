"""What is said of a part of a network when somebody points at it: its chain rule, and its paths to
the loss.
"""

from viz.language import products
from viz.language.names import neuron_name, weight_name
from viz.language.plain import plain
from viz.language.symbols import derivative
from viz.language.templates import equals, factor, number, result
from viz.lesson.lesson import Telling, Title
from viz.pictures.chain_rule import last_factor
from viz.reading.paths import Ways


def network_about(read, numbers, weights, masks):
    """{part: Telling} of every weight, every neuron and the loss.

    numbers: NetworkNumbers. weights: each as (layer, to, source). masks: {(layer, neuron): names}.
    """
    found = {}
    for weight in weights:
        layer, to, source = weight
        # The bias has no arrow, and no neuron where one would start.
        lit = [weight_name(*weight), neuron_name(layer - 1, source)] if source else []
        rule = _of_weight(read, numbers, weight)
        title = "about weight", plain(read.notation.weight(*weight))
        name = weight_name(*weight)
        found[name] = _paths(read, masks, title, [rule], lit, layer, to, name)
    for layer in range(read.layers + 1):
        for j in range(1, read.sizes[layer] + 1):
            kind = "about neuron" if layer else "about feature"
            title = kind, plain(read.notation.neuron(layer, j))
            lines = [_of_neuron(read, numbers, layer, j)]
            if (layer, j, 0) in weights:
                lines.append(_of_weight(read, numbers, (layer, j, 0)))
            name = numbers.value(numbers.stage_of(layer), j - 1)
            found[neuron_name(layer, j)] = _paths(read, masks, title, lines, [], layer, j, name)
    loss = neuron_name(read.layers + 1, 1)
    found[loss] = Telling(Title("about loss"), ((derivative("l", "l"), "= 1"),), (loss,), "about")
    return found


def _of_weight(read, numbers, weight):
    """∂l/∂ω, multiplied out along the ways."""
    stage, last = last_factor(read, weight, numbers.value)
    tree = Ways(read, stage, weight[1] - 1, numbers).expression(last)
    gradient = f"{weight_name(*weight)}/gradient"
    return _line(derivative("l", read.notation.weight(*weight)), tree, gradient)


def _of_neuron(read, numbers, layer, j):
    """∂l/∂h."""
    stage = numbers.stage_of(layer)
    tree = Ways(read, stage, j - 1, numbers).expression()
    symbol = derivative("l", read.stages[stage].symbols[j - 1])
    return _line(symbol, tree, numbers.adjoint(stage, j - 1))


def _line(symbol, tree, value):
    """The four lines as one, without what only says again what was said before it."""
    symbols, known = products.in_symbols(symbol, tree)
    used = [name for name in products.values_of(tree) if isinstance(name, str)]
    written = lambda slot: lambda of: slot(of) if isinstance(of, str) else f"{of:g}"
    product = products.in_numbers(tree, written(number), written(factor))
    return (
        symbols,
        *([known] if not symbols.endswith(known) else []),
        *([f"{equals(*used)} {product}"] if product != number(value) else []),
        result(value, *used),
    )


def _paths(read, masks, title, lines, lit, layer, j, of):
    """The Telling of what leads through neuron j of a layer: how many paths there are, and all of
    them lit.
    """
    onward = [(layer, j)]
    reached = {k: range(1, read.sizes[k] + 1) for k in range(layer + 1, read.layers + 1)}
    neurons = [*onward, *((k, n) for k, those in reached.items() for n in those)]
    wires = [weight_name(k + 1, to, n) for k, n in neurons for to in reached.get(k + 1, ())]
    last = [weight_name(read.layers + 1, 1, n) for k, n in neurons if k == read.layers]
    ways = [onward, *([(k, n) for n in those] for k, those in reached.items())]
    paths = tuple(
        tuple(masks[neuron] for neuron in column) if masks[column[0]] else len(column)
        for column in ways
    )
    parts = [*lit, *(neuron_name(*n) for n in neurons), *wires, *last]
    parts.append(neuron_name(read.layers + 1, 1))
    key, name = title
    title = Title(key, (name,), paths=paths)
    return Telling(title, tuple(lines), tuple(dict.fromkeys(parts)), "about", of)
