import itertools
import re
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from viz_cases import circles, small

import autograd_lite as ag
import nn
from viz.canvas.colours import FILLS, NEURONS, OFF_FILL, fade
from viz.canvas.shapes import Arrow, Circle, Formula, Label, Text
from viz.language.numbers import value_of
from viz.pictures.chain_rule import chain_rule
from viz.pictures.network import network

ACTIVATIONS = [
    nn.Sigmoid,
    nn.Tanh,
    nn.ReLU,
    nn.LeakyReLU,
    nn.PReLU,
    nn.ELU,
    nn.Softplus,
    nn.NormalCDF,
    nn.Identity,
]


def random_model(seed):
    """A network of 1 to 6 layers of 1 to 12 neurons, with whatever may stand between; and its
    sizes.
    """
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 13, rng.integers(2, 8))]
    bias, batchnorm, keep = rng.random() < 0.7, rng.random() < 0.3, rng.choice([None, 0.7])
    layers = []
    for k, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        layers.append(nn.Linear(inputs, neurons, bias=bias, rng=int(seed)))
        if k < len(sizes) - 2:
            layers.append(ACTIVATIONS[rng.integers(len(ACTIVATIONS))]())
            layers += [nn.BatchNorm1d(neurons)] if batchnorm else []
            layers += [nn.Dropout(keep=keep, rng=int(seed))] if keep else []
    layers += [
        [nn.Sigmoid()],
        [nn.Softmax()],
        [nn.Mixed((nn.ReLU(), 1), (nn.Tanh(), sizes[-1] - 1))],
        [],
    ][rng.integers(4)]
    model = nn.Sequential(*layers)
    for layer in layers:
        if isinstance(layer, nn.BatchNorm1d):
            layer.train(False)
    return model, sizes


def weights_labelled(picture):
    return [
        label.says
        for label in picture.drawn
        if isinstance(label, Label) and label.says.startswith(r"\omega")
    ]


@pytest.mark.parametrize("seed", range(20))
def test_random_architectures_do_not_collide(seed, collisions):
    model, sizes = random_model(seed)
    x = np.random.default_rng(seed).normal(size=sizes[0])
    for picture in (network(model), network(model, x, np.full(sizes[-1], 0.5), nn.mse_loss)):
        assert collisions(picture) == []
        labels = weights_labelled(picture)
        end = circles(picture).get("l")
        weights = [
            arrow for arrow in picture.all(Arrow) if end is None or arrow.x2 < end.x - end.r - 1
        ]
        assert len(labels) == len(set(labels)) and len(labels) in (0, len(weights))


@pytest.mark.parametrize(
    "sizes",
    [(4, 1), (3, 4, 1), (4, 4, 4, 1), *itertools.product([1, 2, 4], [1, 3, 4], [2, 4], [1])],
)
def test_networks_up_to_4_4_4_1_are_labelled(sizes, collisions):
    picture = network(nn.MLP(list(sizes), rng=0), loss=nn.mse_loss)
    assert len(weights_labelled(picture)) == sum(a * b for a, b in itertools.pairwise(sizes))
    assert collisions(picture) == []


def test_labelled_with_values_and_gradients_too(collisions):
    picture = network(
        nn.MLP([4, 4, 4, 1], rng=0), [1, -2, 3, 0.5], 1.0, nn.mse_loss, arrows="gradient"
    )
    assert len(weights_labelled(picture)) == 36
    assert collisions(picture) == []


def test_a_label_moved_two_pixels_into_another_is_noticed(collisions):
    picture = network(small(), loss=nn.binary_cross_entropy)
    caption = next(label for label in picture.all(Text) if label.says == "Input layer")
    beside = Formula("o", caption.bounds.left - 1, caption.y, "right")
    picture.add(beside)
    assert collisions(picture) == []
    picture.shapes[-1] = replace(beside, x=beside.x + 2)
    assert collisions(picture) == ["o on Input layer"]


def test_a_weight_moved_two_pixels_towards_its_arrow_is_noticed(collisions):
    picture = network(nn.MLP([4, 4, 4, 1], rng=0), loss=nn.mse_loss)
    assert collisions(picture) == []
    moved = 0
    for place, label in enumerate(picture.shapes):
        if isinstance(label, Formula) and label.says.startswith(r"\omega"):
            # It stands above its arrow or below it.
            complaints = []
            for way in (2, -2):
                picture.shapes[place] = replace(label, y=label.y + way)
                complaints += collisions(picture)
            picture.shapes[place] = label
            assert any(label.says in complaint for complaint in complaints), label
            moved += 1
    assert moved == 36


