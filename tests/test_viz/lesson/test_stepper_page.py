"""The stepper's page in a browser, offline: its numbers are the engine's whatever is changed;
steps, keys, pointing, editing, narrow and wide. Skipped where there is no Chromium.
"""

import json
import pathlib
import re

import numpy as np
import pytest
from network_samples import other_numbers, random_network
from viz_cases import HOSTILE, backpropagated, drawable, random_case, small

import autograd_lite as ag
import nn
import viz
from viz.language.numbers import in_text
from viz.lesson.functions import KNOWN

playwright = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def slide():
    return viz.stepper(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy)


def step(page):
    return int(page.locator("#count").inner_text().split("/")[0])


def lit(page):
    return set(page.eval_on_selector_all(".lit", "parts => parts.map(part => part.id)"))


def told(page):
    return page.locator("#title").inner_text()


def values(page):
    """{name: number} of the page; what JSON lacks as texts."""
    script = "Object.fromEntries(Object.entries(lesson.values).map(([k, v]) => [k, String(v)]))"
    return {name: float(text) for name, text in page.evaluate(script).items()}


def place(page, part, what):
    """What stands at a place of the picture."""
    return page.locator(f'#picture [data-part="{part}"][data-what="{what}"]')


def line(page, number=0):
    """A line of the panel as text."""
    return page.locator("#lines .line").nth(number)


def assert_alike(found, expected):
    for name, number in expected.items():
        assert found[name] == pytest.approx(number, rel=1e-9, abs=1e-12, nan_ok=True), name


# The numbers.


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_after_any_edits_the_numbers_are_pythons(opened, seed):
    stepper = viz.stepper(*random_network(seed), lr=0.3)
    page = opened(stepper)
    assert_alike(values(page), stepper.program.run())
    given = other_numbers(stepper.program.given, seed)
    if stepper.lesson.choice:
        given |= dict.fromkeys(stepper.lesson.choice, 0.0) | {stepper.lesson.choice[-1]: 1.0}
    page.evaluate("all => Object.entries(all).forEach(([k, v]) => lesson.set(k, v))", given)
    assert page.evaluate("lesson.given") == pytest.approx(given)
    try:
        expected = stepper.program.run(given)
    except ValueError:  # a guard
        assert page.locator("#guard").is_visible()
        return
    found = values(page)
    assert_alike(found, expected)
    assert page.locator("#guard").is_hidden()
    for language in ("en", "ru"):
        for k in range(0, len(stepper.lesson.steps), 5):
            assert page.evaluate("k => lesson.spoken(k)", k) == stepper.spoken(k, given, language)
        for part in list(stepper.lesson.about)[::5]:
            said = page.evaluate("part => lesson.spoken(part)", part)
            assert said == stepper.spoken(part, given, language)
        page.click("#language")
    page.evaluate("lesson.reset()")
    assert_alike(values(page), stepper.program.run())
    # And through the fields themselves.
    page.eval_on_selector("details", "details => { details.open = true }")
    rows = page.locator("#rows tr")
    typed = {}
    for k in range(0, rows.count(), 4):
        name = rows.nth(k).locator("span").get_attribute("aria-label")
        if name.split("-")[0] not in ("mask", "y"):
            typed[name] = 0.25 * (k % 5) + 0.125
            rows.nth(k).locator("span").click()
            page.locator("#field").fill(str(typed[name]).replace(".", ","))
            page.keyboard.press("Enter")
    assert typed
    assert_alike(values(page), stepper.program.run(typed))


@pytest.mark.parametrize("seed", range(4))
def test_after_edits_the_gradients_are_those_of_backward(opened, seed):
    model, x, y, loss = random_case(seed)
    page = opened(viz.stepper(model, x, y, loss, lr=0.2))
    rng = np.random.default_rng(seed)
    nn.unvec(model, rng.normal(size=nn.vec(model).size))
    for k, linear in enumerate((m for m in model if isinstance(m, nn.Linear)), start=1):
        for (j, i), number in np.ndenumerate(linear.weight.data):
            page.evaluate("([k, v]) => lesson.set(k, v)", [f"weight-{k}-{j + 1}-{i + 1}", number])
        for j, number in enumerate([] if linear.bias is None else linear.bias.data):
            page.evaluate("([k, v]) => lesson.set(k, v)", [f"weight-{k}-{j + 1}-0", number])
    expected = backpropagated(model, x, y, loss)
    assert_alike(values(page), {f"{name}/gradient": g for name, g in expected.items()})
    nn.SGD(model.parameters(), lr=0.2).step()
    new = loss(model(ag.Tensor(np.atleast_2d(x))), np.atleast_2d(y)).item()
    assert_alike(values(page), {"loss/new": new})


