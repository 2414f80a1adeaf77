"""Pictures as TikZ: what the file says, and, where LaTeX is installed, that it sets all of it."""

import html
import re
import shutil
import subprocess
import unicodedata

import numpy as np
import pytest
from typesetting import typeset
from viz_cases import can_draw_graphs, drawable, random_case

import autograd_lite as ag
import nn
import viz
from viz.canvas import latex
from viz.canvas.bounds import Bounds
from viz.canvas.picture import Picture
from viz.canvas.shapes import Arrow, Box, Circle, Formula, Group, Line, Rectangle, Text
from viz.canvas.writers.tikz import NAMES
from viz.lecture.slides import SLIDES, in_numbers

HOSTILE = r"50%_of{x}&#\ $a$ ~^"
BOTH = pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
DOCUMENT = r"""\documentclass{article}
\usepackage[paperwidth=20in, paperheight=90in, margin=1in]{geometry}
\setlength{\parindent}{0pt}
%s
\begin{document}
%s\end{document}
"""


def lecture():
    for language in ("en", "ru"):
        yield from (draw(language) for draw in SLIDES.values())
        yield from (picture for *_, picture in in_numbers(language))


def of_random_model(seed):
    """Every public picture of one observation's network, and of data of its own."""
    model, x, y, loss = random_case(seed)
    language = ("en", "ru")[seed % 2]
    names = [f"{HOSTILE} {i}" if seed % 2 else f"слой {i}" for i in range(len(x))]
    yield viz.network(model, x, y, loss, arrows="gradient", captions=language)
    yield viz.network(model, x, arrows="weight", captions=language, names=names, bias=True)
    yield viz.network(model, loss=loss, highlight=(1, 1, 1))
    yield viz.chain_rule(model, x, y, loss, (1, 1, 1))
    yield viz.gradient_flow(model, x[None], y[None], loss, captions=language)
    features, data = 1 + seed % 2, np.random.default_rng(seed)
    small = nn.MLP([features, 3, 1], output=nn.Sigmoid, rng=seed)
    points, classes = data.normal(size=(9, features)), data.integers(2, size=9)
    yield viz.fitted(small, points, classes, captions=language, names=names[:1] * features)


class Graph:
    """A graph that is saved as a picture is."""

    def __init__(self, dot):
        self.dot = dot

    def save(self, path):
        path.write_bytes(self.dot.pipe("tex"))
        return path


def graphs():
    if not can_draw_graphs:
        return
    for seed in range(10):
        model, x, y, loss = random_case(seed)
        made = loss(model(ag.Tensor(x[None], name=HOSTILE if seed % 2 else "слой")), y[None])
        if seed > 1:
            made.backward()
        yield Graph(viz.graph(made, names=dict(model.named_parameters())))
    w = ag.Tensor(2.0, requires_grad=True, name=HOSTILE)
    yield Graph(viz.graph(np.tanh(w * w) - 1.0, formulas=True))


def preamble(tex):
    """The lines for a document's preamble that the first comment of a file names."""
    lines = re.findall(r"^%     (\\use.*)$", tex, re.MULTILINE)
    return "\n".join(re.sub(r"  \(in lualatex .*", "", line) for line in lines)


def in_one_document(engine, folder, pictures):
    """The log of a document that has each of the pictures on a page."""
    pages, texts = "", []
    for n, picture in enumerate(pictures):
        texts.append(picture.save(folder / f"picture{n}.tex").read_text(encoding="utf-8"))
        pages += rf"\resizebox{{\textwidth}}{{!}}{{\input{{picture{n}}}}}\newpage" + "\n"
    texts.sort(key=latex.has_cyrillic)  # the last encoding is the document's
    needs = "\n".join(dict.fromkeys("\n".join(map(preamble, texts)).splitlines()))
    if engine == "lualatex":
        needs = re.sub(r".*fontenc.*", r"\\usepackage{fontspec}\\setmainfont{DejaVu Serif}", needs)
    (folder / "main.tex").write_text(DOCUMENT % (needs, pages), encoding="utf-8")
    log = typeset(engine, folder)
    assert f"({len(texts)} pages" in log.replace("\n", "")
    return log


def test_pdflatex_sets_every_picture_of_the_lecture_and_of_ten_random_models(tmp_path):
    of_random = [picture for seed in range(10) for picture in of_random_model(seed)]
    in_one_document("pdflatex", tmp_path, [*lecture(), *of_random, *graphs()])


def test_lualatex_sets_ten_of_them(tmp_path):
    pictures = [SLIDES[letter](language) for letter in "BDF" for language in ("en", "ru")]
    in_one_document("lualatex", tmp_path, [*pictures, *of_random_model(0), *graphs()])


@BOTH
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_file_makes_a_page_of_its_own(engine, language, tmp_path):
    SLIDES["B"](language).save(tmp_path / "main.tex")
    assert "(1 page" in typeset(engine, tmp_path).replace("\n", "")


