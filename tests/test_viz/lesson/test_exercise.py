"""Exercises solved once more in plain numbers, without the engine; and their sheets."""

import base64
import functools
import math
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import nn
import viz
from viz.__main__ import main
from viz.canvas.shapes import Formula, Line, Text
from viz.language.plain import plain
from viz.lesson.sheets.tolerances import half_a_unit, rounded, tolerance

SEEDS = [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 100))]


@functools.cache
def made(seed, kind):
    return viz.exercise(seed, kind)


def sigmoid(s):
    return 1 / (1 + math.exp(-s))


class ByHand:
    """A 2-2-1 network of ReLU and a sigmoid with binary cross-entropy, solved as on paper.

    slip: the number of a product, sum or difference that goes wrong; how: in which way.
    keep: what is written down of each result.
    """

    def __init__(self, exercise, slip=None, how=None, keep=lambda value: value):
        first, second = (layer for layer in exercise.model if isinstance(layer, nn.Linear))
        self.w, self.b = first.weight.data.tolist(), first.bias.data.tolist()
        (self.v,), (self.c,) = second.weight.data.tolist(), second.bias.data.tolist()
        self.x, (self.y,) = exercise.x.tolist(), exercise.y.tolist()
        self.slip, self.how, self.keep, self.done = slip, how, keep, 0

    def wrong(self):
        self.done += 1
        return self.done - 1 == self.slip

    def times(self, a, b):
        ways = {"sign": -a * b, "forgotten": a, "forgotten first": b}
        return self.keep(ways[self.how] if self.wrong() else a * b)

    def plus(self, a, b):
        ways = {"sign": a - b, "forgotten": a, "forgotten first": b}
        return self.keep(ways[self.how] if self.wrong() else a + b)

    def forward(self, w, b, v, c):
        sums, hidden = [], []
        for (w1, w2), b0 in zip(w, b, strict=True):
            s = self.plus(self.plus(self.times(w1, self.x[0]), self.times(w2, self.x[1])), b0)
            sums.append(s)
            hidden.append(max(0.0, s))
        q = self.plus(self.plus(self.times(v[0], hidden[0]), self.times(v[1], hidden[1])), c)
        o = self.keep(sigmoid(q))
        loss = self.keep(-math.log(o if self.y else 1 - o))
        return sums, hidden, q, o, loss

    def answers(self, lr):
        """Those of the kind "step", in the order of its questions."""
        sums, hidden, q, o, loss = self.forward(self.w, self.b, self.v, self.c)
        by_o = self.keep(-1 / o if self.y else 1 / (1 - o))
        by_q = self.times(by_o, self.keep(o * (1 - o)))
        by_v = [self.times(by_q, h) for h in hidden]
        by_h = [self.times(by_q, v) for v in self.v]
        by_s = [by if s > 0 else 0.0 for by, s in zip(by_h, sums, strict=True)]
        by_w = [[self.times(by, x) for x in self.x] for by in by_s]
        new = lambda old, by: self.plus(old, -self.times(lr, by))
        w = [[new(*p) for p in zip(*row, strict=True)] for row in zip(self.w, by_w, strict=True)]
        b = [new(*pair) for pair in zip(self.b, by_s, strict=True)]
        v, c = [new(*pair) for pair in zip(self.v, by_v, strict=True)], new(self.c, by_q)
        *_, after = self.forward(w, b, v, c)
        found = [value for pair in zip(sums, hidden, strict=True) for value in pair]
        found += [q, o, loss, by_o, by_q, by_q, by_v[0], by_h[0], by_v[1], by_h[1]]
        for j in range(2):
            found += [by_s[j], by_s[j], *by_w[j]]
        for j in range(2):
            found += [*w[j], b[j]]
        return [*found, *v, c, after]


