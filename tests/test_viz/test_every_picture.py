"""Every public picture, of every awkward model: each number drawn is the engine's, or the picture
refuses in words.
"""

import contextlib
import copy
import itertools
import math
import re
from collections import Counter

import numpy as np
import pytest
from awkward import AWKWARD, LOSSES, REFUSED, engine, state_of
from viz_cases import lines, scales, weights_drawn

import nn
import viz
from viz.canvas.colours import (
    CURVES,
    GRADIENT,
    NEGATIVE,
    NO_GRADIENT,
    NO_SIGN,
    OFF_FILL,
    POSITIVE,
    mix,
)
from viz.canvas.shapes import DASHED, DOTTED, SOLID, Arrow, Formula, Group
from viz.language.functions import value_text
from viz.language.names import neuron_name, weight_name
from viz.language.numbers import digits
from viz.language.symbols import derivative
from viz.language.words import WORDS
from viz.pictures.fitted import AREA
from viz.pictures.weighing import THICK, THIN
from viz.reading.flows import layer_flows
from viz.reading.model import Network
from viz.reading.paths import lit_wires

X = np.random.default_rng(3).normal(size=(6, 3))
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def target(model, x):
    """Numbers of the output's shape."""
    outputs = [m.weight.shape[0] for m in model.modules() if isinstance(m, nn.Linear)][-1]
    return np.full((len(x), outputs), 0.25)


def notes(picture):
    """{neuron: the formulas under it}, from the picture alone."""
    found, last = {}, None
    for shape in picture.shapes:
        if isinstance(shape, Group):
            last = found.setdefault(shape.name, [])
        elif isinstance(shape, Formula) and shape.size == 14:
            last.append(shape.says)
    return found


def off(picture):
    return {g.name for g in picture.all(Group) if getattr(g.shapes[0], "fill", "") == OFF_FILL}


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=0, equal_nan=True)


def check_network(model):
    x, y = X[0], target(model, X[:1])[0]
    picture = viz.network(model, x, y, nn.mse_loss, arrows="gradient")
    loss, layers, switched_off = engine(model, X[:1], y[None], nn.mse_loss)
    written, out = notes(picture), off(picture)
    assert written[neuron_name(len(layers) + 1, 1)] == [digits(loss), "1"]
    for layer, (values, gradients, _, _) in layers.items():
        for j in range(values.shape[1]):
            name = neuron_name(layer, j + 1)
            numbers = [digits(values[0, j]), digits(gradients[0, j])]
            assert written[name] == ([] if name in out else numbers)
    weights = np.abs(np.concatenate([np.ravel(by_weight) for *_, by_weight in layers.values()]))
    largest = max(weights[np.isfinite(weights)], default=0) or 1
    shares = np.minimum(np.nan_to_num(weights / largest, posinf=1), 1)
    expected = Counter(mix(NO_GRADIENT, GRADIENT, float(share)) for share in shares)
    assert Counter(a.colour for a in picture.all(Arrow) if a.colour != "black") <= expected
    expected = {neuron_name(k, j + 1) for k, off in switched_off.items() for j in off}
    assert out == expected and any(part.startswith("neuron") for part in written)
    check_weights(model, out)
    assert off(viz.network(model)) == out or not any(
        isinstance(m, nn.Dropout) and m.mask is not None for m in model.modules()
    )


