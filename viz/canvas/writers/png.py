"""Pictures as PNG, drawn from their SVG."""

from viz.canvas.extras import extra
from viz.canvas.lettering import check_lettering
from viz.canvas.writers import svg

SCALE = 2  # dots for each of the SVG's pixels


def write(picture):
    """The bytes of the file; needs the extra `png`. Raises ValueError for letters that our font
    lacks.
    """
    resvg_py = extra("resvg_py", "png")
    check_lettering(picture, "PNG")
    return bytes(resvg_py.svg_to_bytes(svg_string=svg.write(picture), zoom=SCALE))
