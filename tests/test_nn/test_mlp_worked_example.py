"""The lecture's worked example (section 8) as a network of layers: values and gradients to ten
digits.
"""

import numpy as np
import pytest

import autograd_lite as ag
import nn

x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
y = np.array([[1.0], [0.0], [1.0]])
WEIGHTS = {
    "0.weight": [[-0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]],
    "2.weight": [[0.7, 0.8, 0.9], [1.0, 1.1, 1.2]],
    "4.weight": [[1.3, -1.4]],
}
H1 = [
    [0.2913126125, -0.4621171573, 0.6043677771],
    [0.4621171573, -0.6043677771, 0.7162978702],
    [0.6043677771, -0.7162978702, 0.8004990218],
]
H2 = [[0.3781561023, 0.5082250720], [0.4846558716, 0.6568700467], [0.5704682674, 0.7770389460]]
O = [[0.4452424595], [0.4281102598], [0.4142931055]]
LOSSES = [[0.8091362924], [0.5588090680], [0.8811815714]]
GRADIENTS = {
    "0.weight": [
        [0.2215578889, 0.3102093653],
        [0.1745044159, 0.2494611050],
        [0.1323784997, 0.1925685200],
    ],
    "2.weight": [
        [-0.1376930300, 0.1807725975, -0.2155750612],
        [0.1482848015, -0.1946781819, 0.2321577582],
    ],
    "4.weight": [[-0.1121419985, -0.1519486509]],
}
close = lambda a, b: np.testing.assert_allclose(a, b, atol=5.1e-11, rtol=0)


@pytest.fixture
def model():
    model = nn.MLP([2, 3, 2, 1], [nn.Tanh, nn.ReLU], output=nn.Sigmoid, bias=False)
    model.load_state_dict(WEIGHTS)
    return model


def test_values(model):
    close(model[:2](x).data, H1)
    close(model[:4](x).data, H2)
    close(model(x).data, O)
    close(nn.binary_cross_entropy(model(x), y, reduction="none").data, LOSSES)
    assert abs(nn.binary_cross_entropy(model(x), y).item() - 0.7497089773) < 5.1e-11


def test_gradients_through_probabilities_and_through_logits(model):
    for loss in (
        lambda: nn.binary_cross_entropy(model(x), y),
        lambda: nn.binary_cross_entropy_with_logits(model[:5](x), y),
    ):
        model.zero_grad()
        loss().backward()
        for name, parameter in model.named_parameters():
            close(parameter.grad, GRADIENTS[name])


def test_numerical_differences_agree(model):
    def loss(*weights):
        for parameter, weight in zip(model.parameters(), weights, strict=True):
            parameter.data = weight.data
        h1 = np.tanh(ag.linear(x, weights[0]))
        h2 = ag.relu(ag.linear(h1, weights[1]))
        return nn.binary_cross_entropy(ag.sigmoid(ag.linear(h2, weights[2])), y)

    ag.check_gradient(loss, *WEIGHTS.values())
    ag.check_gradient(loss, *WEIGHTS.values(), order=2)


def test_a_step_of_gradient_descent_is_the_lectures(model):
    nn.binary_cross_entropy(model(x), y).backward()
    nn.SGD(model.parameters(), lr=0.5).step()
    for name, parameter in model.named_parameters():
        close(parameter.data, np.array(WEIGHTS[name]) - 0.5 * np.array(GRADIENTS[name]))


def test_linear_and_activation_are_two_records(model):
    o = model(x)
    assert o.function is ag.sigmoid
    assert o.arguments[0].function is ag.linear
    assert o.arguments[0].arguments[0].function is ag.relu
