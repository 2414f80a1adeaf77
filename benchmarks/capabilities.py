"""What each library can do, tried out rather than claimed: python -m benchmarks.capabilities

Prints the table of docs/comparison.md. A row is one small task, written for each library as its
users would; "yes" if the answer is right, "no" if the library raises, gives something else, or has
nothing for it in what pip installs. Those not installed are left out.
"""

import re
import warnings
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

COLUMNS = {
    "ours": "autograd_lite",
    "micrograd": "micrograd",
    "HIPS autograd": "autograd",
    "MyGrad": "mygrad",
    "PyTorch, torchviz": "torchviz",
}
LONG = 100_000  # operations in a chain
SLOPE = 1 - np.tanh(0.5) ** 2  # tanh′(½)
VECTOR = np.array([0.5, 1.5, 2.5])
CURVATURE = -2 * np.tanh(0.5) * SLOPE
# Names of functions that might draw a graph.
DRAWS = re.compile(r"^def (\w*(?:draw|graph|plot)\w*|\w+_dot)\(", re.MULTILINE)


def leaf(library, value):
    """An input whose gradient is wanted, in a library that has such objects."""
    if library == "ours":
        import autograd_lite

        return autograd_lite.Tensor(value, requires_grad=True)
    if library == "micrograd":
        from micrograd.engine import Value

        return Value(value)
    if library == "MyGrad":
        import mygrad

        return mygrad.tensor(value)
    import torch

    return torch.tensor(value, requires_grad=True, dtype=torch.float64)


def gradient(library, function, value):
    """function′(value)."""
    if library == "HIPS autograd":
        import autograd

        return autograd.grad(function)(value)
    x = leaf(library, value)
    function(x).backward()
    return x.grad


def numpys_own_functions(library):
    """`np.tanh(x)` of NumPy itself is differentiated"""
    return np.isclose(gradient(library, lambda x: np.tanh(x), 0.5), SLOPE)


def of_a_vector(library, function, expected):
    """Whether the gradient of function(x) = Σ … by x = (½, 1½, 2½) is the expected one."""
    return np.allclose(gradient(library, function, VECTOR), expected)


def linear_algebra_and_fourier(library):
    """… `np.linalg.norm(x)`, `np.linalg.inv(x)`, `np.fft.fft(x)`"""
    norm = of_a_vector(library, np.linalg.norm, VECTOR / np.linalg.norm(VECTOR))
    diagonal = 2 * np.eye(3)  # ∂ Σ x⁻¹ / ∂x = − x⁻ᵀ 1 1ᵀ x⁻ᵀ
    inverse = gradient(library, lambda x: np.sum(np.linalg.inv(x)), diagonal)
    # Parseval: Σ |fft(x)|² = n Σ x²
    fourier = of_a_vector(library, lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2), 6 * VECTOR)
    return norm and np.allclose(inverse, -np.ones((3, 3)) / 4) and fourier


def sequences(library):
    """… `np.cumprod(x)`, `np.median(x)`, `np.add.accumulate(x)`"""
    a, b, c = VECTOR
    products = [1 + b + b * c, a + a * c, a * b]
    return (
        of_a_vector(library, lambda x: np.sum(np.cumprod(x)), products)
        and of_a_vector(library, np.median, [0, 1, 0])
        and of_a_vector(library, lambda x: np.sum(np.add.accumulate(x)), [3, 2, 1])
    )


def options(library):
    """… `np.sum(x, where=chosen)`"""
    chosen = np.array([True, False, True])
    return of_a_vector(library, lambda x: np.sum(x * x, where=chosen), 2 * VECTOR * chosen)


def arrays_of_results(library):
    """… `np.array([x[0], x[1]])`, with the gradient"""
    return of_a_vector(library, lambda x: np.sum(np.array([x[0], x[1]])), [1, 1, 0])


def matrices(library):
    """matrices: `(x @ A).sum()`"""
    a = np.arange(6.0).reshape(3, 2)
    if library.startswith("PyTorch"):
        import torch

        a = torch.as_tensor(a)
    return np.allclose(
        gradient(library, lambda x: (x @ a).sum(), np.ones((4, 3))),
        np.ones((4, 2)) @ np.asarray(a).T,
    )


def second_derivatives(library):
    """second derivatives"""
    if library == "ours":
        import autograd_lite

        return np.isclose(autograd_lite.grad(autograd_lite.grad(np.tanh))(0.5), CURVATURE)
    if library == "HIPS autograd":
        import autograd

        return np.isclose(autograd.grad(autograd.grad(np.tanh))(0.5), CURVATURE)
    if library.startswith("PyTorch"):
        import torch

        x = leaf(library, 0.5)
        (slope,) = torch.autograd.grad(torch.tanh(x), x, create_graph=True)
        slope.backward()
        return np.isclose(x.grad, CURVATURE)
    slope = gradient(library, lambda x: x * x * x, 0.5)
    return hasattr(slope, "backward")  # a plain number was not recorded, so it has no derivative


def long_chains(library):
    """a chain of 100,000 operations"""

    def chain(x):
        for _ in range(LONG):
            x = x * 1.0
        return x

    return np.isclose(gradient(library, chain, 0.5), 1)


def draws_what_was_recorded(library):
    """draws what was recorded"""
    return "->" in _drawing(library, backward=False)


def draws_gradients(library):
    """… with the gradients' values"""
    return "27.38" in _drawing(library, backward=True)


def _drawing(library, backward):
    """Graphviz's source for (w x)² at w = 1, x = 3.7, where the gradient by w is 27.38."""
    square = lambda w: (w * 3.7) ** 2
    if library == "HIPS autograd":
        import autograd

        return _searched("autograd", autograd.grad(square) if backward else square, 1.0)
    w = leaf(library, 1.0)
    loss = square(w)
    if backward:
        loss.backward()
    if library == "micrograd":
        return _searched("micrograd", loss)
    if library == "ours":
        import viz

        return viz.graph(loss).source
    if library == "MyGrad":
        from mygrad.computational_graph import build_graph

        return build_graph(loss, names={"w": w}).source
    import torchviz

    return torchviz.make_dot(loss, params={"w": w}, show_attrs=True).source


def _searched(package, *arguments):
    """For a package that documents no drawing: what those of its functions give that might draw, by
    their names.
    """
    folder, given = Path(find_spec(package).origin).parent, []
    for file in folder.rglob("*.py"):
        for name in DRAWS.findall(file.read_text(encoding="utf-8")):
            with suppress(Exception):
                module = import_module(
                    ".".join(file.relative_to(folder.parent).with_suffix("").parts)
                )
                result = getattr(module, name)(*arguments)
                given.append(str(getattr(result, "source", result)))
    return "\n".join(given)


ROWS = [
    numpys_own_functions,
    linear_algebra_and_fourier,
    sequences,
    options,
    arrays_of_results,
    matrices,
    second_derivatives,
    long_chains,
    draws_what_was_recorded,
    draws_gradients,
]


def installed():
    return [column for column, module in COLUMNS.items() if find_spec(module)]


def answer(row, library):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return "yes" if row(library) else "no"
    except Exception:
        return "no"


def table(columns):
    """The table's rows as lists of text, the head first."""
    return [
        ["", *columns],
        *([row.__doc__, *(answer(row, column) for column in columns)] for row in ROWS),
    ]


if __name__ == "__main__":
    head, *rows = table(installed())
    for cells in (head, ["---"] * len(head), *rows):
        print("| " + " | ".join(cells) + " |")
