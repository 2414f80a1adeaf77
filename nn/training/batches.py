"""How a sample is cut into mini-batches. Lecture, section 4."""

from itertools import pairwise

import numpy as np

from nn.checks import whole


def mini_batches(n, batch_size=None, batches=None, shuffle=True, rng=None):
    """Yield, epoch after epoch without end, the list of its batches; x[batch] are the observations
    in a batch.

    batch_size: observations in each batch (the last may have fewer); 1 is stochastic gradient
        descent.
    batches: instead, the number of batches, of about equal size. Neither: one batch, all
        observations.
    shuffle: True: a new cut of shuffled observations every epoch. "batches", the lecture's way: cut
        once, in the given order; the first epoch takes the batches in that order, and each later
        one in a new order. False: always the given order.

    Raises ValueError for both numbers at once, a number outside of 1 … n, and another `shuffle`.
    """
    if batch_size is not None and batches is not None:
        raise ValueError(
            "Give batch_size or batches, the size of a batch or their number, not both: "
            f"{batch_size}, {batches}."
        )
    if shuffle is not True and shuffle is not False and shuffle != "batches":
        raise ValueError(f'shuffle is True, "batches" or False, got {shuffle!r}.')
    return _epochs(_cut(n, batch_size, batches), n, shuffle, np.random.default_rng(rng))


def _cut(n, batch_size, batches):
    """The batches of the given order, as slices."""
    if batches is not None:
        if batches not in range(1, n + 1):
            raise ValueError(
                f"{n} observations can be cut into 1 to {n} batches, got batches={batches!r}."
            )
        ends = [n * i // batches for i in range(batches + 1)]
    else:
        size = n if batch_size is None else whole(batch_size, "batch_size")
        ends = [*range(0, n, size), n]
    return [slice(start, stop) for start, stop in pairwise(ends)]


def _epochs(cut, n, shuffle, rng):
    if len(cut) == 1:
        shuffle = False  # the order of the observations does not matter within a batch
    if shuffle == "batches":
        yield cut
    while True:
        if shuffle is True:
            order = rng.permutation(n)
            yield [order[batch] for batch in cut]
        elif shuffle == "batches":
            yield [cut[i] for i in rng.permutation(len(cut))]
        else:
            yield cut
