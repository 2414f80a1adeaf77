"""What a release says of itself is one thing wherever it stands; and where others have taken the
names nn and viz, that is said.
"""

import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import autograd_lite as ag
import nn
import viz
from autograd_lite import namesakes

ROOT = pathlib.Path(__file__).parents[1]
PACKAGES = ("autograd_lite", "nn", "viz")


@pytest.fixture
def settings():
    """What pyproject.toml says."""
    tomllib = pytest.importorskip("tomllib")  # of Python 3.11
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def citation():
    """{key: value} of what stands in one line of CITATION.cff, or begins there."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w-]+):\s*(.*)$", text, re.MULTILINE))


def versions():
    """(version, date) of each heading of the changelog, the newest first."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall("^## (.*)$", text, re.MULTILINE)
    released = [
        re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading)
        for heading in headings
        if heading != "[Unreleased]"
    ]
    assert released and all(released), headings
    return [heading.groups() for heading in released]


def test_there_is_one_version(settings):
    assert {ag.__version__, nn.__version__, viz.__version__} == {settings["project"]["version"]}
    assert versions()[0] == (citation()["version"], citation()["date-released"])
    assert citation()["version"] == ag.__version__


def test_the_citation_has_what_its_format_demands(settings):
    """Citation File Format 1.2.0: these four; and what ours adds is true."""
    found = citation()
    assert {"cff-version", "message", "title", "authors"} <= found.keys()
    assert found["cff-version"] == "1.2.0"
    assert found["type"] == "software"
    assert found["license"] == settings["project"]["license"]
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall("^  - name: (.*)$", text, re.MULTILINE) == [
        author["name"] for author in settings["project"]["authors"]
    ]


def test_the_addresses_of_a_release_are_its_own(settings):
    urls = settings["project"]["urls"]
    assert urls["Homepage"] == f"https://pypi.org/project/{settings['project']['name']}/"
    assert all(re.fullmatch(r"https://\S+", url) for url in urls.values())


def test_the_archive_of_the_source_holds_what_the_tests_read(settings):
    held = settings["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert [name for name in held if not (ROOT / name).exists()] == []
    assert {*PACKAGES, "tests", "docs", "notebooks", "benchmarks", "README.md"} <= {*held}
    readable = {path.name for path in ROOT.glob("*.*") if path.suffix in (".md", ".cff")}
    assert readable <= {*held}


def test_the_site_is_built_by_one_command():
    """README, CONTRIBUTING and the page's own settings name the same; CI runs it, where it is."""
    command = "-m sphinx -W -n -q -d build/doctrees docs build/site"
    for page in ("README.md", "CONTRIBUTING.md", "docs/conf.py"):
        assert command in (ROOT / page).read_text(encoding="utf-8"), page
    script = ROOT / ".ci/run"  # which the archive of the source does not hold
    assert not script.exists() or command in script.read_text(encoding="utf-8")


# Others of the same name.


def run(code, *path, options=()):
    """Runs the code in a fresh process that finds our packages in these folders alone, in this
    order.
    """
    elsewhere = "not os.path.isdir(os.path.join(folder, 'viz'))"
    program = (
        f"import os, sys\nsys.path[:] = [folder for folder in sys.path if {elsewhere}]\n"
        f"sys.path[:0] = {[str(folder) for folder in path]}\n{code}"
    )
    return subprocess.run(
        [sys.executable, *options, "-c", program], capture_output=True, text=True, cwd=path[0]
    )


@pytest.fixture(params=["file", "folder"])
def other(request, tmp_path):
    """A function that makes a module of somebody else's, and returns its file."""

    def make(name):
        file = tmp_path / (f"{name}.py" if request.param == "file" else f"{name}/__init__.py")
        file.parent.mkdir(exist_ok=True)
        file.write_text("class MLP: pass\n")
        return file

    return make


@pytest.fixture
def installed(tmp_path):
    """A folder with copies of the three packages, as pip leaves them."""
    folder = tmp_path / "site-packages"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_without_namesakes_nothing_is_said(tmp_path):
    done = run("import viz, nn, autograd_lite", tmp_path, ROOT, options=["-W", "error"])
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_without_code_hides_nothing(tmp_path, monkeypatch):
    (tmp_path / "viz").mkdir()
    with monkeypatch.context() as patched:  # where ours are found in another way than by a path
        patched.setattr(sys, "path", [str(tmp_path)])
        assert namesakes.stranger("viz") is None
        patched.setattr(sys, "path", [])
        assert namesakes.stranger("viz") is None
    done = run("import nn, viz; viz.network", tmp_path, ROOT, options=["-W", "error"])
    assert (done.returncode, done.stderr) == (0, "")


def test_viz_names_the_nn_that_hides_ours(other, tmp_path):
    file = other("nn")
    done = run("import viz", tmp_path, ROOT)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"ImportError: `import nn` runs {file}, which hides autograd-lite's nn")
    assert str(ROOT / "nn") in last and "pip uninstall nn" in last


