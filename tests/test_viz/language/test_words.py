"""What is said in two languages is said in both."""

import pytest

from viz.language.lesson_words import LESSON
from viz.language.sample_words import SAMPLE
from viz.language.words import WORDS, words_in


def keys(words):
    return {name: keys(inner) for name, inner in words.items()} if isinstance(words, dict) else None


def test_both_languages_say_the_same_things():
    for words in (WORDS, LESSON, SAMPLE):
        assert keys(words["en"]) == keys(words["ru"])


def test_another_language_is_refused():
    with pytest.raises(ValueError, match=r"got 'de'; give .en. or .ru., or a dog"):
        words_in("de", ", or a dog")
