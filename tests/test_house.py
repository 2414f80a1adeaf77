"""The house: which package may import which, and how long the reading path may grow."""

import ast
import io
import pathlib
import re
import subprocess
import sys
import tokenize

import pytest

ROOT = pathlib.Path(__file__).parent.parent
PACKAGES = ("autograd_lite", "nn", "viz")
READING_PATH = [  # in the order that README, the package and docs/architecture.md announce
    "autograd_lite.tiny",
    "autograd_lite.derivatives",
    "autograd_lite.derivatives.elementwise",
    "autograd_lite.derivatives.reductions",
    "autograd_lite.tensor",
    "autograd_lite.backpropagation",
    "autograd_lite.broadcasting",
]


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")
}


def imported(path, everywhere=False):
    """The modules that a file imports at its top (or anywhere in it)."""
    tree = ast.parse(path.read_text())
    found = set()
    for node in ast.walk(tree) if everywhere else tree.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (
                names & set(MODULES)
                if names <= set(MODULES)
                else {node.module} | (names & set(MODULES))
            )
    return found


def own(names):
    return {name for name in names if name in MODULES}


@pytest.mark.parametrize(
    ("package", "may"), [("autograd_lite", {"autograd_lite"}), ("nn", {"autograd_lite", "nn"})]
)
def test_packages_import_one_way(package, may):
    for name, path in MODULES.items():
        if name.split(".")[0] == package:
            used = {module.split(".")[0] for module in imported(path, everywhere=True)} & set(
                PACKAGES
            )
            assert used <= may, f"{name} imports {used - may}"


def test_the_engine_depends_on_numpy_alone():
    for name, path in MODULES.items():
        if name.split(".")[0] == "autograd_lite" and name != "autograd_lite.scipy_special":
            foreign = {
                module.split(".")[0] for module in imported(path, everywhere=True)
            } - sys.stdlib_module_names
            assert foreign <= {"numpy", "autograd_lite"}, f"{name} imports {foreign}"


def test_no_import_of_ours_hides_in_a_function():
    for name, path in MODULES.items():
        hidden = own(imported(path, everywhere=True)) - own(imported(path))
        assert not hidden, f"{name} imports {hidden} inside a function"


def test_there_is_no_cycle():
    graph = {name: own(imported(path)) for name, path in MODULES.items()}
    done = set()

    def visit(name, way):
        assert name not in way, " -> ".join([*way, name])
        if name not in done:
            for other in graph[name]:
                visit(other, [*way, name])
            done.add(name)

    for name in graph:
        visit(name, [])


def test_inside_the_engine_imports_point_to_the_tables():
    order = [
        "derivatives",
        "functions",
        "binding",
        "backpropagation",
        "tensor",
        "batching",
        "tracing",
        "programs",
        "entries",
        "transforms",
        "checking",
    ]
    for name, path in MODULES.items():
        part = name.split(".")[1] if name.startswith("autograd_lite.") else None
        if part in order:
            used = {module.split(".")[1] for module in own(imported(path)) if module.count(".")}
            later = {
                other for other in used if other in order and order.index(other) > order.index(part)
            }
            assert not later, f"{name} imports {later}"


def lines_of_code(path):
    """Lines that hold more than a comment, a docstring or nothing."""
    text = path.read_text()
    code = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (
            tokenize.COMMENT,
            tokenize.NL,
            tokenize.NEWLINE,
            tokenize.INDENT,
            tokenize.DEDENT,
            tokenize.ENDMARKER,
        ):
            code |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            docstring = node.body[0]
            code -= set(range(docstring.lineno, docstring.end_lineno + 1))
    return len(code)


def with_what_they_import(names):
    """The modules and, so that nothing is left out of the count, all that they import."""
    found, queue = set(), list(names)
    for name in queue:
        if name not in found:
            found.add(name)
            queue.extend(own(imported(MODULES[name])) - {"autograd_lite"})
    return found


def test_the_reading_path_fits_one_sitting():
    lengths = {name: lines_of_code(MODULES[name]) for name in with_what_they_import(READING_PATH)}
    assert sum(lengths.values()) <= 1170, lengths
    assert lengths["autograd_lite.backpropagation"] <= 130, lengths


@pytest.mark.parametrize("page", ["README.md", "autograd_lite/__init__.py", "docs/architecture.md"])
def test_one_order_of_reading_is_announced(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`(?:autograd_lite/)?((?:derivatives/)?\w+\.py)`", text)
    path = [str(MODULES[name].relative_to(ROOT / "autograd_lite")) for name in READING_PATH]
    begin = named.index("tiny.py")
    assert named[begin : begin + len(path)] == path


def test_the_reading_path_does_not_mention_what_stands_in_for_arrays():
    for name in with_what_they_import(READING_PATH):
        found = re.findall(
            r"\bStacks?\b|\bbatching\b|\bSymbols?\b|\btracing\b|\bprograms\b",
            MODULES[name].read_text(),
        )
        assert not found, f"{name} speaks of {found}"


def test_each_derivative_is_a_line_or_two():
    """A rule that has grown into a program wants a named helper below the table."""
    for path in (ROOT / "autograd_lite/derivatives").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Lambda):
                assert node.end_lineno - node.lineno <= 6, f"{path.name}:{node.lineno}"


def test_the_packages_that_are_imported_are_ours():
    code = "import autograd_lite, nn, viz; print(autograd_lite.__file__, nn.__file__, viz.__file__)"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    assert [pathlib.Path(file).parent for file in shown] == [ROOT / package for package in PACKAGES]


def test_importing_loads_no_heavy_library():
    code = "import sys, autograd_lite, nn, viz; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()
    heavy = {
        "scipy",
        "matplotlib",
        "ziamath",
        "pygraphviz",
        "graphviz",
        "pandas",
        "tqdm",
        "torch",
        "resvg_py",
        "svglib",
    }
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_every_public_name_is_documented():
    for name, path in MODULES.items():
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree) or not tree.body, f"{name} has no docstring"
        for node in tree.body:
            public = isinstance(node, ast.ClassDef) or (
                isinstance(node, ast.FunctionDef) and "derivatives." not in name
            )
            if public and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{name}.{node.name} has no docstring"
