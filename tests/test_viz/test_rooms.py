"""The rooms of viz: each imports only those before it."""

import ast
import graphlib
import pathlib

import pytest

ROOMS = ["canvas", "language", "reading", "pictures", "lesson", "lecture"]
VIZ = pathlib.Path(__file__).parents[2] / "viz"
ABOUT_A_DOZEN = 13
PRIVATE = {"_array", "_born", "_describe", "_values", "_wanted"}  # what a Tensor keeps to itself


def sources():
    """{module: its source} of all modules of viz."""
    found = {}
    for path in VIZ.rglob("*.py"):
        parts = path.relative_to(VIZ.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = path.read_text(encoding="utf-8")
    return found


def imported(source, modules):
    """The modules of viz that a source imports, at its top or hidden in a function."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import hides the room"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & modules
            if not names <= modules:
                found.add(node.module)
    return {name for name in found if name.split(".")[0] == "viz"}


def faults(modules):
    """The imports that lead to a later room, or out of all of them; `modules` as `sources` gives
    them.
    """
    found = []
    for name, source in modules.items():
        if name in ("viz", "viz.__main__"):
            continue
        for other in imported(source, set(modules)):
            here, there = ((*module.split("."), "")[1] for module in (name, other))
            if there not in ROOMS or ROOMS.index(there) > ROOMS.index(here):
                found.append(f"{name} imports {other}")
    return found


def test_each_room_imports_only_those_before_it():
    assert faults(sources()) == []


@pytest.mark.parametrize(
    "line",
    [
        "import viz",
        "from viz.lesson import trace",
        "def f():\n    from viz.language.numbers import digits",
        "import viz.reading.model",
    ],
)
def test_a_room_that_imports_a_later_one_is_found(line):
    assert len(faults(sources() | {"viz.canvas.shapes": line})) == 1


def test_there_is_no_cycle():
    modules = sources()
    graph = {name: imported(source, set(modules)) for name, source in modules.items()}
    graphlib.TopologicalSorter(graph).prepare()
    graph["viz.canvas.bounds"].add("viz.canvas.picture")
    with pytest.raises(graphlib.CycleError):
        graphlib.TopologicalSorter(graph).prepare()


def test_every_module_is_in_a_room_of_about_a_dozen():
    modules = [name.split(".") for name in sources() if name not in ("viz", "viz.__main__")]
    assert {room for _, room, *_ in modules} == set(ROOMS)
    for folder in {path.parent for path in VIZ.rglob("*.py")} - {VIZ / "lesson"}:
        files = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(files) <= ABOUT_A_DOZEN, f"{folder.name}: {files}"


def test_one_file_looks_into_tensors():
    for name, source in sources().items():
        for node in ast.walk(ast.parse(source)):
            looks = isinstance(node, ast.Attribute) and node.attr in PRIVATE
            assert not looks or name == "viz.reading.record", f"{name}: .{node.attr}"
