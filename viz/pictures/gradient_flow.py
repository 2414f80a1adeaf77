"""How large activations and gradients are, layer by layer: do gradients vanish, do they explode?
Lecture, section 6.
"""

import math

import nn
from viz.canvas.chart import AXIS, Chart, powers_of_ten
from viz.canvas.picture import Picture
from viz.canvas.shapes import PINK, Bounds, Circle, Line, Rectangle, formula, text
from viz.language.symbols import digits
from viz.pictures.layered import mix
from viz.reading.flows import flows_of_weights, layer_flows

ACTIVATION, GRADIENT, FACTOR = "#4848D8", "#CC0000", "#B05A00"
# A gradient this much smaller than the largest: its layer learns a thousand times more slowly.
FAINT = 1e-3
NUMBERED = 12  # layers; beyond, their numbers would run into each other
LEFT, RIGHT = 0, 820
UPPER, LOWER = Bounds(LEFT, 48, RIGHT, 328), Bounds(LEFT, 398, RIGHT, 528)


WORDS = {
    "en": {
        "title": "How large activations and gradients are, layer by layer",
        "activation": "activations, |h|",
        "gradient": "gradients, |∂L/∂s|",
        "weight_gradient": "gradients of the weights, |∂L/∂ω|",
        "epochs": "Gradients of each layer's weights, ‖∂L/∂ω‖, epoch by epoch",
        "factor": "factor on the way back through the layer",
        "dead": "dead neurons",
        "dead_share": "share of dead neurons",
        "layer": "layer",
        "epoch": "epoch",
        "first epoch": "In the first epoch",
        "vanish": "The gradient VANISHES: from the last layer to the first it shrinks {times} "
        "times.",
        "explode": "The gradient EXPLODES: from the last layer to the first it grows {times} "
        "times.",
        "steady": "The gradient neither vanishes nor explodes: the first layer's is {times} "
        "times the last one's.",
        "nothing": "No gradient reaches the first layer: it does not learn at all.",
        "slow": "learn over 1000 times more slowly",
    },
    "ru": {
        "title": "Величина активаций и градиентов по слоям",
        "activation": "активации, |h|",
        "gradient": "градиенты, |∂L/∂s|",
        "weight_gradient": "градиенты весов, |∂L/∂ω|",
        "epochs": "Градиенты весов каждого слоя, ‖∂L/∂ω‖, по эпохам",
        "factor": "множитель на пути назад через слой",
        "dead": "мёртвые нейроны",
        "dead_share": "доля мёртвых нейронов",
        "layer": "слой",
        "epoch": "эпоха",
        "first epoch": "В первой эпохе",
        "vanish": "Градиент ЗАТУХАЕТ: от последнего слоя к первому он убывает в {times} раз.",
        "explode": "Градиент ВЗРЫВАЕТСЯ: от последнего слоя к первому он растёт в {times} раз.",
        "steady": "Градиент не затухает и не взрывается: у первого слоя он составляет {times} "
        "от последнего.",
        "nothing": "До первого слоя градиент не доходит: он совсем не обучается.",
        "slow": "обучаются в 1000 раз медленнее",
    },
}


def gradient_flow(model_or_history, x=None, y=None, loss=None, captions="en"):
    """Draw how large activations and gradients are in each layer, on logarithmic scales.

    model_or_history: a Sequential of Linear, activations, Dropout and BatchNorm1d, or the History
        of its training.
    Of a model, with the observations x (n, m₀), y and the loss: |h|, |∂L/∂s|, and the factors on
    the way back, by layer. Of a model alone: the gradients that the last `backward()` left in its
    weights. Of a History: those of every epoch.
    captions: "en" or "ru".

    Says in words whether the gradient vanishes (the first layer's is a thousand times smaller than
    the last one's) or explodes (a thousand times larger), of a History in its first epoch; and how
    many neurons are dead. Returns a Picture. Raises ValueError if a model has no gradients yet, and
    for an empty History. Lecture, section 6.
    """
    words = words_in(captions)
    if isinstance(model_or_history, nn.History):
        return flow_of_history(model_or_history, words)
    flows = (
        flows_of_weights(model_or_history)
        if x is None
        else layer_flows(model_or_history, x, y, loss)
    )
    picture = Picture(words["title"])
    picture.add(text(words["title"], size=17, bold=True, most=80).on_baseline(LEFT, 0, "left"))
    _draw_sizes(picture, flows, words, UPPER)
    if x is not None:
        _draw_factors(picture, flows, words, LOWER)
        _draw_dead(picture, flows, words, LOWER)
    conclude(picture, verdict(flows[0].gradient, flows[-1].gradient, words))
    return picture


