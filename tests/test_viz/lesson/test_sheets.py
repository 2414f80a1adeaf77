"""Worksheets and their solutions, quizzes and exams."""

import base64
import functools
import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from typesetting import typeset

import autograd_lite as ag
import nn
import viz
from viz.__main__ import main
from viz.canvas.latex import formula_as_latex
from viz.canvas.shapes import Formula, Line, Text
from viz.language.formulas import LOSSES
from viz.language.numbers import digits
from viz.language.plain import plain
from viz.language.sheet_words import SHEET
from viz.lesson.exercises.exam import write_exam
from viz.lesson.exercises.exercise import ACTIVATIONS, KINDS
from viz.lesson.exercises.solved import NEW
from viz.lesson.lesson import form
from viz.lesson.sheets.slopes import HOLES, slope_of_activation, slope_of_loss


@functools.cache
def made(seed, kind):
    return viz.exercise(seed, kind)


def faults(page, collisions):
    """What on a page reaches into something else, or beyond the paper."""
    shapes = [s for s in page.drawn if isinstance(s, Text | Formula)]
    rules = [s for s in page.drawn if isinstance(s, Line) and s.width == 0.8]
    found = collisions(page)
    found += [
        (a.says, b.says)
        for i, a in enumerate(shapes)
        for b in shapes[:i]
        if a.bounds.overlaps(b.bounds)
    ]
    for rule in rules:
        row = rule.bounds.grown(4)
        beside = [
            s.bounds for s in shapes if s.bounds.top < row.bottom and s.bounds.bottom > row.top
        ]
        before = max(b.right for b in beside if b.left < rule.bounds.left)
        after = min([b.left for b in beside if b.left > rule.bounds.left], default=page.size[0])
        if not (before + 5 < rule.bounds.left < before + 9 and rule.bounds.right < after - 9):
            found.append(f"a blank from {rule.bounds.left:.0f} to {rule.bounds.right:.0f}")
        if rule.bounds.width < 60:
            found.append("a blank with no room")
    inside, paper = page.bounds, page.extent
    cut = (
        inside.left - paper.left,
        inside.top - paper.top,
        paper.right - inside.right,
        paper.bottom - inside.bottom,
    )
    return found + [f"{by} pixels to the edge" for by in cut if by < 20]


FEW = [2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 10))]


@pytest.mark.parametrize("captions", ["en", "ru"])
@pytest.mark.parametrize("kind", ["values", "backpropagation", "step", "dropout"])
@pytest.mark.parametrize("seed", FEW)
def test_nothing_on_a_sheet_overlaps_or_is_cut(seed, kind, captions, collisions):
    exercise = made(seed, kind)
    for pages in (exercise.worksheet(captions), exercise.solution(captions)):
        for page in pages.pages:
            assert faults(page, collisions) == []


WIDE = [
    ((3, 4, 1), nn.Sigmoid, None, nn.mse_loss),
    ((2, 2, 2, 1), nn.Tanh, nn.Sigmoid, nn.mse_loss),
]


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), WIDE)
def test_nor_on_those_of_larger_networks(sizes, activation, output, loss, collisions):
    exercise = viz.exercise(1, "backpropagation", sizes, activation, output, loss)
    for pages in (exercise.worksheet("ru"), exercise.solution("ru")):
        for page in pages.pages:
            assert faults(page, collisions) == []


def test_a_worksheet_asks_every_question_and_does_not_tell_the_answers():
    exercise = viz.exercise(4, "step")
    drawn = [s for page in exercise.worksheet().pages for s in page.drawn]
    said = [s.says for s in drawn if isinstance(s, Formula)]
    blanks = [s for s in drawn if isinstance(s, Line) and s.width == 0.8]
    assert len(blanks) == len(exercise.questions) + 1  # and the name
    for question in exercise.questions:
        assert f"{question.symbol.removesuffix(NEW)} =" in said
    assert f"{exercise.questions[5].answer:.4g}" not in " ".join(said)


@pytest.mark.parametrize("captions", ["en", "ru"])
@pytest.mark.parametrize("solution", [False, True])
def test_a_worksheet_of_any_network_is_html(captions, solution, tmp_path, collisions):
    model = nn.MLP([3, 2, 2], nn.Tanh, output=nn.Softmax, rng=0, batchnorm=True).eval()
    given = (model, [1.0, 2.0, -1.0], [1], nn.cross_entropy)
    pages = viz.worksheet(*given, captions=captions, solution=solution)
    html = pages.save(tmp_path / "sheet.html").read_text("utf-8")
    assert html.count("<svg ") == len(pages) and f'lang="{captions}"' in html
    assert [faults(page, collisions) for page in pages.pages] == [[]] * len(pages)
    with pytest.raises(ValueError, match=r"\.html, \.pdf, \.tex"):
        pages.save(tmp_path / "sheet.svg")


