"""The lecture in one folder: its pictures and its worked example with gradients three ways, as
files and as a page.
"""

import html
import pathlib

import numpy as np

from viz.canvas.pages import filled
from viz.language.words import WORDS
from viz.lecture import gallery
from viz.lecture.worked_example import SLIDE, X, Y, two_neurons, worked_example
from viz.pictures.graph import draw
from viz.reading.record import collect, gradients_so_far, names_by_id

MOST_NODES = 300


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

    captions: "en" or "ru", the language of it all.
    """
    folder, words = pathlib.Path(folder), WORDS[captions]["lecture"]
    folder.mkdir(parents=True, exist_ok=True)
    values, comparison = worked_example()
    rows = values_table(values)
    recorded = {"worked_example": (values["L"], {"x": X, "y": Y}), "two_neurons": (two_neurons(),)}
    written, missing = [], None
    for name, (tensor, *names) in recorded.items():
        nodes = collect(tensor, MOST_NODES)
        gradients = gradients_so_far(tensor, nodes)
        dot = draw(tensor, nodes, names_by_id(*names or [None]), gradients, captions=captions)
        written.append(pathlib.Path(dot.save(f"{name}.gv", directory=folder)))
        try:
            drawing = dot.pipe("svg")
        except RuntimeError as error:
            missing = str(error)
            continue
        written.append(folder / f"{name}.svg")
        written[-1].write_bytes(drawing)
    live = gallery.write_live(folder, captions)
    slides = gallery.write_slides(folder, captions)
    written += [*(path for path, _ in live + slides), folder / "index.html"]
    shown = gallery.as_html(live, slides, captions)
    page = _as_html(rows, comparison, list(recorded), missing, shown, captions)
    written[-1].write_text(page, encoding="utf-8")
    print(_as_text(rows, comparison, words))
    names = ", ".join(path.name for path in written)
    print("\n" + words["written"].format(folder=folder, names=names))
    if missing:
        print(f"{words['not drawn']} {missing}")
    return written


def _as_text(rows, comparison, words):
    lines = [f"{'':4}{words['slide']:<24}{words['ours']}"]
    lines += [f"{name:4}{slide:<24}{ours}" for name, slide, ours in rows]
    head = [words[key] for key in ("derivative by", *comparison.columns)]
    width = max(len(head[0]), *(len(label) for label, *_ in comparison.rows()))
    table = [f"{head[0]:<{width}}" + "".join(f"{name:>27}" for name in head[1:])]
    table += [
        f"{label:<{width}}" + "".join(f"{number:>27.10g}" for number in numbers)
        for label, *numbers in comparison.rows()
    ]
    verdicts = [_verdict(comparison, words), _by_hand(comparison, words)]
    three_ways = ["", words["printed three ways"], *table, *verdicts]
    return "\n".join([words["printed"], *lines, *three_ways])


def _verdict(comparison, words):
    """That the columns agree; or, as check_gradient says it, where they do not."""
    if not comparison.agrees:
        return comparison.verdict()
    difference, tolerance = f"{comparison.worst[0]:.1e}", f"{comparison.tolerance:.0e}"
    return words["agree"].format(difference=difference, tolerance=tolerance)


def _by_hand(comparison, words):
    by_hand, backpropagated, _ = comparison.columns.values()
    largest = np.max(np.abs(by_hand - backpropagated))
    return words["differ"].format(difference=f"{largest:.1e}")


def _as_html(rows, comparison, figures, missing, shown, captions):
    words = WORDS[captions]["lecture"]
    escaped = {key: html.escape(word) for key, word in words.items()}
    picture = lambda name: (
        f'<p class="missing">{html.escape(missing)}</p>'
        if missing
        else f'<img src="{name}.svg" alt="{escaped[name]}">'
    )
    return filled(
        __package__,
        "page.html",
        language=captions,
        title=escaped["title"],
        shown=shown,
        example=escaped["example"],
        forward=escaped["forward"],
        values=_table(["", escaped["slide"], escaped["ours"]], rows),
        three_ways=escaped["three ways"],
        comparison=_table(
            [escaped[key] for key in ("derivative by", *comparison.columns)],
            [
                (html.escape(label), *(f"{number:.10g}" for number in numbers))
                for label, *numbers in comparison.rows()
            ],
        ),
        verdict=html.escape(_verdict(comparison, words)),
        by_hand=html.escape(_by_hand(comparison, words)),
        recorded=escaped["recorded"],
        figures="".join(
            f"<figure>{picture(name)}<figcaption>{escaped[name]}</figcaption></figure>"
            for name in figures
        ),
    )


def _table(head, rows):
    heads = "".join(f"<th>{name}</th>" for name in head)
    body = "".join(
        f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for name, *cells in rows
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
