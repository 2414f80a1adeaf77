"""Write functions.md, the table of every NumPy function that takes arrays: `python
docs/make_functions.py`.

It needs the packages `autograd` and `torch`, to which it compares. A test holds functions.md to
what the code says.
"""

import pathlib
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
TABLE = HERE / "functions.md"
sys.path.insert(0, str(HERE.parent / "tests" / "test_autograd_lite"))

from samples import SAMPLES  # noqa: E402 (it lies with the tests)

from autograd_lite.derivatives import RULES  # noqa: E402
from autograd_lite.derivatives.kinds import CONSTANTS, FORMULAS, LEFT_OUT  # noqa: E402
from viz.language.rules import in_words  # noqa: E402

OWN = ("autograd_lite.functions", "autograd_lite.layers")  # where what NumPy lacks is
# PyTorch's names, where they differ.
PYTORCH = {
    "around": "round", "array_split": "tensor_split", "astype": "Tensor.to",
    "clip": "clamp", "compress": "masked_select",
    "conjugate": "conj", "convolve": "nn.functional.conv1d", "copy": "clone",
    "correlate": "nn.functional.conv1d",
    "dot": "matmul", "expand_dims": "unsqueeze", "extract": "masked_select",
    "linalg.matrix_transpose": "Tensor.mT",
    "linalg.outer": "outer", "linalg.tensordot": "tensordot", "linalg.trace": "trace",
    "matrix_transpose": "Tensor.mT",
    "max": "amax", "min": "amin", "pad": "nn.functional.pad", "partition": "kthvalue",
    "power": "pow",
    "repeat": "repeat_interleave", "take_along_axis": "gather", "vecdot": "linalg.vecdot",
}  # fmt: skip


def functions():
    """(name without "np.", function) of NumPy's public functions that a Tensor can reach, each
    under its first name.
    """
    seen = set()
    for prefix, module in (("", np), ("linalg.", np.linalg), ("fft.", np.fft)):
        for name in sorted(module.__all__):
            function = getattr(module, name)
            reached = isinstance(function, np.ufunc) or hasattr(function, "_implementation")
            own = getattr(function, "__name__", name)
            if reached and function not in seen and (own == name or not hasattr(module, own)):
                seen.add(function)
                yield prefix + name, function


def ours(function):
    """(what there is, the order of derivatives to which the tests check it)"""
    # (np.i0 has a rule once SciPy's functions are declared, and is not counted)
    if function in LEFT_OUT:
        return f"– {LEFT_OUT[function]}", ""
    if function in CONSTANTS:
        return "constant", ""
    kind = "rule" if function in RULES else "formula" if function in FORMULAS else "–"
    return kind, "2" if SAMPLES.get(function) else ""


def hips(name):
    """What HIPS autograd has under this name."""
    import autograd.numpy
    import autograd.numpy.fft
    import autograd.numpy.linalg
    from autograd.core import VJPNode, primitive_vjps
    from autograd.tracer import notrace_primitives

    function = autograd.numpy
    for part in name.split("."):
        function = getattr(function, part, None)
    if function is None:
        return ""
    if function in notrace_primitives[VJPNode] or function in (
        autograd.numpy.shape,
        autograd.numpy.ndim,
    ):
        return "constant"
    composed = not hasattr(function, "_is_autograd_primitive")
    return "yes" if function in primitive_vjps or composed else ""


def pytorch(name):
    """PyTorch's function of this kind."""
    import torch

    theirs = PYTORCH.get(name, name)
    found = torch
    for part in theirs.split("."):
        found = getattr(found, part, None)
    return theirs if theirs and found is not None else ""


def rows():
    for name, function in functions():
        yield f"np.{name}", hips(name), pytorch(name), *ours(function)


def derivatives():
    """(name, what its rules make of g) of every function with rules: NumPy's, and those that NumPy
    lacks.
    """
    own = [f for f in RULES if getattr(f, "__module__", "") in OWN]
    named = [(f"np.{name}", f) for name, f in functions() if f in RULES and f not in LEFT_OUT]
    for name, function in named + [(f"ag.{f.__name__}", f) for f in own]:
        yield f"`{name}`", in_words(function).replace("|", r"\|")


def text():
    table = [f"| {' | '.join(row)} |" for row in rows()]
    counts = {
        kind: sum(row[3] == kind for row in rows()) for kind in ("rule", "formula", "constant")
    }
    return "\n".join(
        [
            "# NumPy's functions",
            "",
            "Written by `docs/make_functions.py`; a test holds it to the code. NumPy "
            f"{np.__version__}: {counts['rule']} functions with rules, {counts['formula']} by "
            f"formulas of these, {counts['constant']} constants.",
            "",
            "A *rule* is the derivative, written down. A *formula* means that the function is "
            "recorded as the steps of a formula whose functions have rules. A *constant* takes "
            "`.data` and returns a plain value. *Checked* is the order of derivatives that the "
            "tests compare with numerical differences.",
            "",
            "| function | HIPS autograd | PyTorch | autograd-lite | checked |",
            "|---|---|---|---|---|",
            *table,
            "",
            "## Their derivatives",
            "",
            "What each rule makes of g, the gradient that comes in; y is the result. These are not "
            "written by hand but made from the rules: [x > 0] is 1 where that holds, else 0, and "
            "functions that do not go entry by entry are written for matrices. Where a rule is no "
            "formula of its arguments, it stands here as it does in the code.",
            "",
            "| function | derivative |",
            "|---|---|",
            *[f"| {name} | {derivative} |" for name, derivative in derivatives()],
            "",
        ]
    )


if __name__ == "__main__":
    TABLE.write_text(text())
    print(f"{TABLE}: {sum(1 for _ in rows())} functions")
