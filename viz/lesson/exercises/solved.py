"""Questions with their answers, and how far an answer may be off."""

from collections import namedtuple
from html import escape

from viz.language.numbers import in_text
from viz.language.plain import plain
from viz.language.sheet_words import SHEET
from viz.lesson.exercises.slips import all_tell
from viz.lesson.exercises.tolerances import tolerance

Question = namedtuple("Question", "symbol answer tolerance")
NEW = r"\,\text{new}"  # behind the symbol of a weight, or of l, after the step


class Questions(list):
    """Questions, which in Jupyter show themselves as a table."""

    def _repr_html_(self):
        head = "".join(f"<th>{escape(name)}</th>" for name in ("", *SHEET["en"]["columns"][2:]))
        rows = "".join(
            f"<tr><td>{escape(plain(symbol))}</td><td>{in_text(answer)}</td>"
            f"<td>{in_text(allowed, 2)}</td></tr>"
            for symbol, answer, allowed in self
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


class Solved:
    """What has `asked`, and from what is given makes {name: number} (`run`), {name: how far it may
    be off} (`deviations`) and {name: the right number and those with a slip} (`slipped`).
    """

    def solved(self, given):
        """(Questions, {name: number}) at these numbers."""
        numbers, deviations = self.run(given), self.deviations(given)
        questions = Questions(
            Question(
                _symbol(asked), _short(numbers[name]), tolerance(numbers[name], deviations[name])
            )
            for asked in self.asked
            for name in [asked.name]
        )
        return questions, numbers

    def tells(self, given, questions):
        """Whether every slip on the way is seen in the answers."""
        slipped = self.slipped(given)
        return all_tell(
            (asked.name, slipped[asked.name], question.tolerance)
            for asked, question in zip(self.asked, questions, strict=True)
        )


def _symbol(asked):
    return asked.symbol + NEW * (asked.phase == "update")


def _short(value):
    """Without what binary fractions add to a short decimal."""
    return float(f"{value:.12g}")
