"""The site: it is built without a warning, no link in it is broken, nothing is asked of a network,
and every public name is there.
"""

import functools
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

import autograd_lite as ag
import nn
import viz
from viz.__main__ import main

ROOT = pathlib.Path(__file__).parents[1]
DOCS = ROOT / "docs"
TOOLS = ("sphinx", "myst_nb", "pydata_sphinx_theme", "sphinx_copybutton")
TOOLS += ("pygraphviz", "scipy", "sklearn")  # without which pages cannot be made
# What makes a page ask for another file, and what does so in a style sheet.
LOADS = {"src", "srcset", "data", "poster"}
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


@functools.cache
def without(tools=TOOLS):
    return [tool for tool in tools if not importlib.util.find_spec(tool)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site, built once."""
    if without():
        pytest.skip(f'pip install "autograd-lite[site]": there is no {", ".join(without())}')
    made = tmp_path_factory.mktemp("build")
    command = [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-d", made / "doctrees"]
    built = subprocess.run(
        [*command, DOCS, made / "site"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return made / "site"


class Page(HTMLParser):
    """What a page has: its links, what it loads, the places that can be linked to, its pictures."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places, self.names = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places |= {given[key] for key in ("id", "name") if given.get(key)}
        self.loads += [given[key] for key in LOADS & set(given) if given[key]]
        if tag == "img" and not given["src"].startswith("data:"):
            self.names.append(given.get("alt", ""))
        if given.get("href"):
            (self.loads if tag == "link" else self.links).append(given["href"])
        if "srcdoc" in given:  # a page within the page
            inner = Page.__new__(Page)
            HTMLParser.__init__(inner)
            inner.links, inner.loads, inner.places, inner.names = [], [], set(), []
            inner.feed(given["srcdoc"])
            self.loads += inner.loads

    handle_startendtag = handle_starttag


def our_pages(site):
    """All pages but what the theme has in its own folder."""
    theirs, live = site / "_static", site / "_static/live"
    return sorted(p for p in site.rglob("*.html") if theirs not in p.parents or live in p.parents)


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in our_pages(site)}


def broken(pages):
    """(page, link) of each link to a file, or to a place in a page, that is not there."""
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.exists() or (place and place not in pages[target].places):
                yield path.name, link


def test_no_link_is_broken(pages):
    assert len(pages) > 25
    assert list(broken(pages)) == []


def test_a_broken_link_is_found(tmp_path):
    (tmp_path / "other.html").write_text('<h1 id="here">')
    (tmp_path / "page.html").write_text(
        '<a href="other.html#here"><a href="other.html#there"><img src="none.png"><a href="#top">'
    )
    found = broken({path: Page(path) for path in tmp_path.glob("*.html")})
    assert [link for _, link in found] == ["other.html#there", "#top", "none.png"]


def outside(loads):
    """Those of the files that are not in the site."""
    return [link for link in loads if re.match(r"(?!data:|file:|about:)[a-z+]+:|//", link)]


def test_nothing_is_asked_of_a_network(site, pages):
    assert [
        (path.name, outside(page.loads)) for path, page in pages.items() if outside(page.loads)
    ] == []
    for sheet in site.rglob("*.css"):
        asked = ["".join(found) for found in IN_STYLE.findall(sheet.read_text(encoding="utf-8"))]
        assert outside(asked) == [], sheet
    assert outside(["https://a.b/c.js", "//a.b/c", "data:image/png;base64,", "c.js"]) == [
        "https://a.b/c.js",
        "//a.b/c",
    ]


def test_every_picture_has_a_name(pages):
    assert sum(len(page.names) for page in pages.values()) > 50
    assert [path.name for path, page in pages.items() if not all(page.names)] == []


def test_no_formula_is_left_as_it_was_typed(site):
    written = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    assert sum(page.count('<svg class="formula"') for page in written) > 100
    assert [page for page in written if "MathJax" in page or r"\(\omega" in page] == []


