"""The rooms of nn, in their order: each imports only those before it."""

import ast
import pathlib

import pytest

import nn

NN = pathlib.Path(nn.__file__).parent
ROOMS = [".", "lecture", "training", "bringing", "econometrics", "estimators"]


def room(module):
    """The room that a module of nn stands in; what nn itself exports may be of any, so the last."""
    part = f"{module}.".split(".")[1]
    return part if part in ROOMS else "." if (NN / f"{part}.py").exists() else ROOMS[-1]


def rooms_imported(path):
    """The rooms of nn that a file imports from, anywhere in it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {room(module) for module in modules if module.split(".")[0] == "nn"}


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_imports_only_the_rooms_before_it(name):
    may = set(ROOMS[: ROOMS.index(name) + 1])
    for path in (NN / name).glob("*.py"):
        if path != NN / "__init__.py":  # which exports what is public, from all rooms
            assert rooms_imported(path) <= may, path


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_is_seen_at_a_glance(name):
    assert len(list((NN / name).glob("*.py"))) <= 15


def test_every_folder_is_a_room():
    assert {path.parent.relative_to(NN).as_posix() for path in NN.rglob("*.py")} == set(ROOMS)