def test_symbols_colours_and_captions_of_the_slide():
    picture = network(small(), loss=nn.binary_cross_entropy)
    drawn = circles(picture)
    assert list(drawn) == ["x_{1}", "x_{2}", "x_{3}", "h_{1}", "h_{2}", "o", "l"]
    assert [drawn[symbol].fill for symbol in ("x_{1}", "h_{1}", "o", "l")] == [
        "#80FF80",
        "#8080FF",
        "#FF8080",
        "#FFC080",
    ]
    assert max(circle.r for circle in picture.all(Circle)) == drawn["h_{1}"].r
    colour = {label.says: label.colour for label in picture.all(Label)}
    assert colour[r"\omega^{(1)}_{13}"] == "#A0148C" == NEURONS[0]
    assert colour[r"\omega^{(1)}_{23}"] == "#00588A" and colour[r"\omega^{(2)}_{11}"] == "black"
    for caption in ("Input layer", "Hidden layer", "Output layer", "Loss function"):
        assert caption in colour


def test_captions_in_russian_and_given(collisions):
    said = [label.says for label in network(nn.MLP([2, 2, 2, 1]), captions="ru").all(Label)]
    assert {"Входной слой", "Скрытый слой 1", "Скрытый слой 2", "Выходной слой"} <= set(said)
    hostile = '"><script>alert(1)</script>'
    picture = network(small(), captions=[hostile, "<b>", "x" * 10_000])
    assert collisions(picture) == []
    svg = picture.svg()
    assert "<script" not in svg and "&lt;script" in svg
    ElementTree.fromstring(svg)
    with pytest.raises(ValueError, match="got 2, but the picture has 3 columns"):
        network(small(), captions=["a", "b"])
    with pytest.raises(ValueError, match="'de'"):
        network(small(), captions="de")
    for wrong in ({"a", "b", "c"}, None, 3):
        with pytest.raises(
            ValueError, match=r"captions: got .*; give a list, in which each column"
        ):
            network(small(), captions=wrong)
    said = [label.says for label in network(small(), captions=[None, 1, "c"]).all(Label)]
    assert {"1", "c"} <= set(said) and "None" not in said


def read_back(svg):
    """The numbers under each circle in the SVG, top to bottom, by the symbol in the circle."""
    namespace = "{http://www.w3.org/2000/svg}"
    labels = []
    for use in ElementTree.fromstring(svg).iter(namespace + "use"):
        x, y = map(float, re.match(r"translate\((\S+) (\S+)\)", use.get("transform")).groups())
        labels.append((use.get("aria-label"), x, y))
    numbers, symbol = {}, None
    for says, _, _ in labels:
        if re.fullmatch(r"[xho](_\{[\d,]+\})?|l", says):
            symbol = says
            numbers[symbol] = []
        elif re.fullmatch(r"[\d.{}\-]+( \\cdot 10\^\{(\{-\})?\d+\})?", says) and symbol:
            numbers[symbol].append(value_of(says))
        else:
            symbol = None
    return numbers


def test_every_number_is_the_engines():
    model, x, y = (
        nn.MLP([3, 2, 4, 2], nn.Tanh, rng=3),
        np.array([0.5, -1.0, 2.0]),
        np.array([[1.0, -1.0]]),
    )
    numbers = read_back(network(model, x, y, nn.mse_loss).svg())
    tensors = [ag.Tensor(x[None], requires_grad=True)]
    for module in model:
        tensors.append(module(tensors[-1]))
    loss = nn.mse_loss(tensors[-1], y)
    shown = [tensors[0], tensors[2], tensors[4], tensors[5]]
    expected = {"l": [loss.item(), 1.0]}
    for letter, tensor, gradient in zip(
        ["x", "h1", "h2", "o"], shown, ag.gradients(loss, shown), strict=True
    ):
        for j in range(tensor.shape[1]):
            symbol = f"{letter[0]}_{{{letter[1:]}{j + 1}}}"
            expected[symbol] = [tensor.data[0, j], gradient[0, j]]
    assert numbers.keys() == expected.keys()
    for symbol, values in expected.items():
        assert numbers[symbol] == pytest.approx(values, rel=6e-4), symbol


def test_the_outline_drawn_is_the_number_said():
    """Not only the label says the number: the path drawn is the outline of that number."""
    picture = network(small(), [0.5, -1, 2])
    root = ElementTree.fromstring(picture.svg())
    paths = {
        element.get("id"): element.get("d")
        for element in root.iter()
        if element.tag.endswith("path")
    }
    said = {}
    for use in root.iter("{http://www.w3.org/2000/svg}use"):
        said.setdefault(
            use.get("aria-label"), paths[use.get("{http://www.w3.org/1999/xlink}href")[1:]]
        )
    assert len(set(said.values())) == len(said)