def check_weights(model, out):
    """That the arrows of weights and biases are as thick, and dashed, as the model's are large."""
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    numbers = []
    for layer, linear in enumerate(linears, 1):
        biases = [] if linear.bias is None else [linear.bias.data]
        for j, row in enumerate(np.column_stack([linear.weight.data, *biases])):
            if neuron_name(layer, j + 1) not in out:
                named = [neuron_name(layer - 1, i + 1) for i in range(linear.weight.shape[1])]
                numbers += [
                    n for n, name in zip(row, [*named, ""], strict=False) if name not in out
                ]
    sizes = np.abs(np.concatenate([np.ravel(p.data) for one in linears for p in one.parameters()]))
    largest = float(max(sizes[np.isfinite(sizes)], default=0)) or 1
    expected = Counter(
        (
            0.0 if np.isnan(n) else round(min(abs(n) / largest, 1), 4),
            "nan" if n != n else np.sign(n),
        )
        for n in map(float, numbers)
    )
    signs = {
        (POSITIVE, SOLID): 1,
        (NEGATIVE, DASHED): -1,
        (NO_SIGN, SOLID): 0,
        (NO_SIGN, DOTTED): "nan",
    }
    found = Counter(
        (round((arrow.width - THIN) / (THICK - THIN), 4), signs[arrow.colour, arrow.dash])
        for arrow in weights_drawn(viz.network(model, arrows="weight", bias=True))
    )
    assert found == expected


def check_chain_rule(model):
    x, y = X[0], target(model, X[:1])[0]
    rule = lambda *weight: viz.chain_rule(model, x, y, nn.mse_loss, weight)
    rule(1, 1, 1)
    _, layers, _ = engine(model, X[:1], y[None], nn.mse_loss)
    frozen = {k for k, (*_, by) in layers.items() if not by.any()}
    for layer, (*_, by_weight) in layers.items():
        for j, i in np.ndindex(*by_weight.shape):
            if layer not in frozen:
                made = rule(layer, j + 1, i + 1)
                close(made.value, by_weight[j, i])
                ways = sum(np.prod([factor.value for factor in way]) for way in made.paths)
                assert not math.isfinite(ways) or math.isclose(ways, made.value, rel_tol=1e-4)
                check_lit(model, (layer, j + 1, i + 1), made)


def check_lit(model, weight, made):
    """That the arrows which light up are those on the ways that the chain rule multiplies."""
    read = Network(model)
    symbol = read.notation.weight(*weight)
    on_ways = {factor.known for way in made.paths for factor in way[:-1]}
    on_ways = {known for known in on_ways if known.startswith(r"\omega")} | {symbol}
    lit = lit_wires(read, weight)
    arrows = [(k + 1, j + 1, i + 1) for k, i, j in lit if k < read.layers]
    assert {read.notation.weight(*arrow) for arrow in arrows} == on_ways
    assert any(k == read.layers for k, _, _ in lit) == bool(made.paths)


def check_gradient_flow(model):
    y = target(model, X)
    svg = viz.gradient_flow(model, X, y, nn.mse_loss).svg()
    assert not re.search(r'(?:translate\(|[xyd]=")[^"]*(?:nan|inf)', svg)
    flows = layer_flows(model, X, y, nn.mse_loss)
    _, layers, _ = engine(model, X, y, nn.mse_loss)
    size = lambda a: np.nan if np.isnan(a).any() else math.hypot(*np.ravel(a)) / math.sqrt(a.size)
    for flow, (values, _, by_s, _) in zip(flows, layers.values(), strict=True):
        close([flow.activation, flow.gradient], [size(values), size(by_s)])
    for flow, following in itertools.pairwise(flows):
        if following.gradient:
            close(flow.factor, flow.gradient / following.gradient)


def check_fitted(model):
    outputs = target(model, X).shape[1]
    over_one, over_two = (nn.Sequential(nn.Linear(n, 3, rng=n), model) for n in (1, 2))
    of = lambda whole, x: copy.deepcopy(whole).eval()(x).data
    modes = [module.training for module in model.modules()]
    if outputs == 1:
        picture = viz.fitted(over_one, X[:, 0], X[:, 1])
        to_x, to_y = scales(picture)
        (curve,) = lines(picture, CURVES[1])
        expected = of(over_one, to_x(curve[:, :1]))[:, 0]
        room = np.abs(to_y(AREA.top) - to_y(AREA.bottom))
        np.testing.assert_allclose(to_y(curve[:, 1]) / room, expected / room, atol=1e-3)
    y, output = np.arange(6) % 2, of(over_two, X[:, :2])
    boundary = float(np.mean(output)) if outputs == 1 else None
    picture = viz.fitted(over_two, X[:, :2], y, boundary)
    to_x, to_y = scales(picture)
    wide = np.abs(output).max()
    for line in lines(picture, "black"):
        at = of(over_two, np.stack([to_x(line[:, 0]), to_y(line[:, 1])], axis=1)) / wide
        lead = at[:, 0] - (boundary / wide if outputs == 1 else at[:, 1])
        assert np.abs(lead).max() < 0.05
    assert [module.training for module in model.modules()] == modes


