"""Where the labels of arrows go: near the tail, above the arrow, touching nothing. All labels find
a place, or none do.
"""

import numpy as np

ALONG = np.linspace(0.04, 0.9, 44)  # where along its arrow a label is tried, above and below
FROM_TAIL = 34  # pixels from the tail to the middle of a label: where the lecture writes it
CLEAR = 3  # pixels between a label and anything else
RESTARTS = 20


def place_labels(lines, sizes, obstacles):
    """Centres (E, 2) for the labels of E arrows, or None if no placement without a collision is
    found.

    lines: (E, 4), arrows from (x1, y1) to (x2, y2), left to right.
    sizes: (E, 2), width and height of the labels; an arrow whose label has width 0 has none.
    obstacles: (K, 4), rectangles (left, top, right, bottom) to keep off.
    """
    lines, sizes = np.asarray(lines, float), np.asarray(sizes, float)
    labelled = np.flatnonzero(sizes[:, 0])
    centres = np.zeros((len(lines), 2))
    if not len(labelled):
        return centres
    owner, spots, boxes, cost = _candidates(lines, sizes, labelled)
    free = ~crossed(boxes, lines).any(axis=1) & ~_overlap(boxes, np.asarray(obstacles, float)).any(
        axis=1
    )
    owner, spots, boxes, cost = owner[free], spots[free], boxes[free], cost[free]
    if len(np.unique(owner)) < len(labelled):
        return None
    chosen = _choose(owner, cost, _overlap(boxes, boxes), len(labelled))
    if chosen is None:
        return None
    centres[labelled] = spots[chosen]
    return centres


def _candidates(lines, sizes, labelled):
    """For every place tried: whose it is, its middle, its rectangle grown by CLEAR, and how far
    from ideal it is.
    """
    x1, y1, x2, y2 = lines[labelled].T[..., None, None]
    width, height = sizes[labelled].T[..., None, None]
    t, side = ALONG[:, None], np.array([-1, 1])
    x, y = x1 + t * (x2 - x1), y1 + t * (y2 - y1)
    slope = np.abs((y2 - y1) / (x2 - x1))
    x, y = np.broadcast_arrays(
        x, y + side * (height / 2 + CLEAR + slope * (width / 2 + CLEAR) + 0.5)
    )
    from_tail = t * np.hypot(x2 - x1, y2 - y1)
    cost = np.abs(from_tail - FROM_TAIL) + 45 * (side > 0)
    owner = np.broadcast_to(np.arange(len(labelled))[:, None, None], x.shape)
    half_width, half_height = np.broadcast_arrays(width / 2 + CLEAR, height / 2 + CLEAR, x)[:2]
    boxes = np.stack(
        [x - half_width, y - half_height, x + half_width, y + half_height], axis=-1
    ).reshape(-1, 4)
    return (
        owner.ravel(),
        np.stack([x, y], axis=-1).reshape(-1, 2),
        boxes,
        np.broadcast_to(cost, x.shape).ravel(),
    )


def crossed(boxes, lines):
    """(boxes, lines): whether the line, which runs from left to right, passes through the
    rectangle.

    boxes: (B, 4), left, top, right, bottom.
    lines: (L, 4), x1, y1, x2, y2.
    """
    left, top, right, bottom = boxes.T[..., None]
    x1, y1, x2, y2 = lines.T
    slope = (y2 - y1) / (x2 - x1)
    enters = y1 + slope * (np.clip(left, x1, x2) - x1)
    leaves = y1 + slope * (np.clip(right, x1, x2) - x1)
    beside = (right < x1) | (left > x2)
    return ~beside & (np.minimum(enters, leaves) < bottom) & (np.maximum(enters, leaves) > top)


def _overlap(boxes, others):
    left, top, right, bottom = boxes.T[..., None]
    return (
        (left < others[:, 2])
        & (others[:, 0] < right)
        & (top < others[:, 3])
        & (others[:, 1] < bottom)
    )


def _choose(owner, cost, clash, count):
    """One place for each of `count` labels, no two of which clash: the label with fewest places
    left chooses first.

    A label that finds none left goes to the head of the queue, and everything starts again,
    RESTARTS times at most.
    """
    queue = []
    for _ in range(RESTARTS):
        free, chosen = np.ones(len(owner), bool), {}
        while len(chosen) < count:
            left = np.bincount(owner[free], minlength=count)
            waiting = [label for label in queue if label not in chosen]
            label = (
                waiting[0]
                if waiting
                else min(set(range(count)) - set(chosen), key=lambda label: (left[label], label))
            )
            if not left[label]:
                queue = [label, *(other for other in queue if other != label)]
                break
            places = np.flatnonzero(free & (owner == label))
            chosen[label] = places[np.argmin(cost[places])]
            free &= ~clash[chosen[label]] & (owner != label)
        else:
            return [chosen[label] for label in range(count)]
    return None
