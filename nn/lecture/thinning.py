"""All thinned networks that dropout may draw. With them an expectation over dropout is computed
exactly, as a sum; nothing has to be simulated.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from nn.dropout import Dropout, FixedDropout
from nn.layers import Linear
from nn.module import M, of_nn

MOST = 2**16


def thinned_networks(model: M) -> Iterator[tuple[M, float]]:
    """Yield (network, probability) for each thinned network that dropout may draw from the model.
    The probabilities sum to 1. Lecture, section 5.

    model: a network with layers of Dropout.

    A network is a copy of the model with its masks fixed. It shares the model's parameters, so that
    `backward()` through it reaches them; buffers (of batch normalization) are copied. The model
    stays as it is. Raises ValueError for more than 2**16 networks, and if it is unknown how many
    neurons a Dropout has.

        >>> model = nn.MLP([1, 2, 1], nn.Identity, keep=0.75)
        >>> for network, probability in nn.thinned_networks(model):
        ...     print(network[2].mask, probability)
        [ True  True] 0.5625
        [ True False] 0.1875
        [False  True] 0.1875
        [False False] 0.0625
        >>> expected = sum(p * network([[1.0]]).item() for network, p in nn.thinned_networks(model))
        >>> prediction = model.eval()([[1.0]]).item()
        >>> abs(prediction - expected) < 1e-12  # equal, because this network is linear
        True
    """
    layers = _dropout_layers(of_nn(model, "thinned_networks"))
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
    """A copy of the model in which each Dropout is a FixedDropout. What stands in the memo is not
    copied by deepcopy but taken over as it is.
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
    """[(Dropout, number of its neurons), …]. The number is that of its last mask; if there is none
    yet, the width of the Linear before it.
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
