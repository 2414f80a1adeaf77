"""Pictures as PDF of vectors, drawn from their SVG."""

import io

from viz.canvas.extras import extra
from viz.canvas.writers import svg


def write(picture):
    """The bytes of the file; needs the extra `pdf`."""
    svglib, pdf = extra("svglib.svglib", "pdf"), extra("reportlab.pdfgen.canvas", "pdf")
    drawing, file = svglib.svg2rlg(io.BytesIO(svg.write(picture).encode())), io.BytesIO()
    # No date: always the same bytes.
    page = pdf.Canvas(file, pagesize=(drawing.width, drawing.height), invariant=1)
    extra("reportlab.graphics.renderPDF", "pdf").draw(drawing, page, 0, 0)
    page.save()
    return file.getvalue()
