"""W1: a network of single numbers, as in micrograd: every product and every sum is an operation of
its own.
"""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest

SIZES = (2, 16, 16, 1)


def problem():
    """numbers: each neuron's weights and then its bias, one neuron after the other; x, y: one
    observation.
    """
    rng = np.random.default_rng(0)
    numbers = []
    for m, k in pairwise(SIZES):
        numbers += (rng.uniform(-1, 1, k * (m + 1)) / np.sqrt(m)).tolist()
    return SimpleNamespace(numbers=numbers, x=[0.5, -1.0], y=1.0, lr=0.001)


def forward(numbers, x, relu):
    """The network's output, the same for all: `numbers` and `x` are the library's scalars or
    Python's.
    """
    numbers = iter(numbers)
    for layer, neurons in enumerate(SIZES[1:], start=1):
        sums = []
        for _ in range(neurons):
            products = [next(numbers) * value for value in x]
            sums.append(sum(products, next(numbers)))
        x = sums if layer == len(SIZES) - 1 else [relu(s) for s in sums]
    return x[0]


def ours(problem):
    import autograd_lite as ag
    import nn

    parameters = [ag.Tensor(number, requires_grad=True) for number in problem.numbers]
    optimizer = nn.SGD(parameters, lr=problem.lr)

    def step():
        optimizer.zero_grad()
        loss = (forward(parameters, problem.x, ag.relu) - problem.y) ** 2
        loss.backward(retain_graph=False)
        optimizer.step()
        return loss.item()

    return Contest(step, lambda: [np.array([p.item() for p in parameters])])


def micrograd(problem):
    from micrograd.engine import Value

    parameters = [Value(number) for number in problem.numbers]

    def step():
        for p in parameters:
            p.grad = 0
        loss = (forward(parameters, problem.x, Value.relu) - problem.y) ** 2
        loss.backward()
        for p in parameters:
            p.data -= problem.lr * p.grad
        return loss.data

    return Contest(step, lambda: [np.array([p.data for p in parameters])])


def pytorch(problem):
    import torch

    parameters = [
        torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in problem.numbers
    ]
    optimizer = torch.optim.SGD(parameters, lr=problem.lr)

    def step():
        optimizer.zero_grad()
        loss = (forward(parameters, problem.x, torch.relu) - problem.y) ** 2
        loss.backward()
        optimizer.step()
        return loss.item()

    return Contest(step, lambda: [np.array([p.item() for p in parameters])])


def jax_jit(problem):
    import jax

    jax.config.update("jax_enable_x64", True)

    @jax.jit
    def update(numbers):
        loss, gradient = jax.value_and_grad(
            lambda numbers: (forward(numbers, problem.x, jax.nn.relu) - problem.y) ** 2
        )(numbers)
        return loss, numbers - problem.lr * gradient

    # One vector, taken apart and put together within the compiled step.
    numbers = jax.numpy.array(problem.numbers)

    def step():
        nonlocal numbers
        loss, numbers = jax.block_until_ready(update(numbers))
        return float(loss)

    return Contest(step, lambda: [np.array(numbers)])


def hips(problem):
    import autograd
    import autograd.numpy as anp

    relu = lambda s: anp.maximum(s, 0.0)
    value_and_grad = autograd.value_and_grad(
        lambda numbers: (forward(numbers, problem.x, relu) - problem.y) ** 2
    )
    numbers = list(problem.numbers)

    def step():
        nonlocal numbers
        loss, gradients = value_and_grad(numbers)
        numbers = [w - problem.lr * g for w, g in zip(numbers, gradients, strict=True)]
        return loss

    return Contest(step, lambda: [np.array(numbers)])


def mygrad(problem):
    import mygrad as mg
    from mygrad.nnet import relu

    parameters = [mg.tensor(number) for number in problem.numbers]

    def step():
        loss = (forward(parameters, problem.x, relu) - problem.y) ** 2
        loss.backward()
        for p in parameters:
            p.data -= problem.lr * p.grad
            p.null_grad()
        return loss.item()

    return Contest(step, lambda: [np.array([p.item() for p in parameters])])


ENTRIES = {
    "micrograd": micrograd,
    "ours": ours,
    "pytorch": pytorch,
    "jax_jit": jax_jit,
    "hips": hips,
    "mygrad": mygrad,
}
