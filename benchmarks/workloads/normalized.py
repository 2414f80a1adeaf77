"""W4b: W4 with batch normalization and dropout after each hidden layer: linear, ReLU, batch norm,
dropout, twice; linear.

Each observation has a dropout mask of its own, as in PyTorch. All keep the running mean and
variance. Masks are random, so the results are compared with keep = 1, where every neuron stays.
"""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest
from benchmarks.workloads import classification
from benchmarks.workloads.regression import load, views

EPS, MOMENTUM = 1e-5, 0.1
SIZES = (784, 256, 128, 10)


def problem(n=128, keep=0.5):
    """Weights: w, b, τ₁, τ₀ of either hidden layer, then w and b. running: mean and variance of
    either.
    """
    base = classification.problem(SIZES, n)
    weights, running = [], []
    for layer, width in enumerate(SIZES[1:-1]):
        zeros, ones = np.zeros(width, np.float32), np.ones(width, np.float32)
        weights += [*base.weights[2 * layer : 2 * layer + 2], ones, zeros]
        running += [zeros, ones]
    weights += base.weights[-2:]
    return SimpleNamespace(
        weights=weights, running=running, x=base.x, y=base.y, lr=base.lr, keep=keep
    )


def ours(problem):
    import nn

    layers = []
    for m, k in pairwise(SIZES[:-1]):
        layers += [
            nn.Linear(m, k),
            nn.ReLU(),
            nn.BatchNorm1d(k),
            nn.Dropout(keep=problem.keep, per="observation"),
        ]
    model = nn.Sequential(*layers, nn.Linear(SIZES[-2], SIZES[-1])).astype(np.float32)
    for p, w in zip(model.parameters(), problem.weights, strict=True):
        p.data = w
    optimizer = nn.SGD(model.parameters(), lr=problem.lr)
    norms = [layer for layer in model if isinstance(layer, nn.BatchNorm1d)]
    x, y = problem.x, problem.y

    def step():
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward(retain_graph=False)
        optimizer.step()
        return loss.item()

    def results():
        running = [
            buffer.data for norm in norms for buffer in (norm.running_mean, norm.running_var)
        ]
        return [p.data for p in model.parameters()] + running

    return Contest(step, results)


def plain(problem):
    x, y, lr, keep, rng = problem.x, problem.y, problem.lr, problem.keep, np.random.default_rng(0)
    w1, b1, t1, u1, w2, b2, t2, u2, w3, b3 = weights = [w.copy() for w in problem.weights]
    running = [r.copy() for r in problem.running]

    def step():
        s1 = x @ w1.T + b1
        z1, deviation1 = normalize(np.maximum(s1, 0), *running[:2])
        mask1 = draw_mask(rng, z1.shape, keep)
        d1 = (t1 * z1 + u1) * mask1
        s2 = d1 @ w2.T + b2
        z2, deviation2 = normalize(np.maximum(s2, 0), *running[2:])
        mask2 = draw_mask(rng, z2.shape, keep)
        d2 = (t2 * z2 + u2) * mask2
        loss, g3 = classification.plain_loss(d2 @ w3.T + b3, y)
        g2, gt2, gu2 = normalize_backward(g3 @ w3 * mask2, z2, t2, deviation2)
        g2 *= s2 > 0
        g1, gt1, gu1 = normalize_backward(g2 @ w2 * mask1, z1, t1, deviation1)
        g1 *= s1 > 0
        first = [g1.T @ x, g1.sum(axis=0), gt1, gu1]
        second = [g2.T @ d1, g2.sum(axis=0), gt2, gu2]
        for w, g in zip(weights, [*first, *second, g3.T @ d2, g3.sum(axis=0)], strict=True):
            w -= lr * g
        return loss

    return Contest(step, lambda: weights + running)


def normalize(h, running_mean, running_var):
    """(h − mean) / deviation and the deviation; the running values move."""
    n, mean, variance = len(h), h.mean(axis=0), h.var(axis=0)
    running_mean += MOMENTUM * (mean - running_mean)
    running_var += MOMENTUM * (variance * (n / (n - 1)) - running_var)
    deviation = np.sqrt(variance + EPS)
    return (h - mean) / deviation, deviation


