"""Exercises solved once more by students, in plain numbers and without the engine."""

import functools
import math
import random

import numpy as np
import pytest
from students import Student, class_of, half_a_unit, read, worst_answers

import nn
import viz
from viz.lesson.exercises import tolerances
from viz.lesson.exercises.tolerances import is_short, tolerance, worst_order

SEEDS = [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 100))]
KINDS = ["values", "backpropagation", "step", "dropout"]
OTHERS = [
    ((2, 3, 1), nn.Sigmoid, None, nn.mse_loss),
    ((3, 2, 1), nn.Tanh, nn.Sigmoid, nn.mse_loss),
    ((2, 2, 1), nn.Softplus, None, nn.mse_loss),
    ((2, 2, 1), nn.Tanh, None, nn.binary_cross_entropy_with_logits),
    ((2, 2, 1), nn.ReLU, nn.Softplus, nn.l1_loss),
    ((1, 1, 1, 1), nn.ReLU, nn.Sigmoid, nn.binary_cross_entropy),
    ((2, 1), nn.ReLU, nn.Sigmoid, nn.binary_cross_entropy),
]


@functools.cache
def made(seed, kind):
    return viz.exercise(seed, kind)


def check(exercise, students):
    """That the answers are right, all students within the tolerances, and these not wider than
    three times what the students are off by.
    """
    exact, questions = Student().answers(exercise), exercise.questions
    assert [q.answer for q in questions] == pytest.approx(exact, rel=1e-10, abs=1e-12)
    largest = np.zeros(len(questions))
    for student in students:
        answers = student.answers(exercise)
        wrong = [q for q, a in zip(questions, answers, strict=True) if not fits(q, a)]
        assert wrong == []
        largest = np.maximum(largest, np.abs(np.subtract(answers, exact)))
    for question, off in zip(questions, largest, strict=True):
        least = half_a_unit(question.answer) if question.answer else 0.00005
        assert least <= question.tolerance <= max(1.1 * least, 3 * off), question


def fits(question, answer):
    return abs(answer - question.answer) <= question.tolerance


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_follows_the_rule_is_within_the_tolerances_and_they_are_not_wide(seed, kind):
    check(made(seed, kind), class_of(seed, 400))


@pytest.mark.parametrize("kind", ["step", "dropout"])
@pytest.mark.parametrize("seed", SEEDS)
def test_so_is_whoever_is_unlucky_at_every_rounding(seed, kind):
    assert_unlucky_are_within(made(seed, kind))


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), OTHERS)
def test_and_in_other_networks(sizes, activation, output, loss):
    assert_unlucky_are_within(viz.exercise(3, "step", sizes, activation, output, loss))


def assert_unlucky_are_within(exercise):
    for order in (None, 1, 2):
        of_all = worst_answers(exercise, order)
        for question, answers in zip(exercise.questions, of_all, strict=True):
            assert all(fits(question, answer) for answer in answers), (question, order, answers)


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), OTHERS)
def test_of_other_networks_too(sizes, activation, output, loss):
    for seed in range(2):
        check(viz.exercise(seed, "step", sizes, activation, output, loss), class_of(seed, 400))


@pytest.mark.parametrize("kind", ["step", "dropout"])
@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_signs_forgotten_factors_and_forgotten_terms_are_outside(seed, kind):
    assert_slips_are_outside(made(seed, kind))


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), OTHERS)
def test_they_are_outside_in_other_networks_too(sizes, activation, output, loss):
    assert_slips_are_outside(viz.exercise(2, "step", sizes, activation, output, loss))


def assert_slips_are_outside(exercise):
    """All answers that a slip changes, but the last one, the new loss or the expectation, if others
    are; one without any effect, such as 0 for the derivative of a dead neuron, is none.
    """
    right = Student()
    exact, seen = right.answers(exercise), 0
    for slip in range(right.done):
        for how in ("sign", "forgotten", "forgotten first"):
            answers = Student(slip=slip, how=how).answers(exercise)
            changed = [
                (question, fits(question, answer))
                for question, answer, was in zip(exercise.questions, answers, exact, strict=True)
                if not math.isclose(answer, was, rel_tol=1e-9, abs_tol=1e-9)
            ]
            if len(changed) > 1 and changed[-1][0] is exercise.questions[-1]:
                del changed[-1]
            assert not any(fitting for _, fitting in changed), (slip, how, changed)
            seen += bool(changed)
    assert seen > right.done


