"""All numbers that are given to a network, as the rows of a table: also of weights whose arrows
have no room for numbers, and of biases, which have no arrow.
"""

from viz.language.templates import word
from viz.lesson.lesson import Row
from viz.reading.program import given_names

WHATS = "/gradient", "/new"
LETTERS = {"gain": r"\tau_{1}", "shift": r"\tau_{0}"}


def network_rows(read, program):
    """The Rows, weights first."""
    rows = [_row(read, name, program.names) for name in given_names(program)]
    return sorted(rows, key=lambda row: not row.name.startswith(("weight", "slope")))


def _row(read, name, names):
    kind, *places = name.split("-")
    gradient, new = (f"{name}{what}" if f"{name}{what}" in names else "" for what in WHATS)
    part = {"weight": name, "x": f"neuron-0-{places[-1]}" if places else ""}.get(kind, "")
    if len(places) > 1 and not part:
        part = f"neuron-{'-'.join(places[:2])}"
    return Row(label_of(read, name), name, part, gradient, new)


def label_of(read, name):
    r"""What a number that is given is called: ω^{(1)}_{12}, x_{1}, α, …, as a template."""
    kind, *places = name.split("-")
    places = [int(place) for place in places]
    if kind == "weight":
        return read.notation.weight(*places)
    if kind == "x":
        return read.notation.feature(*places)
    if kind == "lr":
        return r"\alpha"
    if kind == "slope":
        return rf"\alpha^{{({places[0]})}}" + (f"_{{{places[1]}}}" if places[1:] else "")
    if kind == "y":
        return "y" if read.sizes[-1] == 1 else f"y_{{{places[0]}}}"
    neuron = read.notation.neuron(*places[:2])
    return rf"{LETTERS[kind]}({neuron})" if kind in LETTERS else rf"{word(kind)}\,{neuron}"
