"""What observations do in a network: the values of every stage, the loss, and the gradients."""

import inspect
from dataclasses import dataclass

import numpy as np

import autograd_lite as ag
from nn.dropout import FixedDropout
from nn.tables import numbers
from viz.reading.model import Network
from viz.reading.record import leaves_beside


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
        """∂l/∂ each stage's values, backpropagated: one array (n, neurons) for each stage.

        Raises ValueError for a run that did not go on to a loss.
        """
        if self.loss is None:
            raise ValueError("there are no gradients without a loss: give y and loss, too.")
        return ag.gradients(self.loss, self.tensors)

    def weight_gradient(self, layer):
        """∂l/∂ω of one layer, backpropagated: (to, source); 0 of a frozen layer, which has none."""
        return self._gradient(self.network.linears[layer - 1].weight)

    def bias_gradient(self, layer):
        """∂l/∂ω_j0 of one layer, backpropagated: (to,); None of a layer without biases."""
        bias = self.network.linears[layer - 1].bias
        return None if bias is None else self._gradient(bias)

    def _gradient(self, parameter):
        if not parameter.requires_grad:
            return np.zeros(parameter.shape)
        return ag.gradients(self.loss, [parameter])[0]


def run(network, x, y=None, loss=None):
    """Take the observations x (n, m₀) through the network, and to the loss if y and loss are
    given. A Tensor that requires a gradient is taken as it is.

    Raises ValueError for a y without a loss, a loss that is not one real number or that reaches the
    weights by another way than the output, and observations that the last mask is not of; TypeError
    for a loss that is no function of Tensors, and an activation that mixes neurons.
    """
    if (y is None) != (loss is None):
        raise ValueError(
            "y and loss belong together: give both for gradients, or x alone for values."
        )
    tensor = x
    if not getattr(x, "requires_grad", False):
        x = numbers(x, "a picture").astype(network.linears[0].weight.dtype)
        if not len(x):
            raise ValueError(f"x has the shape {x.shape}: a picture needs an observation.")
        tensor = ag.Tensor(x, requires_grad=True)
    for module in [*network.before, *(stage.module for stage in network.stages)]:
        _check_mask(module, len(tensor))
    for module in network.before:
        tensor = module(tensor)
    tensors = [tensor]
    for stage in network.stages[1:]:
        tensor = stage.module(tensor)
        _check_stage(stage, tensor, tensors[-1])
        tensors.append(tensor)
    return Run(network, tensors, None if loss is None else _loss_of(network, loss, tensor, y))


def _check_mask(module, observations):
    """A mask for each observation fits those that it was drawn for."""
    mask = module.mask if isinstance(module, FixedDropout) else None
    if np.ndim(mask) == 2 and len(mask) != observations:
        raise ValueError(
            f"the last mask of the Dropout is one for each of {len(mask)} observations, and here "
            f"{'is' if observations == 1 else 'are'} {observations}: take these through the model "
            "first, or call model.eval()."
        )


def _check_stage(stage, tensor, before):
    """An activation of somebody's own gives each neuron a value that depends on it alone."""
    if tensor.shape != (len(before), len(stage.symbols)):
        raise TypeError(
            f"a {type(stage.module).__name__} made {before.shape} to {tensor.shape}: a picture "
            "needs a value for each neuron and observation."
        )
    makers = {type(part).__module__.partition(".")[0] for part in stage.module.modules()}
    if not stage.own or makers == {"nn"}:
        return
    for j in range(len(stage.symbols)):
        seed = np.zeros(tensor.shape)
        seed[:, j] = 1
        others = np.delete(ag.gradients(tensor, [before], seed=seed)[0], j, axis=1)
        if np.any(np.nan_to_num(others)):
            raise TypeError(
                f"a {type(stage.module).__name__} mixes neurons: h_{j + 1} depends on other "
                "neurons' s. Only nn.Softmax and nn.LogSoftmax are drawn so; draw the loss with "
                "viz.graph."
            )


def _loss_of(network, loss, output, y):
    """The loss, if all its gradient comes by the output."""
    if not _takes_two(loss):
        raise TypeError(f"loss is a function of output and y, such as nn.mse_loss, got {loss!r}.")
    value = loss(output, y)
    if not isinstance(value, ag.Tensor):
        raise TypeError(
            f"the loss gave a {type(value).__name__}, whose record is lost: give a loss of nn, or "
            "of Tensors."
        )
    if value.size != 1 or np.iscomplexobj(value.data):
        raise ValueError(
            f"the loss gave the shape {value.shape} and {value.dtype}, but is one number, real: "
            "use its mean, or its sum."
        )
    if any(leaf is weight for leaf in leaves_beside(value, output) for weight in network.given):
        raise ValueError(
            "the loss depends on the weights by another way than the output, such as a penalty: "
            "the ways in the picture would not add up to its gradient. Give the loss without it, "
            "or draw the whole with viz.graph."
        )
    return value


def _takes_two(loss):
    try:
        inspect.signature(loss).bind(None, None)
    except TypeError:  # it cannot be called, or not so
        return False
    except ValueError:  # one that does not say what it takes
        pass
    return True


def run_one(network, x, y=None, loss=None):
    """`run` for one observation, x (m₀,) and y of the output's size or a class label.

    Raises ValueError for several observations: a picture has room for the numbers of one.
    """
    x, features = numbers(x, "a picture"), network.sizes[0]
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
    y = numbers(y, "a picture", "y")
    if outputs > 1 and y.size == 1:
        return y.reshape(1)
    if y.size != outputs:
        raise ValueError(
            f"y has {y.size} values, but the network has {outputs} outputs: give the y of one "
            "observation."
        )
    return y.reshape(1, outputs)
