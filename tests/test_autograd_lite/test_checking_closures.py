"""check_gradient of a function that closes over parameters of a model."""

import numpy as np

import autograd_lite as ag


def test_a_closed_over_parameter_does_not_matter():
    w = ag.Tensor([2.0, 3.0], requires_grad=True)
    comparison = ag.check_gradient(lambda x: np.sum(w * x * x), [1.0, -1.0])
    np.testing.assert_allclose(comparison.columns["backpropagated"], [4, -6])
    assert w.grad is None
