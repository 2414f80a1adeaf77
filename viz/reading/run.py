"""What observations do in a network: the values of every stage, the loss, and the gradients."""

from dataclasses import dataclass

import numpy as np

import autograd_lite as ag
from viz.reading.model import Network


@dataclass(frozen=True)
class Run:
    """Observations on their way through a network: a tensor (n, neurons) for each stage, and the
    loss or None.
    """

    network: Network
    tensors: list
    loss: object

    def value(self, stage):
        """The values (neurons,) of the first observation at stage number `stage`."""
        return self.tensors[stage].data[0]

    def stage_of(self, layer):
        """The number of the stage at which a layer has the values that its circles stand for: x, h
        or o.
        """
        circles = tuple(
            self.network.notation.neuron(layer, j + 1) for j in range(self.network.sizes[layer])
        )
        return next(
            i
            for i, stage in enumerate(self.network.stages)
            if stage.layer == layer and stage.symbols == circles
        )

    def gradients(self):
        """∂l/∂ each stage's values, backpropagated: one array (n, neurons) for each stage."""
        return ag.gradients(self.loss, self.tensors)

    def weight_gradient(self, layer):
        """∂l/∂ω of one layer, backpropagated: (to, source)."""
        return ag.gradients(self.loss, [self.network.linears[layer - 1].weight])[0]


def run(network, x, y=None, loss=None):
    """Take the observations x (n, m₀), an array or a Tensor, through the network, and to the loss
    if y and loss are given.

    Raises ValueError for a y without a loss.
    """
    if (y is None) != (loss is None):
        raise ValueError(
            "y and loss belong together: give both for gradients, or x alone for values."
        )
    tensor = x
    if not isinstance(x, ag.Tensor):
        x = np.asarray(x, dtype=network.linears[0].weight.dtype)
        tensor = ag.Tensor(x, requires_grad=True)
    for module in network.before:
        tensor = module(tensor)
    tensors = [tensor]
    for stage in network.stages[1:]:
        tensor = stage.module(tensor)
        tensors.append(tensor)
    return Run(network, tensors, None if loss is None else loss(tensor, y))


def run_one(network, x, y=None, loss=None):
    """`run` for one observation, x (m₀,) and y of the output's size or a class label.

    Raises ValueError for several observations: a picture has room for the numbers of one.
    """
    x, features = np.asarray(getattr(x, "data", x), dtype=float), network.sizes[0]
    if x.shape not in ((features,), (1, features)):
        raise ValueError(
            f"x has the shape {x.shape}; this shows one observation of {features} features: give "
            "x[i]."
        )
    return run(
        network,
        x.reshape(1, features),
        None if y is None else like_output(y, network.sizes[-1]),
        loss,
    )


def like_output(y, outputs):
    """y as the losses take it: a class label as it is, anything else in the output's shape (1,
    outputs).
    """
    y = np.asarray(getattr(y, "data", y))
    if outputs > 1 and y.size == 1:
        return y.reshape(1)
    if y.size != outputs:
        raise ValueError(
            f"y has {y.size} values, but the network has {outputs} outputs: give the y of one "
            "observation."
        )
    return y.reshape(1, outputs)
