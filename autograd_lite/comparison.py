"""The table of check_gradient: derivatives in columns, a row for each entry, and a verdict."""

import numpy as np


class Comparison:
    """The result of check_gradient: for every entry of every input the derivative by hand,
    backpropagated, and numerical.

    .labels: what each row is the derivative by; .columns: column name -> array; .worst:
        (difference, row, column).
    """

    def __init__(self, labels, columns, tolerance):
        self.labels, self.columns, self.tolerance = labels, columns, tolerance
        self.worst = self._worst()

    @property
    def agrees(self):
        """Whether every column equals the numerical derivative within the tolerance."""
        return self.worst[0] <= self.tolerance

    def _worst(self):
        """The largest difference from the numerical column, relative to the entry, or, if that is
        small, to the largest entry.

        NaN is worst of all.
        """
        numerical = self.columns["numerical"]
        largest = np.max(np.abs(numerical), initial=0.0, where=np.isfinite(numerical))
        # Below 1e-3, what is left is rounding.
        scale = np.maximum(np.abs(numerical), np.clip(largest, 1e-3, 1))
        worst = (0.0, 0, "backpropagated")
        for name in list(self.columns)[:-1]:
            column = self.columns[name]
            difference = np.abs(column - numerical) / scale
            difference = np.where(
                np.isnan(difference) & ~(np.isnan(column) & np.isnan(numerical)),
                np.inf,
                np.nan_to_num(difference),
            )
            row = int(np.argmax(difference)) if difference.size else 0
            if difference.size and difference[row] > worst[0]:
                worst = (float(difference[row]), row, name)
        return worst

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
            f"<tr><td>{label}</td>"
            + "".join(f"<td>{number:.10g}</td>" for number in numbers)
            + "</tr>"
            for label, *numbers in self._shown()
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"{table}<p>{self.verdict()}</p>"

    def verdict(self):
        """One sentence: whether the columns agree, and where they differ most."""
        difference, row, column = self.worst
        if self.agrees:
            return (
                f"They agree: the largest relative difference is {difference:.1e} (tolerance "
                f"{self.tolerance:.0e})."
            )
        gradient = "gradient by hand" if column == "by hand" else f"{column} gradient"
        return (
            f"They differ: by {self.labels[row]} the {gradient} is "
            f"{self.columns[column][row]:.10g}, the numerical one "
            f"{self.columns['numerical'][row]:.10g} (relative difference {difference:.1e}, "
            f"tolerance {self.tolerance:.0e})." + self._pattern(column)
        )

    def _pattern(self, column):
        """What the mistake looks like, if all entries make the same one."""
        wrong, right = self.columns[column], self.columns["numerical"]
        nonzero = np.abs(right) > 1e-6
        factors = wrong[nonzero] / right[nonzero]
        if (
            factors.size < 2
            or not np.allclose(factors, factors[0], rtol=1e-4)
            or abs(factors[0]) < 1e-6
        ):
            return ""
        return (
            f" Every entry is {factors[0]:.4g} times the numerical one: look for a factor or a "
            "sign."
        )

    def _shown(self, most=40):
        """All rows, or of many the first and the worst."""
        rows = self.rows()
        return rows if len(rows) <= most else [*rows[: most - 1], rows[self.worst[1]]]
