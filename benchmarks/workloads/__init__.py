"""The workloads, with what ours must reach and what it strives for."""

from functools import partial

from benchmarks.workload import Workload
from benchmarks.workloads import chain, classification, elementwise, regression, scalars

FLOAT32 = 1e-2  # among a million neurons, rounding moves a few across ReLU's corner: that alone makes 2e-3


def classifier(title, sizes, n, **options):
    problem = partial(classification.problem, sizes, n)
    return Workload(title, classification.ENTRIES, problem, tolerance=FLOAT32, **options)


def chain_of(operations, without=(), **options):
    entries = {name: build for name, build in chain.ENTRIES.items() if name not in without}
    title = f"chain tanh(w·y), scalars, {operations:,} operations, per operation"
    problem = partial(chain.problem, operations)
    return Workload(title, entries, problem, trains=False, operations=operations, **options)


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
        regression.ENTRIES,
        regression.problem,
        must={"plain": 1.25, "pytorch": 1 / 4},
        strive={"out": 1.6, "jax_jit": 1},
    ),
    "W3": classifier(
        "MLP 30-64-64-2 ReLU, batch 64, cross-entropy, float32",
        (30, 64, 64, 2),
        64,
        must={"plain": 1.2, "pytorch": 1 / 2.5},
        strive={"out": 1.3},
    ),
    "W4": classifier(
        "MLP 784-256-128-10, batch 128, float32", (784, 256, 128, 10), 128, must={"plain": 1.08}, strive={"out": 1.06}
    ),
    "W5": classifier(
        "MLP 1024-2048-2048-10, batch 512, float32",
        (1024, 2048, 2048, 10),
        512,
        must={"plain": 1.08},
        strive={"out": 1.02},
        quick=False,
    ),
    "W6-1e4": chain_of(10**4, must={"limit": 3e-6}, strive={"limit": 2e-6}),
    "W6-1e5": chain_of(10**5, must={"limit": 3e-6}, strive={"limit": 2e-6}, without=("mygrad",), rounds=7),
    "W6-1e6": chain_of(10**6, must={"limit": 3e-6}, strive={"limit": 2e-6}, without=("hips", "mygrad"), rounds=3, quick=False),
    "W7": Workload(
        "sum(exp(−x²) · sin x + log1p x²), 10⁶ float64",
        elementwise.ENTRIES,
        elementwise.problem,
        must={"plain": 1.08},
        strive={"out": 1.15},
        trains=False,
    ),
}