def test_students_differ():
    exercise = made(0, "backpropagation")
    answers = {tuple(student.answers(exercise)) for student in class_of(0, 50)}
    assert len(answers) > 40
    wrong = Student(slip=0, how="sign").answers(exercise)
    assert sum(not fits(q, a) for q, a in zip(exercise.questions, wrong, strict=True)) > 5


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_variants_are_alike_all_are_equally_long_and_a_seed_gives_the_same(kind):
    exercises = [made(seed, kind) for seed in range(15)]
    numbers = [tuple(q.answer for q in exercise.questions) for exercise in exercises]
    assert len(set(numbers)) == 15 and len({len(answers) for answers in numbers}) == 1
    again = viz.exercise(3, kind)
    assert again.questions == exercises[3].questions
    assert again.worksheet().html() == exercises[3].worksheet().html()
    assert all(q.tolerance > 0 for exercise in exercises for q in exercise.questions)


@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh])
@pytest.mark.parametrize("hidden", [1, 3])
def test_of_one_and_of_eight_masks_too(hidden, activation):
    exercise = viz.exercise(1, "dropout", (2, hidden, 1), activation)
    assert len(exercise.questions) == 2 * hidden + 2**hidden + 1
    check(exercise, class_of(1, 400))
    assert_slips_are_outside(exercise)


@pytest.mark.parametrize("seed", range(15))
def test_forgotten_masks_and_probabilities_are_outside(seed):
    exercise = made(seed, "dropout")
    network, _ = read(exercise)
    hidden = [q.answer for q in exercise.questions if q.symbol.startswith("h")]
    ((*weights, bias),) = network[1]
    terms = [w * h for w, h in zip(weights, hidden, strict=True)]
    assert not fits(exercise.questions[4], Student().sigmoid(sum(terms) + bias))  # not divided by p
    outputs = [q.answer for q in exercise.questions if q.symbol.startswith("o(")]
    assert len(outputs) == 4 and not fits(exercise.questions[-1], sum(outputs) / 4)


@pytest.mark.parametrize(("sizes", "activation", "output", "loss"), OTHERS)
def test_other_networks_have_the_models_own_gradients(sizes, activation, output, loss):
    exercise = viz.exercise(5, "backpropagation", sizes, activation, output, loss)
    model = exercise.model
    loss(model(exercise.x[None]), exercise.y[None]).backward()
    backpropagated = sorted(np.concatenate([np.ravel(p.grad) for p in model.parameters()]))
    asked = [q.answer for q in exercise.questions if r"\partial \omega" in q.symbol]
    assert sorted(asked) == pytest.approx(backpropagated)


def test_each_is_checked_against_differences_before_it_is_given_out(monkeypatch):
    checked = []
    monkeypatch.setattr("autograd_lite.check_gradient", lambda *given, **_: checked.append(given))
    viz.exercise(0, "values")
    assert len(checked) == 1


def test_a_dead_neuron_is_there_if_asked_for_and_otherwise_not():
    for seed in range(5):
        hidden = [q.answer for q in viz.exercise(seed, "values").questions if "h" in q.symbol]
        assert min(hidden) > 0
        dead = viz.exercise(seed, "step", dead=True)
        asked = [q for q in dead.questions if q.symbol.startswith("h")]
        assert sorted(q.answer == 0 for q in asked) == [False, True]
        check(dead, class_of(seed, 400))
        assert_slips_are_outside(dead)


def test_given_numbers_are_short_and_layers_exact():
    exercise = viz.exercise(0)
    for parameter in exercise.model.parameters():
        assert np.all(parameter.data == np.round(parameter.data, 1))
    assert all(len(repr(q.answer)) <= 7 for q in exercise.questions[:5])