@BOTH
def test_a_file_stands_on_a_slide(engine, tmp_path):
    tex = SLIDES["D"]("en").save(tmp_path / "picture.tex").read_text(encoding="utf-8")
    slide = r"\resizebox{\textwidth}{!}{\input{picture}}"
    (tmp_path / "main.tex").write_text(
        r"\documentclass{beamer}" + preamble(tex) + r"\begin{document}\begin{frame}{Slide}"
        f"{slide}" + r"\end{frame}\end{document}",
        encoding="utf-8",
    )
    log = typeset(engine, tmp_path).replace("\n", "")
    assert "(1 page" in log and "Overfull" not in log


def settable():
    """Every character that is not refused."""
    for code in range(0x20, 0x2C00):
        try:
            yield chr(code), latex.as_latex(chr(code))
        except ValueError as refused:
            composed = unicodedata.normalize("NFC", chr(code))
            assert f"U+{ord(composed[0]):04X}" in str(refused)


@BOTH
@pytest.mark.parametrize("cyrillic", [False, True])
def test_every_character_that_is_not_refused_is_set(engine, cyrillic, tmp_path):
    letters = [c for c, _ in settable() if cyrillic or not latex.has_cyrillic(c)]
    assert len(letters) > 400
    picture = Picture("characters")
    for row in range(0, len(letters), 30):
        picture.add(Text(" ".join(letters[row : row + 30]), 0, row, most=90))
    picture.save(tmp_path / "main.tex")
    typeset(engine, tmp_path)


def test_users_words_are_words_whatever_they_hold():
    assert latex.as_latex(HOSTILE) == (
        r"50\%\_of\{x\}\&\#\textbackslash{} \$a\$ \textasciitilde{}\textasciicircum{}"
    )
    assert latex.as_latex("-- β∂x² h̃") == (
        r"-\kern0pt{}- $\beta \partial$x${}^{2}$ $\tilde{\mathrm{h}}$"
    )
    assert latex.formula_as_latex(r"h_{1} \text{ → 50%}") == r"$h_{1} \text{ $\rightarrow$ 50\%}$"
    assert latex.as_latex("слой é «Ω» $α") == r"слой é «$\Omega$» \$$\alpha$"


