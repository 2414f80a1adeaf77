"""What is public is documented, argument by argument, and importing nn brings in nothing that it
does not need.
"""

import inspect
import itertools
import pathlib
import re
import subprocess
import sys

import pytest

import nn


@pytest.mark.parametrize("name", nn.__all__)
def test_everything_public_has_a_docstring_of_its_own(name):
    assert (
        vars(getattr(nn, name))["__doc__"]
        if inspect.isclass(getattr(nn, name))
        else getattr(nn, name).__doc__
    )


@pytest.mark.parametrize("name", nn.__all__)
def test_each_argument_has_a_line_of_its_own(name):
    documented = getattr(nn, name)
    if not callable(documented):
        return
    arguments = {
        argument.name
        for argument in inspect.signature(documented).parameters.values()
        if argument.kind in (argument.POSITIONAL_OR_KEYWORD, argument.KEYWORD_ONLY)
    }
    text = inspect.cleandoc(documented.__doc__)
    assert arguments - set(re.findall(r"^(\w+): ", text, re.MULTILINE)) == set()
    for argument in arguments:
        assert not re.search(rf"[.;] {argument}: ", text), "two on a line"


def test_prose_stands_apart_from_arguments():
    """A line after an argument's goes on with it, indented; or it is another's; or it is empty."""
    for name in nn.__all__:
        lines = inspect.cleandoc(getattr(nn, name).__doc__).splitlines()
        for line, following in itertools.pairwise(lines):
            if re.match(r"\.?\w+: ", line):
                assert re.match(r"$|    \S|\.?\w+: ", following), f"{name}: {following}"


def test_the_ordinary_lines_use_every_public_name():
    lines = (pathlib.Path(__file__).parents[1] / "ordinary_lines.py").read_text(encoding="utf-8")
    assert set(nn.__all__) - set(re.findall(r"\bnn\.(\w+)", lines)) == set()


def test_the_list_of_names_is_complete():
    public = {
        name
        for name, value in vars(nn).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == set(nn.__all__) - {"init"}


def test_nothing_heavy_is_imported():
    heavy = {"scipy", "tqdm", "matplotlib", "pandas", "torch", "sklearn", "viz"}
    program = f"import sys, nn; print({heavy} & set(sys.modules))"
    assert (
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout
        == "set()\n"
    )