@pytest.mark.parametrize("name", ["nn", "viz"])
def test_the_engine_warns_of_who_hides_the_others_and_works(name, other, tmp_path):
    file = other(name)
    done = run("import autograd_lite as ag; print(ag.Tensor(1.0))", tmp_path, ROOT)
    assert done.returncode == 0 and done.stdout
    assert f"RuntimeWarning: `import {name}` runs {file}, which hides" in done.stderr
    assert "<string>:4: RuntimeWarning" in done.stderr  # the line of the import


def test_nn_works_beside_another_viz(other, tmp_path):
    other("viz")
    done = run("import nn; print(nn.MLP([1, 1]))", tmp_path, ROOT)
    assert done.returncode == 0 and "hides autograd-lite's viz" in done.stderr


@pytest.mark.parametrize("name", ["nn", "viz"])
def test_what_was_installed_over_ours_is_named(name, installed):
    file = installed / name / "__init__.py"
    file.write_text("class MLP: pass\n")
    done = run("import autograd_lite", installed)
    assert done.returncode == 0
    assert f"{file} is not autograd-lite's any more" in done.stderr
    assert f"pip uninstall {name}" in done.stderr and "--force-reinstall" in done.stderr
    if name == "nn":
        done = run("import viz", installed)
        assert f"ImportError: {file} is not autograd-lite's any more" in done.stderr


@pytest.mark.parametrize("name", ["nn", "viz"])
def test_what_took_our_files_along_is_noticed(name, installed):
    """As pip does when it uninstalls a distribution that ours was installed over."""
    (installed / name / "__init__.py").unlink()
    done = run("import autograd_lite", installed)
    assert f"{installed / name} is not autograd-lite's any more" in done.stderr
    if name == "nn":
        done = run("import viz", installed)
        assert f"ImportError: {installed / name} is not autograd-lite's any more" in done.stderr


def test_an_engine_within_a_program_that_has_a_viz_of_its_own_says_nothing(installed):
    for file in (installed / "nn" / "data.csv", installed / "viz" / "__init__.py"):
        shutil.rmtree(file.parent)
        file.parent.mkdir()
        file.write_text("")
    done = run("import autograd_lite, viz", installed, options=["-W", "error"])
    assert (done.returncode, done.stderr) == (0, "")


def test_an_engine_alone_says_nothing_of_nn_and_viz(other, installed, tmp_path):
    for name in ("nn", "viz"):
        shutil.rmtree(installed / name)
        other(name)
    done = run("import autograd_lite", tmp_path, installed, options=["-W", "error"])
    assert (done.returncode, done.stderr) == (0, "")


def test_copies_without_sources_are_ours(installed):
    command = [sys.executable, "-m", "compileall", "-q", "-b", installed]
    subprocess.run(command, check=True)
    for source in installed.rglob("*.py"):
        source.unlink()
    done = run("import nn", installed, options=["-W", "error::RuntimeWarning"])
    assert (done.returncode, done.stderr) == (0, "")
