"""What the stepper tells, held to the engine; its page is opened in a browser by
test_stepper_page.py.
"""

import importlib
import json
import math
import re

import numpy as np
import pytest
from viz_cases import HOSTILE, backpropagated, drawable, random_case, small

import autograd_lite as ag
import nn
import viz
from autograd_lite.entries import as_data
from viz.language.numbers import in_text
from viz.language.templates import names_in
from viz.lesson.functions import KNOWN
from viz.lesson.lesson import Title

X = [0.5, -1.0, 2.0]


def shown(stepper, part, what):
    """The numbers that stand at a place of the picture, in the order of the steps."""
    numbers = stepper.program.run()
    return [numbers[names_in(mark.template)[0]] for mark in stepper.lesson.at(part, what)]


def phases(stepper):
    return [step.phase for step in stepper.lesson.steps]


@pytest.mark.parametrize("seed", range(8))
def test_the_gradients_are_those_of_backward(seed):
    model, x, y, loss = random_case(seed)
    stepper = viz.stepper(model, x, y, loss)
    for name, expected in backpropagated(model, x, y, loss).items():
        assert shown(stepper, name, "gradient") == pytest.approx([expected], rel=1e-12, abs=1e-15)


def test_the_update_is_one_step_of_gradient_descent_and_leaves_the_model_alone():
    model, y = small(), [[1.0]]
    before = nn.vec(model).copy()
    stepper = viz.stepper(model, X, y, nn.binary_cross_entropy, lr=0.7)
    assert np.array_equal(nn.vec(model), before)
    backpropagated(model, X, y, nn.binary_cross_entropy)
    nn.SGD(model.parameters(), lr=0.7).step()
    new = shown(stepper, "weight-1-2-3", "value")[-1]
    assert new == pytest.approx(model[0].weight.data[1, 2], rel=1e-14)
    loss = nn.binary_cross_entropy(model(ag.Tensor([X])), np.array(y)).item()
    assert shown(stepper, "neuron-3-1", "value")[-1] == pytest.approx(loss, rel=1e-14)
    last = len(stepper.lesson.steps) - 1
    assert "smaller" in stepper.spoken(last) and "уменьшилась" in stepper.spoken(
        last, captions="ru"
    )
    assert "larger" in stepper.spoken(last, given={"lr": -1.0})
    assert "the same" in stepper.spoken(last, given={"lr": 0.0})


def test_the_steps_of_the_slides_network():
    stepper = viz.stepper(small(), X, 1, nn.binary_cross_entropy)
    found = phases(stepper)
    # 3 neurons and the loss; the seed, the arrow to o, 3 neurons and their 8 arrows; 3 neurons'
    # weights and the new loss
    assert (found.count("forward"), found.count("backward"), found.count("update")) == (4, 13, 4)
    assert found == sorted(found, key=["start", "forward", "backward", "update"].index)
    assert "∂l/∂l = 1" in stepper.spoken(found.index("backward"))


def test_sums_where_ways_meet_are_so_far_until_the_last():
    stepper = viz.stepper(small(), X, 1, nn.binary_cross_entropy)
    first, whole = stepper.lesson.at("neuron-0-1", "gradient")
    assert first.template.endswith(r"\cdots") and "cdots" not in whole.template
    assert first.until == whole.first
    assert stepper.spoken(first.first).endswith("so far")
    assert stepper.spoken(first.first, captions="ru").endswith("пока")
    assert "so far" not in stepper.spoken(whole.first)
    before, after = shown(stepper, "neuron-0-1", "gradient")
    numbers = stepper.program.run()
    term = numbers["weight-1-2-1"] * numbers["sum-1-2/gradient"]
    assert after == pytest.approx(before + term, rel=1e-12)
    assert after == pytest.approx(numbers["x-1/gradient"], rel=1e-12)


