"""One competitor in a process of its own: python -m benchmarks.worker WORKLOAD COMPETITOR ENGINE CLOCK.

It builds its step, then answers what it is asked on standard input: "check", or "measure SECONDS". An answer is a pickle on
standard output. ENGINE is the folder from which autograd_lite and nn are imported.
"""

import gc
import os
import pickle
import sys
import time

from benchmarks.workloads import WORKLOADS

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def main():
    name, competitor, engine, clock = sys.argv[1:]
    sys.path.insert(0, engine)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not come between the answers
    workload = WORKLOADS[name]
    build = workload.entries[competitor]
    stopwatch = Stopwatch(build(workload.problem()), workload, CLOCKS[clock])
    for line in sys.stdin:
        question, *arguments = line.split()
        answer = check(build, workload) if question == "check" else stopwatch.measure(float(arguments[0]))
        pickle.dump(answer, answers)
        answers.flush()


def check(build, workload):
    """{what: array} of the first steps: losses, and gradients, or the changes of the weights."""
    contest = build((workload.checked_problem or workload.problem)())
    start = [w.copy() for w in contest.results()] if workload.trains else None
    facts = {}
    for i in (1, 2, 3):
        facts[f"loss of step {i}"] = contest.step()
        for j, result in enumerate(contest.results()):
            change = result - start[j] if workload.trains else result
            facts[f"result {j} of step {i}"] = change.copy()
    return facts


class Stopwatch:
    """Measures the same step again and again."""

    def __init__(self, contest, workload, clock):
        self.step, self.operations, self.clock = contest.step, workload.operations, clock
        self.once = None
        if not workload.collector:
            gc.disable()

    def measure(self, seconds):
        """Seconds of a step (or of an operation): the best of up to five repeats that last `seconds` together.

        The best, because other processes and interrupts only ever add. A repeat is as many steps as fill a fifth of the slice,
        so that what a step does now and then (the cyclic collector) is in it.
        """
        if self.once is None:
            self.step()
            self.once = self.time(1)
        steps = max(1, round(seconds / 5 / self.once))
        repeats = min(5, max(1, round(seconds / (steps * self.once))))
        self.once = min(self.time(steps) / steps for _ in range(repeats))
        return self.once / self.operations

    def time(self, steps):
        step, clock = self.step, self.clock
        start = clock()
        for _ in range(steps):
            step()
        return clock() - start


if __name__ == "__main__":
    main()
