"""Ours beside hand-written NumPy and other libraries: python -m benchmarks [WORKLOADS] [options].

How it measures. Each competitor runs in a process of its own, with one thread. First all take three
steps from the same weights on the same data, and losses and gradients must agree. Then they take
turns, A B C, A B C, …, each for a short slice of time; a competitor's time is divided by that of
the reference in the same round, and the table shows the median of these ratios and their quartiles.
So a machine that slows down for a while slows both sides of a ratio. Within a slice the best of up
to five repeats counts. With several threads there is a pause after each slice, since an idle BLAS
thread spins for a while.

A limit on a ratio is judged by the median of the ratios; a limit in seconds or bytes, where nothing
is measured beside ours, by the best round, since other processes only ever add. Memory is what the
system counts for the process, beyond what it had before.

A step is forward + backward + update, by the public functions of each library. "out" is NumPy by
hand with nothing allocated, about the limit; "plain" is NumPy by hand as one would write it.
"""

import argparse
import json
import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measuring import Worker, add_options, available, measure
from benchmarks.reporting import facts, picture, report, summary
from benchmarks.workloads import WORKLOADS


def main():
    options = arguments()
    found = {}
    for name in options.workloads:
        competitors = available(name, options.competitors)
        workers = {
            competitor: Worker(name, competitor, threads=options.threads, clock=options.clock)
            for competitor in competitors
        }
        if workers:
            found[name] = measure(name, workers, options.rounds, options.seconds, options.threads)
            print(report(name, found[name]), flush=True)
    print(summary(found))
    if options.json:
        everything = {
            "conditions": conditions(options),
            "workloads": {name: facts(name, found[name]) for name in found},
        }
        options.json.write_text(json.dumps(everything, indent=1, ensure_ascii=False))
    if options.picture:
        picture(found, options.picture)


def arguments():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "workloads",
        nargs="*",
        metavar="WORKLOAD",
        help=f"of {', '.join(WORKLOADS)}; all, unless told",
    )
    parser.add_argument(
        "--competitors",
        nargs="+",
        default=[""],
        help="ours, plain, out, pytorch, …; all that are installed, unless told",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="draw them there, as .png, .svg or .pdf (needs matplotlib)",
    )
    return add_options(parser)


def conditions(options):
    """Where, when and with what it was measured."""
    versions = {}
    for name in ("numpy", "torch", "jax", "autograd", "mygrad", "micrograd"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    measured = {
        "rounds": options.rounds,
        "seconds": options.seconds,
        "threads": options.threads,
        "clock": options.clock,
    }
    where = {
        "python": platform.python_version(),
        "machine": platform.platform(),
        "cores": os.cpu_count(),
    }
    return {"time": time.strftime("%Y-%m-%d %H:%M:%S"), **where, "versions": versions, **measured}


if __name__ == "__main__":
    main()
