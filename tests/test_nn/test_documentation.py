"""What is public is documented, and importing nn brings in nothing that it does not need."""

import inspect
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
