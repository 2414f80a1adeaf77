"""Every format draws every shape."""

import inspect
from dataclasses import dataclass, fields, replace

import pytest

from viz.canvas import shapes
from viz.canvas.bounds import Bounds
from viz.canvas.picture import Picture
from viz.canvas.shapes import (
    Arrow,
    Box,
    Circle,
    Formula,
    Group,
    Label,
    Line,
    Polygon,
    Rectangle,
    Shape,
    Text,
)
from viz.canvas.writers import WRITERS, svg

NEEDS = {".png": "resvg_py", ".pdf": "svglib"}

RED, BLUE, GREY = "#CC0000", "#0000C8", "#F0F0F0"
FORMULA = Formula("h_{1}", 50, 50, "left")
# A shape of each kind, and another value for each of its fields.
SAMPLES = {
    Circle: (Circle(50, 50, 20, BLUE), {"x": 52, "y": 52, "r": 22, "fill": RED, "rim": RED}),
    Rectangle: (
        Rectangle(Bounds(10, 10, 40, 30), BLUE),
        {"bounds": Bounds(10, 10, 40, 35), "fill": RED},
    ),
    Line: (
        Line(((10, 10), (40, 20), (60, 10)), BLUE),
        {"points": ((10, 10), (60, 10)), "colour": RED, "width": 3, "dash": ()},
    ),
    Polygon: (
        Polygon(((10, 10), (40, 20), (60, 10)), BLUE),
        {"points": ((10, 10), (40, 30), (60, 10)), "colour": RED, "width": 5},
    ),
    Formula: (
        FORMULA,
        {"says": "h_{2}", "x": 52, "y": 52, "anchor": "centre", "size": 25}
        | {"colour": RED, "halo": True},
    ),
    Text: (
        Text("слой и слой", 90, 50, "middle"),  # where boldness does not move it
        {"says": "слои", "x": 52, "y": 52, "anchor": "right", "size": 25}
        | {"colour": RED, "bold": True, "most": 5},
    ),
    Group: (Group("a", (FORMULA,)), {"shapes": (FORMULA, Circle(20, 20, 10, BLUE))}),
    Arrow: (
        Arrow(10, 10, 90, 50),
        {"x1": 15, "y1": 15, "x2": 80, "y2": 40, "colour": RED, "width": 3, "dash": (7, 4)},
    ),
    Box: (
        Box((FORMULA, Text("x")), 10, 10, BLUE),
        {"rows": (FORMULA,), "left": 15, "top": 15, "fill": RED, "padding": 15, "gap": 20},
    ),
}
NOT_SEEN = {(Group, "name"), (Group, "says")}  # except in a live page


def drawn_by(suffix, shape):
    """The file of a picture of the shape, on grey that does not move with it."""
    pytest.importorskip(NEEDS.get(suffix, "viz"))
    picture = Picture("a shape")
    picture.add(Rectangle(Bounds(0, 0, 200, 150), GREY), shape)
    return WRITERS[suffix](picture)


def test_every_shape_has_a_sample():
    kinds = {kind for _, kind in inspect.getmembers(shapes, inspect.isclass)}
    assert {k for k in kinds if issubclass(k, Shape)} - {Shape, Label} == set(SAMPLES)


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("kind", SAMPLES)
def test_every_writer_draws_every_shape_with_all_that_it_is(suffix, kind):
    shape, others = SAMPLES[kind]
    names = {field.name for field in fields(kind) if (kind, field.name) not in NOT_SEEN}
    assert names == set(others)
    drawn = drawn_by(suffix, shape)
    assert drawn != drawn_by(suffix, Rectangle(Bounds(0, 0, 200, 150), GREY))
    for name, other in others.items():
        assert drawn != drawn_by(suffix, replace(shape, **{name: other})), f"{name} is not drawn"


@pytest.mark.parametrize("suffix", WRITERS)
def test_letters_that_our_font_lacks_are_left_to_the_viewers_or_refused(suffix):
    assert Text("日本").outline is None
    if suffix in (".svg", ".html"):
        assert "日本" in drawn_by(suffix, Text("日本", 50, 50))
    else:  # no viewer brings fonts to these
        with pytest.raises(ValueError, match="'日本' cannot be set"):
            drawn_by(suffix, Text("日本", 50, 50))


@dataclass(frozen=True)
class Pair(Shape):
    """Two circles."""

    parts: tuple

    @property
    def bounds(self):
        return Bounds(0, 0, 100, 50)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_shape_that_a_writer_does_not_know_is_drawn_as_its_parts(suffix):
    circles = Circle(20, 20, 20, RED), Circle(70, 20, 20, BLUE)
    one, first, none = (
        drawn_by(suffix, shape) for shape in (Pair(circles), circles[0], Pair(circles[:0]))
    )
    assert len({one, first, none}) == 3


def test_a_shape_that_no_writer_knows_does_not_vanish():
    class Dot(Shape):
        bounds = Bounds(0, 0, 1, 1)

    with pytest.raises(AttributeError, match="parts"):
        drawn_by(".svg", Dot())


@pytest.mark.parametrize(
    ("anchor", "x", "y"), [("left", 0, 0), ("middle", 0.5, 0), ("right", 1, 0), ("centre", 0.5, 1)]
)
def test_labels_stand_at_their_anchor(anchor, x, y):
    for label in (Formula("h_{1}", 70, 40, anchor), Text("слой", 70, 40, anchor, bold=True)):
        b, ink = label.bounds, label.ink
        assert b.left + x * b.width == pytest.approx(70)
        # On the baseline; or else the middle of the ink is at the height.
        assert (b.bottom - ink.bottom, (b.top + b.bottom) / 2)[y] == pytest.approx(40)


def test_in_a_live_page_groups_are_elements_and_elsewhere_they_are_not():
    picture = Picture("a part")
    picture.add(Group("neuron-1-1", (Circle(0, 0, 20, BLUE),), "h"))
    assert "<g" not in svg.write(picture)
    live = svg.write(picture, live=True)
    assert '<g id="neuron-1-1" class="part" tabindex="0" role="button" aria-label="h">' in live
    assert 'role="group"' in live and 'role="img"' not in live


def test_equal_letters_share_an_outline_where_they_are_drawn_one_by_one():
    shared = svg.Shared(letters=True)
    drawn = svg.element(Formula("h h"), shared) + svg.element(Formula("h = h"), shared)
    assert drawn.count("<use") == 5 and shared.defs().count("<path") == 2
