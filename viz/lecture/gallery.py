"""The lecture's pictures A to H as files in one folder, and as a part of its page. Lecture, section
9.
"""

from html import escape

import nn
from viz.language.words import WORDS
from viz.lecture.slides import OBSERVATION, SLIDES, in_numbers, two_sigmoids
from viz.lecture.worked_example import X, Y, example_network
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
    """Save the worked example and picture D as live pages; returns [(path, caption), …]."""
    words, loss = WORDS[language]["lecture"], nn.binary_cross_entropy
    pages = {
        "worked_example_live": (example_network(), X, Y, words["example live"]),
        "D_live": (two_sigmoids(), *OBSERVATION, words["live"]),
    }
    return [
        (
            stepper(model, x, y, loss, captions=language).save(
                folder / f"{name}.html", overwrite=True
            ),
            caption,
        )
        for name, (model, x, y, caption) in pages.items()
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
