"""The canvas: shapes in the order in which they are drawn, written as SVG, PNG, PDF or HTML. It
knows nothing of networks.
"""

import base64
import hashlib
import importlib.util
import io
import itertools
from html import escape
from pathlib import Path

from viz.canvas.files import write_file
from viz.canvas.shapes import Bounds, Circle, Label, number, text

MARGIN = 16
PNG_SCALE = 2


class Picture:
    """A picture of `shapes` on white, as large as they need: nothing is ever clipped.

    title: what the picture shows, in one line, for those who cannot see it.

    The same shapes give the same bytes, on every run and every machine. A picture displays itself
    in Jupyter.
    """

    def __init__(self, title=""):
        self.title = title
        self.shapes = []

    def add(self, *shapes):
        """Draw `shapes` over what is there; returns the last of them."""
        self.shapes.extend(shapes)
        return shapes[-1]

    def all(self, kind):
        """The shapes of one kind (Circle, Arrow, Label, …) in the order drawn; labels include those
        in boxes.
        """
        inner = [label for shape in self.shapes for label in getattr(shape, "labels", ())]
        return [shape for shape in self.shapes + inner if isinstance(shape, kind)]

    @property
    def circles(self):
        """The circles by the formula in their middle: {"x_{1}": Circle, …}."""
        pairs = itertools.pairwise(self.shapes)  # a circle's symbol is drawn right after it
        return {
            after.says: before
            for before, after in pairs
            if isinstance(before, Circle) and isinstance(after, Label)
        }

    def column(self, symbols):
        """The circles in which the formulas `symbols` stand, from top to bottom; those not drawn
        are left out.
        """
        circles = self.circles
        return sorted(
            (circles[symbol] for symbol in symbols if symbol in circles),
            key=lambda circle: circle.y,
        )

    def touches(self, bounds):
        """Whether anything drawn reaches into `bounds`."""
        return any(
            s.touches(bounds) if hasattr(s, "touches") else s.bounds.overlaps(bounds)
            for s in self.shapes
        )

    @property
    def bounds(self):
        """The rectangle around everything drawn, without the margin."""
        return (
            Bounds.around(shape.bounds for shape in self.shapes)
            if self.shapes
            else Bounds(0, 0, 0, 0)
        )

    def svg(self):
        """The picture as the text of an SVG file."""
        defs, body = self._write("")
        # Ids are global in a page that shows several pictures, so they begin with a digest of the
        # content.
        digest = hashlib.sha256((defs + body).encode()).hexdigest()[:10]
        defs, body = self._write(f"p{digest}-")
        canvas = self.bounds.grown(MARGIN)
        left, top, width, height = map(
            number, (canvas.left, canvas.top, canvas.width, canvas.height)
        )
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{width}" height="{height}" viewBox="{left} {top} {width} {height}" role="img" '
            f'aria-label="{escape(text(self.title, most=200).says)}">\n'
            f"<defs>\n{defs}</defs>\n"
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="white"/>\n'
            f"{body}</svg>\n"
        )

    def _write(self, prefix):
        """The outlines, each once, and the shapes that use them; ids begin with `prefix`."""
        ids = {}
        body = "".join(
            shape.svg(lambda outline: ids.setdefault(outline, f"{prefix}{len(ids)}")) + "\n"
            for shape in self.shapes
        )
        return "".join(
            f'<path id="{name}" d="{outline.d}"/>\n' for outline, name in ids.items()
        ), body

    def png(self):
        """The picture as the bytes of a PNG file, two pixels for each of the SVG's; needs the extra
        `png`.
        """
        resvg_py = _extra("resvg_py", "png")
        return bytes(resvg_py.svg_to_bytes(svg_string=self.svg(), zoom=PNG_SCALE))

    def pdf(self):
        """The picture as the bytes of a PDF file of vectors; needs the extra `pdf`."""
        svglib, pdf = _extra("svglib.svglib", "pdf"), _extra("reportlab.pdfgen.canvas", "pdf")
        drawing, file = svglib.svg2rlg(io.BytesIO(self.svg().encode())), io.BytesIO()
        # No date: always the same bytes.
        page = pdf.Canvas(file, pagesize=(drawing.width, drawing.height), invariant=1)
        _extra("reportlab.graphics.renderPDF", "pdf").draw(drawing, page, 0, 0)
        page.save()
        return file.getvalue()

    def html(self):
        """The picture as a page of its own."""
        title = escape(text(self.title, most=200).says)
        head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
        return f"<!DOCTYPE html>\n<html>\n{head}\n<body>\n{self.svg()}</body>\n</html>\n"

    def save(self, path, overwrite=False):
        """Write the picture to `path`, as .svg, .png, .pdf or .html says; returns the path.

        Raises ValueError for another suffix, and FileExistsError rather than overwrite a file
        unless told.
        """
        path = Path(path)
        writers = {".svg": self.svg, ".png": self.png, ".pdf": self.pdf, ".html": self.html}
        if path.suffix.lower() not in writers:
            raise ValueError(
                f"a picture is saved as {', '.join(writers)}; got {path.name!r}: give it one of "
                "these suffixes."
            )
        content = writers[path.suffix.lower()]()
        write_file(path, content if isinstance(content, bytes) else content.encode(), overwrite)
        return path

    def _repr_svg_(self):
        return self.svg()

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"image/svg+xml": self.svg(), "text/plain": repr(self)}
        if importlib.util.find_spec("resvg_py"):
            # JupyterLab draws no SVG in a notebook that it does not trust.
            bundle["image/png"] = base64.b64encode(self.png()).decode()
        canvas = self.bounds.grown(MARGIN)
        return bundle, {"image/png": {"width": round(canvas.width), "height": round(canvas.height)}}

    def __repr__(self):
        return f"<Picture {self.title!r}, {len(self.shapes)} shapes>"


def _extra(module, extra):
    """Import `module`, which is not installed unless the extra is."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f'this needs {module.split(".")[0]}: pip install "autograd-lite[{extra}]"'
        ) from error
