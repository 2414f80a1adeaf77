import itertools

import numpy as np
import pytest

import autograd_lite as ag
import nn
from viz.canvas.colours import ACTIVATION, FACTOR, GRADIENT, PINK
from viz.canvas.shapes import DASHED, SOLID, Circle, Label, Line, Rectangle
from viz.language.numbers import value_of
from viz.language.words import WORDS
from viz.pictures.gradient_flow import gradient_flow, verdict
from viz.reading.flows import layer_flows


def says(picture):
    return [label.says for label in picture.all(Label)]


def test_factors_of_a_chain_are_those_of_section_6():
    model = nn.MLP([1] * 5, nn.Tanh, rng=0)
    flows = layer_flows(model, [[0.5]], np.array([[1.0]]), nn.mse_loss)
    h = np.array([[0.5]])
    for flow, linear, following in zip(flows[:-1], model[:-1:2], model[2::2], strict=True):
        h = np.tanh(h @ linear.weight.data.T + linear.bias.data)
        assert flow.activation == pytest.approx(abs(h.item()))
        assert flow.factor == pytest.approx(abs((1 - h**2).item() * following.weight.data.item()))


def test_gradients_are_the_engines():
    model, rng = nn.MLP([3, 4, 4, 1], nn.ReLU, rng=0), np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=(20, 1))
    flows = layer_flows(model, x, y, nn.mse_loss)
    tensors = [ag.Tensor(x, requires_grad=True)]
    for module in model:
        tensors.append(module(tensors[-1]))
    expected = ag.gradients(nn.mse_loss(tensors[-1], y), [tensors[1], tensors[3], tensors[5]])
    assert [flow.gradient for flow in flows] == pytest.approx(
        [np.sqrt(np.mean(g**2)) for g in expected]
    )


def test_a_deep_sigmoid_network_vanishes_and_stays_readable(collisions):
    rng = np.random.default_rng(0)
    model = nn.MLP([5] + [8] * 49 + [1], nn.Sigmoid, rng=0)
    picture = gradient_flow(model, rng.normal(size=(20, 5)), rng.normal(size=(20, 1)), nn.mse_loss)
    assert any("VANISHES" in words for words in says(picture))
    labels = picture.all(Label)
    assert not [
        (a.says, b.says)
        for i, a in enumerate(labels)
        for b in labels[:i]
        if a.bounds.overlaps(b.bounds)
    ]


def test_large_weights_explode():
    model = nn.MLP([2] + [6] * 20 + [1], nn.Identity, rng=0)
    for linear in model[::2]:
        linear.weight.data = linear.weight.data * 5
    flows = layer_flows(model, np.ones((4, 2)), np.zeros((4, 1)), nn.mse_loss)
    ends = flows[0].gradient, flows[-1].gradient
    assert "EXPLODES" in verdict(*ends, WORDS["en"]["flow"]) and "ВЗРЫВАЕТСЯ" in verdict(
        *ends, WORDS["ru"]["flow"]
    )


def test_dead_neurons_are_counted():
    model = nn.MLP([2, 3, 1], nn.ReLU, rng=0)
    model[0].bias.data = np.array([-100.0, 10.0, -100.0])
    picture = gradient_flow(model, np.ones((4, 2)), np.zeros((4, 1)), nn.mse_loss)
    assert layer_flows(model, np.ones((4, 2)), np.zeros((4, 1)), nn.mse_loss)[0].dead == (1, 3)
    assert "dead neurons" in says(picture) and "2" in says(picture)


def test_the_factors_written_are_the_factors():
    model, x, y = nn.MLP([3, 2, 2, 1], nn.Tanh, rng=0), np.ones((5, 3)), np.zeros((5, 1))
    written = [
        label
        for label in gradient_flow(model, x, y, nn.mse_loss).all(Label)
        if label.colour == "#B05A00"
    ][:-1]
    factors = [flow.factor for flow in layer_flows(model, x, y, nn.mse_loss)[:-1]]
    assert [value_of(label.says) for label in written] == pytest.approx(factors, rel=6e-3)


def test_nothing_arrives_at_a_dead_layer():
    model = nn.MLP([2, 3, 1], nn.ReLU, rng=0)
    model[0].bias.data = np.full(3, -100.0)
    picture = gradient_flow(model, np.ones((4, 2)), np.zeros((4, 1)), nn.mse_loss, captions="ru")
    assert any("совсем не обучается" in words for words in says(picture))
    with pytest.raises(ValueError, match="'de'"):
        gradient_flow(model, np.ones((4, 2)), np.zeros((4, 1)), nn.mse_loss, captions="de")


