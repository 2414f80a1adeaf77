"""Tables: figures, ratios with their spread, and whether must and strive are met."""

import numpy as np

from benchmarks.measuring import ratios
from benchmarks.workloads import WORKLOADS


def spread(values):
    """(lower quartile, median, upper quartile)."""
    return tuple(float(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))


def readable(figure, unit):
    if unit == "bytes":
        return f"{figure / 2**20:.0f} MB" if figure > 2**20 else f"{figure:.0f} B"
    for name, size in (("s", 1), ("ms", 1e-3)):
        if figure >= size:
            return f"{figure / size:.3g} {name}"
    return f"{figure / 1e-6:.3g} µs"


def verdicts(name, figures):
    """[(must or strive, what ours is compared with, bound, ratio or figure, met)] for the competitors that took part."""
    found = []
    for kind in ("must", "strive"):
        for other, bound in getattr(WORKLOADS[name], kind).items():
            if "ours" not in figures or (other != "limit" and other not in figures):
                continue
            values = figures["ours"] if other == "limit" else ratios(figures, other)["ours"]
            low, middle, high = spread(values)
            found.append(
                {"kind": kind, "other": other, "bound": bound, "low": low, "median": middle, "high": high, "met": middle <= bound}
            )
    return found


def report(name, figures):
    """The table of one workload, as text."""
    workload = WORKLOADS[name]
    unit = workload.measure.split()[-1]
    reference = workload.reference if workload.reference in figures else next(iter(figures))
    lines = [f"{name}  {workload.title}", f"  {'':12}{'median':>10}   {'× ' + reference:>10}  quartiles     ours ÷ it"]
    relative = ratios(figures, reference)
    for competitor, values in figures.items():
        low, middle, high = spread(relative[competitor])
        line = f"  {competitor:12}{readable(np.median(values), unit):>10}   {middle:10.2f}  {low:.2f}–{high:.2f}"
        if "ours" in figures:
            line = f"{line:46}{np.median(ratios(figures, competitor)['ours']):7.2f}"
        lines.append(line)
    for v in verdicts(name, figures):
        if v["other"] == "limit":
            shown = f"ours {readable(v['median'], unit)} ≤ {readable(v['bound'], unit)}"
        else:
            shown = f"ours {v['median']:.2f} ({v['low']:.2f}–{v['high']:.2f}) × {v['other']} ≤ {v['bound']:.3g}"
        lines.append(f"  {v['kind']:6} {'met    ' if v['met'] else 'NOT met'} {shown}")
    return "\n".join(lines) + "\n"
