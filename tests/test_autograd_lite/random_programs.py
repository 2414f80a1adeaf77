"""Random programs, run with autograd_lite and with PyTorch: values, first and second gradients must
agree.

    python tests/test_autograd_lite/random_programs.py 20000        the programs 0 … 19,999
    python tests/test_autograd_lite/random_programs.py 137 138      program 137, written out

A program has two or three inputs (of one entry, of none, broadcast, non-contiguous, …) and some
steps, each a function of values computed before. A step is drawn anew if its operands come within
1e-3 of a corner or a pole, or its result gets large: conventions and rounding are other tests'
matter.
"""

import sys
from typing import NamedTuple

import numpy as np
import torch

import autograd_lite as ag

SHAPES = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (2, 3), (3, 2), (0, 3), (2, 2, 3), (3, 3), (3, 3)]


class Step(NamedTuple):
    """One function of earlier values, in both libraries."""

    name: str
    ours: object
    theirs: object
    operands: tuple  # positions among the values so far


class Program(NamedTuple):
    inputs: list
    steps: list

    def __str__(self):
        lines = [
            f"v{i} = array of shape {x.shape}, strides {x.strides}"
            for i, x in enumerate(self.inputs)
        ]
        for i, step in enumerate(self.steps, len(self.inputs)):
            lines.append(f"v{i} = {step.name}({', '.join(f'v{k}' for k in step.operands)})")
        return "\n".join(lines)


# The operations: (number of operands, draw), where draw(rng, *arrays) gives (name, ours, theirs),
# or None if it does not fit.


def anything(*arrays):
    return True


def one(name, theirs, fits=anything, ours=None):
    """A function of one array."""
    ours = ours or getattr(ag, name, None) or getattr(np, name)
    return 1, lambda rng, a: (name, ours, theirs) if fits(a) else None


def two(name, theirs, fits=anything, ours=None):
    """A function of two arrays."""
    ours = ours or getattr(np, name)
    return 2, lambda rng, a, b: (name, ours, theirs) if _broadcast(a, b) and fits(a, b) else None


def joining(name, ours, theirs, fits):
    """A function of two arrays that do not broadcast."""
    return 2, lambda rng, a, b: (name, ours, theirs) if fits(a, b) else None


def matrix(name, theirs, fits=anything, ours=None):
    """A function of an array with two axes or more."""
    ours = ours or getattr(np, name)
    return 1, lambda rng, a: (name, ours, theirs) if a.ndim > 1 and fits(a) else None


def square(name, theirs, ours=None):
    """A function of a 3 × 3 matrix that is far from singular, and whose singular values are far
    from one another.
    """
    ours = ours or getattr(np.linalg, name)
    far = np.diag([4.0, 7.0, 10.0])
    shifted = lambda x: ours(np.tanh(x) + far.astype(x.dtype))
    shifted_theirs = lambda x: theirs(torch.tanh(x) + torch.tensor(far, dtype=x.dtype))
    return 1, lambda rng, a: (name, shifted, shifted_theirs) if a.shape == (3, 3) else None


def reduction(name, theirs, fits=anything):
    """A reduction over no, one or several axes, with and without keepdims."""
    ours = getattr(ag, name, None) or getattr(np, name)

    def draw(rng, a):
        axis = _axes(rng, a)
        keepdims = bool(rng.integers(2))
        if not fits(a, axis):
            return None
        dims = tuple(range(a.ndim)) if axis is None else axis
        text = f"{name}[axis={axis}, keepdims={keepdims}]"
        return (
            text,
            lambda x: ours(x, axis=axis, keepdims=keepdims),
            lambda x: theirs(x, dims, keepdims) if dims else x * 1,
        )

    return 1, draw


def along(name, theirs, ours=None, fits=anything):
    """A function along one axis."""
    ours = ours or getattr(ag, name, None) or getattr(np, name)

    def draw(rng, a):
        if a.ndim == 0:
            return None
        axis = int(rng.integers(-a.ndim, a.ndim))
        return (
            (f"{name}[axis={axis}]", lambda x: ours(x, axis=axis), lambda x: theirs(x, axis))
            if fits(a, axis)
            else None
        )

    return 1, draw


def _axes(rng, a):
    """None, or one to all of the axes, some counted from the end."""
    if a.ndim == 0 or rng.integers(3) == 0:
        return None
    chosen = rng.permutation(a.ndim)[: rng.integers(1, a.ndim + 1)]
    return tuple(int(axis) - a.ndim * int(rng.integers(2)) for axis in chosen)


