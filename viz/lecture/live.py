"""The lecture's live pages: the worked example with the slide's numbers, picture D, and the chain F
with one slider for all of its weights. Lecture, sections 3, 6 and 8.
"""

import numpy as np

import nn
from viz.language.names import number_name, weight_name
from viz.lecture.slides import CHAIN_OBSERVATION, OBSERVATION, two_sigmoids
from viz.lecture.worked_example import SLIDE, X, Y, example_network
from viz.lesson.stepper import stepper

LAYERS = 5  # of the chain


def worked_example(language):
    """The worked example with all its observations, and what the slide says beside what comes
    out.
    """
    page = stepper(example_network(), X, Y, nn.binary_cross_entropy, captions=language)
    page.beside = slide_numbers()
    return page


def slide_numbers():
    """(symbol, name, the slide's number for each observation, as text) of each that it shows."""
    found = []
    for layer, (letter, columns) in enumerate([("h₁", 3), ("h₂", 2), ("o", 1)], start=1):
        for j in range(columns):
            symbol = f"h_{{{layer}{j + 1}}}" if letter != "o" else "o"
            texts = [f"{number:.2f}" for number in np.array(SLIDE[letter])[:, j]]
            found.append((symbol, number_name("neuron", layer, j + 1), texts))
    found.append(("l", "loss", [f"{number:.2f}" for (number,) in SLIDE["l"]]))
    found.append(("L", "mean/loss", [f"{SLIDE['L']:.2f}"]))
    return found


def illustration(language):
    """Picture D."""
    return stepper(two_sigmoids(), *OBSERVATION, nn.binary_cross_entropy, captions=language)


def chain(language):
    """Picture F, of ReLU: while its neurons are alive, each layer's factor on the way back is its
    weight, so gradients vanish below 1 and explode above.
    """
    model = nn.MLP([1] * (LAYERS + 1), nn.ReLU, rng=0)
    nn.unvec(model, [0.1] * LAYERS + [0.0] * LAYERS)  # all weights, then all biases
    page = stepper(model, *CHAIN_OBSERVATION, nn.mse_loss, captions=language)
    page.together = {
        "names": [weight_name(layer, 1, 1) for layer in range(1, LAYERS + 1)],
        "least": 0.0,
        "most": 8.0,
        "ends": [f"{number_name('sum', layer, 1)}/gradient" for layer in (1, LAYERS)],
    }
    return page


LIVE = {
    "worked_example_live": worked_example,
    "D_live": illustration,
    "F_live": chain,
}
