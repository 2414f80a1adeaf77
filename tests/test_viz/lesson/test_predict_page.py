"""Numbers that are guessed before they are seen. Skipped where there is no Chromium."""

import re

import numpy as np
import pytest
from network_samples import random_network
from viz_cases import drawable, small

import autograd_lite as ag
import nn
import viz
from viz.language.numbers import in_text
from viz.language.templates import names_in
from viz.lecture.live import chain

X, Y = [0.5, -1.0, 2.0], 1


@pytest.fixture(scope="module")
def slide():
    return viz.stepper(small(), X, Y, nn.binary_cross_entropy)


def digits(text):
    """All numbers of a text, the shortest ones left out, which may be indices."""
    return set(re.findall(r"\d+\.\d\d+", text))


def everything(page):
    """All that can be read: the picture, the panel, the tables, and what a reader hears."""
    return " ".join(
        page.evaluate("""() => [
          ...Array.from(document.querySelectorAll("#picture text, #lines, #rows, #total, #try"),
            (part) => part.textContent),
          lesson.spoken(state.step)]""")
    )


def results(stepper, step):
    """The last number of each line of a step."""
    numbers = stepper.program.run()
    lines = [names_in(" ".join(line)) for line in stepper.lesson.steps[step].lines]
    return digits(" ".join(in_text(numbers[names[-1]]) for names in lines if names))


def answer(page, text):
    page.fill("#guess", text)
    page.keyboard.press("Enter")
    return page.locator("#answer").inner_text()


def test_nothing_that_is_to_come_is_seen(opened, slide):
    page = opened(slide)
    page.eval_on_selector("details", "details => { details.open = true }")
    page.check("#predict")
    plain = opened(slide)
    plain.eval_on_selector("details", "details => { details.open = true }")
    told = [digits(slide.spoken(k)) for k in range(len(slide.lesson.steps))]
    given = digits(" ".join(map(in_text, slide.program.given.values())))
    for k in range(len(told)):
        page.evaluate("k => lesson.show(k)", k)
        plain.evaluate("k => lesson.show(k)", k)
        later = set().union(*told[k:]) - given.union(*told[:k])
        # Of what this step tells, what is no result: a local derivative, say.
        later -= digits(page.locator("#lines").inner_text()) - results(slide, k)
        assert not later & digits(everything(page)), k
        for part in list(slide.lesson.about)[::4]:
            page.evaluate("part => pointAt(part, true)", part)
            assert not later & digits(page.locator("#lines").inner_text()), (k, part)
            page.evaluate("pointAt(null, true)")
        while page.locator("#reveal").is_visible():
            assert "?" in page.locator("#lines").inner_text()
            page.click("#reveal")
        seen = page.locator("#lines").inner_text()
        assert "?" not in seen and seen == plain.locator("#lines").inner_text()
        assert digits(page.locator("#picture").text_content()) == digits(
            plain.locator("#picture").text_content()
        )
        title = page.locator("#title").inner_text()
        assert title == plain.locator("#title").inner_text()
    assert k > 20 and title == "Update: the new loss is smaller"
    page.uncheck("#predict")
    page.check("#predict")
    assert page.locator("#title").inner_text() == "Update: the new loss"


