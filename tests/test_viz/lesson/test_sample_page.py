"""Several observations in the stepper's page: training in the browser is nn.SGD's, the observation
shown is chosen, the table's mean is the gradient of the sample. Skipped where there is no Chromium.
"""

import numpy as np
import pytest
from network_samples import random_network

import autograd_lite as ag
import nn
import viz
from viz.language.lesson_words import LESSON
from viz.language.templates import Filling, names_in
from viz.lecture.worked_example import X, Y, example_network

playwright = pytest.importorskip("playwright.sync_api")

LR = 0.05


@pytest.fixture(scope="module")
def worked():
    return viz.stepper(example_network(), X, Y, nn.binary_cross_entropy, lr=0.1)


def values(page):
    """{name: number} of the page; what JSON lacks as texts."""
    script = "Object.fromEntries(Object.entries(lesson.values).map(([k, v]) => [k, String(v)]))"
    return {name: float(text) for name, text in page.evaluate(script).items()}


def random_sample(seed):
    """A random network with from 2 to 9 observations."""
    model, x, y, loss = random_network(seed)
    rng, n = np.random.default_rng(seed + 500), 2 + seed % 8
    label = np.ndim(y) == 0
    ys = rng.integers(2, size=n) if label else rng.uniform(0.1, 0.9, (n, np.size(y)))
    return model, rng.normal(size=(n, np.size(x))), ys, loss


def descended(model, x, y, loss, batches):
    """The mean loss before each step and after the last, of nn.SGD by these batches."""
    optimizer = nn.SGD(model.parameters(), lr=LR)
    of = lambda i: loss(model(x[i : i + 1]), y[i : i + 1])
    losses = [np.mean([of(i).item() for i in range(len(x))])]
    for batch in batches:
        optimizer.zero_grad()
        np.mean(np.stack([of(i) for i in batch])).backward()
        optimizer.step()
        losses.append(np.mean([of(i).item() for i in range(len(x))]))
    return losses


@pytest.mark.parametrize("seed", [*range(0, 60, 6), 4, 13, 59])  # these train slopes
def test_twenty_steps_of_each_kind_are_sgds(opened, seed):
    model, x, y, loss = random_sample(seed)
    page = opened(viz.stepper(model, x, y, loss, lr=LR))
    kept = [parameter.data.copy() for parameter in model.parameters()]
    for kind in ("sgd", "batch", "mean"):
        page.evaluate("kind => lesson.train(20, kind)", kind)
        batches, losses = page.evaluate("[lesson.taken, lesson.losses]")
        assert len(batches) == 20
        if kind == "mean":
            assert batches == [list(range(len(x)))] * 20
        if kind == "sgd":
            assert [i for (i,) in batches[: len(x)]] == list(range(len(x)))[:20]
        expected = descended(model, x, y, loss, batches)
        assert losses == pytest.approx(expected, rel=1e-9, abs=1e-12)
        i = page.evaluate("Number(document.getElementById('observation').value) - 1")
        trained = viz.stepper(model, x[i], y[i], loss, lr=LR).program.run()
        found = values(page)
        for name, number in trained.items():
            assert found[name] == pytest.approx(number, rel=1e-9, abs=1e-11, nan_ok=True), name
        page.evaluate("lesson.reset()")
        for parameter, data in zip(model.parameters(), kept, strict=True):
            parameter.data = data.copy()


def test_the_mean_gradient_is_the_engines_and_the_update_shown_is_the_one_taken(opened, worked):
    page, model = opened(worked), example_network()
    ag_gradients = ag.gradients(nn.binary_cross_entropy(model(X), Y), list(model.parameters()))
    found = values(page)
    for layer, gradient in enumerate(ag_gradients, start=1):
        for (j, i), number in np.ndenumerate(gradient):
            name = f"mean/weight-{layer}-{j + 1}-{i + 1}/gradient"
            assert found[name] == pytest.approx(number, rel=1e-12)
    for kind in ("mean", "sgd", "batch"):
        page.select_option("#kind", kind)
        page.evaluate("lesson.show(99)")
        shown = page.locator(
            '#picture [data-part="weight-1-2-1"][data-what="value"]'
        ).text_content()
        new = values(page)["batch/weight-1-2-1/new"]
        page.click("#train")
        assert values(page)["weight-1-2-1"] == pytest.approx(new, rel=1e-12)
        page.evaluate("lesson.show(0)")
        after = page.locator(
            '#picture [data-part="weight-1-2-1"][data-what="value"]'
        ).text_content()
        assert after == shown


def test_the_worked_example_shows_the_lectures_digits(opened, worked):
    page = opened(worked)
    assert "0.7497" in page.locator("#total").inner_text()
    page.click("#observations summary")
    rows = page.locator("#observation-rows tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [
        ["1", "1", "2", "1", "0.4452", "0.8091"],
        ["2", "3", "4", "0", "0.4281", "0.5588"],
        ["3", "5", "6", "1", "0.4143", "0.8812"],
    ]
    page.check("#with-gradients")
    mean = page.locator("#observation-rows tfoot tr").inner_text().split()
    assert mean[:4] == ["mean", "0.7497", "0.2216", "0.3102"]
    assert page.evaluate("lesson.losses") == []
    page.evaluate("lesson.train(1)")
    assert page.evaluate("lesson.losses[0]") == pytest.approx(0.7497089773, abs=1e-10)


