"""The public functions called with nonsense, in a process of its own: it must not crash, hang, or
speak in riddles.
"""

import pathlib
import random
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
FUZZING = pathlib.Path(__file__).parent / "fuzzing.py"


def run(calls, seed):
    done = subprocess.run(
        [sys.executable, FUZZING, str(calls), str(seed)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    assert " 0 faults" in done.stdout


def test_sixty_calls_of_each_function():
    pytest.importorskip("resource")  # the memory limit of Unix
    run(60, seed=0)


@pytest.mark.slow
def test_two_thousand_calls_of_each_function():
    run(2000, seed=random.randrange(2**32))  # which is printed where there are faults
