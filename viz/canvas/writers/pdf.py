"""Pictures as PDF of vectors, drawn from their SVG. All letters are paths: it holds no font."""

import io
from importlib.resources import as_file, files

from viz.canvas.extras import extra
from viz.canvas.lettering import check_lettering
from viz.canvas.outlines import shown
from viz.canvas.writers import svg

FONT = "autograd-lite"  # what reportlab calls the font of a page that has no text


def write(picture):
    """The bytes of the file; needs the extra `pdf`. Raises ValueError for letters that our font
    lacks.
    """
    return write_pages([picture], picture.title)


def write_pages(pictures, title):
    """The same of several pictures, a page each."""
    svglib, pdf = extra("svglib.svglib", "pdf"), extra("reportlab.pdfgen.canvas", "pdf")
    for picture in pictures:
        check_lettering(picture, "PDF")
    _register_font()
    file = io.BytesIO()
    # No date: always the same bytes.
    page = pdf.Canvas(file, invariant=1, initialFontName=FONT)
    page.setTitle(shown(title, 200))
    page.setAuthor("autograd-lite")
    page.setCreator("autograd-lite")
    page.setSubject("")
    for picture in pictures:
        drawing = svglib.svg2rlg(io.BytesIO(svg.write(picture).encode()))
        drawing.initialFontName = FONT
        page.setPageSize((drawing.width, drawing.height))
        extra("reportlab.graphics.renderPDF", "pdf").draw(drawing, page, 0, 0)
        page.showPage()
    page.save()
    return file.getvalue()


def _register_font():
    """A page begins with a font. One of PDF's own it lists, without embedding it; this one it lists
    only if it is used.
    """
    metrics = extra("reportlab.pdfbase.pdfmetrics", "pdf")
    if FONT not in metrics.getRegisteredFontNames():
        with as_file(files("ziafont.fonts") / "DejaVuSans.ttf") as path:
            metrics.registerFont(extra("reportlab.pdfbase.ttfonts", "pdf").TTFont(FONT, str(path)))
