"""The lecture's live pages in a browser: the worked example beside the slide, the chain with one
slider for all weights. Skipped where there is no Chromium.
"""

import numpy as np
import pytest

import nn
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
    assert page.locator("#beside .apart").count() == 0
    page.evaluate("lesson.train(3)")
    assert page.locator("#beside .apart").count() > 0
    page.evaluate("lesson.reset()")
    assert page.locator("#beside .apart").count() == 0


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
