import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

import nn
import viz
from viz.canvas.bounds import Bounds
from viz.canvas.colours import GREY
from viz.canvas.jupyter import bounded
from viz.canvas.picture import Picture
from viz.canvas.shapes import (
    Arrow,
    Box,
    Circle,
    Formula,
    Group,
    Line,
    Rectangle,
    Text,
    number,
)
from viz.canvas.writers import WRITERS

HOSTILE = [
    '"><script>alert(1)</script>',
    "a:b",
    r"\N",
    "<b>bold</b>",
    "Скрытый слой",
    "emoji 😀👍🏽",
    "x" * 10_000,
    "]]>",
    "&amp;",
    "two\nlines\x00\x1b\u2028\ufffe\ud800",
    "שלום مرحبا",
    r"\frac{a",
    "javascript:alert(1)",
]


def a_picture(name="Input layer"):
    picture = Picture(name)
    x, h = Circle(0, 0, 24, "#80FF80"), Circle(300, 80, 27, "#8080FF")
    picture.add(
        Arrow.between(x, h),
        Group("x", (x, Formula("x_{1}", 0, 0, "centre"))),
        Group("h", (h, Formula("h_{1}", 300, 80, "centre"))),
        Text(name, 0, -60),
        Formula(r"\omega^{(1)}_{11}", 120, 20, "centre", halo=True),
    )
    box = Box((Formula(r"\frac{\partial l}{\partial o}"), Text(name)), 250, 160)
    picture.add(Line(((300, 107), (300, 160))), box, Rectangle(Bounds(0, 150, 10, 160), GREY))
    return picture


def ids(svg):
    return {
        element.get("id") for element in ElementTree.fromstring(svg).iter() if element.get("id")
    }


def test_same_bytes_every_time():
    assert a_picture().svg() == a_picture().svg()


def test_same_bytes_in_another_process():
    program = (
        "import sys\nfrom viz.canvas.picture import Picture\n"
        "from viz.canvas.shapes import Formula, Text\np = Picture('t')\n"
        "p.add(Formula(r'\\frac{\\partial l}{\\partial o}'), Text('слой'))\n"
        "sys.stdout.buffer.write(p.svg().encode())"
    )
    command = [sys.executable, "-c", program]
    seeded = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    runs = [
        subprocess.run(command, capture_output=True, check=True, env=env).stdout for env in seeded
    ]
    assert runs[0] == runs[1]
    assert runs[0].startswith(b"<svg")


def test_two_pictures_share_no_ids():
    one, other = ids(a_picture().svg()), ids(a_picture("Output layer").svg())
    assert one and other and not one & other


def test_an_outline_is_written_once():
    picture = Picture()
    picture.add(*(Formula("h_{1}", 50 * i, 0, "centre") for i in range(5)))
    svg = picture.svg()
    assert svg.count("<use") == 5 and svg.count("<path") == 1


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_names_are_shown_as_text(name):
    root = ElementTree.fromstring(a_picture(name).svg().encode())
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "defs", "path", "rect", "circle", "use", "text"}
    said = [
        element.get("aria-label") or element.text
        for element in root.iter()
        if element.tag.endswith(("use", "text"))
    ]
    shown = Text(name).says
    assert said.count(shown) == 2 and len(shown) <= 40
    if name.isprintable() and len(name) <= 40:
        assert shown == name
    for element in root.iter():
        assert not any(attribute.startswith("on") for attribute in element.attrib)


def test_letters_our_font_lacks_are_left_as_text():
    assert Text("слой").outline is not None
    assert Text("日本").outline is None
    assert Text("日本").bounds.width >= 2 * 16


def test_nothing_is_clipped():
    picture = a_picture()
    left, top, width, height = map(
        float, ElementTree.fromstring(picture.svg()).get("viewBox").split()
    )
    for shape in picture.all(object):
        b = shape.bounds
        assert (
            left <= b.left and top <= b.top and b.right <= left + width and b.bottom <= top + height
        )


def test_arrows_go_from_rim_to_rim():
    start, end = Circle(0, 0, 24, "red"), Circle(300, -120, 27, "red")
    arrow = Arrow.between(start, end)
    assert math.hypot(arrow.x1, arrow.y1) == pytest.approx(24)
    assert math.hypot(arrow.x2 - 300, arrow.y2 + 120) == pytest.approx(27)
    assert math.hypot(arrow.head[0][0] - 300, arrow.head[0][1] + 120) == pytest.approx(
        27 + arrow.width / 2
    )