def test_what_is_said_of_a_weight_is_its_chain_rule():
    model = small()
    stepper = viz.stepper(model, X, 1, nn.binary_cross_entropy)
    rule = viz.chain_rule(model, X, 1, nn.binary_cross_entropy, (1, 1, 3))
    about, spoken = stepper.lesson.about["weight-1-1-3"], stepper.spoken("weight-1-1-3")
    assert list(about.lines[0][:2]) == rule.lines[:2]
    numbers = stepper.program.run()
    factors = names_in(about.lines[0][2])[-5:]
    assert math.prod(numbers[name] for name in factors) == pytest.approx(rule.value, rel=1e-12)
    assert "one path" in spoken and "один путь" in stepper.spoken("weight-1-1-3", captions="ru")
    assert set(about.lit) == {
        "weight-1-1-3",
        "neuron-0-3",
        "neuron-1-1",
        "weight-2-1-1",
        "neuron-2-1",
        "weight-3-1-1",
        "neuron-3-1",
    }
    assert "2 paths" in stepper.spoken("neuron-0-1")


def test_a_neuron_is_switched_off_and_on():
    model = nn.MLP([3, 4, 1], nn.Tanh, keep=0.5, rng=3)
    stepper = viz.stepper(model, X, 1.0, nn.mse_loss, lr=1e-9)
    before, after = shown(stepper, "neuron-3-1", "value")
    assert after == pytest.approx(before, abs=1e-6)  # the mask is the same
    on = {name: 1.0 for name in stepper.program.given if name.startswith("mask")}
    off = on | {"mask-1-2": 0.0}
    step = next(
        k
        for k, step in enumerate(stepper.lesson.steps)
        if step.title == Title("forward", ("h₂",), masks=("mask-1-2",))
    )
    assert "switched off" in stepper.spoken(step, off)
    assert "switched off" not in stepper.spoken(step, on)
    assert "4 paths" in stepper.spoken("neuron-0-1", on)
    assert "3 paths" in stepper.spoken("neuron-0-1", off)
    assert "no path to the loss" in stepper.spoken("weight-1-2-1", off)
    assert stepper.program.run(off)["weight-1-2-1/gradient"] == 0
    assert stepper.lesson.masks == {f"neuron-1-{j}": (f"mask-1-{j}",) for j in range(1, 5)}


def test_a_label_is_a_choice():
    stepper = viz.stepper(nn.MLP([3, 3], rng=0), X, 2, nn.cross_entropy)
    assert stepper.lesson.choice == ["y-1", "y-2", "y-3"]
    assert [stepper.program.given[name] for name in stepper.lesson.choice] == [0, 0, 1]
    assert viz.stepper(nn.MLP([3, 2], rng=0), X, [0, 1], nn.mse_loss).lesson.choice == []


def test_every_number_that_is_given_has_a_row():
    model = nn.MLP([2, 2, 1], nn.PReLU, batchnorm=True, rng=0).eval()
    stepper = viz.stepper(model, [1.0, 2.0], 1.0, nn.mse_loss)
    assert {row.name for row in stepper.lesson.rows} == set(stepper.program.given)
    numbers = stepper.program.run()
    assert all(row.gradient in numbers for row in stepper.lesson.rows if row.name != "lr")


@pytest.mark.parametrize("seed", range(8))
def test_what_is_told_has_numbers(seed):
    stepper = viz.stepper(*random_case(seed))
    assert stepper.lesson.names <= set(stepper.program.run())
    functions = {step[0] for step in as_data(stepper.program)["steps"]}
    assert functions <= KNOWN


