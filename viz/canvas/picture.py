"""The canvas: shapes in the order in which they are drawn. It knows nothing of networks."""

import importlib.util
from pathlib import Path

from nn.files import whole_file
from viz.canvas.bounds import Bounds
from viz.canvas.jupyter import bounded, with_png
from viz.canvas.shapes import Group
from viz.canvas.writers import WRITERS, html, pdf, png, svg, tikz

MARGIN = 16


class Drawn:
    """Whatever has a `picture`: it is saved as its picture, and shows itself as its picture in
    Jupyter.
    """

    def svg(self):
        """The picture as the text of an SVG file."""
        return svg.write(self.picture)

    def html(self):
        """The picture as the text of a page of its own."""
        return html.write(self.picture)

    def png(self):
        """The picture as the bytes of a PNG file, two pixels for each of the SVG's; needs the extra
        `png`.
        """
        return png.write(self.picture)

    def pdf(self):
        """The picture as the bytes of a PDF file of vectors; needs the extra `pdf`."""
        return pdf.write(self.picture)

    def tex(self):
        """The picture as the text of a LaTeX file, in TikZ: for itself, or for \\input."""
        return tikz.write(self.picture)

    def save(self, path, overwrite=False):
        """Write the picture to `path`, as .svg, .png, .pdf, .html or .tex says; returns the path.

        path: the file.
        overwrite: True replaces a file of this name.

        Raises ValueError for another suffix, and for words in a script that a .png, .pdf or .tex
        cannot be sure to have letters for; FileExistsError rather than overwrite a file unless
        told.
        """
        path = Path(path)
        if path.suffix.lower() not in WRITERS:
            raise ValueError(
                f"a picture is saved as {', '.join(WRITERS)}; got {path.name!r}: give it one of "
                "these suffixes."
            )
        content = WRITERS[path.suffix.lower()](self.picture)
        with whole_file(path, overwrite) as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def _repr_svg_(self):
        return bounded(self.svg())

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"image/svg+xml": self._repr_svg_(), "text/plain": repr(self)}
        if not importlib.util.find_spec("resvg_py"):
            return bundle, {}
        try:
            png = self.png()
        except ValueError:  # letters that only the viewer's fonts may have
            return bundle, {}
        extent = self.picture.extent
        return with_png(bundle, png, round(extent.width), round(extent.height))


class Picture(Drawn):
    """A picture of `shapes` on white, as large as they need: nothing is ever clipped.

    title: what the picture shows, in one line, for those who cannot see it.

    The same shapes give the same bytes, on every run and every machine. A picture displays itself
    in Jupyter. `picture["neuron-1-2"]` is the Group of that name.
    """

    def __init__(self, title=""):
        self.title = title
        self.shapes = []

    @property
    def picture(self):
        """The picture itself."""
        return self

    def add(self, *shapes):
        """Draw `shapes` over what is there; returns the last of them."""
        self.shapes.extend(shapes)
        return shapes[-1]

    def __getitem__(self, name):
        groups = {group.name: group for group in self.all(Group)}
        if name not in groups:
            raise KeyError(f"no part is called {name!r}; there are {', '.join(groups)}.")
        return groups[name]

    @property
    def drawn(self):
        """The shapes, those of groups one by one."""
        return list(_opened(self.shapes))

    def all(self, kind):
        """The shapes of one kind in the order drawn, the parts of others (a box, a group) among
        them.

        kind: a class of viz.canvas.shapes: Circle, Arrow, Label, ….
        """
        return [shape for shape in _with_parts(self.shapes) if isinstance(shape, kind)]

    def touches(self, bounds):
        """Whether anything drawn reaches into a rectangle.

        bounds: the rectangle, a Bounds.
        """
        return any(shape.touches(bounds) for shape in self.shapes)

    @property
    def bounds(self):
        """The rectangle around everything drawn, without the margin."""
        return (
            Bounds.around(shape.bounds for shape in self.shapes)
            if self.shapes
            else Bounds(0, 0, 0, 0)
        )

    @property
    def extent(self):
        """The rectangle that a file shows: everything drawn, and a margin."""
        return self.bounds.grown(MARGIN)

    def __repr__(self):
        return f"<Picture {self.title!r}, {len(self.drawn)} shapes>"


def _opened(shapes):
    for shape in shapes:
        yield from _opened(shape.shapes) if isinstance(shape, Group) else (shape,)


def _with_parts(shapes):
    for shape in shapes:
        yield shape
        yield from _with_parts(getattr(shape, "parts", ()))