def normalize_backward(g, z, t, deviation):
    """From the gradient by t·z + u those by h, t and u."""
    n, gt, gu = len(g), (g * z).sum(axis=0), g.sum(axis=0)
    return t / deviation * (g - gu / n - z * (gt / n)), gt, gu


def draw_mask(rng, shape, keep):
    return (rng.random(shape, dtype=np.float32) < keep) * np.float32(1 / keep)


def out(problem):
    """About the limit: nothing is allocated, and all weights are views of one vector, so that the
    update is two calls.
    """
    x, lr, n = problem.x, problem.lr, len(problem.x)
    vector, weights = views(problem.weights)
    gradient, gradients = views(problem.weights)
    w2, w3, b3, gw3, gb3 = weights[4], *weights[8:], *gradients[8:]
    running = [r.copy() for r in problem.running]
    rng, ones = np.random.default_rng(0), np.ones(n, np.float32)
    first = OutLayer(n, weights[:4], gradients[:4], running[:2], problem.keep, rng)
    second = OutLayer(n, weights[4:8], gradients[4:8], running[2:], problem.keep, rng)
    s, g3 = np.empty((n, SIZES[-1]), np.float32), np.empty((n, SIZES[-1]), np.float32)
    loss_and_gradient = classification.out_loss(problem, s, g3)

    def step():
        d2 = second.forward(first.forward(x))
        np.dot(d2, w3.T, s)
        np.add(s, b3, s)
        loss = loss_and_gradient()
        np.dot(g3.T, d2, gw3)
        np.dot(ones, g3, gb3)
        np.dot(g3, w3, second.g)
        second.backward()
        np.dot(second.g, w2, first.g)
        first.backward()
        np.multiply(gradient, lr, gradient)
        np.subtract(vector, gradient, vector)
        return loss

    return Contest(step, lambda: weights + running)


class OutLayer:
    """Linear, ReLU, batch norm, dropout, with an array of its own for everything."""

    def __init__(self, n, weights, gradients, running, keep, rng):
        self.w, self.b, self.t, self.u = weights
        self.gw, self.gb, self.gt, self.gu = gradients
        self.running_mean, self.running_var = running
        self.keep, self.rng, self.n, self.ones = keep, rng, n, np.ones(n, np.float32)
        width = len(self.b)
        self.z, self.d, self.g, self.spare, self.uniform = (
            np.empty((n, width), np.float32) for _ in range(5)
        )
        self.mean, self.deviation, self.row = (np.empty(width, np.float32) for _ in range(3))
        self.positive, self.stays = np.empty((n, width), bool), np.empty((n, width), bool)

    def forward(self, x):
        self.x, z, spare = x, self.z, self.spare
        np.dot(x, self.w.T, z)
        np.add(z, self.b, z)
        np.greater(z, 0, self.positive)
        np.maximum(z, 0, out=z)
        np.dot(self.ones, z, self.mean)
        np.divide(self.mean, self.n, self.mean)
        np.subtract(z, self.mean, z)
        np.multiply(z, z, spare)
        np.dot(self.ones, spare, self.deviation)
        np.divide(self.deviation, self.n, self.deviation)
        self.track(self.running_mean, self.mean, 1)
        self.track(self.running_var, self.deviation, self.n / (self.n - 1))
        np.add(self.deviation, EPS, self.deviation)
        np.sqrt(self.deviation, self.deviation)
        np.divide(z, self.deviation, z)
        np.multiply(z, self.t, self.d)
        np.add(self.d, self.u, self.d)
        self.rng.random(dtype=np.float32, out=self.uniform)
        np.less(self.uniform, self.keep, self.stays)
        np.multiply(self.stays, np.float32(1 / self.keep), self.uniform)
        return np.multiply(self.d, self.uniform, self.d)

    def track(self, running, batch, factor):
        np.multiply(running, 1 - MOMENTUM, running)
        np.multiply(batch, MOMENTUM * factor, self.row)
        np.add(running, self.row, running)

    def backward(self):
        """From the gradient of d in .g to that of s, also in .g; the weights' on the way."""
        g, z, spare = self.g, self.z, self.spare
        np.multiply(g, self.uniform, g)
        np.multiply(g, z, spare)
        np.dot(self.ones, spare, self.gt)
        np.dot(self.ones, g, self.gu)
        np.divide(self.gu, self.n, self.row)
        np.subtract(g, self.row, g)
        np.divide(self.gt, self.n, self.row)
        np.multiply(z, self.row, z)
        np.subtract(g, z, g)
        np.divide(self.t, self.deviation, self.row)
        np.multiply(g, self.row, g)
        np.multiply(g, self.positive, g)
        np.dot(g.T, self.x, self.gw)
        np.dot(self.ones, g, self.gb)


