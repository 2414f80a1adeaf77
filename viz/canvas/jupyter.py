"""What Jupyter is given to show."""

import base64

# No wider than the cell, or the paper that the notebook is printed on.
BOUNDED = 'style="max-width:100%;height:auto"'


def bounded(svg):
    """The text of an SVG file, its root no wider than what it stands in."""
    return svg.replace("<svg ", f"<svg {BOUNDED} ", 1)


def with_png(bundle, png, width, height):
    """The bundle of representations with a PNG beside its SVG, and how large to show it.

    JupyterLab draws no SVG in a notebook that it does not trust.
    """
    bundle = {**bundle, "image/png": base64.b64encode(png).decode()}
    return bundle, {"image/png": {"width": width, "height": height}}
