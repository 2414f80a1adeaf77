"""The house: which room may import which, how long files, functions and the reading path may grow.

A rule is a function of the sources that lists the breaches it finds. Each is held against the house
as it stands, and against one with a breach in it.
"""

import ast
import functools
import graphlib
import io
import pathlib
import re
import subprocess
import sys
import tokenize
from collections import Counter

import pytest

ROOT = pathlib.Path(__file__).parent.parent
PACKAGES = ("autograd_lite", "nn", "viz")
# Each room imports only from itself and from those before it. The files of a package that stand in
# no folder are a room, too; its __init__.py, which hands out what is public, comes after all of it.
ROOMS = [
    "autograd_lite.derivatives",
    "autograd_lite",
    "autograd_lite.checking",
    "autograd_lite.__init__",
    "nn",
    "nn.lecture",
    "nn.training",
    "nn.bringing",
    "nn.econometrics",
    "nn.__init__",
    "nn.estimators",
    "viz.canvas",
    "viz.language",
    "viz.reading",
    "viz.pictures",
    "viz.lesson",
    "viz.lecture",
    "viz",
    "viz.__init__",
]
# In the engine the tables know nothing of the walk, the walk nothing of Tensors, and so on.
ENGINE = ["functions", "binding", "backpropagation", "tensor", "batching", "tracing"]
ENGINE += ["programs", "entries", "transforms", "checking"]
LONGEST_FILE, LONGEST_FUNCTION, A_DOZEN = 300, 45, 14  # lines of code, and files
READING_PATH = [  # in the order that README, the package and docs/architecture.md announce
    "autograd_lite.tiny",
    "autograd_lite.derivatives",
    "autograd_lite.derivatives.elementwise",
    "autograd_lite.derivatives.reductions",
    "autograd_lite.tensor",
    "autograd_lite.backpropagation",
    "autograd_lite.broadcasting",
]


# The sources: {module: its text}. A package's own are called autograd_lite.derivatives.__init__.


def read():
    """The sources of the three packages as they stand."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in paths
    }


SOURCES = read()


@functools.cache
def parsed(source):
    return ast.parse(source)


def module_named(name, sources):
    """The module that an import's name stands for; of a name from a module, that module."""
    for module in (name, f"{name}.__init__"):
        if module in sources:
            return module
    return module_named(name.rpartition(".")[0], sources) if "." in name else None


def imports(nodes, sources):
    """The names that these statements import: of our modules as in `sources`, of others as written.

    What is imported from a module may be a module itself.
    """
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # A relative import does not say which room it leads to: it is no name of ours.
            home = "." * node.level + (node.module or "")
            names = [f"{home}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {module_named(name, sources) or name for name in names}
    return found


def imported(module, sources):
    """All that a module imports: at its top, in functions, or for type checkers alone."""
    return imports(ast.walk(parsed(sources[module])), sources)


def ours(module, sources):
    return imported(module, sources) & sources.keys()


def package(module):
    return module.split(".")[0]


def room(module):
    """The last in `ROOMS` of those that the module stands in: viz.canvas for a writer."""
    return max(name for name in ROOMS if f"{module}.".startswith(f"{name}."))


@functools.cache
def lines_of_code(source):
    """The numbers of the lines that hold more than a comment, a docstring or nothing."""
    empty = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    empty |= {tokenize.INDENT, tokenize.DEDENT}
    code = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in empty:
            code |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(parsed(source)):
        if documented(node):
            code -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return code


def documented(node):
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return isinstance(node, kinds) and ast.get_docstring(node) is not None


def functions(source):
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(parsed(source)) if isinstance(node, kinds)]


# The rules.


def imports_of_later_rooms(sources):
    return [
        f"{module} imports {other}"
        for module in sources
        for other in sorted(ours(module, sources))
        if ROOMS.index(room(other)) > ROOMS.index(room(module))
    ]


