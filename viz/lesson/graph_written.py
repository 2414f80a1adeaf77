"""Recorded functions of what went into them, and their local derivatives, as templates."""

from autograd_lite.derivatives import RULES
from viz.language.functions import function_name
from viz.language.rules import formula, parameters
from viz.language.templates import as_factor

BETWEEN = {"+": "+", "−": "-", "×": r"\times"}  # functions that are written between two arguments
FIRST = 0xE000  # of the letters, private to us, that stand for names


def written(node, arguments, text):
    """A function of its arguments: a × b, tanh(a), a[0], (a)², sum(a, axis=0).

    arguments: templates. text: makes a place for a text.
    """
    name, inside = function_name(node.function, node.options), ", ".join(arguments)
    if name in BETWEEN and len(arguments) == 2:
        return f"{arguments[0]} {BETWEEN[name]} {as_factor(arguments[1])}"
    if name == "÷" and len(arguments) == 2:
        return rf"\frac{{{arguments[0]}}}{{{arguments[1]}}}"
    if name == "@" and len(arguments) == 2:
        return f" {text('@')} ".join(arguments)
    if name.startswith("["):
        return inside + text(name)
    if name == "√":
        return rf"\sqrt{{{inside}}}"
    before, hole, after = name.partition("( )")
    if hole:
        raised = after.replace("²", "^{2}")
        return f"{'-' if before else ''}({inside}){raised}"
    if name == "| |":
        return f"|{inside}|"
    function, _, options = name.partition("(")
    function = r"\operatorname{" + function.replace("_", r"\_") + "}"
    return f"{function}({inside}, {text(options[:-1])})" if options else f"{function}({inside})"


def local_formula(node, position, names, text):
    """LaTeX of ∂node/∂argument with places for the names, or None where there is none, or it is a
    number.

    names: of the node and of its arguments.
    """
    letters = [chr(FIRST + i) for i in range(len(names))]
    known = parameters(RULES[node.function])[1:]
    # Equal names are one thing: x · x.
    first = {name: letters[names.index(name)] for name in names}
    called = [first[name] for name in names][: len(known)]
    latex = formula(node.function, position, node.values, node.options, g=1.0, names=called)
    if latex is None or not any(letter in latex for letter in letters):
        return None
    for letter, name in zip(letters, names, strict=True):
        latex = latex.replace(letter, text(name))
    return latex