def check_graph(model):
    loss = nn.mse_loss(model(X), target(model, X))
    loss.backward()
    source = viz.graph(loss, names=dict(model.named_parameters())).source
    for name, parameter in model.named_parameters():
        assert f"<B>{name}</B>" in source
        if parameter.grad is not None:
            assert f"gradient {value_text(parameter.grad)}"[:39] in source


def check_stepper(model):
    x, y = X[0], target(model, X[:1])[0]
    numbers = viz.stepper(model, x, y, nn.mse_loss).program.run()
    loss, layers, _ = engine(model, X[:1], y[None], nn.mse_loss)
    # The page computes in double precision.
    close = 1e-12 if model.parameters()[0].dtype == np.float64 else 1e-6
    assert numbers["loss"] == pytest.approx(loss, rel=close, nan_ok=True)
    for layer, (*_, by_weight) in layers.items():
        for (j, i), gradient in np.ndenumerate(by_weight):
            found = numbers[f"{weight_name(layer, j + 1, i + 1)}/gradient"]
            # A sum of ∞ and −∞ is one thing or the other, by the order of its terms.
            both = not math.isfinite(found) and not math.isfinite(gradient)
            assert both or found == pytest.approx(gradient, rel=close, abs=close)


def check_worksheet(model):
    x, y = X[0], target(model, X[:1])[0]
    pages = viz.worksheet(model, x, y, nn.mse_loss, solution=True).pages
    said = [formula.says for page in pages for formula in page.all(Formula)]
    results = {says.partition(" ")[2] for says in said if says.startswith(("=", r"\approx"))}
    loss, layers, _ = engine(model, X[:1], y[None], nn.mse_loss)
    numbers = [loss, *(np.ravel(array) for found in layers.values() for array in found)]
    written = {digits(number) for number in np.concatenate([np.ravel(n) for n in numbers])}
    assert written - results <= {"0", "1"}  # of which not all have a line
    asked = viz.worksheet(model, x, y, nn.mse_loss).pages
    blanks = [f.says for page in asked for f in page.all(Formula) if f.says.endswith(" =")]
    for layer, (*_, by_weight) in layers.items():
        for j, i in np.ndindex(*by_weight.shape):
            symbol = Network(model).notation.weight(layer, j + 1, i + 1)
            assert f"{derivative('l', symbol)} =" in blanks and f"{symbol} =" in blanks


def check_exercise(kind):
    exercise = viz.exercise(1, kind)
    x, y = exercise.x[None], exercise.y[None]
    if kind == "dropout":
        networks = list(nn.thinned_networks(exercise.model))
        outputs = [network(x).item() for network, _ in networks]
        expected = sum(p * o for o, (_, p) in zip(outputs, networks, strict=True))
        close([q.answer for q in exercise.questions[-5:]], [*outputs, expected])
        return
    loss, layers, _ = engine(exercise.model, x, y, exercise.loss)
    numbers = [
        array for values, _, by_s, by_weight in layers.values() for array in (by_s, by_weight)
    ]
    if kind == "values":
        numbers = [values for values, *_ in layers.values()]
    answers = np.array([q.answer for q in exercise.questions])
    for number in [loss, *np.concatenate([np.ravel(array) for array in numbers])]:
        assert np.min(np.abs(answers - number)) < 1e-10