def verdict(first, last, words):
    """What becomes of the gradient on its way from the last layer to the first, in one sentence."""
    if first == 0 or last == 0 or not math.isfinite(first * last):
        return words["nothing"] if first == 0 else words["explode"].format(times="∞")
    change = first / last
    if FAINT <= change <= 1 / FAINT:
        return words["steady"].format(times=f"{change:.3g}")
    return words["vanish" if change < 1 else "explode"].format(
        times=_times(max(change, 1 / change))
    )


def conclude(picture, sentence):
    """The sentence in bold under everything."""
    conclusion = text(sentence, size=16, bold=True, most=140)
    picture.add(conclusion.on_baseline(LEFT, picture.bounds.bottom + 40, "left"))


def words_in(captions):
    """The words in a language; raises ValueError for one that is neither "en" nor "ru"."""
    if captions not in WORDS:
        raise ValueError(f'captions: got {captions!r}; give "en" or "ru".')
    return WORDS[captions]


def _draw_sizes(picture, flows, words, area):
    layers = [flow.layer for flow in flows]
    range_, ticks = powers_of_ten(
        [number for flow in flows for number in (flow.activation, flow.gradient)]
    )
    chart = _chart(picture, flows, area, range_)
    slow = [
        flow.layer for flow in flows if flow.gradient < FAINT * max(flow.gradient for flow in flows)
    ]
    if slow:
        _shade(picture, chart, slow)
    chart.frame(_layer_ticks(len(flows)), ticks)
    measured = not math.isnan(flows[0].activation)
    series = (
        ((ACTIVATION, "activation"), (GRADIENT, "gradient"))
        if measured
        else ((GRADIENT, "weight_gradient"),)
    )
    for colour, name in series:
        sizes = [getattr(flow, name.removeprefix("weight_")) for flow in flows]
        chart.curve(layers, sizes, colour)
        chart.points(layers, sizes, colour)
    x = area.left
    for colour, name in series:
        picture.add(Circle(x + 5, area.top - 19, 4, colour))
        label = picture.add(
            text(words[name], size=15, colour=colour).on_baseline(x + 15, area.top - 14, "left")
        )
        x = label.bounds.right + 30
    if slow:
        picture.add(Rectangle(Bounds(x, area.top - 27, x + 16, area.top - 11), PINK))
        picture.add(
            text(words["slow"], size=15, most=60).on_baseline(x + 24, area.top - 14, "left")
        )
    picture.add(
        text(words["layer"], size=14, colour=AXIS).on_baseline(
            area.right, area.bottom + 38, "right"
        )
    )


