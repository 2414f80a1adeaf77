"""Every Python snippet of README and CONTRIBUTING runs, top to bottom as a reader would; and the picture on top is ours."""

import pathlib
import re
from importlib.util import find_spec

import pytest

from viz.slides import SLIDES

ROOT = pathlib.Path(__file__).parents[1]
NEEDS = {"import torch": "torch", "viz.graph(": "pygraphviz", '.pdf"': "svglib", "nn.minimize(": "scipy"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_snippet_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    names, missing = {"__name__": "__main__"}, set()
    for snippet in re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        lacking = {package for sign, package in NEEDS.items() if sign in snippet[1] and not find_spec(package)}
        missing |= lacking
        if not lacking:
            before = text[: snippet.start(1)].count("\n")  # so that a traceback gives the line of the page
            exec(compile("\n" * before + snippet[1], ROOT / page, "exec"), names)
    if missing:
        pytest.skip(f"all but the snippets that need {', '.join(sorted(missing))}")


def test_the_readmes_files_are_there():
    links = re.findall(r"\]\(([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_picture_on_top_is_what_viz_draws():
    assert (ROOT / "docs/backpropagation.svg").read_text(encoding="utf-8") == SLIDES["D"]("en").svg()
