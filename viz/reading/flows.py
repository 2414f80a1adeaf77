"""The size of activations and gradients in every layer: what `viz.gradient_flow` draws. Lecture,
section 6.
"""

import math
from dataclasses import dataclass

import numpy as np

import nn
from nn.layers import layers_in_order
from nn.tables import numbers
from viz.reading.checks import check_model
from viz.reading.model import Network
from viz.reading.run import run


@dataclass(frozen=True)
class LayerFlow:
    """What one backward pass finds in a layer; sizes are root mean squares over observations and
    neurons; nan where one of the numbers is.

    layer: counted from 1.
    activation: the size of h.
    gradient: the size of ∂L/∂s.
    factor: the gradient of this layer over that of the next one; in a chain of single neurons, and
        for one observation, it is |∂h_j/∂s_j · ω| exactly. nan for the output, and where the next
        layer's gradient is 0.
    dead: the hidden neurons, counted from 1, whose ∂h/∂s is 0 for every observation, in prediction.
    """

    layer: int
    activation: float
    gradient: float
    factor: float = math.nan
    dead: tuple = ()


def layer_flows(model, x, y, loss):
    """A LayerFlow for each layer, from one forward and one backward pass over the observations x
    (n, m₀).
    """
    network = Network(model)
    x = np.atleast_2d(numbers(x, "gradient_flow"))
    y = None if y is None else numbers(y, "gradient_flow", "y")
    passed = run(network, x, y, loss)
    gradients, dead = passed.gradients(), _dead_by_layer(network, model, x)
    sizes = {}
    for number, stage in enumerate(network.stages):
        # The first stage of a layer is its combination s.
        sizes.setdefault(stage.layer, _size(gradients[number]))
    return [
        LayerFlow(
            layer=layer,
            activation=_size(passed.tensors[passed.stage_of(layer)].data),
            gradient=sizes[layer],
            factor=sizes[layer] / sizes[layer + 1] if sizes.get(layer + 1) else math.nan,
            dead=dead.get(layer, ()),
        )
        for layer in range(1, network.layers + 1)
    ]


def flows_of_weights(model):
    """A LayerFlow for each layer from the `.grad` of its weights, as the last `backward()` left
    them.

    Raises ValueError if there is no gradient yet, or never will be, of frozen weights; and what
    Network raises.
    """
    check_model(model)
    weights = [linear.weight for linear in layers_in_order(model) if isinstance(linear, nn.Linear)]
    for layer, weight in enumerate(weights, 1):
        if not weight.requires_grad:
            raise ValueError(
                f"the weights of layer {layer} are frozen, and have no gradient: give x, y and "
                "loss, for the gradients ∂L/∂s of every layer."
            )
    gradients = [weight.grad for weight in weights]
    if any(gradient is None for gradient in gradients):
        raise ValueError(
            "the model has no gradients yet: call loss.backward() first, or give x, y and loss."
        )
    return [
        LayerFlow(layer, math.nan, _size(gradient)) for layer, gradient in enumerate(gradients, 1)
    ]


def _dead_by_layer(network, model, x):
    """The dead neurons of each hidden layer that has an activation of single neurons."""
    hidden = range(1, network.layers)
    activations = {layer: network.of_layer(layer, nn.Activation) for layer in hidden}
    layers = [
        layer for layer, a in activations.items() if a is not None and not isinstance(a, nn.Softmax)
    ]
    found = zip(layers, nn.dead_neurons(model, x), strict=True)
    return {layer: tuple(int(j) + 1 for j in np.flatnonzero(dead)) for layer, dead in found}


def _size(numbers):
    largest = np.max(np.abs(numbers))
    if not 0 < largest < np.inf:  # 0, infinite or nan
        return float(largest)
    return float(largest * np.sqrt(np.mean(np.square(numbers / largest))))  # no square overflows