def test_steps_of_training_are_those_of_sgd(opened):
    model = nn.MLP([3, 2, 1], nn.PReLU, output=nn.Sigmoid, rng=0)
    x, y, loss = [0.5, -1.0, 2.0], [[1.0]], nn.binary_cross_entropy
    page = opened(viz.stepper(model, x, y, loss, lr=0.5))
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    for clicked in (False, True, False):
        if clicked:
            page.click("#train")
        else:
            page.evaluate("lesson.train(5)")
        for _ in range(1 if clicked else 5):
            model.zero_grad()
            loss(model(ag.Tensor([x])), np.array(y)).backward()
            optimizer.step()
        value = loss(model(ag.Tensor([x])), np.array(y)).item()
        weight, slope = model[2].weight.data[0, 1], model[1].weight.data.item()
        assert_alike(values(page), {"loss": value, "weight-2-1-2": weight, "slope-1": slope})


@drawable
def test_training_a_graph(opened):
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "a"), ([0.5, 1.0], "b")))
    stepper = viz.stepper(np.sum(np.square(a * b - 1.0)), lr=0.1)
    page = opened(stepper)
    page.evaluate("lesson.train()")
    numbers = stepper.program.run()
    expected = {"a": numbers["n0/new"], "b[0]": numbers["n1/new-0"], "b[1]": numbers["n1/new-1"]}
    assert numbers["n0/new"] != 2.0
    assert_alike(page.evaluate("lesson.given"), expected)
    page.click("#train-ten")
    losses = page.evaluate("lesson.losses")
    assert len(losses) == 12 and losses == sorted(losses, reverse=True)
    assert page.locator("#curve polyline").count() == 1 and page.locator("#kind").is_hidden()
    page.fill("#time", "1")
    assert_alike(page.evaluate("lesson.given"), expected)


@drawable
def test_after_edits_a_graphs_numbers_are_the_engines(opened):
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((0.7, "a"), (0.4, "b")))
    f = lambda a, b: np.tanh(a * b) / np.sqrt(a) + np.logaddexp(a, b) * np.cos(b) + np.log1p(a) ** 2
    stepper = viz.stepper(f(a, b))
    page = opened(stepper)
    page.evaluate("lesson.set('a', 1.3); lesson.set('b', -0.2)")
    assert_alike(values(page), stepper.program.run({"a": 1.3, "b": -0.2}))


POINTS = np.random.default_rng(0).uniform(-3, 3, size=(40, 3)).tolist()
POINTS += [[0.5, 2.0, 1.0], [-6.5, 0.25, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 3.0], [8.0, -2.5, 1.0]]


COMPARISONS = {"less", "less_equal", "greater", "greater_equal"}  # right or wrong, nothing between


def wrong(name):
    """Make a function of the page wrong by a millionth."""
    return f"""() => {{
      const right = lesson.functions.{name};
      lesson.functions.{name} = (...a) => right(...a) * (1 + 1e-6) + 1e-6;
      lesson.show(0);
    }}"""


def test_the_functions_are_numpys_and_one_that_is_wrong_by_a_millionth_is_noticed(opened, slide):
    special = pytest.importorskip("scipy.special")
    page = opened(slide)
    assert set(page.evaluate("Object.keys(lesson.functions)")) == set(KNOWN)
    call = "([name, points]) => points.map(p => String(lesson.functions[name](...p)))"
    for name in KNOWN:
        function = getattr(np, name, None) or getattr(special, name)
        points = [point[: getattr(function, "nin", 3)] for point in POINTS]
        with np.errstate(all="ignore"):
            expected = np.array([float(function(*point)) for point in points])
        found = lambda points=points, name=name: [
            float(text) for text in page.evaluate(call, [name, points])
        ]
        np.testing.assert_allclose(found(), expected, rtol=1e-12, atol=1e-300, err_msg=name)
        page.evaluate(wrong(name))
        with pytest.raises(AssertionError):
            np.testing.assert_allclose(found(), expected, rtol=1e-12, atol=1e-300)


