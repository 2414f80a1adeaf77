"""The formats a picture can be saved in: a file each, with a function `write(picture)` that returns
text or bytes, the same each time for the same picture.

A new format is a new file here, and its suffix in this table. It draws six shapes, as `svg` and
`tikz` do: Circle, Rectangle, Line, Polygon, Formula and Text; all others have `parts` made of
those. Or it makes something of `svg.write(picture)`, as the others do. The page is white, as large
as `picture.extent`; what its fonts have no letters for is refused (`canvas.lettering`).
"""

from viz.canvas.writers import html, pdf, png, svg, tikz

WRITERS = {
    ".svg": svg.write,
    ".png": png.write,
    ".pdf": pdf.write,
    ".html": html.write,
    ".tex": tikz.write,
}
