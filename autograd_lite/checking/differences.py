"""Numerical derivatives: the slope of a function along a line, how far it can be trusted, and where
there is none.

A central difference, (f(x + h) − f(x − h)) / 2h, is wrong by the bend of f, which grows with h²,
and by the rounding of f, which grows with 1/h. One step suits most numbers: `central`. Where it may
not, `settle` takes many, and lets them say which of them to trust, and how far.
"""

from dataclasses import dataclass

import numpy as np

RATIO = 4.0  # of a step to the next
LARGEST = 100  # times the number itself


class Line:
    """The function t ↦ Σ weights · (f(x + t · direction) − f(x)).

    numbers: f, which is given the moved x.
    x: an array.
    direction: an index of x, to move one entry; or an array of the shape of x.
    weights: one for each number that f returns.
    start: f(x), in a row.
    step: the largest step, where the user gives one.
    beneath: how large f is, if its numbers are derivatives of f.
    .step: the usual one, ∛ε · max(|x|, 1): there the two errors balance, if f changes at this
        scale.
    .small_step: the same at the scale of |x|, where that is another; else None.
    .steps: those of `settle`, from the largest to the smallest.
    .failure: the last error that f raised beside x.
    """

    def __init__(self, numbers, x, direction, weights, start, step=None, beneath=0.0):
        self.x, self.direction = x, direction
        self._numbers, self._weights, self._start = numbers, weights, start
        self._moves = np.zeros(start.shape, bool)  # which of f's numbers this line changes
        self._beneath = beneath
        self.failure = None  # the last error of f beside x
        value = float(x[direction]) if isinstance(direction, tuple) else 1.0
        self.magnitude = abs(value) if np.isfinite(value) else 0.0
        self.size = max(self.magnitude, 1.0)
        self.step, self.small_step = step, None
        if step is not None:
            larger, smaller = 0, 5
        elif not np.isfinite(value):  # it stays so however it is moved
            self.step, larger, smaller = 1.0, 0, 0
        else:
            eps, tiny = float(np.finfo(x.dtype).eps), float(np.finfo(x.dtype).tiny)
            self.step = float(np.cbrt(eps)) * self.size
            if 0 < self.magnitude < 1:
                self.small_step = self.step * self.magnitude
            larger = _steps_between(LARGEST * self.size, self.step)
            smaller = _steps_between(self.step, max(16 * eps * (self.magnitude or 1), tiny))
        self.steps = self.step * RATIO ** np.arange(larger, -smaller - 1, -1)

    def __call__(self, t):
        """(the change, the t by which x moved: x is rounded). NaN where f fails."""
        if isinstance(self.direction, tuple):
            moved = self.x.copy()
            moved[self.direction] += t
            if np.isfinite(self.x[self.direction]):
                t = moved[self.direction] - self.x[self.direction]
        else:
            moved = (self.x + t * self.direction).astype(self.x.dtype)
        try:
            values = np.ravel(self._numbers(moved))
        except Exception as error:  # f was computed at x, so here it is out of its domain
            self.failure = error
            return np.nan, t
        if values.shape != self._start.shape:
            return np.nan, t
        change = self._weights @ (values - self._start)
        self._moves |= values != self._start
        return change if np.isfinite(change) else np.nan, t

    @property
    def height(self):
        """How large the numbers are that this line changes, or those that they come from."""
        moved = np.abs(self._weights) @ np.where(self._moves, np.abs(self._start), 0)
        return moved + self._beneath / self.size

    @property
    def rounding(self):
        """What rounding the numbers that this line changes may do to a change."""
        return 4 * np.abs(self._weights) @ np.where(self._moves, np.spacing(np.abs(self._start)), 0)


def _steps_between(large, small):
    return int(np.log(large / small) / np.log(RATIO))


@dataclass
class Slope:
    """The slope along a line.

    value: a number; NaN where there is no slope.
    error: how far it may be off.
    oddity: what is odd about it, in words; "" if nothing is.
    """

    value: float
    error: float
    oddity: str = ""


def central(line, step):
    """(slope, what rounding may do to it, whether there may be a corner), by one step to either
    side.
    """
    (up, right), (down, left) = line(step), line(-step)
    sides = np.array([down / left, up / right])
    rounding = line.rounding / step
    bent = np.abs(sides[1] - sides[0]) > 1e-3 * np.max(np.abs(sides)) + rounding
    return (up - down) / (right - left), rounding, bent