class Gamma(nn.Activation):
    """One that no page knows."""

    def forward(self, s):
        special = pytest.importorskip("scipy.special")
        importlib.import_module("autograd_lite.scipy_special")
        return special.gammaln(s * s + 1)


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        (nn.Tanh, lambda o, y: np.sort(np.concatenate([o - y, y], axis=1))[0, 0] ** 2),
        (nn.Tanh, lambda o, y: np.sum(o - y) ** 2 * float(np.abs(o.data).max())),
        (Gamma, nn.mse_loss),
    ],
)
def test_a_network_that_cannot_be_written_down_is_still_and_says_why(activation, loss):
    model = nn.MLP([3, 2, 1], activation, keep=0.9, rng=0)
    model(np.ones((1, 3)))
    stepper = viz.stepper(model, X, [1.0], loss)
    assert stepper.why and dict(stepper.program.given) == {}
    assert {"lr", "x-1", "y-1", "weight-1-2-0", "mask-1-1"} <= set(stepper.program.run())
    assert {row.name for row in stepper.lesson.rows} >= {"lr", "x-1", "weight-2-1-2"}
    model[2].thin, kept = model[2].thin, model[2].mask
    model[2].draw = lambda shape: kept
    for name, expected in backpropagated(model, X, [1.0], loss).items():
        assert shown(stepper, name, "gradient") == pytest.approx([expected], rel=1e-12)
    assert json.loads(data_of(stepper.html()))["why"] == stepper.why
    with pytest.raises(ValueError, match=r"cannot be written down: .* Give one observation"):
        viz.stepper(model, [X, X], [1.0, 0.0], loss)


# Graphs.


@drawable
def test_any_recorded_number_on_its_graph():
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "a"), (-3.0, "b")))
    loss = np.tanh(a * b) * a + np.square(a)
    stepper = viz.stepper(loss)
    loss.backward()
    assert stepper.why == "" and set(stepper.program.given) == {"a", "b", "lr"}
    gradients = stepper.lesson.at("n0", "gradient")
    assert shown(stepper, "n0", "gradient")[-1] == pytest.approx(a.grad)
    assert ["so far" in mark.template for mark in gradients].count(False) == 1
    assert "3 paths" in stepper.spoken("n0")
    changed = [a.data - 0.1 * a.grad, b.data - 0.1 * b.grad]
    new = np.tanh(changed[0] * changed[1]) * changed[0] + changed[0] ** 2
    loss_id = stepper.lesson.loss
    assert shown(stepper, loss_id, "value")[-1] == pytest.approx(new)


def of_numbers(f):
    """The stepper of f(a, b), and a function that gives value and gradients at other numbers."""
    tensors = lambda a, b: [
        ag.Tensor(v, requires_grad=True, name=n) for v, n in ((a, "a"), (b, "b"))
    ]

    def at(a, b):
        given = tensors(a, b)
        loss = f(*given)
        loss.backward()
        return loss.item(), [t.grad.item() for t in given]

    return viz.stepper(f(*tensors(0.7, 0.4))), at


@drawable
@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: np.exp(a * b) / (1 + a**2) + a,
        lambda a, b: np.maximum(a, b) * np.hypot(a, b) + np.abs(a - b),
        lambda a, b: ag.sigmoid(a) * ag.softplus(b) + ag.relu(a - b) * ag.elu(b - 2.0),
        lambda a, b: np.minimum(a, b) * 2.0 + np.clip(a, 0.3, 0.9) * b,
        lambda a, b: np.sin(a) * np.cos(b) + np.tan(a) ** b + np.arctan2(a, b) + b,
        lambda a, b: np.sqrt(a + b) * np.log(a + 2 * b) - ag.normal_cdf(a) / np.cosh(b),
    ],
)
def test_a_graph_is_live_at_other_numbers(f):
    stepper, at = of_numbers(f)
    assert stepper.why == ""
    names = {"a": None, "b": None}
    for mark in stepper.lesson.marks:
        told = stepper.lesson.about.get(mark.part)
        if told and told.title.arguments[0] in names and mark.what == "gradient":
            names[told.title.arguments[0]] = names_in(mark.template)[0]
    for a, b in ((0.7, 0.4), (0.2, 0.6), (1.3, 0.35)):
        numbers = stepper.program.run({"a": a, "b": b})
        value, gradients = at(a, b)
        assert numbers[stepper.lesson.loss] == pytest.approx(value, rel=1e-12)
        found = [numbers[names["a"]], numbers[names["b"]]]
        assert found == pytest.approx(gradients, rel=1e-10, abs=1e-13)


