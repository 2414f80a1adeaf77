r"""Anybody's words as LaTeX that sets them as they are, in pdflatex (T1 or T2A) and in lualatex:
`50%` becomes `50\%`, α becomes $\alpha$, and a Russian word stays itself.
"""

import re
import unicodedata

SPECIALS = {
    **{letter: f"\\{letter}" for letter in "{}$&#%_"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
    "…": r"\dots{}",
    "�": r"\fbox{?}",  # what stood here can stand in no file
}
# Side by side they would be set as another sign, a dash or quotation marks; in lualatex only a kern
# keeps them apart.
JOINED = ("--", ",,", "<<", ">>", "''", "``", "!`", "?`")
APART = r"\kern0pt{}"

GREEK = {
    **{"α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon"},
    **{"ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa"},
    **{"λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "ο": "o", "π": r"\pi"},
    **{"ρ": r"\rho", "ς": r"\varsigma", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon"},
    **{"φ": r"\varphi", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "ϑ": r"\vartheta"},
    **{"ϕ": r"\phi", "ϵ": r"\epsilon", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta"},
    **{"Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Υ": r"\Upsilon"},
    **{"Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega"},
}
# Greek letters that look like Latin ones, for which TeX has no names.
LOOKALIKES = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True))
MATHEMATICS = {
    **GREEK,
    **{letter: rf"\mathrm{{{latin}}}" for letter, latin in LOOKALIKES.items()},
    **{"−": "-", "·": r"\cdot", "×": r"\times", "÷": r"\div", "±": r"\pm", "∓": r"\mp"},
    **{"∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "√": r"\surd", "∑": r"\sum"},
    **{"∏": r"\prod", "∫": r"\int", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx"},
    **{"≡": r"\equiv", "∼": r"\sim", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg"},
    **{"←": r"\leftarrow", "→": r"\rightarrow", "↑": r"\uparrow", "↓": r"\downarrow"},
    **{"↔": r"\leftrightarrow", "⇐": r"\Leftarrow", "⇒": r"\Rightarrow"},
    **{"⇔": r"\Leftrightarrow", "↦": r"\mapsto", "∈": r"\in", "∉": r"\notin"},
    **{"∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "⊆": r"\subseteq", "∅": r"\emptyset"},
    **{"∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee"},
    **{"⊕": r"\oplus", "⊗": r"\otimes", "⊙": r"\odot", "∘": r"\circ", "∗": "*", "⋆": r"\star"},
    **{"‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle", "⌊": r"\lfloor", "⌋": r"\rfloor"},
    **{"⌈": r"\lceil", "⌉": r"\rceil", "⊤": r"\top", "⊥": r"\perp", "⋯": r"\cdots"},
    **{"′": "{}'", "″": "{}''", "ℓ": r"\ell", "ℝ": r"\mathbf{R}"},
    **{"°": r"{}^{\circ}", "µ": r"\mu"},
}
SCRIPTS = {"<super>": "^", "<sub>": "_"}
# Above a Latin letter, in mathematics.
ACCENTS = {
    **{"\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde"},
    **{"\u0304": "bar", "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030c": "check"},
}

# What both of pdflatex's encodings set as it stands, and lualatex's fonts have.
LATIN = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
    "ĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘř"
    "ŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž"
)
SIGNS = "–—‘’“”„«»§©®¶†‡•€£№™"
CYRILLIC = "".join(map(chr, range(0x0400, 0x0460))) + "ҐґҒғҖҗҚқҢңҮүҰұҺһӘәӨө"
ITSELF = {*LATIN, *SIGNS, *CYRILLIC}


def as_latex(text):
    """`text` as LaTeX. Raises ValueError, which names it, for a character that LaTeX's common fonts
    lack.
    """
    runs, text, before = [], unicodedata.normalize("NFC", text), ""
    for letter in re.findall(r".[\u0300-\u036f]*", text, re.DOTALL):
        is_mathematics, latex = _letter(letter, text)
        if not runs or runs[-1][0] != is_mathematics:
            runs.append((is_mathematics, []))
        runs[-1][1].append(APART + latex if before + letter in JOINED else latex)
        before = letter
    return "".join(
        f"${' '.join(latex)}$" if is_mathematics else "".join(latex)
        for is_mathematics, latex in runs
    )


def formula_as_latex(says):
    r"""A formula that our own code has built; the words in its \text are anybody's."""
    words = re.sub(r"\\text\{([^{}]*)\}", lambda m: rf"\text{{{as_latex(m[1])}}}", says)
    tall = any(macro in says for macro in (r"\frac", r"\sum", r"\begin"))
    return rf"$\displaystyle {words}$" if tall else f"${words}$"


def has_cyrillic(latex):
    """Whether it needs a font with Cyrillic letters."""
    return not set(CYRILLIC).isdisjoint(latex)


def _letter(letter, text):
    """(whether it is mathematics, the LaTeX of it)."""
    if letter in SPECIALS:
        return False, SPECIALS[letter]
    if letter in ITSELF or (letter.isascii() and letter.isprintable()):
        return False, letter
    mathematics = _mathematics(letter)
    if mathematics is None:
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, '')}".rstrip() for c in letter)
        raise ValueError(
            f"{text!r} cannot be set in LaTeX, whose common fonts lack {letter!r} ({named}): save "
            "the picture as .svg or .html, or write it otherwise."
        )
    return True, mathematics


def _mathematics(letter):
    if letter in MATHEMATICS:
        return MATHEMATICS[letter]
    if len(letter) == 2:
        base, accent = letter
        known = accent in ACCENTS and base.isascii() and base.isalpha()
        return rf"\{ACCENTS[accent]}{{\mathrm{{{base}}}}}" if known else None
    if len(letter) > 1:
        return None
    kind, *codes = unicodedata.decomposition(letter).split() or [""]
    if kind in SCRIPTS:
        base = "".join(chr(int(code, 16)) for code in codes)
        plain = base if base.isascii() else _mathematics(base)
        return plain and rf"{{}}{SCRIPTS[kind]}{{{plain}}}"
    return None
