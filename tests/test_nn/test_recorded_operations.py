"""How many operations a training step records: a step that grows longer is noticed here, without a
clock.
"""

import numpy as np
import pytest

import autograd_lite as ag
import nn


def recorded(loss):
    """The functions that were recorded on the way to the loss, oldest first."""
    return [tensor.function.__name__ for tensor in ag.ancestors(loss)]


def squared_error_of_a_small_network():
    model = nn.MLP([2, 16, 16, 1], nn.Tanh, rng=0)
    return nn.mse_loss(model(np.ones((32, 2))), np.ones((32, 1)))


def cross_entropy_with_batchnorm_and_dropout():
    model = nn.MLP([784, 256, 128, 10], nn.ReLU, keep=0.5, batchnorm=True, rng=0, dtype=np.float32)
    x = np.random.default_rng(0).standard_normal((128, 784), dtype=np.float32)
    return nn.cross_entropy(model(x), np.zeros(128, int))


@pytest.mark.parametrize(
    ("loss_of", "most"),
    [
        # Linear, tanh, linear, tanh, linear; squared error, mean.
        (squared_error_of_a_small_network, 7),
        # Two layers of 12 (batch norm: 9); linear; log_softmax, likelihood, mean.
        (cross_entropy_with_batchnorm_and_dropout, 28),
    ],
)
def test_a_step_records_no_more_operations_than_it_did(loss_of, most):
    names = recorded(loss_of())
    assert len(names) <= most, f"{len(names)} operations: {', '.join(names)}"
