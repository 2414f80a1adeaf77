"""An exam in a folder: for each variant a worksheet, a solution and a live page; all answers, and a
quiz.
"""

import csv
import io
from pathlib import Path

from nn.files import whole_file
from viz.language.plain import plain
from viz.lesson.exercises.exercise import exercise
from viz.lesson.exercises.moodle import moodle


def write_exam(folder, variants, seed, captions="en", form="html", overwrite=False, **options):
    """Write an exam into `folder`: of the seeds `seed`, `seed + 1`, … as many as `variants`.

    captions: "en" or "ru". form: "html", "pdf" or "tex", of worksheets and solutions. options: what
        else `viz.exercise` takes. Returns the paths written.
    """
    folder = Path(folder)
    exercises = [exercise(number, **options) for number in range(seed, seed + variants)]
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for made in exercises:
        pages = {
            f"worksheet-{made.seed}.{form}": made.worksheet(captions),
            f"solution-{made.seed}.{form}": made.solution(captions),
            f"live-{made.seed}.html": made.stepper(captions),
        }
        paths += [page.save(folder / name, overwrite=overwrite) for name, page in pages.items()]
    paths.append(_write_answers(exercises, folder / "answers.csv", overwrite))
    paths.append(moodle(exercises, folder / "quiz.xml", captions, overwrite=overwrite))
    return paths


def _write_answers(exercises, path, overwrite):
    """A table: variant, symbol, answer, tolerance."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["variant", "symbol", "answer", "tolerance"])
    for made in exercises:
        table.writerows([made.seed, plain(symbol), *rest] for symbol, *rest in made.questions)
    with whole_file(path, overwrite) as file:
        file.write(text.getvalue().encode("utf-8-sig"))  # so that spreadsheets see it is Unicode
    return path