def check_moodle(kind, tmp_path):
    exercise = viz.exercise(1, kind)
    text = viz.moodle([exercise], tmp_path / "quiz.xml").read_text("utf-8")
    assert text.count("NUMERICAL") == len(exercise.questions)
    for question in exercise.questions:
        assert f"{{1:NUMERICAL:={question.answer!r}:{question.tolerance!r}}}" in text


PICTURES = {
    "network": check_network,
    "chain_rule": check_chain_rule,
    "gradient_flow": check_gradient_flow,
    "fitted": check_fitted,
    "graph": check_graph,
    "stepper": check_stepper,
    "worksheet": check_worksheet,
}
# A picture of a model's layers, drawn with (model, x, y, loss), needs a line above and no more. One
# that takes any model, or is drawn otherwise, stands in OF_ANY_MODEL too; one without a model, in
# OF_NO_MODEL. Where it refuses an awkward model, its words stand in ALSO_REFUSED.
OF_NO_MODEL = ("exercise", "moodle")  # they make their own
ALONE = "at least 2 observations"  # batch normalization in training
ALSO_REFUSED = {  # {picture: {model: the words}}
    picture: {
        "a mask for each observation": "one for each of 6 observations",
        **{name: ALONE for name in AWKWARD if "norm" in name and "training" in name},
    }
    for picture in ("network", "chain_rule", "stepper", "worksheet")
} | {
    "graph": {"layers that do not fit": "linear needs x of shape"},
    "fitted": {
        "layers that do not fit": "linear needs x of shape",
        "weights of nan": "nan or infinity",
        "one weight of nan": "nan or infinity",
        "an infinite weight": "nan or infinity",
    },
}
OF_ANY_MODEL = ("graph", "fitted")  # they do not draw its layers
OF_LAYERS = [picture for picture in PICTURES if picture not in OF_ANY_MODEL]  # they take a loss
for picture in ("stepper", "worksheet"):
    ALSO_REFUSED[picture] |= {"a frozen layer": "frozen"}


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("picture", PICTURES)
def test_every_number_is_the_engines_or_it_refuses(picture, name):
    model = AWKWARD[name]()
    words = ALSO_REFUSED.get(picture, {}).get(name)
    if picture not in OF_ANY_MODEL:
        words = words or REFUSED.get(name)
    if words is None:
        PICTURES[picture](model)
    else:
        with pytest.raises((TypeError, ValueError), match=re.escape(words)):
            PICTURES[picture](model)


@pytest.mark.parametrize("name", [n for n in AWKWARD if "dropout" in n or "norm" in n])
@pytest.mark.parametrize("picture", [*OF_LAYERS, "fitted"])
def test_looking_changes_nothing(picture, name):
    model = AWKWARD[name]()
    before = state_of(model)
    with contextlib.suppress(ValueError):
        if picture == "fitted":
            viz.fitted(nn.Sequential(nn.Linear(1, 3, rng=0), model), X[:, 0], X[:, 1])
        elif picture == "gradient_flow":
            viz.gradient_flow(model, X, target(model, X), nn.mse_loss)
        else:
            _draw(picture, model, nn.mse_loss)
    assert state_of(model) == before
    model.training = True
    model(X)
    assert state_of(model) != before or "prediction" in name


def test_there_is_no_other_picture():
    assert {*PICTURES, *OF_NO_MODEL} == set(viz.__all__)


@pytest.mark.parametrize("kind", ["values", "backpropagation", "step", "dropout"])
def test_the_numbers_of_exercises_are_the_engines(kind, tmp_path):
    check_exercise(kind)
    check_moodle(kind, tmp_path)


@pytest.mark.parametrize("words", LOSSES)
@pytest.mark.parametrize("picture", OF_LAYERS)
def test_a_loss_that_cannot_be_drawn_is_refused(picture, words):
    with pytest.raises((TypeError, ValueError), match=words):
        _draw(picture, nn.MLP([3, 2, 1], rng=0), LOSSES[words])