def _broadcast(a, b):
    return all(m == n or 1 in (m, n) for m, n in zip(a.shape[::-1], b.shape[::-1], strict=False))


def away_from(*corners):
    return lambda a: all(np.all(np.abs(a - corner) > 1e-3) for corner in corners)


def within(low, high):
    return lambda a: bool(np.all((a > low) & (a < high)))


def apart(a, b):
    return bool(np.all(np.abs(a - b) > 1e-3))


def not_the_origin(a, b):
    return bool(np.all(np.hypot(a, b) > 0.1))


def some(a, axis):
    return bool(a.size)


def distinct(a, axis):
    """Along the axes no two entries within 1e-3 of one another, and some entries."""
    axes = tuple(range(a.ndim)) if axis is None else tuple(np.atleast_1d(axis))
    rows = np.moveaxis(a, axes, range(-len(axes), 0))
    rows = rows.reshape(
        *rows.shape[: a.ndim - len(axes)], int(np.prod(rows.shape[a.ndim - len(axes) :]))
    )
    return bool(a.size) and bool(np.all(np.diff(np.sort(rows), axis=-1) > 1e-3))


def uneven(a, axis):
    """Entries that differ enough for a standard deviation."""
    return bool(a.size) and bool(np.all(np.std(a, axis=axis) > 1e-2))


def _multiply(a, b):
    """Whether a @ b exists."""
    fit = a.ndim and b.ndim and a.shape[-1] == b.shape[-2:][0]
    return fit and (min(a.ndim, b.ndim) < 3 or _broadcast(a[..., :1, :1], b[..., :1, :1]))


def _continue(a, b):
    """Whether the rows of b can follow those of a."""
    return a.ndim == b.ndim > 0 and a.shape[1:] == b.shape[1:]


def nonzero(a, axis):
    return some(a, axis) and away_from(0)(a)


def _argsorted(x, axis):
    return np.take_along_axis(x, np.argsort(x, axis), axis)


def _spectrum(x, axis):
    return np.abs(np.fft.rfft(x, axis=axis)) ** 2


def _has_spectrum(a, axis):
    return some(a, axis) and bool(np.all(_spectrum(a, axis) > 1e-3))


