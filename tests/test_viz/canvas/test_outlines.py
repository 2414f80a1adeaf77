"""Formulas and words as outlines."""

import pytest

from viz.canvas.outlines import MACROS, formula_outline, shown

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
    r"\sqrt": r"\sqrt{a}",
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


def test_names_are_shortened():
    assert shown("a" * 10_000) == "a" * 39 + "…"
    assert shown(" a\n b ") == "a b"
    assert shown("a\x00b\ud800") == "a�b�"
