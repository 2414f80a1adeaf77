"""Which words a file can hold where no other fonts than ours are to be counted on."""

from viz.canvas.shapes import Text


def check_lettering(picture, format):
    """Raise ValueError for words in letters that our font lacks: another's might mirror them, or
    leave them out.
    """
    for text in picture.all(Text):
        if text.says.strip() and text.outline is None:
            raise ValueError(
                f"{text.says!r} cannot be set in a {format}, for our font lacks some of its "
                "letters: save the picture as .svg or .html, which leave them to the viewer's "
                "fonts, or give other captions."
            )
