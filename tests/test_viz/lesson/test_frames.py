"""The steps of a lesson as pages for a projector."""

import numpy as np
import pytest

import autograd_lite as ag
import nn
import viz
from viz.canvas.shapes import Circle, Formula, Text
from viz.language.numbers import digits
from viz.lesson.sheets.frames import LIT, SLIDE


@pytest.mark.parametrize("captions", ["en", "ru"])
def test_a_frame_is_a_step_with_its_numbers_and_nothing_is_cut(captions):
    model = nn.MLP([2, 2, 1], nn.ReLU, output=nn.Sigmoid, rng=1)
    stepper = viz.stepper(model, [0.5, -1.5], 1, nn.binary_cross_entropy, captions=captions)
    frames = stepper.frames()
    assert len(frames) == len(stepper.lesson.steps)
    for page, step in zip(frames.pages, stepper.lesson.steps, strict=True):
        inside = page.bounds
        assert inside.left >= 0 and inside.top >= 0
        assert inside.right <= SLIDE[0] and inside.bottom <= SLIDE[1]
        lit = {c for c in page.all(Circle) if c.rim == LIT}
        assert len(lit) == sum(part.startswith("neuron") for part in step.lit)
        assert page.all(Text)[0].says == stepper.spoken(frames.pages.index(page)).split(". ")[0]
    output = digits(model(np.array([[0.5, -1.5]])).item())
    said = [[f.says for f in page.all(Formula)] for page in frames.pages]
    forward = [step.phase for step in stepper.lesson.steps].index("backward")
    assert output not in said[0] and output in said[forward]


def test_frames_are_saved_as_pdf_and_a_graph_has_none(tmp_path):
    pytest.importorskip("svglib")
    model = nn.MLP([1, 1], output=nn.Sigmoid, rng=0)
    stepper = viz.stepper(model, [2.0], 1, nn.mse_loss)
    written = stepper.save(tmp_path / "steps.pdf").read_bytes()
    assert written.count(b"/Type /Page\n") == len(stepper.lesson.steps)
    with pytest.raises(ValueError, match="steps"):
        stepper.save(tmp_path / "steps.png")


def test_frames_of_a_graph_are_refused():
    pytest.importorskip("pygraphviz")
    w = ag.Tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError, match="of a network"):
        viz.stepper(w * w).frames()
