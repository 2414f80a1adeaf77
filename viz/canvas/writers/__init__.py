"""The formats a picture can be saved in: a file each, with a function `write(picture)` that returns
text or bytes.

A new format is a new file here, and its suffix in this table. It has to draw six shapes: Circle,
Rectangle, Line, Polygon, Formula and Text; all others have `parts` made of those.
"""

from viz.canvas.writers import html, pdf, png, svg, tikz

WRITERS = {
    ".svg": svg.write,
    ".png": png.write,
    ".pdf": pdf.write,
    ".html": html.write,
    ".tex": tikz.write,
}
