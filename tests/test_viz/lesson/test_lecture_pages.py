"""The lecture's live pages in a browser: the worked example beside the slide, the chain with one
slider for all weights. Skipped where there is no Chromium.
"""

import numpy as np
import pytest

import nn
import viz
from viz.language.words import WORDS
from viz.lecture.live import LAYERS, LIVE, chain, worked_example
from viz.lecture.worked_example import X, Y, example_network
from viz.pictures.gradient_flow import verdict

TEN_DIGITS = [  # of each observation: h₁, h₂, o, l, and L of them all
    "0.2913126125 -0.4621171573 0.6043677771 0.3781561023 0.5082250720 0.4452424595 0.8091362924",
    "0.4621171573 -0.6043677771 0.7162978702 0.4846558716 0.6568700467 0.4281102598 0.5588090680",
    "0.6043677771 -0.7162978702 0.8004990218 0.5704682674 0.7770389460 0.4142931055 0.8811815714",
]
SLIDE = [
    "0.29 −0.46 0.60 0.38 0.51 0.45 0.81 0.75",
    "0.46 −0.60 0.72 0.48 0.66 0.43 0.56 0.75",
    "0.60 −0.72 0.80 0.57 0.78 0.41 0.88 0.75",
]


def table(page):
    """The columns of the slide and of the page."""
    rows = [row.split() for row in page.locator("#beside tbody tr").all_inner_texts()]
    return list(zip(*rows, strict=True))[1:]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_slides_numbers_stand_beside_ours(opened, language):
    page = opened(worked_example(language))
    head = page.locator("#beside thead").inner_text().split()
    words = WORDS[language]["lecture"]
    assert " ".join(head) == f"{words['slide']} {words['ours']}"
    for i in range(3):
        page.evaluate("i => lesson.observation(i)", i)
        slide, ours = table(page)
        assert slide == tuple(SLIDE[i].split())
        expected = [float(number) for number in [*TEN_DIGITS[i].split(), "0.7497089773"]]
        found = [float(number.replace("−", "-")) for number in ours]
        np.testing.assert_allclose(found, expected, atol=5.1e-11, rtol=0)
    for change in ("lesson.train(3)", "lesson.observation(1); lesson.set('x-1', 9)"):
        assert page.locator("#former").is_hidden() and not page.locator(".former").count()
        page.evaluate(change)
        assert page.locator("#former").is_visible() and page.locator(".former").count()
        digits = [number.strip("−0.").replace(".", "") for number in table(page)[1]]
        assert max(map(len, digits)) == 4
        page.evaluate("lesson.reset()")
    assert page.locator("#former").is_hidden()


def test_a_page_without_a_slide_has_no_such_table(opened):
    page = opened(chain("en"))
    assert page.locator("#beside").is_hidden() and page.locator("#all").is_visible()
    page = opened(worked_example("en"))
    assert page.locator("#beside").is_visible() and page.locator("#all").is_hidden()


