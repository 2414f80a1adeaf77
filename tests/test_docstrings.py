"""What is public is documented, argument by argument; and the examples in docstrings run, and print
what they say.
"""

import doctest
import importlib
import importlib.util
import inspect
import itertools
import pathlib
import pkgutil
import re

import numpy as np
import pytest

import autograd_lite as ag
import nn
import viz
from autograd_lite import derivatives
from viz.canvas.paper import Pages
from viz.canvas.picture import Picture
from viz.pictures.chain_rule import ChainRule

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


@pytest.fixture
def tables():
    """What an example declares is forgotten after it."""
    before = [(table, dict(table)) for table in (derivatives.RULES, derivatives.COMPUTE)]
    yield
    for table, content in before:
        table.clear()
        table.update(content)


@pytest.mark.parametrize(
    "docstring", [pytest.param(one, id=one.name) for found in EXAMPLES.values() for one in found]
)
def test_examples_print_what_they_say(docstring, tmp_path, monkeypatch, tables):
    monkeypatch.chdir(tmp_path)  # some write files
    shown, defaults = [], {"precision": 8, "suppress": False, "linewidth": 75, "legacy": False}
    with np.printoptions(**defaults):
        Runner(verbose=False, optionflags=doctest.ELLIPSIS).run(docstring, out=shown.append)
    assert not shown, "".join(shown)


@pytest.mark.parametrize("package", EXAMPLES)
def test_every_package_has_examples(package):
    assert EXAMPLES[package]


# What stands in a docstring.


def members(documented):
    """{name: what is documented there} of a public class: its methods and properties, and those of
    the classes of ours above it. What replaces a method and says nothing, does what that says.
    """
    found = {}
    for home in reversed(inspect.getmro(documented) if inspect.isclass(documented) else ()):
        if home.__module__.split(".")[0] in ("autograd_lite", "nn", "viz"):
            found |= {
                name: member
                for name, member in vars(home).items()
                if not name.startswith("_")
                and (inspect.isfunction(member) or isinstance(member, property))
                and (member.__doc__ or not any(name in vars(above) for above in home.__mro__[1:]))
            }
    return found


DOORS = [ag, nn, viz]
if importlib.util.find_spec("sklearn"):
    DOORS.append(importlib.import_module("nn.estimators"))
PUBLIC = {
    f"{package.__name__}.{name}": getattr(package, name)
    for package in DOORS
    for name in package.__all__
}
RETURNED = {made.__name__: made for made in (Picture, ChainRule, Pages)}  # by functions of viz
PUBLIC |= {
    f"{name}.{member}": documented
    for name, whole in (PUBLIC | RETURNED).items()
    for member, documented in members(whole).items()
}
public = pytest.mark.parametrize("documented", PUBLIC.values(), ids=PUBLIC)


def misprints(documented):
    """What is wrong with the form of a docstring: its own, an argument a line, and prose apart."""
    own = vars(documented)["__doc__"] if inspect.isclass(documented) else documented.__doc__
    if not own:
        return ["there is none"]
    lines = inspect.cleandoc(own).splitlines()
    said = {match[1] for line in lines if (match := re.match(r"(\w+): ", line))}
    names = arguments(documented)
    if alike := re.search(r"parameters are those of (\w+)", own):
        names -= arguments(PUBLIC[f"nn.estimators.{alike[1]}"])
    found = [f"{name}: is missing" for name in names - said]
    found += [line for line in lines for name in names if re.search(rf"[.;] {name}: ", line)]
    for line, following in itertools.pairwise(lines):
        # A line after an argument's goes on with it, indented; or it is another's; or it is empty.
        if re.match(r"\.?\w+: ", line) and not re.match(r"$|    \S|\.?\w+: ", following):
            found.append(following)
    return found


def arguments(documented):
    """The names by which it can be given something."""
    if not callable(documented):
        return set()
    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    every = inspect.signature(documented).parameters.values()
    return {argument.name for argument in every if argument.kind in kinds} - {"self"}


@public
def test_each_argument_has_a_line_of_its_own_and_prose_stands_apart(documented):
    assert not (found := misprints(documented)), "\n".join(["", *found])


def test_a_misprint_is_found():
    def f(x, y):
        """Adds.

        x: a number. y: another.
        which is prose.
        """

    assert len(misprints(f)) == 3
    assert misprints(lambda: None) == ["there is none"]


def test_the_ordinary_lines_use_every_public_name_of_nn():
    lines = (pathlib.Path(__file__).parent / "ordinary_lines.py").read_text(encoding="utf-8")
    assert set(nn.__all__) - set(re.findall(r"\bnn\.(\w+)", lines)) == set()


@pytest.mark.parametrize("package", [ag, nn], ids=lambda package: package.__name__)
def test_the_list_of_names_is_complete(package):
    public = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert public == {n for n in package.__all__ if not inspect.ismodule(getattr(package, n))}
