"""W8: all second derivatives of the loss of a network with 50 weights, in float64."""

from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest

M, K, J = 3, 8, 2  # features, neurons, outputs: 8·3 + 8 + 2·8 + 2 = 50 weights


def problem(n=32):
    rng = np.random.default_rng(0)
    return SimpleNamespace(
        w=rng.uniform(-0.5, 0.5, K * M + K + J * K + J),
        x=rng.standard_normal((n, M)),
        y=rng.standard_normal((n, J)),
    )


def take_apart(w):
    """W₁, b₁, W₂, b₂ of the vector of all weights."""
    return w[: K * M].reshape(K, M), w[K * M : K * M + K], w[K * M + K : -J].reshape(J, K), w[-J:]


def mse(np, w, x, y):
    """The loss, in whichever library's NumPy."""
    w1, b1, w2, b2 = take_apart(w)
    return np.mean((np.tanh(x @ w1.T + b1) @ w2.T + b2 - y) ** 2)


def ours(problem):
    import autograd_lite as ag

    hessian = ag.hessian(lambda w: mse(np, w, problem.x, problem.y))
    return keeping(lambda: hessian(problem.w))


def plain(problem):
    """By hand: the gradient's derivative along all 50 directions at once, their axis in front."""
    w, x, y = problem.w, problem.x, problem.y
    w1, b1, w2, b2 = take_apart(w)
    directions = np.eye(w.size)
    v1 = directions[:, : K * M].reshape(-1, K, M)
    c1 = directions[:, None, K * M : K * M + K]
    v2 = directions[:, K * M + K : -J].reshape(-1, J, K)
    c2 = directions[:, None, -J:]

    def hessian():
        h = np.tanh(x @ w1.T + b1)
        slope = 1 - h * h
        g2 = (h @ w2.T + b2 - y) * (2 / y.size)
        back = g2 @ w2
        dh = (x @ v1.transpose(0, 2, 1) + c1) * slope
        dg2 = (dh @ w2.T + h @ v2.transpose(0, 2, 1) + c2) * (2 / y.size)
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

    w1, b1, w2, b2 = take_apart(w)
    return torch.nn.functional.mse_loss(torch.tanh(x @ w1.T + b1) @ w2.T + b2, y)


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
    "pytorch": pytorch,
    "torch_func": torch_func,
    "jax_jit": jax_jit,
    "hips": hips,
}
