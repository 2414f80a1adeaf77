"""How numbers are written: one spelling for all pictures."""

import json
import math
import shutil
import subprocess

import numpy as np
import pytest

import autograd_lite as ag
import viz
from viz.language.functions import value_text
from viz.language.numbers import digits, equals, factor, in_text, result, value_of


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.7310585786, "0.7311"),
        (-0.05, "{-}0.05"),
        (0, "0"),
        (-0.0, "0"),
        (2, "2"),
        (100, "100"),
        (1.2e-7, r"1.2 \cdot 10^{{-}7}"),
        (-123456, r"{-}1.235 \cdot 10^{5}"),
        (math.inf, r"\infty"),
    ],
)
def test_numbers_as_written(value, written):
    assert digits(value) == written
    assert value_of(written) == pytest.approx(value, rel=5e-4)


def test_nan_is_written():
    assert math.isnan(value_of(digits(math.nan)))


@pytest.mark.parametrize(
    ("tie", "written"),
    [(-13.125, "{-}13.13"), (0.5 + 2**-12, "0.5002"), (0.1875 / 2**4, "0.01172"), (1024.5, "1025")],
)
def test_ties_are_rounded_up_in_size(tie, written):
    assert digits(tie) == written


def test_ties_at_every_place_are_rounded_as_javascript_does():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node")
    rng = np.random.default_rng(0)
    whole = rng.integers(1, 2**20, size=3000) * 2.0 ** rng.integers(-30, 6, size=3000)
    values = [*whole.tolist(), *rng.normal(size=1000).tolist(), 9999.5, 99995.0, 12345.5]
    script = """
const sizes = JSON.parse(require("fs").readFileSync(0, "utf-8"));
console.log(JSON.stringify(sizes.map((size) => {
  const [mantissa, exponent] = size.toExponential(3).split("e").map(Number);
  return -4 <= exponent && exponent <= 4
    ? `${Number(size.toFixed(Math.max(3 - exponent, 0)))}`
    : `${mantissa}e${exponent}`;
})));"""
    ran = subprocess.run(
        [node, "-e", script], input=json.dumps(values), capture_output=True, text=True, check=True
    )
    for value, written in zip(values, json.loads(ran.stdout), strict=True):
        assert value_of(digits(value)) == float(written), value


def test_graphs_and_formulas_spell_a_number_alike():
    w = ag.Tensor(1.2e-7, requires_grad=True, name="w")
    assert in_text(1.2e-7) == "1.2·10⁻⁷"
    assert in_text(-1.2e-7) in viz.graph(-w).source and "e−" not in viz.graph(-w).source
    assert in_text(math.inf) == "∞" and in_text(-2) == "−2" and in_text(math.nan) == "nan"
    assert in_text(-1.5e-9 - 2j) == "−1.5·10⁻⁹−2j" and in_text(np.complex128(1j)) == "0+1j"
    assert value_text([1.0, 2e-7]) == "[1, 2·10⁻⁷]" and value_text(None) == "None"


def test_a_negative_factor_stands_in_parentheses():
    assert factor(-2) == "({-}2)" and factor(2) == "2"


def test_equals_only_what_is_written_in_full():
    assert equals(0.25, 3) == "=" and equals(0.25, 1 / 3) == r"\approx"
    assert result(0.5, 1 / 3) == r"\approx 0.5"
