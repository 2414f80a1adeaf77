"""Pages of one size, for a printer or a projector: what is on each of them is a Picture."""

from html import escape
from pathlib import Path

from nn.files import whole_file
from viz.canvas.bounds import Bounds
from viz.canvas.outlines import shown
from viz.canvas.picture import Picture
from viz.canvas.writers import pdf, svg

A4 = (794, 1123)  # pixels, 96 to the inch
STYLE = (
    "@page{{size:{width}px {height}px;margin:0}}"
    "html,body{{margin:0;background:#ddd}}"
    "svg{{display:block;margin:0 auto 12px;max-width:100%;height:auto;break-after:page}}"
    "@media print{{html,body{{background:white}}svg{{margin:0;width:100%}}}}"
)


class Page(Picture):
    """A Picture on a page of a fixed size, from (0, 0) to its right and lower corner."""

    def __init__(self, title="", size=A4):
        super().__init__(title)
        self.size = size

    @property
    def extent(self):
        return Bounds(0, 0, *self.size)


class Pages:
    """Pages of one size, as .html, .pdf or .tex.

    pages: a list of Page.
    title: what they are, in one line.
    language: "en", "ru", … of the words on them.
    latex: a function of nothing that gives the text of a LaTeX file, in which LaTeX breaks lines
        and pages.

    The same pages give the same bytes. They show themselves in Jupyter.
    """

    def __init__(self, pages, title, language, latex):
        self.pages, self.title, self.language, self._latex = pages, title, language, latex

    def html(self):
        """The text of a file that shows the pages below each other, and prints each on its own."""
        width, height = self.pages[0].size
        title, style = escape(shown(self.title, 200)), STYLE.format(width=width, height=height)
        drawn = "".join(map(svg.write, self.pages))
        return (
            f'<!DOCTYPE html>\n<html lang="{self.language}">\n<head><meta charset="utf-8">'
            f"<title>{title}</title>\n<style>{style}</style></head>\n<body>\n{drawn}</body>\n"
            "</html>\n"
        )

    def pdf(self):
        """The bytes of a PDF file of vectors; needs the extra `pdf`."""
        return pdf.write_pages(self.pages, self.title)

    def tex(self):
        """The text of a LaTeX file of the same, which pdflatex and lualatex set as it stands."""
        return self._latex()

    def save(self, path, overwrite=False):
        """Write the pages to `path`, which ends in .html, .pdf or .tex; returns the path.

        path: the file.
        overwrite: True replaces a file of this name.

        Raises ValueError for another suffix, and FileExistsError rather than overwrite a file
        unless told.
        """
        path = Path(path)
        writers = {".html": self.html, ".pdf": self.pdf, ".tex": self.tex}
        if path.suffix.lower() not in writers:
            raise ValueError(
                f"pages are saved as {', '.join(writers)}; got {path.name!r}: give it one of "
                "these suffixes."
            )
        content = writers[path.suffix.lower()]()
        with whole_file(path, overwrite) as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def _repr_html_(self):
        return "".join(map(svg.write, self.pages))

    def __len__(self):
        return len(self.pages)

    def __getitem__(self, number):
        return self.pages[number]

    def __repr__(self):
        return f"<Pages {self.title!r}, {len(self.pages)}>"


def together(several):
    """Pages of all these Pages, one after the other, for a PDF."""
    first, pages = several[0], [page for own in several for page in own.pages]
    return Pages(pages, first.title, first.language, first.tex)
