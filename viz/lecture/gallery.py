"""The lecture's pictures A to H as files in one folder, and as a part of its page. Lecture, section
9.
"""

from html import escape

import nn
from viz.language.words import WORDS
from viz.lecture.slides import OBSERVATION, SLIDES, in_numbers, two_sigmoids
from viz.lesson.stepper import stepper


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
    """Save picture D as a live page; returns its path."""
    page = stepper(two_sigmoids(), *OBSERVATION, nn.binary_cross_entropy, captions=language)
    return page.save(folder / "D_live.html", overwrite=True)


def as_html(live, slides, language):
    """The live page, then the pictures with their captions, as HTML; `slides` as `write_slides`
    returns them.
    """
    words = WORDS[language]["lecture"]
    figures = [
        f'<figure><iframe src="{escape(live.name)}" title="{escape(words["live"])}"></iframe>'
        f'<figcaption>{escape(words["live"])} (<a href="{escape(live.name)}">'
        f"{escape(words['open'])}</a>)</figcaption></figure>"
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