def read_back(folder, *options):
    """The words on the page that was set."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext")
    command = ["pdftotext", "-enc", "UTF-8", *options, folder / "main.pdf", "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")


def test_words_stand_where_they_are_put_and_are_as_large_as_they_are(tmp_path):
    picture = Picture()
    for row, (anchor, size) in enumerate(
        [("left", 20), ("middle", 20), ("right", 20), ("centre", 20), ("left", 40)]
    ):
        picture.add(Text("mmm", 50, 100 * row, anchor, size))
    picture.save(tmp_path / "main.tex")
    typeset("pdflatex", tmp_path)
    edges = r'xMin="(.*)" yMin="(.*)" xMax="(.*)" yMax="(.*)">mmm'
    left, middle, right, centre, large = (
        [float(number) for number in word]
        for word in re.findall(edges, read_back(tmp_path, "-bbox"))
    )
    at = left[0]
    assert right[2] == pytest.approx(at, abs=1) and large[0] == pytest.approx(at, abs=1)
    for word in (middle, centre):
        assert (word[0] + word[2]) / 2 == pytest.approx(at, abs=1)
    assert large[2] - large[0] == pytest.approx(2 * (left[2] - left[0]), abs=1)
    assert middle[3] - left[3] == pytest.approx(100, abs=0.5)
    assert 101 < centre[3] - right[3] < 110  # its middle, not its baseline, is there


@BOTH
@pytest.mark.parametrize(
    "words",
    [
        [
            HOSTILE,
            "-- --- ,, << >>",
            "a|b <i> [1] @ !` ?`",
            "``a'' \"b\" 'c'",
            "Größe, naïve, Łódź",
        ],
        [HOSTILE, "-- --- ,, << >>", "слой №5 «x» — да", "``a'' \"b\" 'c'"],
    ],
    ids=["Latin", "Cyrillic"],
)
def test_what_is_read_on_the_page_is_what_the_user_wrote(engine, words, tmp_path):
    picture = Picture(HOSTILE + "\n\\end{document}")
    for row, says in enumerate(words):
        picture.add(Text(says, 0, 40 * row))
    picture.save(tmp_path / "main.tex")
    typeset(engine, tmp_path)
    page = read_back(tmp_path, "-layout").splitlines()
    lines = [" ".join(line.split()) for line in page if line.strip()]
    assert [line.replace("˜", "~").replace("ˆ", "^") for line in lines] == words


@drawable
def test_a_graph_is_laid_out_by_graphviz_and_says_what_its_svg_says():
    w, x = (ag.Tensor(v, requires_grad=True, name=n) for v, n in ((2.0, HOSTILE), (0.5, "x")))
    loss = np.tanh(w * x) - 1.0
    loss.backward()
    dot = viz.graph(loss)
    tex, svg = dot.pipe("tex").decode(), dot.pipe("svg").decode()
    said = [html.unescape(line) for line in re.findall(r">([^<>\n]+)</text>", svg)]
    assert HOSTILE in said
    for line in said:
        assert latex.as_latex(line.strip()) in tex, line
    assert r"\node[box, fill=parameter, draw=axis" in tex and "] (n0) at (" in tex
    assert tex.count(r"\draw[arrow, link] (") == svg.count('class="edge"') == 5
    constant = next(line for line in tex.splitlines() if "fill=paper" in line)
    assert "draw=" not in constant and "FFFFFE" not in tex  # a rim that cannot be seen


@drawable
def test_a_graphs_name_that_cannot_be_set_is_refused_and_nothing_is_written(tmp_path):
    dot = viz.graph(np.tanh(ag.Tensor(1.0, requires_grad=True, name="日本")))
    with pytest.raises(ValueError, match="CJK"):
        dot.render(outfile=tmp_path / "graph.tex")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ("日本", r"'日' \(U\+65E5 CJK UNIFIED IDEOGRAPH-65E5\)"),
        ("x 😀", r"'😀' \(U\+1F600 GRINNING FACE\)"),
        ("ά", r"U\+03AC GREEK SMALL LETTER ALPHA WITH TONOS"),
        ("я̃", r"U\+044F CYRILLIC SMALL LETTER YA, U\+0303 COMBINING TILDE"),
        ("שלום", "HEBREW LETTER SHIN"),
    ],
)
def test_a_character_that_cannot_be_set_is_refused_by_name(says, named):
    picture = Picture()
    picture.add(Text(says))
    with pytest.raises(ValueError, match=named):
        picture.tex()


def test_the_file_is_to_be_read():
    tex = viz.network(nn.MLP([2, 1], nn.Sigmoid, output=nn.Sigmoid, rng=0)).tex()
    assert r"\definecolor{feature}{HTML}{80FF80}" in tex
    circle = r"\node[neuron, fill=feature, minimum size=48bp] (neuron-0-2) at (0, 165)"
    assert circle in re.sub(r"at \(0, \d+\)", "at (0, 165)", tex)
    assert r"{\scalebox{2}{$x_{2}$}};" in tex
    assert r"\draw[arrow] (neuron-0-2) -- (neuron-1-1);" in tex
    assert r"{\scalebox{1.8}{$\omega^{(1)}_{12}$}};" in tex


def test_every_arrow_of_a_network_leads_from_node_to_node():
    for seed in range(10):
        tex = next(of_random_model(seed)).tex()
        arrows = re.findall(r"\\draw\[arrow.*\] (.*);", tex)
        assert arrows and all(re.fullmatch(r"\(neuron-.*\) -- \(neuron-.*\)", a) for a in arrows)


def test_an_arrow_that_ends_elsewhere_keeps_its_place():
    circle = Circle(0, 0, 10, "#FF8080")
    picture = Picture()
    picture.add(Group("a", (circle, Formula("x", 0, 0, "centre"))))
    picture.add(Arrow(10, 0, 60, 0), Arrow(10, 0, 10, 60), Arrow(12, 0, 60, 0))
    ends = re.findall(r"\\draw\[arrow\] (.*);", picture.tex())
    assert ends == ["(a) -- (60, 0)", "(10, 0) -- (10, 60)", "(12, 0) -- (60, 0)"]


def test_a_box_is_as_large_as_drawn_and_grows_with_its_letters():
    box = Box((Formula("h", size=30), Text("слой", size=15, colour="#CC0000")), 10, 20)
    picture = Picture()
    picture.add(box)
    tex, b = picture.tex(), box.bounds
    assert f"minimum width={b.width:.2f}".rstrip("0") in tex and "anchor=north" in tex
    assert r"\scalebox{3}{$h$}\\[12bp]" in tex
    assert r"\textcolor{crimson}{\scalebox{1.5}{слой}}" in tex


def test_what_is_there_only_to_be_pointed_at_is_not_written():
    unseen = Rectangle(Bounds(0, 0, 9, 9), "transparent"), Line(((0, 0), (9, 9)), "transparent")
    picture = Picture()
    picture.add(*unseen, Text("x"))
    assert "transparent" not in picture.tex() and r"\fill" not in picture.tex()


def test_colours_have_names_of_their_own():
    assert len(set(NAMES.values())) == len(NAMES)
    for picture in lecture():
        tex = picture.tex()
        named = re.findall(r"\\definecolor\{(\w+)\}", tex)
        used = re.findall(r"(?:fill=|text=|draw=|textcolor\{|fill\[)(\w+)", tex)
        assert len(set(named)) == len(named) and {*used} <= {*named, "white", "black"}


def test_the_same_shapes_give_the_same_text():
    assert SLIDES["D"]("ru").tex() == SLIDES["D"]("ru").tex()
    model, x, y, loss = random_case(3)
    made = {viz.network(model, np.array(x), y, loss).tex() for _ in range(2)}
    assert len(made) == 1