@drawable
def test_local_derivatives_have_their_formulas():
    stepper, _ = of_numbers(lambda a, b: np.tanh(a * b))
    said = " ".join(stepper.spoken(k) for k in range(len(stepper.lesson.steps)))
    assert "∂l/∂v₁ = 1 − l² ≈ 0.92" in said and "∂v₁/∂a = b = 0.4" in said


@drawable
def test_a_few_entries_of_an_array_are_numbers_too():
    w = ag.Tensor([1.0, 2.0, 4.0], requires_grad=True, name="w")
    stepper = viz.stepper(np.sum(np.square(w)))
    assert set(stepper.program.given) == {"w[0]", "w[1]", "w[2]", "lr"} and not stepper.why
    assert "w = [1, 2, 4]" in stepper.spoken(0)
    assert "w = [5, 2, 4]" in stepper.spoken(0, {"w[0]": 5.0})
    assert "∂l/∂w = [10, 4, 8]" in stepper.spoken("n0", {"w[0]": 5.0})


@drawable
@pytest.mark.parametrize(
    "f",
    [
        lambda w: math.prod(part.sum() for part in np.split(w, [2])),
        lambda w: np.split(w[:1], 1)[0].sum(),
        lambda w: np.linalg.eigvalsh(np.outer(w, w))[-1],
        lambda w: np.abs(np.fft.fft(w)[1]),
        lambda w: np.abs(w[0] * (1 + 1j)),
        lambda w: np.linalg.det(np.outer(w, w) + np.eye(3)),
        lambda w: np.sort(w)[0] * w[1],
    ],
)
def test_what_cannot_be_written_down_is_still_and_says_why(f):
    w = ag.Tensor([1.0, 2.0, 4.0], requires_grad=True, name="w")
    loss = f(w)
    stepper = viz.stepper(loss)
    loss.backward()
    assert stepper.why and dict(stepper.program.given) == {}
    numbers = stepper.program.run()
    found = [numbers[name] for name in names_in(stepper.lesson.at("n0", "gradient")[-1].template)]
    assert found == pytest.approx(w.grad)
    new = f(w - 0.1 * w.grad)
    assert shown(stepper, stepper.lesson.loss, "value")[-1] == pytest.approx(new.item())
    assert stepper.why in json.loads(data_of(stepper.html()))["why"]


@drawable
@pytest.mark.parametrize(
    "f",
    [
        lambda w: np.einsum("i,i->", w, w),
        lambda w: np.clip(w, None, 1.5).sum(),
        lambda w: np.concatenate([w, w]).sum() + np.stack([w, w], axis=1).sum(),
        lambda w: np.linalg.multi_dot([w, np.eye(3), w]),
        lambda w: np.sum(np.tanh(np.outer(w, w) @ np.ones(3))),
    ],
)
def test_arrays_on_the_graph(f):
    w = ag.Tensor([1.0, 2.0, 4.0], requires_grad=True, name="w")
    stepper = viz.stepper(f(w))
    other = ag.Tensor([0.5, -1.0, 3.0], requires_grad=True)
    f(other).backward()
    numbers = stepper.program.run({f"w[{i}]": n for i, n in enumerate(other.data)})
    names = names_in(stepper.lesson.at("n0", "gradient")[-1].template)
    assert [numbers[name] for name in names] == pytest.approx(other.grad, abs=1e-12)


@drawable
def test_a_recorded_mask_stays_and_the_page_says_so():
    w = ag.Tensor([1.0, -2.0], requires_grad=True, name="w")
    assert viz.stepper(np.sum(w * (w.data > 0))).held
    assert viz.stepper(np.sum(np.where(w > 0, w, w * w))).held
    assert not viz.stepper(np.sum(w * w)).held