def test_of_a_history_epoch_by_epoch():
    model, rng = nn.MLP([3, 8, 8, 1], nn.ReLU, rng=0), np.random.default_rng(0)
    x, y = rng.normal(size=(40, 3)), rng.normal(size=(40, 1))
    history = nn.fit(
        model, x, y, nn.mse_loss, nn.SGD(model.parameters(), lr=0.05), epochs=12, progress=False
    )
    picture = gradient_flow(history)
    labels = picture.all(Label)
    assert not [
        (a.says, b.says)
        for i, a in enumerate(labels)
        for b in labels[:i]
        if a.bounds.overlaps(b.bounds)
    ]
    assert {r"\omega_{1}", r"\omega_{3}"} <= set(says(picture)) and "epoch" in says(picture)
    with pytest.raises(ValueError, match="at least one epoch"):
        gradient_flow(nn.History())


def test_of_a_model_alone_from_the_gradients_it_has():
    model = nn.MLP([3, 2, 1], nn.Tanh, rng=0)
    with pytest.raises(ValueError, match="no gradients yet"):
        gradient_flow(model)
    nn.mse_loss(model(np.ones((4, 3))), np.zeros((4, 1))).backward()
    assert "gradients of the weights, |∂L/∂ω|" in says(gradient_flow(model))


def a_dead_layer():
    model = nn.MLP([3, 4, 4, 1], nn.ReLU, rng=0)
    model[2].bias.data = np.full(4, -100.0)
    return model


def test_a_0_stands_under_the_powers_of_ten():
    x = np.random.default_rng(0).normal(size=(20, 3))
    picture = gradient_flow(a_dead_layer(), x, np.ones((20, 1)), nn.mse_loss)
    ticks = {label.says: label.y for label in picture.all(Label) if label.x < 0}
    squares = [s.bounds for s in picture.all(Rectangle) if s.fill == GRADIENT][:-1]
    heights = [(b.top + b.bottom) / 2 for b in squares]
    assert heights[:2] == pytest.approx([328, 328])  # both 0, and lower than any power
    assert all(y < 328 - 10 for says, y in ticks.items() if "10^" in says and y < 340)
    bounds = [s.bounds for s in picture.shapes]
    assert np.isfinite([[b.left, b.top, b.right, b.bottom] for b in bounds]).all()


def test_nan_and_infinity_are_written_not_placed():
    for value, word in ((np.nan, r"\text{nan}"), (1e308, r"\infty")):
        model = nn.MLP([3, 2, 2, 1], nn.Identity, rng=0)
        model[2].weight.data = np.full((2, 2), value)
        with np.errstate(all="ignore"):
            picture = gradient_flow(model, 9 * np.ones((2, 3)), np.ones((2, 1)), nn.mse_loss)
        assert word in says(picture) and not any("EXPLODES" in words for words in says(picture))
    bounds = [s.bounds for s in picture.shapes]
    assert np.isfinite([[b.left, b.top, b.right, b.bottom] for b in bounds]).all()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_sentence_by_the_first_and_the_last_gradient(language):
    words = WORDS[language]["flow"]
    cases = {
        "flat": [(0, 0), (1, 0)],
        "nothing": [(0, 1)],
        "nan": [(np.nan, 1), (1, np.nan), (np.nan, np.inf)],
        "infinite": [(np.inf, 1), (1, np.inf)],
    }
    for name, ends in cases.items():
        assert {verdict(*pair, words) for pair in ends} == {words[name]}
    for ends in ((1e-300, 1e300), (1e300, 1e-300), (5e-324, 1.0)):
        name = "vanish" if ends[0] < ends[1] else "explode"
        assert verdict(*ends, words).startswith(words[name].partition("{")[0])


def test_nothing_left_to_learn_is_no_dead_network():
    model, x = nn.MLP([3, 2, 1], nn.Tanh, rng=0), np.ones((1, 3))
    sentence = says(gradient_flow(model, x, model(x).data, nn.mse_loss))[-1]
    assert "does not learn" not in sentence and "minimum" in sentence


def test_only_the_slow_layers_are_shaded():
    model = nn.MLP([2, 2, 2, 1], nn.Identity, rng=0)
    x, y = np.ones((2, 2)), np.ones((2, 1))
    flows = layer_flows(model, x, y, nn.mse_loss)
    scale = 1e-6 * flows[0].gradient / flows[1].gradient
    model[2].weight.data = model[2].weight.data * scale
    picture = gradient_flow(model, x, y, nn.mse_loss)
    assert len([s for s in picture.all(Rectangle) if s.fill == PINK]) == 2  # one, and the legend's


