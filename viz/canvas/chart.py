"""A pair of axes on a picture: curves and points of numbers, on an even or a logarithmic scale."""

import math
from dataclasses import replace

from viz.canvas.bounds import Bounds
from viz.canvas.colours import AXIS, GRID
from viz.canvas.shapes import DASHED, DOTTED, SOLID, Circle, Formula, Line, Polygon, Rectangle, Text

ZERO = 0.15  # the share of a logarithmic axis that lies between its lowest power of ten and 0
# In black and white it is these that tell one curve from the next.
DASHES = (SOLID, DASHED, DOTTED, (10, 3, 2, 3))
SMALLEST, LARGEST = -323, 308  # the powers of ten that are numbers of a computer


class Chart:
    """Axes in the rectangle `area` of `picture`, for x and y between the two numbers of each range.

        >>> from viz.canvas.bounds import Bounds
        >>> from viz.canvas.chart import Chart
        >>> from viz.canvas.picture import Picture
        >>> chart = Chart(Picture(), Bounds(0, 0, 200, 100), x=(-1, 1), y=(0, 10))
        >>> chart.place(0, 10)  # the pixel: in the middle, at the top
        (100.0, 0.0)

    log: whether the y axis is logarithmic. A y beyond its range is drawn on the edge; an x has to
        lie within its own.
    zero: of a logarithmic scale, whether 0 has a place under the lowest power of ten, behind a
        dotted stretch of the axis.
    """

    def __init__(self, picture, area, x, y, log=False, zero=False):
        self.picture, self.area, self.x, self.y, self.log = picture, area, x, y, log
        self.floor = ZERO if zero else 0.0  # the share of the height under the range

    def place(self, x, y):
        """The pixel of a point."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        if self.log and y == 0:
            up = 0.0
        else:
            low, high, y = map(math.log10, (*self.y, y)) if self.log else (*self.y, y)
            up = self.floor + (1 - self.floor) * min(max((y - low) / (high - low), 0.0), 1.0)
        return self.area.left + across * self.area.width, self.area.bottom - up * self.area.height

    def frame(self, x_ticks, y_ticks):
        """The two axes with these ticks, and a pale line across for each tick of y.

        Ticks are {number: what is written there, as LaTeX}.
        """
        area = self.area
        for y, written in y_ticks.items():
            height = self.place(self.x[0], y)[1]
            self.picture.add(Line(((area.left, height), (area.right, height)), GRID, dash=SOLID))
            label = Formula(written, 0, height, "centre", size=14, colour=AXIS)
            self.picture.add(replace(label, x=area.left - 8 - label.ink.width / 2))
        for x, written in x_ticks.items():
            across = self.place(x, self.y[0])[0]
            self.picture.add(
                Line(((across, area.bottom), (across, area.bottom + 4)), AXIS, dash=SOLID)
            )
            self.picture.add(Formula(written, across, area.bottom + 19, size=14, colour=AXIS))
        broken = area.left, area.bottom - self.floor * area.height
        corner = area.left, area.bottom
        if self.floor:
            self.picture.add(Line((broken, corner), AXIS, dash=DOTTED))
            self.picture.add(Line(((area.left, area.top), broken), AXIS, dash=SOLID))
            self.picture.add(Line((corner, (area.right, area.bottom)), AXIS, dash=SOLID))
        else:
            corners = (area.left, area.top), corner, (area.right, area.bottom)
            self.picture.add(Line(corners, AXIS, dash=SOLID))

    def curve(self, xs, ys, colour, width=2.0, dash=SOLID):
        """A line through the points; numbers that are not finite interrupt it."""
        run = []
        for x, y in [*zip(xs, ys, strict=True), (0, math.nan)]:
            if math.isfinite(y):
                run.append(self.place(x, y))
            elif run:
                if len(run) > 1:
                    self.picture.add(Line(tuple(run), colour, width, dash))
                run = []

    def area_of(self, polygons, colour):
        """A filled area, as `contours.region` gives it."""
        for corners in polygons:
            # A rim of half a pixel: no seam between one polygon and the next.
            self.picture.add(Polygon(tuple(self.place(*at) for at in corners), colour, 0.5))

    def points(self, xs, ys, colour, mark=None):
        """A mark for each point with finite numbers: `mark` of (x, y, colour), or a dot."""
        for x, y in zip(xs, ys, strict=True):
            if math.isfinite(y):
                self.picture.add((mark or dot)(*self.place(x, y), colour))


def dot(x, y, colour):
    """A round mark."""
    return Circle(x, y, 3.5, colour)


def square(x, y, colour):
    """A square mark."""
    return Rectangle(Bounds(x, y, x, y).grown(3.5), colour)


def triangle(x, y, colour):
    """A mark with three corners, one above."""
    return Polygon(((x, y - 4.5), (x + 4.2, y + 3), (x - 4.2, y + 3)), colour)


def inverted(x, y, colour):
    """A mark with three corners, one below."""
    return Polygon(((x, y + 4.5), (x + 4.2, y - 3), (x - 4.2, y - 3)), colour)


def diamond(x, y, colour):
    """A square mark that stands on a corner."""
    return Polygon(((x, y - 4.5), (x + 4.5, y), (x, y + 4.5), (x - 4.5, y)), colour)


def draw_samples(picture, x, y, samples):
    """What lines and marks mean, side by side from x to the right.

    y: the baseline of the words.
    samples: (words, colour, dash, mark) of each; dash is None for a mark alone, mark for a line.

    Returns the x after them.
    """
    for says, colour, dash, mark in samples:
        if dash is None:
            picture.add(mark(x + 9, y - 5, colour))
        else:
            picture.add(Line(((x, y - 5), (x + 34, y - 5)), colour, 2.0, dash))
            if mark:
                picture.add(mark(x + 17, y - 5, colour))
        after = x + (24 if dash is None else 42)
        x = picture.add(Text(says, after, y, "left", size=15, colour=colour, most=60)).bounds.right
        x += 30
    return x


def round_ticks(low, high, most=6):
    """Round numbers between `low` and `high`, at most `most` + 1, and how many significant digits
    tell them apart, at least four.

        >>> from viz.canvas.chart import round_ticks
        >>> round_ticks(-7.5, 12)
        ([-5.0, 0.0, 5.0, 10.0], 4)
    """
    least = (high - low) / most
    power = 10.0 ** math.floor(math.log10(least))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least)
    ticks = [n * step for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
    largest = max(abs(tick) for tick in ticks)
    significant = max(4, 1 + round(math.log10(largest / power)) if largest else 0)
    return ticks, significant


def padded(numbers, share=0.06):
    """The range of an axis with room for all the numbers and some more.

    Raises ValueError where it is wider than any number.
    """
    low, high = float(min(numbers)), float(max(numbers))
    room = share * (high - low)
    if room <= 1e-9 * max(abs(low), abs(high)):  # all are alike
        room = 0.5 * max(abs(low), abs(high)) or 0.5
    if not math.isfinite(2 * (high - low)):
        raise ValueError(f"numbers from {low:.3g} to {high:.3g} are too far apart for an axis.")
    return low - room, high + room


def powers_of_ten(numbers, most=8):
    """(low, high) powers of ten around the positive ones of `numbers`, and at most `most` + 1 ticks
    between them.
    """
    logs = [math.log10(number) for number in numbers if 0 < number < math.inf]
    low, high = (math.floor(min(logs)), math.ceil(max(logs))) if logs else (0, 1)
    high = max(high, low + 1)
    step = math.ceil((high - low) / most)
    low, high = max(low - (low - high) % step, SMALLEST), min(high, LARGEST)
    return (10.0**low, 10.0**high), [10.0**n for n in range(low, high + 1, step)]
