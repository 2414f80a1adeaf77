"""Backpropagation told step by step, and the live page that plays it.

What is told is a Lesson (`lesson`): steps and lines as templates with places for numbers, what
lights up, and what stands in the picture from which step on. It holds no number. Two makers write
one, `network_lesson` and `graph_lesson`, each with files of its own for the names of its numbers,
for what is said of a part that is pointed at, and for the scene, the picture that the lesson plays
on. The numbers come from a Program, at whatever is given; `stepper` brings it all together, and
`page` writes it into one file.

The page's own side is in `page/`, plain JavaScript that is read as it stands, a file for each idea:
functions, program (the loop that runs it), formula (the twin of `viz.language.numbers`, `plain` and
`templates`), mathml, lesson, picture, panel, edit, present, main. No derivative is written there.

A new function of numbers is named in `functions.py` and in `page/functions.js`, and the tests
compare it with NumPy's. A new word stands in `viz/language/lesson_words.py`, in both languages.
"""