SOME = [(kind, sizes) for kind in KINDS for sizes in ((2, 2, 1), (3, 2, 1), (2, 3, 1))]


@pytest.mark.parametrize(("kind", "sizes"), [*SOME, ("step", (2, 2, 2, 1))])
def test_numbers_are_found_and_none_of_a_layer_comes_twice(kind, sizes):
    for seed in range(3):
        exercise = viz.exercise(seed, kind, sizes)
        assert len(set(exercise.x)) == sizes[0]
        for rows in read(exercise)[0]:
            assert all(len(set(map(abs, row))) == len(row) for row in rows)


def test_where_there_are_no_numbers_the_error_says_which_condition_does_not_hold(monkeypatch):
    monkeypatch.setattr("viz.lesson.exercises.drawing.STEEP", (3.0, 2.0))  # nothing is between
    with pytest.raises(ValueError, match="no neuron saturates"):
        viz.exercise(0, "values")


# Tolerances.


def test_a_tolerance_is_the_deviation_and_at_least_half_a_unit():
    assert tolerance(1.0, 0.01) == 0.0105  # a little more than the deviation, in three digits
    assert tolerance(1.0, 0.0111) == 0.0117
    assert tolerance(1.234, 0.0) == tolerances.half_a_unit(1.234) == 0.0005
    assert tolerances.half_a_unit(-0.01234) == 0.000005 and tolerances.half_a_unit(0.0) == 0.00005
    assert all(is_short(value) for value in (0.1 + 0.2, -1.234, 0.3 - 0.1 - 0.2, 0.0))
    assert not any(is_short(value) for value in (-1.2345, 12.345, 1 / 3))


def test_of_all_orders_the_worst_counts():
    # 9.001 + 0.9996 needs five digits, and is taken to 10.00 ± 0.005; 0.9996 − 9 = −8.0004.
    exact = [(9.001, 0.0), (0.9996, 0.0), (-9.0, 0.0)]
    first, last = 0.005, 0.0005
    assert worst_order(exact, math.fsum) == pytest.approx(first + last)
    assert worst_order([(0.5, 0.0), (0.25, 0.0)], math.fsum) == 0  # short numbers are exact
    assert worst_order([(1.0, 0.0), (3.0, 0.1)], math.prod, relative=True) == 0  # times 1
    of_two = worst_order([(3.0, 0.001), (0.7, 0.0)], math.prod, relative=True)
    assert of_two == pytest.approx(0.0005 / 2.1)


@pytest.mark.parametrize("n", [2, 3, 5, 7])
def test_no_order_does_worse_than_the_worst(n):
    rng = random.Random(n)
    for _ in range(20):
        parts = [rng.uniform(-9, 9) for _ in range(n)]
        worst = worst_order([(part, 0.0) for part in parts], math.fsum)
        for _ in range(20):
            order, total = rng.sample(parts, n), 0.0
            for k in range(2, n + 1):
                total += half_a_unit(sum(order[:k]))
            assert worst >= total - 1e-12


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "essay"}, "'values', 'backpropagation'"),
        ({"sizes": (2, 2, 2)}, "1 output"),
        ({"sizes": (9, 2, 1)}, "at most 8"),
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


@pytest.mark.parametrize("seed", [1.5, "7", None])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(TypeError, match="whole number"):
        viz.exercise(seed)


def test_a_seed_without_numbers_is_named(monkeypatch):
    monkeypatch.setattr("viz.lesson.exercises.drawing.TRIES", 1)
    with pytest.raises(ValueError, match=r"for seed 12; what mostly .*Give another seed, fewer"):
        viz.exercise(12, "step", (3, 3, 1))
    monkeypatch.undo()
    monkeypatch.setattr("viz.lesson.exercises.exercise.ATTEMPTS", 0)
    with pytest.raises(ValueError, match=r"for seed 12 with which every slip .*Give another seed"):
        viz.exercise(12, "values")
