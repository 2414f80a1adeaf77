"""Questions with their answers, and how far an answer may be off."""

from collections import namedtuple

from viz.lesson.exercises.slips import all_tell
from viz.lesson.exercises.tolerances import tolerance

Question = namedtuple("Question", "symbol answer tolerance")
NEW = r"\,\text{new}"  # behind the symbol of a weight, or of l, after the step


class Solved:
    """What has `asked`, and from what is given makes {name: number} (`run`), {name: how far it may
    be off} (`deviations`) and {name: the right number and those with a slip} (`slipped`).
    """

    def solved(self, given):
        """([Question], {name: number}) at these numbers."""
        numbers, deviations = self.run(given), self.deviations(given)
        questions = [
            Question(
                _symbol(asked), _short(numbers[name]), tolerance(numbers[name], deviations[name])
            )
            for asked in self.asked
            for name in [asked.name]
        ]
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
