"""Ordinary lines, as users write them: an editor that checks types has nothing to say of them."""

import pathlib

import numpy as np
import torch
from sklearn.linear_model import LinearRegression

import autograd_lite as ag
import nn
import viz
from nn.estimators import NetworkClassifier, NetworkRegressor
from nn.losses import mean_over_rows

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


class Gated(nn.Module):
    def __init__(self, parts: list[nn.Module]):
        self.parts = parts

    def forward(self, x, gate: float = 1.0, *, shift=0.0):
        for part in self.parts:
            x = part(x) * gate + shift
        return x


class Swish(nn.Activation):
    row_by_row = True

    def forward(self, s):
        return s * ag.sigmoid(s)


class Clipped(nn.ReLU):
    def forward(self, s):
        return np.minimum(super().forward(s), 6.0)

    def extra_repr(self):
        return "at 6"


features, target = np.linspace(-1, 1, 30).reshape(10, 3), np.tile([[0.0], [1.0]], (5, 1))
labels = np.arange(10) % 3
model = nn.MLP([3, 8, 1], nn.ReLU, output=nn.Sigmoid)
deeper = nn.Sequential(nn.Linear(3, 3, rng=0), Residual(3), nn.Dropout(keep=0.8), nn.Linear(3, 1))
wide = nn.MLP((3, 8, 8, 1), [nn.Tanh, lambda: nn.ELU(0.5)], keep=0.9, batchnorm=True, rng=1)
classifier = nn.MLP([3, features.shape[1], 3], nn.LeakyReLU(0.1), dtype=np.float32)
activations = [nn.ELU(learnable=True), nn.PReLU(), nn.Softplus(), nn.NormalCDF(), nn.Identity()]
kinds = nn.Sequential(nn.Linear(3, 4, bias=False), *activations, Swish(), Clipped())
mixed = nn.Sequential(nn.Linear(3, 5), nn.Mixed((nn.ReLU(), 3), (nn.Tanh(), 2)), nn.Softmax())
noisy = nn.Sequential(nn.Standardize(features), nn.GaussianNoise(0.1, rng=0), nn.BatchNorm1d(3))
gated = Gated([nn.Linear(3, 3), nn.Tanh()])
print(model, len(model), gated(features, 0.5, shift=1.0).shape, kinds[1].alpha.item())
for layer in model:
    print(layer)
print(model[0].weight.shape, model[0].bias.data, model[:2].parameters(), deeper[1].inner.weight)
first_layer = nn.Linear(3, 2)
first_layer.bias.data[:] = 0.5
nn.init.xavier_uniform_(first_layer.weight, gain=5 / 3, rng=np.random.default_rng(0))
nn.init.kaiming_normal_(nn.init.normal_(first_layer.weight, std=0.1))
nn.init.constant_(first_layer.bias, 0.0)
for name, parameter in model.named_parameters():
    print(name, parameter.shape, model.state_dict()[name])
for name, module in deeper.named_modules():
    print(name, module.training, len(module.parameters()))
model.train().eval().astype("float32").astype(np.float64)
model.load_state_dict(model.state_dict())

# Losses.
loss = nn.mse_loss(deeper(features), target)
loss.backward()
print(loss.item(), nn.l1_loss(wide(features), target, reduction="sum").item())
nn.binary_cross_entropy(model(features), target).backward()
nn.binary_cross_entropy_with_logits(wide(features), target).backward()
nn.cross_entropy(classifier(features), labels).backward()
nn.nll_loss(nn.LogSoftmax()(mixed(features)), list(labels), reduction="none").sum().backward()


def huber(prediction, target, delta=1.0):
    error = np.abs(prediction - target)
    return np.mean(np.where(error < delta, error**2 / 2, delta * (error - delta / 2)))


@mean_over_rows
def weighted(prediction, target):
    return (np.square(prediction - target) * [[0.5]]).sum() / len(target)


huber(deeper(features), target).backward()

# Training.
optimizer = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
optimizer.step()
optimizer.zero_grad()
history = nn.fit(model, features, target, nn.binary_cross_entropy, optimizer, 2, progress=False)
print(history[-1]["loss"], history.stopped, [entry["lr"] for entry in history])
print(f"{history.replayed} steps were not recorded")
take_step = nn.Step(model, nn.binary_cross_entropy, optimizer, penalty=None, max_norm=5.0)
batch_loss: float = take_step(features, target)


def train(network: nn.Module, kind: type = nn.Adam, lr=0.01, **options):
    optimizer = kind(network.parameters(), lr=lr)
    return nn.fit(network, features, target, huber, optimizer, epochs=3, progress=False, **options)


for kind in (nn.Adam, nn.AdamW, nn.RMSprop):
    train(deeper, kind, batch_size=4, shuffle="batches", rng=0)
