"""fit: gradient descent in all its variants, with everything of the lecture's sections 4 and 5 that
goes with it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from contextlib import contextmanager

import numpy as np

from autograd_lite import no_grad
from nn.lecture.dead import dead_neurons
from nn.module import Module, evaluating, of_nn
from nn.training.batches import mini_batches
from nn.training.history import History
from nn.training.interrupting import interrupting
from nn.training.optimizers import Optimizer
from nn.training.penalties import Penalty
from nn.training.samples import sample_of
from nn.training.schedules import Schedule
from nn.training.step import Step, check_optimizer
from nn.types import ArrayLike, Loss, Rng


def fit(
    model: Module,
    x: ArrayLike,
    y: ArrayLike,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None = None,
    batches: int | None = None,
    shuffle: bool | str = True,
    penalty: Penalty | Sequence[Penalty] | None = None,
    validation: float | Sequence[ArrayLike] | None = None,
    patience: int | None = None,
    tolerance: float = 0,
    gradient_noise: float = 0,
    max_norm: float | None = None,
    schedule: Schedule | None = None,
    sample_weight: ArrayLike | None = None,
    rng: Rng = None,
    progress: bool = True,
    replay: bool = True,
) -> History:
    """Train the model by gradient descent. Lecture, sections 4 and 5.

    model: changed in place; afterwards it is in evaluation mode, ready to predict.
    x: a row for each observation: an array, a list, a data frame, a sparse matrix. It is converted
        to the model's dtype.
    y: a target for each observation. Rows of x and y belong together by their position; an index
        of pandas is not looked at, as in scikit-learn.
    loss: a function of prediction and target that gives one number, such as nn.mse_loss.
    optimizer: made of the model's parameters, such as nn.SGD(model.parameters(), lr=0.1).
    epochs: how often the whole sample is gone through.
    batch_size: how many observations are in a mini-batch; 1 is SGD.
    batches: how many mini-batches there are. Give this or batch_size; if neither is given, a batch
        is the whole sample, which is GD.
    shuffle: True, "batches" or False, as for `mini_batches`.
    penalty: a Ridge, Lasso or MaxNorm, or a list of them.
    validation: a validation set, (x, y) or with weights (x, y, w); or a number between 0 and 1, the
        share of the observations that is drawn at random, kept out of training and used for
        validation.
    patience: after so many epochs without a lower validation loss training stops, and the model
        gets the weights of its best epoch back. Without a validation set it is the loss of the
        training sample after the epoch, with its penalties, that has to fall.
    tolerance: with patience, only a loss that is lower by more than this counts as lower.
    gradient_noise: the standard deviation of normal noise that is added to the gradient.
    max_norm: the gradient is clipped to this norm.
    schedule: a StepLR, a CosineAnnealingLR or your own; its step() is called after every epoch.
    sample_weight: w, a number of at least 0 for each observation; those with 0 are left out. A
        mini-batch has the loss (1/n) Σ w_i l_i, where the w of all trained rows were divided by
        their mean before: so its expectation is the weighted mean of all. The validation loss is
        Σ w_i l_i / Σ w_i. The loss must be one of nn's, or take reduction="none". Batch
        normalization and the share of dead neurons take each row once.
    rng: what np.random.default_rng takes, for the order of the observations, the noise and the
        validation set. Dropout has an rng of its own.
    progress: whether a progress bar is shown (by tqdm).
    replay: whether steps of nn's own layers, loss and optimizer may be computed without recording
        them anew: the same numbers to the last bit, sooner. Any other step is recorded.

    Returns the History, a list with a dict for each epoch. Ctrl-C stops training after the current
    step; the history then ends with the last full epoch.

    Raises ValueError for x and y of unequal length, for NaN, infinity and anything but numbers in
    them, for weights that are negative, not finite or all 0, for an optimizer of another model and
    for a loss of more than one number; TypeError for a loss that is not a Tensor, and for a model
    that is not of nn. Raises FloatingPointError as soon as the loss or its gradient is NaN or
    infinite, and names the first operation that made it so. The step is then not taken, and the
    error's .history has the epochs before. With patience, the best weights are given back in all
    these cases.

        >>> x = np.array([[0.0], [1.0], [2.0]])
        >>> y = 1 + 2 * x
        >>> line = nn.Linear(1, 1, rng=0)
        >>> sgd = nn.SGD(line.parameters(), lr=0.2)
        >>> history = nn.fit(line, x, y, nn.mse_loss, sgd, epochs=300, progress=False)
        >>> round(line.weight.item(), 4), round(line.bias.item(), 4)
        (2.0, 1.0)
        >>> len(history), history.stopped
        (300, 'epochs')
    """
    rng = np.random.default_rng(rng)
    of_nn(model, "fit")
    sample = sample_of(model, x, y, sample_weight, loss, "fit")
    sample, held_out = _hold_out(model, sample, validation, loss, rng)
    stopping = _EarlyStopping(model, patience, tolerance)
    watched = {} if held_out is None else {"validation_loss": held_out}
    if patience is not None and held_out is None:
        watched = {"training_loss": sample}
    check_optimizer(model, optimizer, "fit")
    step = Step(model, loss, optimizer, penalty, max_norm)
    step.who, step.gradient_noise, step.rng = "fit", gradient_noise, rng
    if not replay:
        step.replay = None
    cuts = mini_batches(len(sample), batch_size, batches, shuffle, rng)
    history = History()
    try:
        with interrupting() as check, _bar(epochs, progress) as bar:
            for epoch in range(1, epochs + 1):
                entry = {"epoch": epoch, "loss": _epoch(model, step, sample, next(cuts), check)}
                entry |= _measure(model, step, sample, loss, watched, optimizer)
                history.append(entry)
                if schedule is not None:
                    schedule.step()
                _show(bar, entry)
                if stopping.after(entry):
                    history.stopped = "patience"
                    break
            else:
                history.stopped = "epochs"
    except KeyboardInterrupt:
        history.stopped = "Ctrl-C"
        if progress:
            print(
                f"Stopped by Ctrl-C after {len(history)} full epochs. The model can be used, or "
                "trained further."
            )
    except FloatingPointError as error:
        error.history, error.args = history, (f"In epoch {len(history) + 1}: {error}",)
        raise
    finally:
        history.replayed, history.best_epoch = step.replayed, stopping.restore()
        model.eval()
    return history


class _EarlyStopping:
    """Remembers the weights of the epoch with the lowest validation loss; without a validation set,
    with the lowest sum of training loss and penalty, which is what training lowers.
    """

    def __init__(self, model, patience, tolerance):
        self.model, self.patience, self.tolerance = model, patience, tolerance
        self.lowest, self.epoch, self.state = math.inf, None, None
        self.progress = 0  # the last epoch that was better by more than the tolerance

    def after(self, entry):
        """Whether to stop after this epoch."""
        if self.patience is None:
            return False
        if "validation_loss" in entry:
            loss = entry["validation_loss"]
        else:
            loss = entry["training_loss"] + entry.get("penalty", 0.0)
        if self.epoch is None or loss < self.lowest - self.tolerance:
            self.progress = entry["epoch"]
        if self.epoch is None or loss < self.lowest:
            self.lowest, self.epoch, self.state = loss, entry["epoch"], self.model.state_dict()
        return entry["epoch"] - self.progress >= self.patience

    def restore(self):
        """Give the model its best weights back, and return their epoch; None without patience."""
        if self.epoch is not None:
            self.model.load_state_dict(self.state)
        return self.epoch


def _epoch(model, step, sample, batches, check):
    """A step for each mini-batch. Returns the mean of their losses, weighted by the number of
    observations.
    """
    model.train()
    total = 0.0
    try:
        for batch in batches:
            check()
            n = batch.stop - batch.start if isinstance(batch, slice) else len(batch)
            total += n * step.on(sample, batch)
    finally:
        step.settle()
    return total / len(sample)


def _measure(model, step, sample, loss, watched, optimizer):
    """What the history tells of an epoch besides its loss.

    watched: {key: the Sample whose loss is taken after the epoch}.
    """
    entry = {}
    if step.penalties:
        with no_grad():
            entry["penalty"] = sum(penalty().item() for penalty in step.penalties)
    for key, other in watched.items():
        with evaluating(model), no_grad():
            entry[key] = other.loss(model, loss).item()
    entry["gradient_norm"] = [
        0.0 if w.grad is None else float(np.linalg.norm(w.grad)) for w in step.weights
    ]
    entry["dead"] = [float(np.mean(dead)) for dead in dead_neurons(model, sample.x)]
    entry["lr"] = optimizer.lr
    return entry


def _hold_out(model, sample, validation, loss, rng):
    """The training sample, and the validation sample or None. The weights of each have mean 1."""
    if validation is None:
        return sample.scaled(), None
    if isinstance(validation, tuple | list):
        if len(validation) not in (2, 3):
            raise ValueError(
                f"validation is (x, y), (x, y, w) or a fraction, got {len(validation)} things."
            )
        x, y, w = (*validation, None)[:3]
        return sample.scaled(), sample_of(model, x, y, w, loss, "validation").scaled()
    if not 0 < validation < 1 or len(sample) < 2:
        raise ValueError(
            "validation is (x, y), (x, y, w) or a fraction between 0 and 1 of at least 2 "
            f"observations, got {validation!r} of {len(sample)}."
        )
    order = rng.permutation(len(sample))
    count = min(max(1, round(validation * len(sample))), len(sample) - 1)
    return sample[order[count:]].scaled(), sample[order[:count]].scaled()


@contextmanager
def _bar(epochs, progress):
    """A progress bar, or None if none is wanted."""
    if not progress:
        yield None
        return
    try:
        with warnings.catch_warnings():
            # In a notebook without ipywidgets the bar is text, which is as good.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        raise ImportError(
            "The progress bar needs tqdm. Type: pip install tqdm, or pass progress=False."
        ) from None
    with tqdm(total=epochs, unit="epoch") as bar:
        yield bar


def _show(bar, entry):
    if bar is not None:
        bar.set_postfix(
            {key: f"{entry[key]:.4g}" for key in ("loss", "validation_loss") if key in entry},
            refresh=False,
        )
        bar.update()