def test_every_function_of_the_networks_matters_to_their_numbers(opened):
    steppers = [viz.stepper(*random_network(seed)) for seed in range(0, 60, 3)]
    used = {}
    for stepper in steppers:
        for made in stepper.program.steps.values():
            used.setdefault(made.function.__name__.split()[0], stepper)
    assert len(used) > 15
    for name, stepper in used.items():
        page = opened(stepper)
        truth = "(f => (...a) => 1 - f(...a))" if name in COMPARISONS else ""
        change = f"lesson.functions.{name} = {truth}(lesson.functions.{name})"
        page.evaluate(f"() => {{ {change}; lesson.show(0) }}" if truth else wrong(name))
        expected = stepper.program.run()
        off = [n for n, v in values(page).items() if abs(v - expected[n]) > 1e-9 * abs(v) + 1e-12]
        assert off or page.locator("#guard").is_visible(), name
        page.close()


def test_templates_are_filled_as_in_python(opened, slide):
    cases = json.loads(
        (pathlib.Path(__file__).parent / "template_cases.json").read_text(encoding="utf-8")
    )
    page = opened(slide)
    fill = """cases => cases.map(([template, numbers, texts, language]) => {
      const given = Object.fromEntries(Object.entries(numbers).map(([k, v]) => [k, Number(v)]));
      return lesson.filled(template, { numbers: given, texts, words: page.words[language] });
    })"""
    filled = page.evaluate(fill, cases)
    for case, found in zip(cases, filled, strict=True):
        assert found == case[-1], case


# Steps.


