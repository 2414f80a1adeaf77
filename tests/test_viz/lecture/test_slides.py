import itertools
import xml.etree.ElementTree as ElementTree

import pytest
from viz_cases import circles

from viz.canvas.colours import NEURONS, PINK
from viz.canvas.shapes import DOTTED, Arrow, Box, Label, Line, Rectangle
from viz.lecture.slides import SLIDES, in_numbers

CASES = [(letter, language) for letter in SLIDES for language in ("en", "ru")]


@pytest.mark.parametrize(("letter", "language"), CASES)
def test_nothing_collides(letter, language, collisions):
    picture = SLIDES[letter](language)
    assert collisions(picture) == []
    ElementTree.fromstring(picture.svg())


def says(letter, language="en"):
    return [label.says for label in SLIDES[letter](language).all(Label)]


def test_the_idea():
    picture = SLIDES["A"]("en")
    assert len(picture.all(Arrow)) == 3 * 2 + 2 * 4 + 4
    assert {arrow.colour for arrow in picture.all(Arrow)} == {"black"}
    assert not any("omega" in word for word in says("A"))
    assert says("A")[-2:] == [r"h_{ij} \text{ – activation functions}", r"x_{t} \text{ – feature}"]


def test_backpropagation():
    picture = SLIDES["D"]("ru")
    assert list(circles(picture)) == ["x_{1}", "x_{2}", "x_{3}", "h_{1}", "h_{2}", "o", "l"]
    captions = {"Входной слой", "Скрытый слой", "Выходной слой", "Функция потерь"}
    assert captions | {"Примеры взятия производной"} <= set(says("D", "ru"))
    into_first = [arrow for arrow in picture.all(Arrow) if arrow.colour == NEURONS[0]]
    assert len(into_first) == 3
    pink = [box for box in picture.all(Box) if box.fill == PINK]
    assert [box.rows[0].says.count("=") for box in pink] == [2, 2]
    assert [line for line in picture.all(Line) if line.dash == DOTTED]
    labels = {label.says: label for label in picture.all(Label)}
    for source in (1, 2, 3):
        tail = circles(picture)[f"x_{{{source}}}"]
        middle = labels[rf"\omega^{{(1)}}_{{1{source}}}"].bounds
        assert (middle.left + middle.right) / 2 - tail.x < 90  # near the tail
        assert middle.bottom < tail.y  # and above the arrow


def test_the_thinned_network():
    picture = SLIDES["E"]("en")
    off = {label.says for label in picture.all(Label) if label.colour == "#9A9A9A"}
    assert off == {"h_{11}", "h_{22}", "h_{24}"}
    assert len(picture.all(Arrow)) == 3 + 2 + 2


def test_the_chain():
    words = says("F")
    assert [word for word in words if word.startswith(r"\omega")] == [
        rf"\omega_{{1{j}}}" for j in range(1, 6)
    ]
    assert words[-1].count(r"\frac") == 1 + 11 + 6


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_equation_stands_under_what_it_computes(language):
    picture = SLIDES["G"](language)
    columns = [rectangle.bounds.middle for rectangle in picture.all(Rectangle)[:5]]
    boxes = picture.all(Box)
    assert [box.rows[0].says[0] for box in boxes] == ["h", "h", "o", "L"]
    assert [box.bounds.middle for box in boxes] == pytest.approx(columns[1:])
    assert not any(a.bounds.overlaps(b.bounds) for a, b in itertools.combinations(boxes, 2))


def test_curves_are_told_apart_without_colours():
    picture = SLIDES["H"]("en")
    curves = [line for line in picture.all(Line) if line.width == 2.5 and len(line.points) > 2]
    samples = [line for line in picture.all(Line) if line.width == 2.5 and len(line.points) == 2]
    assert len({curve.dash for curve in curves}) == len(curves) == 4
    assert [(s.colour, s.dash) for s in samples] == [(c.colour, c.dash) for c in curves]
    formulas = [label for label in picture.all(Label) if "h_{" in label.says]
    assert [label.colour for label in formulas] == [sample.colour for sample in samples]
    for sample, label in zip(samples, formulas, strict=True):
        assert sample.bounds.right < label.bounds.left
        assert label.bounds.top < sample.points[0][1] < label.bounds.bottom


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_two_captions_are_alike_and_each_chain_rule_names_its_weight(language):
    captions = {name: caption for _, name, caption, _ in in_numbers(language)}
    assert len(set(captions.values())) == len(captions)
    weights = {"D_chain_rule_1": "ω⁽¹⁾₁₃", "D_chain_rule_2": "ω⁽²⁾₁₂", "F_chain_rule": "ω₁₁"}
    for name, weight in weights.items():
        assert f" {weight} " in captions[name]
