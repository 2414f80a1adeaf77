"""How large activations and gradients are, layer by layer: do gradients vanish, do they explode? Lecture, section 6."""

import math
from dataclasses import dataclass

import numpy as np

import autograd_lite as ag
import nn
from viz.chart import AXIS, Chart, powers_of_ten
from viz.notation import digits
from viz.picture import Picture
from viz.reading import Network, run
from viz.shapes import PINK, Bounds, Circle, Line, Rectangle, formula, text

ACTIVATION, GRADIENT, FACTOR = "#4848D8", "#CC0000", "#B05A00"
FAINT = 1e-3  # a gradient this much smaller than the largest: its layer learns a thousand times more slowly
NUMBERED = 12  # layers; beyond, the factors' numbers would run into each other
LEFT, WIDTH = 0, 820


WORDS = {
    "en": {
        "title": "How large activations and gradients are, layer by layer",
        "activation": "activations, |h|",
        "gradient": "gradients, |∂L/∂s|",
        "factor": "factor on the way back through the layer",
        "dead": "dead neurons",
        "layer": "layer",
        "epoch": "epoch",
        "vanish": "The gradient VANISHES: from the last layer to the first it shrinks {times} times.",
        "explode": "The gradient EXPLODES: from the last layer to the first it grows {times} times.",
        "steady": "The gradient neither vanishes nor explodes: the first layer's is {times} times the last one's.",
        "nothing": "No gradient reaches the first layer: it does not learn at all.",
        "slow": "learn over 1000 times more slowly",
    },
    "ru": {
        "title": "Величина активаций и градиентов по слоям",
        "activation": "активации, |h|",
        "gradient": "градиенты, |∂L/∂s|",
        "factor": "множитель на пути назад через слой",
        "dead": "мёртвые нейроны",
        "layer": "слой",
        "epoch": "эпоха",
        "vanish": "Градиент ЗАТУХАЕТ: от последнего слоя к первому он убывает в {times} раз.",
        "explode": "Градиент ВЗРЫВАЕТСЯ: от последнего слоя к первому он растёт в {times} раз.",
        "steady": "Градиент не затухает и не взрывается: у первого слоя он составляет {times} от последнего.",
        "nothing": "До первого слоя градиент не доходит: он совсем не обучается.",
        "slow": "обучаются в 1000 раз медленнее",
    },
}


def gradient_flow(model, x, y, loss, captions="en"):
    """Draw the size of activations and gradients of each layer, and the factors along the way, on logarithmic scales.

    model: a Sequential of Linear, activations, Dropout and BatchNorm1d. x (n, m₀), y: the observations of one backward
    pass. loss: of nn. captions: "en" or "ru".

    Says in words whether the gradient vanishes (the first layer's is a thousand times smaller than the last one's) or
    explodes (a thousand times larger), and which neurons are dead. Returns a Picture. Lecture, section 6.
    """
    words = words_in(captions)
    flows = layer_flows(model, x, y, loss)
    picture = Picture(words["title"])
    picture.add(text(words["title"], size=17, bold=True, most=80).on_baseline(LEFT, 0, "left"))
    _draw_sizes(picture, flows, words, Bounds(LEFT, 48, LEFT + WIDTH, 328))
    _draw_factors(picture, flows, words, Bounds(LEFT, 398, LEFT + WIDTH, 528))
    _draw_dead(picture, flows, words, Bounds(LEFT, 398, LEFT + WIDTH, 528))
    conclusion = text(verdict(flows, words), size=16, bold=True, most=140)
    picture.add(conclusion.on_baseline(LEFT, picture.bounds.bottom + 40, "left"))
    return picture


@dataclass(frozen=True)
class LayerFlow:
    """What one backward pass finds in a layer; sizes are root mean squares over observations and neurons.

    activation: of h. gradient: of ∂L/∂s. factor: the gradient of this layer over that of the next one; in a chain of
    single neurons, and for one observation, it is |∂h_j/∂s_j · ω| exactly. nan for the output.
    dead: the neurons, counted from 1, whose ∂h/∂s is 0 for every observation.
    """

    layer: int
    activation: float
    gradient: float
    factor: float
    dead: tuple


def layer_flows(model, x, y, loss):
    """A LayerFlow for each layer, from one forward and one backward pass over the observations x (n, m₀)."""
    network = Network(model)
    passed = run(network, np.atleast_2d(np.asarray(getattr(x, "data", x), dtype=float)), y, loss)
    gradients = passed.gradients()
    flows, after = [], math.nan
    for layer in range(network.layers, 0, -1):
        stages = [i for i, stage in enumerate(network.stages) if stage.layer == layer]
        gradient = _size(gradients[stages[0]])
        flows.append(
            LayerFlow(
                layer=layer,
                activation=_size(passed.tensors[passed.stage_of(layer)].data),
                gradient=gradient,
                factor=gradient / after if after else math.nan,
                dead=_dead(network, passed, stages),
            )
        )
        after = gradient
    return flows[::-1]