@pytest.mark.parametrize("picture", OF_LAYERS)
@pytest.mark.parametrize("beside", ["penalty", "another pass", "a weight"])
def test_what_reaches_the_weights_beside_the_output_is_refused(picture, beside):
    model = nn.MLP([3, 2, 1], rng=0)
    ridge = nn.Ridge(model, 0.5)
    besides = {
        "penalty": ridge,
        "another pass": lambda: np.mean(model(X) ** 2),
        "a weight": lambda: model[0].weight[0, 0],
    }
    with pytest.raises(ValueError, match="another way than the output"):
        _draw(picture, model, lambda o, t: nn.mse_loss(o, t) + besides[beside]())
    _draw(picture, model, lambda o, t: nn.mse_loss(o, t) + 0 * np.sum(o))


def _draw(picture, model, loss):
    given = (model, X[0], np.array([0.25]), loss)
    if picture == "gradient_flow":
        given = (model, X[:1], np.array([[0.25]]), loss)
    return getattr(viz, picture)(*given, *([(1, 1, 1)] if picture == "chain_rule" else []))


@pytest.mark.parametrize("picture", ["network", "chain_rule", "gradient_flow"])
@pytest.mark.parametrize("kind", ["a penalty", "a function of one", "text"])
def test_what_is_no_loss_is_named(picture, kind):
    model = nn.MLP([3, 2, 1], rng=0)
    one = lambda output: np.sum(output)
    given = {"a penalty": nn.Lasso(model, 0.1), "a function of one": one, "text": "mse"}[kind]
    with pytest.raises(TypeError, match="loss is a function of output and y"):
        _draw(picture, model, given)


def test_titles_are_in_the_language_of_the_captions():
    model, x, y = nn.MLP([3, 2, 1], rng=0), X[0], [0.25]
    for language, words in WORDS.items():
        given = {"captions": language}
        assert viz.network(model, **given).title == words["network"].format(sizes="3-2-1")
        rule = viz.chain_rule(model, x, y, nn.mse_loss, (1, 2, 3), **given)
        assert rule.title == rule.picture.title == words["rule"].format(weight=(1, 2, 3))
        flow = viz.gradient_flow(model, X, target(model, X), nn.mse_loss, **given)
        assert flow.title == words["flow"]["title"]
        curve = viz.fitted(nn.Linear(1, 1, rng=0), X[:, 0], X[:, 1], **given)
        assert curve.title == words["fitted"]["curve"]
    with pytest.raises(ValueError, match="'de'"):
        viz.chain_rule(model, x, y, nn.mse_loss, (1, 1, 1), captions="de")


LAYERS = ["network", "chain_rule", "gradient_flow"]


@pytest.mark.parametrize("picture", LAYERS)
@pytest.mark.parametrize("what", ["a list", "a class", "a number"])
def test_what_is_no_model_is_named(picture, what):
    given = {"a list": [nn.Linear(3, 1)], "a class": nn.Sigmoid, "a number": 3.0}[what]
    named = {"a list": "a list", "a class": "class Sigmoid", "a number": "a float"}[what]
    with pytest.raises(TypeError, match=named):
        _draw(picture, given, nn.mse_loss)


@pytest.mark.parametrize("picture", [*LAYERS, "stepper"])
def test_another_librarys_model_is_named(picture):
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 1))
    with pytest.raises(
        TypeError, match=r"torch\.nn\.modules\.container\.Sequential.*nn\.from_torch"
    ):
        _draw(picture, theirs, nn.mse_loss)
    with pytest.raises(TypeError, match=r"nn\.from_torch\(model\)"):
        viz.gradient_flow(theirs)


def test_a_loss_is_needed_for_gradients():
    model = nn.MLP([3, 2, 1], rng=0)
    for draw in (
        lambda: viz.chain_rule(model, X[0], None, None, (1, 1, 1)),
        lambda: viz.gradient_flow(model, X),
    ):
        with pytest.raises(ValueError, match="give y and loss"):
            draw()
