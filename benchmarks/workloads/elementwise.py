"""W7: sum(exp(−x²) · sin x + log1p x²) of a million numbers, and its gradient. The contest is about
passes over memory.
"""

from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest


def problem(n=10**6):
    return SimpleNamespace(x=np.random.default_rng(0).standard_normal(n))


def formula(np, x):
    square = x * x
    return np.sum(np.exp(-square) * np.sin(x) + np.log1p(square))


def ours(problem):
    import autograd_lite as ag

    x = ag.Tensor(problem.x, requires_grad=True)

    def step():
        x.grad = None
        value = formula(np, x)
        value.backward(retain_graph=False)
        return value.item()

    return Contest(step, lambda: [x.grad])


def plain(problem):
    x, gradient = problem.x, None

    def step():
        nonlocal gradient
        square = x * x
        e, s = np.exp(-square), np.sin(x)
        value = np.sum(e * s + np.log1p(square))
        gradient = e * np.cos(x) + 2 * x * (1 / (1 + square) - e * s)
        return value

    return Contest(step, lambda: [gradient])


def out(problem):
    """About the limit: nothing is allocated."""
    x = problem.x
    square, e, s, product, gradient = (np.empty_like(x) for _ in range(5))

    def step():
        np.multiply(x, x, square)
        np.negative(square, e)
        np.exp(e, e)
        np.sin(x, s)
        np.multiply(e, s, product)
        np.log1p(square, s)
        np.add(s, product, s)
        value = np.add.reduce(s)
        np.add(square, 1, square)
        np.divide(1, square, square)
        np.subtract(square, product, square)
        np.multiply(square, x, square)
        np.multiply(square, 2, square)
        np.cos(x, gradient)
        np.multiply(gradient, e, gradient)
        np.add(gradient, square, gradient)
        return value

    return Contest(step, lambda: [gradient])


def pytorch(problem):
    import torch

    x = torch.from_numpy(problem.x).requires_grad_()

    def step():
        x.grad = None
        square = x * x
        value = torch.sum(torch.exp(-square) * torch.sin(x) + torch.log1p(square))
        value.backward()
        return value.item()

    return Contest(step, lambda: [x.grad.numpy()])


def jax_jit(problem):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    value_and_grad = jax.jit(jax.value_and_grad(lambda x: formula(jnp, x)))
    x, gradient = jnp.asarray(problem.x), None

    def step():
        nonlocal gradient
        value, gradient = jax.block_until_ready(value_and_grad(x))
        return float(value)

    return Contest(step, lambda: [np.asarray(gradient)])


def hips(problem):
    import autograd
    import autograd.numpy as anp

    value_and_grad = autograd.value_and_grad(lambda x: formula(anp, x))
    gradient = None

    def step():
        nonlocal gradient
        value, gradient = value_and_grad(problem.x)
        return value

    return Contest(step, lambda: [gradient])


def mygrad(problem):
    import mygrad as mg

    x = mg.tensor(problem.x)

    def step():
        x.null_grad()
        value = formula(mg, x)
        value.backward()
        return value.item()

    return Contest(step, lambda: [x.grad])


ENTRIES = {
    "out": out,
    "plain": plain,
    "ours": ours,
    "pytorch": pytorch,
    "jax_jit": jax_jit,
    "hips": hips,
    "mygrad": mygrad,
}
