"""Our formulas as a line of Unicode, for titles and listeners: ∂l/∂ω⁽¹⁾₁₃ = −0.06 · 2."""

import re

LETTERS = {
    **{
        "\\alpha": "α",
        "\\omega": "ω",
        "\\tau": "τ",
        "\\partial": "∂",
        "\\Phi": "Φ",
        "\\infty": "∞",
        "\\sum": "Σ",
    },
    **{
        "\\cdot": " · ",
        "\\times": " × ",
        "\\cdots": "…",
        "\\ldots": "…",
        "\\vdots": "…",
        "\\leq": " ≤ ",
        "\\approx": " ≈ ",
        "\\leftarrow": " ← ",
    },
    **{
        "\\pi": "π",
        "\\geq": " ≥ ",
        "\\neq": " ≠ ",
        "\\neg": "¬",
        "\\wedge": " ∧ ",
        "\\vee": " ∨ ",
        "\\delta": "δ",
        "\\mu": "μ",
        "\\sigma": "σ",
        "\\epsilon": "ε",
        "\\_": "_",
    },
    **{"\\ln": "ln ", "\\max": "max", "\\tanh": "tanh", "\\quad": " ", "\\,": " ", "-": "−"},
}
RAISED = str.maketrans("0123456789()−+*ijkT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻⁺*ⁱʲᵏᵀ")
LOWERED = str.maketrans("0123456789()−+ijk", "₀₁₂₃₄₅₆₇₈₉₍₎₋₊ᵢⱼₖ")


def plain(latex):
    """A formula that our own code has built, as readable text on one line."""
    latex = latex.replace(r" \cdot 10^", "·10^")  # one number, not a product of two
    tokens = [token.strip() or " " for token in re.findall(r"\\[A-Za-z]+ ?|\\.|.", latex)][::-1]
    text = re.sub(r"(?<=[(\[]) | (?=[)\]])", "", " ".join(_row(tokens).split()))
    return re.sub(r"(^|[(\[])− ", r"\1−", text)  # the minus of a fraction, not between two


def _row(tokens):
    """The text up to the closing brace or the end; `tokens` are taken from the list's end."""
    parts = []
    while tokens and (token := tokens.pop()) != "}":
        parts.append(_item(token, tokens))
    return "".join(parts)


def _item(token, tokens):
    if token == "{":
        return _row(tokens)
    if token == r"\frac":
        above, below = _argument(tokens), _argument(tokens)
        return f" {_grouped(above)}/{_grouped(below)} "
    if token == r"\sqrt":
        return "√" + _grouped(_argument(tokens))
    if token in "^_":
        script = _argument(tokens).strip()
        small = script.translate(RAISED if token == "^" else LOWERED)
        return (
            small
            if all(a != b or a in "*," for a, b in zip(script, small, strict=True))
            else f"{token}({script})"
        )
    if token == r"\tilde":
        return _argument(tokens) + "\u0303"
    return LETTERS.get(token, "" if token.startswith("\\") else token)


def _argument(tokens):
    return _item(tokens.pop(), tokens)


def _grouped(text):
    """In brackets, if it is more than one number, name or call."""
    text = text.strip()
    loose = text
    while (inner := re.sub(r"√?\w*\([^()]*\)", "x", loose)) != loose:
        loose = inner
    return f"({text})" if re.search(r"[ +/]", loose) else text
