"""check_gradient: by hand, backpropagated and numerical, side by side.

    def test_my_gradient():
        ag.check_gradient(loss, w, analytic=lambda w: 2 * (w - 1))

    def test_my_layer():
        ag.check_gradient(nn.Sequential(MyLayer(3, 2), nn.Tanh()), x, y, loss=nn.mse_loss)

    def test_anybodys_gradient():  # statsmodels', PyTorch's, plain Python's
        ag.check_gradient(model.loglike, parameters, analytic=model.score)

What is checked is a subject (`subjects`): something with arrays, and numbers that depend on them.
Its derivatives stand in rows, one for each entry or direction (`rows`); each is measured by
differences (`differences`), and judged where they are odd (`judging`). The result is a table with a
verdict (`comparison`).
"""

import numpy as np

from autograd_lite.checking.comparison import Comparison
from autograd_lite.checking.judging import Judgement
from autograd_lite.checking.rows import SEED, Rows
from autograd_lite.checking.subjects import Plain, Recorded, name_of
from autograd_lite.recording import enable_grad
from autograd_lite.tensor import Tensor

MANY = 4000  # entries; of more, random directions are compared, so many of each input:
DIRECTIONS = 10


def check_gradient(
    f, *inputs, analytic=None, order=1, tolerance=None, loss=None, step=None, directions=None
):
    """Compare the gradient of f(*inputs) with central differences (f(x + h) − f(x − h)) / 2h, and
    with a derivation by hand if there is one.

    f: a function of the inputs that returns a Tensor. If that has several entries, their sum with
        fixed uneven weights is differentiated. Or a model, together with a loss. Or, together with
        `analytic`, any function of arrays that returns numbers: of statsmodels, PyTorch, plain
        Python. It gets arrays of the dtype given here.
    inputs: arrays, numbers or Tensors; of a model, x and y.
    analytic: the gradient by hand: a function of the inputs, or the value itself; an array for one
        input, a list of arrays for several; for a model, of its parameters, in their order or by
        their names. Where f returns several numbers, all their derivatives, of the shape of the
        result + the shape of the input.
    order: 2 checks the second derivatives, by differences of the backpropagated gradient.
    tolerance: the largest relative difference allowed; 1e-6, for float32 1e-4, for float16 0.03.
    loss: of a model: loss(f(x), y) is differentiated by the parameters of the model.
    step: the largest h. Left out, h = ∛ε max(|x|, 1) is tried, and ∛ε |x|, where ε is the precision
        of the numbers. If neither difference agrees with what is to be checked, many steps between
        100 max(|x|, 1) and 16 ε |x| are tried, and those are taken that agree with each other
        (`checking.differences.settle`). How far these are apart, and the rounding of f, is allowed
        beside the tolerance.
    directions: k compares the derivatives along k random directions (of a fixed seed) within each
        input, and not by every entry; 0 compares all entries. Left out, it is 10 for more than 4000
        entries, else 0. A factor that is wrong in a whole input is seen; a mistake in few entries
        only if it is not small beside the gradient by that input.

    At a corner, as of relu at 0, at a jump, or where f is not defined, there is no derivative:
    the verdict says so. What is random must be switched off (model.eval()). np.linalg.eigh,
    eigvalsh and cholesky read one triangle of a symmetric matrix, and their gradient is that of a
    matrix which stays symmetric, as in PyTorch; differences move one entry alone: check f as a
    function of (a + a.T) / 2.

    Returns the Comparison, which prints as a table. Raises AssertionError, with the worst entry, if
    they do not agree; ValueError where shapes do not fit, where f is not finite, and where it gives
    different values for the same inputs.

        >>> ag.check_gradient(lambda w: np.sum(w**3), [1.0, 2.0], analytic=lambda w: 3 * w**2)
        derivative by           by hand    backpropagated         numerical
        x1[0]                         3                 3                 3
        x1[1]                        12                12                12
        They agree: the largest relative difference is ... (tolerance 1e-06).

    Of a function that takes no Tensors, by hand beside numerical:

        >>> import math
        >>> ag.check_gradient(math.log, 1e-6, analytic=lambda x: 1 / x)
        derivative by           by hand         numerical
        x1                      1000000           1000000
        They agree: the largest relative difference is ... Nothing is backpropagated: ...
    """
    _refuse(inputs, analytic, order, step, directions)
    options = {"tolerance": tolerance, "step": step, "directions": directions}
    if hasattr(f, "named_parameters"):
        return _check_model(f, inputs, loss, analytic, order, options)
    if loss is not None:
        raise TypeError(
            "check_gradient takes a loss together with a model that has parameters, got "
            f"{name_of(f)}."
        )
    names = [getattr(x, "name", None) or f"x{i + 1}" for i, x in enumerate(inputs)]
    with enable_grad():
        return _check(_subject(f, inputs, analytic, order), names, analytic, **options)


