"""Run the notebooks from top to bottom, and hold the outputs that are committed to what came out.

    python notebooks/run.py             all of them
    python notebooks/run.py 02 05       those whose names begin so
    python notebooks/run.py --write     and write the outputs into the files, without traces of
    machine and time

The exit status is 1 if a cell fails or writes to stderr, if an output names a path, if a notebook
takes longer than a minute, or if the outputs are others than those committed: other kinds (text,
picture), other words, or numbers more than a little apart. Of cells with the tag `varies` (they
measure time) and of pictures only the kind is compared.
"""

import argparse
import base64
import io
import math
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from matplotlib import font_manager  # noqa: F401 (on a fresh machine it builds its cache, and says so: here, not in a notebook)
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image

# Threads that wait for a busy processor make small networks many times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

FOLDER = Path(__file__).parent
LONGEST = 60  # seconds for one notebook
KEPT = ("tags", "jp-MarkdownHeadingCollapsed")  # of a cell's metadata
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NUMBER = re.compile(r"[-−]?\d+\.?\d*(?:e[-+]?\d+)?")
PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|opt|work|Users)/|\b[A-Z]:\\")


def main():
    """Run the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", help="beginnings of file names; by default all notebooks"
    )
    parser.add_argument("--write", action="store_true", help="write the outputs into the files")
    options = parser.parse_args()
    faults = 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        if options.names and not path.name.startswith(tuple(options.names)):
            continue
        committed = nbformat.read(path, as_version=4)
        began = time.monotonic()
        run, found = execute(committed)
        seconds = time.monotonic() - began
        if seconds > LONGEST:
            found.append(f"it took longer than {LONGEST} seconds")
        if options.write and not found:
            nbformat.write(run, path)
        elif not found:
            found = differences(committed, run)
        verdict = "; ".join(found) or ("written" if options.write else "as committed")
        print(f"{path.name}: {seconds:.0f} s, {verdict}", flush=True)
        faults += len(found)
    return 1 if faults else 0


def execute(notebook):
    """(the notebook with the outputs of a new run, what is wrong with them)"""
    run = nbformat.from_dict(notebook)
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory() as folder:  # what a notebook writes is gone afterwards
        client = NotebookClient(
            run,
            timeout=2 * LONGEST,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        try:
            client.execute()
        except CellExecutionError as error:
            return run, ["\n".join(re.sub(r"\x1b\[[0-9;]*m", "", str(error)).splitlines()[-12:])]
    return clean(run), faults_of(run)


def clean(run):
    """The notebook without what differs from machine to machine, and with small pictures."""
    run.metadata = nbformat.from_dict(METADATA)
    for cell in run.cells:
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
        )
    for _, output in outputs_of(run):
        data = output.get("data", {})
        if "text/plain" in data:
            data["text/plain"] = re.sub(r" at 0x[0-9a-f]+", "", data["text/plain"])
        if "image/png" in data:
            data["image/png"] = compact(data["image/png"])
    return run


def compact(png):
    """The same picture in 256 colours, which are enough for lines and letters, and a fraction of
    the bytes.
    """
    picture = (
        Image.open(io.BytesIO(base64.b64decode(png)))
        .convert("RGB")
        .quantize(256, dither=Image.Dither.NONE)
    )
    file = io.BytesIO()
    picture.save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def faults_of(run):
    """What a reader of the outputs should not see: warnings, and paths of this machine."""
    faults = []
    for cell, output in outputs_of(run):
        if output.get("name") == "stderr":
            faults.append(f"{cell.id} writes to stderr: {output.text.strip()[:200]}")
        for text in texts_of(output):
            if PATH.search(text):
                faults.append(f"{cell.id} shows a path: {PATH.search(text)[0]}")
    return faults


def differences(committed, run):
    """Where the committed outputs are not those of the run."""
    found = []
    for cell, new in zip(committed.cells, run.cells, strict=True):
        if cell.cell_type != "code":
            continue
        if [kinds_of(output) for output in cell.outputs] != [
            kinds_of(output) for output in new.outputs
        ]:
            found.append(f"{cell.id} has other outputs")
        elif "varies" not in cell.metadata.get("tags", ()):
            pairs = zip(cell.outputs, new.outputs, strict=True)
            if not all(
                alike(a, b)
                for old, now in pairs
                for a, b in zip(texts_of(old), texts_of(now), strict=True)
            ):
                found.append(f"{cell.id} has another text")
    return found


def alike(old, new):
    """Whether two texts have the same words, and numbers that differ by no more than rounding makes
    them.
    """
    if NUMBER.sub("#", old).split() != NUMBER.sub("#", new).split():
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
    return all(math.isclose(number(a), number(b), rel_tol=1e-2, abs_tol=1e-6) for a, b in pairs)


def number(text):
    return float(text.replace("−", "-"))


def outputs_of(notebook):
    return [
        (cell, output)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    ]


def kinds_of(output):
    """stdout, or what a picture or table comes as: image/svg+xml, text/html, …"""
    return output.get("name") or sorted(output.get("data", ()))


def texts_of(output):
    """The texts in an output, not its pictures and pages."""
    if "text" in output:
        return [output.text]
    data = output.get("data", {})
    return [
        text
        for kind, text in sorted(data.items())
        if kind in ("text/plain", "text/html") and len(text) < 20_000
    ]


if __name__ == "__main__":
    sys.exit(main())
