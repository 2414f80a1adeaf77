"""Templates filled: one file of cases, which the live page has to fill alike."""

import json
import pathlib

import pytest

from viz.language.lesson_words import LESSON
from viz.language.templates import Filling, as_factor, factor, names_in, number, renamed
from viz.lesson.lesson import form

CASES = json.loads(
    (pathlib.Path(__file__).parent / "template_cases.json").read_text(encoding="utf-8")
)


def test_the_cases():
    for template, numbers, texts, language, expected in CASES:
        numbers = {name: float(value) for name, value in numbers.items()}
        filling = Filling(numbers, LESSON[language], tuple(texts))
        assert filling.text(template) == expected, template


def test_latex_of_a_template():
    filling = Filling({"a": -0.5, "b": 1 / 3}, LESSON["ru"], ("x_1",))
    line = r"\t{0} \e{a} \n{a} \e{a,b} \f{a}\,\f{b} \w{so far}"
    expected = r"\text{x_1} = {-}0.5 \approx ({-}0.5)\,0.3333 \text{пока}"
    assert filling.latex(line) == expected


def test_the_names_in_a_template():
    line = r"s \e{a,b/new} \n{a} \w{so far} \t{3}"
    assert names_in(line) == ["a", "b/new", "a"]
    assert renamed(line, {"a": 7, "b/new": 12}) == r"s \e{7,12} \n{7} \w{so far} \t{3}"
    assert as_factor(number("a")) == factor("a") and as_factor(r"a \n{a}") == r"a \n{a}"


def test_both_languages_have_the_same_words():
    assert list(LESSON["en"]) == list(LESSON["ru"])
    for key, words in LESSON["en"].items():
        for place in ("{0}", "{1}", "{paths}", "{n}"):
            if not key.startswith("paths"):
                assert (place in words) == (place in LESSON["ru"][key]), key


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        *((0, "none"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many")),
        *((20, "many"), (21, "one more"), (22, "few"), (101, "one more"), (111, "many")),
    ],
)
def test_the_form_of_a_noun(count, expected):
    assert form(count) == expected
