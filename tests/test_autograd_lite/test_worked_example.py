"""The lecture's worked example (section 8) on bare tensors: values to ten digits, gradients three
ways.
"""

import numpy as np

import autograd_lite as ag

x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
y = np.array([[1.0], [0.0], [1.0]])
W1 = np.array([[-0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]])
W2 = np.array([[0.7, 0.8, 0.9], [1.0, 1.1, 1.2]])
W3 = np.array([[1.3, -1.4]])

GRADIENTS = [
    [[0.2215578889, 0.3102093653], [0.1745044159, 0.2494611050], [0.1323784997, 0.1925685200]],
    [[-0.1376930300, 0.1807725975, -0.2155750612], [0.1482848015, -0.1946781819, 0.2321577582]],
    [[-0.1121419985, -0.1519486509]],
]


def loss(w1, w2, w3):
    h1 = np.tanh(ag.linear(x, w1))
    h2 = ag.relu(ag.linear(h1, w2))
    o = ag.sigmoid(ag.linear(h2, w3))
    return np.mean(-y * np.log(o) - (1 - y) * np.log(1 - o))


def test_loss_and_gradients_equal_the_lectures():
    weights = [ag.Tensor(w, requires_grad=True) for w in (W1, W2, W3)]
    L = loss(*weights)
    L.backward()
    assert abs(L.item() - 0.7497089773) < 5e-11
    for weight, expected in zip(weights, GRADIENTS, strict=True):
        np.testing.assert_allclose(weight.grad, expected, atol=5.1e-11, rtol=0)


def test_numerical_differences_agree():
    ag.check_gradient(loss, W1, W2, W3)
    ag.check_gradient(loss, W1, W2, W3, order=2)
