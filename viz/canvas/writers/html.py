"""Pictures as pages of their own."""

from html import escape

from viz.canvas.jupyter import bounded
from viz.canvas.outlines import shown
from viz.canvas.writers import svg


def write(picture):
    """The text of a page that shows the picture and nothing else."""
    title = escape(shown(picture.title, 200))
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return (
        f"<!DOCTYPE html>\n<html>\n{head}\n<body>\n{bounded(svg.write(picture))}</body>\n</html>\n"
    )