def settle(line):
    """The Slope of a line after many steps to either side; where f is defined on one side alone,
    the slope on that side.
    """
    (up, right_t), (down, left_t) = (
        np.array([line(t) for t in steps]).T for steps in (line.steps, -line.steps)
    )
    nowhere = np.isnan(down).all(), np.isnan(up).all()
    up, down, grain = _without_hidden(up, down, line)
    floor = max(line.rounding, 2 * grain) / line.steps
    left, right = _one_sided(down, left_t, floor, line), _one_sided(up, right_t, floor, line)
    if any(nowhere):
        return _at_an_edge(left, right, nowhere, line.failure)
    if "jump" in (left.oddity, right.oddity):
        return Slope(np.nan, 0.0, "f jumps there")
    if np.isinf(left.value) or np.isinf(right.value):
        if left.value == right.value:
            return Slope(left.value, 0.0)
        return Slope(np.nan, 0.0, "the slope of f grows beyond all bounds there")
    middle = _best((up - down) / (right_t - left_t), RATIO**2, floor)
    if np.isnan(middle.value):
        seen = np.nanmax(np.abs([up, down]), initial=0)
        if seen > 100 * line.rounding:
            return Slope(np.nan, 0.0, "the differences do not settle at any step")
        return Slope(0.0, 2 * seen / line.steps[0] + floor[0])  # nothing but rounding is seen
    bend = np.abs(up / right_t - down / left_t)[line.steps <= line.step][0]
    gap = np.abs(right.value - left.value)
    if gap > max(
        10 * (left.error + right.error),
        1e-3 * max(abs(left.value), abs(right.value)),
        0.05 * np.nan_to_num(bend),
    ):
        middle.oddity = (
            f"f has a corner there, with the slope {left.value:.6g} on the left and "
            f"{right.value:.6g} on the right"
        )
    return middle


def _without_hidden(up, down, line):
    """(up, down, grain): without changes of 0 at steps so small that float32 would lose them, which
    f may compute in, whatever the type of its result. If there are such, the least change that was
    seen is the grain of f, unless it is too large to be rounding.
    """
    changes = np.array([up, down])
    steepest = np.nanmax(np.abs(changes) / line.steps, initial=0)
    lost = 2**27 * line.rounding + 2**-22 * steepest * line.magnitude
    hidden = (changes == 0) & (line.steps * steepest < lost)
    least = np.nanmin(np.abs(changes[changes != 0]), initial=np.inf)
    grain = least if hidden.any() and least < 4 * lost else 0.0
    return *np.where(hidden, np.nan, changes), grain


def _one_sided(change, t, floor, line):
    """The Slope on one side; infinite, or a "jump", where the changes say so."""
    seen = np.isfinite(change)
    # A jump stays as large however small the step (one of rounding is small itself).
    small = np.abs(change[seen & (line.steps <= line.step)])
    if len(small) > 4 and np.ptp(small) < 1e-3 * np.min(small) > 1e-9 * line.height:
        return Slope(np.nan, np.inf, "jump")
    # A slope that converges grows by less and less; rounding makes it grow fourfold.
    slopes = (change / t)[seen][-7:]
    growth = np.diff(slopes)
    ratio = growth[1:] / growth[:-1]
    if (
        len(slopes) == 7
        and np.all((ratio > 0.8) & (ratio < 3))
        and np.all(np.abs(growth) > floor[seen][-6:])
    ):
        return Slope(np.copysign(np.inf, slopes[-1]), 0.0)
    return _best(change / t, RATIO, floor)


def _best(slopes, power, floor):
    """Of three neighbours that agree best, the middle one.

    Each is what two steps foretell for a step of 0 (Richardson 1911). The error is three times the
    distance to the neighbours: the one of larger steps is further off where it is the bend of f
    that disturbs, the one of smaller steps where it is rounding. Large steps may agree on what has
    nothing to do with x: smaller ones contradict them then.
    """
    foretold = np.full(len(slopes) + 2, np.nan)
    foretold[2:-1] = (power * slopes[1:] - slopes[:-1]) / (power - 1)
    before, here, after = foretold[:-2], foretold[1:-1], foretold[2:]
    error = 3 * np.maximum(np.abs(here - before), np.abs(here - after)) + floor
    contradicted = np.abs(here[:, None] - here) > error[:, None] + 10 * error
    error = np.where(np.triu(contradicted).any(axis=1) | np.isnan(error), np.inf, error)
    best = np.argmin(error)
    return Slope(here[best] if error[best] < np.inf else np.nan, error[best])


def _at_an_edge(left, right, nowhere, failure):
    fails = f"raises {type(failure).__name__} ({failure})" if failure else "is NaN or infinite"
    if all(nowhere):
        return Slope(np.nan, 0.0, f"f {fails} on either side")
    missing, present, there = ("left", "right", right) if nowhere[0] else ("right", "left", left)
    jumps = " (where it jumps)" if there.oddity else ""
    return Slope(
        there.value,
        there.error,
        f"f {fails} on the {missing}, so the slope is the one on the {present}{jumps}",
    )