def test_a_line_meets_a_box_that_it_passes():
    box = Bounds(10, 10, 20, 20)
    assert (
        box.meets_line(0, 0, 30, 30)
        and box.meets_line(15, 0, 15, 30)
        and box.meets_line(12, 12, 13, 13)
    )
    assert (
        not box.meets_line(0, 0, 30, 5)
        and not box.meets_line(5, 0, 5, 30)
        and not box.meets_line(0, 25, 9, 15)
    )


def test_coordinates_are_short():
    assert [number(x) for x in (1.0, 0.10, -0.001, 100, 2.345678)] == [
        "1",
        "0.1",
        "0",
        "100",
        "2.35",
    ]


def test_parts_are_found_by_name():
    picture = a_picture()
    circle, symbol = picture["h"].shapes
    assert (circle.x, symbol.says) == (300, "h_{1}")
    with pytest.raises(KeyError, match="no part is called 'y'; there are x, h"):
        picture["y"]


BEGINS = {".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF", ".html": b"<!DOCTYPE"}


@pytest.mark.parametrize(("suffix", "begins"), BEGINS.items())
def test_saved_by_suffix(tmp_path, suffix, begins):
    if suffix == ".png":
        pytest.importorskip("resvg_py")
    if suffix == ".pdf":
        pytest.importorskip("svglib")
    path = a_picture().save(tmp_path / f"picture{suffix}")
    assert path.read_bytes().startswith(begins)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_pdf_is_vectors():
    pytest.importorskip("svglib")
    assert b"/Subtype /Image" not in a_picture().pdf()
    assert a_picture().pdf() == a_picture().pdf()


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(ValueError, match=re.escape(f"{', '.join(WRITERS)}; got 'picture.gif'")):
        a_picture().save(tmp_path / "picture.gif")


def test_never_overwrites_unless_told(tmp_path):
    path = tmp_path / "picture.svg"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        a_picture().save(path)
    assert path.read_text() == "mine"
    a_picture().save(path, overwrite=True)
    assert path.read_text().startswith("<svg")


def test_a_failed_save_leaves_everything_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "picture.svg"
    path.write_text("mine")

    def no_space(*_):
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", no_space)
    with pytest.raises(OSError, match="no space"):
        a_picture().save(path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["picture.svg"] and path.read_text() == "mine"


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ImportError, match=r'pip install "autograd-lite\[png\]"'):
        a_picture().png()


def test_displays_itself_in_jupyter():
    bundle, _ = a_picture()._repr_mimebundle_()
    assert bundle["image/svg+xml"] == a_picture()._repr_svg_() == bounded(a_picture().svg())
    assert "text/plain" in bundle


def test_what_is_shown_in_a_page_is_no_wider_than_its_place():
    size = re.search(r'width="[\d.]+" height="[\d.]+"', a_picture().svg())[0]
    for shown in (a_picture()._repr_mimebundle_()[0]["image/svg+xml"], a_picture().html()):
        root = re.search("<svg [^>]*>", shown)[0]
        assert 'style="max-width:100%;height:auto"' in root and size in root


FOREIGN = "隠れ層"


def in_foreign_letters():
    picture = Picture("layers")
    picture.add(Box((Text(FOREIGN),), 0, 0))
    return picture


@pytest.mark.parametrize(("suffix", "needs"), [(".png", "resvg_py"), (".pdf", "svglib")])
def test_letters_that_our_font_lacks_are_refused_where_no_other_font_can_be_counted_on(
    suffix, needs, tmp_path
):
    pytest.importorskip(needs)
    with pytest.raises(ValueError, match=rf"'{FOREIGN}' cannot be set .* \.svg or \.html"):
        in_foreign_letters().save(tmp_path / f"picture{suffix}")
    assert not list(tmp_path.iterdir())
    assert FOREIGN in in_foreign_letters().svg()
    assert set(in_foreign_letters()._repr_mimebundle_()[0]) == {"image/svg+xml", "text/plain"}


def test_pdf_has_a_title_and_no_font():
    pytest.importorskip("svglib")
    content = viz.network(nn.MLP([3, 2, 1], rng=0), [1, 2, 3], 1.0, nn.mse_loss).pdf()
    assert b"/Type /Font" not in content and b"/BaseFont" not in content
    assert b"/Title (A neural network, 3-2-1)" in content
    assert not any(word in content for word in (b"anonymous", b"untitled", b"unspecified"))


def test_importing_viz_draws_nothing():
    program = (
        "import sys, viz; print([m for m in "
        "('graphviz', 'ziamath', 'resvg_py', 'svglib', 'reportlab') if m in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )
