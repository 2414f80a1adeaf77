"""The examples in docstrings: each runs, and prints what it says."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import autograd_lite as ag
import nn
import viz

PACKAGES = [ag, nn, viz]


def modules(package):
    """All modules of a package, but those that need an extra which is not installed."""
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith("__main__"):
            continue
        try:
            yield importlib.import_module(found.name)
        except ImportError as error:
            if (error.name or "").split(".")[0] in {"autograd_lite", "nn", "viz"}:
                raise


def examples(package):
    """The docstrings with examples. In them the four names that a reader has imported are known."""
    finder, names = doctest.DocTestFinder(), {"np": np, "ag": ag, "nn": nn, "viz": viz}
    return [
        docstring
        for module in modules(package)
        for docstring in finder.find(module, globs=names)
        if docstring.examples
    ]


EXAMPLES = {package.__name__: examples(package) for package in PACKAGES}


class Runner(doctest.DocTestRunner):
    """Skips a docstring whose example needs an extra; it is our own errors that tell."""

    def report_unexpected_exception(self, out, test, example, info):
        missing = info[1] if isinstance(info[1], ImportError) else None
        if missing and ("pip install" in str(missing) or missing.name in ("torch", "sklearn")):
            pytest.skip(str(missing))
        super().report_unexpected_exception(out, test, example, info)


@pytest.mark.parametrize(
    "docstring", [pytest.param(one, id=one.name) for found in EXAMPLES.values() for one in found]
)
def test_examples_print_what_they_say(docstring, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some write files
    shown, defaults = [], {"precision": 8, "suppress": False, "linewidth": 75, "legacy": False}
    with np.printoptions(**defaults):
        Runner(verbose=False, optionflags=doctest.ELLIPSIS).run(docstring, out=shown.append)
    assert not shown, "".join(shown)


@pytest.mark.parametrize("package", EXAMPLES)
def test_every_package_has_examples(package):
    assert EXAMPLES[package]
