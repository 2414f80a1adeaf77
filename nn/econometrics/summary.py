"""summary: the table of a regression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_lite import normal_cdf
from nn.econometrics.likelihood import CLASSES, KNOWN
from nn.econometrics.standard_errors import Estimate, estimate
from nn.inputs import Standardize
from nn.lecture.vectors import ordered_parameters
from nn.module import Module
from nn.types import ArrayLike, Loss

HEAD = ("coefficient", "std. error", "z", "p")
HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
TEX = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {sign: f"\\{sign}" for sign in "&%$#_{}"}
)


def summary(
    model: Module,
    x: ArrayLike,
    y: ArrayLike,
    loss: Loss,
    names: Iterable[str] | None = None,
    kind: str = "hessian",
) -> Summary:
    """The table of a regression: of each parameter the coefficient, its standard error, z and p.
    Lecture, section 9B.

    model: as for `standard_errors`; so are x, y, loss and kind.
    x: (n, m).
    y: a target for each observation.
    loss: the loss that was minimized.
    names: of the features; by default the columns of a data frame, or x1, x2, …
    kind: "hessian", "opg" or "sandwich".

    z = coefficient / standard error, and p = 2 Φ(−|z|) is the probability of a |z| as large as this
    one, were the parameter 0: by the normal distribution, which is right for many observations.
    (For least squares, econometrics packages take the t distribution.)

    Returns a Summary: it prints as a table and shows itself in Jupyter. Raises ValueError as
    `standard_errors` does, and for a wrong number of names.

        >>> x, y = [[0.0], [1.0], [2.0], [3.0]], [[0.0], [2.0], [1.0], [3.0]]
        >>> line = nn.Linear(1, 1)
        >>> result = nn.minimize(line, x, y, nn.mse_loss)
        >>> nn.summary(line, x, y, nn.mse_loss, names=["hours"])
        mse_loss, n = 4, σ = 0.9487, standard errors by hessian
               coefficient  std. error       z      p
        hours       0.8000      0.4243  1.8856  0.059
        bias        0.3000      0.7937  0.3780  0.705
    """
    found = estimate(model, x, y, loss, kind, "summary")
    called = _names(model, x, names, loss)
    rows = [i for i in range(len(called)) if not np.isnan(found.errors[i])]
    return Summary(
        [called[i] for i in rows],
        found.coefficients[rows],
        found.errors[rows],
        _title(found, loss, kind),
        _note(found, model, loss),
    )


class Summary:
    """A regression's table. Made by `nn.summary`.

    .names: of the parameters, a list.
    .coefficients: an array; so are .standard_errors, .z and .p.
    .title: which loss, how many observations, which standard errors.
    .note: what is particular about it, or "".
    """

    def __init__(
        self, names: list[str], coefficients: np.ndarray, errors: np.ndarray, title: str, note: str
    ):
        self.names, self.coefficients, self.standard_errors = names, coefficients, errors
        self.title, self.note = title, note
        self.z = coefficients / errors
        self.p = 2 * np.asarray(normal_cdf(-np.abs(self.z)))

    def to_frame(self) -> Any:
        """A pandas DataFrame with a row for each parameter. Raises ImportError without pandas."""
        try:
            import pandas
        except ImportError:
            raise ImportError("to_frame needs pandas. Type: pip install pandas") from None
        columns = (self.coefficients, self.standard_errors, self.z, self.p)
        return pandas.DataFrame(dict(zip(HEAD, columns, strict=True)), index=self.names)

    def to_latex(self) -> str:
        """A tabular of LaTeX, which needs no package."""
        lines = [" & ".join(["", *HEAD]), *(" & ".join(row) for row in self._rows(_tex))]
        body = " \\\\\n".join(lines).replace(" \\\\\n", " \\\\ \\hline\n", 1)
        return f"\\begin{{tabular}}{{lrrrr}} \\hline\n{body} \\\\ \\hline\n\\end{{tabular}}\n"

    def __repr__(self) -> str:
        table = [("", *HEAD), *self._rows(str)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in table
        ]
        return "\n".join([self.title, *lines, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("", *HEAD))
        rows = "".join(
            f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
            for name, *cells in self._rows(_html)
        )
        note = f"<p>{_html(self.note)}</p>" if self.note else ""
        return (
            f"<table><caption>{_html(self.title)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>{note}"
        )

    def _rows(self, written):
        """The rows as texts, each name and number as `written` writes it."""
        columns = (self.names, self.coefficients, self.standard_errors, self.z, self.p)
        for name, *values, p in zip(*columns, strict=True):
            yield tuple(written(text) for text in (name, *map(_number, values), f"{p:.3f}"))


def _number(value):
    plain = value == 0 or 1e-3 <= abs(value) < 1e6
    return f"{value:.4f}" if plain else f"{value:.3e}"


def _html(text):
    return text.translate(HTML)


def _tex(text):
    """The text in LaTeX: of a number, the minus sign of mathematics."""
    written = text.translate(TEX)
    return f"$-${written[1:]}" if text[:1] == "-" and text[1:2].isdigit() else written


def _title(found: Estimate, loss, kind):
    name = getattr(loss, "__name__", type(loss).__name__)
    fit = (
        f"log-likelihood = {found.log_likelihood:.4f}"
        if found.sigma is None
        else f"σ = {found.sigma:.4g}"
    )
    return f"{name}, n = {found.n}, {fit}, standard errors by {kind}"


def _note(found, model, loss):
    notes = []
    if np.isnan(found.errors).any():
        notes.append("Differences to class 0, of which nothing is identified but these.")
    if loss not in KNOWN:
        notes.append("The loss is taken as the mean of minus log-likelihoods.")
    if any(isinstance(module, Standardize) for module in model.modules()):
        notes.append("A coefficient is for one standard deviation of its feature.")
    return " ".join(notes)


def _names(model, x, names, loss):
    """A name for each entry of W."""
    if names is None and hasattr(x, "columns"):
        names = map(str, x.columns)
    given = None if names is None else list(names)
    called = []
    for p in ordered_parameters(model):
        label = next(name for name, other in model.named_parameters() if other is p)
        own = label.split(".")[-1]
        if p.ndim == 2:
            features = given or [f"x{i + 1}" for i in range(p.shape[1])]
            if len(features) != p.shape[1]:
                raise ValueError(
                    f"summary needs a name for each of the {p.shape[1]} features, got {features}."
                )
        else:
            features = [own if own == "bias" else label]
        outputs = [""]
        if p.ndim and len(p) > 1:
            what = (
                "class" if loss in CLASSES else "output" if own in ("weight", "bias") else "entry"
            )
            first = 0 if loss in CLASSES else 1
            outputs = [f"{what} {k + first}: " for k in range(len(p))]
        called += [f"{output}{feature}" for feature in features for output in outputs]
    return called