def _filter(library):
    """The lower half of the spectrum, turned by a constant, as a signal again."""

    def low_pass(x, axis):
        spectrum = library.fft.rfft(library.moveaxis(x, axis, -1)) * (1 + 2j)
        return library.fft.irfft(spectrum[..., : x.shape[axis] // 2 + 1], x.shape[axis])

    return low_pass


def _contract(a, b):
    return a.ndim and b.ndim and a.shape[-1] == b.shape[0]


positive = within(1e-2, 100)
rows = lambda x, axis: torch.moveaxis(x, axis, 0)

OPERATIONS = [
    two("add", torch.add),
    two("subtract", torch.subtract),
    two("multiply", torch.multiply),
    two("divide", torch.divide, lambda a, b: bool(np.all(np.abs(b) > 0.1))),
    two("maximum", torch.maximum, apart),
    two("minimum", torch.minimum, apart),
    two("logaddexp", torch.logaddexp),
    two("arctan2", torch.arctan2, not_the_origin),
    two("hypot", torch.hypot, not_the_origin),
    two("power", torch.pow, lambda a, b: positive(a) and within(-5, 5)(b)),
    two(
        "where",
        lambda a, b: torch.where(a > b, a, b * 2),
        apart,
        lambda a, b: np.where(a > b, a, b * 2),
    ),
    one("cube", lambda x: x**3, ours=lambda x: x**3),
    one("reflected", lambda x: 2 - 3 / (x**2 + 1), ours=lambda x: 2 - 3 / (x**2 + 1)),
    one("negative", torch.negative),
    one("square", torch.square),
    one("exp", torch.exp),
    one("expm1", torch.expm1),
    one("exp2", torch.exp2),
    one("sqrt", torch.sqrt, positive),
    one("log", torch.log, positive),
    one("log2", torch.log2, positive),
    one("log10", torch.log10, positive),
    one("log1p", torch.log1p, within(-0.9, 100)),
    one("sin", torch.sin),
    one("cos", torch.cos),
    one("tan", torch.tan, within(-1.4, 1.4)),
    one("arcsin", torch.arcsin, within(-0.9, 0.9)),
    one("arccos", torch.arccos, within(-0.9, 0.9)),
    one("arctan", torch.arctan),
    one("sinh", torch.sinh, within(-4, 4)),
    one("cosh", torch.cosh, within(-4, 4)),
    one("tanh", torch.tanh),
    one("arcsinh", torch.arcsinh),
    one("arccosh", torch.arccosh, within(1.1, 100)),
    one("arctanh", torch.arctanh, within(-0.9, 0.9)),
    one("reciprocal", torch.reciprocal, lambda a: bool(np.all(np.abs(a) > 0.1))),
    one("abs", torch.abs, away_from(0)),
    one("relu", torch.relu, away_from(0)),
    one("leaky_relu", torch.nn.functional.leaky_relu, away_from(0)),
    one("elu", torch.nn.functional.elu, away_from(0)),
    one("sigmoid", torch.sigmoid),
    one("softplus", lambda x: torch.logaddexp(x, torch.zeros_like(x))),
    one("normal_cdf", torch.special.ndtr),
    one("clip", lambda x: torch.clamp(x, -1, 1), away_from(-1, 1), lambda x: np.clip(x, -1, 1)),
    reduction("sum", torch.sum),
    reduction("mean", torch.mean, some),
    reduction("max", torch.amax, distinct),
    reduction("min", torch.amin, distinct),
    reduction("var", lambda x, dim, keep: torch.var(x, dim, correction=0, keepdim=keep), uneven),
    reduction("std", lambda x, dim, keep: torch.std(x, dim, correction=0, keepdim=keep), uneven),
    reduction("logsumexp", torch.logsumexp, some),
    along("prod", torch.prod),
    along("softmax", torch.softmax, fits=some),
    along("log_softmax", torch.log_softmax, fits=some),
    along("cumsum", torch.cumsum),
    along("flip", lambda x, axis: torch.flip(x, (axis,))),
    along("expand_dims", torch.unsqueeze),
    along(
        "every other",
        lambda x, axis: rows(x, axis)[::2],
        lambda x, axis: np.moveaxis(x, axis, 0)[::2],
    ),
    along(
        "repeated",
        lambda x, axis: rows(x, axis)[[0, -1, 0]],
        lambda x, axis: np.moveaxis(x, axis, 0)[[0, -1, 0]],
        some,
    ),
    along("cumprod", torch.cumprod),
    along("diff", lambda x, axis: torch.diff(x, dim=axis)),
    along("sort", lambda x, axis: torch.sort(x, dim=axis)[0], fits=distinct),
    along("median", lambda x, axis: torch.quantile(x, 0.5, dim=axis), fits=distinct),
    along(
        "quantile",
        lambda x, axis: torch.quantile(x, 0.3, dim=axis),
        lambda x, axis: np.quantile(x, 0.3, axis),
        distinct,
    ),
    along("roll", lambda x, axis: torch.roll(x, 1, axis), lambda x, axis: np.roll(x, 1, axis)),
    along(
        "repeat",
        lambda x, axis: torch.repeat_interleave(x, 2, axis),
        lambda x, axis: np.repeat(x, 2, axis),
    ),
    along(
        "argsorted",
        lambda x, axis: torch.gather(x, axis, torch.argsort(x, axis)),
        _argsorted,
        distinct,
    ),
    along(
        "gradient",
        lambda x, axis: torch.gradient(x, dim=axis)[0],
        np.gradient,
        lambda a, axis: a.shape[axis] > 1,
    ),
    along("trapezoid", lambda x, axis: torch.trapezoid(x, dim=axis), fits=some),
    along("norm", lambda x, axis: torch.linalg.norm(x, dim=axis), np.linalg.norm, uneven),
    along(
        "norm 3",
        lambda x, axis: torch.linalg.norm(x, 3, axis),
        lambda x, axis: np.linalg.norm(x, 3, axis),
        nonzero,
    ),
    along(
        "spectrum",
        lambda x, axis: torch.abs(torch.fft.rfft(x, dim=axis)) ** 2,
        _spectrum,
        _has_spectrum,
    ),
    along("filter", _filter(torch), _filter(np), some),
    one("tile", lambda x: torch.tile(x, (2,)), ours=lambda x: np.tile(x, 2)),
    one("nan_to_num", torch.nan_to_num),
    one("sinc", torch.sinc, away_from(0)),  # at 0, PyTorch's second derivative is NaN
    matrix("tril", torch.tril),
    matrix("triu", lambda x: torch.triu(x, 1), ours=lambda x: np.triu(x, 1)),
    matrix("rot90", lambda x: torch.rot90(x, 1, (0, 1))),
    matrix("trace", lambda x: torch.diagonal(x, dim1=0, dim2=1).sum(-1), ours=np.trace),
    matrix(
        "einsum",
        lambda x: torch.einsum("ij...,kj...->ik...", x, x),
        ours=lambda x: np.einsum("ij...,kj...->ik...", x, x),
    ),
    square("inv", torch.linalg.inv),
    square("det", lambda x: torch.linalg.det(x / 5), lambda x: np.linalg.det(x / 5)),
    square("slogdet", lambda x: torch.linalg.slogdet(x)[1], lambda x: np.linalg.slogdet(x)[1]),
    square("pinv", torch.linalg.pinv),
    square("solve", lambda x: torch.linalg.solve(x, x[0]), lambda x: np.linalg.solve(x, x[0])),
    square(
        "cholesky", lambda x: torch.linalg.cholesky(x @ x.T), lambda x: np.linalg.cholesky(x @ x.T)
    ),
    square(
        "eigvalsh", lambda x: torch.linalg.eigvalsh(x @ x.T), lambda x: np.linalg.eigvalsh(x @ x.T)
    ),
    square("svdvals", torch.linalg.svdvals),
    square(
        "matrix_power",
        lambda x: torch.linalg.matrix_power(x / 5, 3),
        lambda x: np.linalg.matrix_power(x / 5, 3),
    ),
    joining("outer", np.outer, torch.outer, lambda a, b: a.ndim == b.ndim == 1),
    joining(
        "kron",
        np.kron,
        lambda a, b: torch.outer(a, b).reshape(-1),
        lambda a, b: a.ndim == b.ndim == 1,
    ),
    joining(
        "tensordot",
        lambda a, b: np.tensordot(a, b, 1),
        lambda a, b: torch.tensordot(a, b, 1),
        _contract,
    ),
    joining(
        "inner",
        np.inner,
        torch.inner,
        lambda a, b: a.ndim and b.ndim and a.shape[-1] == b.shape[-1],
    ),
    joining(
        "hstack",
        lambda *x: np.hstack(x),
        lambda *x: torch.hstack(x),
        lambda a, b: a.ndim == b.ndim == 1,
    ),
    one("mask", lambda x: x[x > 0.5], away_from(0.5), lambda x: x[x > 0.5]),
    one("ravel", lambda x: x.reshape(-1)),
    one("transpose", lambda x: x.permute(tuple(range(x.ndim))[::-1]), ours=lambda x: x.T),
    one("squeeze", torch.squeeze),
    one(
        "broadcast",
        lambda x: torch.broadcast_to(x, (2, *x.shape)),
        ours=lambda x: np.broadcast_to(x, (2, *x.shape)),
    ),
    joining("matmul", np.matmul, torch.matmul, _multiply),
    joining(
        "stack", lambda *x: np.stack(x), lambda *x: torch.stack(x), lambda a, b: a.shape == b.shape
    ),
    joining("concatenate", lambda *x: np.concatenate(x), lambda *x: torch.cat(x), _continue),
]


def draw_program(seed):
    """The program with this number; the same on every machine."""
    rng = np.random.default_rng(seed)
    values = [_draw_input(rng) for _ in range(rng.integers(2, 4))]
    inputs, steps = list(values), []
    for _ in range(rng.integers(3, 9)):
        step = _draw_step(rng, values)
        if step:
            steps.append(step)
            values.append(np.asarray(step.ours(*[values[k] for k in step.operands])))
    return Program(inputs, steps)


def _draw_input(rng):
    x = rng.uniform(-2, 2, SHAPES[rng.integers(len(SHAPES))])
    if x.ndim and rng.integers(4) == 0:  # every other entry of twice as many
        x = np.repeat(x, 2, axis=-1)[..., ::2]
    return x.T if x.ndim == 2 and rng.integers(4) == 0 else x


def _draw_step(rng, values):
    """A step that fits; its operands tend to be the latest values, so that programs get deep. None
    if twenty do not fit.
    """
    for _ in range(20):
        count, draw = OPERATIONS[rng.integers(len(OPERATIONS))]
        ages = np.minimum(rng.geometric(0.5, count), len(values))
        operands = tuple(int(len(values) - age) for age in ages)
        arrays = [values[k] for k in operands]
        if drawn := draw(rng, *arrays):
            name, ours, theirs = drawn
            result = np.asarray(ours(*arrays))
            if result.size < 200 and np.all(np.abs(result) < 100):  # NaN is not below 100 either
                return Step(name, ours, theirs, operands)
    return None


def _objective(program, inputs, library, which):
    """One number in which every value has a part: the sum of all values' entries, each with a
    weight of its own.
    """
    values = list(inputs)
    for step in program.steps:
        values.append(getattr(step, which)(*[values[k] for k in step.operands]))
    total = 0.0
    for i, value in enumerate(values):
        weights = np.cos(np.arange(i, i + int(np.prod(value.shape)))).reshape(value.shape)
        total = total + library.sum(value * _like(value, weights))
    return total


def _like(value, weights):
    """The weights as a constant that `value` can be multiplied by, in its own precision."""
    return (
        value.new_tensor(weights) if hasattr(value, "new_tensor") else weights.astype(value.dtype)
    )


def run_ours(program, dtype, order=2):
    """[value, first gradients, second gradients], each a list of arrays."""
    tensors = [ag.Tensor(x.astype(dtype), requires_grad=True) for x in program.inputs]
    total = _objective(program, tensors, np, "ours")
    found = [[total.data]]
    for k in range(order):
        parts = ag.gradients(total, tensors, create_graph=True)
        found.append([part.data for part in parts])
        total = sum(
            np.sum(part * np.cos(np.arange(part.size) + k).reshape(part.shape)) for part in parts
        )
    return found


def run_theirs(program, dtype, order=2):
    """The same with PyTorch."""
    tensors = [torch.tensor(x.astype(dtype), requires_grad=True) for x in program.inputs]
    total = _objective(program, tensors, torch, "theirs")
    found = [[_numpy(total)]]
    for k in range(order):
        parts = [torch.zeros_like(x) for x in tensors]
        if total.requires_grad:
            parts = torch.autograd.grad(
                total, tensors, create_graph=True, allow_unused=True, materialize_grads=True
            )
        found.append([_numpy(part) for part in parts])
        total = sum(
            torch.sum(
                part
                * torch.cos(torch.arange(part.numel(), dtype=part.dtype) + k).reshape(part.shape)
            )
            for part in parts
        )
    return found


def _numpy(tensor):
    """A copy: PyTorch has zeros without memory, and numpy() of these, or force=True, can end the
    interpreter.
    """
    return torch.empty(tensor.shape, dtype=tensor.dtype).copy_(tensor.detach()).numpy()


def compare(program):
    """Raises AssertionError where the two disagree by more than rounding explains."""
    for name, ours, theirs in zip(
        ("value", "gradient", "second gradient"),
        run_ours(program, "f8"),
        run_theirs(program, "f8"),
        strict=True,
    ):
        _assert_close(name, ours, theirs, 1e-9 if name == "second gradient" else 1e-10)
    single = zip(
        ("value", "gradient"),
        run_ours(program, "f4", order=1),
        run_theirs(program, "f4", order=1),
        strict=True,
    )
    for name, ours, theirs in single:
        assert all(part.dtype == np.float32 for part in ours), (
            f"float32 {name}: {[part.dtype for part in ours]}"
        )
        _assert_close(f"float32 {name}", ours, theirs, 1e-4)


def _assert_close(name, ours, theirs, tolerance):
    """Within the tolerance, relative to the largest entry of all."""
    largest = max([1.0, *(float(np.max(np.abs(part))) for part in theirs if part.size)])
    for i, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        np.testing.assert_allclose(
            a, b, rtol=0, atol=tolerance * largest, err_msg=f"{name} {i}", strict=False
        )
        assert np.shape(a) == b.shape, f"{name} {i}: shape {np.shape(a)}, PyTorch's is {b.shape}"


def main(first, last):
    torch.set_num_threads(1)
    for seed in range(first, last):
        program = draw_program(seed)
        if last - first == 1:
            print(program)
        try:
            compare(program)
        except Exception as error:
            raise SystemExit(f"Program {seed} disagrees:\n{program}\n{error}") from error
    print(f"{last - first} programs agree with PyTorch.")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]] or [1500]
    main(*(numbers if len(numbers) == 2 else (0, numbers[0])))
