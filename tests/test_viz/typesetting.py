"""LaTeX, where it is installed."""

import shutil
import subprocess

import pytest


def typeset(engine, folder, file="main.tex"):
    """The log of a run without an error, in which no letter is lost."""
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine}")
    ran = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", file],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    log = (folder / file).with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert ran.returncode == 0, log[-2000:]
    assert "Missing character" not in log
    return log
