"""What a sheet asks and works out: the lines of a Lesson, in their order."""

from collections import namedtuple

from viz.language.symbols import derivative
from viz.language.templates import names_in, renamed, word

Asked = namedtuple("Asked", "symbol name phase")  # LaTeX, the name of its number, where in a lesson


def told_of(lesson, phases=("forward", "backward", "update"), features=()):
    """[(Title, lines)] of the steps in these phases, without the derivatives by features: no weight
    is trained by them.

    features: their symbols.
    """
    skipped = tuple(f"{derivative('l', symbol)} =" for symbol in features)
    found = []
    for step in lesson.steps:
        lines = [line for line in step.lines if not line[0].startswith(skipped or ("\n",))]
        if step.phase in phases and lines:
            found.append((step.title, lines))
    return found


def once_more(told, names):
    """The lines of the forward pass with the numbers after the step of gradient descent.

    told: that pass. names: those of all numbers.
    """

    def new(name):
        after = f"{name}/new", name.replace("stage-", "after-")
        return next((one for one in after if one in names and one != name), name)

    return [
        tuple(renamed(piece, {name: new(name) for name in names_in(piece)}) for piece in line)
        for _, lines in told
        for line in lines
    ]


def asked_in(told, phase):
    """[Asked] of the results in these lines; a sum is asked once it is complete."""
    found = []
    for _, lines in told:
        for line in lines:
            if line[-1] == word("so far") or not names_in(line[-1]):
                continue
            symbol = line[0].partition(r" \leftarrow" if r" \leftarrow" in line[0] else " =")[0]
            if line[0].startswith(word("before")):
                symbol = "l"
            found.append(Asked(symbol, names_in(line[-1])[-1], phase))
    return found