def test_gradient_descent_beside_one_observation_after_the_other(opened):
    """What a teacher does in class, and the curves are those of nn.SGD."""
    page = opened(worked_example("en"))
    page.select_option("#kind", "sgd")
    page.click("#train-ten")
    page.click("#restart")
    page.select_option("#kind", "mean")
    page.click("#train-ten")
    assert page.locator("#curve polyline").count() == 2
    said = page.locator("#curve").text_content()
    assert "one observation (SGD)" in said and "all observations (GD)" in said
    model = example_network()
    optimizer, losses = nn.SGD(model.parameters(), lr=0.1), []
    for _ in range(11):
        loss = nn.binary_cross_entropy(model(X), Y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert page.evaluate("lesson.losses") == pytest.approx(losses, rel=1e-12)


def curves(page):
    """(kinds, points) of each stretch of the loss curve."""
    return page.eval_on_selector_all(
        "#curve polyline",
        "all => all.map(one => [one.getAttribute('class'), one.points.numberOfItems])",
    )


def test_each_stretch_of_the_loss_curve_keeps_the_way_it_was_made_in(opened):
    page = opened(worked_example("en"))
    for kind, steps in (("sgd", 30), ("mean", 20), ("batch", 5)):
        page.select_option("#kind", kind)
        page.evaluate("steps => goOn(steps)", steps)
    stretches = [["curve sgd", 31], ["curve mean", 21], ["curve batch", 6]]
    assert curves(page) == stretches
    names = ["mini-batches", "all observations (GD)", "one observation (SGD)"]
    legend = lambda: page.locator("#curve text:is(.sgd, .batch, .mean)").all_text_contents()
    assert legend() == names
    page.select_option("#kind", "sgd")  # nothing has been made in this way yet
    assert curves(page) == stretches
    page.evaluate("lesson.goTo(40)")
    circle = lambda: page.locator("#curve circle").get_attribute("class")
    assert circle() == "mean"
    page.evaluate("goOn(2)")
    assert curves(page) == [["curve sgd", 31], ["curve mean", 13]]
    page.click("#restart")
    page.select_option("#kind", "batch")
    page.click("#train")
    past = [["curve past sgd", 31], ["curve past mean", 13]]
    assert curves(page) == [*past, ["curve batch", 2]]
    assert legend() == [names[0], f"before: {names[1]}", f"before: {names[2]}"]
    assert "From the start" in page.locator("#compare").inner_text()


def test_of_one_observation_the_curve_has_one_way(opened):
    page = opened(LIVE["D_live"]("en"))
    page.click("#train-ten")
    assert curves(page) == [["curve mean", 11]]
    assert "observation" not in page.locator("#curve").text_content()
    assert page.locator("#compare").is_hidden()
    page.click("#restart")
    page.click("#train")
    assert curves(page) == [["curve past mean", 11], ["curve mean", 2]]
    assert page.locator("#curve text.mean").all_text_contents() == ["before"]


def test_no_number_of_an_axis_is_cut_off(opened):
    """Without its minus, or its first digits, it would be another."""
    page = opened(worked_example("en"))
    page.evaluate("lesson.train(2)")
    wide = """number => ["curve", "fit"].map((id) => {
      const made = note(0, 0, tabled(number), "start");
      byId(id).append(made);
      return (id === "curve" ? LEFT : FIT.left) - 6 - made.getBBox().width;
    })"""
    for number in (-0.0021355, -1.2345, 123456.7, -1.2345e-7, -1.2345e-12, 2.3456e123):
        assert min(page.evaluate(wide, number)) >= 0, number


def test_training_that_stands_still_says_why(opened):
    """At α = 0.1 one observation after the other kills both neurons of the second layer."""
    page = opened(worked_example("en"))
    said = lambda: page.locator("#stuck").inner_text()
    assert said() == "" and page.locator("#rims").inner_text() == ""
    page.evaluate("lesson.train(10, 'sgd')")
    assert page.evaluate("lesson.losses.at(-1)") == pytest.approx(np.log(2), rel=1e-12)
    assert all(part in said() for part in ("h₂₁, h₂₂", "no gradient", "All gradients", "smaller α"))
    assert "Dotted red rim" in page.locator("#rims").inner_text()
    dead = page.evaluate("lesson.losses.findIndex((loss) => Math.abs(loss - Math.LN2) < 1e-12)")
    page.evaluate("time => lesson.goTo(time)", dead - 1)
    assert "All gradients" not in said()
    page.evaluate("lesson.reset()")
    assert said() == ""
    page.evaluate("lesson.set('weight-2-1-1', -9); lesson.set('weight-2-1-3', -9)")
    page.evaluate("lesson.set('weight-2-1-2', 9)")
    assert "h₂₁." in said() and "All gradients" not in said() and "smaller" not in said()


def test_gradients_that_are_all_0_in_a_minimum_are_no_reason_for_a_smaller_step(opened):
    model = nn.MLP([1, 1], rng=0)
    nn.unvec(model, [2.0, 0.0])
    page = opened(viz.stepper(model, [[1.0], [2.0]], [[2.0], [4.0]], nn.mse_loss))
    assert page.locator("#stuck").inner_text().startswith("All gradients are 0")
    page.evaluate("lesson.train(2)")
    assert "α" not in page.locator("#stuck").inner_text()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("made", LIVE.values(), ids=LIVE)
def test_while_it_is_trained_the_curve_is_in_view(opened, made, language):
    page = opened(made(language))
    page.evaluate("lesson.train(10, 'mean')")
    below = "['#picture > svg', '#curve', '#fit'].map(one => document.querySelector(one))"
    below += ".map(one => one.getBoundingClientRect().bottom)"
    assert max(page.evaluate(below)) <= 800 and page.locator("#curve").is_visible()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_one_slider_lets_the_gradient_vanish_and_explode(opened, language):
    stepper = chain(language)
    page, words = opened(stepper), WORDS[language]["flow"]
    heard = set()
    for weight in (0.0, 0.1, 0.15, 0.5, 1.0, 4.0, 6.0, 8.0):
        page.fill("#all", str(weight))
        given = {f"weight-{layer}-1-1": weight for layer in range(1, LAYERS + 1)}
        numbers = stepper.program.run(given)
        first, last = (abs(numbers[name]) for name in stepper.together["ends"])
        assert page.locator("#flow").inner_text() == verdict(first, last, words)
        assert abs(first / last) == pytest.approx(weight**4)
        heard |= {key for key, said in words.items() if said == verdict(first, last, words)}
        heard |= {
            key for key in ("vanish", "explode") if verdict(first, last, words)[:16] in words[key]
        }
    assert heard >= {"vanish", "explode", "nothing"}
    page.fill("#all", "0.5")
    assert page.locator("#all-value").inner_text() == "0.5"
    page.click("#train-ten")
    assert page.locator("#all-value").inner_text() == "≠"  # no longer of all weights


def test_what_is_said_of_the_gradient_is_what_python_says(opened):
    page, words = opened(chain("en")), WORDS["en"]["flow"]
    ends = [0.0, 3.7e-9, 2e-4, 1e-3, 0.5, 1.0, 999.0, 1234.5, 98765.0, 1e12, np.inf, np.nan]
    for first in ends:
        for last in ends:
            given = [str(number).replace("inf", "Infinity") for number in (first, last)]
            said = page.evaluate("ends => flow(...ends.map(Number))", given)
            assert said == verdict(first, last, words), (first, last)


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("made", LIVE.values(), ids=LIVE)
def test_nothing_is_wider_than_the_page(opened, made, width):
    page = opened(made("ru"), width, after="#predict")
    page.evaluate("lesson.train(3)")
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    page.evaluate("byId('with-gradients').click()")
    for step in range(0, page.evaluate("last") + 1, 4):
        page.evaluate("step => lesson.show(step)", step)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
