"""Ours beside hand-written NumPy and other libraries: python -m benchmarks [WORKLOADS] [options].

How it measures. Each competitor runs in a process of its own, with one thread. First all take three steps from the same weights
on the same data, and losses and gradients must agree. Then they take turns, A B C, A B C, …, each for a short slice of time;
a competitor's time is divided by that of the reference in the same round, and the table shows the median of these ratios and
their quartiles. So a machine that slows down for a while slows both sides of a ratio. Within a slice the best of up to five
repeats counts. With several threads there is a pause after each slice, since an idle BLAS thread spins for a while.

A step is forward + backward + update, by the public functions of each library. "out" is NumPy by hand with nothing allocated,
about the limit; "plain" is NumPy by hand as one would write it.
"""

import argparse

from benchmarks.measuring import Worker, available, measure
from benchmarks.reporting import report
from benchmarks.workloads import WORKLOADS


def main():
    options = arguments()
    for name in options.workloads or [name for name, w in WORKLOADS.items() if w.quick or not options.quick]:
        workers = {
            competitor: Worker(name, competitor, threads=options.threads, clock=options.clock)
            for competitor in available(name, options.competitors)
        }
        figures = measure(name, workers, options.rounds, options.seconds, options.threads)
        for worker in workers.values():
            worker.close()
        print(report(name, figures), flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}; all, unless told")
    parser.add_argument("--competitors", nargs="+", help="ours, plain, out, pytorch, …; all that are installed, unless told")
    parser.add_argument("--rounds", type=int, help="11, unless told; a slow workload may take fewer")
    parser.add_argument("--seconds", type=float, help="how long a slice lasts; 0.1, unless told")
    parser.add_argument("--quick", action="store_true", help="short slices, few rounds, no large workloads: under a minute")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help="cpu: on a machine that others use too")
    options = parser.parse_args()
    for name in options.workloads:
        if name not in WORKLOADS:
            parser.error(f"there is no workload {name}; there are {', '.join(WORKLOADS)}")
    options.rounds = options.rounds or (5 if options.quick else 11)
    options.seconds = options.seconds or (0.02 if options.quick else 0.1)
    return options


if __name__ == "__main__":
    main()
