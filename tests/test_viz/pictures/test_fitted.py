import itertools
import warnings

import numpy as np
import pytest
from viz_cases import HOSTILE, in_area, lines, scales

import autograd_lite as ag
import nn
from viz.canvas.colours import CLASSES, CURVES
from viz.canvas.shapes import DASHED, Circle, Label, Polygon, Rectangle
from viz.language.words import WORDS
from viz.pictures.fitted import AREA, MARKS, fitted

RNG = np.random.default_rng(0)
X1, X2 = RNG.normal(size=(30, 1)), RNG.normal(size=(40, 2))
LABELS = (X2[:, 0] - X2[:, 1] > 0).astype(int)


def linear(weights, *after):
    """o = w₁ x₁ + … + b, and what comes after it; the weights (outputs, features + 1), b last."""
    weights = np.atleast_2d(weights).astype(float)
    layer = nn.Linear(weights.shape[1] - 1, weights.shape[0])
    layer.weight.data, layer.bias.data = weights[:, :-1], weights[:, -1]
    return nn.Sequential(layer, *after)


def says(picture):
    return [label.says for label in picture.all(Label)]


def no_overlaps(picture):
    labels = picture.all(Label)
    for i, label in enumerate(labels):
        assert not [o.says for o in labels[:i] if o.bounds.overlaps(label.bounds)], label.says
    assert all(not label.bounds.overlaps(AREA) for label in labels)


class Given(nn.Module):
    """What a function makes of x, whatever that is."""

    def __init__(self, make):
        self.make = make

    def forward(self, x):
        return self.make(x)


# Curves.


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_the_curve_is_the_models_prediction(mode):
    model = nn.MLP([1, 5, 1], keep=0.5, batchnorm=True, rng=0)
    model(X1 * 2 + 1)  # running means
    getattr(model, mode)()
    state = {name: value.copy() for name, value in model.state_dict().items()}
    picture = fitted(model, X1, np.sin(X1))
    assert model.training == (mode == "train")
    assert all(np.array_equal(state[name], value) for name, value in model.state_dict().items())
    (curve,) = lines(picture, CURVES[1])
    to_x, to_y = scales(picture)
    expected = model.eval()(to_x(curve[:, :1])).data[:, 0]
    np.testing.assert_allclose(to_y(curve[:, 1]), expected, atol=1e-3)
    assert to_x(curve[0, 0]) < X1.min() and X1.max() < to_x(curve[-1, 0])


@pytest.mark.parametrize("shape", [(30,), (30, 1)])
def test_the_data_are_where_they_are(shape):
    y = 3 * X1[:, 0] + 1e3
    picture = fitted(linear([[3.0, 1e3]]), X1.reshape(shape), y.reshape(shape))
    to_x, to_y = scales(picture)
    dots = [c for c in picture.all(Circle) if in_area(c.x, c.y)]
    np.testing.assert_allclose([to_x(c.x) for c in dots], X1[:, 0], atol=1e-6)
    np.testing.assert_allclose([to_y(c.y) for c in dots], y, atol=1e-6)
    # They are on the curve.
    (curve,) = lines(picture, CURVES[1])
    for c in dots:
        assert abs(np.interp(c.x, *curve.T) - c.y) < 0.01


def test_probabilities_of_one_feature_are_a_curve():
    picture = fitted(linear([[4.0, 0.0]], nn.Sigmoid()), X1, (X1 > 0).astype(int))
    to_x, to_y = scales(picture)
    (curve,) = lines(picture, CURVES[1])
    s = 1 / (1 + np.exp(-4 * to_x(curve[:, 0])))
    np.testing.assert_allclose(to_y(curve[:, 1]), s, atol=1e-4)


# Boundaries.


