"""An exam in a folder: for each variant a worksheet, a solution and a live page; all answers, and a
quiz.
"""

import csv
import io
from pathlib import Path

from nn.files import whole_file
from viz.canvas.paper import together
from viz.language.plain import plain
from viz.language.sheet_words import SHEET
from viz.lesson.exercises.exercise import exercise
from viz.lesson.exercises.moodle import moodle


def write_exam(folder, variants, seed, captions="en", form="html", overwrite=False, **options):
    """Write an exam into `folder`: variant 1 of `seed`, variant 2 of `seed + 1`, and so on.

    captions: "en" or "ru". form: "html", "pdf" or "tex", of worksheets and solutions; as "pdf" all
        of them are in one file too, for the printer. options: what else `viz.exercise` takes.
        Returns the paths written.
    """
    folder = Path(folder)
    exercises = [exercise(number, **options) for number in range(seed, seed + variants)]
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for variant, made in enumerate(exercises, start=1):
        written[f"worksheet-{variant}.{form}"] = made.worksheet(captions, variant)
        written[f"solution-{variant}.{form}"] = made.solution(captions, variant)
        written[f"live-{variant}.html"] = made.stepper(captions)
    if form == "pdf":
        for kind in ("worksheet", "solution"):
            own = [pages for name, pages in written.items() if name.startswith(kind)]
            written[f"{kind}s.pdf"] = together(own)
    paths = [page.save(folder / name, overwrite=overwrite) for name, page in written.items()]
    paths.append(_write_answers(exercises, folder / "answers.csv", captions, overwrite))
    paths.append(moodle(exercises, folder / "quiz.xml", captions, overwrite=overwrite))
    return paths


def _write_answers(exercises, path, captions, overwrite):
    """A table: variant, symbol, answer, tolerance; a Russian one as a Russian spreadsheet reads it,
    with commas in the numbers and semicolons between them.
    """
    text, russian = io.StringIO(), captions == "ru"
    table = csv.writer(text, delimiter=";" if russian else ",", lineterminator="\n")
    number = lambda value: repr(value).replace(".", ",") if russian else repr(value)
    table.writerow(SHEET[captions]["columns"])
    for variant, made in enumerate(exercises, start=1):
        table.writerows([variant, plain(q[0]), *map(number, q[1:])] for q in made.questions)
    with whole_file(path, overwrite) as file:
        file.write(text.getvalue().encode("utf-8-sig"))  # so that spreadsheets see it is Unicode
    return path
