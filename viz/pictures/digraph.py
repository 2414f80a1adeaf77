"""A graphviz.Digraph that needs no `dot` on the PATH: pygraphviz, where installed, carries Graphviz
in its wheel.

Graphviz draws in a process of its own, which Ctrl-C ends: a layout may take minutes, and does not
listen. The package graphviz is imported when the first graph is made; all else in viz does without
it.
"""

import functools
import importlib.util
import json
import pathlib
import shutil
import struct
import subprocess
import sys

from viz.canvas.jupyter import bounded, with_png
from viz.pictures import digraph_tikz

# What the process does: the graph comes in, the drawing goes out.
DRAW = """
import sys, pygraphviz
format, engine, *options = sys.argv[1:]
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
try:
    drawn = graph.draw(format=format, prog=engine, args=" ".join(options))
except Exception as error:
    sys.exit("pygraphviz: " + str(error))
sys.stdout.buffer.write(drawn)
"""


def new_digraph(**options):
    """An empty OpGraph, a graphviz.Digraph with these options."""
    return _op_graph()(**options)


class DrawsItself:
    """What an OpGraph does otherwise than a graphviz.Digraph."""

    def pipe(
        self,
        format=None,
        renderer=None,
        formatter=None,
        neato_no_op=None,
        quiet=False,
        *,
        engine=None,
        encoding=None,
    ):
        """The drawing as bytes, or as text of an `encoding`; see graphviz.Digraph.pipe. The format
        "tex" is TikZ, for LaTeX.
        """
        if neato_no_op is not None:
            return super().pipe(
                format, renderer, formatter, neato_no_op, quiet, engine=engine, encoding=encoding
            )
        format = ":".join(filter(None, (format or self.format, renderer, formatter)))
        engine = engine or self.engine
        if format.lower() == "tex":
            layout = json.loads(_drawn(self.source, "json", engine))
            drawn = digraph_tikz.write(layout).encode()
        else:
            drawn = _drawn(self.source, format.lower(), engine)
        return drawn.decode(encoding) if encoding else drawn

    def render(
        self,
        filename=None,
        directory=None,
        view=False,
        cleanup=False,
        format=None,
        *,
        outfile=None,
        **options,
    ):
        """Write the source and, beside it, the drawing; see graphviz.Digraph.render. Returns the
        path of the drawing.
        """
        if options:
            return super().render(
                filename,
                directory=directory,
                view=view,
                cleanup=cleanup,
                format=format,
                outfile=outfile,
                **options,
            )
        _check_suffix(format, outfile)
        format = format or (pathlib.Path(outfile).suffix[1:] if outfile else None) or self.format
        drawing = self.pipe(format)  # before anything is written
        if outfile and not filename:
            filename = pathlib.Path(outfile).with_suffix(".gv")
        source = self.save(filename, directory=directory)
        drawn = pathlib.Path(outfile or f"{source}.{format}")
        drawn.write_bytes(drawing)
        if cleanup:
            pathlib.Path(source).unlink()
        return self.view_file(drawn) if view else str(drawn)

    def __reduce__(self):
        # Copies and pickles: the class itself cannot be found by its name before it is made.
        return _restored, (vars(self),)

    def _repr_mimebundle_(self, include=None, exclude=None, **options):
        try:
            bundle = super()._repr_mimebundle_(include, exclude, **options)
            png = _drawn(self.source, "png", self.engine, "-Gdpi=192")
        except RuntimeError as missing:
            return {"text/plain": f"{missing}\n\n{self.source}"}
        if "image/svg+xml" in bundle:
            bundle["image/svg+xml"] = bounded(bundle["image/svg+xml"])
        width, height = struct.unpack(">II", png[16:24])
        return with_png(bundle, png, width // 2, height // 2)


@functools.cache
def _op_graph():
    import graphviz

    class OpGraph(DrawsItself, graphviz.Digraph):
        """The graph of a recorded computation. Made by `viz.graph`."""

    OpGraph.__qualname__ = "OpGraph"
    return OpGraph


def _check_suffix(format, outfile):
    """A file called .svg that holds a PNG opens nowhere."""
    suffix = pathlib.Path(outfile).suffix[1:].lower() if outfile else ""
    same = {"jpeg": "jpg", "jpe": "jpg"}
    named = [same.get(one, one) for one in (suffix, (format or "").partition(":")[0].lower())]
    if all(named) and named[0] != named[1]:
        raise ValueError(
            f"the format is {format!r}, and outfile ends in .{suffix}: give one of them, or the "
            "same in both."
        )


def _restored(state):
    graph = new_digraph()
    vars(graph).update(state)
    return graph


def _drawn(source, format, engine, *options):
    """What Graphviz makes of the DOT text `source`, as bytes.

    Raises RuntimeError, with Graphviz's own words, where there is none, or it cannot.
    """
    if importlib.util.find_spec("pygraphviz"):
        command = [sys.executable, "-c", DRAW, format, engine, *options]
    elif shutil.which("dot"):
        command = ["dot", f"-K{engine}", f"-T{format}", *options]
    else:
        raise RuntimeError(
            'Drawing this graph needs Graphviz. Type  pip install "autograd-lite[dot]"  (its '
            "wheel carries Graphviz), or install Graphviz so that `dot` is on the PATH. Without "
            "either, .source and .save() still give the graph as text."
        )
    ran = subprocess.run(command, input=source.encode(), capture_output=True)
    if ran.returncode:
        lines = ran.stderr.decode(errors="replace").splitlines()
        # Its font library complains of font settings newer than itself.
        words = " ".join(line for line in lines if line and not line.startswith("Fontconfig"))
        raise RuntimeError(
            f"Graphviz could not draw this graph as {format}: {words or 'it was ended.'} "
            ".source and .save() still give the graph as text; a Graphviz that draws svg, png and "
            'pdf comes with  pip install "autograd-lite[dot]".'
        )
    return ran.stdout
