"""The steps of a lesson as pages for a projector."""

import re
import shutil
from collections import Counter

import numpy as np
import pytest
from typesetting import typeset

import autograd_lite as ag
import nn
import viz
from viz.canvas.latex import formula_as_latex
from viz.canvas.shapes import Circle, Formula, Text
from viz.language.numbers import digits
from viz.lesson.sheets.frames import SLIDE
from viz.lesson.sheets.stills import LIT


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


@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 1), (3, 3, 2, 1)])
def test_nothing_in_a_frame_touches_anything_else(sizes, collisions):
    model = nn.MLP(sizes, nn.Tanh, output=nn.Sigmoid, rng=2)
    x = [0.5, -1.5, 2.0][: sizes[0]]
    for page in viz.stepper(model, x, 1, nn.binary_cross_entropy).frames().pages[::3]:
        assert collisions(page) == []


def test_frames_are_saved_as_pdf_and_a_graph_has_none(tmp_path):
    pytest.importorskip("svglib")
    model = nn.MLP([1, 1], output=nn.Sigmoid, rng=0)
    stepper = viz.stepper(model, [2.0], 1, nn.mse_loss)
    written = stepper.save(tmp_path / "steps.pdf").read_bytes()
    assert written.count(b"/Type /Page\n") == len(stepper.lesson.steps)
    with pytest.raises(ValueError, match="steps"):
        stepper.save(tmp_path / "steps.png")


OVERLAY = re.compile(
    r"^  \\only<([\d,-]+)>\{(?:%\n)?(.*?)\}\n(?=  \\|\\end)", re.DOTALL | re.MULTILINE
)


def visible(tex, k):
    """A file as it is on overlay k."""

    def now(overlay):
        ends = [tuple(map(int, run.split("-"))) for run in overlay[1].split(",")]
        return overlay[2] if any(run[0] <= k <= run[-1] for run in ends) else ""

    return OVERLAY.sub(now, tex)


@pytest.mark.parametrize("captions", ["en", "ru"])
def test_a_beamer_frame_has_on_each_overlay_what_is_on_the_page_of_the_step(captions):
    model = nn.MLP([2, 2, 1], nn.ReLU, output=nn.Sigmoid, rng=1)
    stepper = viz.stepper(model, [0.5, -1.5], 1, nn.binary_cross_entropy, captions=captions)
    frames = stepper.frames()
    tex = frames.tex()
    assert tex.count(r"\begin{frame}") == 1
    for k, page in enumerate(frames.pages, start=1):
        shown = visible(tex, k)
        said = Counter(formula_as_latex(formula.says) for formula in page.all(Formula))
        assert {says: shown.count(says) >= n for says, n in said.items()} == dict.fromkeys(
            said, True
        )
        lit = sum(circle.rim == LIT for circle in page.all(Circle))
        assert len(re.findall(r"\\node\[neuron, fill=\w+, draw=c[Dd]97706", shown)) == lit
        assert shown.count(r"\node[neuron") == 6


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_latex_makes_a_page_of_each_step(engine, tmp_path):
    if shutil.which(engine) is None:
        pytest.skip(f"no {engine}")
    model = nn.MLP([2, 2, 1], nn.Tanh, output=nn.Sigmoid, rng=1)
    stepper = viz.stepper(model, [0.5, -1.5], 1, nn.binary_cross_entropy, captions="ru")
    stepper.save(tmp_path / "steps.tex")
    log = typeset(engine, tmp_path, "steps.tex")
    assert f"({len(stepper.lesson.steps)} pages" in log.replace("\n", "")
    assert all(float(by) < 1 for by in re.findall(r"Overfull \\hbox \((\S+)pt", log))


def test_frames_of_a_graph_are_refused():
    pytest.importorskip("pygraphviz")
    w = ag.Tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError, match="of a network"):
        viz.stepper(w * w).frames()