def test_frozen_weights_have_no_gradients_of_weights():
    model = nn.MLP([3, 2, 1], nn.Tanh, rng=0)
    model[0].weight.requires_grad = False
    nn.mse_loss(model(np.ones((4, 3))), np.zeros((4, 1))).backward()
    with pytest.raises(ValueError, match="layer 1 are frozen"):
        gradient_flow(model)


def test_series_differ_in_black_and_white():
    picture = gradient_flow(nn.MLP([3, 2, 1], rng=0), np.ones((4, 3)), np.ones((4, 1)), nn.mse_loss)
    by = {s.colour: s.dash for s in picture.all(Line) if s.colour in (ACTIVATION, GRADIENT)}
    assert by == {ACTIVATION: SOLID, GRADIENT: DASHED}
    marks = {type(s) for s in picture.shapes if getattr(s, "fill", "") in (ACTIVATION, GRADIENT)}
    assert marks == {Circle, Rectangle}


def test_a_history_with_nan_and_0_is_drawn():
    norms = [[0.1, 1.0], [0.0, 2.0], [np.nan, np.inf]]
    history = nn.History(
        {"epoch": k, "gradient_norm": norm, "dead": [0.0]} for k, norm in enumerate(norms, 1)
    )
    picture = gradient_flow(history)
    assert "nan" not in picture.svg() and "0" in says(picture)
    dashes = {s.dash for s in picture.all(Line) if s.colour in (ACTIVATION, GRADIENT)}
    assert dashes == {SOLID, DASHED}


def test_one_layer_has_no_factors():
    model = nn.MLP([3, 1], rng=0)
    picture = gradient_flow(model, np.ones((4, 3)), np.zeros((4, 1)), nn.mse_loss)
    assert WORDS["en"]["flow"]["factor"] not in says(picture)
    deeper = nn.MLP([3, 2, 1], rng=0)
    picture = gradient_flow(deeper, np.ones((4, 3)), np.zeros((4, 1)), nn.mse_loss)
    assert WORDS["en"]["flow"]["factor"] in says(picture)


@pytest.mark.parametrize("weight", [np.nan, 1e300])
def test_factors_that_are_no_number_are_written(weight):
    model = nn.MLP([2, 2, 2, 1], nn.Identity, rng=0)
    model[2].weight.data = np.full((2, 2), weight)
    given = model, 1e20 * np.ones((4, 2)), np.zeros((4, 1)), nn.mse_loss
    with np.errstate(all="ignore"):
        written = [
            label.says for label in gradient_flow(*given).all(Label) if label.colour == FACTOR
        ][:-1]
        factors = [flow.factor for flow in layer_flows(*given)][:-1]
    assert not np.all(np.isfinite(factors))
    np.testing.assert_array_equal(sorted(map(value_of, written)), sorted(factors))


def test_nothing_that_was_given_is_passed_over():
    model, x, y = nn.MLP([3, 2, 1], rng=0), np.ones((4, 3)), np.zeros((4, 1))
    sgd = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(model, x, y, nn.mse_loss, sgd, 2, progress=False)
    with pytest.raises(ValueError, match="a History has gradients of its own"):
        gradient_flow(history, x, y, nn.mse_loss)
    nn.mse_loss(model(x), y).backward()
    for given in ({"y": y}, {"loss": nn.mse_loss}, {"y": y, "loss": nn.mse_loss}):
        with pytest.raises(ValueError, match="y and loss came without x"):
            gradient_flow(model, **given)
    with pytest.raises(ValueError, match="needs an observation"):
        gradient_flow(model, x[:0], y[:0], nn.mse_loss)
    with pytest.raises(ValueError, match=r"got \['a'\]"):
        gradient_flow(model, x, y, nn.mse_loss, captions=["a"])


@pytest.mark.parametrize("seed", range(40))
def test_no_words_overlap_whatever_the_factors(seed):
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 6, rng.integers(2, 14))]
    model = nn.MLP(sizes, [nn.Sigmoid, nn.ReLU, nn.Identity][seed % 3], rng=seed)
    for linear in model[::2]:
        linear.weight.data = linear.weight.data * 10.0 ** rng.integers(-3, 4)
    x, y = rng.normal(size=(5, sizes[0])), rng.normal(size=(5, sizes[-1]))
    labels = gradient_flow(model, x, y, nn.mse_loss, captions=["en", "ru"][seed % 2]).all(Label)
    for a, b in itertools.combinations(labels, 2):
        assert not a.bounds.overlaps(b.bounds), (a.says, b.says)
