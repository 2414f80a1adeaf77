"""Check types as an editor does: python tests/typecheck.py, with pyright installed.

The README's snippets and tests/ordinary_lines.py must have no error, the notebooks none but where a
NumPy function's result is used as the Tensor that it is: NumPy's stubs promise an array. (And where
statsmodels' datasets, which have no types, are taken for None.)
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[1]
OF_OTHERS = re.compile(
    r'"(?:NDArray|ndarray|float64|floating|bool|bool_|number|generic|int|float)\b|"None"'
)


def main():
    """Returns the exit status: 1 if there are errors."""
    with tempfile.TemporaryDirectory() as folder:
        sources = {"README.md": readme(), "tests/ordinary_lines.py": ORDINARY.read_text()}
        sources |= {f"notebooks/{path.name}": notebook(path) for path in NOTEBOOKS}
        files = {}
        for i, (name, text) in enumerate(sources.items()):
            file = pathlib.Path(folder).resolve() / f"source_{i}.py"
            file.write_text(text, encoding="utf-8")
            files[str(file)] = name
        found = errors(files)
    for name, line, message in found:
        print(f"{name}:{line}: {message}")
    print(f"{len(found)} errors in {len(files)} files")
    return bool(found)


ORDINARY = ROOT / "tests/ordinary_lines.py"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def readme():
    """The README's snippets in one program; all other lines are empty, so that numbers stay."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines, inside = [], False
    for line in text.splitlines():
        inside = line == "```python" or (inside and line != "```")
        lines.append(line if inside and line != "```python" else "")
    return "\n".join(lines)


def notebook(path):
    """The cells of code in one program."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def errors(files):
    """(name, line, message) of each error that counts."""
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run([*command, *files], capture_output=True, text=True, cwd=ROOT)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"pyright did not run: {done.stdout}{done.stderr}")
    assert report["summary"]["filesAnalyzed"] == len(files), report["summary"]
    found = []
    for entry in report["generalDiagnostics"]:
        name, line = files[entry["file"]], entry["range"]["start"]["line"] + 1
        of_others = name.startswith("notebooks/") and OF_OTHERS.search(entry["message"])
        if entry["severity"] == "error" and not of_others:
            found.append((name, line, entry["message"]))
    return found


if __name__ == "__main__":
    sys.exit(main())