def test_the_boundary_of_a_logistic_regression_is_its_line():
    model = linear([[2.0, -1.0, 0.3]], nn.Sigmoid())
    picture = fitted(model, X2, LABELS)
    to_x, to_y = scales(picture)
    (line,) = lines(picture, "black")
    x, y = to_x(line[:, 0]), to_y(line[:, 1])
    np.testing.assert_allclose(2 * x - y + 0.3, 0, atol=2e-3)
    logits = sorted(
        float(np.mean(2 * to_x(line[:, 0]) - to_y(line[:, 1]) + 0.3))
        for line in lines(picture, "#606060", DASHED)
    )
    np.testing.assert_allclose(logits, [-np.log(3), np.log(3)], atol=2e-2)  # o = 1/4, 3/4


@pytest.mark.parametrize(
    ("after", "labels", "boundary", "logit"),
    [
        ((nn.Sigmoid(),), (0, 1), None, 0.0),
        ((nn.NormalCDF(),), (False, True), None, 0.0),
        ((nn.Sigmoid(), nn.Identity()), (0, 1), None, 0.0),
        ((nn.Sigmoid(),), (0, 1), 0.2, np.log(0.2 / 0.8)),
        ((nn.Tanh(),), (-1, 1), None, 0.0),
        ((), (-1, 1), None, 0.0),
        ((), (0, 1), 0, 0.0),
        ((), (0, 1), 0.5, 0.5),
    ],
)
def test_where_the_boundary_is(after, labels, boundary, logit):
    y = np.array(labels)[LABELS]
    picture = fitted(linear([[2.0, -1.0, 0.3]], *after), X2, y, boundary)
    to_x, to_y = scales(picture)
    (line,) = lines(picture, "black")
    x, y = to_x(line[:, 0]), to_y(line[:, 1])
    np.testing.assert_allclose(2 * x - y + 0.3, logit, atol=2e-2)


@pytest.mark.parametrize(
    ("after", "labels", "message"),
    [
        ((), (0, 1), "boundary=0.5 for a probability, boundary=0 for a logit"),
        ((nn.Tanh(),), (0, 1), "boundary=0.5 for a probability"),
        ((nn.Sigmoid(),), (-1, 1), "y is −1 and 1, but the model's output a probability"),
        ((nn.Sigmoid(),), (1, 2), "0 and 1 .or −1 and 1.; got 2 different numbers from 1 to 2"),
        ((nn.Sigmoid(),), (0.0, 0.5), "got 2 different numbers from 0 to 0.5"),
    ],
)
def test_what_is_uncertain_is_asked(after, labels, message):
    with pytest.raises(ValueError, match=message):
        fitted(linear([[2.0, -1.0, 0.3]], *after), X2, np.array(labels)[LABELS])


class Logit(nn.Sigmoid):
    def forward(self, s):
        return s


def test_only_a_sigmoid_as_it_is_makes_probabilities():
    patched = linear([[2.0, -1.0, 0.3]], nn.Sigmoid())
    patched[1].forward = lambda s: s
    outside = nn.Sequential(Given(linear([[2.0, -1.0, 0.3]], nn.Sigmoid())))
    for model in (patched, linear([[2.0, -1.0, 0.3]], Logit()), outside):
        with pytest.raises(ValueError, match="may be a probability or a logit"):
            fitted(model, X2, LABELS)
        fitted(model, X2, LABELS, boundary=0)


def colour_at(picture, x, y):
    """The colour of the last area drawn over a pixel."""
    colour = None
    for shape in picture.shapes:
        if isinstance(shape, Rectangle) and shape.bounds == AREA:
            colour = shape.fill
        if isinstance(shape, Polygon) and shape.width == 0.5:
            corners = np.array(shape.points)
            following = np.roll(corners, -1, axis=0)
            (dx, dy), (px, py) = (following - corners).T, (np.array([x, y]) - corners).T
            turns = dx * py - dy * px
            if turns.any() and ((turns >= 0).all() or (turns <= 0).all()):
                colour = shape.colour
    return colour


