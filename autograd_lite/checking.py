"""check_gradient: by hand, backpropagated and numerical, side by side.

def test_my_gradient():
    ag.check_gradient(loss, w, analytic=lambda w: 2 * (w - 1))

def test_my_layer():
    ag.check_gradient(nn.Sequential(MyLayer(3, 2), nn.Tanh()), x, y, loss=nn.mse_loss)
"""

import numpy as np

from autograd_lite.comparison import Comparison
from autograd_lite.recording import enable_grad
from autograd_lite.tensor import Tensor
from autograd_lite.transforms import gradients


def check_gradient(f, *inputs, analytic=None, order=1, tolerance=None, loss=None):
    """Compare the gradient of f(*inputs) with central differences, and with a derivation by hand if
    there is one.

    f: returns a Tensor. If it has several entries, their sum with fixed uneven weights is
        differentiated. Or a model, together with a loss: loss(f(x), y) is then differentiated by
        the parameters of the model, and the inputs are x and y.
    inputs: arrays, numbers or Tensors.
    analytic: the gradient by hand, of a function with one number as its result: a function of the
        inputs, or the value itself; an array for one input, a list of arrays for several; for a
        model, of its parameters, in their order or by their names.
    order: 2 checks the second derivatives, by differences of the backpropagated gradient.
    tolerance: the largest relative difference allowed; 1e-6, for float32 1e-3, for float16 0.03.

    Keep away from corners: at 0 the difference quotient of relu is ½. What is random must be
    switched off (model.eval()).

    Returns the Comparison, which prints as a table. Raises AssertionError, with the worst entry, if
    they do not agree; ValueError where shapes do not fit, and where f gives different values for
    the same inputs.
    """
    if order not in (1, 2):
        raise ValueError(f"check_gradient knows order=1 and order=2, got {order!r}.")
    if not inputs:
        raise ValueError(
            "check_gradient needs at least one input to differentiate by: check_gradient(f, x)."
        )
    if hasattr(f, "named_parameters"):
        return _check_model(f, inputs, loss, analytic, order, tolerance)
    if loss is not None:
        raise TypeError(
            "check_gradient takes a loss together with a model that has parameters, got "
            f"{_name(f)}."
        )
    leaves = [Tensor(x.data if isinstance(x, Tensor) else x, requires_grad=True) for x in inputs]
    names = [getattr(x, "name", None) or f"x{i + 1}" for i, x in enumerate(inputs)]
    return _check(lambda: f(*leaves), leaves, names, analytic, order, tolerance, _name(f))


def _check_model(model, inputs, loss, analytic, order, tolerance):
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
        return _check(
            lambda: loss(model(x), y),
            leaves,
            names,
            analytic,
            order,
            tolerance,
            type(model).__name__,
        )
    finally:
        model.load_state_dict(before)


def _check(value, leaves, names, analytic, order, tolerance, name):
    """`value()` computes the result anew from the leaves, whose data are shifted entry by entry in
    between.
    """
    arrays = [np.array(leaf.data) for leaf in leaves]
    objective = lambda: _one_number(value(), name)
    if order == 2:
        first = objective
        objective = lambda: _one_number(
            _joined(gradients(first(), list(leaves), create_graph=True)), name
        )
    with enable_grad():
        entries = value().size if analytic is not None else 1
        backpropagated = [
            part.data for part in gradients(objective(), list(leaves), create_graph=True)
        ]
        numerical = _numerical(objective, leaves, arrays)
        if objective().item() != objective().item():
            raise ValueError(
                f"{name} gives different values for the same inputs: switch off what is random, "
                "with model.eval()."
            )
    columns = {"backpropagated": backpropagated, "numerical": numerical}
    if analytic is not None:
        columns = {"by hand": _by_hand(analytic, arrays, order, entries), **columns}
    comparison = Comparison(
        [
            label
            for label, array in zip(names, arrays, strict=True)
            for label in _labels(label, array.shape)
        ],
        {
            name: np.concatenate([np.ravel(part) for part in parts])
            for name, parts in columns.items()
        },
        max(_tolerance(array.dtype) for array in arrays) if tolerance is None else tolerance,
    )
    if not comparison.agrees:
        raise AssertionError(f"{comparison.verdict()}\n\n{comparison}")
    return comparison


def _one_number(y, name):
    """The sum of the entries with weights 1, cos 1, cos 2, …, in which no two errors cancel."""
    if not isinstance(y, Tensor):
        raise TypeError(
            f"{name} returned {type(y).__name__}, not a Tensor: the record was lost. Use NumPy's "
            "functions inside it."
        )
    return y if y.size == 1 else np.sum(y * np.cos(np.arange(y.size)).reshape(y.shape))


def _joined(parts):
    return np.concatenate([np.reshape(part, -1) for part in parts])


def _by_hand(analytic, arrays, order, entries):
    if order == 2:
        raise ValueError(
            "check_gradient compares a derivation by hand with first derivatives: leave out "
            "order=2."
        )
    if entries != 1:
        raise ValueError(
            "A gradient by hand is compared for a function with one number as its result, got "
            f"{entries} entries."
        )
    parts = analytic(*arrays) if callable(analytic) else analytic
    parts = list(parts) if len(arrays) > 1 else [parts]
    if len(parts) != len(arrays):
        raise ValueError(
            f"There are {len(arrays)} inputs, but {len(parts)} gradients by hand: give one for "
            "each."
        )
    for part, array in zip(parts, arrays, strict=True):
        if np.shape(part) != array.shape:
            raise ValueError(
                f"The gradient by hand has the shape {np.shape(part)}, its input {array.shape}: "
                "they must be equal."
            )
    return parts


def _numerical(objective, leaves, arrays):
    """Central differences, entry by entry: (f(x + h) − f(x − h)) / 2h with h = ∛ε · max(1, |x|).

    The error of the quotient grows with h², its rounding with ε/h; at ∛ε they balance. float32
    would leave two digits, so the differences are taken in float64 (and in the longer type of
    longer numbers).
    """
    precise = np.result_type(np.float64, *arrays)
    step = np.cbrt(np.finfo(precise).eps)
    results = []
    try:
        for leaf, array in zip(leaves, arrays, strict=True):
            leaf.data = array.astype(precise)
        for leaf, array in zip(leaves, arrays, strict=True):
            result = np.zeros(array.shape, precise)
            for index in np.ndindex(array.shape):
                h = step * max(1.0, abs(array[index]))
                values = []
                for shifted in (array[index] + h, array[index] - h):
                    moved = array.astype(precise)
                    moved[index] = shifted
                    leaf.data = moved
                    values.append(objective().data)
                result[index] = np.reshape((values[0] - values[1]) / (2 * h), ())
            leaf.data = array.astype(precise)
            results.append(result)
    finally:
        for leaf, array in zip(leaves, arrays, strict=True):
            leaf.data = array
    return results


def _tolerance(dtype):
    return {2: 0.03, 4: 1e-3}.get(dtype.itemsize, 1e-6)


def _labels(name, shape):
    return [f"{name}{list(index) if index else ''}" for index in np.ndindex(shape)]


def _name(f):
    return getattr(f, "__name__", type(f).__name__)
