"""How given derivatives are judged: by one step each, and by many where that is not enough."""

import numpy as np

from autograd_lite.checking.comparison import apart, distance
from autograd_lite.checking.differences import central, settle

ODD = 10  # rows of which it is said that something is odd there; there may be thousands


class Judgement:
    """The numerical derivatives, as exact as it takes to judge the given ones.

    rows: the Rows.
    given: {name: derivatives, one for each row}: by hand, backpropagated.
    tolerance: the largest relative difference allowed.
    eps: the precision of the least precise numbers that take part.
    .slopes: the numerical derivatives.
    .errors: how far each may be off without being wrong; NaN where that was not looked at because
        another is wrong already.
    .oddities: {row: what is odd, in words}.
    """

    def __init__(self, rows, given, tolerance, eps):
        self._rows, self._given, self._tolerance, self._eps = rows, given, tolerance, eps
        self._table = np.array(list(given.values()))
        self.errors, self.oddities, self._wobbles = np.zeros(len(rows.labels)), {}, None
        with np.errstate(all="ignore"):
            rounding, self._bent = self._by_one_step()
            self._by_many_steps(rounding)
            if not self._differs().any():
                self._look_for_corners()

    def _differs(self, row=slice(None)):
        relative = apart(self._table[:, row], self.slopes[row], self.errors[row])
        return np.max(relative, axis=0) > self._tolerance

    def _by_one_step(self):
        """All slopes. Returns what rounding may do to them, and where there may be a corner."""
        lines = map(self._rows.line, range(len(self.errors)))
        # (rows, 3): slope, rounding, corner; also where there is no row
        found = np.array([central(line, line.step) for line in lines]).reshape(-1, 3)
        self.slopes = found[:, 0]
        for row in np.flatnonzero(self._differs()):
            line, usual = self._rows.line(row), self.slopes[row]
            if line.small_step:
                self.slopes[row], *_ = central(line, line.small_step)
                if self._differs(row):
                    self.slopes[row] = usual
        return found[:, 1], found[:, 2] != 0

    def _by_many_steps(self, rounding):
        """Settle what differs, the most doubtful first, until one is certainly wrong."""
        size = np.max(np.abs([*self._table, self.slopes]), axis=0)
        largest = np.max(size, where=np.isfinite(size), initial=0)
        # What is lost in the rounding of f, and would be nothing beside the largest, passes.
        nothing = (size < rounding) & (rounding < self._tolerance * largest)
        self.errors[nothing] = rounding[nothing]
        doubts = np.max(distance(self._table, self.slopes), axis=0) - rounding
        unsettled = self._differs()
        odd = 0
        for row in sorted(np.flatnonzero(unsettled), key=lambda row: -doubts[row]):
            self._settle(row)
            unsettled[row] = False
            if self._differs(row):
                odd += 1
                if row not in self.oddities or odd == ODD:
                    break
        self.errors[unsettled] = np.nan

    def _settle(self, row):
        line, self._bent[row] = self._rows.line(row), False
        slope = settle(line)
        self.slopes[row] = slope.value
        # What is given has a precision too: that of f, over a step of the size of x.
        height = line.height / line.size
        self.errors[row] = slope.error + 2 * self._eps * height
        if slope.oddity:
            self.oddities[int(row)] = slope.oddity
        elif self._differs(row):
            wobble = self._wobble()[row]
            # If it is more than rounding, it has other reasons: a corner, for example.
            if wobble < 1e-3 * max(np.max(np.abs(self._table[:, row])), height):
                self.errors[row] += wobble

    def _wobble(self):
        """How much the given derivatives change when they are computed more exactly, or at inputs
        that differ in the last digit: what rounding does to them.
        """
        if self._wobbles is None:
            subject, rng = self._rows.subject, np.random.default_rng(0)
            nearby = [[_in_the_last_digit(x, rng) for x in subject.arrays] for _ in range(5)]
            self._wobbles = np.zeros(len(self.slopes))
            for arrays in (subject.precise, *nearby):
                try:
                    columns = self._rows.columns(arrays)
                except Exception:  # out of the domain of f
                    continue
                for name, column in columns.items():
                    change = 4 * np.nan_to_num(np.abs(column - self._given[name]), nan=0, posinf=0)
                    self._wobbles = np.maximum(self._wobbles, change)
        return self._wobbles

    def _look_for_corners(self):
        """Where all agree, although there is no derivative: at a corner both sides may cancel."""
        for row in np.flatnonzero(self._bent)[:ODD]:
            slope = settle(self._rows.line(row))
            if slope.oddity:
                self.oddities[int(row)] = slope.oddity


def _in_the_last_digit(x, rng):
    return (x * (1 + np.finfo(x.dtype).eps * rng.choice([-1, 1], x.shape))).astype(x.dtype)
