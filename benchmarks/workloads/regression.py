"""W2: a small tanh network and squared error, in float64. Here the contest is about microseconds
per operation.
"""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest


def problem(sizes=(2, 16, 16, 1), n=32, lr=0.05):
    """Weights as PyTorch begins: w1, b1, w2, b2, w3, b3."""
    rng = np.random.default_rng(0)
    weights = []
    for m, k in pairwise(sizes):
        weights += [rng.uniform(-1, 1, (k, m)) / np.sqrt(m), rng.uniform(-1, 1, k) / np.sqrt(m)]
    x = rng.standard_normal((n, sizes[0]))
    return SimpleNamespace(
        sizes=sizes, weights=weights, x=x, y=np.sin(x.sum(axis=1, keepdims=True)), lr=lr
    )


def ours(problem):
    import nn

    model = nn.MLP(problem.sizes, nn.Tanh)
    for p, w in zip(model.parameters(), problem.weights, strict=True):
        p.data = w
    optimizer = nn.SGD(model.parameters(), lr=problem.lr)
    x, y = problem.x, problem.y

    def step():
        optimizer.zero_grad()
        loss = nn.mse_loss(model(x), y)
        loss.backward(retain_graph=False)
        optimizer.step()
        return loss.item()

    return Contest(step, lambda: [p.data for p in model.parameters()])


def plain(problem):
    x, y, lr = problem.x, problem.y, problem.lr
    w1, b1, w2, b2, w3, b3 = weights = [w.copy() for w in problem.weights]

    def step():
        h1 = np.tanh(x @ w1.T + b1)
        h2 = np.tanh(h1 @ w2.T + b2)
        error = h2 @ w3.T + b3 - y
        loss = np.mean(error**2)
        g3 = error * (2 / error.size)
        g2 = g3 @ w3 * (1 - h2 * h2)
        g1 = g2 @ w2 * (1 - h1 * h1)
        gradients = [g1.T @ x, g1.sum(axis=0), g2.T @ h1, g2.sum(axis=0), g3.T @ h2, g3.sum(axis=0)]
        for w, g in zip(weights, gradients, strict=True):
            w -= lr * g
        return loss

    return Contest(step, lambda: weights)


def out(problem):
    """About the limit: nothing is allocated, and all weights are views of one vector, so that the
    update is two calls.
    """
    vector, weights = views(problem.weights)
    gradient, gradients = views(problem.weights)
    h1, h2, error = (np.empty((len(problem.x), k)) for k in problem.sizes[1:])
    forward = out_forward(problem, weights, h1, h2, error)
    backward = out_backward(problem, weights, gradients, h1, h2, error)
    multiply, subtract, lr = np.multiply, np.subtract, problem.lr

    def step():
        loss = forward()
        backward()
        multiply(gradient, lr, gradient)
        subtract(vector, gradient, vector)
        return loss

    return Contest(step, lambda: weights)


def out_forward(problem, weights, h1, h2, error):
    x, y, flat = problem.x, problem.y, error.reshape(-1)
    w1, b1, w2, b2, w3, b3 = weights
    w1t, w2t, w3t = w1.T, w2.T, w3.T
    dot, add, subtract, tanh = np.dot, np.add, np.subtract, np.tanh

    def forward():
        dot(x, w1t, h1)
        add(h1, b1, h1)
        tanh(h1, h1)
        dot(h1, w2t, h2)
        add(h2, b2, h2)
        tanh(h2, h2)
        dot(h2, w3t, error)
        add(error, b3, error)
        subtract(error, y, error)
        return dot(flat, flat) / flat.size

    return forward


