"""What a workload is: a problem, and for each competitor a way to solve it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

# What must be importable for a competitor to take part. The others need nothing but NumPy and this
# repository.
NEEDS = {
    "pytorch": "torch",
    "torch_func": "torch",
    "jax_jit": "jax",
    "hips": "autograd",
    "mygrad": "mygrad",
    "micrograd": "micrograd",
}


class Contest(NamedTuple):
    """A competitor at its place: what its builder returns.

    step: does the work once, and returns the loss (or whatever number the workload is about).
    results: gives the arrays that must agree with the others': weights, or gradients; None where
        there is nothing to compare.
    record: the forward pass alone; what it returns keeps the record alive, so that its memory can
        be seen.
    """

    step: Callable
    results: Callable | None = None
    record: Callable | None = None


@dataclass(frozen=True)
class Workload:
    """One row of the table.

    entries: {competitor: builder}. A builder takes the problem and returns a Contest; heavy
        libraries are imported inside.
    problem: makes the data and the initial weights, the same in every process.
    must, strive: {competitor: factor}: ours ≤ factor × that competitor; {(who, competitor):
        factor} for another of ours. "limit" is in the unit of the workload itself.
    reference: the competitor that the table's ratios are taken to.
    measure: "seconds" of a step; "seconds told" by the step itself; "peak bytes" of a loop of
        steps; "record bytes" held.
    tolerance: between two competitors' results, as a part of their norm.
    trains: results are weights, of which the changes are compared: they are the gradients times the
        learning rate.
    checked_problem: the problem on which results are compared, where the problem itself is random
        or long.
    operations: what a figure is divided by, where it is given per operation.
    collector: whether CPython's cyclic collector runs.
    """

    title: str
    entries: dict
    problem: Callable
    must: dict = field(default_factory=dict)
    strive: dict = field(default_factory=dict)
    reference: str = "plain"
    measure: str = "seconds"
    tolerance: float = 1e-9
    trains: bool = True
    checked_problem: Callable | None = None
    operations: int = 1
    collector: bool = True
    rounds: int = 100  # at most
    quick: bool = True  # part of the quick mode
