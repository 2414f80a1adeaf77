"""What the stepper tells, held to the engine; its page is opened in a browser by
test_stepper_page.py.
"""

import json
import math
import re

import numpy as np
import pytest
from viz_cases import HOSTILE, backpropagated, drawable, random_case, small

import autograd_lite as ag
import nn
import viz
from viz import stepper
from viz.language.names import weight_name
from viz.language.plain import plain


def final(trace, what):
    return {
        mark.part: mark.number
        for mark in trace.marks
        if mark.what == what and mark.part.startswith("weight")
    }


@pytest.mark.parametrize("seed", range(8))
def test_the_gradients_are_those_of_backward(seed):
    model, x, y, loss = random_case(seed)
    trace = viz.stepper(model, x, y, loss).trace
    expected = backpropagated(model, x, y, loss)
    assert final(trace, "gradient") == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_the_update_is_one_step_of_gradient_descent_and_leaves_the_model_alone():
    model, x, y = small(), [0.5, -1.0, 2.0], [[1.0]]
    before = nn.vec(model).copy()
    trace = viz.stepper(model, x, y, nn.binary_cross_entropy, lr=0.7).trace
    assert np.array_equal(nn.vec(model), before)
    backpropagated(model, x, y, nn.binary_cross_entropy)
    nn.SGD(model.parameters(), lr=0.7).step()
    assert final(trace, "value")[weight_name(1, 2, 3)] == model[0].weight.data[1, 2]
    new = nn.binary_cross_entropy(model(ag.Tensor([x])), np.array(y)).item()
    assert trace.at("neuron-3-1", "value")[-1].number == new
    assert "smaller" in trace.steps[-1].title


def test_the_steps_of_the_slides_network():
    trace = viz.stepper(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy).trace
    phases = [step.phase for step in trace.steps]
    # 3 neurons and the loss; the seed, the arrow to o, 3 neurons and their 8 arrows; 3 neurons'
    # weights and the new loss
    assert (phases.count("forward"), phases.count("backward"), phases.count("update")) == (4, 13, 4)
    assert phases == sorted(phases, key=["start", "forward", "backward", "update"].index)
    seed = trace.steps[phases.index("backward")]
    assert "∂l/∂l = 1" in seed.spoken


def test_sums_where_ways_meet_are_so_far_until_the_last():
    trace = viz.stepper(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy).trace
    first, whole = trace.at("neuron-0-1", "gradient")
    assert (first.so_far, whole.so_far) == (True, False) and first.until == whole.first
    assert trace.steps[first.first].spoken.endswith("so far")
    assert "so far" not in trace.steps[whole.first].spoken
    assert whole.number != pytest.approx(first.number)


def test_what_is_said_of_a_weight_is_its_chain_rule():
    model, x = small(), [0.5, -1.0, 2.0]
    trace = viz.stepper(model, x, 1, nn.binary_cross_entropy).trace
    told = trace.about["weight-1-1-3"]
    rule = viz.chain_rule(model, x, 1, nn.binary_cross_entropy, (1, 1, 3))
    assert plain(rule.lines[2]) in told.spoken and "one path" in told.title
    assert set(told.lit) == {
        "weight-1-1-3",
        "neuron-0-3",
        "neuron-1-1",
        "weight-2-1-1",
        "neuron-2-1",
        "weight-3-1-1",
        "neuron-3-1",
    }
    assert "2 paths" in trace.about["neuron-0-1"].title


def test_a_thinned_network_keeps_its_mask_for_the_new_loss():
    model = nn.MLP([3, 4, 1], nn.Tanh, keep=0.5, rng=3)
    page = viz.stepper(model, [0.5, -1.0, 2.0], 1.0, nn.mse_loss, lr=1e-9)
    before, after = (mark.number for mark in page.trace.at("neuron-3-1", "value"))
    assert after == pytest.approx(before, abs=1e-6)
    assert any("switched off" in step.title for step in page.trace.steps)


@drawable
def test_any_recorded_number_on_its_graph():
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "a"), (-3.0, "b")))
    loss = np.tanh(a * b) * a + np.square(a)
    page = viz.stepper(loss)
    loss.backward()
    assert page.trace.at("n0", "gradient")[-1].number == pytest.approx(a.grad)
    assert [mark.so_far for mark in page.trace.at("n0", "gradient")].count(False) == 1
    told = page.trace.about["n0"]
    assert "4 paths" in told.title or "3 paths" in told.title
    changed = [a.data - 0.1 * a.grad, b.data - 0.1 * b.grad]
    new = np.tanh(changed[0] * changed[1]) * changed[0] + changed[0] ** 2
    assert page.trace.marks[-1].number == pytest.approx(new)


@drawable
def test_arrays_on_the_graph():
    w = ag.Tensor(np.arange(6.0).reshape(3, 2), requires_grad=True, name="w")
    loss = np.sum(np.tanh(w @ np.ones(2)))
    page = viz.stepper(loss, names={"loss": loss})
    loss.backward()
    (gradient,) = [mark.number for mark in page.trace.at("n0", "gradient")]
    assert np.allclose(gradient, w.grad) and "3 × 2" in page.html()


