"""What Jupyter is given to show."""

import base64


def with_png(bundle, png, width, height):
    """The bundle of representations with a PNG beside its SVG, and how large to show it.

    JupyterLab draws no SVG in a notebook that it does not trust.
    """
    bundle = {**bundle, "image/png": base64.b64encode(png).decode()}
    return bundle, {"image/png": {"width": width, "height": height}}