def test_no_gradient_is_seen_before_its_step(opened, slide):
    """Those of the table that no step tells, such as that of y, and those of the arrows."""
    page = opened(slide, after="#step=1&predict")
    page.eval_on_selector("details", "details => { details.open = true }")
    page.check("#by-gradient")
    gradients = "document.querySelectorAll('#rows td:last-child')"
    gradients = f"Array.from({gradients}, cell => cell.textContent).filter(Boolean)"
    assert set(page.evaluate(gradients)) == {"?"} and page.locator(".weighed").count() == 0
    told = [mark.part for mark in slide.lesson.marks if mark.what == "gradient"]
    backward = [k for k, step in enumerate(slide.lesson.steps) if step.phase == "backward"]
    page.evaluate("k => lesson.show(k)", backward[len(backward) // 2])
    weighed = page.eval_on_selector_all(".weighed", "parts => parts.map(part => part.id)")
    assert weighed and set(weighed) < {part for part in told if part.startswith("weight")}
    page.evaluate("k => lesson.show(k)", backward[-1] + 1)
    assert "?" not in page.evaluate(gradients) and page.locator(".weighed").count() == 8


def test_what_becomes_of_the_gradient_is_not_said_before(opened):
    page = opened(chain("en"), after="#step=1&predict")
    assert page.locator("#flow").inner_text() == page.locator("#stuck").inner_text() == ""
    assert page.locator("#rims").inner_text() == ""
    page.uncheck("#predict")
    assert page.locator("#flow").inner_text() and page.locator(".dead").count() == 0
    page.fill("#all", "0")
    assert page.locator(".dead").count() > 0 and page.locator("#rims").inner_text()
    page.check("#predict")
    assert page.locator(".dead").count() == 0 and page.locator("#rims").inner_text() == ""


def test_a_guess_is_right_within_rounding_with_a_point_or_a_comma(opened, slide):
    page = opened(slide, after="#step=1&predict")
    assert page.locator("#predict").is_checked()
    number = slide.program.run()["sum-1-1"]
    assert "Write a number" in answer(page, "nonsense")
    for wrong in (f"{number:.1f}9", f"{number + 0.01:.3f}", f"{-number:.3f}", "0", "1e99"):
        assert "not it" in answer(page, wrong), wrong
        assert page.locator("#lines mn.asked").first.text_content() == "?"
    assert "Right" in answer(page, f"{number:.2f}".replace(".", ","))
    value = slide.program.run()["neuron-1-1"]
    assert page.locator("#guess").input_value() == ""
    assert "Right" in answer(page, f"{value:.4f}".replace("-", "−"))
    assert page.locator("#guess").is_hidden() and "?" not in page.locator("#lines").inner_text()
    page.click("#next")
    assert page.locator("#answer").inner_text() == "" and page.locator("#guess").is_visible()
    page.uncheck("#predict")
    assert page.locator("#ask").is_hidden() and "?" not in page.locator("#lines").inner_text()


ROUNDED = [
    ("0.45", 0.4452, True),
    ("0,445", 0.4452, True),
    ("0.4452", 0.44515, True),
    ("0.446", 0.4452, False),
    ("0.44", 0.4452, False),
    ("0.4", 0.4452, False),  # one digit is too few
    ("0.4", 0.4, True),
    ("2", 2.3, False),
    ("13", 12.7, True),
    ("12", 12.7, False),
    ("-0.45", 0.4452, False),
    ("−0.45", -0.4452, True),
    ("0.4455", 0.4452, True),  # a thousandth, from numbers that were rounded
    ("0.4459", 0.4452, False),
    ("0,4459", 0.4452, False),
    ("1.2e-5", 1.24e-5, True),
    ("1.3e-5", 1.24e-5, False),
    ("0.00001", 1.24e-5, False),
    ("0", 0.0, True),
    ("0", 0.003, False),
    ("0.1", 0.0, False),
    ("", 0.0, False),
    ("8300000", 8.284e7, False),
    ("8,3e7", 8.284e7, True),
]


def test_what_counts_as_rounded(opened, slide):
    page = opened(slide)
    for text, number, right in ROUNDED:
        found = page.evaluate("([text, number]) => isRounded(text, number)", [text, number])
        assert found == right, (text, number)
        other = page.evaluate("([text, number]) => isRounded(text, number)", [text, -number - 1])
        assert not other


@pytest.mark.parametrize("seed", range(0, 60, 12))
def test_every_new_number_of_any_network_can_be_guessed(opened, seed):
    stepper = viz.stepper(*random_network(seed))
    page = opened(stepper, after="#predict")
    asked = 0
    for k in range(len(stepper.lesson.steps)):
        page.evaluate("k => lesson.show(k)", k)
        for _ in range(60):
            wanted = page.evaluate("predicting.wanted.map(place => String(state.numbers[place]))")
            if not wanted:
                break
            asked += 1
            if np.isfinite(float(wanted[0])):
                page.evaluate("text => { byId('guess').value = text; guess() }", wanted[0])
                assert "Right" in page.locator("#answer").inner_text()
            else:
                page.evaluate("reveal()")
        assert not page.evaluate("predicting.wanted.length")
        assert page.evaluate("k => lesson.spoken(k)", k) == stepper.spoken(k)
    assert asked > 10


def test_after_an_edit_the_guess_is_of_the_new_number(opened, slide):
    page = opened(slide, after="#step=1&predict")
    page.evaluate("lesson.set('x-1', -3)")
    number = slide.program.run({"x-1": -3.0})["sum-1-1"]
    assert "Right" in answer(page, f"{number:.3f}")
    again = opened(slide, after=page.evaluate("lesson.link()"))
    assert again.locator("#predict").is_checked()
    assert again.locator("#lines mn.asked").count() > 0


def test_what_was_guessed_of_one_observation_is_asked_again_of_another(opened):
    stepper = viz.stepper(small(), [X, [1.0, 1.0, -1.0]], [1, 0], nn.binary_cross_entropy)
    page = opened(stepper, after="#step=1&predict")
    page.click("#reveal")
    page.click("#reveal")
    assert "?" not in page.locator("#lines").inner_text()
    page.evaluate("lesson.observation(1)")
    assert page.locator("#guess").is_visible()
    page.click("#observations summary")
    first, second = page.locator("#observation-rows tbody tr").all_inner_texts()
    assert first.split()[-2] != "?" and second.split()[-2:] == ["?", "?"]


@drawable
def test_a_graph_is_guessed_too(opened):
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((0.7, "a"), (0.4, "b")))
    stepper = viz.stepper(np.tanh(a * b) + a)
    page = opened(stepper, after="#step=1&predict")
    assert "?" in page.locator("#lines").inner_text() and "Right" in answer(page, "0.28")
