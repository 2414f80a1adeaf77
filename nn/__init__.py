"""Neural networks out of tensors: layers, losses and optimizers as the lecture defines them, under PyTorch's names."""

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
from nn.layers import MLP, Linear, Sequential
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    l1_loss,
    mse_loss,
    nll_loss,
)
from nn.module import Module
from nn.optimizers import SGD, Optimizer

__all__ = [
    "ELU",
    "MLP",
    "SGD",
    "Activation",
    "Identity",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "Mixed",
    "Module",
    "NormalCDF",
    "Optimizer",
    "PReLU",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "l1_loss",
    "mse_loss",
    "nll_loss",
]