@drawable
def test_functions_are_written_as_on_the_blackboard():
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in (([2.0, 3.0], "a"), (-3.0, "b")))
    stepper = viz.stepper(np.sum(np.square(a) * b, axis=0) - np.tanh(a[0]))
    said = " ".join(stepper.spoken(k) for k in range(len(stepper.lesson.steps)))
    for written in (
        "(a)² = ",
        "v₁ × b = ",
        "sum(v₂, axis=0) = ",
        "a[0] = [2, 3][0] = 2",
        "tanh(v₄)",
        "v₃ − v₅",
    ):
        assert written in said


def data_of(html):
    return re.search(r'id="lesson">(.*?)</script>', html).group(1)


@drawable
def test_hostile_names_stay_text():
    w = ag.Tensor(2.0, requires_grad=True, name=HOSTILE)
    stepper = viz.stepper(np.square(w))
    html = stepper.html()
    assert "<img" not in html and html.count("</script>") == 2
    assert not set("<>&\u2028") & set(data_of(html))
    title = json.loads(data_of(html))["lesson"]["about"]["n0"]["title"]["arguments"][0]
    assert title.startswith("</script>") and title.startswith(stepper.lesson.texts[0])


@drawable
def test_two_of_one_name_are_two():
    a, b = (ag.Tensor(v, requires_grad=True, name="lr") for v in (2.0, 3.0))
    program = viz.stepper(a * b).program
    assert program.given == {"lr": 0.1, "lr′": 2.0, "lr′′": 3.0}


@drawable
def test_not_a_number_is_no_trouble():
    with np.errstate(all="ignore"):
        stepper = viz.stepper(np.log(ag.Tensor(0.0, requires_grad=True, name="w")))
    assert "−∞" in stepper.spoken(1) and json.loads(data_of(stepper.html()))


# The file.


def test_a_small_file_that_loads_nothing(tmp_path):
    page = viz.stepper(small(), X, 1, nn.binary_cross_entropy)
    path = page.save(tmp_path / "step.html")
    html = path.read_text("utf-8")
    assert len(html.encode()) < 200_000
    assert (
        not re.search(r'(?:src|href)="(?!#)', html)
        and "default-src 'none'" in html
        and "unsafe" not in html
    )
    with pytest.raises(FileExistsError):
        page.save(path)
    page.save(path, overwrite=True)
    with pytest.raises(ValueError, match=r"step\.html"):
        page.save(tmp_path / "step.svg")
    assert page.html() == html


@pytest.mark.parametrize(("sizes", "kilobytes"), [([3, 2, 1], 200), ([4, 6, 4, 1], 400)])
def test_a_page_stays_small(sizes, kilobytes):
    model = nn.MLP(sizes, nn.Tanh, output=nn.Sigmoid, rng=0)
    page = viz.stepper(model, np.ones(sizes[0]), 1.0, nn.binary_cross_entropy).html()
    assert len(page.encode()) < 1000 * kilobytes


def test_a_notebook_gets_a_frame_and_below_it_a_picture_with_a_sentence():
    bundle = viz.stepper(small(), X, 1, nn.binary_cross_entropy)._repr_mimebundle_()
    html = bundle["text/html"]
    assert '<iframe sandbox="allow-scripts" srcdoc="' in html and "<script" not in html
    left = re.sub(r"<iframe.*?</iframe>", "", html)
    assert "trust the notebook" in left and "data:image/svg+xml" in left
    russian = viz.stepper(small(), X, 1, nn.binary_cross_entropy, captions="ru")
    assert "доверьте блокнот" in russian._repr_mimebundle_()["text/html"]


