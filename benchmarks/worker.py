"""One competitor in a process of its own: python -m benchmarks.worker WORKLOAD COMPETITOR ENGINE
CLOCK.

It answers what it is asked on standard input: "check", or "measure SECONDS". An answer is a pickle
on standard output. ENGINE is the folder from which autograd_lite, nn and viz are imported.
"""

import gc
import os
import pickle
import sys
import time
from pathlib import Path

from benchmarks.workloads import WORKLOADS

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def main():
    name, competitor, engine, clock = sys.argv[1:]
    sys.path.insert(0, engine)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not come between the answers
    workload = WORKLOADS[name]
    build = workload.entries[competitor]
    meter = METERS[workload.measure](build, workload, CLOCKS[clock])
    for line in sys.stdin:
        question, *arguments = line.split()
        answer = (
            check(build, workload)
            if question == "check"
            else meter.measure(float(arguments[0])) / workload.operations
        )
        pickle.dump(answer, answers)
        answers.flush()


def check(build, workload):
    """{what: array} of the first steps: losses, and gradients, or the changes of the weights."""
    contest = build((workload.checked_problem or workload.problem)())
    if contest.results is None:
        return {}
    start = [w.copy() for w in contest.results()] if workload.trains else None
    facts = {}
    for i in (1, 2, 3):
        facts[f"loss of step {i}"] = contest.step()
        for j, result in enumerate(contest.results()):
            facts[f"result {j} of step {i}"] = (
                result - start[j] if workload.trains else result.copy()
            )
    return facts


class Stopwatch:
    """Seconds of a step: the best of up to five repeats within a slice of time.

    The best, because other processes and interrupts only ever add. A repeat is as many steps as
    fill a fifth of the slice, so that what a step does now and then (the cyclic collector) is in
    it.
    """

    def __init__(self, build, workload, clock):
        self.step, self.clock = build(workload.problem()).step, clock
        self.once = None
        if not workload.collector:
            gc.disable()

    def measure(self, seconds):
        if self.once is None:
            self.step()
            self.once = self.time(1)
        steps = max(1, round(seconds / 5 / self.once))
        repeats = min(5, max(1, round(seconds / (steps * self.once))))
        self.once = min(self.time(steps) / steps for _ in range(repeats))
        return self.once

    def time(self, steps):
        step, clock = self.step, self.clock
        start = clock()
        for _ in range(steps):
            step()
        return clock() - start


class Told:
    """What the step itself returns."""

    def __init__(self, build, workload, clock):
        self.step = build(workload.problem()).step

    def measure(self, seconds):
        return self.step()


class PeakMemory:
    """How far memory rises in a loop of steps, at the most, above what the process had before the
    problem was made. As the system counts it, since that sees the arrays of every library. The
    check, on a small problem, has loaded all code before."""

    def __init__(self, build, workload, clock):
        self.build, self.workload = build, workload

    def measure(self, seconds):
        before = memory("VmRSS")
        problem = self.workload.problem()
        contest = self.build(problem)
        problem.weights = None  # everyone has copied them
        # Sets the peak back to what is held now, with the weights drawn.
        Path("/proc/self/clear_refs").write_text("5")
        for _ in range(5):
            contest.step()
        return memory("VmHWM") - before


class RecordMemory:
    """How much memory the record of a forward pass holds."""

    def __init__(self, build, workload, clock):
        self.build, self.workload = build, workload

    def measure(self, seconds):
        contest = self.build(self.workload.problem())
        before = memory("VmRSS")
        record = contest.record()
        held = memory("VmRSS") - before
        del record
        return held


METERS = {
    "seconds": Stopwatch,
    "seconds told": Told,
    "peak bytes": PeakMemory,
    "record bytes": RecordMemory,
}


def memory(field):
    """Bytes of memory of this process, as Linux keeps book: VmRSS now, VmHWM at its peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise SystemExit(f"This system does not tell {field}: memory is measured on Linux only.")


if __name__ == "__main__":
    main()
