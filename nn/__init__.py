"""Neural networks out of tensors: layers, losses and optimizers as the lecture defines them, under
PyTorch's names.

Layers and losses stand in this folder. `nn.lecture` holds what the lecture asks of a network and
PyTorch lacks; `nn.training` how a network learns; `nn.bringing` how models of PyTorch and
scikit-learn become nn's; `nn.econometrics` the table of a regression. `nn.estimators`, which has to
be imported by its name, gives networks to scikit-learn.

    >>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> y = np.array([[0.0], [1.0], [1.0], [0.0]])  # exactly one of the two
    >>> model = nn.MLP([2, 4, 1], nn.Tanh, output=nn.Sigmoid, rng=0)
    >>> adam = nn.Adam(model.parameters(), lr=0.1)
    >>> history = nn.fit(model, x, y, nn.binary_cross_entropy, adam, epochs=200, progress=False)
    >>> model(x).data.round().ravel()
    array([0., 1., 1., 0.])

To read the source: `module.py`, `layers.py`, `activations.py`, `losses.py`, then
`training/optimizers.py` and `training/fitting.py`; then whatever interests you.
"""

from autograd_lite.version import __version__ as __version__
from nn import init
from nn.activations import (
    ELU,
    Activation,
    Identity,
    LeakyReLU,
    LogSoftmax,
    Mixed,
    NormalCDF,
    PReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from nn.batchnorm import BatchNorm1d
from nn.bringing.of_sklearn import from_sklearn
from nn.bringing.of_torch import from_torch
from nn.dropout import Dropout
from nn.econometrics.standard_errors import standard_errors
from nn.econometrics.summary import summary
from nn.inputs import GaussianNoise, Standardize
from nn.layers import MLP, Linear, Sequential
from nn.lecture.dead import dead_neurons
from nn.lecture.observations import observation_gradients
from nn.lecture.thinning import thinned_networks
from nn.lecture.vectors import gradient_vector, unvec, vec
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    l1_loss,
    mse_loss,
    nll_loss,
)
from nn.module import Module
from nn.saving import load, save
from nn.training.batches import mini_batches
from nn.training.clipping import clip_grad_norm_, clip_grad_value_
from nn.training.fitting import fit
from nn.training.history import History
from nn.training.minimizing import minimize
from nn.training.optimizers import SGD, Adam, AdamW, Optimizer, RMSprop
from nn.training.penalties import Lasso, MaxNorm, Penalty, Ridge
from nn.training.schedules import CosineAnnealingLR, Schedule, StepLR
from nn.training.step import Step

__all__ = [
    "ELU",
    "MLP",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "BatchNorm1d",
    "CosineAnnealingLR",
    "Dropout",
    "GaussianNoise",
    "History",
    "Identity",
    "Lasso",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "MaxNorm",
    "Mixed",
    "Module",
    "NormalCDF",
    "Optimizer",
    "PReLU",
    "Penalty",
    "RMSprop",
    "ReLU",
    "Ridge",
    "Schedule",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Standardize",
    "Step",
    "StepLR",
    "Tanh",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "clip_grad_norm_",
    "clip_grad_value_",
    "cross_entropy",
    "dead_neurons",
    "fit",
    "from_sklearn",
    "from_torch",
    "gradient_vector",
    "init",
    "l1_loss",
    "load",
    "mini_batches",
    "minimize",
    "mse_loss",
    "nll_loss",
    "observation_gradients",
    "save",
    "standard_errors",
    "summary",
    "thinned_networks",
    "unvec",
    "vec",
]
