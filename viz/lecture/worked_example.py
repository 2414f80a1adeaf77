"""The lecture's worked example, differentiated three ways. Lecture, section 8.

h₁ = tanh(x ω₁ᵀ)    h₂ = ReLU(h₁ ω₂ᵀ)    o = σ(h₂ ω₃ᵀ)    l = −y ln o − (1 − y) ln(1 − o)    L =
(1/n) Σ l
"""

import numpy as np

import autograd_lite as ag
import nn

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
Y = np.array([[1.0], [0.0], [1.0]])
WEIGHTS = {
    "ω₁": np.array([[-0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]]),
    "ω₂": np.array([[0.7, 0.8, 0.9], [1.0, 1.1, 1.2]]),
    "ω₃": np.array([[1.3, -1.4]]),
}
SLIDE = {
    "h₁": [[0.29, -0.46, 0.6], [0.46, -0.6, 0.72], [0.6, -0.72, 0.8]],
    "h₂": [[0.38, 0.51], [0.48, 0.66], [0.57, 0.78]],
    "o": [[0.45], [0.43], [0.41]],
    "l": [[0.81], [0.56], [0.88]],
    "L": 0.75,
}


def forward(w1, w2, w3):
    """The example's layers and losses by name, each a recorded Tensor if the weights are."""
    h1 = np.tanh(ag.linear(X, w1))
    h2 = ag.relu(ag.linear(h1, w2))
    o = ag.sigmoid(ag.linear(h2, w3))
    losses = nn.binary_cross_entropy(o, Y, reduction="none")
    return {"h₁": h1, "h₂": h2, "o": o, "l": losses, "L": np.mean(losses)}


def gradients_by_hand(w1, w2, w3):
    """∂L/∂ω₁, ∂L/∂ω₂, ∂L/∂ω₃ as matrix formulas, in NumPy alone.

    With s₁, s₂, q for what enters the activations: ∂L/∂q = (o − y)/n; ∂L/∂ω₃ = (∂L/∂q)ᵀ h₂; then
    layer by layer ∂L/∂h = ∂L/∂s ω and ∂L/∂s = ∂L/∂h ∘ a′(s), and ∂L/∂ω = (∂L/∂s)ᵀ times what
    entered the layer.
    """
    h1 = np.tanh(X @ w1.T)
    s2 = h1 @ w2.T
    h2 = np.maximum(s2, 0)
    o = 1 / (1 + np.exp(-h2 @ w3.T))
    by_q = (o - Y) / len(Y)
    by_s2 = by_q @ w3 * (s2 > 0)
    by_s1 = by_s2 @ w2 * (1 - h1**2)
    return [by_s1.T @ X, by_s2.T @ h1, by_q.T @ h2]


def worked_example():
    """(values, comparison): the example's recorded values by name, after backward(), and its
    gradients in three columns.
    """
    weights = [ag.Tensor(array, requires_grad=True, name=name) for name, array in WEIGHTS.items()]
    values = forward(*weights)
    for name, value in values.items():
        value.name = name
    values["L"].backward()
    return values, ag.check_gradient(
        lambda *w: forward(*w)["L"], *weights, analytic=gradients_by_hand
    )


def example_network():
    """The example as a network of layers, without biases."""
    layers = []
    activations = nn.Tanh(), nn.ReLU(), nn.Sigmoid()
    for weight, activation in zip(WEIGHTS.values(), activations, strict=True):
        outputs, inputs = weight.shape
        layers += [nn.Linear(inputs, outputs, bias=False), activation]
        layers[-2].weight.data = weight.copy()
    return nn.Sequential(*layers)


def two_neurons():
    """The loss of a 2-2-1 network built from single numbers, recorded and differentiated: every
    neuron can be followed.
    """
    weight = lambda value, layer, to, source: ag.Tensor(
        value, requires_grad=True, name=f"ω{layer}{to}{source}"
    )
    x1, x2 = ag.Tensor(0.5, name="x₁"), ag.Tensor(-1.0, name="x₂")
    s1 = weight(0.1, "⁽¹⁾", "₁", "₁") * x1 + weight(-0.3, "⁽¹⁾", "₁", "₂") * x2
    s2 = weight(0.4, "⁽¹⁾", "₂", "₁") * x1 + weight(0.2, "⁽¹⁾", "₂", "₂") * x2
    h1, h2 = ag.sigmoid(s1), ag.sigmoid(s2)
    q = weight(0.7, "⁽²⁾", "₁", "₁") * h1 + weight(-0.5, "⁽²⁾", "₁", "₂") * h2
    o = ag.sigmoid(q)
    loss = -np.log(o)  # the observation has y = 1
    for tensor, name in zip(
        (s1, s2, h1, h2, q, o, loss), ("s₁", "s₂", "h₁", "h₂", "q", "o", "l"), strict=True
    ):
        tensor.name = name
    loss.backward()
    return loss
