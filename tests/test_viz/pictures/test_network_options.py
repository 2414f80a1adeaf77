"""What viz.network writes and draws on wish: feature names, biases, arrows as large as weights."""

import numpy as np
import pytest
from viz_cases import HOSTILE, circles, random_case, small, weights_drawn

import nn
from viz.canvas.colours import NEGATIVE, NO_SIGN, POSITIVE
from viz.canvas.shapes import DASHED, DOTTED, SOLID, Arrow, Formula, Text
from viz.language.numbers import digits
from viz.language.words import WORDS
from viz.pictures.network import network
from viz.pictures.weighing import THICK, THIN
from viz.reading.model import Network

NAMES = ["GPA", "household income", "years of schooling, mother's"]
X = [0.5, -1.0, 2.0]


def spoken(picture):
    return [label.says for label in picture.all(Text)]


def with_biases(sizes, **options):
    model, rng = nn.MLP(sizes, rng=0, **options), np.random.default_rng(1)
    for linear in model.modules():
        if isinstance(linear, nn.Linear):
            linear.bias.data = rng.normal(size=linear.bias.shape)
    return model


# Names.


@pytest.mark.parametrize("arguments", [(), (X,), (X, 1.0, nn.binary_cross_entropy)])
def test_names_stand_under_their_circles(arguments, collisions):
    picture = network(small(), *arguments, names=NAMES)
    assert collisions(picture) == []
    drawn = circles(picture)
    for i, name in enumerate(NAMES, start=1):
        label = next(label for label in picture.all(Text) if label.says[:15] == name[:15])
        circle = drawn[f"x_{{{i}}}"]
        assert circle.bounds.bottom < label.bounds.top < circle.bounds.bottom + 12
        assert label.bounds.right <= circle.bounds.right + 0.01  # the arrows are to the right
        assert picture[f"neuron-0-{i}"].says == f"x{'₁₂₃'[i - 1]}, {label.says}"
    # The numbers are those under the circles of a picture without names, in the same order.
    numbers = lambda picture: [f.says for f in picture.all(Formula) if f.size == 14]
    assert numbers(picture) == numbers(network(small(), *arguments))


def test_the_row_of_a_data_frame_brings_its_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([X], columns=NAMES)
    told = network(small(), X, names=NAMES).svg()
    assert network(small(), frame.iloc[0]).svg() == told
    assert network(small(), frame).svg() == told
    others = network(small(), frame.iloc[0], names=["a", "b", "c"])
    assert {"a", "b", "c"} <= set(spoken(others)) and "GPA" not in spoken(others)
    assert network(small(), pandas.DataFrame([X]).iloc[0]).svg() == network(small(), X).svg()
    assert network(small(), names=frame.columns).svg() == network(small(), names=NAMES).svg()


@pytest.mark.parametrize(
    "labels",
    [["columns", "b", "c"], ["to_numpy", "toarray", "items"], ["index", "name", "dtype"]],
)
def test_features_may_be_called_as_a_frames_own_attributes(labels):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([X], columns=labels)
    told = network(small(), X, names=labels).svg()
    assert network(small(), frame.iloc[0]).svg() == network(small(), frame).svg() == told


def test_names_may_be_anything_but_of_another_number(collisions):
    picture = network(small(), X, names=[HOSTILE, "", "доход 日本"])
    assert collisions(picture) == [] and "<script" not in picture.svg()
    with pytest.raises(ValueError, match="got 2, but the network has 3 features"):
        network(small(), names=["a", "b"])
    for wrong in ("abc", {"a", "b", "c"}, 3):  # a set has no order
        with pytest.raises(ValueError, match=r"names: got .*; give a list, in which each feature"):
            network(small(), names=wrong)
    assert "None" not in spoken(network(small(), names=[None, "b", 3]))


def test_rows_have_room_for_name_value_and_gradient(collisions):
    model = nn.MLP([8, 8, 8, 8, 1], rng=0)
    x, y = np.ones(8), 1.0
    assert (
        collisions(network(model, x, y, nn.mse_loss, names=[f"x number {i}" for i in "abcdefgh"]))
        == []
    )


def test_a_long_layer_names_what_it_draws():
    picture = network(nn.MLP([30, 2, 1], rng=0), names=[f"name {i}" for i in range(1, 31)])
    assert {"name 1", "name 3", "name 30"} <= set(spoken(picture))
    assert "name 15" not in spoken(picture)


