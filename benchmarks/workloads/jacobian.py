"""W8-J: all outputs of a small network, for all observations, differentiated by all of its
weights, in float64.
"""

import numpy as np

from benchmarks.workload import Contest
from benchmarks.workloads.hessian import outputs, take_apart


def ours(problem):
    import autograd_lite as ag

    jacobian = ag.jacobian(lambda w: outputs(np, w, problem.x, problem.y.shape[1]))
    return keeping(lambda: jacobian(problem.w))


def loop(problem):
    """The same engine, one row after the other."""
    import autograd_lite as ag

    f = lambda w: outputs(np, w, problem.x, problem.y.shape[1])

    def jacobian():
        value, pullback = ag.vjp(f, problem.w)
        seeds = np.eye(value.size).reshape(-1, *value.shape)
        rows = np.stack([pullback(seed)[0] for seed in seeds])
        return rows.reshape(*value.shape, -1)

    return keeping(jacobian)


def plain(problem):
    """By hand: o_nj = Σ_k W₂_jk h_nk + b₂_j depends on the row j of W₂ and b₂ alone."""
    w, x, (n, j) = problem.w, problem.x, problem.y.shape
    w1, b1, w2, _ = take_apart(w, x.shape[1], j)

    def jacobian():
        h = np.tanh(x @ w1.T + b1)
        db1 = w2 * (1 - h * h)[:, None]
        dw1 = db1[..., None] * x[:, None, None]
        db2 = np.eye(j)[None] * np.ones((n, 1, 1))
        dw2 = db2[..., None] * h[:, None, None]
        parts = dw1, db1, dw2, db2
        return np.concatenate([part.reshape(n, j, -1) for part in parts], axis=2)

    return keeping(jacobian)


def torch_func(problem):
    import torch

    w, x = torch.from_numpy(problem.w), torch.from_numpy(problem.x)
    jacobian = torch.func.jacrev(lambda w: outputs(torch, w, x, problem.y.shape[1]))
    return keeping(lambda: jacobian(w).numpy())


def jax_jit(problem):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, j = jnp.asarray(problem.x), problem.y.shape[1]
    jacobian = jax.jit(jax.jacrev(lambda w: outputs(jnp, w, x, j)))
    w = jnp.asarray(problem.w)
    return keeping(lambda: np.asarray(jacobian(w)))


def hips(problem):
    import autograd
    import autograd.numpy as anp

    jacobian = autograd.jacobian(lambda w: outputs(anp, w, problem.x, problem.y.shape[1]))
    return keeping(lambda: jacobian(problem.w))


def keeping(jacobian):
    """A contest whose result is the last Jacobian; the number to compare is its sum of squares."""
    last = None

    def step():
        nonlocal last
        last = jacobian()
        return np.sum(last**2)

    return Contest(step, lambda: [last])


ENTRIES = {
    "plain": plain,
    "ours": ours,
    "loop": loop,
    "torch_func": torch_func,
    "jax_jit": jax_jit,
    "hips": hips,
}
