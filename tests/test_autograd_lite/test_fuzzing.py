"""The public functions called with nonsense, in a process of its own: it must not crash, hang, or
speak in riddles.
"""

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
FUZZING = pathlib.Path(__file__).parent / "fuzzing.py"


def run(seconds):
    done = subprocess.run(
        [sys.executable, FUZZING, str(seconds)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    assert "0 faults" in done.stdout


def test_twenty_seconds_of_nonsense():
    pytest.importorskip("resource")  # the memory limit of Unix
    run(20)


@pytest.mark.slow
def test_ten_minutes_of_nonsense():
    run(600)