def test_pages_are_pdf(tmp_path):
    pytest.importorskip("svglib")
    pages = made(2, "values").worksheet("ru")
    written = pages.save(tmp_path / "sheet.pdf").read_bytes()
    assert written.count(b"/Type /Page\n") == len(pages) == 1
    assert pages.pdf() == written


def test_a_worksheet_is_of_one_observation():
    model = nn.MLP([2, 1], rng=0)
    with pytest.raises(ValueError, match=r"one observation, got 3: .*x\[0\]"):
        viz.worksheet(model, [[1.0, 2.0]] * 3, [[1.0]] * 3, nn.mse_loss)


@pytest.mark.parametrize("captions", ["en", "ru"])
@pytest.mark.parametrize("kind", ["step", "dropout"])
def test_latex_sets_worksheets_and_solutions(kind, captions, tmp_path):
    exercise = viz.exercise(2, kind)
    for name in ("worksheet", "solution"):
        pages = getattr(exercise, name)(captions)
        tex = pages.save(tmp_path / f"{name}.tex").read_text("utf-8")
        log = typeset("pdflatex", tmp_path, f"{name}.tex")
        assert all(float(by) < 1 for by in re.findall(r"Overfull \\hbox \((\S+)pt", log))
        if name == "worksheet":
            assert tex.count(r"\blank{") == len(exercise.questions) + 1  # and the name
        drawn = [formula_as_latex(f.says) for page in pages.pages for f in page.all(Formula)]
        assert [says for says in drawn if says not in tex] == []


def test_lualatex_sets_a_worksheet_of_any_network(tmp_path):
    model = nn.MLP([3, 2, 2], nn.Tanh, output=nn.Softmax, rng=0, batchnorm=True).eval()
    given = (model, [1.0, 2.0, -1.0], [1], nn.cross_entropy)
    viz.worksheet(*given, captions="ru", solution=True).save(tmp_path / "sheet.tex")
    typeset("lualatex", tmp_path, "sheet.tex")


def test_symbols_can_be_said_in_one_line():
    exercise = viz.exercise(0, "step")
    said = [plain(q.symbol) for q in exercise.questions]
    assert said[7:9] == ["∂l/∂o", "∂l/∂q"] and said[-1] == "l new"
    assert len(set(said)) == len(said)


# Quizzes and exams.


def test_a_quiz_has_the_elements_that_moodle_documents(tmp_path):
    exercises = [made(seed, kind) for seed, kind in ((0, "step"), (1, "step"), (0, "dropout"))]
    path = viz.moodle(exercises, tmp_path / "quiz.xml", "ru")
    category, *questions = ElementTree.parse(path).getroot()
    assert category.get("type") == "category"
    assert category.findtext("category/text").startswith("$course$/")
    assert len({question.findtext("name/text") for question in questions}) == 3
    for question, exercise in zip(questions, exercises, strict=True):
        assert question.get("type") == "cloze"
        tags = ["name", "questiontext", "generalfeedback", "penalty", "hidden"]
        assert [part.tag for part in question] == tags
        assert question.find("questiontext").get("format") == "html"
        assert 0 <= float(question.findtext("penalty")) <= 1 and question.findtext("hidden") == "0"
        text, file = question.findtext("questiontext/text"), question.find("questiontext/file")
        assert f'src="@@PLUGINFILE@@/{file.get("name")}"' in text and file.get("path") == "/"
        assert ElementTree.fromstring(base64.b64decode(file.text)).tag.endswith("svg")
        assert ("производные вычислены при старых весах" in text) == (exercise.kind == "step")
        blanks = re.findall(r"\{1:NUMERICAL:=([^:}]+):([^:}]+)\}", text)
        expected = [(q.answer, q.tolerance) for q in exercise.questions]
        assert [tuple(map(float, blank)) for blank in blanks] == expected
        assert text.count("{") == len(blanks)  # nothing else that Moodle would read as a blank
    with pytest.raises(FileExistsError):
        viz.moodle(exercises, path)
    with pytest.raises(ValueError, match=r"quiz\.xml, not"):
        viz.moodle(exercises, tmp_path / "quiz.txt")
    with pytest.raises(ValueError, match=r"viz\.exercise"):
        viz.moodle([], tmp_path / "none.xml")
    for given in (exercises[0], [3]):
        with pytest.raises(TypeError, match=r"a list of what viz\.exercise"):
            viz.moodle(given, tmp_path / "none.xml")


