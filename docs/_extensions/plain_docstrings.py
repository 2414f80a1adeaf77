"""Docstrings in plain text, as they are written here, made into reStructuredText for Sphinx.

A block that is indented after an empty line is code. A line `name: …` begins an entry, and the
lines indented below it belong to it. All else is a paragraph. What reStructuredText would read as a
sign gets a backslash, except `backticks`, which are code.
"""

import re

NAME = r"[.*]*[A-Za-z_]\w*(?:\([^()]*\))?"
ENTRY = re.compile(rf"({NAME}(?:, {NAME})*): (.*)")
SIGNS = re.compile(r"([\\*|]|_(?!\w)|(?<=\w)_(?=\W|$))")


def in_rst(lines):
    """The lines of a docstring as lines of reStructuredText."""
    written, inside = [], None  # a "paragraph", an "entry" or "code"
    for number, line in enumerate(lines):
        said, indented = line.strip(), line.startswith(" ")
        entry = number > 0 and not indented and ENTRY.fullmatch(said)
        if not said:
            written.append("")
            inside = inside if inside == "code" else None
        elif indented and inside in (None, "code"):
            if inside is None:
                written += [".. code-block:: python", ""]
            written.append(f"   {line}")
            inside = "code"
        elif entry:
            written += ["", f"``{entry[1]}``", f"   {escaped(entry[2])}"]
            inside = "entry"
        elif indented and inside == "entry":
            written.append(f"   {escaped(said)}")
        else:
            written += ([""] if inside in ("entry", "code") else []) + [escaped(said)]
            inside = "paragraph"
    return written


def escaped(text):
    """A line in which nothing but `backticks` is a sign."""
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(f"`{p}`" if p.startswith("`") else SIGNS.sub(r"\\\1", p) for p in parts)


def process(app, what, name, documented, options, lines):
    lines[:] = in_rst(lines)


def setup(app):
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True}