def out_backward(problem, weights, gradients, h1, h2, error):
    x, ones, scale = problem.x, np.ones(len(problem.x)), 2 / error.size
    _, _, w2, _, w3, _ = weights
    gw1, gb1, gw2, gb2, gw3, gb3 = gradients
    g1, g2, slope1, slope2 = (
        np.empty_like(h1),
        np.empty_like(h2),
        np.empty_like(h1),
        np.empty_like(h2),
    )
    g1t, g2t, error_t = g1.T, g2.T, error.T
    dot, subtract, multiply = np.dot, np.subtract, np.multiply

    def backward():
        multiply(error, scale, error)
        dot(error_t, h2, gw3)
        dot(ones, error, gb3)
        dot(error, w3, g2)
        multiply(h2, h2, slope2)
        subtract(1, slope2, slope2)
        multiply(g2, slope2, g2)
        dot(g2t, h1, gw2)
        dot(ones, g2, gb2)
        dot(g2, w2, g1)
        multiply(h1, h1, slope1)
        subtract(1, slope1, slope1)
        multiply(g1, slope1, g1)
        dot(g1t, x, gw1)
        dot(ones, g1, gb1)

    return backward


def views(weights):
    """One vector that holds all weights, and each of them as a view of it."""
    vector = np.concatenate([w.ravel() for w in weights])
    parts = np.split(vector, np.cumsum([w.size for w in weights])[:-1])
    return vector, [part.reshape(w.shape) for part, w in zip(parts, weights, strict=True)]


def pytorch(problem):
    import torch

    model = torch.nn.Sequential(*torch_layers(problem.sizes, torch.nn.Tanh)).double()
    load(model, problem.weights)
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.lr)
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return Contest(step, lambda: [p.detach().numpy() for p in model.parameters()])


def torch_layers(sizes, activation):
    """Linear layers with activations between them."""
    import torch

    layers = []
    for m, k in pairwise(sizes):
        layers += [torch.nn.Linear(m, k), activation()]
    return layers[:-1]


def load(model, weights):
    """Give a PyTorch model these weights."""
    import torch

    with torch.no_grad():
        for p, w in zip(model.parameters(), weights, strict=True):
            p.copy_(torch.from_numpy(w))


def jax_jit(problem):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss_of(weights, x, y):
        return mse(jnp, weights, x, y)

    @jax.jit
    def update(weights, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        return loss, [w - problem.lr * g for w, g in zip(weights, gradients, strict=True)]

    weights = [jnp.asarray(w) for w in problem.weights]
    x, y = jnp.asarray(problem.x), jnp.asarray(problem.y)

    def step():
        nonlocal weights
        loss, weights = update(weights, x, y)
        return float(jax.block_until_ready(loss))

    return Contest(step, lambda: [np.asarray(w) for w in weights])


def hips(problem):
    import autograd
    import autograd.numpy as anp

    value_and_grad = autograd.value_and_grad(
        lambda weights: mse(anp, weights, problem.x, problem.y)
    )
    weights = [w.copy() for w in problem.weights]

    def step():
        loss, gradients = value_and_grad(weights)
        for w, g in zip(weights, gradients, strict=True):
            w -= problem.lr * g
        return loss

    return Contest(step, lambda: weights)


def mse(np, weights, x, y):
    """The loss, in whichever library's NumPy."""
    w1, b1, w2, b2, w3, b3 = weights
    h1 = np.tanh(np.dot(x, w1.T) + b1)
    h2 = np.tanh(np.dot(h1, w2.T) + b2)
    return np.mean((np.dot(h2, w3.T) + b3 - y) ** 2)


def mygrad(problem):
    import mygrad as mg

    w1, b1, w2, b2, w3, b3 = weights = [mg.tensor(w) for w in problem.weights]

    def step():
        h1 = mg.tanh(mg.matmul(problem.x, w1.T) + b1)
        h2 = mg.tanh(mg.matmul(h1, w2.T) + b2)
        loss = mg.mean((mg.matmul(h2, w3.T) + b3 - problem.y) ** 2)
        loss.backward()
        for w in weights:
            w.data -= problem.lr * w.grad
            w.null_grad()
        return loss.item()

    return Contest(step, lambda: [w.data for w in weights])


ENTRIES = {
    "out": out,
    "plain": plain,
    "ours": ours,
    "pytorch": pytorch,
    "jax_jit": jax_jit,
    "hips": hips,
    "mygrad": mygrad,
}
