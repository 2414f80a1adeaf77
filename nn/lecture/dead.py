"""Dead neurons. Lecture, section 6."""

import numpy as np

import autograd_lite as ag
from nn.activations import Activation, Softmax
from nn.layers import Linear, layers_in_order
from nn.module import evaluating


def dead_neurons(model, x):
    """For each hidden layer an array of shape (m,), True for a neuron whose derivative ∂h/∂s is 0
    for every observation in x.

    x: (n, features). The weights into such a neuron no longer learn from this sample. The model is
        taken as in prediction.
    A hidden layer is an activation in front of a Linear; what happens inside a layer of one's own
    is not seen.
    """
    layers = layers_in_order(model)
    last = max((i for i, layer in enumerate(layers) if isinstance(layer, Linear)), default=0)
    dead = []
    with evaluating(model), ag.no_grad():
        for layer in layers[:last]:
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
