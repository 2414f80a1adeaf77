"""Networks of every kind of layer and loss, by a seed; and other numbers for them."""

import itertools

import numpy as np

import nn
from nn.dropout import FixedDropout

HIDDEN = [
    lambda n: nn.Sigmoid(),
    lambda n: nn.Tanh(),
    lambda n: nn.ReLU(),
    lambda n: nn.LeakyReLU(0.2),
    lambda n: nn.PReLU(),
    lambda n: nn.PReLU(n),
    lambda n: nn.ELU(0.7),
    lambda n: nn.ELU(0.7, learnable=True),
    lambda n: nn.Softplus(),
    lambda n: nn.NormalCDF(),
    lambda n: nn.Identity(),
    lambda n: nn.Softmax(),
    lambda n: nn.LogSoftmax(),
    lambda n: nn.Mixed((nn.PReLU(), 1), (nn.ELU(learnable=True), 1), (nn.Tanh(), n - 2)),
    lambda n: nn.Mixed((nn.ReLU(), n - 2), (nn.PReLU(2), 2)),
]
# loss, and what the network ends with.
ENDS = [
    (nn.mse_loss, None),
    (nn.l1_loss, nn.Tanh),
    (nn.binary_cross_entropy, nn.Sigmoid),
    (nn.binary_cross_entropy, nn.NormalCDF),
    (nn.binary_cross_entropy_with_logits, None),
    (nn.cross_entropy, None),
    (nn.nll_loss, nn.LogSoftmax),
    (nn.mse_loss, nn.Softmax),
]
SEEDS = range(60)


def random_network(seed):
    """(model, x, y, loss): each activation and loss comes with each in turn."""
    rng = np.random.default_rng(seed)
    loss, end = ENDS[seed % len(ENDS)]
    hidden = int(rng.integers(0, 3))
    sizes = [int(rng.integers(1, 4)), *(int(n) for n in rng.integers(2, 5, hidden))]
    outputs = int(rng.integers(2, 4)) if loss in (nn.cross_entropy, nn.nll_loss) else 1 + seed % 2
    layers = [nn.Standardize(rng.normal(size=(5, sizes[0])))] if rng.integers(2) else []
    for k, (inputs, neurons) in enumerate(itertools.pairwise(sizes)):
        layers.append(nn.Linear(inputs, neurons, bool(rng.integers(2)), rng))
        layers.append(HIDDEN[(seed + 7 * k) % len(HIDDEN)](neurons))
        if rng.integers(2):
            layers.append(nn.BatchNorm1d(neurons))
        kind = rng.integers(3)
        dropout = nn.Dropout(keep=0.8, inverted=bool(rng.integers(2)), rng=seed)
        if kind:
            mask = rng.integers(0, 2, neurons).astype(bool)
            layers.append(FixedDropout(dropout, mask) if kind == 1 else dropout)
    layers += [nn.Linear(sizes[-1], outputs, bool(rng.integers(2)), rng), *([end()] if end else [])]
    label = loss in (nn.cross_entropy, nn.nll_loss)
    y = rng.integers(outputs) if label else rng.uniform(0.1, 0.9, outputs)
    return nn.Sequential(*layers).eval(), rng.normal(size=sizes[0]), y, loss


def other_numbers(given, seed):
    """Others in the place of all that is given: zeros among them, masks of 0 and 1."""
    rng = np.random.default_rng(seed + 1000)
    found = {}
    for name in given:
        kind = name.split("-")[0]
        number = rng.normal() * rng.integers(0, 4)
        if kind in ("variance", "lr", "y"):
            number = rng.uniform(0.1, 0.9)
        found[name] = float(rng.integers(2)) if kind == "mask" else float(number)
    return found
