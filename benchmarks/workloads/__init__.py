"""The workloads, with what ours must reach and what it strives for."""

from functools import partial

from benchmarks.workload import Workload
from benchmarks.workloads import (
    chain,
    classification,
    elementwise,
    hessian,
    importing,
    jacobian,
    normalized,
    regression,
    replayed,
    scalars,
)


def classifier(title, sizes, n, others=(), **options):
    options = {"tolerance": 1e-3, **options}
    entries = classification.ENTRIES | dict(others)
    return Workload(title, entries, partial(classification.problem, sizes, n), **options)


def chain_of(operations, without=(), **options):
    """Time of an operation in a chain, the collector running."""
    return Workload(
        f"chain tanh(w·y), scalars, {operations:,} operations: time of one",
        {name: build for name, build in chain.ENTRIES.items() if name not in without},
        partial(chain.problem, operations),
        must={"limit": 3e-6},
        strive={"limit": 2e-6},
        trains=False,
        checked_problem=partial(chain.problem, 1000),
        operations=operations,
        **options,
    )


def chains(title, **options):
    """Chains of several lengths, a million operations together."""
    return Workload(
        f"chains tanh(w·y), scalars, a million operations in all (ours: in one chain): {title}",
        chain.LENGTHS,
        partial(chain.problem, 10**6),
        reference="ours_1e4",
        operations=10**6,
        quick=False,
        **options,
    )


def hessian_of(sizes, **options):
    """All second derivatives, for given features, neurons, outputs and observations."""
    m, k, j, n = sizes
    return Workload(
        f"Hessian of an MLP's loss, {k * (m + 1) + j * (k + 1)} weights, batch {n}",
        hessian.ENTRIES,
        partial(hessian.problem, *sizes),
        trains=False,
        **options,
    )


WORKLOADS = {
    "W1": Workload(
        "scalar MLP 2-16-16-1, one observation",
        scalars.ENTRIES,
        scalars.problem,
        must={"micrograd": 1},
        strive={"micrograd": 0.5},
        reference="micrograd",
    ),
    "W2": Workload(
        "MLP 2-16-16-1 tanh, batch 32, float64",
        regression.ENTRIES | replayed.OF_REGRESSION,
        regression.problem,
        must={"pytorch": 1 / 4, ("fit", "out"): 1.35, ("fit", "jax_jit"): 1},
        strive={"plain": 1.25, "out": 1.6, ("fit", "out"): 1.15, ("Step", "jax_jit"): 1},
    ),
    "W3": classifier(
        "MLP 30-64-64-2 ReLU, batch 64, cross-entropy, float32",
        (30, 64, 64, 2),
        64,
        replayed.OF_CLASSIFICATION,
        must={"pytorch": 1 / 2.5, ("fit", "out"): 1.4},
        strive={"plain": 1.2, "out": 1.3, ("fit", "jax_jit"): 1},
    ),
    "W4": classifier(
        "MLP 784-256-128-10, batch 128, float32",
        (784, 256, 128, 10),
        128,
        replayed.OF_CLASSIFICATION,
        must={"plain": 1.08},
        strive={"out": 1.06, ("fit", "out"): 1.05},
    ),
    "W4b": Workload(
        "W4 with batch norm and dropout(0.5)",
        normalized.ENTRIES,
        normalized.problem,
        must={"pytorch": 1},
        strive={"plain": 1.25},
        tolerance=1e-3,
        checked_problem=partial(normalized.problem, keep=1.0),
    ),
    "W5": classifier(
        "MLP 1024-2048-2048-10, batch 512, float32",
        (1024, 2048, 2048, 10),
        512,
        must={"plain": 1.08},
        strive={"out": 1.02},
        # Among two million neurons, rounding moves a few across ReLU's corner: that alone makes
        # 2e-3.
        tolerance=1e-2,
        quick=False,
    ),
    "W5-peak": classifier(
        "W5: peak memory of a loop",
        (1024, 2048, 2048, 10),
        512,
        must={"plain": 1.25},
        measure="peak bytes",
        checked_problem=partial(classification.problem, (30, 64, 64, 2), 64),
        rounds=1,
        quick=False,
    ),
    "W5-Adam": Workload(
        "Adam's update of W5's parameters",
        replayed.UPDATE,
        replayed.adam,
        must={"plain": 0.6},
        tolerance=1e-5,
        quick=False,
    ),
    "W6-1e4": chain_of(10**4),
    "W6-1e5": chain_of(10**5, without=("mygrad",), rounds=7, quick=False),
    "W6-1e6": chain_of(10**6, without=("hips", "mygrad"), rounds=3, quick=False),
    "W6-paused": chains(
        "time of one, the collector paused",
        must={"limit": 3e-6, "ours_1e5": 1.25, "ours_1e4": 1.25},
        collector=False,
        rounds=3,
    ),
    "W6-bytes": chains(
        "bytes that one holds", must={"limit": 350}, measure="record bytes", rounds=1
    ),
    "W7": Workload(
        "sum(exp(−x²) · sin x + log1p x²), 10⁶ float64",
        elementwise.ENTRIES,
        elementwise.problem,
        must={"plain": 1.08},
        strive={"out": 1.15},
        trains=False,
    ),
    "W8": hessian_of((3, 8, 2, 32), must={"torch_func": 0.5, "pytorch": 0.6}),
    "W8-283": hessian_of((10, 20, 3, 64), must={"loop": 0.5}, strive={"torch_func": 1}),
    "W8-922": hessian_of(
        (20, 40, 2, 128), must={"loop": 0.7}, strive={"torch_func": 1}, quick=False
    ),
    "W8-J": Workload(
        "Jacobian of an MLP's outputs, 96 × 75 weights",
        jacobian.ENTRIES,
        partial(hessian.problem, 5, 8, 3, 32),
        must={"loop": 0.25},
        strive={"torch_func": 1},
        trains=False,
    ),
    "fit-small": Workload(
        "a whole fit, 2-16-16-1 tanh, 1000 observations, batch 32, 50 epochs",
        replayed.SMALL,
        replayed.small_fit,
        must={("fit", "plain"): 1.5},
        strive={("fit", "plain"): 1.2},
    ),
    "fit-digits": Workload(
        "a whole fit, 64-32-10 ReLU, 1797 observations, batch 32, 20 epochs",
        replayed.DIGITS,
        replayed.digits_fit,
        must={("fit", "plain"): 1.5},
        strive={("fit", "plain"): 1.2},
    ),
    "W9": Workload(
        "import autograd_lite, nn beyond import numpy",
        importing.ENTRIES,
        lambda: None,
        must={"limit": 0.020},
        reference="ours",
        measure="seconds told",
    ),
    "W9-viz": Workload(
        "import viz beyond import numpy",
        importing.VIZ,
        lambda: None,
        must={"limit": 0.060},
        reference="ours",
        measure="seconds told",
    ),
}
