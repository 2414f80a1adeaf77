"""The lecture's pictures A to H as files in one folder, and as a part of its page. Lecture, section
9.
"""

from html import escape

from viz.language.words import WORDS
from viz.lecture.live import LIVE
from viz.lecture.slides import SLIDES, in_numbers


def write_slides(folder, language):
    """Save every picture as SVG, those of an earlier run replaced; returns [(path, caption), …] in
    the gallery's order.
    """
    titles = WORDS[language]["slides"]
    pictures = [
        (letter, letter, f"{letter}. {titles[letter]}", draw(language))
        for letter, draw in SLIDES.items()
    ]
    pictures += in_numbers(language)
    pictures.sort(key=lambda entry: entry[0])  # what has numbers follows the picture of its letter
    return [
        (picture.save(folder / f"{name}.svg", overwrite=True), caption)
        for _, name, caption, picture in pictures
    ]


def write_live(folder, language):
    """Save the live pages, the worked example first; returns [(path, caption), …]."""
    captions = WORDS[language]["live"]
    return [
        (made(language).save(folder / f"{name}.html", overwrite=True), captions[name])
        for name, made in LIVE.items()
    ]


def as_html(live, slides, language):
    """The live pages, then the pictures with their captions, as HTML; both as they
    are returned where they are written.
    """
    words = WORDS[language]["lecture"]
    figures = [
        f'<figure><iframe src="{escape(path.name)}" title="{escape(caption)}"></iframe>'
        f'<figcaption>{escape(caption)} (<a href="{escape(path.name)}">'
        f"{escape(words['open'])}</a>)</figcaption></figure>"
        for path, caption in live
    ]
    figures += [
        f'<figure><img src="{escape(path.name)}" '
        f'alt="{escape(caption)}"><figcaption>{escape(caption)}</figcaption></figure>'
        for path, caption in slides
    ]
    return (
        f'<section lang="{language}"><h1>{escape(WORDS[language]["gallery"])}</h1>\n'
        + "\n".join(figures)
        + "</section>"
    )
