"""What lies in the site and is written nowhere in docs/: the notebooks, and the live page that is
seen first.
"""

import shutil
from pathlib import Path

import nn
import viz


def bring_notebooks(app):
    """Copy the notebooks beside the page that lists them: Sphinx reads nothing but its folder."""
    for notebook in sorted(Path(app.srcdir).parent.glob("notebooks/*.ipynb")):
        shutil.copy2(notebook, Path(app.srcdir) / "tutorials")


def write_live_pages(app, error):
    """_static/live/en.html and ru.html, backpropagation in a network of 3, 2 and 1 neurons."""
    folder = Path(app.outdir) / "_static/live"
    folder.mkdir(parents=True, exist_ok=True)
    model = nn.MLP([3, 2, 1], nn.Tanh, output=nn.Sigmoid, rng=0)
    for language in ("en", "ru"):
        page = viz.stepper(model, [0.5, -1.0, 2.0], 1.0, nn.binary_cross_entropy, captions=language)
        page.save(folder / f"{language}.html", overwrite=True)


def setup(app):
    app.connect("builder-inited", bring_notebooks)
    app.connect("build-finished", write_live_pages)
    return {"parallel_read_safe": True}