def imports_of_later_files_of_the_engine(sources):
    found = []
    for module in sources:
        for other in sorted(ours(module, sources)):
            here, there = ((*name.split("."), "")[1] for name in (module, other))
            if package(module) == package(other) == "autograd_lite" and {here, there} <= {*ENGINE}:
                found += [f"{module} imports {other}"] * (ENGINE.index(there) > ENGINE.index(here))
    return found


def imports_that_hide(sources):
    """What is ours is imported at the top of a file, in full, by a statement."""
    found = []
    for module, source in sources.items():
        tree = parsed(source)
        seen = imports(tree.body, sources)
        found += [f"{module} hides {other}" for other in ours(module, sources) - seen]
        found += [f"{module} imports {name}" for name in seen if name.startswith(".")]
        found += [
            f"{module} imports {node.value} by its name"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and module_spelled(node.value, sources)
        ]
    return found


def module_spelled(value, sources):
    """Whether this is the name of one of our modules, as importlib would take it."""
    return isinstance(value, str) and value.count(".") and {value, f"{value}.__init__"} & {*sources}


def cycles(sources):
    graph = {module: ours(module, sources) - {module} for module in sources}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [" <- ".join(error.args[1])]
    return []


def modules_without_a_room(sources):
    """A new folder is a new room, and wants its place in the list."""
    folders = {module.rpartition(".")[0] for module in sources} - {*PACKAGES}
    inner = {folder for folder in folders if folder.rpartition(".")[0] in folders}  # canvas.writers
    return sorted(folders - inner - {*ROOMS})


def crowded_rooms(sources):
    """About a dozen files can be seen at a glance. (lesson is told anew, and may want more rooms;
    a table of derivatives is found by its name.)
    """
    folders = Counter(m.rpartition(".")[0] for m in sources if not m.endswith(".__init__"))
    may = {"viz.lesson"} | {folder for folder in folders if package(folder) == "autograd_lite"}
    return [f"{f} holds {n} files" for f, n in folders.items() if n > A_DOZEN and f not in may]


def long_files(sources):
    lengths = {module: len(lines_of_code(source)) for module, source in sources.items()}
    return [f"{module}: {n} lines" for module, n in lengths.items() if n > LONGEST_FILE]


def long_functions(sources):
    found = []
    for module, source in sources.items():
        code = lines_of_code(source)
        for function in functions(source):
            first, last = function.body[0], function.body[-1]
            length = len(code & set(range(first.lineno, last.end_lineno + 1)))
            found += [f"{module}.{function.name}: {length} lines"] * (length > LONGEST_FUNCTION)
    return found


# PyTorch tells in no other way that code runs beside a layer.
PYTORCHS = {"_forward_hooks", "_forward_pre_hooks"}


def private_names_of_others(sources):
    """nn and viz reach what is private through self alone, so it is their own. (What Jupyter calls,
    _repr_html_, and what Graphviz writes, _draw_, is not private.)
    """
    found = []
    for module, source in sources.items():
        for node in ast.walk(parsed(source)) if package(module) != "autograd_lite" else ():
            match node:
                case ast.Attribute(value=ast.Name(id="self" | "cls")):
                    names = []
                case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
                    names = []
                case ast.Attribute(attr=name):
                    names = [name]
                case ast.ImportFrom(names=aliases):
                    names = [alias.name for alias in aliases]
                case ast.Constant(value=str(name)):  # getattr(x, "_array"), attrgetter("x._array")
                    names = name.split(".") if re.fullmatch(r"[\w.]+", name) else []
                case _:
                    names = []
            private = [
                name
                for name in names
                if re.fullmatch(r"_[a-z]\w*(?<!_)", name) and name not in PYTORCHS
            ]
            found += [f"{module} uses {name}" for name in private]
    return found


def rules_that_are_programs(sources):
    """A rule that has grown into a program wants a named helper below the table."""
    return [
        f"{module}, line {node.lineno}"
        for module, source in sources.items()
        if room(module) == "autograd_lite.derivatives"
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Lambda) and node.end_lineno - node.lineno > 6
    ]


