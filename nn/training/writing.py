"""How the program of a step is written.

The step runs on a deep copy of the model whose tensors hold Symbols: layers, loss, penalties, the
walk and its rules are those of any step. The model itself is not touched, and no number is drawn:
random numbers are given to the program, as its batch is, and the same generators draw them in the
same order.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.backpropagation import results_before
from autograd_lite.programs import compiled
from autograd_lite.tracing import Program, Symbol, Untraceable
from nn.dropout import Dropout
from nn.training.samples import Sample


@dataclass
class Written:
    """A compiled program, and the arrays that it reads and writes.

    x, y, w: of the batch. loss: without penalties. total: with them.
    draws: [function]: each fills an array with random numbers.
    buffers: [(the array that is read, the array that is written)].
    masks: {Dropout: the mask}.
    """

    run: Callable[[], None]
    x: np.ndarray
    y: np.ndarray
    w: np.ndarray | None
    loss: np.ndarray
    total: np.ndarray
    draws: list[Callable[[], Any]]
    buffers: list[tuple[np.ndarray, np.ndarray]]
    masks: dict[Dropout, np.ndarray]


class Writer:
    """Writes the program of a step with a batch of this form.

    replay: the Replay, which tells what the model holds and where the program finds its numbers.
    """

    def __init__(self, replay: Any, batch: Sample):
        self.replay, self.program = replay, Program()
        self.given: dict[str, np.ndarray] = {}
        self.results: dict[str, np.ndarray] = {}
        self.draws: list[Callable[[], Any]] = []
        self.copies = {
            t: Tensor(self.symbol(f"tensor {i}", replay.places[t]), t.requires_grad, t.name)
            for i, t in enumerate(replay.tensors)
        }
        # Of what stands in the memo, deepcopy takes the copy that is there.
        self.memo: dict[int, Any] = {id(t): copied for t, copied in self.copies.items()}
        self.memo |= {id(g): _Draws(g, self) for g in replay.generators}
        self.model, self.smooth = copy.deepcopy((replay.model, replay.smooth), self.memo)
        self.batch = Sample(*(None if a is None else np.array(a) for a in vars(batch).values()))

    def symbol(self, name: str, array: np.ndarray) -> Symbol:
        """A Symbol for what the program is given."""
        self.given[name] = array
        return self.program.symbol(name, array)

    def name(self, name: str, value: Any, place: np.ndarray) -> np.ndarray:
        """Have the program leave a value in an array."""
        self.program.name(name, value)
        self.results[name] = place
        return place

    def written(self) -> tuple[Written, set[Any]]:
        """The program, and the functions whose rules are in it."""
        before = {t: copied.data.number for t, copied in self.copies.items()}
        l, L = self.losses()
        if l.dtype != self.replay.weights.dtype:  # then targets would be brought to another dtype
            raise Untraceable("The prediction is not in the dtype of the parameters.")
        if not np.isfinite(L.data):  # which the program asks, too
            raise Untraceable("The loss is not finite.")
        functions = {t.function for t in results_before(L)}
        L.backward()

        replay = self.replay
        for i, (p, place) in enumerate(zip(replay.parameters, replay.gradients, strict=True)):
            self.name(f"gradient {i}", self.copies[p].grad, place)
        moved = [t for t, copied in self.copies.items() if copied.data.number != before[t]]
        if not set(moved) <= set(replay.tracked):
            raise Untraceable("A tensor that is not trained was changed.")
        buffers = []
        for i, t in enumerate(moved):
            old = replay.places[t]
            buffers.append((old, self.name(f"new {i}", self.copies[t], np.array(old))))
        masks, loss = self.masks(), self.name("loss", l, np.empty((), l.dtype))
        total = loss if L is l else self.name("total", L, np.empty((), L.dtype))
        run = compiled(self.program, self.given, self.results)
        written = Written(run, *vars(self.batch).values(), loss, total, self.draws, buffers, masks)
        return written, functions

    def losses(self):
        """The loss of the copy, and what is differentiated: with the smooth penalties."""
        x, y, w = vars(self.batch).values()
        sample: Any = Sample(
            *(Tensor(self.symbol("x", x)), Tensor(self.symbol("y", y))),
            None if w is None else self.symbol("w", w),
        )
        l = sample.loss(self.model, self.replay.loss)
        return l, sum([penalty() for penalty in self.smooth], l)

    def masks(self):
        """{Dropout: the array for its mask} of those that have drawn one."""
        found = {}
        for layer in self.replay.model.modules():
            if type(layer) is Dropout and isinstance(mask := self.memo[id(layer)].mask, Symbol):
                place = np.empty(mask.shape, mask.dtype)
                found[layer] = self.name(f"mask {len(found)}", mask, place)
        return found


class _Draws:
    """In the place of a layer's generator: what it draws is given to the program."""

    def __init__(self, generator, writer):
        self.generator, self.writer = generator, writer

    def random(self, shape, dtype=float):
        return self._of(self.generator.random, shape, dtype)

    def standard_normal(self, shape, dtype=float):
        return self._of(self.generator.standard_normal, shape, dtype)

    def _of(self, method, shape, dtype):
        place, draws = np.full(shape, 0.5, dtype), self.writer.draws
        draws.append(partial(method, dtype=place.dtype.type, out=place))
        return self.writer.symbol(f"draw {len(draws)}", place)
