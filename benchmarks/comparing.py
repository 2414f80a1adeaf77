"""Two commits of ours beside each other: python -m benchmarks.comparing BEFORE [AFTER] [--workloads
W2 W3 …] [options].

AFTER is the working tree unless told. Each commit is checked out into a folder of its own for a
while; harness and workloads are the same, those of the working tree, and so is the way of
measuring: see __main__.py. First both must compute the same.
"""

import argparse
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from benchmarks.measuring import ROOT, Failed, Worker, add_options, measure, ratios
from benchmarks.reporting import readable, spread, unit_of
from benchmarks.workloads import WORKLOADS


def main():
    options = arguments()
    with ExitStack() as stack:
        before = stack.enter_context(checked_out(options.before))
        after = stack.enter_context(checked_out(options.after)) if options.after else ROOT
        print(
            f"ours at {options.after or 'the working tree'} ÷ at {options.before}: median "
            "(quartiles)"
        )
        for name in options.workloads:
            engines = {"before": before, "after": after}
            workers = {
                label: Worker(name, "ours", engine, options.threads, options.clock)
                for label, engine in engines.items()
            }
            try:
                figures = measure(name, workers, options.rounds, options.seconds, options.threads)
            except Failed as failure:  # an older commit lacks what a workload needs
                print(f"{name:10} {failure}", flush=True)
                continue
            low, middle, high = spread(ratios(figures, "before")["after"])
            shown = [readable(np.median(values), unit_of(name)) for values in figures.values()]
            print(
                f"{name:10} {shown[0]:>10} → {shown[1]:>10}   {middle:.3f} ({low:.3f}–{high:.3f})",
                flush=True,
            )


def arguments():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.comparing", description=__doc__.split("\n")[0]
    )
    parser.add_argument("before", help="a commit")
    parser.add_argument("after", nargs="?", help="a commit; the working tree, unless told")
    parser.add_argument(
        "--workloads", nargs="+", default=[], metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}"
    )
    return add_options(parser)


@contextmanager
def checked_out(commit):
    """The folder of a commit, for a while."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git("worktree", "add", "--quiet", "--detach", tree, commit)
        try:
            yield tree
        finally:
            git("worktree", "remove", "--force", tree)


def git(*command):
    subprocess.run(["git", *command], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