def strangers_in_the_engine(sources):
    """The engine depends on NumPy alone."""
    may = {"numpy", "autograd_lite", *sys.stdlib_module_names}
    return [
        f"{module} imports {name}"
        for module in sources
        if package(module) == "autograd_lite" and module != "autograd_lite.scipy_special"
        for name in sorted({package(name) for name in imported(module, sources)} - may)
    ]


def undocumented(sources):
    found = []
    for module, source in sources.items():
        tree = parsed(source)
        found += [module] * bool(tree.body and not documented(tree))
        for node in tree.body:
            table = room(module) == "autograd_lite.derivatives"
            public = isinstance(node, ast.ClassDef) or (
                isinstance(node, ast.FunctionDef) and not table
            )
            if public and not node.name.startswith("_") and not documented(node):
                found.append(f"{module}.{node.name}")
    return found


def on_the_path(sources):
    """The modules of the path and, so that nothing is left out of the count, all they import."""
    found, queue = set(), [module_named(name, sources) for name in READING_PATH]
    for module in queue:
        if module not in found:
            found.add(module)
            queue.extend(ours(module, sources) - {"autograd_lite.__init__"})
    return found


def a_long_reading_path(sources):
    """It fits one sitting."""
    lengths = {module: len(lines_of_code(sources[module])) for module in on_the_path(sources)}
    walk = lengths["autograd_lite.backpropagation"]
    found = [f"the path: {sum(lengths.values())} lines, {lengths}"]
    return found * (sum(lengths.values()) > 1170) + [f"the walk: {walk} lines"] * (walk > 130)


def words_that_can_wait(sources):
    """The path speaks of arrays and Tensors, not of what else stands in for arrays."""
    words = r"\bStacks?\b|\bbatching\b|\bSymbols?\b|\btracing\b|\bprograms\b"
    return [
        f"{module} speaks of {word}"
        for module in on_the_path(sources)
        for word in re.findall(words, sources[module])
    ]


# The house as it stands, and with a breach.

LONG = "\n".join(["def f(x):"] + ["    x = x + 1"] * 46)
BREACHES = [
    (imports_of_later_rooms, "autograd_lite.functions", "import nn"),
    (imports_of_later_rooms, "nn.layers", "from viz.canvas import shapes"),
    (imports_of_later_rooms, "nn.layers", "import nn"),
    (imports_of_later_rooms, "nn.lecture.dead", "from nn.training.fitting import fit"),
    (imports_of_later_rooms, "autograd_lite.derivatives.pairs", "import autograd_lite.arrays"),
    (imports_of_later_rooms, "autograd_lite.tensor", "from autograd_lite import checking"),
    (imports_of_later_rooms, "viz.canvas.shapes", "from viz.lesson import trace"),
    (imports_of_later_rooms, "viz.canvas.shapes", "def f():\n    from viz.reading import model"),
    (imports_of_later_rooms, "viz.canvas.shapes", "if TYPE_CHECKING:\n    import viz.reading.run"),
    (imports_of_later_rooms, "viz.canvas.writers.svg", "from viz.language.numbers import digits"),
    (
        imports_of_later_files_of_the_engine,
        "autograd_lite.backpropagation",
        "from autograd_lite.tensor import Tensor",
    ),
    (imports_that_hide, "nn.layers", "def f():\n    from nn.module import Module"),
    (imports_that_hide, "nn.layers", "if TYPE_CHECKING:\n    from nn.module import Module"),
    (imports_that_hide, "nn.layers", "from . import module"),
    (imports_that_hide, "nn.layers", "module = importlib.import_module('nn.module')"),
    (cycles, "viz.canvas.bounds", "from viz.canvas.picture import Picture"),
    (modules_without_a_room, "nn.data.tables", "'''Tables.'''"),
    (long_files, "nn.layers", "x = 1\n" * 301),
    (long_functions, "nn.layers", LONG),
    (long_functions, "nn.layers", "class C:\n" + re.sub("^", "    ", LONG, flags=re.MULTILINE)),
    (private_names_of_others, "nn.layers", "def f(x):\n    return x._array"),
    (private_names_of_others, "viz.reading.record", "f = attrgetter('_born')"),
    (private_names_of_others, "viz.reading.run", "self.thing._values"),
    (private_names_of_others, "nn.layers", "from autograd_lite.tensor import _result"),
    (rules_that_are_programs, "autograd_lite.derivatives.pairs", "lambda g: (\n\n\n\n\n\n\ng)"),
    (strangers_in_the_engine, "autograd_lite.arrays", "def f():\n    import scipy.special"),
    (undocumented, "nn.layers", "'''Layers.'''\ndef linear(x): ..."),
    (undocumented, "nn.layers", "x = 1"),
    (a_long_reading_path, "autograd_lite.broadcasting", "x = 1\n" * 300),
    (a_long_reading_path, "autograd_lite.backpropagation", "x = 1\n" * 131),
    (words_that_can_wait, "autograd_lite.quick", "# of a Stack"),
]
BREACHES += [(crowded_rooms, "nn.training.more", {f"nn.training.more{i}": "" for i in range(5)})]
RULES = list(dict.fromkeys(rule for rule, _, _ in BREACHES))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_stands(rule):
    assert rule(SOURCES) == []


