"""Steps done again without recording them: what a step of a known model computes is written down
once, as a Program, and compiled to plain NumPy calls.

How it is written stands in `writing.py`. `known.py` says why nothing can be frozen by mistake, and
sees whether something has changed. Here programs are run: with the numbers that the model has, and
so that the model has theirs afterwards.
"""

from __future__ import annotations

import copy
import math
from operator import is_
from typing import Any

import numpy as np

from autograd_lite import Tensor, no_grad
from autograd_lite.recording import contexts, recording
from autograd_lite.tracing import OtherBranch
from nn.batchnorm import BatchNorm1d
from nn.module import Module
from nn.targets import one_hot
from nn.training.known import OF_LABELS, Watch, is_known_model
from nn.training.samples import Sample
from nn.training.writing import Writer, Written

AFTER = 10  # a program is written at so many steps with batches of a shape
MOST = 20  # so often everything may have changed, until it is no longer worth it


class Replay:
    """Loss and gradient of a model by programs, one for each shape of a batch.

    model, loss: as for `Step`.
    penalties: all of them. smooth: those that are differentiated.

    .weights: all parameters in one vector; .parts views of it, in their shapes.
    .gradient: the same for the gradient; .gradients its views.
    .given_up: whether steps have to be recorded for good.

    The model's own arrays are read by `pull` and written by `push`. In between they stay as they
    were, and nobody but this object knows of the vectors.
    """

    def __init__(self, model: Module, loss: Any, penalties: list[Any], smooth: list[Any]):
        self.model, self.loss, self.penalties, self.smooth = model, loss, penalties, smooth
        self.programs: dict[Any, dict[Any, Written]] = {}
        self.counts: dict[Any, int] = {}
        self.watch: Watch | None = None
        self.ran: Written | None = None
        self.given_up, self.renewals = False, 0
        self.given, self.classes = None, None

    # Before and after.

    def pull(self) -> bool:
        """Read the model's arrays, if steps can be replayed at all: if it is known, and as it was,
        or else after a new beginning.
        """
        if self.given_up or (contexts and (recording.watches or not recording.on)):
            return False
        if self.watch is None or not self.watch.same():
            self.renew()
        if self.given_up or not self.pull_weights():
            return False
        for tensor, array in zip(self.tracked, self.running, strict=True):
            array[...] = tensor.data
        return True

    def push(self) -> None:
        """Write weights and buffers into the model's own arrays, which somebody may hold."""
        for tensor, array in self.moving:
            if type(tensor.data) is np.ndarray:
                tensor.data[...] = array
                tensor.data = tensor.data  # an assignment: what was recorded before is out of date
            else:
                tensor.data = array[()]

    @property
    def total(self) -> float:
        """The last loss, with its penalties."""
        return self.ran.total.item()

    def gradients_by(self, parameters: list[Tensor]) -> list[np.ndarray]:
        """The last gradient, in the order of these parameters."""
        found = dict(zip(self.parameters, self.gradients, strict=True))
        return [found[p] for p in parameters]

    def leave(self) -> None:
        """Leave `.grad` and masks as the last step by the book would: new arrays at each time."""
        for p, gradient in zip(self.parameters, self.gradients, strict=True):
            p.grad = gradient.copy()
        for layer, mask in self.ran.masks.items():
            layer.mask = mask.copy()
        self.ran = None

    def pull_weights(self) -> bool:
        """Read the parameters; False if they are not such as the programs were written for."""
        arrays = [p.data for p in self.parameters]
        if not all(map(is_, arrays, self.arrays)):
            if list(map(_kind, arrays)) != list(map(_kind, self.parts)):
                self.watch = None  # the next time everything begins anew
                return False
            self.arrays = arrays
            self.by_rows = all(part.flags.c_contiguous for part in self.parts)
        fill(self.weights, self.parts, arrays, self.by_rows)
        return True

    def renew(self):
        """Begin anew with what the model is now; or give up, if it is not known."""
        self.programs, self.counts, self.given, self.classes = {}, {}, None, None
        self.renewals += 1
        if self.renewals > MOST or not is_known_model(self.model, self.loss, self.penalties):
            self.given_up = True
            return
        held = [value for module in self.model.modules() for value in vars(module).values()]
        self.tensors = list(dict.fromkeys(value for value in held if isinstance(value, Tensor)))
        self.generators = list(
            dict.fromkeys(value for value in held if isinstance(value, np.random.Generator))
        )
        self.parameters = self.model.parameters()
        arrays = [p.data for p in self.parameters]
        self.arrays = [None] * len(arrays)  # not looked at yet
        self.weights, self.parts = vector(arrays)
        self.gradient, self.gradients = vector(arrays)
        norms = [module for module in self.model.modules() if type(module) is BatchNorm1d]
        tensors = [t for module in norms for t in vars(module).values() if isinstance(t, Tensor)]
        self.tracked = [t for t in dict.fromkeys(tensors) if t not in set(self.parameters)]
        self.running = [np.array(t.data) for t in self.tracked]
        self.moving = list(zip(self.parameters, self.parts, strict=True))
        self.moving += zip(self.tracked, self.running, strict=True)
        self.places = dict(self.moving)
        constant = [t for t in self.tensors if t not in self.places]
        self.places |= {t: np.asarray(t.data) for t in constant}
        self.watch = Watch(self.model, self.penalties, constant)

    # A step.

    def __call__(self, sample: Sample, rows: Any) -> float | None:
        """The loss on some rows, a slice or their numbers, or None for all; the gradient then is in
        `.gradient`. Or None: then this step has to be recorded, and nothing has been drawn or
        changed.
        """
        if sample is not self.given and not self.takes(sample):
            return None
        if rows is None:
            rows = slice(0, len(sample))
        n = rows.stop - rows.start if type(rows) is slice else len(rows)
        written = self.of_size.get((n, type(rows))) or self.new(n, rows)
        if written is None:
            return None
        x, y, w = self.arrays_of_sample
        if self.by_number and type(rows) is not slice:  # x[rows] would be another array
            x.take(rows, 0, written.x, "clip")
            y.take(rows, 0, written.y, "clip")
        else:
            written.x[...], written.y[...] = x[rows], y[rows]
        if w is not None:
            written.w[...] = w[rows]
        before = [generator.bit_generator.state for generator in self.generators]
        try:
            for draw in written.draws:
                draw()
            written.run()
            gradient = self.gradient
            if not (math.isfinite(gradient.dot(gradient)) or np.all(np.isfinite(gradient))):
                raise OtherBranch("The gradient is not finite.")
        except Exception:  # whatever it is: the step that is recorded now will say it
            for generator, state in zip(self.generators, before, strict=True):
                generator.bit_generator.state = state
            return None
        for array, new in written.buffers:
            array[...] = new
        self.ran = written
        return written.loss.item()

    def takes(self, sample):
        """Whether steps with rows of this sample can be replayed. Its targets are brought to the
        parameters' dtype, and labels to one-hot rows, as the loss itself does it for each batch.
        """
        x, y, w, dtype = sample.x, sample.y, sample.w, self.weights.dtype
        if not (type(x) is type(y) is np.ndarray and x.ndim and y.ndim and len(x) == len(y)):
            return False
        if x.dtype != dtype or not (x.flags.forc and y.flags.forc):
            return False
        try:
            if self.loss in OF_LABELS and y.ndim == x.ndim - 1:
                y = one_hot(y, self.width(x), dtype, self.loss.__name__)
            elif y.dtype != dtype:
                y = y.astype(dtype)
        except Exception:  # which the recorded step will say
            return False
        layout = x.flags.c_contiguous, y.flags.c_contiguous, w is None
        self.by_number, self.arrays_of_sample = layout[0] and layout[1], (x, y, w)
        self.of_size = self.programs.setdefault((x.shape[1:], y.shape[1:], layout), {})
        self.given = sample
        return True

    def new(self, n, rows):
        """A program for batches of n rows; None until there were some of them."""
        key = n, type(rows), id(self.of_size)
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.counts[key] < AFTER:
            return None
        try:
            written = self.of_size[n, type(rows)] = self.write(Sample(*self.arrays_of_sample)[rows])
        except Exception:  # it cannot be written down, or the step itself is wrong
            self.given_up = True
            return None
        return written

    def width(self, x):
        """How many columns the prediction has."""
        if self.classes is None:
            with no_grad():
                self.classes = copy.deepcopy(self.model).eval()(x[:1]).shape[-1]
        return self.classes

    def write(self, batch):
        """The program for batches like this one."""
        written, functions = Writer(self, batch).written()
        self.watch.functions |= functions
        self.watch.renew()
        return written


def vector(arrays: list[Any]) -> tuple[np.ndarray, list[np.ndarray]]:
    """A vector for all numbers, and views of it in the shapes of the arrays."""
    whole = np.empty(sum(np.size(a) for a in arrays), arrays[0].dtype)
    return whole, views(whole, arrays)


def views(whole: np.ndarray, arrays: list[Any]) -> list[np.ndarray]:
    """Views of a vector, one after the other, that lie in memory as the arrays do: row by row or
    column by column.
    """
    ends = np.cumsum([np.size(a) for a in arrays])
    return [
        whole[end - np.size(a) : end].reshape(np.shape(a), order="C" if _kind(a)[2] else "F")
        for a, end in zip(arrays, ends, strict=True)
    ]


def fill(whole: np.ndarray, parts: list[np.ndarray], arrays: list[Any], by_rows: bool) -> None:
    """Copy arrays into the views of a vector. by_rows: whether all of these lie row by row."""
    if by_rows:
        np.concatenate(arrays, None, whole)
    else:
        for part, array in zip(parts, arrays, strict=True):
            part[...] = array


def _kind(array):
    return np.shape(array), array.dtype, array.flags.c_contiguous, array.flags.f_contiguous