# Biases.


def test_biases_come_from_a_circle_with_a_1(collisions):
    model = with_biases([3, 2, 1])
    picture, without = network(model, X, bias=True), network(model, X)
    assert collisions(picture) == []
    for layer in (0, 1):
        circle, symbol = picture[f"neuron-{layer}-0"].shapes
        assert symbol.says == "1"
        leaving = [a for a in picture.all(Arrow) if a.touches(circle.bounds.grown(1))]
        assert len(leaving) == (2, 1)[layer] and all(a.x1 > circle.x for a in leaving)
    said = [label.says for label in picture.all(Formula)]
    for written in (r"\omega^{(1)}_{10}", r"\omega^{(1)}_{20}", r"\omega^{(2)}_{10}"):
        assert written in said
    with pytest.raises(KeyError):
        without["neuron-0-0"]
    # The neurons stay in one row: o between h₁ and h₂.
    drawn = circles(picture)
    assert drawn["o"].y == (drawn["h_{1}"].y + drawn["h_{2}"].y) / 2


def test_a_layer_without_biases_has_no_1():
    model = nn.Sequential(nn.Linear(3, 2, bias=False, rng=0), nn.Tanh(), nn.Linear(2, 1, rng=1))
    picture = network(model, bias=True)
    assert picture["neuron-1-0"] and "neuron-0-0" not in [
        g.name for g in picture.drawn if hasattr(g, "name")
    ]
    with pytest.raises(KeyError):
        picture["neuron-0-0"]
    alike = nn.MLP([3, 2, 1], bias=False, rng=0)
    assert network(alike, bias=True).svg() == network(alike).svg()


def test_a_bias_lights_up():
    picture = network(with_biases([3, 2, 2, 1]), bias=True, highlight=(1, 2, 0))
    lit = [arrow for arrow in picture.all(Arrow) if arrow.width > 2]
    circle = picture["neuron-0-0"].shapes[0]
    assert sum(arrow.touches(circle.bounds.grown(1)) for arrow in lit) == 1
    assert len(lit) == 1 + 2 + 2
    assert picture["neuron-1-0"].shapes[0].rim != circle.rim  # it stands back


def test_dropped_neurons_have_no_bias():
    model = nn.MLP([3, 2, 4, 1], keep=0.5, rng=0)
    model(np.ones((1, 3)))
    off = Network(model).dropped(2)
    assert 0 < len(off) < 4
    circle = network(model, bias=True)["neuron-1-0"].shapes[0]
    leaving = [a for a in network(model, bias=True).all(Arrow) if a.touches(circle.bounds.grown(1))]
    assert len(leaving) == 4 - len(off)


@pytest.mark.parametrize("arrows", ["neuron", "gradient", "weight"])
@pytest.mark.parametrize("seed", range(6))
def test_random_networks_do_not_collide(arrows, seed, collisions):
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 10, rng.integers(2, 6))]
    x, y = rng.normal(size=sizes[0]), rng.normal(size=sizes[-1])
    names = [f"name number {i}"[: 1 + 4 * i] for i in range(sizes[0])]
    picture = network(with_biases(sizes), x, y, nn.mse_loss, None, "en", arrows, names, True)
    assert collisions(picture) == []


# Arrows as large as weights.


def test_arrows_are_as_thick_as_weights_and_dashed_where_they_are_negative():
    model = with_biases([3, 4, 1])
    for bias in (False, True):
        parts = []
        for linear in (model[0], model[2]):
            columns = [linear.weight.data, linear.bias.data[:, None]][: 1 + bias]
            parts.append(np.hstack(columns).ravel())
        weights = np.concatenate(parts)
        arrows = weights_drawn(network(model, arrows="weight", bias=bias))
        assert [a.colour == POSITIVE for a in arrows] == (weights > 0).tolist()
        assert [a.dash == DASHED for a in arrows] == (weights < 0).tolist()
        shares = np.abs(weights) / np.abs(weights).max()
        assert [a.width for a in arrows] == pytest.approx(THIN + shares * (THICK - THIN))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_legend_says_what_the_arrows_say(language, collisions):
    model, words = small(1), WORDS[language]["arrows"]
    picture = network(model, arrows="weight", captions=language)
    assert collisions(picture) == []
    largest = max(np.abs(linear.weight.data).max() for linear in (model[0], model[2]))
    scale = words["thickest"].format(size=digits(largest))
    assert {words["positive"], words["negative"], scale} <= set(spoken(picture))
    assert not {words["zero"], words["nan"]} & set(spoken(picture))
    samples = [a for a in picture.all(Arrow) if a not in weights_drawn(picture)]
    assert [(a.colour, a.dash) for a in samples[:2]] == [(POSITIVE, SOLID), (NEGATIVE, DASHED)]
    assert samples[2].width == max(arrow.width for arrow in weights_drawn(picture))