def test_gradient_arrows_are_thicker_the_larger_the_gradient():
    model, x = small(1), [0.5, -1.0, 2.0]
    picture = network(model, x, 1.0, nn.binary_cross_entropy, arrows="gradient")
    loss = nn.binary_cross_entropy(model(np.array([x])), np.array([[1.0]]))
    sizes = np.concatenate(
        [np.abs(g).ravel() for g in ag.gradients(loss, [model[0].weight, model[2].weight])]
    )
    widths = [arrow.width for arrow in picture.all(Arrow)][: len(sizes)]
    assert np.argsort(widths).tolist() == np.argsort(sizes).tolist()


def test_dropped_neurons_are_grey_and_without_arrows():
    dropout = nn.Dropout(keep=0.5, rng=0)
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), dropout, nn.Linear(4, 1, rng=0))
    for _ in range(20):
        model(np.ones((1, 3)))
        off = set(np.flatnonzero(np.ravel(getattr(dropout.mask, "data", dropout.mask)) == 0))
        picture = network(model)
        drawn = circles(picture)
        for j in range(4):
            circle = drawn[f"h_{{{j + 1}}}"]
            touching = [a for a in picture.all(Arrow) if a.touches(circle.bounds.grown(1))]
            assert (circle.fill == OFF_FILL) == (j in off)
            assert bool(touching) == (j not in off)
        if 0 < len(off) < 4:
            break
    assert OFF_FILL not in network(model.eval()).svg() and FILLS["h"] in network(model).svg()


def test_looking_changes_nothing():
    model = nn.Sequential(
        nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Dropout(keep=0.5, rng=0), nn.Linear(4, 1, rng=0)
    )
    before = {name: value.copy() for name, value in model.state_dict().items()}
    network(model, [1.0, 2.0, 3.0], 1.0, nn.mse_loss)
    assert all(np.array_equal(before[name], value) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_highlight_lights_the_ways_to_the_loss():
    picture = network(nn.MLP([3, 2, 2, 1], rng=0), loss=nn.mse_loss, highlight=(1, 2, 3))
    lit = {symbol for symbol, circle in circles(picture).items() if circle.fill in FILLS.values()}
    assert lit == {"x_{3}", "h_{12}", "h_{21}", "h_{22}", "o", "l"}
    assert sum(arrow.width > 2 for arrow in picture.all(Arrow)) == 1 + 2 + 2 + 1


def test_a_chain_rule_lights_its_ways_up():
    model, loss = small(), nn.binary_cross_entropy
    rule = chain_rule(model, [0.5, -1.0, 2.0], 1.0, loss, (1, 1, 3))
    assert (
        network(model, loss=loss, highlight=rule).svg()
        == network(model, loss=loss, highlight=(1, 1, 3)).svg()
    )


def test_long_layers_have_an_ellipsis_and_keep_what_is_lit():
    picture = network(nn.MLP([10, 16, 1], rng=0), highlight=(1, 9, 7))
    drawn = circles(picture)
    assert {"x_{1}", "x_{7}", "x_{10}", "h_{1}", "h_{9}", "h_{16}"} <= set(drawn)
    assert "x_{5}" not in drawn and r"\vdots" in [label.says for label in picture.all(Label)]


def test_formulas_say_what_the_network_computes():
    said = [
        label.says for label in network(nn.MLP([3, 2, 1], nn.Tanh, bias=False, rng=0)).all(Label)
    ]
    weights = [rf"\omega^{{(1)}}_{{j{i}}}x_{{{i}}}" for i in (1, 2, 3)]
    assert rf"h_{{j}} = \tanh({' + '.join(weights)})" in said
    assert r"o = \omega^{(2)}_{11}h_{1} + \omega^{(2)}_{12}h_{2}" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": np.ones((5, 3))}, r"\(5, 3\).*one observation of 3 features"),
        ({"x": np.ones(3), "y": 1.0}, "y and loss belong together"),
        ({"y": 1.0, "loss": nn.mse_loss}, "y came without x"),
        (
            {"x": np.ones(3), "y": [1.0, 2.0], "loss": nn.mse_loss},
            "y has 2 values, but the network has 1 output",
        ),
        ({"arrows": "gradient"}, "needs x, y and loss"),
        ({"arrows": "thick"}, "'thick'"),
        ({"highlight": (3, 1, 1)}, "layers 1 to 2"),
        ({"highlight": (1, 1)}, "three whole numbers, got .1, 1."),
        ({"highlight": (1.0, 1, 1)}, "three whole numbers"),
        ({"highlight": "1 1 1"}, "three whole numbers"),
        ({"highlight": 3}, "three whole numbers"),
        ({"highlight": (1, 3, 1)}, r"to 1…2, source 0…3"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        network(small(), **arguments)


def test_what_prepares_the_features_has_no_neurons():
    sample = np.random.default_rng(0).normal(3, 2, size=(10, 2))
    model = nn.Sequential(
        nn.Standardize(sample), nn.GaussianNoise(0.1), nn.Linear(2, 1, rng=0)
    ).eval()
    numbers = read_back(network(model, sample[0]).svg())
    assert list(numbers) == ["x_{1}", "x_{2}", "o"]
    assert numbers["o"] == pytest.approx([model(sample[:1]).item()], rel=6e-4)


def test_a_layer_without_an_activation_is_its_combination(collisions):
    model = nn.Sequential(nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1), nn.Linear(2, 1, rng=2))
    picture = network(model, [1.0, 2.0], 1.0, nn.mse_loss)
    numbers = read_back(picture.svg())
    assert [numbers[f"h_{{1{j}}}"][0] for j in (1, 2)] == pytest.approx(
        model[0](np.array([1.0, 2.0])).data, rel=6e-4
    )
    assert collisions(picture) == []


def test_a_thinned_network_of_nn_is_drawn_in_prediction_too():
    model = nn.MLP([3, 2, 1], keep=0.5, rng=0).eval()
    off = [
        sum(circle.fill == OFF_FILL for circle in network(thin).all(Circle))
        for thin, _ in nn.thinned_networks(model)
    ]
    assert sorted(off) == [0, 1, 1, 2]


def test_single_precision_stays_single():
    picture = network(small(dtype=np.float32), [0.5, -1.0, 2.0], 1.0, nn.binary_cross_entropy)
    assert read_back(picture.svg())["x_{2}"][0] == -1


def test_other_models_are_refused():
    class Own(nn.Module):
        def forward(self, x):
            return x

    with pytest.raises(TypeError, match="got a Own"):
        network(nn.Sequential(nn.Linear(2, 2), Own()))
    with pytest.raises(TypeError, match="two activations"):
        network(nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.ReLU()))
    with pytest.raises(TypeError, match="at least one nn"):
        network(nn.Sequential(nn.Tanh()))