@drawable
@pytest.mark.parametrize(
    "f",
    [
        lambda w: math.prod(part.sum() for part in np.split(w, [2])),
        lambda w: np.split(w[:1], 1)[0].sum(),
        lambda w: np.linalg.eigvalsh(np.outer(w, w))[-1],
        lambda w: np.abs(np.fft.fft(w)[1]),
        lambda w: np.abs(w[0] * (1 + 1j)),
        lambda w: np.einsum("i,i->", w, w),
        lambda w: np.clip(w, None, 1.5).sum(),
        lambda w: (
            np.concatenate([w, w]).sum()
            + np.stack([w, w], axis=1).sum()
            + np.linalg.multi_dot([w, np.eye(3), w])
        ),
    ],
)
def test_what_is_no_number_is_shown_too(f):
    w = ag.Tensor([1.0, 2.0, 4.0], requires_grad=True, name="w")
    loss = f(w)
    page = viz.stepper(loss)
    loss.backward()
    assert np.allclose(page.trace.at("n0", "gradient")[-1].number, w.grad) and page.html()
    new = f(w - 0.1 * w.grad)
    assert page.trace.marks[-1].number == pytest.approx(new.item())


@drawable
def test_functions_are_written_as_on_the_blackboard():
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in (([2.0, 3.0], "a"), (-3.0, "b")))
    said = " ".join(
        step.spoken
        for step in viz.stepper(np.sum(np.square(a) * b, axis=0) - np.tanh(a[0])).trace.steps
    )
    for written in (
        "(a)² = ",
        "v₁ × b = ",
        "sum(v₂, axis=0) = ",
        "a[0] = [2, 3][0] = 2",
        "tanh(v₄)",
        "v₃ − v₅",
    ):
        assert written in said


@drawable
def test_hostile_names_stay_text():
    w = ag.Tensor(2.0, requires_grad=True, name=HOSTILE)
    html = viz.stepper(np.square(w)).html()
    assert "<img" not in html and html.count("</script>") == 2
    written = re.search(r'id="trace">(.*?)</script>', html).group(1)
    assert not set("<>&\u2028") & set(written)
    assert (
        "onerror" in json.loads(written)["about"]["n0"]["title"]
        or "…" in json.loads(written)["about"]["n0"]["title"]
    )


@drawable
def test_not_a_number_is_no_trouble():
    with np.errstate(all="ignore"):
        page = viz.stepper(np.log(ag.Tensor(0.0, requires_grad=True, name="w")))
    written = re.search(r'id="trace">(.*?)</script>', page.html()).group(1)
    assert "-inf" in str(json.loads(written)["marks"])


def test_a_small_file_that_loads_nothing(tmp_path):
    page = viz.stepper(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy)
    path = page.save(tmp_path / "step.html")
    html = path.read_text("utf-8")
    assert len(html.encode()) < 400_000
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
    frame = page._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts" srcdoc="') and "<script" not in frame


def test_errors_say_what_to_do(monkeypatch):
    x, bce = [0.5, -1.0, 2.0], nn.binary_cross_entropy
    with pytest.raises(
        TypeError, match="a model with x, y and loss, or a recorded Tensor, got int"
    ):
        viz.stepper(3)
    with pytest.raises(ValueError, match="give x, y and loss"):
        viz.stepper(small(), x)
    with pytest.raises(ValueError, match=r"one observation of 3 features: give x\[i\]"):
        viz.stepper(small(), np.ones((5, 3)), np.ones((5, 1)), bce)
    with pytest.raises(ValueError, match="too large to step through: at most 8"):
        viz.stepper(nn.MLP([3, 9, 1]), x, 1, nn.mse_loss)
    with pytest.raises(ValueError, match="100 arrows"):
        viz.stepper(nn.MLP([8, 8, 8, 1]), np.ones(8), 1, nn.mse_loss)
    with pytest.raises(TypeError, match="record is lost"):
        viz.stepper(small(), x, 1, lambda o, y: 3.0)
    with pytest.raises(TypeError, match=r"such as nn\.mse_loss, got 'mse'"):
        viz.stepper(small(), x, 1, "mse")
    with pytest.raises(ValueError, match="one number"):
        viz.stepper(nn.MLP([3, 2]), x, [1, 0], lambda o, y: nn.mse_loss(o, y, reduction="none"))
    frozen = small()
    frozen[0].weight.requires_grad = False
    with pytest.raises(ValueError, match="layer 1 are frozen"):
        viz.stepper(frozen, x, 1, bce)
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


@drawable
def test_the_page_names_its_script_and_style_in_its_policy():
    page = viz.stepper(np.square(ag.Tensor(2.0, requires_grad=True))).html()
    script = re.search(r"<script>(.*?)</script>", page, re.S).group(1)
    assert (
        stepper.__name__
        and re.search(r"script-src 'sha256-[^']+'", page)
        and "fetch(" not in script
    )


def test_a_network_that_is_switched_off_altogether():
    page = viz.stepper(
        nn.MLP([3, 4, 1], nn.Tanh, keep=0.5, rng=2), [0.5, -1.0, 2.0], 1.0, nn.mse_loss
    )
    assert "no path to the loss" in page.trace.about["neuron-1-1"].title and page.html()
