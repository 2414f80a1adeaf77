"""The table of check_gradient: derivatives in columns, a row for each entry, and a verdict."""

from html import escape

import numpy as np


def rounding_of(column):
    """Of what cancels in a column, this much may be left where the true number is 0."""
    largest = np.max(np.abs(column), initial=0.0, where=np.isfinite(column))
    return 16 * np.finfo(np.float64).eps * largest


class Comparison:
    """The result of check_gradient: for every entry of every input (or for some directions) the
    derivative by hand, backpropagated, and numerical.

    labels: what each row is the derivative by, such as "x1[0]".
    columns: {its name: its numbers, one for each row}; the last is "numerical".
    tolerance: the largest relative difference allowed.
    errors: how far each row may be off without being wrong.
    oddities: {row: what is odd there, in words}.
    remarks: sentences about the whole.
    .worst: (relative difference, row, column) where the columns differ most.

    The arguments are attributes, too. It prints as a table, in Jupyter as well.
    """

    def __init__(self, labels, columns, tolerance, errors, oddities, remarks=()):
        self.labels, self.columns, self.tolerance = labels, columns, tolerance
        self.errors, self.oddities, self.remarks = errors, oddities, remarks
        self.worst = self._worst()

    @property
    def agrees(self):
        """Whether every column equals the numerical derivative within the tolerance."""
        return self.worst[0] <= self.tolerance

    def _worst(self):
        """The largest relative difference; or of those above the tolerance the row that is furthest
        off, and nothing odd about it if possible.
        """
        *names, _ = self.columns
        *columns, numerical = self.columns.values()
        if not self.labels:
            return 0.0, 0, names[0]
        flat = numerical == 0  # f does not notice the step
        errors = [self.errors + flat * rounding_of(column) for column in columns]
        relative = np.array([apart(c, numerical, e) for c, e in zip(columns, errors, strict=True)])
        rank = relative
        if np.max(relative) > self.tolerance:
            odd = np.isin(np.arange(len(self.labels)), list(self.oddities))
            wrong = relative > self.tolerance
            wrong = wrong & ~odd if np.any(wrong & ~odd) else wrong
            rank = np.where(wrong, distance(np.array(columns), numerical), -1)
        column, row = np.unravel_index(np.argmax(rank), rank.shape)
        return float(relative[column, row]), int(row), names[column]

    def rows(self):
        """(label, number, number, …), one for each entry."""
        return [
            (label, *numbers)
            for label, *numbers in zip(self.labels, *self.columns.values(), strict=True)
        ]

    def __str__(self):
        rows = self._shown()
        width = max([len("derivative by"), *(len(label) for label, *_ in rows)])
        lines = [f"{'derivative by':<{width}}" + "".join(f"{name:>18}" for name in self.columns)]
        lines += [
            f"{label:<{width}}" + "".join(f"{number:>18.10g}" for number in numbers)
            for label, *numbers in rows
        ]
        return "\n".join([*lines, self.verdict()])

    __repr__ = __str__

    def _repr_html_(self):
        head = "".join(f"<th>{name}</th>" for name in ("derivative by", *self.columns))
        body = "".join(
            f"<tr><td>{escape(label)}</td>"
            + "".join(f"<td>{number:.10g}</td>" for number in numbers)
            + "</tr>"
            for label, *numbers in self._shown()
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"{table}<p>{escape(self.verdict())}</p>"

    def verdict(self):
        """Whether the columns agree, and where they differ most; and what else is to be known."""
        return " ".join([self._judgement(), *self.remarks])

    def _judgement(self):
        difference, row, column = self.worst
        if self.agrees:
            return (
                f"They agree: the largest relative difference is {difference:.1e} (tolerance "
                f"{self.tolerance:.0e})." + self._left_open() + self._odd()
            )
        gradient = "gradient by hand" if column == "by hand" else f"{column} gradient"
        given, numerical = self.columns[column][row], self.columns["numerical"][row]
        if row in self.oddities:
            return (
                f"They cannot be compared by {self.labels[row]}: {self.oddities[row]}. The "
                f"{gradient} is {given:.10g}, the numerical one {numerical:.10g}. Compare at a "
                "point beside it."
            )
        sentence = (
            f"They differ: by {self.labels[row]} the {gradient} is {given:.10g}, the numerical one "
            f"{numerical:.10g} (relative difference {difference:.1e}, tolerance "
            f"{self.tolerance:.0e})."
        )
        if not np.isfinite(given) and np.isfinite(numerical):
            return sentence + _NOT_FINITE.get(column, "")
        return sentence + self._pattern(column)

    def _left_open(self):
        """Where more is left open than the tolerance allows, of what can be seen at all."""
        *columns, numerical = self.columns.values()
        if not self.labels:
            return ""
        largest = np.max(np.abs(numerical), where=np.isfinite(numerical), initial=0)
        strict = np.max([apart(column, numerical, 0.0) for column in columns], axis=0)
        matters = (self.errors > self.tolerance * largest) | (self.errors < np.abs(numerical))
        rows = np.flatnonzero((strict > self.tolerance) & matters)
        if not rows.size:
            return ""
        row = rows[np.argmax(self.errors[rows])]
        return (
            f" (In {rows.size} of {len(self.labels)} rows the differences leave more open: at most "
            f"±{self.errors[row]:.1e}, by {self.labels[row]}.)"
        )

    def _odd(self):
        if not self.oddities:
            return ""
        row = min(self.oddities)
        others = f" (and {len(self.oddities) - 1} more)" if len(self.oddities) > 1 else ""
        return f" By {self.labels[row]}{others}: {self.oddities[row]}."

    def _pattern(self, column):
        """What the mistake looks like, if all entries make the same one."""
        wrong, right = self.columns[column], self.columns["numerical"]
        nonzero = np.abs(right) > 1e-6 * np.max(np.abs(right), where=np.isfinite(right), initial=0)
        factors = wrong[nonzero] / right[nonzero]
        if factors.size < 2 or not 1e-6 < np.abs(factors[0]) < np.inf:
            return ""
        if np.max(np.abs(factors - factors[0])) > min(1e-4, 0.1 * np.abs(factors[0] - 1)):
            return ""
        return (
            f" Every entry is {factors[0]:.4g} times the numerical one: look for a factor or a "
            "sign."
        )

    def _shown(self, most=40):
        """All rows, or of many the first and the worst."""
        rows = self.rows()
        return rows if len(rows) <= most else [*rows[: most - 1], rows[self.worst[1]]]


_NOT_FINITE = {
    "backpropagated": " Compute it under ag.detect_anomaly(), which names the operation that made "
    "it.",
    "by hand": " Look for a division by 0, or a logarithm of 0, in the derivation.",
}


def distance(column, numerical):
    """|column − numerical|, infinite where one of them is NaN."""
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.abs(column - numerical), nan=np.inf, posinf=np.inf)


def apart(column, numerical, errors):
    """The distance, as far as the errors do not explain it, relative to the larger of the two; 0
    where both are equal or infinite alike, and where the errors are not known.
    """
    larger = np.maximum(np.abs(column), np.abs(numerical))
    with np.errstate(all="ignore"):
        beyond = np.maximum(distance(column, numerical) - errors, 0)
        relative = np.where(beyond < np.inf, np.where(beyond == 0, 0, beyond / larger), np.inf)
    return np.where((column == numerical) | np.isnan(errors), 0, relative)
