"""The formats a picture can be saved in: a file each, with a function `write(picture)` that returns
text or bytes.
"""

from viz.canvas.writers import html, pdf, png, svg

WRITERS = {".svg": svg.write, ".png": png.write, ".pdf": pdf.write, ".html": html.write}