def test_a_language_that_is_not_there_is_named(tmp_path):
    exercise = made(0, "values")
    for write in (exercise.worksheet, exercise.solution, exercise.statement, exercise.stepper):
        with pytest.raises(ValueError, match="'de'"):
            write("de")
    with pytest.raises(ValueError, match="'de'"):
        viz.moodle([exercise], tmp_path / "quiz.xml", "de")


def test_the_command_writes_an_exam(tmp_path, capsys):
    command = ["exercise", "--variants", "2", "--seed", "7", "--kind", "values"]
    command += ["--captions", "ru", "--output", str(tmp_path / "exam")]
    assert main(command) == 0 and "записаны 2 варианта" in capsys.readouterr().out
    pages = {f"{name}-{k}.html" for name in ("worksheet", "solution", "live") for k in (1, 2)}
    assert {path.name for path in (tmp_path / "exam").iterdir()} == {
        *pages,
        "answers.csv",
        "quiz.xml",
    }
    table = (tmp_path / "exam" / "answers.csv").read_text("utf-8-sig").splitlines()
    assert table[0] == "вариант;величина;ответ;допуск"
    expected = [q for seed in (7, 8) for q in viz.exercise(seed, "values").questions]
    assert [
        tuple(float(cell.replace(",", ".")) for cell in row.split(";")[2:]) for row in table[1:]
    ] == [(q.answer, q.tolerance) for q in expected]
    assert main(command) == 1  # rather than overwrite
    says = capsys.readouterr().err
    assert "--overwrite" in says and "overwrite=True" not in says and ".." not in says
    assert main([*command, "--overwrite"]) == 0
    assert main(["exercise", "--sizes", "2-2-2"]) == 2


def test_the_command_writes_latex_and_its_help_names_every_kind_and_file(tmp_path, capsys):
    command = ["exercise", "--format", "tex", "--kind", "values", "--output", str(tmp_path)]
    assert main(command) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {"worksheet-1.tex", "solution-1.tex", "live-1.html"} < names
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["exercise", "--help"])
    says = capsys.readouterr().out
    for name in (*KINDS, *(name.replace("-1", "-N").removesuffix(".tex") for name in names)):
        assert name in says


def test_a_solution_works_out_the_new_loss():
    exercise = made(4, "step")
    said = [f.says for page in exercise.solution().pages for f in page.all(Formula)]
    forward, again = (k for k, says in enumerate(said) if says == r"h_{1} = \max(0, s_{1})")
    lines = " ".join(said[again - 4 :])
    new = {q.symbol.removesuffix(NEW): q.answer for q in exercise.questions[-10:]}
    for symbol, number in new.items():
        assert digits(number) in lines, symbol
    assert forward < again and digits(exercise.questions[0].answer) not in lines