@pytest.mark.parametrize(
    ("rule", "module", "breach"),
    [pytest.param(*b, id=f"{b[0].__name__}-{i}") for i, b in enumerate(BREACHES)],
)
def test_a_breach_is_found(rule, module, breach):
    """One, and none but that."""
    sources = breach if isinstance(breach, dict) else {module: breach}
    assert len(rule(SOURCES | sources)) == 1


def test_what_is_no_code_is_not_counted():
    words, comments = "words\n" * 400, "# why\n\n" * 400
    source = f'"""{words}"""\ndef f():\n    """{words}"""\n{comments}    return 1\n'
    assert len(lines_of_code(source)) == 2
    assert long_files({"nn.layers": source}) == long_functions({"nn.layers": source}) == []


# What the pages say of the house.


@pytest.mark.parametrize("page", ["README.md", "autograd_lite/__init__.py", "docs/architecture.md"])
def test_one_order_of_reading_is_announced(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`(?:autograd_lite/)?((?:derivatives/)?\w+\.py)`", text)
    modules = [module_named(name, SOURCES).split(".")[1:] for name in READING_PATH]
    path = ["/".join(parts) + ".py" for parts in modules]
    begin = named.index("tiny.py")
    assert named[begin : begin + len(path)] == path


def test_the_pages_name_the_rooms_in_their_order():
    """The picture of the architecture, and the docstring of viz."""
    rooms = [name for name in ROOMS if "." in name and not name.endswith(".__init__")]
    tree = parsed((ROOT / "docs/make_architecture.py").read_text(encoding="utf-8"))
    table = next(
        n.value for n in tree.body if isinstance(n, ast.Assign) and "ROOMS" in ast.unparse(n)
    )
    drawn = [
        f"{home}.{folder}"
        for home, rows in ast.literal_eval(table).items()
        for row, _ in rows
        for folder in re.findall(r"(\w+)/", row)
    ]
    assert drawn == rooms
    listed = re.findall("^- `(\\w+)`:", SOURCES["viz.__init__"], re.MULTILINE)
    assert [f"viz.{name}" for name in listed] == [name for name in rooms if package(name) == "viz"]


# What is installed, and what importing costs.


def printed(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.split()


def test_the_packages_that_are_imported_are_ours():
    files = printed(
        "import autograd_lite as a, nn, viz; print(a.__file__, nn.__file__, viz.__file__)"
    )
    assert [pathlib.Path(file).parent for file in files] == [ROOT / name for name in PACKAGES]


def test_importing_loads_no_heavy_library():
    heavy = {"scipy", "sklearn", "matplotlib", "ziamath", "pygraphviz", "graphviz", "pandas"}
    heavy |= {"tqdm", "torch", "resvg_py", "svglib"}
    loaded = printed("import sys, autograd_lite, nn, viz; print(*sys.modules)")
    assert not heavy & {package(name) for name in loaded}
