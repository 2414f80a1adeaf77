"""The notebooks as they are committed, and the command that runs them. Running all of them is CI's
business.
"""

import importlib.util
import re
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
for needed in ("nbclient", "ipykernel", "matplotlib"):
    pytest.importorskip(needed)

FOLDER = Path(__file__).parent.parent / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))
spec = importlib.util.spec_from_file_location("run_notebooks", FOLDER / "run.py")
run = importlib.util.module_from_spec(spec)
spec.loader.exec_module(run)


def notebook(*sources):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])


def test_there_are_eight():
    assert [path.name[:2] for path in PATHS] == [f"0{k}" for k in range(1, 9)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_committed_outputs_are_of_one_run_and_show_no_trace_of_the_machine(path):
    committed = nbformat.read(path, as_version=4)
    nbformat.validate(committed)
    assert committed.metadata == run.METADATA
    code = [cell for cell in committed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert run.faults_of(committed) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_exercise_is_open_and_has_a_solution_that_the_run_verifies(path):
    cells = nbformat.read(path, as_version=4).cells
    solutions = next(i for i, cell in enumerate(cells) if cell.source.startswith("## Solutions"))
    exercises = [
        cell for cell in cells[:solutions] if re.search(r"^check_\d\(.*\);$", cell.source, re.M)
    ]
    assert len(exercises) >= 4
    for number, cell in enumerate(exercises, 1):
        assert "Not yet" in cell.outputs[0].text
        solved = [later for later in cells[solutions:] if f"assert check_{number}(" in later.source]
        assert len(solved) == 1 and "Right" in solved[0].outputs[-1].text


def test_a_failing_cell_a_warning_and_a_path_are_faults():
    _, faults = run.execute(notebook("assert 1 == 2"))
    assert "AssertionError" in faults[0]
    _, faults = run.execute(
        notebook("import warnings; warnings.warn('old')", "print('/home/me/file')")
    )
    assert ["stderr" in faults[0], "shows a path: /home/" in faults[-1]] == [True, True]


def test_other_words_and_other_numbers_are_differences_and_rounding_is_not():
    assert run.alike("loss 0.5000001, −2", "loss  0.5, −2")
    assert not run.alike("loss 0.5", "loss 0.6")
    assert not run.alike("loss 0.5", "gain 0.5")
    assert not run.alike("1 2", "1 2 3")


def test_another_output_than_the_committed_one_is_found():
    old, new = (
        nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text=text)])
        for text in ("1", "2")
    )
    old, new = (nbformat.v4.new_notebook(cells=[cell]) for cell in (old, new))
    assert len(run.differences(old, new)) == 1
    assert run.differences(old, old) == []
    old.cells[0].metadata["tags"] = ["varies"]
    assert run.differences(old, new) == []
    new.cells[0].outputs = []
    assert len(run.differences(old, new)) == 1
