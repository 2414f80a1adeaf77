import re

import numpy as np
import pytest

import autograd_lite as ag
import nn
from viz.canvas.jupyter import bounded
from viz.canvas.shapes import Box, Formula, Label
from viz.language.numbers import value_of
from viz.language.symbols import derivative
from viz.pictures.chain_rule import chain_rule


def backpropagated(model, x, y, loss, weight):
    layer, to, source = weight
    linear = [module for module in model if isinstance(module, nn.Linear)][layer - 1]
    value = loss(model(np.atleast_2d(x)), y)
    if source == 0:
        return ag.gradients(value, [linear.bias])[0][to - 1]
    return ag.gradients(value, [linear.weight])[0][to - 1, source - 1]


MODELS = {
    "slide": (
        nn.MLP([3, 2, 1], nn.Sigmoid, output=nn.Sigmoid, rng=0),
        nn.binary_cross_entropy,
        [[1.0]],
    ),
    "no output activation": (nn.MLP([3, 2, 1], nn.Tanh, rng=1), nn.mse_loss, [[2.0]]),
    "no biases": (nn.MLP([3, 4, 2, 1], nn.ELU, bias=False, rng=2), nn.mse_loss, [[2.0]]),
    "logistic regression": (
        nn.MLP([3, 1], output=nn.Sigmoid, rng=3),
        nn.binary_cross_entropy,
        [[0.0]],
    ),
    "several outputs": (nn.MLP([3, 4, 3, 2], nn.Softplus, rng=4), nn.mse_loss, [[1.0, -1.0]]),
    "softmax": (
        nn.MLP([3, 3, 3], nn.Tanh, output=nn.Softmax, rng=5),
        nn.mse_loss,
        [[0.0, 1.0, 0.0]],
    ),
    "classes": (nn.MLP([3, 3, 3], nn.Tanh, rng=6), nn.cross_entropy, [2]),
    "deep": (nn.MLP([3, 3, 3, 3, 3, 1], nn.Tanh, rng=7), nn.mse_loss, [[1.0]]),
    "no hidden activation": (
        nn.Sequential(
            nn.Linear(3, 2, rng=0), nn.Linear(2, 2, rng=1), nn.Tanh(), nn.Linear(2, 1, rng=2)
        ),
        nn.mse_loss,
        [[1.0]],
    ),
    "normalized": (
        nn.MLP([3, 3, 2, 1], nn.Tanh, batchnorm=True, rng=0).eval(),
        nn.mse_loss,
        [[1.0]],
    ),
    "normalized before the activation": (
        nn.Sequential(
            nn.Linear(3, 2, rng=0), nn.BatchNorm1d(2), nn.Sigmoid(), nn.Linear(2, 1, rng=2)
        ).eval(),
        nn.mse_loss,
        [[1.0]],
    ),
    "mixed": (
        nn.Sequential(
            nn.Linear(3, 4, rng=8), nn.Mixed((nn.ReLU(), 2), (nn.Tanh(), 2)), nn.Linear(4, 1, rng=9)
        ),
        nn.mse_loss,
        [[1.0]],
    ),
}
X = np.array([0.5, -1.0, 2.0])


@pytest.mark.parametrize("name", MODELS)
def test_value_and_paths_are_the_backpropagated_gradient(name):
    model, loss, y = MODELS[name]
    y = np.array(y)
    linears = [module for module in model if isinstance(module, nn.Linear)]
    for layer, linear in enumerate(linears, 1):
        for to in range(1, linear.weight.shape[0] + 1):
            for source in range(0 if linear.bias is not None else 1, linear.weight.shape[1] + 1):
                rule = chain_rule(model, X, y, loss, (layer, to, source))
                expected = backpropagated(model, X, y, loss, (layer, to, source))
                assert rule.value == pytest.approx(expected, rel=1e-12, abs=1e-15)
                assert sum(
                    np.prod([f.value for f in path]) for path in rule.paths
                ) == pytest.approx(expected, rel=1e-12)


def test_written_as_on_the_slide():
    model, loss, y = MODELS["slide"]
    rule = chain_rule(model, X, y, loss, (1, 1, 3))
    d = lambda a, b: rf"\frac{{\partial {a}}}{{\partial {b}}}"
    w = r"\omega^{(1)}_{13}"
    first, second, numbers, number = rule.lines
    assert first == " ".join(
        [
            d("l", w),
            "=",
            d("l", "o"),
            d("o", "q"),
            d("q", "h_{1}"),
            d("h_{1}", "s_{1}"),
            d("s_{1}", w),
        ]
    )
    assert second == " ".join(
        ["=", d("l", "o"), d("o", "q"), r"\omega^{(2)}_{11}", d("h_{1}", "s_{1}"), "x_{3}"]
    )
    assert rule.latex == " ".join([first, second, numbers, number])
    factors = [
        value_of(part.strip("()")) for part in numbers.removeprefix(r"\approx ").split(r" \cdot ")
    ]
    assert np.prod(factors) == pytest.approx(rule.value, rel=3e-3)
    assert value_of(number.removeprefix(r"\approx ")) == pytest.approx(rule.value, rel=6e-4)


def test_the_chain_of_section_6():
    model = nn.MLP([1] * 6, nn.Sigmoid, output=nn.Sigmoid, rng=0)
    rule = chain_rule(model, [2.0], 1.0, nn.binary_cross_entropy, (1, 1, 1))
    assert rule.symbol == r"\frac{\partial l}{\partial \omega_{11}}"
    known = re.findall(r"\\omega_\{\d\d\}|x$", rule.lines[1])
    assert known == [r"\omega_{15}", r"\omega_{14}", r"\omega_{13}", r"\omega_{12}", "x"]
    assert len(rule.paths) == 1 and len(rule.paths[0]) == 11