def test_the_mean_update_is_spoken_as_python_speaks_it(opened, worked):
    page = opened(worked)
    page.select_option("#kind", "mean")
    told = worked.lesson.of_batch.steps
    for k, step in enumerate(told):
        filling = Filling(worked.program.run(), LESSON["en"], ())
        assert page.evaluate("k => lesson.spoken(k)", k) == step.spoken(filling)
    assert "∂L/∂ω⁽¹⁾₁₁" in page.evaluate("k => lesson.spoken(k)", len(told) - 7)
    numbers = worked.program.run()
    lines = [line for step in told if step.phase == "update" for line in step.lines][:-1]
    assert len(lines) == 6 + 6 + 2
    for line in lines:
        old, rate, gradient, new = dict.fromkeys(names_in(" ".join(line)))
        assert rate == "lr" and gradient.startswith("batch/") and new.startswith("batch/")
        assert numbers[new] == numbers[old] - 0.1 * numbers[gradient]


def test_an_observation_is_chosen_and_edited_and_comes_back(opened, worked):
    page = opened(worked)
    page.evaluate("lesson.observation(1)")
    assert values(page)["x-1"] == 3
    page.evaluate("lesson.set('x-1', 9)")
    page.evaluate("lesson.observation(2)")
    assert values(page)["x-1"] == 5
    link = page.evaluate("lesson.link()")
    page.evaluate("lesson.observation(1)")
    assert values(page)["x-1"] == 9
    page.evaluate("lesson.reset()")
    assert values(page)["x-1"] == 1
    other = opened(worked, after=link)
    assert values(other)["x-1"] == 5
    other.evaluate("lesson.observation(1)")
    assert values(other)["x-1"] == 9
    assert "there is no observation 7" in other.evaluate(
        "() => { try { lesson.observation(7) } catch (error) { return error.message } }"
    )


def test_back_in_time_and_on_the_same_way_again(opened, worked):
    page = opened(worked)
    page.evaluate("lesson.train(12, 'sgd')")
    end, taken, losses = page.evaluate("[lesson.given, lesson.taken, lesson.losses]")
    assert [i for (i,) in taken[:3]] == [0, 1, 2]
    assert any(
        [i for (i,) in taken[k : k + 3]] != [0, 1, 2] for k in (3, 6, 9)
    )  # the order is shuffled
    assert all(sorted(i for (i,) in taken[k : k + 3]) == [0, 1, 2] for k in (3, 6, 9))
    page.evaluate("lesson.goTo(5)")
    assert page.evaluate("lesson.losses") == losses[:6]
    page.evaluate("lesson.train(7, 'sgd')")
    assert page.evaluate("[lesson.given, lesson.taken, lesson.losses]") == [end, taken, losses]


def test_divergence_is_said(opened):
    model = nn.Sequential(nn.Linear(1, 1, rng=0))
    page = opened(viz.stepper(model, [1.0, 2.0, 3.0], [1.0, 2.0, 4.0], nn.mse_loss, lr=1.0))
    assert page.locator("#diverges").is_hidden()
    page.evaluate("lesson.train(5)")
    assert page.locator("#diverges").is_visible()
    page.click("#restart")
    assert page.locator("#diverges").is_hidden()


WRITTEN = """async () => {
  const cells = new Set(), rows = document.querySelector("#observation-rows");
  new MutationObserver((changes) => changes.forEach(({ target }) => cells.add(target)))
    .observe(rows, { subtree: true, childList: true, characterData: true });
  lesson.set("weight-1-1-1", 0.5);
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  return [cells.size, rows.querySelectorAll("td").length];
}"""


@pytest.mark.parametrize(
    ("sizes", "output", "loss"),
    [
        ([8, 8, 4, 1], None, nn.mse_loss),  # as large as a network may be
        ([2, 6, 4, 1], nn.Sigmoid, nn.binary_cross_entropy),  # with a boundary
    ],
)
def test_of_a_hundred_observations_an_edit_writes_what_is_in_sight(opened, sizes, output, loss):
    x = np.random.default_rng(0).normal(size=(100, sizes[0]))
    y = (x[:, :1] > 0.2).astype(float)
    page = opened(viz.stepper(nn.MLP(sizes, nn.Tanh, output=output, rng=0), x, y, loss))
    page.click("#observations summary")
    page.select_option("#kind", "mean")
    page.check("#with-gradients")
    written, cells = page.evaluate(WRITTEN)
    assert 0 < written < cells / 4
    page.fill("#from", "87")
    assert page.locator("#observation-rows tbody tr").last.inner_text().split()[0] == "100"


def test_columns_that_are_scrolled_to_are_filled(opened):
    x = np.random.default_rng(0).normal(size=(3, 4))
    model, y = nn.MLP([4, 6, 4, 1], nn.Tanh, rng=0), [[1.0], [0.0], [0.5]]
    page = opened(viz.stepper(model, x, y, nn.mse_loss))
    page.click("#observations summary")
    page.check("#with-gradients")
    page.evaluate("lesson.set('weight-1-1-1', 0.5)")
    model[0].weight.data = np.concatenate([[0.5], model[0].weight.data.flat[1:]]).reshape(6, 4)
    by_third = np.stack(
        [
            ag.gradients(nn.mse_loss(model(x[[i]]), y[i : i + 1]), [model[4].weight])[0][0]
            for i in range(3)
        ]
    )
    heads = page.locator("#observation-rows thead th").all_text_contents()
    for i in (1, 4):
        at = heads.index(f"∂l/∂ω⁽³⁾₁{'₀₁₂₃₄'[i]}")
        cells = page.locator(f"#observation-rows tbody tr > :nth-child({at + 1})")
        cells.first.scroll_into_view_if_needed()
        playwright.expect(cells.last).not_to_be_empty()
        found = [float(text.replace("−", "-")) for text in cells.all_text_contents()]
        np.testing.assert_allclose(found, by_third[:, i - 1], rtol=1e-3)
