"""Rectangles: where something is, what it touches, which lines pass through."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """A rectangle from (left, top) to (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.bottom - self.top

    @property
    def middle(self):
        """The x of its middle."""
        return (self.left + self.right) / 2

    def grown(self, by):
        return Bounds(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other):
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def meets_line(self, x1, y1, x2, y2):
        """Whether the straight line from (x1, y1) to (x2, y2) passes through."""
        # The part of the line, from `enters` to `leaves`, that is between left and right and
        # between top and bottom.
        enters, leaves = 0.0, 1.0
        for start, way, low, high in (
            (x1, x2 - x1, self.left, self.right),
            (y1, y2 - y1, self.top, self.bottom),
        ):
            if way == 0:
                if not low < start < high:
                    return False
                continue
            ends = sorted(((low - start) / way, (high - start) / way))
            enters, leaves = max(enters, ends[0]), min(leaves, ends[1])
        return enters < leaves

    @staticmethod
    def around(bounds):
        """The smallest rectangle that holds all of `bounds`."""
        bounds = list(bounds)
        return Bounds(
            min(b.left for b in bounds),
            min(b.top for b in bounds),
            max(b.right for b in bounds),
            max(b.bottom for b in bounds),
        )
