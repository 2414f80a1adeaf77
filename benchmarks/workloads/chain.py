"""W6: a chain of single numbers, y ← tanh(w · y), two operations a link, 10⁴ to 10⁶ operations
long.

Nothing but the cost of an operation: its time, and the bytes that its record holds.
"""

import math
from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest


def problem(operations):
    return SimpleNamespace(w=1.2, y=0.5, links=operations // 2)


def chain(tanh, w, problem):
    y = problem.y
    for _ in range(problem.links):
        y = tanh(w * y)
    return y


def ours(problem):
    import autograd_lite as ag

    w = ag.Tensor(problem.w, requires_grad=True)

    def step():
        w.grad = None
        y = chain(np.tanh, w, problem)
        y.backward(retain_graph=False)
        return y.item()

    return Contest(step, lambda: [w.grad], lambda: chain(np.tanh, w, problem))


def plain(problem):
    """Python's floats and two loops: no library could be quicker without compiling."""
    w, gradient = problem.w, 0.0

    def forward():
        ys = [problem.y]
        for _ in range(problem.links):
            ys.append(math.tanh(w * ys[-1]))
        return ys

    def step():
        nonlocal gradient
        ys = forward()
        gradient, g = 0.0, 1.0
        for y, before in zip(ys[:0:-1], ys[-2::-1], strict=True):
            g *= 1 - y * y
            gradient += g * before
            g *= w
        return ys[-1]

    return Contest(step, lambda: [np.array(gradient)], forward)


def pytorch(problem):
    import torch

    w = torch.tensor(problem.w, dtype=torch.float64, requires_grad=True)

    def step():
        w.grad = None
        y = chain(torch.tanh, w, problem)
        y.backward()
        return y.item()

    return Contest(step, lambda: [w.grad.numpy()], lambda: chain(torch.tanh, w, problem))


def hips(problem):
    import autograd
    import autograd.numpy as anp

    value_of = lambda w: chain(anp.tanh, w, problem)
    value_and_grad = autograd.value_and_grad(value_of)
    gradient = None

    def step():
        nonlocal gradient
        value, gradient = value_and_grad(problem.w)
        return value

    return Contest(
        step,
        lambda: [np.array(gradient)],
        lambda: autograd.make_vjp(lambda w: chain(anp.tanh, w, problem), problem.w),
    )


def mygrad(problem):
    import mygrad as mg

    w = mg.tensor(problem.w)

    def step():
        w.null_grad()
        y = chain(mg.tanh, w, problem)
        y.backward()
        return y.item()

    return Contest(step, lambda: [w.grad], lambda: chain(mg.tanh, w, problem))


def in_chains_of(operations, build):
    """A builder that splits the problem into shorter chains: as many steps, or records, as make as
    many operations together.
    """

    def build_several(whole):
        contest, count = build(problem(operations)), 2 * whole.links // operations

        def step():
            for _ in range(count):
                value = contest.step()
            return value

        return Contest(step, None, lambda: [contest.record() for _ in range(count)])

    return build_several


ENTRIES = {"plain": plain, "ours": ours, "pytorch": pytorch, "hips": hips, "mygrad": mygrad}
LENGTHS = {
    "ours": in_chains_of(10**6, ours),
    "ours_1e5": in_chains_of(10**5, ours),
    "ours_1e4": in_chains_of(10**4, ours),
    "pytorch": in_chains_of(10**6, pytorch),
}
