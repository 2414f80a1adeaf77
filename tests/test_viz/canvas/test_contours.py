import math

import numpy as np
import pytest

from viz.canvas.chart import padded, round_ticks
from viz.canvas.contours import contour, region
from viz.language.numbers import digits

XS, YS = np.linspace(-2, 2, 41), np.linspace(-1, 3, 33)
X, Y = np.meshgrid(XS, YS)


def size(polygons):
    """The sum of their areas, by the shoelace formula."""
    total = 0.0
    for corners in polygons:
        x, y = np.array(corners).T
        total += abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    return total


def test_a_line_is_straight_and_goes_from_edge_to_edge():
    values = Y - 0.5 * X
    (line,) = contour(XS, YS, values, 0.7)
    x, y = np.array(line).T
    np.testing.assert_allclose(y, 0.5 * x + 0.7, atol=1e-12)
    assert sorted((x[0], x[-1])) == [-2, 2]
    assert size(region(XS, YS, values, 0.7)) == pytest.approx(4 * (3 - 0.7))


def test_a_circle_is_closed_and_as_large_as_it_is():
    values = 1 - np.hypot(X, Y - 1)
    (line,) = contour(XS, YS, values, 0)
    assert line[0] == line[-1]
    np.testing.assert_allclose(
        [math.hypot(x, y - 1) for x, y in line], 1, atol=3.3e-3
    )  # a chord of a cell
    assert size(region(XS, YS, values, 0)) == pytest.approx(math.pi, rel=5e-3)


@pytest.mark.parametrize("seed", range(10))
def test_area_above_and_area_below_are_the_whole(seed):
    values = np.random.default_rng(seed).normal(size=(9, 7))
    xs, ys = np.arange(7.0), np.arange(9.0)
    above, below = region(xs, ys, values, 0.3), region(xs, ys, -values, -0.3)
    assert size(above) + size(below) == pytest.approx(6 * 8)
    # Every line ends at the edge, or where it began.
    for line in contour(xs, ys, values, 0.3):
        assert line[0] == line[-1] or all(
            x in (0, 6) or y in (0, 8) for x, y in (line[0], line[-1])
        )


def test_no_line_where_all_is_on_one_side():
    values = np.full((3, 3), 0.5)
    axis = np.arange(3.0)
    assert contour(axis, axis, values, 0.5) == region(axis, axis, values, 0.5) == []
    assert contour(axis, axis, values, 0.4) == []
    assert size(region(axis, axis, values, 0.4)) == pytest.approx(4)


@pytest.mark.parametrize(
    "ends",
    [(0, 1), (-3.2, 3.1), (1e6 - 0.03, 1e6 + 0.04), (1e-9, 3e-9), (-1e200, 2e200), (0.95, 1.05)],
)
def test_ticks_are_round_within_the_axis_and_told_apart(ends):
    low, high = padded(ends)
    assert low < ends[0] and ends[1] < high
    ticks, significant = round_ticks(low, high)
    assert 3 <= len(ticks) <= 7
    assert all(low <= tick <= high for tick in ticks)
    written = [digits(tick, significant) for tick in ticks]
    assert len(set(written)) == len(written)
    steps = np.diff(ticks)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)


def test_an_axis_of_one_number_has_a_width():
    for number in (0.0, 5.0, -1e-30, 1e300):
        low, high = padded([number, number])
        assert low < number < high
        assert len(round_ticks(low, high)[0]) >= 3


def test_numbers_too_far_apart_are_refused():
    with pytest.raises(ValueError, match="too far apart"):
        padded([-1.5e308, 1.5e308])