def _refuse(inputs, analytic, order, step, directions):
    if order not in (1, 2):
        raise ValueError(f"check_gradient knows order=1 and order=2, got {order!r}.")
    if not inputs:
        raise ValueError(
            "check_gradient needs at least one input to differentiate by: check_gradient(f, x)."
        )
    if analytic is not None and order == 2:
        raise ValueError(
            "check_gradient compares a derivation by hand with first derivatives: leave out "
            "order=2."
        )
    if step is not None and not 0 < step < np.inf:
        raise ValueError(f"check_gradient needs a step above 0, got step={step!r}.")
    if directions is not None and (directions < 0 or directions != int(directions)):
        raise ValueError(
            "check_gradient needs the number of directions, or 0 for every entry, got "
            f"directions={directions!r}."
        )


def _check_model(model, inputs, loss, analytic, order, options):
    if loss is None or len(inputs) != 2:
        raise TypeError(
            "check_gradient of a model needs x, y and a loss: check_gradient(model, x, y, "
            "loss=nn.mse_loss)."
        )
    x, y = inputs
    names, leaves = zip(*model.named_parameters(), strict=True)
    if isinstance(analytic, dict):
        analytic = [analytic[name] for name in names] if len(names) > 1 else analytic[names[0]]
    # A forward pass may change more than parameters: running means, for example.
    before = model.state_dict()
    try:
        with enable_grad():
            subject = Recorded(lambda: loss(model(x), y), leaves, order, type(model).__name__)
            return _check(subject, names, analytic, **options)
    finally:
        model.load_state_dict(before)


def _subject(f, inputs, analytic, order):
    """f as a function of Tensors; or, if it takes none, of arrays, with a gradient by hand."""
    leaves = [Tensor(x.data if isinstance(x, Tensor) else x, requires_grad=True) for x in inputs]
    recorded = Recorded(lambda: f(*leaves), leaves, order, name_of(f))
    try:
        value = f(*leaves)
    except Exception as error:
        plain = Plain(f, recorded.arrays, name_of(f), f"raises {type(error).__name__}")
        if analytic is not None:
            return plain
        if not plain.returns_numbers():  # it is wrong in itself
            raise
        raise TypeError(
            f"{plain.title} takes arrays; given Tensors, it {plain.otherwise} ({error}), so "
            "nothing can be backpropagated. Give its gradient by hand, to compare it with "
            "differences: check_gradient(f, x, analytic=gradient)."
        ) from error
    if isinstance(value, Tensor) or analytic is None:
        return recorded
    return Plain(f, recorded.arrays, name_of(f), f"returns {type(value).__name__}")


def _check(subject, names, analytic, tolerance, step, directions):
    """The Comparison, or AssertionError."""
    entries = sum(array.size for array in subject.arrays)
    if directions is None:
        directions = DIRECTIONS if entries > MANY else 0
    with subject:
        start = _values(subject)
        rows = Rows(subject, names, analytic, start, directions, step)
        given = rows.columns(subject.arrays)
        numbers = (start, *subject.arrays, *given.values())
        eps = max(float(np.finfo(array.dtype).eps) for array in numbers)
        tolerance = _tolerance(eps) if tolerance is None else tolerance
        numerical = Judgement(rows, given, tolerance, eps)
        comparison = Comparison(
            rows.labels,
            {**given, "numerical": numerical.slopes},
            tolerance,
            numerical.errors,
            numerical.oddities,
            subject.remarks + _about_directions(directions, entries),
        )
        if not comparison.agrees:
            comparison.remarks += subject.conventions()
            raise AssertionError(f"{comparison.verdict()}\n\n{comparison}")
    return comparison


def _values(subject):
    """What the function returns at the inputs; refused where there is nothing to compare."""
    values, again = (subject.numbers(subject.precise) for _ in range(2))
    if not np.isfinite(values).all():
        raise ValueError(
            f"{subject.title} is {values[~np.isfinite(values)][0]} at these inputs themselves, so "
            "there is no derivative to compare. Take inputs at which it is finite."
        )
    if values.shape != again.shape or not np.allclose(values, again, rtol=1e-9, atol=0):
        raise ValueError(
            f"{subject.title} gives different values for the same inputs: switch off what is "
            "random, with model.eval()."
        )
    return values


def _tolerance(eps):
    """By the precision of the numbers: float16, float32, or better."""
    return 0.03 if eps > 1e-5 else 1e-4 if eps > 1e-10 else 1e-6


def _about_directions(directions, entries):
    if not directions:
        return []
    return [
        f"Compared along {directions} random directions of each input (seed {SEED}), not by each "
        f"of the {entries} entries: a mistake in few of them, small beside the gradient, can pass."
    ]
