"""A picture that a cell made is called, for those who cannot see it, what its SVG calls itself; and
where it has no name, as the section in which it stands.
"""

import re
from html import unescape
from pathlib import Path

from docutils import nodes

NAME = re.compile(r'<svg[^>]*\baria-label="([^"]*)"')


def name(app, document):
    for image in document.findall(nodes.image):
        if "alt" in image:
            continue
        path = Path(app.srcdir) / image["uri"].lstrip("/")
        named = path.suffix == ".svg" and NAME.search(path.read_text(encoding="utf-8"))
        image["alt"] = unescape(named[1]) if named else title_over(image)


def title_over(node):
    """The title of the innermost section around a node."""
    while node.parent and not isinstance(node, nodes.section):
        node = node.parent
    return next((title.astext() for title in node.findall(nodes.title)), "")


def setup(app):
    app.connect("doctree-read", name)
    return {"parallel_read_safe": True}
