"""Formulas as text."""

from viz.language.plain import plain


def test_formulas_as_text():
    assert (
        plain(r"\frac{\partial l}{\partial \omega^{(1)}_{13}} \approx {-}0.06 \cdot 2")
        == "∂l/∂ω⁽¹⁾₁₃ ≈ −0.06 · 2"
    )
    assert plain(r"h_{1} = \frac{1}{1+e^{-(s_{1})}}") == "h₁ = 1/(1+e^(−(s₁)))"
    assert plain(r"3 \cdot 10^{{-}5}") == "3·10⁻⁵"
