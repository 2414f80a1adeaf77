"""How a sample is cut into mini-batches. Lecture, section 4."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from nn.checks import whole
from nn.types import Rng


def mini_batches(
    n: int,
    batch_size: int | None = None,
    batches: int | None = None,
    shuffle: bool | str = True,
    rng: Rng = None,
) -> Iterator[list[slice | np.ndarray]]:
    """Yield a list of batches for the first epoch, for the second, and so on without end. A batch
    is an index: x[batch] are its observations. Lecture, section 4.

    n: the number of observations.
    batch_size: how many observations are in a batch; the last batch may have fewer. 1 is stochastic
        gradient descent.
    batches: how many batches there are, of about equal size. Give this or batch_size; if neither is
        given, there is one batch of all observations.
    shuffle: True: each epoch shuffles the observations and cuts them anew. "batches", the lecture's
        way: the observations are cut once, in their own order, and from the second epoch on the
        batches are shuffled. False: nothing is shuffled.
    rng: what np.random.default_rng takes, for instance a seed.

    Raises ValueError if both batch_size and batches are given, for a number that is not from 1 to
    n, and for another `shuffle`.

        >>> x = np.array([10, 20, 30, 40, 50])
        >>> epochs = nn.mini_batches(len(x), batch_size=2, shuffle=False)
        >>> [x[batch] for batch in next(epochs)]
        [array([10, 20]), array([30, 40]), array([50])]
    """
    if batch_size is not None and batches is not None:
        raise ValueError(
            "Give batch_size, how many observations are in a batch, or batches, how many batches "
            f"there are, not both; got {batch_size=} and {batches=}."
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


def _epochs(cut, n, shuffle, rng) -> Iterator[list[slice | np.ndarray]]:
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
