"""The lecture in one folder: its pictures and its worked example with gradients three ways, as
files and as a page.
"""

import html
import pathlib

import numpy as np

from viz.canvas.pages import filled
from viz.lecture import gallery
from viz.lecture.worked_example import SLIDE, X, Y, two_neurons, worked_example
from viz.pictures.graph import graph


def values_table(values):
    """Rows (name, slide, ours) of every entry of every layer, both as text."""
    text = lambda row, form: "  ".join(format(float(number), form) for number in np.atleast_1d(row))
    rows = []
    for name, slide in SLIDE.items():
        for i, (theirs, ours) in enumerate(
            zip(np.atleast_2d(slide), np.atleast_2d(values[name].data), strict=True)
        ):
            rows.append((name if i == 0 else "", text(theirs, "5.2f"), text(ours, "13.10f")))
    return rows


def write(folder, captions="en"):
    """Write the lecture's pictures and numbers into `folder`, then print the numbers, and return
    the paths written.

    captions: "en" or "ru", the language of the pictures.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    values, comparison = worked_example()
    rows = values_table(values)
    figures = {
        "worked_example": (
            "The worked example, as it was recorded",
            graph(values["L"], names={"x": X, "y": Y}),
        ),
        "two_neurons": ("A network of two hidden neurons, number by number", graph(two_neurons())),
    }
    written, missing = [], None
    for name, (_, dot) in figures.items():
        written.append(pathlib.Path(dot.save(f"{name}.gv", directory=folder)))
        try:
            drawing = dot.pipe("svg")
        except RuntimeError as error:
            missing = str(error)
            continue
        written.append(folder / f"{name}.svg")
        written[-1].write_bytes(drawing)
    slides = gallery.write_slides(folder, captions)
    written += [path for path, _ in slides]
    written.append(folder / "index.html")
    titles = {name: caption for name, (caption, _) in figures.items()}
    page = _as_html(rows, comparison, titles, missing, gallery.as_html(slides, captions))
    written[-1].write_text(page, encoding="utf-8")
    print(_as_text(rows, comparison))
    print(f"\nWritten into {folder}/: {', '.join(path.name for path in written)}")
    if missing:
        print(f"Not drawn: the op graphs. {missing}")
    return written


def _as_text(rows, comparison):
    lines = [f"{'':4}{'slide':<24}ours"] + [
        f"{name:4}{slide:<24}{ours}" for name, slide, ours in rows
    ]
    return "\n".join(
        [
            "The worked example, forward",
            *lines,
            "",
            "Its gradient, three ways",
            str(comparison),
            _by_hand(comparison),
        ]
    )


def _by_hand(comparison):
    by_hand, backpropagated, _ = comparison.columns.values()
    return (
        "By hand and backpropagated differ by at most "
        f"{np.max(np.abs(by_hand - backpropagated)):.1e}."
    )


def _as_html(rows, comparison, captions, missing, slides):
    cells = "".join(
        f"<tr><th>{name}</th><td>{slide}</td><td>{ours}</td></tr>" for name, slide, ours in rows
    )
    picture = lambda name: (
        f'<p class="missing">{html.escape(missing)}</p>'
        if missing
        else f'<img src="{name}.svg" alt="">'
    )
    figures = "".join(
        f"<figure>{picture(name)}<figcaption>{caption}</figcaption></figure>"
        for name, caption in captions.items()
    )
    return filled(
        __package__,
        "page.html",
        values=cells,
        comparison=comparison._repr_html_(),
        by_hand=_by_hand(comparison),
        figures=figures,
        slides=slides,
    )