def test_forward_and_back_by_button_key_clicker_slider_and_link(opened, slide):
    page, last = opened(slide), len(slide.lesson.steps) - 1
    assert step(page) == 0 and page.locator("#previous").is_disabled()
    page.click("#next")
    page.click("#next")
    assert step(page) == 2 and slide.spoken(2).startswith(told(page))
    page.click("#previous")
    assert step(page) == 1
    page.wait_for_url(re.compile(r"#step=1$"))
    for key, there in (
        ("ArrowRight", 2),
        ("PageDown", 3),
        ("PageUp", 2),
        ("End", last),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert step(page) == there
    page.locator("#slider").focus()
    page.keyboard.press("ArrowRight")  # once, not once for the slider and once for the page
    assert step(page) == 1
    page.keyboard.press(" ")
    assert step(page) == 2
    page.locator("#slider").fill("5")
    assert step(page) == 5 and lit(page) == set(slide.lesson.steps[5].lit)
    page.evaluate("location.hash = '#step=12'")
    playwright.expect(page.locator("#count")).to_have_text(re.compile("^12 "))
    assert step(opened(slide, after="#step=3")) == 3


def test_a_number_is_shown_during_its_own_steps_only(opened, slide):
    page = opened(slide)
    first, whole = slide.lesson.at("neuron-0-1", "gradient")
    spot = place(page, "neuron-0-1", "gradient")
    for at, shown in ((first.first - 1, ""), (first.first, "…"), (whole.first, "0.0")):
        page.evaluate("at => lesson.show(at)", at)
        assert shown in spot.text_content() and (shown or not spot.text_content())
    assert "…" not in spot.text_content()


def test_it_plays_and_stops(opened, slide):
    page = opened(slide)
    page.click("#play")
    playwright.expect(page.locator("#count")).to_have_text(re.compile("^1 "))
    assert page.locator("#play").inner_text() == "Pause"
    page.click("#play")
    at = step(page)
    page.wait_for_timeout(2200)
    assert step(page) == at


def test_pointing_tells_the_paths_and_a_click_pins_them(opened, slide):
    page = opened(slide, after="#step=16")
    before, title = lit(page), told(page)
    page.hover("#weight-1-1-3 rect")
    assert lit(page) == set(slide.lesson.about["weight-1-1-3"].lit)
    assert slide.spoken("weight-1-1-3").startswith(told(page))
    rule = viz.chain_rule(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy, (1, 1, 3))
    numerical = page.locator("#try").inner_text()
    assert numerical.endswith(f"(l(ω⁽¹⁾₁₃ + ε) − l(ω⁽¹⁾₁₃ − ε)) / 2ε ≈ {in_text(rule.value)}")
    page.mouse.move(640, 795)
    assert lit(page) == before and told(page) == title
    page.click("#neuron-1-1 circle")
    page.mouse.move(640, 795)
    assert slide.spoken("neuron-1-1").startswith(told(page))
    assert "(l(h₁ + ε) − l(h₁ − ε)) / 2ε" in page.locator("#try").inner_text()
    page.keyboard.press("Escape")
    assert told(page) == title
    page.focus("#neuron-0-2")
    assert "2 paths" in told(page)
    page.keyboard.press("Escape")
    page.eval_on_selector("details", "details => { details.open = true }")
    page.click('[data-of="weight-2-1-0"] th')  # the bias has no arrow
    assert slide.spoken("weight-2-1-0").startswith(told(page))


# Editing.


def test_a_number_is_edited_in_the_picture(opened, slide):
    page = opened(slide, after="#step=3")
    spot = place(page, "weight-1-2-1", "value")
    spot.click()
    page.locator("#field").fill("1,25")  # while it is typed
    assert page.evaluate("lesson.given['weight-1-2-1']") == 1.25
    assert spot.text_content() == "1.25"
    assert_alike(values(page), slide.program.run({"weight-1-2-1": 1.25}))
    page.keyboard.press("Enter")
    assert page.locator("#field").is_hidden() and spot.text_content() == "1.25"
    spot.click()
    page.locator("#field").fill("nonsense")
    assert "wrong" in page.locator("#field").get_attribute("class")
    assert page.evaluate("lesson.given['weight-1-2-1']") == 1.25
    page.keyboard.press("Escape")
    assert page.evaluate("lesson.given['weight-1-2-1']") == 1.25
    page.click("#reset")
    assert page.evaluate("lesson.given") == dict(slide.program.given)
    assert page.locator("#reset").is_disabled()


def test_looking_at_a_number_does_not_round_it(opened, slide):
    page = opened(slide)
    place(page, "weight-1-2-1", "value").click()
    page.keyboard.press("Enter")
    assert page.evaluate("lesson.given") == dict(slide.program.given)


def test_arrow_keys_go_in_tidy_steps(opened, slide):
    page = opened(slide)
    page.evaluate("lesson.set('x-1', 0.6153)")
    spot = place(page, "neuron-0-1", "value")
    spot.focus()
    given = lambda: page.evaluate("lesson.given['x-1']")
    for key, number in (
        ("ArrowUp", 0.7),
        ("ArrowUp", 0.8),
        ("Shift+ArrowDown", 0.0),
        ("Alt+ArrowDown", -0.01),
    ):
        page.keyboard.press(key)
        assert given() == number and step(page) == 0
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    assert given() == 0 and page.locator("#field").input_value() == "0"
    page.keyboard.press("ArrowRight")  # moves in the field, not the page
    assert step(page) == 0
    page.keyboard.press("Escape")
    assert given() == -0.01


def test_a_number_is_edited_in_a_formula_and_in_the_table(opened, slide):
    page = opened(slide, after="#step=1")
    page.locator("#lines mn.editable").nth(1).click()
    page.locator("#field").fill("−3")
    page.keyboard.press("Enter")
    assert page.evaluate("lesson.given['x-1']") == -3
    assert "(−3)" in line(page).inner_text().replace("\n", "")
    page.eval_on_selector("details", "details => { details.open = true }")
    page.locator('[data-of="weight-3-1-0"], [data-of="weight-2-1-0"]').first.locator("span").click()
    page.locator("#field").fill("0.5")
    page.keyboard.press("Enter")
    assert page.evaluate("lesson.given['weight-2-1-0']") == 0.5
    row = page.locator('[data-of="weight-2-1-0"] td').all_inner_texts()
    assert row[0] == "0.5"
    gradient = slide.program.run({"x-1": -3.0, "weight-2-1-0": 0.5})["weight-2-1-0/gradient"]
    assert float(row[1].replace("−", "-")) == pytest.approx(gradient, rel=1e-9)


def test_what_is_computed_cannot_be_edited(opened, slide):
    page = opened(slide, after="#step=3")
    for part, what in (("neuron-1-1", "value"), ("neuron-2-1", "value"), ("weight-1-1-1", "value")):
        editable = "editable" in place(page, part, what).get_attribute("class")
        assert editable == part.startswith("weight")
    page.keyboard.press("End")  # the weights that stand there now are new ones
    assert "editable" not in place(page, "weight-1-1-1", "value").get_attribute("class")
    with pytest.raises(playwright.Error, match="is not given"):
        page.evaluate("lesson.set('loss', 3)")


def test_a_neuron_with_dropout_is_switched_by_a_click(opened):
    stepper = viz.stepper(
        nn.MLP([3, 4, 1], nn.Tanh, keep=0.5, rng=3), [0.5, -1.0, 2.0], 1.0, nn.mse_loss
    )
    page = opened(stepper)
    before = stepper.program.given["mask-1-2"]
    for expected in (1 - before, before):
        page.click("#neuron-1-2 circle")
        assert page.evaluate("lesson.given['mask-1-2']") == expected
        off = page.evaluate("document.getElementById('neuron-1-2').classList.contains('off')")
        assert off == (expected == 0)
        assert_alike(values(page), stepper.program.run({"mask-1-2": expected}))


def test_a_label_is_chosen(opened):
    stepper = viz.stepper(nn.MLP([3, 3], rng=0), [0.5, -1.0, 2.0], 2, nn.cross_entropy)
    page = opened(stepper)
    page.locator("#lines mn.editable").nth(3).click()
    given = page.evaluate("lesson.given")
    assert [given[f"y-{k}"] for k in (1, 2, 3)] == [1, 0, 0]


def test_dead_and_saturated_neurons_are_marked(opened):
    model = nn.MLP([1, 2, 1], nn.ReLU, rng=0)
    page = opened(viz.stepper(model, [1.0], 1.0, nn.mse_loss))
    page.evaluate("lesson.set('weight-1-1-0', -9); lesson.set('weight-1-2-0', 9); lesson.show(1)")
    classes = lambda part: page.locator(f"#{part}").get_attribute("class").split()
    assert "dead" in classes("neuron-1-1") and "dead" not in classes("neuron-1-2")
    assert "dead" in page.locator("#state").inner_text()
    page = opened(viz.stepper(nn.MLP([1, 1, 1], nn.Tanh, rng=0), [1.0], 1.0, nn.mse_loss))
    assert "saturated" not in classes("neuron-1-1")
    page.evaluate("lesson.set('weight-1-1-0', 9)")
    assert "saturated" in classes("neuron-1-1")


def test_a_guard_that_breaks_is_said(opened):
    model = nn.MLP([1, 1])
    nn.unvec(model, [0.2, 0.5])
    page = opened(viz.stepper(model, [0.5], 1.0, nn.binary_cross_entropy))
    assert page.locator("#guard").is_hidden()
    page.evaluate("lesson.set('weight-1-1-0', 3)")
    assert "probability" in page.locator("#guard").inner_text()
    page.click("#reset")
    assert page.locator("#guard").is_hidden()


def test_arrows_by_gradient(opened, slide):
    page = opened(slide)
    page.check("#by-gradient")
    wide = {
        part: float(
            page.evaluate(f"document.getElementById('{part}').style.getPropertyValue('--wide')")
        )
        for part in ("weight-1-2-3", "weight-1-1-1")
    }
    gradients = slide.program.run()
    steeper = abs(gradients["weight-1-2-3/gradient"]) > abs(gradients["weight-1-1-1/gradient"])
    assert (wide["weight-1-2-3"] > wide["weight-1-1-1"]) == steeper
    assert page.locator(".weighed").count() == 8


# The link, the language, the reader.


def test_the_link_holds_what_was_changed(opened, slide):
    page = opened(slide)
    page.evaluate("lesson.show(4); lesson.set('weight-1-2-3', 0.1 + 0.2); lesson.set('x-1', -2)")
    again = opened(slide, after=page.evaluate("lesson.link()"))
    assert again.evaluate("lesson.given") == page.evaluate("lesson.given") and step(again) == 4
    many = {name: number / 3 for name, number in slide.program.given.items()}
    page.evaluate("all => Object.entries(all).forEach(([k, v]) => lesson.set(k, v))", many)
    page.click("#language")
    link = page.evaluate("lesson.link()")
    again = opened(slide, after=link)
    assert "all=" in link and again.evaluate("lesson.given") == many
    assert told(again) == told(page) and "Прямой ход" in told(again)
    assert opened(slide, after="#step=x&set=nobody:3,loss:4,x-1:z&all=!!!&lang=de").evaluate(
        "lesson.given"
    ) == dict(slide.program.given)


def test_both_languages(opened):
    stepper = viz.stepper(small(), [0.5, -1.0, 2.0], 1, nn.binary_cross_entropy, captions="ru")
    page = opened(stepper)
    page.eval_on_selector("details", "details => { details.open = true }")
    cyrillic = re.compile("[а-яё]", re.IGNORECASE)
    shown = page.locator("main").inner_text()
    assert "Что дано" in shown and "Скрытый слой" in page.locator("#picture").text_content()
    latin = set(re.findall("[A-Za-z]{4,}", shown))
    assert latin <= {"PageUp", "PageDown", "Shift", "English"}
    page.click("#language")
    playwright.expect(page.locator("#spoken")).to_contain_text("What is given")
    shown = page.locator("main").inner_text().replace("Русский", "")
    assert "What is given" in shown and not cyrillic.search(shown)
    assert not cyrillic.search(page.locator("#picture").text_content())
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_screen_reader_hears_each_step_but_not_every_key(opened, slide):
    page = opened(slide)
    region = page.locator("[aria-live=polite]")
    playwright.expect(region).to_contain_text("Step 0")
    page.evaluate("""() => {
      window.heard = 0;
      new MutationObserver(() => heard++).observe(
        document.getElementById("spoken"), { childList: true });
      for (const step of [1, 2, 3]) lesson.show(step);
    }""")
    last = len(slide.lesson.steps) - 1
    playwright.expect(region).to_have_text(f"Step 3 of {last}. {slide.spoken(3)}")
    assert page.evaluate("heard") == 1
    assert page.locator("#slider").get_attribute("aria-valuetext").endswith(told(page))


def test_what_is_copied_is_a_line(opened, slide):
    page = opened(slide, after="#step=1")
    copied = page.evaluate("""() => {
      getSelection().selectAllChildren(document.getElementById("lines"));
      const data = new DataTransfer();
      document.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, cancelable: true }));
      return data.getData("text/plain");
    }""")
    title, *lines = copied.split("\n")
    assert title == told(page) and ". ".join([title, *lines]) == slide.spoken(1)


# How it looks.


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_wider_than_the_page(opened, slide, width):
    page = opened(slide, width)
    for at in range(len(slide.lesson.steps)):
        page.evaluate("at => lesson.show(at)", at)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.getElementById('lines').scrollWidth") <= width
    if width == 390:  # the picture scrolls to what happens
        page.evaluate("lesson.show(0); lesson.show(4)")
        seen = page.eval_on_selector(
            "#neuron-3-1 circle", "circle => circle.getBoundingClientRect().left"
        )
        assert 0 < seen < width


def test_an_update_of_many_weights_is_in_view(opened):
    page = opened(viz.stepper(nn.MLP([2, 4, 3, 1], rng=0), [0.5, -1.0], [1.0], nn.mse_loss))
    for trained in (False, True):
        for at in range(page.evaluate("last") + 1):
            page.evaluate("at => lesson.show(at)", at)
            bottom = "document.getElementById('panel').getBoundingClientRect().bottom"
            assert page.evaluate(bottom) <= 800, (trained, at)
        page.evaluate("lesson.train(5)")


def test_full_screen_enlarges_a_broad_picture_and_shows_what_is_lit(opened):
    page = opened(viz.stepper(nn.MLP([2, 4, 3, 1], rng=0), [0.5, -1.0], [1.0], nn.mse_loss))
    page.evaluate("lesson.show(9)")
    high = "id => document.getElementById(id).getBoundingClientRect().height"
    before = page.evaluate(high, "neuron-3-1")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.wait_for_timeout(300)
    assert page.evaluate(high, "neuron-3-1") > 1.5 * before
    box = page.evaluate("byId(telling().lit[0]).getBoundingClientRect().toJSON()")
    assert box["left"] >= 0 and box["right"] <= page.evaluate("innerWidth")


def test_the_space_before_a_formula_is_kept(opened, slide):
    page = opened(slide, after="#step=99")
    assert page.locator("#lines mtext").first.text_content() == "Before:\u00a0"


def test_formulas_are_set_in_our_font_and_in_place(opened, slide):
    page = opened(slide, after="#step=9")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].map(f => f.status)") == ["loaded"]
    assert page.locator("#lines math mfrac").count() >= 6
    assert not re.search(r"\\|[{}]", page.locator("#lines").inner_text())


