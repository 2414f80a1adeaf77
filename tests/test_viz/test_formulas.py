import math

import pytest

from viz.canvas.outlines import MACROS, formula_outline, shown
from viz.language.symbols import Notation, digits, indices, normalized, thinned, value_of

SAMPLES = {
    r"\frac": r"\frac{a}{b}",
    r"\tilde": r"\tilde{h}_{1}",
    r"\left": r"\left( \frac{a}{b} \right)",
    r"\right": r"\left( \frac{a}{b} \right)",
    r"\bigg": r"\bigg( \frac{a}{b} \bigg)",
    r"\begin": r"\begin{cases} a, & b \\ c, & d \end{cases}",
    r"\end": r"\begin{cases} a, & b \\ c, & d \end{cases}",
    r"\\": r"\begin{cases} a, & b \\ c, & d \end{cases}",
    r"\text": r"\text{если } y",
    r"\quad": r"a \quad b",
}


@pytest.mark.parametrize("macro", MACROS)
def test_every_macro_draws(macro):
    sample = SAMPLES.get(macro, macro)
    convert = pytest.importorskip("latex2mathml.converter").convert
    # An unknown macro would come through by its name, with the backslash.
    assert "\\" not in convert(sample)
    assert formula_outline(sample).d


def test_an_unknown_macro_is_refused():
    with pytest.raises(ValueError, match=r"\\foo.*MACROS"):
        formula_outline(r"\foo{a}")


def test_cyrillic_stands_in_formulas():
    assert formula_outline(r"\text{если}").d != formula_outline(r"\text{if}").d


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


def test_symbols_of_one_hidden_layer():
    n = Notation([3, 2, 1])
    assert (n.neuron(0, 3), n.neuron(1, 2), n.neuron(2, 1)) == ("x_{3}", "h_{2}", "o")
    assert (n.combination(1, 2), n.combination(2, 1), n.weight(1, 2, 3)) == (
        "s_{2}",
        "q",
        r"\omega^{(1)}_{23}",
    )


def test_symbols_of_several_hidden_layers():
    n = Notation([3, 12, 4, 2])
    assert (n.neuron(1, 12), n.neuron(2, 4), n.neuron(3, 2)) == ("h_{1,12}", "h_{24}", "o_{2}")
    assert n.combination(1, 2) == "s_{12}"
    assert (n.weight(2, 1, 12), n.weight(2, 1, 0)) == (r"\omega^{(2)}_{1,12}", r"\omega^{(2)}_{10}")


def test_symbols_of_a_chain():
    n = Notation([1, 1, 1, 1, 1, 1])
    assert (n.neuron(0, 1), n.neuron(4, 1), n.combination(5, 1)) == ("x", "h_{4}", "s_{5}")
    assert (n.weight(5, 1, 1), n.weight(1, 1, 0)) == (r"\omega_{15}", r"\omega_{01}")


def test_marks_on_symbols():
    assert normalized("h_{12}") == "h^{*}_{12}" and normalized("q") == "q^{*}"
    assert (
        thinned("h_{12}") == r"\tilde{h}_{12}"
        and thinned(normalized("h_{1}")) == r"\tilde{h}^{*}_{1}"
    )
    assert indices("j", 1) == "j1" and indices(1, 10) == "1,10"


def test_names_are_shortened():
    assert shown("a" * 10_000) == "a" * 39 + "…"
    assert shown(" a\n b ") == "a b"
    assert shown("a\x00b\ud800") == "a�b�"