@pytest.mark.parametrize("classes", [1, 2, 3, 5])
def test_the_area_of_each_class_is_where_it_is_predicted(classes):
    model = nn.MLP([2, 8, classes], output=nn.Sigmoid if classes == 1 else None, rng=3)
    count = max(classes, 2)
    y = np.arange(40) % count
    picture = fitted(model, X2, y)
    to_x, to_y = scales(picture)
    rng, colours = np.random.default_rng(0), {}
    for _ in range(150):
        x, y = rng.uniform(AREA.left, AREA.right), rng.uniform(AREA.top, AREA.bottom)
        output = model(np.array([[to_x(x), to_y(y)]])).data[0]
        predicted = int(output[0] > 0.5) if classes == 1 else int(output.argmax())
        rank = np.sort(output) if classes > 1 else np.array([0.5, output[0]])
        if abs(rank[-1] - rank[-2]) > 0.02:  # off the boundary
            colours.setdefault(predicted, set()).add(colour_at(picture, x, y))
    assert all(len(found) == 1 for found in colours.values()), colours
    assert len({next(iter(found)) for found in colours.values()}) == len(colours)


def test_classes_have_marks_of_their_own():
    x = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, 0.5]])
    model = linear(np.eye(5)[:, :3])
    for y in (np.arange(5), np.arange(5)[:, None], np.eye(5)):
        picture = fitted(model, x, y)
        assert [s for s in says(picture) if s.startswith("y =")] == [f"y = {k}" for k in range(5)]
        for k, mark in enumerate(MARKS):
            kind = type(mark(0, 0, "black"))
            marks = [s for s in picture.all(kind) if getattr(s, "fill", None) == CLASSES[k]]
            marks += [s for s in picture.all(kind) if getattr(s, "colour", None) == CLASSES[k]]
            assert len(marks) == 2  # the one observation, and its sample
    assert len({str(mark(0, 0, "black")) for mark in MARKS}) == 5


def test_the_samples_say_which_area_is_which_in_grey_too():
    def light(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    model = linear(np.eye(5)[:, :3])
    x = np.array([[3.0, 0.0], [0.0, 3.0], [-1.0, -1.0]])
    picture = fitted(model, x, [0, 1, 2])
    patches = [picture[f"class-{k}"].shapes[0].fill for k in range(5)]
    lights = [light(colour) for colour in patches]
    assert all(above - below > 8 for above, below in itertools.pairwise(lights))
    assert min(lights) > max(map(light, CLASSES)) + 40  # the marks stand out
    to_x, _ = scales(picture)
    at = next(c for c in picture.all(Circle) if in_area(c.x, c.y))
    assert to_x(at.x) == pytest.approx(3) and colour_at(picture, at.x, at.y) == patches[0]


def test_without_a_boundary_the_sentence_says_so():
    for bias, label in ((9.0, "y = 1"), (-9.0, "y = 0")):
        picture = fitted(linear([[0.1, 0.1, bias]], nn.Sigmoid()), X2, LABELS)
        assert f"The model predicts {label} everywhere here." in says(picture)
        assert not any("decision boundary," in words for words in says(picture))
    picture = fitted(linear([[0.0, 0.0, 0.0]], nn.Sigmoid()), X2, LABELS)
    assert WORDS["en"]["fitted"]["undecided"] in says(picture)
    picture = fitted(linear([[0, 0, 1], [0, 0, 5], [0, 0, 2]]), X2, LABELS)
    assert "The model predicts y = 1 everywhere here." in says(picture)
    assert not any("everywhere" in words for words in says(fitted(linear(np.eye(3)), X2, LABELS)))


# Words, names and data as they come.


@pytest.mark.parametrize("language", ["en", "ru"])
def test_in_both_languages(language):
    words = WORDS[language]["fitted"]
    picture = fitted(linear([[1.0, 0.0]]), X1, X1, captions=language)
    assert {words["curve"], words["model"], f"{words['observations']}, y"} <= set(says(picture))
    no_overlaps(picture)
    model = linear([[2.0, -1.0, 0.3]], nn.Sigmoid())
    picture = fitted(model, X2, LABELS, captions=language)
    assert {words["boundary"], words["at"].format(level="0.5")} <= set(says(picture))
    no_overlaps(picture)
    with pytest.raises(ValueError, match="'de'"):
        fitted(model, X2, LABELS, captions="de")


def test_data_frames_and_series_bring_their_names():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X2, columns=["GPA", "TUCE"])
    model = linear([[2.0, -1.0, 0.3]], nn.Sigmoid())
    told = fitted(model, X2, LABELS, names=["GPA", "TUCE"])
    assert fitted(model, frame, pandas.Series(LABELS)).svg() == told.svg()
    assert {"GPA", "TUCE"} <= set(says(told))
    curve = linear([[1.0, 0.0]])
    picture = fitted(curve, frame["GPA"], pandas.Series(X2[:, 1], name="wage"))
    assert {"GPA", "wage, o", "observations, wage"} <= set(says(picture))
    assert {"x", "y, o"} <= set(says(fitted(curve, X1, X1)))
    assert {"x_{1}", "x_{2}"} <= set(says(fitted(model, X2, LABELS)))
    with pytest.raises(ValueError, match="got 1, but the network has 2 features"):
        fitted(model, X2, LABELS, names=["a"])