def flow_of_history(history, words):
    """The gradients of each layer's weights over the epochs, and the share of dead neurons where
    there are any.
    """
    if not history:
        raise ValueError("the History is empty: train for at least one epoch first.")
    picture = Picture(words["epochs"])
    picture.add(text(words["epochs"], size=17, bold=True, most=80).on_baseline(LEFT, 0, "left"))
    epochs = [entry["epoch"] for entry in history]
    norms = list(zip(*(entry["gradient_norm"] for entry in history), strict=True))
    range_, ticks = powers_of_ten([norm for layer in norms for norm in layer])
    _draw_epochs(
        picture,
        Chart(picture, UPPER, _around(epochs), range_, log=True),
        epochs,
        norms,
        ticks,
        r"\omega",
    )
    picture.add(
        text(words["epoch"], size=14, colour=AXIS).on_baseline(RIGHT, UPPER.bottom + 38, "right")
    )
    dead = list(zip(*(entry["dead"] for entry in history), strict=True))
    if any(share for layer in dead for share in layer):
        picture.add(text(words["dead_share"], size=15).on_baseline(LEFT, LOWER.top - 14, "left"))
        _draw_epochs(
            picture, Chart(picture, LOWER, _around(epochs), (0, 1)), epochs, dead, (0, 0.5, 1), "h"
        )
    # Later on, where nothing is left to learn, all gradients are small.
    conclude(picture, f"{words['first epoch']}: {verdict(norms[0][0], norms[-1][0], words)}")
    return picture


def _draw_epochs(picture, chart, epochs, series, ticks, letter):
    """A curve for each layer, from blue (the first) to red (the last), with the layer's ω or h at
    the end.
    """
    chart.frame(_ticks(epochs), ticks)
    labels = []
    for layer, sizes in enumerate(series, 1):
        colour = mix(ACTIVATION, GRADIENT, (layer - 1) / max(len(series) - 1, 1))
        chart.curve(epochs, sizes, colour)
        chart.points(epochs[-1:], sizes[-1:], colour)
        if len(series) <= NUMBERED or layer in (1, len(series)):
            labels.append(
                (
                    chart.place(epochs[-1], sizes[-1])[1],
                    formula(f"{letter}_{{{layer}}}", size=16, colour=colour),
                )
            )
    lowest = -math.inf
    for y, label in sorted(labels, key=lambda label: label[0]):
        lowest = max(y, lowest + 19)  # labels of curves that end together stand one under the other
        picture.add(label.centred(chart.area.right + 8 + label.bounds.width / 2, lowest))


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
            # Off the dotted line at 1, and off the axis.
            below = factor < 1 and y + 24 < area.bottom
            picture.add(number.on_baseline(x, y + 19 if below else y - 9))
    picture.add(
        text(words["factor"], size=15, colour=FACTOR, most=60).on_baseline(
            area.left, area.top - 14, "left"
        )
    )


def _draw_dead(picture, flows, words, area):
    """How many neurons of each layer are dead, under the layer; nothing where none are."""
    if not any(flow.dead for flow in flows):
        return
    picture.add(text(words["dead"], size=15).on_baseline(area.left, area.bottom + 58, "left"))
    chart = _chart(picture, flows, area, (1, 10))
    for flow in flows:
        if flow.dead:
            x = chart.place(flow.layer, 1)[0]
            picture.add(
                formula(str(len(flow.dead)), size=14, colour=GRADIENT).on_baseline(
                    x, area.bottom + 82
                )
            )


def _shade(picture, chart, slow):
    """A pale band over the layers whose gradient is far smaller than the largest."""
    left, right = chart.place(min(slow) - 0.5, 1)[0], chart.place(max(slow) + 0.5, 1)[0]
    picture.add(Rectangle(Bounds(left, chart.area.top, right, chart.area.bottom), PINK))


def _chart(picture, flows, area, range_):
    return Chart(picture, area, (0.5, len(flows) + 0.5), range_, log=True)


def _layer_ticks(layers):
    return _ticks(range(1, layers + 1))


def _ticks(numbers):
    """At most about twenty of the whole numbers: all, or the first and every second, fifth, tenth,
    …
    """
    step = next(
        step
        for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, len(numbers))
        if len(numbers) / step <= 20
    )
    return [number for number in numbers if number % step == 0 or number == numbers[0]]


def _around(numbers):
    """The range of an axis with half a step on either side."""
    return numbers[0] - 0.5, numbers[-1] + 0.5


def _times(change):
    """A large number in words' letters: 3700, or 3.2·10⁷."""
    if change < 10_000:
        return f"{change:.0f}"
    mantissa, exponent = f"{change:.1e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
