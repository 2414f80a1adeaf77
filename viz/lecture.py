"""The lecture in one folder: its worked example (section 8), differentiated three ways, and its
pictures (section 9).

h₁ = tanh(x ω₁ᵀ)    h₂ = ReLU(h₁ ω₂ᵀ)    o = σ(h₂ ω₃ᵀ)    l = −y ln o − (1 − y) ln(1 − o)    L =
(1/n) Σ l
"""

import html
import pathlib

import numpy as np

import autograd_lite as ag
import nn
from viz import gallery
from viz.pictures.graph import graph

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
Y = np.array([[1.0], [0.0], [1.0]])
WEIGHTS = {
    "ω₁": np.array([[-0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]]),
    "ω₂": np.array([[0.7, 0.8, 0.9], [1.0, 1.1, 1.2]]),
    "ω₃": np.array([[1.3, -1.4]]),
}
SLIDE = {
    "h₁": [[0.29, -0.46, 0.6], [0.46, -0.6, 0.72], [0.6, -0.72, 0.8]],
    "h₂": [[0.38, 0.51], [0.48, 0.66], [0.57, 0.78]],
    "o": [[0.45], [0.43], [0.41]],
    "l": [[0.81], [0.56], [0.88]],
    "L": 0.75,
}


def forward(w1, w2, w3):
    """The example's layers and losses by name, each a recorded Tensor if the weights are."""
    h1 = np.tanh(ag.linear(X, w1))
    h2 = ag.relu(ag.linear(h1, w2))
    o = ag.sigmoid(ag.linear(h2, w3))
    losses = nn.binary_cross_entropy(o, Y, reduction="none")
    return {"h₁": h1, "h₂": h2, "o": o, "l": losses, "L": np.mean(losses)}


def gradients_by_hand(w1, w2, w3):
    """∂L/∂ω₁, ∂L/∂ω₂, ∂L/∂ω₃ as matrix formulas, in NumPy alone.

    With s₁, s₂, q for what enters the activations: ∂L/∂q = (o − y)/n; ∂L/∂ω₃ = (∂L/∂q)ᵀ h₂; then
    layer by layer ∂L/∂h = ∂L/∂s ω and ∂L/∂s = ∂L/∂h ∘ a′(s), and ∂L/∂ω = (∂L/∂s)ᵀ times what
    entered the layer.
    """
    h1 = np.tanh(X @ w1.T)
    s2 = h1 @ w2.T
    h2 = np.maximum(s2, 0)
    o = 1 / (1 + np.exp(-h2 @ w3.T))
    by_q = (o - Y) / len(Y)
    by_s2 = by_q @ w3 * (s2 > 0)
    by_s1 = by_s2 @ w2 * (1 - h1**2)
    return [by_s1.T @ X, by_s2.T @ h1, by_q.T @ h2]


def worked_example():
    """(values, comparison): the example's recorded values by name, after backward(), and its
    gradients in three columns.
    """
    weights = [ag.Tensor(array, requires_grad=True, name=name) for name, array in WEIGHTS.items()]
    values = forward(*weights)
    for name, value in values.items():
        value.name = name
    values["L"].backward()
    return values, ag.check_gradient(
        lambda *w: forward(*w)["L"], *weights, analytic=gradients_by_hand
    )


def two_neurons():
    """The loss of a 2-2-1 network built from single numbers, recorded and differentiated: every
    neuron can be followed.
    """
    weight = lambda value, layer, to, source: ag.Tensor(
        value, requires_grad=True, name=f"ω{layer}{to}{source}"
    )
    x1, x2 = ag.Tensor(0.5, name="x₁"), ag.Tensor(-1.0, name="x₂")
    s1 = weight(0.1, "⁽¹⁾", "₁", "₁") * x1 + weight(-0.3, "⁽¹⁾", "₁", "₂") * x2
    s2 = weight(0.4, "⁽¹⁾", "₂", "₁") * x1 + weight(0.2, "⁽¹⁾", "₂", "₂") * x2
    h1, h2 = ag.sigmoid(s1), ag.sigmoid(s2)
    q = weight(0.7, "⁽²⁾", "₁", "₁") * h1 + weight(-0.5, "⁽²⁾", "₁", "₂") * h2
    o = ag.sigmoid(q)
    loss = -np.log(o)  # the observation has y = 1
    for tensor, name in zip(
        (s1, s2, h1, h2, q, o, loss), ("s₁", "s₂", "h₁", "h₂", "q", "o", "l"), strict=True
    ):
        tensor.name = name
    loss.backward()
    return loss


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
    by_hand = _by_hand(comparison)
    return PAGE.format(
        values=cells,
        comparison=comparison._repr_html_(),
        by_hand=by_hand,
        figures=figures,
        slides=slides,
    )


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Neural networks: the lecture's pictures and its worked example</title>
<style>
body {{ font: 16px/1.5 "DejaVu Sans", Verdana, sans-serif; max-width: 1200px; margin: 2em auto; padding: 0 1em }}
table {{ border-collapse: collapse; font-size: 14px }}
th, td {{ padding: 2px 12px; text-align: right; white-space: pre; border-bottom: 1px solid #ddd }}
figure {{ margin: 2em 0; break-inside: avoid; overflow-x: auto }}
img {{ max-width: 100% }}
figcaption, .missing {{ color: #555 }}
@page {{ size: A4; margin: 15mm }}
@media print {{ body {{ max-width: none; margin: 0; font-size: 12px }} img {{ max-height: 240mm }} h2 {{ break-after: avoid }} }}
</style></head><body>
{slides}
<h1>The worked example</h1>
<p>h₁ = tanh(x ω₁ᵀ), h₂ = ReLU(h₁ ω₂ᵀ), o = σ(h₂ ω₃ᵀ), l = −y ln o − (1 − y) ln(1 − o), L = (1/n) Σ l</p>
<h2>Forward</h2>
<table><thead><tr><th></th><th>slide</th><th>ours</th></tr></thead><tbody>{values}</tbody></table>
<h2>The gradient, three ways</h2>
{comparison}
<p>{by_hand}</p>
<h2>What was recorded</h2>
{figures}
</body></html>
"""  # noqa: E501