BYTES = """
import hashlib, sys, pathlib
import viz
from viz.lesson.exercises.exam import write_exam
folder = pathlib.Path(sys.argv[1])
write_exam(folder, 1, 5, "ru", "tex", kind="step")
made = viz.exercise(5, "dropout")
(folder / "sheet.html").write_text(made.solution().html(), "utf-8")
viz.exercise(5).stepper().save(folder / "steps.tex")
for path in sorted(folder.iterdir()):
    print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_a_seed_gives_the_same_bytes_in_every_process(tmp_path):
    def written(hashing):
        command = [sys.executable, "-c", BYTES, str(tmp_path / hashing)]
        environment = {**os.environ, "PYTHONHASHSEED": hashing}
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout

    first = written("1")
    assert first.count("\n") == 7 and first == written("2")


# What is given and what is worked out.


def lines_of(pages):
    """The formulas of pages as one text."""
    return "; ".join(f.says for page in pages.pages for f in page.all(Formula))


LOSS_OF = {nn.binary_cross_entropy: nn.Sigmoid}
EVERY = [
    *[(activation, nn.Sigmoid, nn.binary_cross_entropy) for activation in ACTIVATIONS],
    *[(nn.ReLU, LOSS_OF.get(loss), loss) for loss in LOSSES],
]


@pytest.mark.parametrize(("activation", "output", "loss"), EVERY)
def test_a_sheet_says_what_its_symbols_are_and_works_out_every_slope(activation, output, loss):
    exercise = viz.exercise(1, "backpropagation", (2, 2, 1), activation, output, loss)
    given, solution = lines_of(exercise.worksheet()), lines_of(exercise.solution())
    for symbol in ("s_{j}", "h_{j}", "q" if output else "o"):
        assert f"{symbol} = " in given
    for k in (1, 2):
        by = rf"\frac{{\partial h_{{{k}}}}}{{\partial s_{{{k}}}}}"
        worked = re.findall(re.escape(f"{by} = ") + r"(?!\\frac\{\\partial)", solution)
        assert len(worked) == 1, by
    o = r"\frac{\partial l}{\partial o} = "
    assert solution.count(o) == 1 and o + r"\frac{\partial" not in solution


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slopes_of_activations_are_the_engines(activation):
    latex = slope_of_activation(activation())
    for s in (-1.5, 0.7):
        entering = ag.Tensor(np.array(s), requires_grad=True)
        h = activation()(entering)
        h.backward()
        assert evaluated(latex, h.item(), s) == pytest.approx(entering.grad.item())


@pytest.mark.parametrize("loss", LOSSES)
def test_slopes_of_losses_are_the_engines(loss):
    for o, y in ((0.3, 1.0), (0.8, 0.0)):
        output = ag.Tensor([o], requires_grad=True)
        loss(output, [y]).backward()
        assert evaluated(slope_of_loss(loss), o, y) == pytest.approx(output.grad.item())


def evaluated(latex, *values):
    """What a slope comes to at these numbers."""
    for hole, value in zip(HOLES, values, strict=True):
        latex = latex.replace(hole, f"({value})")
    latex = re.sub(r"\[(.*)\]", r"float(\1)", latex).replace(r"\cdot", "*")
    latex = re.sub(r"\^\{2\}", "**2", latex).replace(r"\text{sign}", "np.sign")
    latex = re.sub(r"e\^\{([^{}]*)\}", r"math.exp(\1)", latex)
    latex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", latex)
    return eval(latex, {"math": math, "np": np})


@pytest.mark.parametrize("captions", ["en", "ru"])
@pytest.mark.parametrize("sizes", [(2, 2, 1), (3, 2, 1)])
def test_no_few_blanks_are_left_over_on_another_page(sizes, captions):
    assert len(viz.exercise(3, "step", sizes).worksheet(captions)) == 1
    model = nn.MLP([3, 2, 1], nn.Tanh, output=nn.Sigmoid, rng=0)
    given = model, [1.0, -0.5, 2.0], 1, nn.binary_cross_entropy
    assert len(viz.worksheet(*given, captions=captions)) == 1


def test_a_heading_is_on_the_page_of_its_lines():
    for seed in range(3):
        for page in made(seed, "backpropagation").solution("ru").pages[1:]:
            first = min(page.drawn, key=lambda shape: shape.bounds.top)
            assert isinstance(first, Text)


def test_variants_are_numbered_and_a_sheet_says_its_seed():
    sheet = made(3, "values").worksheet("ru", variant=1)
    says = [text.says for page in sheet.pages for text in page.all(Text)]
    assert sheet.title == "Задание: значения нейронов, вариант 1" and "seed 3" in says[-1]
    assert made(3, "values").solution("ru", 1).title == "Решение. Значения нейронов, вариант 1"
    assert "seed 3" in sheet.tex()


def test_all_variants_are_in_one_pdf_too(tmp_path):
    pytest.importorskip("svglib")
    write_exam(tmp_path, 2, 0, "ru", "pdf", kind="values")
    for name in ("worksheets.pdf", "solutions.pdf"):
        assert (tmp_path / name).read_bytes().count(b"/Type /Page\n") == 2


def test_an_english_table_is_an_english_spreadsheets(tmp_path):
    write_exam(tmp_path, 1, 0, kind="values")
    first, second, *_ = (tmp_path / "answers.csv").read_text("utf-8-sig").splitlines()
    assert first == "variant,symbol,answer,tolerance" and second.startswith("1,s₁,")


@pytest.mark.parametrize(
    ("count", "says"),
    [(1, "записан 1 вариант,"), (3, "3 варианта"), (21, "записан 21"), (5, "тов")],
)
def test_the_command_counts_as_russian_does(count, says):
    assert says in SHEET["ru"][f"files {form(count)}"].format(folder="exam", n=count)


def test_questions_are_a_table_of_html():
    table = ElementTree.fromstring(made(0, "backpropagation").questions._repr_html_())
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    assert rows[0] == ["", "answer", "tolerance"] and rows[1][0] == "s₁"
    assert len(rows) == 1 + len(made(0, "backpropagation").questions)
    assert "∂l/∂ω⁽²⁾₁₀" in [name for name, *_ in rows] and "\\" not in str(rows)


def test_formulas_within_words_are_italic():
    for captions in ("en", "ru"):
        pages = made(2, "dropout").worksheet(captions)
        said = {f.says for f in pages[0].all(Formula)}
        assert {"p", "m", "o"} <= said and "$p$" in pages.tex()
        assert not any("$" in text.says for text in pages[0].all(Text))


def test_a_product_with_0_is_0_exactly():
    solution = lines_of(viz.exercise(1, dead=True).solution())
    zeros = re.findall(r"\\cdot 0; (\S+) 0(?:;|$)", solution)
    assert zeros and set(zeros) == {"="}
