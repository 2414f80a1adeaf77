"""The stepper's page in a browser, offline: steps, keys, pointing, narrow and wide. Skipped where
there is no Chromium.
"""

import re
import shutil

import numpy as np
import pytest
from viz_cases import HOSTILE, backpropagated, drawable, random_case, small

import autograd_lite as ag
import nn
import viz

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """A function that opens a stepper's file; in the end, nothing must have gone wrong, nor
    anything been asked of a network.
    """
    troubles, pages = [], []

    def opened(stepper, width=1280, after="", **save):
        path = stepper.save(tmp_path / f"page{len(pages)}.html")
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", lambda dialog: (troubles.append("a dialog"), dialog.dismiss()))
        page.on(
            "request",
            lambda asked: asked.url.split("#")[0] == path.as_uri() or troubles.append(asked.url),
        )
        page.goto(path.as_uri() + after)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert troubles == []


@pytest.fixture(scope="module")
def slide():
    return viz.stepper(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy)


def step(page):
    return int(page.locator("#count").inner_text().split("/")[0])


def lit(page):
    return set(page.eval_on_selector_all(".lit", "parts => parts.map(part => part.id)"))


def told(page):
    return page.locator(".panel section:visible h2").inner_text()


def numbers(page, part):
    """What the row of a weight says in the table: its value and its gradient."""
    page.eval_on_selector("details", "details => { details.open = true }")
    return [cell.strip() for cell in page.locator(f'[data-of="{part}"] td').all_inner_texts()]


@pytest.mark.parametrize("seed", range(4))
def test_the_final_gradients_on_the_page_are_those_of_backward(opened, seed):
    model, x, y, loss = random_case(seed)
    page = opened(viz.stepper(model, x, y, loss))
    expected = backpropagated(model, x, y, loss)
    assert all(numbers(page, part)[1] == "" for part in expected)
    page.keyboard.press("End")
    shown = {part: float(numbers(page, part)[1]) for part in expected}
    assert shown == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_forward_and_back_by_button_key_slider_and_link(opened, slide):
    page = opened(slide)
    last = len(slide.trace.steps) - 1
    assert step(page) == 0 and page.locator("#previous").is_disabled()
    page.click("#next")
    page.click("#next")
    assert step(page) == 2 and told(page) == slide.trace.steps[2].title
    page.click("#previous")
    assert step(page) == 1 and page.url.endswith("#step=1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert step(page) == 3
    page.locator("#slider").focus()
    page.keyboard.press("ArrowLeft")  # once, not once for the slider and once for the page
    assert step(page) == 2
    page.keyboard.press("End")
    assert step(page) == last and page.locator("#next").is_disabled()
    page.keyboard.press("Home")
    page.locator("#slider").fill("5")
    assert step(page) == 5 and lit(page) == set(slide.trace.steps[5].lit)
    page.evaluate("location.hash = '#step=12'")
    playwright.expect(page.locator("#count")).to_have_text(re.compile("^12 "))
    assert step(opened(slide, after="#step=3")) == 3


def test_a_number_is_shown_during_its_own_steps_only(opened, slide):
    page = opened(slide)
    first, whole = slide.trace.at("neuron-0-1", "gradient")
    for at, expected in (
        (first.first - 1, 0),
        (first.first, 1),
        (whole.first - 1, 1),
        (whole.first, 0),
    ):
        page.locator("#slider").fill(str(at))
        assert page.locator(f'#neuron-0-1 [data-first="{first.first}"]:visible').count() == expected


def test_it_plays_and_stops(opened, slide):
    page = opened(slide)
    page.click("#play")
    playwright.expect(page.locator("#count")).to_have_text(re.compile("^1 "))
    assert page.locator("#play").inner_text() == "Pause"
    page.click("#play")
    at = step(page)
    page.wait_for_timeout(2200)
    assert step(page) == at


def test_pointing_lights_the_ways_and_tells_the_product(opened, slide):
    page = opened(slide, after="#step=16")
    before = lit(page)
    page.hover("#weight-1-1-3 rect")
    assert lit(page) == set(slide.trace.about["weight-1-1-3"].lit)
    assert told(page) == slide.trace.about["weight-1-1-3"].title
    page.mouse.move(640, 795)
    assert lit(page) == before and told(page) == slide.trace.steps[16].title
    page.focus("#neuron-0-2")
    assert "2 paths" in told(page)
    page.keyboard.press("Escape")
    assert told(page) == slide.trace.steps[16].title
    page.eval_on_selector("details", "details => { details.open = true }")
    page.hover('[data-of="weight-2-1-0"]')  # the bias has no arrow
    assert told(page) == slide.trace.about["weight-2-1-0"].title


def test_a_screen_reader_hears_each_step(opened, slide):
    page = opened(slide)
    page.keyboard.press("ArrowRight")
    region = page.locator("[aria-live=polite]")
    assert (
        region.inner_text()
        == f"Step 1 of {len(slide.trace.steps) - 1}. {slide.trace.steps[1].spoken}"
    )
    assert (
        page.locator("#slider").get_attribute("aria-valuetext").endswith(slide.trace.steps[1].title)
    )


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_wider_than_the_page(opened, slide, width):
    page = opened(slide, width)
    for at in range(len(slide.trace.steps)):
        page.locator("#slider").fill(str(at))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        inside = "lines => lines.every(line => line.getBoundingClientRect().right <= innerWidth)"
        assert page.eval_on_selector_all(".panel section:not([hidden]) svg", inside)
    if width == 390:  # the picture scrolls to what happens
        page.keyboard.press("Home")
        page.locator("#slider").fill("4")
        seen = page.eval_on_selector(
            "#neuron-3-1 circle", "circle => circle.getBoundingClientRect().left"
        )
        assert 0 < seen < width


@drawable
def test_the_graph_of_a_record(opened):
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "a"), (-3.0, HOSTILE)))
    loss = np.tanh(a * b) + a * a
    stepper = viz.stepper(loss)
    page = opened(stepper)
    loss.backward()
    assert page.locator("#n0 text:visible").all_text_contents() == ["a", "2"]
    backward = [k for k, telling in enumerate(stepper.trace.steps) if telling.phase == "backward"]
    page.locator("#slider").fill(str(backward[-1]))
    assert page.locator("#n0 text:visible").all_text_contents()[-1] == f"gradient {a.grad:.4g}"
    page.hover("#n0")
    assert lit(page) == set(stepper.trace.about["n0"].lit) and "3 paths" in told(page)
    page.keyboard.press("End")
    assert "the new loss" in told(page)


def test_it_works_in_the_frame_of_a_notebook(browser, slide):
    troubles = []
    page = browser.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.set_content(slide._repr_html_())
    frame = page.frame_locator("iframe")
    frame.locator("#next").click()
    assert frame.locator("#count").inner_text() == f"1 / {len(slide.trace.steps) - 1}"
    page.close()
    assert troubles == []


def test_nbconvert_keeps_it(browser, slide, tmp_path):
    nbformat, exporters = (
        pytest.importorskip("nbformat"),
        pytest.importorskip("nbconvert.exporters"),
    )
    output = nbformat.v4.new_output("display_data", {"text/html": slide._repr_html_()})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("page", outputs=[output])])
    html, _ = exporters.HTMLExporter().from_notebook_node(notebook)
    path = tmp_path / "notebook.html"
    path.write_text(html)
    page = browser.new_context(offline=True).new_page()
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    page.frame_locator("iframe").locator("#next").click()
    assert page.frame_locator("iframe").locator("#count").inner_text().startswith("1 /")
    page.close()
