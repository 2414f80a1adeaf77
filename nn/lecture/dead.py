"""Dead neurons. Lecture, section 6."""

from __future__ import annotations

import numpy as np

import autograd_lite as ag
from nn.activations import Activation, Softmax
from nn.checks import dtype_of
from nn.layers import Linear, layers_in_order
from nn.module import Module, evaluating, of_nn, works_row_by_row
from nn.tables import numbers
from nn.types import ArrayLike

FEW = 64  # observations that are looked at first


def dead_neurons(model: Module, x: ArrayLike) -> list[np.ndarray]:
    """Which neurons are dead: ∂h/∂s is 0 for every observation in x, so that the weights into the
    neuron learn nothing from this sample. Lecture, section 6.

    model: taken as in prediction.
    x: (n, features).

    Returns a list with an array of shape (m,) for each hidden layer, True for the dead neurons. A
    hidden layer is an activation that comes before a Linear; activations inside a layer of your own
    are not seen.

        >>> model = nn.MLP([1, 2, 1], nn.ReLU)
        >>> nn.unvec(model, [1, 1, 1, 1, 0, -10, 0])  # the hidden s are x and x − 10
        >>> nn.dead_neurons(model, [[1.0], [2.0]])
        [array([False,  True])]
    """
    layers = layers_in_order(of_nn(model, "dead_neurons"))
    last = max((i for i, layer in enumerate(layers) if isinstance(layer, Linear)), default=0)
    x = numbers(x, "dead_neurons").astype(dtype_of(model), copy=False)
    with evaluating(model), ag.no_grad():
        # Whoever lives for some observations lives: as a rule a few show that all do.
        if len(x) > FEW and all(map(works_row_by_row, layers[:last])):
            dead = _dead(layers[:last], x[:FEW])
            if not any(map(np.any, dead)):
                return dead
        return _dead(layers[:last], x)


def _dead(layers, x):
    """For each activation, which neurons are dead for all rows of x."""
    dead = []
    for layer in layers:
        x, before = layer(x), x
        if isinstance(layer, Activation) and not isinstance(layer, Softmax):
            dead.append(~np.any(_slope(layer, before), axis=0))  # (n, m) → (m,)
    return dead


def _slope(activation, s):
    """∂h/∂s of every neuron and observation, (n, m)."""
    s = ag.Tensor(s.data if isinstance(s, ag.Tensor) else s, requires_grad=True)
    with ag.enable_grad():
        h = activation(s)
    return ag.gradients(h, [s], seed=np.ones(h.shape))[0]
