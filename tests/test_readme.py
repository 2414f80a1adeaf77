"""Every Python snippet of README and CONTRIBUTING runs, top to bottom as a reader would; the pages
that they lead to are there; and the picture on top is ours.
"""

import pathlib
import re
import subprocess
import sys
from importlib.util import find_spec

import pytest

from viz.__main__ import main
from viz.lecture.slides import SLIDES

ROOT = pathlib.Path(__file__).parents[1]
NEEDS = {
    "viz.graph(": "pygraphviz",
    "nn.minimize(": "scipy",
    "import NetworkClassifier": "sklearn",
}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_snippet_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    names, missing = {"__name__": "__main__"}, set()
    for snippet in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        lacking = {
            package
            for sign, package in NEEDS.items()
            if sign in snippet[1] and not find_spec(package)
        }
        missing |= lacking
        # Later snippets build on it.
        code = "\n".join(filter(_imports, snippet[1].splitlines())) if lacking else snippet[1]
        # So that a traceback gives the line of the page.
        before = text[: snippet.start(1)].count("\n")
        exec(compile("\n" * before + code, ROOT / page, "exec"), names)
    if missing:
        pytest.skip(f"all but the snippets that need {', '.join(sorted(missing))}")


def _imports(line):
    return line.startswith("import ") and find_spec(line.split()[1].split(".")[0])


COMMANDS = re.findall(
    r"\.venv/bin/python -m viz ([^`\n]+)", (ROOT / "README.md").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    few = command.replace("--variants 30", "--variants 2")  # of which each is made like the others
    assert main(few.split()) == 0
    assert capsys.readouterr().out and any(tmp_path.iterdir())


def broken_links(page):
    """Those of a page's links to files that lead nowhere."""
    links = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    assert links
    return [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/comparison.md", "docs/architecture.md"]
)
def test_where_a_page_leads_is_there(page, tmp_path):
    assert broken_links(ROOT / page) == []
    copy = tmp_path / "page.md"
    copy.write_text("[here](page.md#top), [there](nowhere.md), [far](https://pypi.org)")
    assert broken_links(copy) == ["nowhere.md"]


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 130


def test_the_picture_on_top_is_what_viz_draws():
    assert (ROOT / "docs/backpropagation.svg").read_text(encoding="utf-8") == SLIDES["D"](
        "en"
    ).svg()


def test_the_pictures_of_the_architecture_are_what_viz_draws():
    command = "import make_architecture as m; print(*[m.PICTURES[n]().svg() for n in m.PICTURES])"
    drawn = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT / "docs",
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    files = [ROOT / f"docs/architecture/{name}.svg" for name in ("call", "backward", "rooms")]
    assert drawn == " ".join(file.read_text(encoding="utf-8") for file in files) + "\n"


def test_the_table_of_libraries_is_what_they_do():
    command = [sys.executable, "-m", "benchmarks.capabilities"]
    printed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True
    ).stdout
    answers, claims = (
        cells(printed),
        cells((ROOT / "docs/comparison.md").read_text(encoding="utf-8")),
    )
    assert answers and {place: claims[place] for place in answers} == answers


def cells(text):
    """{(row, column): text} of the table in which a column is called "ours"; its rows end at an
    empty line.
    """
    lines = text[text.index("|  | ours") :].split("\n\n")[0].splitlines()
    (_, *columns), _, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines)
    return {
        (name, column): cell
        for name, *row in rows
        for column, cell in zip(columns, row, strict=True)
    }