def test_what_the_formula_of_a_neuron_computes_stands_under_it():
    """After batch normalization that is not tanh(ω x + …), but tanh of what it makes of it."""
    x, y = np.random.default_rng(0).normal(3, 2, size=(50, 2)), np.ones((50, 1))
    model = nn.Sequential(
        *(nn.Linear(2, 2, rng=1), nn.BatchNorm1d(2), nn.Tanh()),
        *(nn.Linear(2, 1, rng=2), nn.Sigmoid()),
    )
    sgd = nn.SGD(model.parameters(), lr=0.05)
    nn.fit(model, x, y, nn.binary_cross_entropy, sgd, 5, progress=False)
    picture = network(model, x[0], y[0], nn.binary_cross_entropy)
    said = [label.says for label in picture.all(Label)]
    assert r"h_{j} = \tanh(s^{*}_{j})" in said
    assert any(says.startswith(r"s_{j} = \omega") for says in said)
    expected = np.tanh(model[1](model[0](x[:1])).data[0])
    assert read_back(picture.svg())["h_{1}"][0] == pytest.approx(expected[0], rel=6e-4)


def test_a_large_network_is_drawn_soon_and_without_overlaps(collisions):
    x = np.random.default_rng(0).normal(size=784)
    model = nn.MLP([784, 128, 64, 10], nn.ReLU, rng=0)
    start = time.perf_counter()
    picture = network(model, x, 3, nn.cross_entropy)
    assert time.perf_counter() - start < 20
    assert "x_{784}" in circles(picture) and collisions(picture) == []


def test_without_a_way_to_the_loss_the_loss_stands_back():
    model = nn.MLP([3, 2, 1], keep=0.5, rng=0)
    model(np.ones((1, 3)))
    model[2].mask = np.array([False, True])
    for weight, drawn in (((1, 1, 1), fade(FILLS["l"])), ((1, 2, 1), FILLS["l"])):
        picture = network(model, loss=nn.mse_loss, highlight=weight)
        assert circles(picture)["l"].fill == drawn
