"""The data and what the network makes of them, in the stepper's page: they are drawn of the numbers
that the page has, at every edit and every step of training. Skipped where there is no Chromium.
"""

import re

import numpy as np
import pytest

import nn
import viz

LR = 0.2


def of_one(n=20):
    x = np.linspace(-2, 2, n)[:, None]
    return nn.MLP([1, 4, 1], nn.Tanh, rng=0), x, np.sin(2 * x), nn.mse_loss


def of_two(n=30):
    x = np.random.default_rng(0).normal(size=(n, 2))
    y = (np.square(x).sum(axis=1, keepdims=True) > 1.2).astype(float)
    return nn.MLP([2, 5, 1], nn.Tanh, output=nn.Sigmoid, rng=0), x, y, nn.binary_cross_entropy


def of_three_classes(n=30):
    x = np.random.default_rng(1).normal(size=(n, 2))
    return (
        nn.MLP([2, 4, 3], nn.Tanh, rng=0),
        x,
        np.argmax(x @ np.eye(2, 3), axis=1),
        nn.cross_entropy,
    )


def points(d):
    """The points of a path or of a polyline."""
    pairs = re.findall(r"(-?[\d.]+)[ ,](-?[\d.]+)", d)
    return np.array([(float(x), float(y)) for x, y in pairs])


def in_data(page, drawn):
    """Points of the picture as numbers of the data, by its own marks: one for each observation."""
    marks = page.eval_on_selector_all(
        "#fit .observed", "marks => marks.map(mark => mark.getAttribute('transform'))"
    )
    rows = np.array(page.evaluate("observationRows.map(row => [row[0], row[1]])"))
    marks = np.array([points(mark)[0] for mark in marks])
    found = []
    for axis in (0, 1):
        slope, constant = np.polyfit(marks[:, axis], rows[:, axis], 1)
        np.testing.assert_allclose(slope * marks[:, axis] + constant, rows[:, axis], atol=0.01)
        found.append(slope * drawn[:, axis] + constant)
    return np.stack(found, axis=1)


def assert_areas(page, predicted, k):
    """The areas of class k are where the network predicts it, all of that, and nothing else."""
    found = page.locator("#fit .area").nth(k).get_attribute("d")
    areas = [points(area) for area in found.split("M")[1:]]
    middles = in_data(page, np.stack([area.mean(axis=0) for area in areas]))
    shoelace = lambda x, y: abs(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2
    sizes = np.array([shoelace(*area.T) for area in areas])
    right_ones = np.ravel(predicted(middles))
    assert sizes[right_ones].sum() > 0.99 * sizes.sum()  # the others: slivers along the boundary
    (left, top), (right, low) = page.evaluate(
        "[[FIT.left, FIT.top], [FIT.wide - FIT.right, FIT.high - FIT.below]]"
    )
    across, up = np.meshgrid(np.linspace(left, right, 201), np.linspace(top, low, 201))
    everywhere = in_data(page, np.stack([across.ravel(), up.ravel()], axis=1))
    share = predicted(everywhere).mean()
    assert 0.02 < share < 0.98
    assert sizes.sum() / ((right - left) * (low - top)) == pytest.approx(share, abs=0.01)


def trained(model, x, y, loss, steps):
    optimizer = nn.SGD(model.parameters(), lr=LR)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
    return model


def test_the_curve_is_the_networks_at_every_step_of_training(opened):
    model, x, y, loss = of_one()
    page = opened(viz.stepper(model, x, y, loss, lr=LR))
    for steps in (0, 1, 60):
        page.evaluate("steps => steps && lesson.train(steps)", steps)
        trained(model, x, y, loss, steps)
        drawn = points(page.locator("#fit .fitted").get_attribute("points"))
        assert len(drawn) == 121
        places, values = in_data(page, drawn).T
        np.testing.assert_allclose(values, model(places[:, None]).data[:, 0], atol=0.02)
    before = page.locator("#fit .fitted").get_attribute("points")
    page.evaluate("lesson.set('weight-2-1-0', lesson.given['weight-2-1-0'] + 0.3)")
    assert page.locator("#fit .fitted").get_attribute("points") != before
    assert "fitted curve" in page.locator("#fit").get_attribute("aria-label")


@pytest.mark.parametrize("steps", [0, 400])
def test_the_boundary_is_where_the_network_is_undecided(opened, steps):
    model, x, y, loss = of_two()
    page = opened(viz.stepper(model, x, y, loss, lr=LR))
    page.evaluate("lesson.set('weight-2-1-0', 0.1)")
    model[2].bias.data = np.array([0.1])
    page.evaluate("steps => steps && lesson.train(steps)", steps)
    trained(model, x, y, loss, steps)
    line = points(page.locator("#fit .boundary").get_attribute("d"))
    assert len(line) > 20
    outputs = model(in_data(page, line)).data
    np.testing.assert_allclose(outputs, 0.5, atol=0.01)
    assert_areas(page, lambda places: model(places).data > 0.5, 1)


def test_of_three_classes_there_is_an_area_each(opened):
    model, x, y, loss = of_three_classes()
    page = opened(viz.stepper(model, x, y, loss, lr=LR, captions="ru"))
    page.evaluate("lesson.train(200)")
    trained(model, x, y, loss, 200)
    for k in (1, 2):
        assert_areas(page, lambda places, k=k: np.argmax(model(places).data, axis=1) == k, k)
    assert "граница" in page.locator("#fit").text_content()
    assert page.locator("#fit .observed").count() == 30


def test_an_observation_is_chosen_by_its_mark_and_moves_with_its_numbers(opened):
    model, x, y, loss = of_two()
    page = opened(viz.stepper(model, x, y, loss, lr=LR))
    page.locator("#fit .observed").nth(7).locator("path").dispatch_event("click")
    assert page.evaluate("lesson.given['x-1']") == x[7, 0]
    assert page.locator("#fit .observed").nth(7).locator(".ring").count() == 1
    before = page.locator("#fit .observed").nth(7).get_attribute("transform")
    page.evaluate("lesson.set('x-1', lesson.given['x-1'] + 0.4)")
    assert page.locator("#fit .observed").nth(7).get_attribute("transform") != before


def test_nothing_is_drawn_where_there_is_no_boundary_or_several_features(opened):
    x = np.random.default_rng(0).normal(size=(6, 3))
    labels = np.array([0.0, 1, 1, 0, 1, 0])[:, None]
    without = [
        (nn.MLP([3, 2, 1], nn.Tanh, rng=0), x, labels, nn.mse_loss),
        (nn.MLP([2, 2, 1], nn.Tanh, rng=0), x[:, :2], labels, nn.mse_loss),  # of 0.5 or of 0?
        (nn.MLP([2, 2, 1], nn.Tanh, rng=0), x[:, :2], x[:, 2:], nn.mse_loss),
        (nn.MLP([1, 2, 2], nn.Tanh, rng=0), x[:, :1], x[:, 1:], nn.mse_loss),
        (nn.MLP([1, 2, 1], nn.Tanh, rng=0), x[0, :1], x[0, 1:2], nn.mse_loss),
    ]
    for case in without:
        assert opened(viz.stepper(*case)).locator("#fit").is_hidden()
    signs = nn.MLP([2, 2, 1], nn.Tanh, rng=0), x[:, :2], 2 * labels - 1, nn.mse_loss
    page = opened(viz.stepper(*signs))
    assert "y = −1" in page.locator("#fit").text_content()