def test_without_scripts_it_is_a_picture_with_its_numbers():
    stepper = viz.stepper(small(), X, 1, nn.binary_cross_entropy, captions="ru")
    html = stepper.html()
    picture = html[html.index("<svg") : html.index("</svg>")]
    assert "Скрытый слой" in picture and "неподвижный рисунок" in html
    numbers = stepper.program.run()
    for name in ("loss", "weight-1-2-3/gradient", "x-2/gradient"):
        assert f">{in_text(numbers[name])}<" in picture


def test_the_page_names_its_script_and_style_in_its_policy():
    page = viz.stepper(small(), X, 1, nn.binary_cross_entropy).html()
    script = re.search(r"<script>(.*?)</script>", page, re.S).group(1)
    assert re.search(r"script-src 'sha256-[^']+'; style-src 'sha256-[^']+'", page)
    assert "fetch(" not in script and "innerHTML" not in script and "eval" not in script


def test_errors_say_what_to_do(monkeypatch):
    bce = nn.binary_cross_entropy
    with pytest.raises(
        TypeError, match="a model with x, y and loss, or a recorded Tensor, got int"
    ):
        viz.stepper(3)
    with pytest.raises(ValueError, match=r"got 'de'; give .en. or .ru."):
        viz.stepper(small(), X, 1, bce, captions="de")
    with pytest.raises(ValueError, match="give x, y and loss"):
        viz.stepper(small(), X)
    with pytest.raises(ValueError, match=r"one observation of 3 features: give x\[i\]"):
        viz.stepper(small(), np.ones((5, 4)), np.ones((5, 1)), bce)
    with pytest.raises(ValueError, match=r"one observation of 3 features, x\[i\], and its y"):
        viz.stepper(small(), np.ones((5, 3)), 1, bce)
    with pytest.raises(ValueError, match=r"101 observations are too many .* at most 100"):
        viz.stepper(small(), np.ones((101, 3)), np.ones(101), bce)
    with pytest.raises(ValueError, match="x has no observations: give at least one"):
        viz.stepper(small(), np.ones((0, 3)), np.ones(0), bce)
    with pytest.raises(ValueError, match="learning rate of at least 0, got -1"):
        viz.stepper(small(), X, 1, bce, lr=-1)
    with pytest.raises(TypeError, match="learning rate, a number of at least 0, got 'fast'"):
        viz.stepper(small(), X, 1, bce, lr="fast")
    with pytest.raises(ValueError, match="too large to step through: at most 8"):
        viz.stepper(nn.MLP([3, 9, 1]), X, 1, nn.mse_loss)
    with pytest.raises(ValueError, match="100 arrows"):
        viz.stepper(nn.MLP([8, 8, 8, 1]), np.ones(8), 1, nn.mse_loss)
    with pytest.raises(TypeError, match="record is lost"):
        viz.stepper(small(), X, 1, lambda o, y: 3.0)
    with pytest.raises(TypeError, match=r"such as nn\.mse_loss, got 'mse'"):
        viz.stepper(small(), X, 1, "mse")
    with pytest.raises(ValueError, match="one number"):
        viz.stepper(nn.MLP([3, 2]), X, [1, 0], lambda o, y: nn.mse_loss(o, y, reduction="none"))
    frozen = small()
    frozen[0].weight.requires_grad = False
    with pytest.raises(ValueError, match="layer 1 are frozen"):
        viz.stepper(frozen, X, 1, bce)
    w = ag.Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"shape \(2,\): reduce it"):
        viz.stepper(w * 2)
    with pytest.raises(ValueError, match="complex: take"):
        viz.stepper(ag.Tensor(1.0, requires_grad=True) * 1j)
    with pytest.raises(ValueError, match="not recorded"):
        viz.stepper(ag.Tensor(1.0))
    loss = np.sum(w * w)
    loss.backward(retain_graph=False)
    with pytest.raises(RuntimeError, match="freed"):
        viz.stepper(loss)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(RuntimeError, match=r"autograd-lite\[dot\]"):
        viz.stepper(np.sum(w * w))
