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
        weights += [(rng.uniform(-1, 1, shape) / np.sqrt(m)).astype(np.float32) for shape in ((k, m), k)]
    x = rng.standard_normal((n, sizes[0]), dtype=np.float32)
    return SimpleNamespace(sizes=sizes, weights=weights, x=x, y=rng.integers(sizes[-1], size=n), lr=lr)


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
    n, rows = len(x), np.arange(len(x))

    def step():
        s1 = x @ w1.T + b1
        h1 = np.maximum(s1, 0)
        s2 = h1 @ w2.T + b2
        h2 = np.maximum(s2, 0)
        s3 = h2 @ w3.T + b3
        shifted = s3 - s3.max(axis=1, keepdims=True)
        e = np.exp(shifted)
        total = e.sum(axis=1, keepdims=True)
        loss = -np.mean(shifted[rows, y] - np.log(total[:, 0]))
        g3 = e / total
        g3[rows, y] -= 1
        g3 /= n
        g2 = g3 @ w3 * (s2 > 0)
        g1 = g2 @ w2 * (s1 > 0)
        gradients = [g1.T @ x, g1.sum(axis=0), g2.T @ h1, g2.sum(axis=0), g3.T @ h2, g3.sum(axis=0)]
        for w, g in zip(weights, gradients, strict=True):
            w -= lr * g
        return loss

    return Contest(step, lambda: weights)


def out(problem):
    """About the limit: nothing is allocated, and all weights are views of one vector, so that the update is two calls."""
    x, lr, n = problem.x, problem.lr, len(problem.x)
    vector, (w1, b1, w2, b2, w3, b3) = views(problem.weights)
    gradient, (gw1, gb1, gw2, gb2, gw3, gb3) = views(problem.weights)
    w1t, w2t, w3t = w1.T, w2.T, w3.T
    h1, h2, s = (np.empty((n, k), np.float32) for k in problem.sizes[1:])
    g1, g2, g3, positive1, positive2 = np.empty_like(h1), np.empty_like(h2), np.empty_like(s), h1 > 0, h2 > 0
    g1t, g2t, g3t, ones = g1.T, g2.T, g3.T, np.ones(n, np.float32)
    target = np.eye(problem.sizes[-1], dtype=np.float32)[problem.y] / n
    largest, total = np.empty((n, 1), np.float32), np.empty((n, 1), np.float32)
    target_flat, s_flat, total_flat = target.reshape(-1), s.reshape(-1), total.reshape(-1)
    dot, add, subtract, multiply, greater = np.dot, np.add, np.subtract, np.multiply, np.greater
    maximum, exp, log, divide = np.maximum, np.exp, np.log, np.divide

    def step():
        dot(x, w1t, h1)
        add(h1, b1, h1)
        maximum(h1, 0, out=h1)
        dot(h1, w2t, h2)
        add(h2, b2, h2)
        maximum(h2, 0, out=h2)
        dot(h2, w3t, s)
        add(s, b3, s)
        maximum.reduce(s, axis=1, keepdims=True, out=largest)
        subtract(s, largest, s)
        exp(s, g3)
        add.reduce(g3, axis=1, keepdims=True, out=total)
        multiply(total, n, largest)
        divide(g3, largest, g3)
        subtract(g3, target, g3)
        log(total, total)
        loss = dot(ones, total_flat) / n - dot(target_flat, s_flat)
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
        multiply(gradient, lr, gradient)
        subtract(vector, gradient, vector)
        return loss

    return Contest(step, lambda: [w1, b1, w2, b2, w3, b3])


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

    value_and_grad = autograd.value_and_grad(lambda weights: cross_entropy(anp, weights, problem.x, problem.y))
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


ENTRIES = {"out": out, "plain": plain, "ours": ours, "pytorch": pytorch, "jax_jit": jax_jit, "hips": hips, "mygrad": mygrad}
