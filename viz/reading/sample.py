"""A sample of several observations, each of which the same Program can be run for; and the step of
gradient descent by the mean gradient of a batch of them.
"""

import copy
from dataclasses import dataclass

import numpy as np

import autograd_lite as ag
from nn.dropout import FixedDropout
from nn.tables import numbers
from viz.language.names import number_name
from viz.reading.fits import classes_of, column, level_of, read_fit
from viz.reading.model import Network
from viz.reading.program import given, observed_names, parameters_of
from viz.reading.run import run, run_one

MOST = 100  # observations
BATCH = "batch/"  # before the names of what is of a batch


@dataclass(frozen=True)
class Sample:
    """Observations of a network.

    names: of the numbers that differ between observations, x-I and y-J. rows: these numbers, a
    list for each observation. outputs: what the network gives, each as (symbol, name).
    fit: how they are drawn with what the network makes of them: its "labels", of the classes that
    two features have a boundary between, [] for the curve of one feature, and "level", the output
    above which the second is predicted; or None.
    """

    names: list
    rows: list
    outputs: list
    fit: dict | None = None

    def as_data(self):
        """For the page."""
        return {name: getattr(self, name) for name in ("names", "rows", "outputs", "fit")}


def observations(model, x, y):
    """x and y as a list [(x_i, y_i), …]; one observation (m₀,) is a list of one.

    Raises ValueError for none, for more than 100, and for x and y of different lengths.
    """
    array, features = numbers(x, "a picture"), Network(model).sizes[0]
    if array.ndim == 1 and features == 1 and len(array) > 1:
        array = array[:, None]
    if array.ndim != 2 or len(array) == 1 or array.shape[1] != features:
        return [(x, y)]
    y = numbers(y, "a picture", "y")
    if y.ndim == 0 or len(y) != len(array):
        raise ValueError(
            f"x has {len(array)} observations and y the shape {y.shape}: give a y for each "
            f"observation, or one observation of {features} features, x[i], and its y."
        )
    if len(array) == 0:
        raise ValueError("x has no observations: give at least one.")
    if len(array) > MOST:
        raise ValueError(
            f"{len(array)} observations are too many to look at one by one: give at most {MOST}, "
            "such as x[:100], y[:100]."
        )
    return list(zip(array, y, strict=True))


def sample_of(model, pairs, loss):
    """The Sample of observations [(x_i, y_i), …] of a model.

    Raises what `run_one` raises, for any of them.
    """
    read, names, rows = Network(model), [], []
    for x, y in pairs:
        run_one(read, x, y, loss)
        found = [*observed_names(x, y, read.sizes).items()]
        names = [name for _, those in found for name in those.flat]
        rows.append([float(number) for tensor, _ in found for number in tensor.data.flat])
    outputs = [
        (symbol, number_name("neuron", read.layers, j))
        for j, symbol in enumerate(read.outputs_of(read.layers), start=1)
    ]
    return Sample(names, rows, outputs, _fit(model, pairs) if len(pairs) > 1 else None)


def _fit(model, pairs):
    """How observations are drawn with what the model makes of them, or None where `viz.fitted`
    would refuse that.
    """
    try:
        fit = read_fit(model, *map(np.stack, zip(*pairs, strict=True)))
        if fit.features == 1:
            column(fit)
            return {"labels": [], "level": 0.0}
        _, labels = classes_of(fit)
        return {"labels": labels, "level": level_of(fit, labels) if fit.outputs == 1 else 0.0}
    except (TypeError, ValueError):
        return None


def batch_step(traced, sample, loss):
    """The Run after the step by a batch, with names for its numbers in the Program.

    Given: batch/NAME/gradient of all that is trained, the mean over the batch, batch/loss, the mean
    before the step, and batch/loss/new, that after it; their examples are those of the whole
    sample. Computed: batch/NAME/new, and batch/l/new, the loss of the observation itself.
    """
    program, network = traced.program, _in_numbers(traced.observed.network)
    names = list(traced.trained.values())
    first = {those.flat[0] for those in names}
    held = [t for t, those in parameters_of(network).items() if those.flat[0] in first]
    runs = [run(network, *one, loss) for one in _tensors(sample)]
    found = [ag.gradients(one.loss, held) for one in runs]
    means = [np.mean(gradients, axis=0) for gradients in zip(*found, strict=True)]
    gradients = {
        tensor: given(program, BATCH + those + "/gradient", mean)
        for tensor, those, mean in zip(traced.trained, names, means, strict=True)
    }
    program.symbol(f"{BATCH}loss", _mean_loss(runs))
    updated = traced.stepped(gradients, BATCH)
    program.name(f"{BATCH}l/new", updated.loss)
    changed = _in_numbers(updated.network)
    runs = [run(changed, *one, loss) for one in _tensors(sample)]
    program.symbol(f"{BATCH}loss/new", _mean_loss(runs))
    return updated


def _mean_loss(runs):
    return float(np.mean([one.loss.data for one in runs]))


def _tensors(sample):
    """(x, y) of each observation, as one row each."""
    features = sum(name.startswith("x-") for name in sample.names)
    for row in np.array(sample.rows)[:, None]:
        yield ag.Tensor(row[:, :features], requires_grad=True), ag.Tensor(row[:, features:])


def _in_numbers(network):
    """A traced Network with the examples in the place of its Symbols."""
    network = copy.deepcopy(network)
    for tensor in parameters_of(network):
        tensor.data = np.array(tensor.data.example)
    for module in [*network.before, *(stage.module for stage in network.stages)]:
        if isinstance(module, FixedDropout):
            module.mask = getattr(module.mask, "example", module.mask)
    return network
