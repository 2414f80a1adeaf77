"""Pictures as PNG, drawn from their SVG."""

from viz.canvas.extras import extra
from viz.canvas.writers import svg

SCALE = 2  # dots for each of the SVG's pixels


def write(picture):
    """The bytes of the file; needs the extra `png`."""
    resvg_py = extra("resvg_py", "png")
    return bytes(resvg_py.svg_to_bytes(svg_string=svg.write(picture), zoom=SCALE))