def pytorch(problem):
    import torch

    layers = []
    for m, k in pairwise(SIZES[:-1]):
        layers += [
            torch.nn.Linear(m, k),
            torch.nn.ReLU(),
            torch.nn.BatchNorm1d(k),
            torch.nn.Dropout(1 - problem.keep),
        ]
    model = torch.nn.Sequential(*layers, torch.nn.Linear(SIZES[-2], SIZES[-1]))
    load(model, problem.weights)
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.lr)
    norms = [layer for layer in model if isinstance(layer, torch.nn.BatchNorm1d)]
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    def results():
        running = [buffer for norm in norms for buffer in (norm.running_mean, norm.running_var)]
        return [tensor.detach().numpy() for tensor in (*model.parameters(), *running)]

    return Contest(step, results)


def network(np, weights, running, masks, x, y):
    """(loss, the new running values), in whichever library's NumPy. masks: with the factor 1 / keep
    in them.
    """
    h, n, moved = x, len(y), []
    for layer, mask in enumerate(masks):
        w, b, t, u = weights[4 * layer : 4 * layer + 4]
        h = np.maximum(np.dot(h, w.T) + b, 0)
        mean = np.mean(h, axis=0)
        variance = np.mean((h - mean) ** 2, axis=0)
        for old, batch in zip(
            running[2 * layer : 2 * layer + 2], (mean, variance * (n / (n - 1))), strict=True
        ):
            moved.append(old + MOMENTUM * (batch - old))
        h = (t * ((h - mean) / np.sqrt(variance + EPS)) + u) * mask
    s = np.dot(h, weights[-2].T) + weights[-1]
    s = s - np.max(s, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(s), axis=1)) - s[np.arange(n), y]), moved


def jax_jit(problem):
    import jax
    import jax.numpy as jnp

    n, keep = len(problem.x), problem.keep

    @jax.jit
    def update(weights, running, key, x, y):
        key, *keys = jax.random.split(key, len(SIZES) - 1)
        masks = [
            jax.random.bernoulli(k, keep, (n, m)) / jnp.float32(keep)
            for k, m in zip(keys, SIZES[1:-1], strict=True)
        ]
        loss_of = lambda weights: network(jnp, weights, running, masks, x, y)
        (loss, running), gradients = jax.value_and_grad(loss_of, has_aux=True)(weights)
        return (
            loss,
            [w - problem.lr * g for w, g in zip(weights, gradients, strict=True)],
            running,
            key,
        )

    weights, running = (
        [jnp.asarray(w) for w in arrays] for arrays in (problem.weights, problem.running)
    )
    x, y, key = jnp.asarray(problem.x), jnp.asarray(problem.y), jax.random.key(0)

    def step():
        nonlocal weights, running, key
        loss, weights, running, key = jax.block_until_ready(update(weights, running, key, x, y))
        return float(loss)

    return Contest(step, lambda: [np.asarray(w) for w in (*weights, *running)])


def hips(problem):
    import autograd
    import autograd.numpy as anp
    from autograd.tracer import getval

    keep, rng = problem.keep, np.random.default_rng(0)
    weights, running = [w.copy() for w in problem.weights], problem.running

    def loss_of(weights):
        nonlocal running
        masks = [draw_mask(rng, (len(problem.x), m), keep) for m in SIZES[1:-1]]
        loss, moved = network(anp, weights, running, masks, problem.x, problem.y)
        running = [getval(r) for r in moved]
        return loss

    value_and_grad = autograd.value_and_grad(loss_of)

    def step():
        loss, gradients = value_and_grad(weights)
        for w, g in zip(weights, gradients, strict=True):
            w -= problem.lr * g
        return loss

    return Contest(step, lambda: weights + running)


ENTRIES = {
    "out": out,
    "plain": plain,
    "ours": ours,
    "pytorch": pytorch,
    "jax_jit": jax_jit,
    "hips": hips,
}