def test_weights_of_0_nan_and_infinity_have_a_look_of_their_own():
    model = small()
    model[0].weight.data = np.array([[0.0, np.nan, np.inf], [-0.0, 0.5, -np.inf]])
    model[2].weight.data = np.array([[0.25, -0.5]])
    picture, words = network(model, arrows="weight"), WORDS["en"]["arrows"]
    zero, nan, inf, minus_zero, half, minus_inf, quarter, minus_half = weights_drawn(picture)
    for none in (zero, minus_zero):
        assert (none.colour, none.dash, none.width) == (NO_SIGN, SOLID, THIN)
    assert (nan.colour, nan.dash) == (NO_SIGN, DOTTED)
    assert (inf.colour, minus_inf.colour, minus_inf.dash) == (POSITIVE, NEGATIVE, DASHED)
    assert inf.width == minus_inf.width == half.width == minus_half.width == THICK > quarter.width
    assert {words["zero"], words["nan"], words["and more"].format(size="0.5")} <= set(
        spoken(picture)
    )


def test_one_width_is_one_weight_in_every_column_and_in_the_legend():
    model = nn.MLP([8, 8, 2, 1], rng=0)  # the first column's arrows are a crowd, the last one's not
    for linear in model[::2]:
        linear.weight.data = np.ones(linear.weight.shape)
    picture = network(model, arrows="weight")
    assert not [f for f in picture.all(Formula) if f.says.startswith(r"\omega") and f.size == 18]
    widths = {round(arrow.width, 9) for arrow in weights_drawn(picture)}
    assert len(widths) == 1
    legend = [a for a in picture.all(Arrow) if a not in weights_drawn(picture)]
    assert round(legend[-1].width, 9) in widths


@pytest.mark.parametrize("arrows", ["gradient", "weight"])
def test_what_lights_up_keeps_its_width_where_that_says_something(arrows):
    model = small()
    given = (model, X, 1.0, nn.binary_cross_entropy)
    widths = lambda picture: sorted(arrow.width for arrow in picture.all(Arrow))
    assert widths(network(*given, highlight=(1, 1, 1), arrows=arrows)) == widths(
        network(*given, arrows=arrows)
    )


@pytest.mark.parametrize("seed", [1, 9, 11, 25, 29])
def test_heads_of_thick_arrows_keep_off_numbers(seed, collisions):
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 5, rng.integers(3, 5))] + [1]
    given = (with_biases(sizes), rng.normal(size=sizes[0]), 1.0, nn.mse_loss)
    assert collisions(network(*given, arrows="gradient", bias=True)) == []


# Size.


@pytest.mark.parametrize("size", [1.5, 2, 3])
@pytest.mark.parametrize("seed", range(6))
def test_numbers_are_as_large_as_asked_and_touch_nothing(seed, size, collisions):
    model, x, y, loss = random_case(seed)
    picture = network(model, x, y, loss, size=size, bias=seed % 2 == 1)
    assert collisions(picture) == []
    small = network(model, x, y, loss, bias=seed % 2 == 1)
    numbers = lambda picture, size: [f.says for f in picture.all(Formula) if f.size == size]
    assert numbers(picture, 14 * size) == numbers(small, 14)


def test_names_grow_too_and_the_lectures_size_is_that_without_it(collisions):
    picture = network(small(), X, 1.0, nn.binary_cross_entropy, names=NAMES, size=2)
    assert collisions(picture) == []
    assert {t.size for t in picture.all(Text) if t.says[:3] == "GPA"} == {28}
    assert network(small(), X, size=1).svg() == network(small(), X).svg()
    for size in (0, 0.5, 4, float("nan")):
        with pytest.raises(ValueError, match="1 to 3"):
            network(small(), X, size=size)


def test_on_a_slide_numbers_can_be_read():
    picture = network(small(), X, 1.0, nn.binary_cross_entropy, size=2)
    points = 28 * 398 / picture.extent.width  # as wide as the text of a slide in 16:9
    assert points > 8
