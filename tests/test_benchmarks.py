"""The benchmarks run, and refuse to time competitors that do not agree."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parent.parent


def run(*command):
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)


def test_ours_and_numpy_by_hand_agree_and_are_timed():
    names = ("W2", "W3", "W4b", "W8", "W8-J", "W9")
    done = run("-m", "benchmarks", *names, "--competitors", "ours", "plain", "--quick")
    assert done.returncode == 0, done.stderr
    for name in names:
        assert f"\n{name} " in f"\n{done.stdout}"
    assert "ours" in done.stdout and "plain" in done.stdout


def test_competitors_that_differ_are_not_timed():
    code = (
        "from benchmarks.measuring import agree; agree('W2', {'one': {'loss': 1.0}, 'two': "
        "{'loss': 1.0 + 1e-6}})"
    )
    done = run("-c", code)
    assert done.returncode == 1
    assert "do not agree" in done.stderr and "two, loss" in done.stderr