@pytest.mark.parametrize("stepper", ["network", pytest.param("graph", marks=drawable)])
def test_all_formulas_become_mathml(opened, stepper):
    if stepper == "network":
        made = viz.stepper(*random_network(3))
    else:
        a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "a_1"), (0.5, HOSTILE)))
        made = viz.stepper(np.sqrt(a**b) / np.abs(a) + np.hypot(a, b) * np.square(b[()]))
    page = opened(made)
    for at in range(len(made.lesson.steps)):
        page.evaluate("at => lesson.show(at)", at)
        assert "\\" not in page.locator("#lines").inner_text().replace(HOSTILE, "")
    for part in made.lesson.about:
        page.evaluate("part => pointAt(part, true)", part)
        assert page.locator("#lines math").count()


def test_on_paper_are_all_steps_and_the_whole_picture(opened, slide):
    page = opened(slide, width=718)  # A4 without its margins
    page.emulate_media(media="print")
    over = page.eval_on_selector("#picture", "box => box.scrollWidth - box.clientWidth")
    assert over <= 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#handout section").count() == len(slide.lesson.steps)
    assert "0.3919" in page.locator("#handout").inner_text() or page.locator("#handout mn").count()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#handout section").count() == 0


@drawable
def test_the_graph_of_a_record(opened):
    a, b = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, "a"), (-3.0, HOSTILE)))
    loss = np.tanh(a * b) + a * a
    stepper = viz.stepper(loss)
    page = opened(stepper)
    loss.backward()
    assert page.locator("#n0 text").all_text_contents() == ["a", "2", ""]
    backward = [k for k, telling in enumerate(stepper.lesson.steps) if telling.phase == "backward"]
    page.evaluate("at => lesson.show(at)", backward[-1])
    assert page.locator("#n0 text").all_text_contents()[-1] == f"gradient {a.grad:.4g}"
    page.hover("#n0 polygon")
    assert lit(page) == set(stepper.lesson.about["n0"].lit) and "3 paths" in told(page)
    place(page, "n0", "value").click()
    page.locator("#field").fill("0.5")
    page.keyboard.press("Enter")
    assert_alike(values(page), stepper.program.run({"a": 0.5}))
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    assert "the new loss" in told(page)