def fits(question, answer):
    return abs(answer - question.answer) <= question.tolerance


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_are_those_by_hand_and_rounding_on_the_way_is_forgiven(seed):
    exercise = made(seed, "step")
    for keep in (lambda value: value, rounded):
        answers = ByHand(exercise, keep=keep).answers(exercise.lr)
        wrong = [q for q, a in zip(exercise.questions, answers, strict=True) if not fits(q, a)]
        assert wrong == []
    exact = ByHand(exercise).answers(exercise.lr)
    assert [q.answer for q in exercise.questions] == pytest.approx(exact, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_signs_forgotten_factors_and_forgotten_terms_are_outside(seed):
    exercise = made(seed, "step")
    right = ByHand(exercise)
    exact = right.answers(exercise.lr)
    for slip in range(right.done):
        for how in ("sign", "forgotten", "forgotten first"):
            by_hand = ByHand(exercise, slip, how).answers(exercise.lr)
            changed = [not math.isclose(a, b) for a, b in zip(by_hand, exact, strict=True)]
            missed = [fits(q, a) for q, a in zip(exercise.questions, by_hand, strict=True)]
            # A slip without any effect, such as 0 for the derivative of a dead neuron, is none.
            assert not any(changed) or not all(missed), (slip, how)


@pytest.mark.parametrize("kind", ["values", "backpropagation", "step", "dropout"])
def test_no_two_variants_are_alike_all_are_equally_long_and_a_seed_gives_the_same(kind):
    exercises = [made(seed, kind) for seed in range(15)]
    numbers = [tuple(q.answer for q in exercise.questions) for exercise in exercises]
    assert len(set(numbers)) == 15 and len({len(answers) for answers in numbers}) == 1
    again = viz.exercise(3, kind)
    assert again.questions == exercises[3].questions
    assert again.worksheet().html() == exercises[3].worksheet().html()
    assert all(q.tolerance > 0 for exercise in exercises for q in exercise.questions)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_expectation_over_masks_is_that_by_hand(seed):
    exercise = made(seed, "dropout")
    hand, p = ByHand(exercise), 0.8
    sums, hidden, *_ = hand.forward(hand.w, hand.b, hand.v, hand.c)
    outputs, expectation = [], 0.0
    for m1, m2 in ((1, 1), (1, 0), (0, 1), (0, 0)):
        q = hand.v[0] * m1 * hidden[0] / p + hand.v[1] * m2 * hidden[1] / p + hand.c
        outputs.append(sigmoid(q))
        chance = (p if m1 else 1 - p) * (p if m2 else 1 - p)
        expectation += chance * outputs[-1]
    expected = [sums[0], hidden[0], sums[1], hidden[1], *outputs, expectation]
    assert [q.answer for q in exercise.questions] == pytest.approx(expected)
    without_scaling = sigmoid(hand.v[0] * hidden[0] + hand.v[1] * hidden[1] + hand.c)
    assert not fits(exercise.questions[4], without_scaling)
    assert not fits(exercise.questions[-1], sum(outputs) / 4)


OTHERS = [
    ((2, 3, 1), nn.Sigmoid, None, nn.mse_loss),
    ((3, 2, 1), nn.Tanh, nn.Sigmoid, nn.mse_loss),
    ((2, 2, 1), nn.Softplus, None, nn.mse_loss),
    ((2, 2, 1), nn.Tanh, None, nn.binary_cross_entropy_with_logits),
    ((1, 1, 1, 1), nn.ReLU, nn.Sigmoid, nn.binary_cross_entropy),
]


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), OTHERS)
def test_other_networks_have_the_models_own_gradients(sizes, activation, output, loss):
    exercise = viz.exercise(5, "backpropagation", sizes, activation, output, loss)
    model = exercise.model
    loss(model(exercise.x[None]), exercise.y[None]).backward()
    backpropagated = sorted(np.concatenate([np.ravel(p.grad) for p in model.parameters()]))
    asked = [q.answer for q in exercise.questions if r"\partial \omega" in q.symbol]
    assert sorted(asked) == pytest.approx(backpropagated)


def test_a_dead_neuron_is_there_if_asked_for_and_otherwise_not():
    for seed in range(5):
        hidden = [q.answer for q in viz.exercise(seed, "values").questions if "h" in q.symbol]
        assert min(hidden) > 0
        dead = viz.exercise(seed, "values", dead=True).questions
        assert sorted(q.answer == 0 for q in dead if "h" in q.symbol) == [False, True]


def test_given_numbers_are_short_and_layers_exact():
    exercise = viz.exercise(0)
    for parameter in exercise.model.parameters():
        assert np.all(parameter.data == np.round(parameter.data, 1))
    assert all(len(repr(q.answer)) <= 7 for q in exercise.questions[:5])


def test_a_tolerance_is_three_times_the_deviation_and_at_least_half_a_unit():
    assert tolerance(1.0, [1.01, 0.995]) == 0.03
    assert tolerance(1.234, [1.234]) == half_a_unit(1.234) == 0.0005
    assert half_a_unit(-0.01234) == 0.000005 and half_a_unit(0.0) == 0.00005
    assert [rounded(0.1 + 0.2), rounded(-1.23456), rounded(True)] == [0.3, -1.235, True]


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


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "essay"}, "'values', 'backpropagation'"),
        ({"sizes": (2, 2, 2)}, "1 output"),
        ({"activation": nn.ELU}, "nn.ReLU, nn.Sigmoid"),
        ({"loss": nn.cross_entropy}, "nn.mse_loss"),
        ({"output": None}, "output=nn.Sigmoid"),
        ({"activation": nn.Tanh, "dead": True}, "nn.ReLU"),
        ({"kind": "dropout", "sizes": (2, 4, 1)}, "1 to 3 hidden"),
    ],
)
def test_what_cannot_be_an_exercise_is_refused(options, says):
    with pytest.raises(ValueError, match=says):
        viz.exercise(0, **options)


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
