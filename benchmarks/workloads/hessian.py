"""W8: all second derivatives of the loss of a network with one hidden layer, in float64."""

from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest


def problem(m=3, k=8, j=2, n=32):
    """m features, k neurons, j outputs, n observations; w holds all weights."""
    rng = np.random.default_rng(0)
    return SimpleNamespace(
        w=rng.uniform(-0.5, 0.5, k * m + k + j * k + j),
        x=rng.standard_normal((n, m)),
        y=rng.standard_normal((n, j)),
    )


def take_apart(w, m, j):
    """W₁, b₁, W₂, b₂ of the vector of all weights, or of each of many vectors."""
    k = (w.shape[-1] - j) // (m + 1 + j)
    w1, b1, w2 = w[..., : k * m], w[..., k * m : k * m + k], w[..., k * m + k : -j]
    first = w.shape[:-1]
    return w1.reshape(*first, k, m), b1, w2.reshape(*first, j, k), w[..., -j:]


def outputs(np, w, x, j):
    """What the network gives, in whichever library's NumPy."""
    w1, b1, w2, b2 = take_apart(w, x.shape[1], j)
    return np.tanh(x @ w1.T + b1) @ w2.T + b2


def mse(np, w, x, y):
    """The loss."""
    return np.mean((outputs(np, w, x, y.shape[1]) - y) ** 2)


def ours(problem):
    import autograd_lite as ag

    hessian = ag.hessian(lambda w: mse(np, w, problem.x, problem.y))
    return keeping(lambda: hessian(problem.w))


def loop(problem):
    """The same engine, one row after the other: what it takes to walk for all rows at once."""
    import autograd_lite as ag

    gradient = ag.grad(lambda w: mse(np, w, problem.x, problem.y))

    def hessian():
        _, pullback = ag.vjp(gradient, problem.w)
        return np.stack([pullback(row)[0] for row in np.eye(problem.w.size)])

    return keeping(hessian)


def plain(problem):
    """By hand: the gradient's derivative along all axes at once, these in front."""
    w, x, y = problem.w, problem.x, problem.y
    m, j = x.shape[1], y.shape[1]
    w1, b1, w2, b2 = take_apart(w, m, j)
    v1, c1, v2, c2 = take_apart(np.eye(w.size), m, j)

    def hessian():
        h = np.tanh(x @ w1.T + b1)
        slope = 1 - h * h
        g2 = (h @ w2.T + b2 - y) * (2 / y.size)
        back = g2 @ w2
        dh = (x @ v1.transpose(0, 2, 1) + c1[:, None]) * slope
        dg2 = (dh @ w2.T + h @ v2.transpose(0, 2, 1) + c2[:, None]) * (2 / y.size)
        dg1 = (dg2 @ w2 + g2 @ v2) * slope - 2 * back * h * dh
        dw2 = dg2.transpose(0, 2, 1) @ h + g2.T @ dh
        parts = dg1.transpose(0, 2, 1) @ x, dg1.sum(axis=1), dw2, dg2.sum(axis=1)
        return np.concatenate([part.reshape(w.size, -1) for part in parts], axis=1)

    return keeping(hessian)


def pytorch(problem):
    import torch

    w, x, y = (torch.from_numpy(a) for a in (problem.w, problem.x, problem.y))
    loss_of = lambda w: torch_mse(w, x, y)
    return keeping(lambda: torch.autograd.functional.hessian(loss_of, w).numpy())


def torch_func(problem):
    import torch

    w, x, y = (torch.from_numpy(a) for a in (problem.w, problem.x, problem.y))
    hessian = torch.func.hessian(lambda w: torch_mse(w, x, y))
    return keeping(lambda: hessian(w).numpy())


def torch_mse(w, x, y):
    import torch

    return torch.nn.functional.mse_loss(outputs(torch, w, x, y.shape[1]), y)


def jax_jit(problem):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    hessian = jax.jit(jax.hessian(lambda w: mse(jnp, w, problem.x, problem.y)))
    w = jnp.asarray(problem.w)
    return keeping(lambda: np.asarray(hessian(w)))


def hips(problem):
    import autograd
    import autograd.numpy as anp

    hessian = autograd.hessian(lambda w: mse(anp, w, problem.x, problem.y))
    return keeping(lambda: hessian(problem.w))


def keeping(hessian):
    """A contest whose result is the last Hessian; the number to compare is its trace."""
    last = None

    def step():
        nonlocal last
        last = hessian()
        return np.trace(last)

    return Contest(step, lambda: [last])


ENTRIES = {
    "plain": plain,
    "ours": ours,
    "loop": loop,
    "pytorch": pytorch,
    "torch_func": torch_func,
    "jax_jit": jax_jit,
    "hips": hips,
}