@drawable
def test_what_cannot_be_changed_looks_so_and_says_why(opened):
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    page = opened(viz.stepper(np.linalg.det(np.outer(w, w) + np.eye(2))))
    assert "cannot be changed" in page.locator("#why").inner_text()
    page.keyboard.press("End")
    assert page.locator(".editable").count() == 0 and "the new loss" in told(page)
    assert page.locator("#training").is_hidden()


def test_a_network_that_cannot_be_changed_is_shown_all_the_same(opened):
    loss = lambda o, y: np.sum(o - y) ** 2 * float(np.abs(o.data).max())
    stepper = viz.stepper(small(), [0.5, -1.0, 2.0], [1.0], loss)
    page = opened(stepper)
    assert stepper.why and page.locator("#training").is_hidden()
    page.keyboard.press("End")
    assert page.locator(".editable").count() == 0
    assert_alike(values(page), stepper.program.run())


def test_without_scripts_there_is_a_picture_with_a_sentence(browser, slide, tmp_path):
    path = slide.save(tmp_path / "still.html")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.get_by_text("This is a still picture").is_visible()
    assert page.get_by_text("0.3919").count() or page.locator("svg text").count() > 20
    assert page.locator("#next").is_hidden()
    context.close()


def test_it_works_in_the_frame_of_a_notebook(browser, slide):
    troubles = []
    page = browser.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.set_content(slide._repr_mimebundle_()["text/html"])
    frame = page.frame_locator("iframe")
    frame.locator("#next").click()
    assert frame.locator("#count").inner_text() == f"1 / {len(slide.lesson.steps) - 1}"
    page.close()
    assert troubles == []


def test_nbconvert_keeps_it(browser, slide, tmp_path):
    nbformat, exporters = (
        pytest.importorskip("nbformat"),
        pytest.importorskip("nbconvert.exporters"),
    )
    output = nbformat.v4.new_output("display_data", slide._repr_mimebundle_())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("page", outputs=[output])])
    html, _ = exporters.HTMLExporter().from_notebook_node(notebook)
    path = tmp_path / "notebook.html"
    path.write_text(html)
    page = browser.new_context(offline=True).new_page()
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    page.frame_locator("iframe").locator("#next").click()
    assert page.frame_locator("iframe").locator("#count").inner_text().startswith("1 /")
    page.close()
