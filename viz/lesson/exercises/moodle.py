"""A quiz for Moodle: its XML format, with a cloze question for each exercise.

The format is that of https://docs.moodle.org/en/Moodle_XML_format; a blank is
{1:NUMERICAL:=answer:tolerance}, https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type.
"""

import base64
import xml.etree.ElementTree as ElementTree
from html import escape
from pathlib import Path

from nn.files import whole_file
from viz.canvas.writers import svg
from viz.language.plain import plain
from viz.language.sheet_words import SHEET
from viz.language.words import words_in
from viz.lesson.exercises.exercise import Exercise
from viz.lesson.exercises.solved import NEW


def moodle(exercises, path, captions="en", overwrite=False):
    """Write exercises as a quiz that Moodle imports as "Moodle XML", and return the path.

    exercises: of viz.exercise.
    path: a file that ends in .xml.
    captions: "en" or "ru".
    overwrite: True replaces a file of this name.

    All questions are in one category. Each has the given numbers as a picture, and a blank
    for every question that is right within its tolerance. Raises ValueError for another suffix or
    no exercises, TypeError for what are none, and FileExistsError rather than overwrite a file
    unless told.
    """
    words_in(captions)
    path, words = Path(path), SHEET[captions]
    exercises = [None] if isinstance(exercises, Exercise) else list(exercises)
    if not all(isinstance(exercise, Exercise) for exercise in exercises):
        raise TypeError(
            "a quiz is made of exercises: give a list of what viz.exercise(seed) makes."
        )
    if path.suffix.lower() != ".xml":
        raise ValueError(f"a quiz is saved as {path.stem}.xml, not {path.name!r}.")
    if not exercises:
        raise ValueError("a quiz needs exercises: give a list of what viz.exercise(seed) makes.")
    quiz = ElementTree.Element("quiz")
    category = ElementTree.SubElement(quiz, "question", type="category")
    _text(ElementTree.SubElement(category, "category"), f"$course$/top/{words['category']}")
    for variant, exercise in enumerate(exercises, start=1):
        _question(quiz, exercise, variant, captions)
    ElementTree.indent(quiz)
    content = ElementTree.tostring(quiz, "utf-8", xml_declaration=True)
    with whole_file(path, overwrite) as file:
        file.write(content + b"\n")
    return path


def _question(quiz, exercise, variant, captions):
    """A cloze question: a text with blanks, and the picture as a file in it."""
    words = SHEET[captions]
    question = ElementTree.SubElement(quiz, "question", type="cloze")
    title = f"{words[exercise.kind]}, {words['variant'].format(variant)}"
    _text(ElementTree.SubElement(question, "name"), title)
    written = ElementTree.SubElement(question, "questiontext", format="html")
    # Moodle would take a brace of the text for the beginning of a blank; `plain` writes none.
    blanks = [(asked.symbol, _blank(asked)) for asked in exercise.questions]
    rows = [
        f"<p>{escape(plain(symbol.removesuffix(NEW)))} = {blank}</p>" for symbol, blank in blanks
    ]
    new = [symbol.endswith(NEW) for symbol, _ in blanks]
    if any(new):
        rows.insert(new.index(True), f"<p>{escape(words['updates'])}</p>")
    picture = f'<img src="@@PLUGINFILE@@/sheet.svg" alt="{escape(title)}" style="max-width:100%">'
    _text(written, f"<p>{escape(words['quiz'])}</p><p>{picture}</p>{''.join(rows)}")
    file = ElementTree.SubElement(written, "file", name="sheet.svg", path="/", encoding="base64")
    drawn = svg.write(exercise.statement(captions, variant))
    file.text = base64.b64encode(drawn.encode()).decode()
    _text(ElementTree.SubElement(question, "generalfeedback", format="html"), "")
    ElementTree.SubElement(question, "penalty").text = "0.3333333"
    ElementTree.SubElement(question, "hidden").text = "0"


def _blank(asked):
    return f"{{1:NUMERICAL:={asked.answer!r}:{asked.tolerance!r}}}"


def _text(parent, says):
    ElementTree.SubElement(parent, "text").text = says
