"""Ordinary lines, as users write them: an editor that checks types has nothing to say of them."""

import numpy as np

import autograd_lite as ag
import nn
import viz

# Tensors.
w = ag.Tensor([0.5, -1.0], requires_grad=True, name="w")
x = ag.Tensor(2.0)
(w * x + 1).sum().backward()
(2 - w / x).mean().backward(retain_graph=False)
if w.grad is not None:
    w.data -= 0.1 * w.grad
    step: np.ndarray = 0.1 * w.grad
w.grad = None
length: int = len(w.shape) + w.ndim + w.size
number: float = (w @ w).item()
plain: np.ndarray = w.detach().numpy()
for entry in w:
    print(entry.name, f"{entry.item():.3f}")
first, rest = w[0], w[1:]
first.exp().log().tanh().backward()
rest.reshape(-1, 1).T.astype(np.float32).sum(axis=0)
with ag.no_grad():
    np.stack([w, w]), np.where(w > 0, w, 0.0), np.exp(w), np.sum(w * w, axis=0)
with ag.detect_anomaly():
    ag.softmax(w).max().backward()
if w.record is None:
    print(w.requires_grad)


# Derivatives of functions.
def f(x):
    return np.sum(np.sin(x) * x)


gradient = ag.grad(f)(x)
value, derivative = ag.value_and_grad(f)(np.ones(3))
H = ag.hessian(f)(np.array([1.0, 2.0]))
J = ag.jacobian(lambda x: x * x)(np.ones(2))
parts = ag.gradients(w.sum(), [w])
print(ag.check_gradient(f, np.ones(2), analytic=lambda x: np.cos(x) * x + np.sin(x)))


@ag.differentiable(lambda g, y, x: 3 * g * x**2)
def cube(x):
    return x**3


cube(w).sum().backward()


# Networks.
class Residual(nn.Module):
    def __init__(self, features: int):
        super().__init__()
        self.inner = nn.Linear(features, features)
        self.scale = ag.Tensor(1.0, requires_grad=True)

    def forward(self, x):
        return x + self.inner(x).tanh() * self.scale


model = nn.MLP([3, 8, 1], nn.ReLU, output=nn.Sigmoid)
deeper = nn.Sequential(nn.Linear(3, 3, rng=0), Residual(3), nn.Dropout(keep=0.8), nn.Linear(3, 1))
for layer in model:
    print(layer)
features, target = np.zeros((10, 3)), np.ones((10, 1))
loss = nn.mse_loss(deeper(features), target)
loss.backward()
optimizer = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
optimizer.step()
optimizer.zero_grad()
history = nn.fit(model, features, target, nn.binary_cross_entropy, optimizer, 2, progress=False)
print(history[-1]["loss"])
nn.minimize(model, features, target, nn.mse_loss)
for name, parameter in model.named_parameters():
    print(name, parameter.shape, model.state_dict()[name])
model.train().eval()

# Pictures.
viz.network(model, features[0], target[0], nn.binary_cross_entropy).save("network.svg")
rule = viz.chain_rule(model, features[0], target[0], nn.binary_cross_entropy, weight=(1, 1, 2))
print(rule.value, rule.latex)
rule.save("rule.svg", overwrite=True)
viz.gradient_flow(history).save("flow.png")
viz.graph(loss, names={"x": x}).render(outfile="graph.svg")
viz.stepper(model, features[0], target[0], nn.binary_cross_entropy, lr=0.1).save("steps.html")
