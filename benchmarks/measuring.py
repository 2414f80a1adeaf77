"""Processes, slices and ratios: how competitors are measured side by side."""

import os
import pickle
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.workload import NEEDS
from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parent.parent
PAUSE = 0.15  # seconds; an idle thread of OpenBLAS spins for a tenth of a second after its work


def environment(threads):
    """What must be set before NumPy, PyTorch and XLA are imported."""
    n = str(threads)
    counts = ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
    flags = (
        f"--xla_cpu_multi_thread_eigen={'false' if threads == 1 else 'true'} "
        f"intra_op_parallelism_threads={n}"
    )
    return {
        **os.environ,
        **{f"{library}_NUM_THREADS": n for library in counts},
        "XLA_FLAGS": flags,
        "NPROC": n,
        "JAX_PLATFORMS": "cpu",
    }


class Failed(SystemExit):
    """A competitor could not do its work; ends the command unless caught."""


class Worker:
    """A competitor's process."""

    def __init__(self, workload, competitor, engine=ROOT, threads=1, clock="wall"):
        command = [
            sys.executable,
            "-m",
            "benchmarks.worker",
            workload,
            competitor,
            str(engine),
            clock,
        ]
        self.name = f"{workload} {competitor}"
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(threads),
            cwd=ROOT,
        )

    def ask(self, question):
        """What it answers; meanwhile all others wait."""
        self.tell(question)
        return self.hear()

    def tell(self, question):
        with suppress(BrokenPipeError):  # it has died: `hear` says so
            self.process.stdin.write(f"{question}\n".encode())
            self.process.stdin.flush()

    def hear(self):
        try:
            return pickle.load(self.process.stdout)
        except EOFError:
            raise Failed(f"{self.name} failed: its error stands above.") from None

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def available(workload, wanted=("",)):
    """The competitors of a workload that can run here and begin as one of `wanted` does, in the
    order of its table.
    """
    return [
        name
        for name in WORKLOADS[workload].entries
        if name.startswith(tuple(wanted)) and (name not in NEEDS or find_spec(NEEDS[name]))
    ]


def add_options(parser):
    """What both commands take, added to their own arguments and read."""
    parser.add_argument(
        "--rounds", type=int, help="11, unless told; a slow workload may take fewer"
    )
    parser.add_argument("--seconds", type=float, help="how long a slice lasts; 0.1, unless told")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="few rounds, short slices, no large workloads: under a minute",
    )
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="cpu: on a machine that is busy with other things",
    )
    options = parser.parse_args()
    for name in options.workloads:
        if name not in WORKLOADS:
            parser.error(f"there is no workload {name}; there are {', '.join(WORKLOADS)}")
    options.workloads = options.workloads or [
        name for name, w in WORKLOADS.items() if w.quick or not options.quick
    ]
    options.rounds = options.rounds or (3 if options.quick else 11)
    options.seconds = options.seconds or (0.02 if options.quick else 0.1)
    return options


def measure(workload, workers, rounds, seconds, threads=1):
    """{competitor: [figure of each round]}: check first that all agree, then slices A B C, A B C,
    …; the workers end.
    """
    for worker in workers.values():
        worker.tell("check")  # all at once: nothing is timed yet
    agree(workload, {name: worker.hear() for name, worker in workers.items()})
    figures = {name: [] for name in workers}
    for _ in range(min(rounds, WORKLOADS[workload].rounds)):
        for name, worker in workers.items():
            figures[name].append(worker.ask(f"measure {seconds}"))
            if threads > 1:
                time.sleep(PAUSE)
    for worker in workers.values():
        worker.close()
    return figures


def agree(workload, facts):
    """Raise SystemExit, with every difference, unless all competitors computed the same."""
    tolerance = WORKLOADS[workload].tolerance
    first, *others = facts
    faults = []
    for other in others:
        if facts[other].keys() != facts[first].keys():
            faults.append(f"{other} has other results than {first}")
            continue
        for what, expected in facts[first].items():
            found, expected = np.asarray(facts[other][what]), np.asarray(expected)
            if found.shape != expected.shape:
                faults.append(
                    f"{other}, {what}: the shape is {found.shape}, and {expected.shape} by {first}"
                )
                continue
            error, norm = np.linalg.norm(found - expected), np.linalg.norm(expected)
            if not error <= tolerance * norm:
                faults.append(
                    f"{other}, {what}: differs from {first} by {error:.1e}, where the norm is "
                    f"{norm:.1e}"
                )
    if faults:
        raise SystemExit(
            f"{workload}: the competitors do not agree, so their times say nothing.\n  "
            + "\n  ".join(faults)
        )


def ratios(figures, over):
    """{competitor: [its figure / that of `over` in the same round]}."""
    return {
        name: [a / b for a, b in zip(values, figures[over], strict=True)]
        for name, values in figures.items()
    }
