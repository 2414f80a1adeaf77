"""Where numbers on a grid are above a level: areas and the lines around them, for a Chart.

Each cell of the grid is cut into two triangles, in which the numbers are taken to be linear: so a
line runs straight through a triangle, and there are no cases.
"""

import itertools

import numpy as np


def contour(xs, ys, values, level):
    """The lines along which `values` (rows by ys, columns by xs) pass through `level`, each a list
    of points (x, y); a closed one ends where it began.
    """
    inside, links = values > level, {}
    for triangle in _triangles(_mixed(inside)):
        crossed = [edge for edge in _edges(triangle) if inside[edge[0]] != inside[edge[1]]]
        for here, there in itertools.permutations(crossed, 2):  # of two edges, or of none
            links.setdefault(here, []).append(there)
    lines = []
    # From the ends of open lines first: what is left then is closed.
    for start in sorted(links, key=lambda edge: len(links[edge])):
        while links[start]:
            line = [start]
            while links[line[-1]]:
                following = links[line[-1]].pop()
                links[following].remove(line[-1])
                line.append(following)
            lines.append([_crossing(xs, ys, values, level, edge) for edge in line])
    return lines


def region(xs, ys, values, level):
    """The area in which `values` are above `level`, as polygons, each a list of points (x, y)."""
    inside, polygons = values > level, []
    mixed = _mixed(inside)
    for row, column, after in _runs(inside[:-1, :-1] & ~mixed):
        left, right, low, high = xs[column], xs[after], ys[row], ys[row + 1]
        polygons.append([(left, low), (right, low), (right, high), (left, high)])
    for triangle in _triangles(mixed):
        corners = []
        for start, end in itertools.pairwise([*triangle, triangle[0]]):
            if inside[start]:
                corners.append((xs[start[1]], ys[start[0]]))
            if inside[start] != inside[end]:
                corners.append(_crossing(xs, ys, values, level, tuple(sorted((start, end)))))
        if corners:
            polygons.append(corners)
    return polygons


def _mixed(inside):
    """Which cells have corners on both sides."""
    corners = inside[:-1, :-1], inside[:-1, 1:], inside[1:, :-1], inside[1:, 1:]
    return np.any(corners, axis=0) & ~np.all(corners, axis=0)


def _triangles(cells):
    """The two triangles of each of these cells, as their corners (row, column)."""
    for row, column in np.argwhere(cells).tolist():
        near, far = (row, column), (row + 1, column + 1)
        yield near, (row, column + 1), far
        yield near, far, (row + 1, column)


def _edges(triangle):
    return [tuple(sorted(pair)) for pair in itertools.combinations(triangle, 2)]


def _runs(cells):
    """(row, column, column after) of each stretch of such cells in a row."""
    for row, line in enumerate(cells):
        ends = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]])))
        yield from ((row, *map(int, pair)) for pair in zip(ends[::2], ends[1::2], strict=True))


def _crossing(xs, ys, values, level, edge):
    """Where the numbers pass through the level between the two ends of an edge."""
    (row, column), (other_row, other_column) = edge
    start, end = values[edge[0]], values[edge[1]]
    share = (level - start) / (end - start)
    return (
        xs[column] + share * (xs[other_column] - xs[column]),
        ys[row] + share * (ys[other_row] - ys[row]),
    )
