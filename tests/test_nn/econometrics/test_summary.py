"""The table of a regression, in each of its forms."""

import numpy as np
import pytest

import nn

pytest.importorskip("scipy")
x = np.array([[0.0], [1.0], [2.0], [3.0], [4.0]])
y = np.array([[0.0], [2.0], [1.0], [3.0], [5.0]])


def table(names=None, x=x, scale=1.0):
    line = nn.Linear(1, 1, rng=0)
    nn.minimize(line, x, y * scale, nn.mse_loss)
    return nn.summary(line, x, y * scale, nn.mse_loss, names=names)


def test_it_prints_in_columns():
    title, head, *rows = repr(table(["hours"])).splitlines()
    assert title.startswith("mse_loss, n = 5, σ = ") and title.endswith(
        "standard errors by hessian"
    )
    assert head.split() == ["coefficient", "std.", "error", "z", "p"]
    assert [row.split()[0] for row in rows] == ["hours", "bias"]
    assert len({len(line) for line in (head, *rows)}) == 1


def test_standardized_features_are_mentioned():
    model = nn.Sequential(nn.Standardize(x), nn.Linear(1, 1, rng=0))
    nn.minimize(model, x, y, nn.mse_loss)
    made = nn.summary(model, x, y, nn.mse_loss)
    assert repr(made).endswith("one standard deviation of its feature.")
    assert made.coefficients[0] == pytest.approx(table().coefficients[0] * x.std(), rel=1e-6)


def test_numbers_of_any_size():
    assert "e+07" in repr(table(scale=1e7)) and "e-05" in repr(table(scale=1e-5))


def test_names_come_from_a_data_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"hours & more": x.ravel()})
    made = table(x=frame)
    assert made.names == ["hours & more", "bias"]
    written = made.to_frame()
    assert list(written.columns) == ["coefficient", "std. error", "z", "p"]
    assert list(written.index) == made.names
    np.testing.assert_array_equal(written["std. error"], made.standard_errors)
    np.testing.assert_allclose(written["z"], written["coefficient"] / written["std. error"])


def test_names_are_escaped():
    made = table(["<b> & 5%_$x^2~\\"])
    assert "&lt;b&gt; &amp; 5%_$x^2~\\" in made._repr_html_() and "<b>" not in made._repr_html_()
    line = made.to_latex().splitlines()[2]
    expected = r"<b> \& 5\%\_\$x\textasciicircum{}2\textasciitilde{}\textbackslash{} & "
    assert line.startswith(expected)


def test_latex_has_a_minus_sign_and_whole_lines():
    made = table(scale=-1.0).to_latex()
    assert r"& $-$" in made and made.count("\\\\") == 3 and made.count(r"\hline") == 3
    assert made.startswith(r"\begin{tabular}{lrrrr} \hline")
    assert made.endswith("\\end{tabular}\n")


def test_a_name_for_each_feature():
    with pytest.raises(ValueError, match="a name for each of the 1 features"):
        table(["one", "two"])


def test_other_parameters_have_names_too():
    model = nn.Sequential(nn.Linear(1, 1, rng=0), nn.ELU(1.0, learnable=True))
    data = np.linspace(-2, 2, 30).reshape(-1, 1)
    target = np.where(data > 0, data, 0.5 * np.expm1(data)) + 0.05 * np.sin(9 * data)
    nn.minimize(model, data, target, nn.mse_loss, tolerance=1e-10)
    assert nn.summary(model, data, target, nn.mse_loss).names == ["x1", "bias", "1.alpha"]