def test_every_public_name_is_in_the_reference(site, pages):
    names = {f"{package.__name__}.{name}" for package in (ag, nn, viz) for name in package.__all__}
    names |= {f"nn.init.{name}" for name in vars(nn.init) if re.fullmatch(r"[a-z]\w*_", name)}
    names |= {"nn.estimators.NetworkClassifier", "nn.estimators.NetworkRegressor"}
    places = set().union(
        *(page.places for path, page in pages.items() if path.parent.name == "reference")
    )
    assert names - places - {"nn.init"} == set()


# What can be seen without the site's tools.


def cells(page, kind):
    """The code of a page's fences of one kind."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{re.escape(kind)}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_gallery_shows_every_public_name_of_viz_in_a_few_lines():
    made = cells("gallery.md", "{code-cell}")
    assert set(viz.__all__) - set(re.findall(r"\bviz\.(\w+)\(", "\n".join(made))) == set()
    assert [cell for cell in made if cell.count("\n") > 6] == []


def test_every_page_that_is_run_says_so():
    for path in DOCS.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert ("\n```{code-cell}" in text) == ("execution_mode: force" in text), path.name


@pytest.mark.parametrize(
    ("page", "needs"),
    [("pytorch.md", "torch"), pytest.param("dask.md", "distributed", marks=pytest.mark.slow)],
)
def test_the_recipes_with_other_libraries_run(page, needs, tmp_path):
    pytest.importorskip(needs)
    if needs == "distributed":
        pytest.importorskip("sklearn")
    script = tmp_path / "recipe.py"
    script.write_text("".join(cells(f"how-to/{page}", "python")), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def commands():
    """What stands behind `python -m viz` in the pages."""
    code = "".join("".join(cells(path, "sh")) for path in sorted(DOCS.rglob("*.md")))
    return re.findall(r"python -m viz (.+)", code.replace("\\\n", ""))


@pytest.mark.parametrize("command", commands())
def test_the_commands_run(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    few = command.replace("--variants 30", "--variants 2")  # of which each is made like the others
    assert main(few.split()) == 0
    assert capsys.readouterr().out and any(tmp_path.iterdir())


def test_no_python_stands_in_the_pages_that_nobody_runs():
    run = {"how-to/pytorch.md", "how-to/dask.md"}
    found = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md") if cells(path, "python")}
    assert found - run == {"explanation/engine.md"}  # two lines of the table, as they stand there


def test_the_lines_of_the_table_stand_there():
    table = "".join(
        (ROOT / "autograd_lite/derivatives").joinpath(name).read_text("utf-8")
        for name in ("elementwise.py", "pairs.py")
    )
    squeezed = lambda text: re.sub(r"\s+", "", text)
    for line in cells("explanation/engine.md", "python")[0].splitlines():
        assert squeezed(line) in squeezed(table)


# In a browser.


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_window_and_have_nothing_to_complain_of(site, browser, width):
    page, troubles = browser.new_page(viewport={"width": width, "height": 800}), []
    page.on(
        "console", lambda said: said.type in ("warning", "error") and troubles.append(said.text)
    )
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda asked: troubles.extend(outside([asked.url])))
    for path in our_pages(site):
        page.goto(path.as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert (path.name, wide) == (path.name, width)
    assert troubles == []
    page.close()


def test_the_live_page_is_seen_first_and_steps(site, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    for name in ("index", "ru"):
        page.goto((site / f"{name}.html").as_uri())
        frame = page.frame_locator("iframe.live")
        before = frame.locator("#count").inner_text()
        assert page.locator("iframe.live").bounding_box()["y"] < 250
        frame.locator("#next").click()
        assert frame.locator("#count").inner_text() != before
    page.close()


def test_search_works_from_the_folder(site, browser):
    page = browser.new_page()
    page.goto((site / "search.html").as_uri() + "?q=dropout")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("Regularization" in title for title in found), found
    page.close()
