"""A pair of axes on a picture: curves and points of numbers, on an even or a logarithmic scale."""

import math
from dataclasses import replace

from viz.canvas.colours import AXIS, GRID
from viz.canvas.shapes import Circle, Formula, Line

ZERO = 1e-300  # what a logarithmic scale draws for 0: the lowest it has


class Chart:
    """Axes in the rectangle `area` of `picture`, for x and y between the two numbers of each range.

    log: powers of ten upwards. Numbers beyond the range are drawn on its edge.
    """

    def __init__(self, picture, area, x, y, log=False):
        self.picture, self.area, self.x, self.y, self.log = picture, area, x, y, log

    def place(self, x, y):
        """The pixel of a point."""
        low, high = self.y
        if self.log:
            low, high, y = math.log10(low), math.log10(high), math.log10(max(y, ZERO))
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = min(max((y - low) / (high - low), 0.0), 1.0)
        return self.area.left + across * self.area.width, self.area.bottom - up * self.area.height

    def frame(self, x_ticks, y_ticks):
        """The two axes with these ticks, and a pale line across for each tick of y.

        Ticks are {number: what is written there, as LaTeX}.
        """
        area = self.area
        for y, written in y_ticks.items():
            height = self.place(self.x[0], y)[1]
            self.picture.add(Line(((area.left, height), (area.right, height)), GRID, dotted=False))
            label = Formula(written, 0, height, "centre", size=14, colour=AXIS)
            self.picture.add(replace(label, x=area.left - 8 - label.ink.width / 2))
        for x, written in x_ticks.items():
            across = self.place(x, self.y[0])[0]
            self.picture.add(
                Line(((across, area.bottom), (across, area.bottom + 4)), AXIS, dotted=False)
            )
            self.picture.add(Formula(written, across, area.bottom + 19, size=14, colour=AXIS))
        corners = (area.left, area.top), (area.left, area.bottom), (area.right, area.bottom)
        self.picture.add(Line(corners, AXIS, dotted=False))

    def curve(self, xs, ys, colour, width=2.0):
        """A line through the points; numbers that are not finite interrupt it."""
        run = []
        for x, y in [*zip(xs, ys, strict=True), (0, math.nan)]:
            if math.isfinite(y):
                run.append(self.place(x, y))
            elif run:
                if len(run) > 1:
                    self.picture.add(Line(tuple(run), colour, width, dotted=False))
                run = []

    def points(self, xs, ys, colour, r=3.5):
        """A dot for each point with finite numbers."""
        for x, y in zip(xs, ys, strict=True):
            if math.isfinite(y):
                self.picture.add(Circle(*self.place(x, y), r, colour))


def powers_of_ten(numbers, most=8):
    """(low, high) powers of ten around the positive ones of `numbers`, and at most `most` + 1 ticks
    between them.
    """
    logs = [math.log10(number) for number in numbers if 0 < number < math.inf]
    low, high = (math.floor(min(logs)), math.ceil(max(logs))) if logs else (0, 1)
    high = max(high, low + 1)
    step = math.ceil((high - low) / most)
    low -= (low - high) % step
    return (10.0**low, 10.0**high), [10.0**n for n in range(low, high + 1, step)]