def test_hostile_names_are_words(collisions):
    picture = fitted(linear([[1.0, 0.0]]), X1, X1, names=[HOSTILE])
    assert "<script" not in picture.svg() and "</script" not in picture.svg()
    assert r"\frac" in says(fitted(linear([[1.0, 0.0]]), X1, X1, names=[r"\frac"]))


def test_of_many_observations_some_are_drawn_and_it_is_said():
    x = np.linspace(0, 1, 5000)
    picture = fitted(linear([[1.0, 0.0]]), x, x)
    dots = [c for c in picture.all(Circle) if in_area(c.x, c.y)]
    assert len(dots) == 1667 and "Of 5000 observations one in 3 is drawn." in says(picture)


def test_one_observation_and_equal_ones():
    for x, y in (([0.5], [1.0]), ([2.0, 2.0], [3.0, 3.0])):
        no_overlaps(fitted(linear([[1.0, 0.0]]), x, y))
    no_overlaps(fitted(linear([[1.0, 1.0, 0.0]], nn.Sigmoid()), [[0.0, 0.0]], [1]))


class Doubled(nn.Module):
    def __init__(self):
        self.weight = ag.Tensor(2.0, requires_grad=True)

    def forward(self, x):
        return (self.weight * x)[:, 0]


def test_a_model_of_ones_own_is_drawn_too():
    picture = fitted(Doubled(), X1, 2 * X1)
    to_x, to_y = scales(picture)
    (curve,) = lines(picture, CURVES[1])
    np.testing.assert_allclose(to_y(curve[:, 1]), 2 * to_x(curve[:, 0]), atol=1e-6)


class Centred(nn.Module):
    def forward(self, x):
        return x - np.mean(x, axis=0)


class Random(nn.Module):
    def forward(self, x):
        return x + np.random.default_rng().normal(size=x.shape)


class Summed(nn.Module):
    def forward(self, x):
        return np.sum(x)


def test_a_model_that_is_no_function_of_x_is_refused():
    for model in (Centred(), Random()):
        with pytest.raises(ValueError, match="another value alone than among"):
            fitted(model, X1, X1)
    with pytest.raises(ValueError, match="a row for each observation"):
        fitted(Summed(), X1, X1)