train(wide, nn.SGD, lr=0.1, penalty=nn.Lasso(wide, strength=0.01), gradient_noise=0.01, batches=2)
train(wide, penalty=[nn.Ridge(wide, 0.1), nn.MaxNorm(wide, c=3, per="layer")], max_norm=1)
adam = nn.Adam(deeper.parameters(), lr=0.01, betas=(0.9, 0.99))
history = nn.fit(
    deeper,
    features.tolist(),
    target.tolist(),
    weighted,
    adam,
    epochs=4,
    validation=(features, target),
    patience=2,
    schedule=nn.CosineAnnealingLR(adam, T_max=4),
    progress=False,
)
print(history[history.best_epoch - 1]["validation_loss"], nn.History(history[:2])[0]["loss"])
result = nn.minimize(model, features, target, nn.mse_loss, penalty=nn.Ridge(model, 0.1))
counts = np.arange(len(features))
nn.minimize(model, features, target, nn.mse_loss, sample_weight=counts)
train(deeper, validation=(features, target), patience=2)
nn.fit(
    deeper,
    features,
    target,
    nn.mse_loss,
    adam,
    epochs=2,
    validation=(features, target, counts.tolist()),
    patience=1,
    sample_weight=counts,
    progress=False,
)
print(result.x, result.success, result.gradient_norm)

schedule = nn.StepLR(optimizer, step_size=2, gamma=0.5)
for batches in nn.mini_batches(len(features), batch_size=4, rng=0):
    for batch in batches:
        optimizer.zero_grad()
        loss = nn.mse_loss(model(features[batch]), target[batch])
        loss.backward()
        print(nn.clip_grad_norm_(model.parameters(), 1.0) > 1, loss.item())
        nn.clip_grad_value_(model.parameters(), 0.5)
        optimizer.step()
    schedule.step()
    if schedule.t == 3:
        break


class SignDescent(nn.Optimizer):
    def __init__(self, parameters, lr=0.01, decay=0.5):
        super().__init__(parameters, lr)
        self.decay = decay

    def change(self, w, g, state):
        state["m"] = self.decay * state.get("m", 0.0) + g
        return self.lr * np.sign(state["m"])


class Warmup(nn.Schedule):
    def rate(self, t):
        return self.initial * min(1, t / 10)


class Sixth(nn.Penalty):
    smooth = True

    def __call__(self):
        return sum(np.sum(w**6) for w in self.weights)


own = SignDescent(model.parameters())
nn.fit(model, features, target, nn.mse_loss, own, 2, schedule=Warmup(own), penalty=Sixth(model))

# What the lecture asks.
W = nn.vec(model)
nn.unvec(model, W * 0.9)
nn.mse_loss(model(features), target).backward()
print(nn.gradient_vector(model) @ W, nn.dead_neurons(model, features)[0].mean())
print(nn.observation_gradients(model, features, target, nn.mse_loss).mean(axis=0))
dropped = nn.Sequential(nn.Linear(3, 2), nn.Dropout(keep=0.5, per="observation"))
expected = sum(p * network(features).mean().item() for network, p in nn.thinned_networks(dropped))
dropped.train()(features)
print(expected, dropped[1].mask.mean())
nn.save(model, "model.npz")
same = nn.load(nn.MLP([3, 8, 1], nn.ReLU, output=nn.Sigmoid), pathlib.Path("model.npz"))
print(same[0].weight.data, same.training)
loss = nn.mse_loss(same(features), target)

# Models from elsewhere, and for elsewhere.
brought = nn.from_torch(torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Sigmoid()))
line = nn.from_sklearn(LinearRegression().fit(features, target))
print(brought[0].weight.data, brought(features).data, line(features).data)
estimator = NetworkClassifier((8, 4), ["relu", nn.ELU], dropout=0.2, random_state=0)
estimator.fit(features, target.ravel() > 0, sample_weight=np.ones(len(features)))
print(estimator.predict_proba(features)[:, 1], estimator.history_[-1]["loss"], estimator.n_iter_)
table = nn.summary(model, features, target, nn.mse_loss, names=["a", "b", "c"], kind="sandwich")
print(table, table.p < 0.05, table.to_latex(), table.to_frame(), history.to_frame())
print(table.coefficients / nn.standard_errors(model, features, target, nn.mse_loss))
print(NetworkRegressor(hidden_layer_sizes=(), solver="bfgs").fit(features, target).network_[0])

# Pictures.
viz.network(model, features[0], target[0], nn.binary_cross_entropy).save("network.svg")
rule = viz.chain_rule(model, features[0], target[0], nn.binary_cross_entropy, weight=(1, 1, 2))
print(rule.value, rule.latex)
rule.save("rule.svg", overwrite=True)
viz.network(model, arrows="weight", names=["GPA", "TUCE"], bias=True, captions="ru").svg()
viz.fitted(model, features[:, :2], target[:, 0], names=["GPA", "TUCE"]).save("fitted.pdf")
viz.gradient_flow(history).save("flow.png")
viz.graph(loss, names={"x": x}).render(outfile="graph.svg")
viz.stepper(model, features[0], target[0], nn.binary_cross_entropy, lr=0.1).save("steps.html")
