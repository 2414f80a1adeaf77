"""W3, W4, W5: a ReLU network with softmax and cross-entropy in float32, from small to large."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest
from benchmarks.workloads.regression import load, torch_layers, views


def problem(sizes, n, lr=0.1):
    """Weights as PyTorch begins: w1, b1, w2, b2, w3, b3. y: labels."""
    rng = np.random.default_rng(0)
    weights = []
    for m, k in pairwise(sizes):
        weights += [
            (rng.uniform(-1, 1, shape) / np.sqrt(m)).astype(np.float32) for shape in ((k, m), k)
        ]
    x = rng.standard_normal((n, sizes[0]), dtype=np.float32)
    return SimpleNamespace(
        sizes=sizes, weights=weights, x=x, y=rng.integers(sizes[-1], size=n), lr=lr
    )


def ours(problem):
    import nn

    model = nn.MLP(problem.sizes, nn.ReLU, dtype=np.float32)
    for p, w in zip(model.parameters(), problem.weights, strict=True):
        p.data = w
    optimizer = nn.SGD(model.parameters(), lr=problem.lr)
    x, y = problem.x, problem.y

    def step():
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward(retain_graph=False)
        optimizer.step()
        return loss.item()

    return Contest(step, lambda: [p.data for p in model.parameters()])


def plain(problem):
    x, y, lr = problem.x, problem.y, problem.lr
    w1, b1, w2, b2, w3, b3 = weights = [w.copy() for w in problem.weights]

    def step():
        s1 = x @ w1.T + b1
        h1 = np.maximum(s1, 0)
        s2 = h1 @ w2.T + b2
        h2 = np.maximum(s2, 0)
        loss, g3 = plain_loss(h2 @ w3.T + b3, y)
        g2 = g3 @ w3 * (s2 > 0)
        g1 = g2 @ w2 * (s1 > 0)
        gradients = [g1.T @ x, g1.sum(axis=0), g2.T @ h1, g2.sum(axis=0), g3.T @ h2, g3.sum(axis=0)]
        for w, g in zip(weights, gradients, strict=True):
            w -= lr * g
        return loss

    return Contest(step, lambda: weights)


def plain_loss(s, y):
    """Cross-entropy of softmax(s) and labels y, and its gradient by s."""
    rows = np.arange(len(y))
    shifted = s - s.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    loss = -np.mean(shifted[rows, y] - np.log(total[:, 0]))
    g = e / total
    g[rows, y] -= 1
    g /= len(y)
    return loss, g


def out(problem):
    """About the limit: nothing is allocated, and all weights are views of one vector, so that the
    update is two calls.
    """
    vector, weights = views(problem.weights)
    gradient, gradients = views(problem.weights)
    h1, h2, s = (np.empty((len(problem.x), k), np.float32) for k in problem.sizes[1:])
    g3 = np.empty_like(s)
    forward = out_forward(problem, weights, h1, h2, s)
    loss_and_gradient = out_loss(problem, s, g3)
    backward = out_backward(problem, weights, gradients, h1, h2, g3)
    multiply, subtract, lr = np.multiply, np.subtract, problem.lr

    def step():
        forward()
        loss = loss_and_gradient()
        backward()
        multiply(gradient, lr, gradient)
        subtract(vector, gradient, vector)
        return loss

    return Contest(step, lambda: weights)


def out_forward(problem, weights, h1, h2, s):
    x = problem.x
    w1, b1, w2, b2, w3, b3 = weights
    w1t, w2t, w3t = w1.T, w2.T, w3.T
    dot, add, maximum = np.dot, np.add, np.maximum

    def forward():
        dot(x, w1t, h1)
        add(h1, b1, h1)
        maximum(h1, 0, out=h1)
        dot(h1, w2t, h2)
        add(h2, b2, h2)
        maximum(h2, 0, out=h2)
        dot(h2, w3t, s)
        add(s, b3, s)

    return forward


def out_loss(problem, s, g):
    """The loss of s, and its gradient by s into g. s is used up."""
    n = len(s)
    ones, target = np.ones(n, np.float32), np.eye(s.shape[1], dtype=np.float32)[problem.y] / n
    row, total = np.empty((n, 1), np.float32), np.empty((n, 1), np.float32)
    target_flat, s_flat, total_flat = target.reshape(-1), s.reshape(-1), total.reshape(-1)
    add, subtract, multiply, divide, exp, log, dot = (
        np.add,
        np.subtract,
        np.multiply,
        np.divide,
        np.exp,
        np.log,
        np.dot,
    )
    row_maximum, row_sum = np.maximum.reduce, add.reduce

    def loss_and_gradient():
        row_maximum(s, axis=1, keepdims=True, out=row)
        subtract(s, row, s)
        exp(s, g)
        row_sum(g, axis=1, keepdims=True, out=total)
        multiply(total, n, row)
        divide(g, row, g)
        subtract(g, target, g)
        log(total, total)
        return dot(ones, total_flat) / n - dot(target_flat, s_flat)

    return loss_and_gradient


def out_backward(problem, weights, gradients, h1, h2, g3):
    x, ones = problem.x, np.ones(len(problem.x), np.float32)
    _, _, w2, _, w3, _ = weights
    gw1, gb1, gw2, gb2, gw3, gb3 = gradients
    g1, g2, positive1, positive2 = np.empty_like(h1), np.empty_like(h2), h1 > 0, h2 > 0
    g1t, g2t, g3t = g1.T, g2.T, g3.T
    dot, multiply, greater = np.dot, np.multiply, np.greater

    def backward():
        dot(g3t, h2, gw3)
        dot(ones, g3, gb3)
        dot(g3, w3, g2)
        greater(h2, 0, positive2)
        multiply(g2, positive2, g2)
        dot(g2t, h1, gw2)
        dot(ones, g2, gb2)
        dot(g2, w2, g1)
        greater(h1, 0, positive1)
        multiply(g1, positive1, g1)
        dot(g1t, x, gw1)
        dot(ones, g1, gb1)

    return backward


def pytorch(problem):
    import torch

    model = torch.nn.Sequential(*torch_layers(problem.sizes, torch.nn.ReLU))
    load(model, problem.weights)
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.lr)
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return Contest(step, lambda: [p.detach().numpy() for p in model.parameters()])


def jax_jit(problem):
    import jax
    import jax.numpy as jnp

    def loss_of(weights, x, y):
        return cross_entropy(jnp, weights, x, y)

    @jax.jit
    def update(weights, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(weights, x, y)
        return loss, [w - problem.lr * g for w, g in zip(weights, gradients, strict=True)]

    weights = [jnp.asarray(w) for w in problem.weights]
    x, y = jnp.asarray(problem.x), jnp.asarray(problem.y)

    def step():
        nonlocal weights
        loss, weights = update(weights, x, y)
        jax.block_until_ready(weights)
        return float(loss)

    return Contest(step, lambda: [np.asarray(w) for w in weights])


def hips(problem):
    import autograd
    import autograd.numpy as anp

    value_and_grad = autograd.value_and_grad(
        lambda weights: cross_entropy(anp, weights, problem.x, problem.y)
    )
    weights = [w.copy() for w in problem.weights]

    def step():
        loss, gradients = value_and_grad(weights)
        for w, g in zip(weights, gradients, strict=True):
            w -= problem.lr * g
        return loss

    return Contest(step, lambda: weights)


def cross_entropy(np, weights, x, y):
    """The loss, in whichever library's NumPy."""
    w1, b1, w2, b2, w3, b3 = weights
    h1 = np.maximum(np.dot(x, w1.T) + b1, 0)
    h2 = np.maximum(np.dot(h1, w2.T) + b2, 0)
    s = np.dot(h2, w3.T) + b3
    s = s - np.max(s, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(s), axis=1)) - s[np.arange(len(y)), y])


def mygrad(problem):
    import mygrad as mg
    from mygrad.nnet import relu, softmax_crossentropy

    w1, b1, w2, b2, w3, b3 = weights = [mg.tensor(w) for w in problem.weights]

    def step():
        h1 = relu(mg.matmul(problem.x, w1.T) + b1)
        h2 = relu(mg.matmul(h1, w2.T) + b2)
        loss = softmax_crossentropy(mg.matmul(h2, w3.T) + b3, problem.y)
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
