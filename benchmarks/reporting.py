"""Tables, facts and a picture: figures, ratios with their spread, and whether must and strive are
met.
"""

import numpy as np

from benchmarks.measuring import ratios
from benchmarks.workloads import WORKLOADS


def spread(values):
    """(lower quartile, median, upper quartile)."""
    return tuple(float(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))


def unit_of(name):
    return "bytes" if WORKLOADS[name].measure.endswith("bytes") else "seconds"


def readable(figure, unit):
    if unit == "bytes":
        return f"{figure / 1e6:.0f} MB" if figure > 1e6 else f"{figure:.0f} B"
    for name, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if figure >= size:
            return f"{figure / size:.3g} {name}"
    return f"{figure / 1e-9:.3g} ns"


def reference_of(name, figures):
    """What the ratios are taken to: the workload's reference, or whoever comes first where that did
    not take part.
    """
    reference = WORKLOADS[name].reference
    return reference if reference in figures else next(iter(figures))


def verdicts(name, figures):
    """What must be, and what is striven for, beside those that took part."""
    found = []
    for kind in ("must", "strive"):
        for other, bound in getattr(WORKLOADS[name], kind).items():
            who, other = other if isinstance(other, tuple) else ("ours", other)
            if who in figures and (other == "limit" or other in figures):
                # What is compared with no one is judged by its best round: other processes only
                # ever add.
                values = [min(figures[who])] if other == "limit" else ratios(figures, other)[who]
                low, middle, high = spread(values)
                facts = {"kind": kind, "who": who, "other": other, "bound": bound}
                facts |= {"met": middle <= bound, "lower quartile": low}
                found.append({**facts, "median": middle, "upper quartile": high})
    return found


def described(name, verdict):
    """A verdict in words."""
    middle, bound, other = verdict["median"], verdict["bound"], verdict["other"]
    if other == "limit":
        return (
            f"{verdict['who']} is {readable(middle, unit_of(name))} in its best round, the limit "
            f"{readable(bound, unit_of(name))}"
        )
    low, high = verdict["lower quartile"], verdict["upper quartile"]
    who = verdict["who"]
    return f"{who} is {middle:.2f} × {other} ({low:.2f}–{high:.2f}), the limit {bound:.3g} ×"


def report(name, figures):
    """The table of one workload."""
    reference = reference_of(name, figures)
    relative = ratios(figures, reference)
    lines = [
        f"{name}  {WORKLOADS[name].title}",
        f"  {'':12}{'median':>10}  {'× ' + reference:>11}  (quartiles)    ours ÷ it",
    ]
    for competitor, values in figures.items():
        low, middle, high = spread(relative[competitor])
        quartiles = f"({low:.2f}–{high:.2f})"
        line = (
            f"  {competitor:12}{readable(np.median(values), unit_of(name)):>10}  {middle:11.2f}  "
            f"{quartiles:15}"
        )
        if "ours" in figures:
            line += f"{np.median(ratios(figures, competitor)['ours']):9.2f}"
        lines.append(line)
    for verdict in verdicts(name, figures):
        lines.append(
            f"  {verdict['kind']:6} {'met    ' if verdict['met'] else 'NOT MET'} "
            f"{described(name, verdict)}"
        )
    return "\n".join(lines) + "\n"


def summary(found):
    """The verdicts of all workloads, a line for each workload."""
    lines = []
    for name, figures in found.items():
        words = [
            f"{v['kind']} {'met' if v['met'] else 'NOT MET'}: {described(name, v)}"
            for v in verdicts(name, figures)
        ]
        lines += [f"{name if i == 0 else '':12}{word}" for i, word in enumerate(words)]
    return "\n".join(lines)


def facts(name, figures):
    """Everything about one workload, for JSON."""
    reference = reference_of(name, figures)
    return {
        "title": WORKLOADS[name].title,
        "unit": unit_of(name),
        "reference": reference,
        "figures": figures,
        "ratios": ratios(figures, reference),
        "verdicts": verdicts(name, figures),
    }


def picture(found, path):
    """A row for each workload: each competitor's ratio to the reference, its median and the range
    of its quartiles.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 0.55 * len(found) + 1.2), layout="constrained")
    axes = figure.subplots()
    competitors = list(
        dict.fromkeys(competitor for figures in found.values() for competitor in figures)
    )
    for i, competitor in enumerate(competitors):
        rows = [row for row, figures in enumerate(found.values()) if competitor in figures]
        relative = [
            ratios(figures, reference_of(name, figures))[competitor]
            for name, figures in found.items()
            if competitor in figures
        ]
        low, middle, high = np.array([spread(values) for values in relative]).T
        ours = {
            "markersize": 10,
            "markeredgewidth": 2,
            "markerfacecolor": "none",
            "color": "black",
            "zorder": 3,
        }
        style = ours if competitor == "ours" else {"markersize": 5}
        axes.errorbar(
            middle,
            rows,
            xerr=[middle - low, high - middle],
            fmt="osv^D<>ph*"[i % 10],
            label=competitor,
            **style,
        )
    axes.axvline(1, color="grey", linewidth=0.8, zorder=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks(
        range(len(found)),
        [f"{name} (× {reference_of(name, figures)})" for name, figures in found.items()],
    )
    axes.invert_yaxis()
    axes.set_xlabel(
        "ratio to the reference of the same round: median and quartiles; left is better"
    )
    axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(path)
