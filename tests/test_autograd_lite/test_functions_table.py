"""docs/functions.md says what the code does."""

import importlib.util
import pathlib

import numpy as np
import pytest

from autograd_lite.derivatives import RULES

DOCS = pathlib.Path(__file__).parent.parent.parent / "docs"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_functions", DOCS / "make_functions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written(maker):
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in maker.TABLE.read_text().splitlines()
        if "| np." in line[:5]
    ]
    return {name: cells for name, *cells in rows}


def test_every_function_stands_there_as_it_is(maker, written):
    for name, function in maker.functions():
        if f"np.{name}" in written or np.__version__ in maker.TABLE.read_text():
            assert tuple(written[f"np.{name}"][2:]) == maker.ours(function), (
                f"run docs/make_functions.py: {name}"
            )


def test_no_function_is_without_an_answer(written):
    missing = [name for name, cells in written.items() if cells[2] == "–"]
    assert missing == [], "each needs a rule, a formula, or a word in queries.py"


def test_what_has_a_derivative_was_checked_to_second_order(written):
    assert [
        name
        for name, cells in written.items()
        if cells[2] in ("rule", "formula") and cells[3] != "2"
    ] == []


def test_the_columns_of_the_others_are_theirs(maker, written):
    pytest.importorskip("autograd")
    pytest.importorskip("torch")
    for name, _ in maker.functions():
        if f"np.{name}" in written:
            assert tuple(written[f"np.{name}"][:2]) == (maker.hips(name), maker.pytorch(name)), (
                f"run docs/make_functions.py: {name}"
            )


def test_whatever_hips_autograd_differentiates_has_a_derivative_or_a_reason(written):
    assert [
        name for name, cells in written.items() if cells[0] == "yes" and cells[2] == "constant"
    ] == []


def test_every_derivative_stands_there_as_the_rule_makes_it(maker):
    lines = [line for line in maker.TABLE.read_text().splitlines() if line.startswith("| `")]
    written = dict(line[2:-2].split(" | ", 1) for line in lines)
    for name, derivative in maker.derivatives():
        if name in written or np.__version__ in maker.TABLE.read_text():
            assert written.get(name) == derivative, f"run docs/make_functions.py: {name}"
    assert written["`np.tanh`"] == "g · (1 − y²)"


def test_a_rule_that_is_changed_changes_what_is_written(maker, monkeypatch):
    before = dict(maker.derivatives())
    monkeypatch.setitem(RULES, np.tanh, (lambda g, y, x: g * (1 - y),))
    monkeypatch.setitem(RULES, np.stack, lambda g, y, *operands, axis=0: list(g))
    after = dict(maker.derivatives())
    assert after["`np.tanh`"] == "g · (1 − y)" and after["`np.stack`"] == "`list(g)`"
    assert {name for name in after if after[name] != before[name]} == {"`np.tanh`", "`np.stack`"}