def _dead(network, passed, stages):
    for stage in stages:
        module = network.stages[stage].module
        if isinstance(module, nn.Activation) and not isinstance(module, nn.Softmax):
            given, output = passed.tensors[stage - 1], passed.tensors[stage]
            slope = ag.gradients(output, [given], seed=np.ones(output.shape))[0]
            return tuple(int(j) + 1 for j in np.flatnonzero((slope == 0).all(axis=0)))
    return ()


def _size(numbers):
    return float(np.sqrt(np.mean(np.square(numbers))))


def verdict(flows, words):
    """What becomes of the gradient on its way from the last layer to the first, in one sentence."""
    first, last = flows[0].gradient, flows[-1].gradient
    if first == 0 or last == 0 or not math.isfinite(first * last):
        return words["nothing"] if first == 0 else words["explode"].format(times="∞")
    change = first / last
    if FAINT <= change <= 1 / FAINT:
        return words["steady"].format(times=f"{change:.3g}")
    return words["vanish" if change < 1 else "explode"].format(times=_times(max(change, 1 / change)))


def words_in(captions):
    """The words in a language; raises ValueError for one that is neither "en" nor "ru"."""
    if captions not in WORDS:
        raise ValueError(f'captions: got {captions!r}; give "en" or "ru".')
    return WORDS[captions]


def _draw_sizes(picture, flows, words, area):
    layers = [flow.layer for flow in flows]
    range_, ticks = powers_of_ten([number for flow in flows for number in (flow.activation, flow.gradient)])
    chart = _chart(picture, flows, area, range_)
    slow = [flow.layer for flow in flows if flow.gradient < FAINT * max(flow.gradient for flow in flows)]
    if slow:
        _shade(picture, chart, slow)
    chart.frame(_layer_ticks(len(flows)), ticks)
    for colour, name in ((ACTIVATION, "activation"), (GRADIENT, "gradient")):
        sizes = [getattr(flow, name) for flow in flows]
        chart.curve(layers, sizes, colour)
        chart.points(layers, sizes, colour)
    x = area.left
    for colour, name in ((ACTIVATION, "activation"), (GRADIENT, "gradient")):
        picture.add(Circle(x + 5, area.top - 19, 4, colour))
        label = picture.add(text(words[name], size=15, colour=colour).on_baseline(x + 15, area.top - 14, "left"))
        x = label.bounds.right + 30
    if slow:
        picture.add(Rectangle(Bounds(x, area.top - 27, x + 16, area.top - 11), PINK))
        picture.add(text(words["slow"], size=15, most=60).on_baseline(x + 24, area.top - 14, "left"))
    picture.add(text(words["layer"], size=14, colour=AXIS).on_baseline(area.right, area.bottom + 38, "right"))


def _draw_factors(picture, flows, words, area):
    layers, factors = [flow.layer for flow in flows[:-1]], [flow.factor for flow in flows[:-1]]
    range_, ticks = powers_of_ten([*factors, 1.0], most=4)
    chart = _chart(picture, flows, area, range_)
    chart.frame(_layer_ticks(len(flows)), ticks)
    one = chart.place(1, 1.0)[1]
    picture.add(Line(((area.left, one), (area.right, one)), AXIS))
    chart.points(layers, factors, FACTOR)
    if len(flows) <= NUMBERED:
        for layer, factor in zip(layers, factors, strict=True):
            x, y = chart.place(layer, factor)
            number = formula(digits(factor, 3), size=14, colour=FACTOR)
            below = factor < 1 and y + 24 < area.bottom  # off the dotted line at 1, and off the axis
            picture.add(number.on_baseline(x, y + 19 if below else y - 9))
    picture.add(text(words["factor"], size=15, colour=FACTOR, most=60).on_baseline(area.left, area.top - 14, "left"))


def _draw_dead(picture, flows, words, area):
    """How many neurons of each layer are dead, under the layer; nothing where none are."""
    if not any(flow.dead for flow in flows):
        return
    picture.add(text(words["dead"], size=15).on_baseline(area.left, area.bottom + 58, "left"))
    chart = _chart(picture, flows, area, (1, 10))
    for flow in flows:
        if flow.dead:
            x = chart.place(flow.layer, 1)[0]
            picture.add(formula(str(len(flow.dead)), size=14, colour=GRADIENT).on_baseline(x, area.bottom + 82))


def _shade(picture, chart, slow):
    """A pale band over the layers whose gradient is far smaller than the largest."""
    left, right = chart.place(min(slow) - 0.5, 1)[0], chart.place(max(slow) + 0.5, 1)[0]
    picture.add(Rectangle(Bounds(left, chart.area.top, right, chart.area.bottom), PINK))


def _chart(picture, flows, area, range_):
    return Chart(picture, area, (0.5, len(flows) + 0.5), range_, log=True)


def _layer_ticks(layers):
    """At most about twenty layers with their number: all, or every second, fifth, tenth, …"""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, layers) if layers / step <= 20)
    return [layer for layer in range(1, layers + 1) if layer % step == 0 or layer == 1]


def _times(change):
    """A large number in words' letters: 3700, or 3.2·10⁷."""
    if change < 10_000:
        return f"{change:.0f}"
    mantissa, exponent = f"{change:.1e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
