"""Worksheets and their solutions, quizzes and exams."""

import base64
import functools
import re
import xml.etree.ElementTree as ElementTree

import pytest

import nn
import viz
from viz.__main__ import main
from viz.canvas.shapes import Formula, Line, Text
from viz.language.plain import plain


@functools.cache
def made(seed, kind):
    return viz.exercise(seed, kind)


def reaches_into_another(page):
    """The pairs of words and formulas on a page that overlap."""
    shapes = [s for s in page.drawn if isinstance(s, Text | Formula)]
    return [
        (a.says, b.says)
        for i, a in enumerate(shapes)
        for b in shapes[:i]
        if a.bounds.overlaps(b.bounds)
    ]


@pytest.mark.parametrize("captions", ["en", "ru"])
@pytest.mark.parametrize("kind", ["step", "dropout"])
def test_nothing_on_a_sheet_overlaps_or_is_cut(kind, captions, collisions):
    exercise = viz.exercise(2, kind)
    for pages in (exercise.worksheet(captions), exercise.solution(captions)):
        for page in pages.pages:
            assert reaches_into_another(page) == []
            inside, paper = page.bounds, page.extent
            assert paper.left < inside.left and inside.right < paper.right
            assert paper.top < inside.top and inside.bottom < paper.bottom


def test_a_worksheet_asks_every_question_and_does_not_tell_the_answers():
    exercise = viz.exercise(4, "step")
    drawn = [s for page in exercise.worksheet().pages for s in page.drawn]
    said = [s.says for s in drawn if isinstance(s, Formula)]
    blanks = [s for s in drawn if isinstance(s, Line) and s.width == 0.8]
    assert len(blanks) == len(exercise.questions) + 1  # and the name
    for question in exercise.questions:
        assert f"{question.symbol} =" in said
    assert f"{exercise.questions[5].answer:.4g}" not in " ".join(said)


@pytest.mark.parametrize("captions", ["en", "ru"])
def test_a_worksheet_of_any_network_is_html_and_pdf(captions, tmp_path):
    pytest.importorskip("svglib")
    model = nn.MLP([3, 2, 2], nn.Tanh, output=nn.Softmax, rng=0, batchnorm=True).eval()
    for solution in (False, True):
        pages = viz.worksheet(
            model, [1.0, 2.0, -1.0], [1], nn.cross_entropy, captions=captions, solution=solution
        )
        html = pages.save(tmp_path / f"{solution}.html").read_text("utf-8")
        assert html.count("<svg ") == len(pages) and f'lang="{captions}"' in html
        assert pages.save(tmp_path / f"{solution}.pdf").read_bytes().startswith(b"%PDF")
        assert [reaches_into_another(page) for page in pages.pages] == [[]] * len(pages)
    with pytest.raises(ValueError, match=r"\.html or \.pdf"):
        pages.save(tmp_path / "sheet.svg")


def test_symbols_can_be_said_in_one_line():
    exercise = viz.exercise(0, "step")
    assert [plain(q.symbol) for q in exercise.questions][7:9] == ["∂l/∂o", "∂l/∂q"]


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
        assert question.find("questiontext").get("format") == "html"
        text, file = question.findtext("questiontext/text"), question.find("questiontext/file")
        assert f'src="@@PLUGINFILE@@/{file.get("name")}"' in text and file.get("path") == "/"
        assert ElementTree.fromstring(base64.b64decode(file.text)).tag.endswith("svg")
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


def test_the_command_writes_an_exam(tmp_path, capsys):
    command = ["exercise", "--variants", "2", "--seed", "7", "--kind", "values"]
    command += ["--captions", "ru", "--output", str(tmp_path / "exam")]
    assert main(command) == 0 and "вариантов: 2" in capsys.readouterr().out
    pages = {f"{name}-{k}.html" for name in ("worksheet", "solution", "live") for k in (7, 8)}
    assert {path.name for path in (tmp_path / "exam").iterdir()} == {
        *pages,
        "answers.csv",
        "quiz.xml",
    }
    table = (tmp_path / "exam" / "answers.csv").read_text("utf-8-sig").splitlines()
    assert table[0] == "variant,symbol,answer,tolerance"
    expected = [q for seed in (7, 8) for q in viz.exercise(seed, "values").questions]
    assert [tuple(map(float, row.split(",")[2:])) for row in table[1:]] == [
        (q.answer, q.tolerance) for q in expected
    ]
    assert main(command) == 1  # rather than overwrite
    assert main([*command, "--overwrite"]) == 0
    assert main(["exercise", "--sizes", "2-2-2"]) == 2