def test_several_ways_are_a_sum_with_common_factors_in_front():
    model = nn.MLP([3, 2, 2, 1], nn.Tanh, output=nn.Sigmoid, rng=0)
    known = chain_rule(model, X, 1.0, nn.binary_cross_entropy, (1, 1, 3)).lines[1]
    before, inside, after = re.fullmatch(r"= (.*) \\bigg\( (.*) \\bigg\) (.*)", known).groups()
    assert before == r"\frac{\partial l}{\partial o} \frac{\partial o}{\partial q}"
    assert (
        inside.count(" + ") == 1
        and inside.startswith(r"\omega^{(3)}_{11}")
        and r"\omega^{(2)}_{21}" in inside
    )
    assert after == r"\frac{\partial h_{11}}{\partial s_{11}} x_{3}"


def test_a_bias_is_multiplied_by_one():
    model, loss, y = MODELS["slide"]
    rule = chain_rule(model, X, y, loss, (2, 1, 0))
    assert rule.lines[2].endswith(r"\cdot 1") and rule.paths[0][-1].value == 1


def test_no_way_leads_through_a_neuron_that_is_switched_off():
    for seed in range(10):
        dropout = nn.Dropout(keep=0.5, rng=seed)
        model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), dropout, nn.Linear(4, 1, rng=1))
        rules = [chain_rule(model, X, 1.0, nn.mse_loss, (1, j, 1)) for j in (1, 2, 3, 4)]
        assert all((rule.value == 0) == (not rule.paths) for rule in rules)
    assert {len(rule.paths) for rule in rules} <= {0, 1}


def test_wide_and_deep_networks_are_abbreviated_and_exact():
    model = nn.MLP([3, 12, 12, 12, 12, 1], nn.Tanh, rng=0)
    rule = chain_rule(model, X, 1.0, nn.mse_loss, (1, 5, 2))
    assert rule.value == pytest.approx(
        backpropagated(model, X, np.array([[1.0]]), nn.mse_loss, (1, 5, 2)), rel=1e-12
    )
    assert len(rule.latex) < 6000 and r"\cdots" in rule.latex
    with pytest.raises(ValueError, match="more than 10000"):
        chain_rule(nn.MLP([3, 12, 12, 12, 12, 12, 1], rng=0), X, 1.0, nn.mse_loss, (1, 5, 2)).paths  # noqa: B018


def test_draws_itself_as_a_pink_box(tmp_path):
    model, loss, y = MODELS["slide"]
    rule = chain_rule(model, X, y, loss, (1, 1, 3))
    (box,) = rule.picture.all(Box)
    assert box.fill == "#FDECEC"
    assert " ".join(label.says for label in rule.picture.all(Label)) == rule.latex
    assert rule.save(tmp_path / "rule.svg").exists()


def test_it_is_data_and_draws_nothing_until_somebody_looks(monkeypatch):
    def drawn(*_):
        raise AssertionError("drawn")

    monkeypatch.setattr("viz.pictures.chain_rule.Picture", drawn)
    model, loss, y = MODELS["slide"]
    rule = chain_rule(model, X, y, loss, (1, 1, 3))
    assert rule.weight == (1, 1, 3) and isinstance(rule.value, float) and len(rule.lines) == 4
    assert rule.latex == " ".join(rule.lines) and len(rule.paths) == 1
    with pytest.raises(AssertionError, match="drawn"):
        rule.svg()


def test_it_shows_and_saves_itself_as_a_picture_does(tmp_path):
    model, loss, y = MODELS["slide"]
    rule = chain_rule(model, X, y, loss, (1, 1, 3))
    assert rule.svg() == rule.picture.svg() and rule.html() == rule.picture.html()
    bundle, _ = rule._repr_mimebundle_()
    assert bundle["image/svg+xml"] == bounded(rule.svg())
    rows = [formula.says for formula in rule.picture.all(Formula)]
    assert len(rows) > 1 and rule._repr_latex_().count(r"\\ & ") == len(rows) - 1
    assert all(row in rule._repr_latex_() for row in rows)
    with pytest.raises(ValueError, match=r"'rule\.gif'"):
        rule.save(tmp_path / "rule.gif")


def test_a_weight_that_is_not_there_is_refused():
    model, loss, y = MODELS["no biases"]
    with pytest.raises(ValueError, match=r"source 1…3"):
        chain_rule(model, X, y, loss, (1, 1, 0))
    with pytest.raises(ValueError, match="layers 1 to 3"):
        chain_rule(model, X, y, loss, (4, 1, 1))


def test_of_a_weight_without_a_way_to_the_loss_every_line_is_true():
    model = nn.MLP([2, 2, 1], keep=0.5, rng=0)
    model(np.ones((1, 2)))
    model[2].mask = np.array([False, True])
    rule = chain_rule(model, [2.0, 3.0], 1.0, nn.mse_loss, (1, 1, 2))
    symbols, known, numbers, value = rule.lines
    by_weight = derivative("s_{1}", r"\omega^{(1)}_{12}")
    assert symbols == f"{rule.symbol} = {derivative('l', 's_{1}')} {by_weight}"
    assert (known, numbers, value) == ("= 0 x_{2}", r"\approx 0 \cdot 3", r"\approx 0")
    assert rule.value == 0 and rule.paths == []