@pytest.mark.parametrize(
    ("model", "x", "y", "message"),
    [
        (nn.MLP([3, 1], rng=0), np.ones((5, 3)), np.ones(5), r"\(5, 3\).*one feature.*of two"),
        (nn.MLP([1, 1], rng=0), np.ones((5, 1, 1)), np.ones(5), r"\(5, 1, 1\)"),
        (nn.MLP([1, 1], rng=0), np.ones((0, 1)), np.ones(0), r"\(0, 1\)"),
        (nn.MLP([1, 1], rng=0), X1, X1[:5], "y has the shape .5, 1., and x 30 observations"),
        (nn.MLP([1, 1], rng=0), X1, np.ones((30, 2)), r"one output.*\(30, 2\)"),
        (nn.MLP([1, 2], rng=0), X1, X1, "one output and one y.*the model has 2"),
        (nn.MLP([1, 1], rng=0), np.where(X1 > 0, np.nan, X1), X1, "x holds NaN or infinity"),
        (nn.MLP([1, 1], rng=0), X1, np.where(X1 > 0, np.inf, X1), "y holds NaN or infinity"),
        (nn.MLP([2, 1], output=nn.Sigmoid, rng=0), X2, X2[:, 0], "are classes.*got 40 different"),
        (nn.MLP([2, 3], rng=0), X2, LABELS + 2, "whole numbers from 0 to 2; got 2.*from 2 to 3"),
        (nn.MLP([2, 3], rng=0), X2, np.ones((40, 3)), "whole numbers from 0 to 2"),
        (nn.MLP([2, 6], rng=0), X2, LABELS, "6 classes, of which 5"),
        (linear([[1e308, 0.0]]), X1 * 10, X1, "gives nan or infinity at x ="),
    ],
)
def test_what_cannot_be_drawn_is_refused(model, x, y, message):
    with warnings.catch_warnings(), pytest.raises(ValueError, match=message):
        warnings.simplefilter("ignore")
        fitted(model, x, y)


def test_a_boundary_is_of_two_classes():
    with pytest.raises(ValueError, match="of one feature a curve is drawn"):
        fitted(linear([[1.0, 0.0]]), X1, X1, boundary=0.5)
    with pytest.raises(ValueError, match="2 outputs, of which the largest"):
        fitted(nn.MLP([2, 2], rng=0), X2, LABELS, boundary=0.5)


@pytest.mark.parametrize("boundary", [np.nan, np.inf, "0.5", [0.5]])
def test_a_boundary_is_a_number(boundary):
    with pytest.raises(ValueError, match=r"boundary: got .*; give a number"):
        fitted(linear([[2.0, -1.0, 0.3]], nn.Sigmoid()), X2, LABELS, boundary)


@pytest.mark.parametrize("make", [lambda x: x * 1j, lambda x: "abc", lambda x: None])
def test_outputs_that_are_no_real_numbers_are_refused(make):
    with pytest.raises(ValueError, match=r"viz.fitted needs .*numbers, got the model's output"):
        fitted(Given(make), X1, X1)


def test_outputs_may_be_truth_values_or_lists():
    for make in (lambda x: x > 0, lambda x: (x > 0).tolist()):
        picture = fitted(Given(make), X1, X1 > 0)
        to_x, to_y = scales(picture)
        (curve,) = lines(picture, CURVES[1])
        np.testing.assert_allclose(to_y(curve[:, 1]), to_x(curve[:, 0]) > 0, atol=1e-6)


def test_a_model_that_changes_what_it_is_given_does_not_move_the_data():
    def shifted(x):
        x += 1
        return x

    x = X1.copy()
    picture = fitted(Given(shifted), x, X1)
    to_x, to_y = scales(picture)
    dots = [c for c in picture.all(Circle) if in_area(c.x, c.y)]
    np.testing.assert_allclose([to_x(c.x) for c in dots], X1[:, 0], atol=1e-6)
    (curve,) = lines(picture, CURVES[1])
    np.testing.assert_allclose(to_y(curve[:, 1]), to_x(curve[:, 0]) + 1, atol=1e-6)
    np.testing.assert_array_equal(x, X1)


def test_what_is_no_model_is_named():
    for what, named in (([1], "a list"), (nn.Sigmoid, "the class Sigmoid"), (np.sin, "ufunc")):
        with pytest.raises(TypeError, match=named):
            fitted(what, X1, X1)
