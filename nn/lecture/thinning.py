"""All thinned networks that dropout may draw, so that an expectation over dropout is a sum and no
simulation.
"""

import copy
import math
from itertools import product

import numpy as np

from nn.dropout import Dropout, FixedDropout
from nn.layers import Linear

MOST = 2**16


def thinned_networks(model):
    """Yield (network, probability) for every thinned network of the model. The probabilities sum to
    1.

        expected_loss = sum(probability * loss(network(x), y).item() for network, probability in
        nn.thinned_networks(model))

    Each network is of its own, with its masks fixed, and shares the model's parameters, so that
    `backward()` through it reaches them; buffers (of batch normalization) are copies. The model
    stays as it is. Lecture, section 5.

    Raises ValueError for more than 2**16 networks, and where the number of neurons of a Dropout
    cannot be told.
    """
    layers = _dropout_layers(model)
    free = sum(neurons for layer, neurons in layers if layer.keep < 1)
    if 2**free > MOST:
        raise ValueError(
            f"thinned_networks would have to walk 2**{free} networks ({free} neurons that may be "
            "dropped); it stops at 2**16. Use a smaller model, or average over draws of the model "
            "in training."
        )
    return _networks(model, layers)


def _networks(model, layers):
    all_masks = [
        product([True, False] if layer.keep < 1 else [True], repeat=neurons)
        for layer, neurons in layers
    ]
    for masks in product(*all_masks):
        drawn = {layer: np.array(mask) for (layer, _), mask in zip(layers, masks, strict=True)}
        yield _thinned(model, drawn), _probability(drawn)


def _thinned(model, masks):
    """A copy of the model in which each Dropout has its mask for good. What is in the memo is not
    copied but put in place.
    """
    memo = {id(parameter): parameter for parameter in model.parameters()}
    memo |= {id(layer): FixedDropout(layer, mask) for layer, mask in masks.items()}
    return copy.deepcopy(model, memo)


def _probability(masks):
    """Π p for each neuron that stays, Π (1 − p) for each that goes."""
    return math.prod(
        layer.keep if stays else 1 - layer.keep for layer, mask in masks.items() for stays in mask
    )


def _dropout_layers(model):
    """[(Dropout, number of its neurons), …]: as its last mask had, else as the Linear before it
    has.
    """
    found, width = [], None
    for name, module in model.named_modules():
        if isinstance(module, Linear):
            width = module.out_features
        if isinstance(module, Dropout) and not isinstance(module, FixedDropout):
            neurons = width if module.mask is None else module.mask.shape[-1]
            if neurons is None:
                raise ValueError(
                    "thinned_networks cannot tell how many neurons pass through the Dropout "
                    f"{name!r}: no Linear stands before it. Pass one batch through the model in "
                    "training first."
                )
            found.append((module, neurons))
    return found
