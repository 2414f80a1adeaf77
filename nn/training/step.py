"""A step of gradient descent on a mini-batch, for `fit` and for one's own training loop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import is_
from typing import Any

import numpy as np

from autograd_lite import Tensor, detect_anomaly, gradients
from nn.inputs import noise
from nn.lecture.vectors import weights
from nn.losses import checked_loss
from nn.module import Module, of_nn
from nn.training.clipping import clip_grad_norm_, clipped
from nn.training.known import is_known_optimizer
from nn.training.optimizers import Optimizer, descend
from nn.training.penalties import Penalty, penalties
from nn.training.replay import Replay, views
from nn.training.samples import Sample
from nn.types import ArrayLike, Loss

# So many numbers are copied to and fro at each step of one's own loop; more would take as long as
# recording does. (Within an epoch of `fit` nothing is copied.)
LARGE = 100_000


class Step:
    """One's own training loop: step(x, y) updates the parameters, and returns the loss on this
    mini-batch as it was before, a float. Lecture, section 4.

    model: its parameters are changed. Whether it is in training, model.train() and model.eval()
        say.
    loss: a function of prediction and target that gives one number, such as nn.mse_loss.
    optimizer: made of the model's parameters, such as nn.SGD(model.parameters(), lr=0.1).
    penalty: a Ridge, Lasso or MaxNorm, or a list of them.
    max_norm: the gradient is clipped to this norm.

    x: a row for each observation; it goes into model(x) as it is.
    y: a target for each; it goes into loss(…, y) as it is.

    A call does what zero_grad(), backward() and optimizer.step() do, and leaves `.grad`. Where
    model, loss, optimizer and penalties are nn's own, it need not be recorded anew each time: from
    the tenth step on it is replayed, with the same numbers to the last bit; not so a model of more
    than 100,000 numbers. Anything may be changed between two steps.

    Raises ValueError for an optimizer of another model and for a loss of more than one number;
    TypeError for a loss that is not a Tensor; FloatingPointError, before anything is changed, if
    the loss or its gradient is NaN or infinite.

        >>> line = nn.Linear(1, 1, rng=0)
        >>> step = nn.Step(line, nn.mse_loss, nn.SGD(line.parameters(), lr=0.2))
        >>> x = np.array([[0.0], [1.0], [2.0]])
        >>> for _ in range(300):
        ...     loss = step(x, 1 + 2 * x)
        >>> round(line.weight.item(), 4), round(line.bias.item(), 4)
        (2.0, 1.0)
    """

    def __init__(
        self,
        model: Module,
        loss: Loss,
        optimizer: Optimizer,
        penalty: Penalty | Sequence[Penalty] | None = None,
        max_norm: float | None = None,
    ):
        self.model, self.loss = of_nn(model, "Step"), checked_loss(loss, "Step")
        check_optimizer(model, optimizer, "Step")
        self.optimizer, self.penalties, self.max_norm = optimizer, penalties(penalty), max_norm
        self.smooth = [penalty for penalty in self.penalties if penalty.smooth]
        self.stepping = [penalty for penalty in self.penalties if not penalty.smooth]
        self.who = "Step"  # for its errors
        # Normal noise that `fit` adds to the gradient: its standard deviation, and who draws it.
        self.gradient_noise, self.rng = 0.0, None
        self.weights = weights(model)
        self.parameters = list(dict.fromkeys([*model.parameters(), *optimizer.parameters]))
        self.size = sum(p.size for p in self.parameters)
        held = [value for module in model.modules() for value in vars(module).values()]
        self.generators = [value for value in held if isinstance(value, np.random.Generator)]
        self.replay: _Replayed | None = _Replayed(self)
        self.replayed = 0

    def __call__(self, x: ArrayLike, y: ArrayLike) -> float:
        sample: Any = Sample(x, y)  # pyright: ignore[reportArgumentType]
        if self.size > LARGE:
            return self.recorded(sample)
        try:
            return self.on(sample, None)
        finally:
            self.settle()

    def on(self, sample: Sample, rows: Any) -> float:
        """The same for some rows of a sample; then `settle` has to be called before anybody looks
        at the model or at the optimizer.

        sample: the observations.
        rows: their numbers; None for all of them.
        """
        if self.replay is not None:
            loss = self.replay.step(sample, rows)
            if loss is not None:
                self.replayed += 1
                return loss
        return self.recorded(sample if rows is None else sample[rows])

    def settle(self) -> None:
        """Leave the model, gradients and the optimizer as the last step by the book would."""
        if self.replay is not None:
            self.replay.close()
            if self.replay.programs.given_up:
                self.replay = None

    def recorded(self, sample: Sample) -> float:
        """A step by the book.

        sample: the mini-batch.
        """
        drawn = [generator.bit_generator.state for generator in self.generators]
        l, L = self.losses(sample)
        if not math.isfinite(L.item()):
            origin = self.first_anomaly(sample, drawn)
            raise FloatingPointError(_explain(f"the loss became {L.item()}", origin))
        for p in self.parameters:
            p.grad = None
        L.backward(retain_graph=False)
        grads = [p.grad for p in self.parameters if p.grad is not None]
        if not all(map(_is_finite, grads)):
            origin = self.first_anomaly(sample, drawn)
            raise FloatingPointError(_explain("the gradient is not finite any more", origin))
        if self.gradient_noise:
            for g in grads:
                g += noise(self.rng, self.gradient_noise, g)
        if self.max_norm is not None:
            clip_grad_norm_(self.parameters, self.max_norm)
        self.optimizer.step()
        for penalty in self.stepping:
            penalty.step(self.optimizer.lr)
        return l.item()

    def losses(self, sample):
        """The loss, and what is differentiated: the loss and the smooth penalties.

        sample: the mini-batch.
        """
        l = sample.loss(self.model, self.loss)
        if not isinstance(l, Tensor):
            raise TypeError(
                f"The loss returned {type(l).__name__}, not a Tensor: its record was lost. Use "
                "nn's losses, or NumPy's functions of the prediction itself, without float() and "
                ".data."
            )
        if l.size != 1:
            raise ValueError(
                f"{self.who} needs a loss of one number, got one of shape {l.shape}. Use a mean: "
                'reduction="mean".'
            )
        return l, sum([penalty() for penalty in self.smooth], l)

    def first_anomaly(self, sample, drawn):
        """What detect_anomaly says when the step is taken once more, up to the update; or None.

        sample: the mini-batch.
        drawn: the states of the generators as they were before the step, so that dropout draws the
            same masks. Running means and gradients stay as they are.
        """
        before = self.model.state_dict()
        for generator, state in zip(self.generators, drawn, strict=True):
            generator.bit_generator.state = state
        try:
            with detect_anomaly() as seen, np.errstate(all="ignore"):
                _, L = self.losses(sample)
                if not math.isfinite(L.item()):
                    return seen.infinity  # one that was given
                gradients(L, [p for p in self.parameters if p.requires_grad])
        except (FloatingPointError, RuntimeError) as error:
            return str(error)
        finally:
            self.model.load_state_dict(before)


class _Replayed:
    """The steps of a Step by programs. The update is the optimizer's own `change`, once for all
    parameters together.
    """

    def __init__(self, step: Step):
        self.owner, self.is_open, self.options = step, False, None
        self.programs = Replay(step.model, step.loss, step.penalties, step.smooth)

    def step(self, sample, rows):
        """The loss after a step; None if this step has to be recorded."""
        if not (self.is_open or self.open()):
            return None
        loss = self.programs(sample, rows)
        if loss is None:
            self.close()
            return None
        step, replay = self.owner, self.programs
        if step.gradient_noise:
            for g in replay.gradients:
                g += noise(step.rng, step.gradient_noise, g)
        if step.max_norm is not None:
            clipped(replay.gradients, step.max_norm)
        descend(step.optimizer, replay.weights, replay.gradient, self.state)
        if step.stepping:
            replay.push()
            for penalty in step.stepping:
                penalty.step(step.optimizer.lr)
            replay.pull_weights()
        return loss

    def open(self):
        """Read what model and optimizer hold; False if steps have to be recorded."""
        step, replay = self.owner, self.programs
        if step.model is not replay.model or step.loss is not replay.loss:
            replay.given_up = True
        if replay.pull() and self.knows_optimizer():
            self.state = joined(self.states, self.programs.parts)
            self.is_open = self.state is not None
        return self.is_open

    def knows_optimizer(self):
        """Whether the optimizer is one of nn's own. It is looked at closely where something but its
        numbers has changed.
        """
        optimizer = self.owner.optimizer
        held = vars(optimizer).values()
        parameters = self.programs.parameters  # another list after each new beginning
        kind = type(optimizer)
        options = [optimizer.parameters, parameters, kind.change, kind.step, *map(type, held)]
        options += [part for value in held if type(value) is tuple for part in map(type, value)]
        options += [optimizer, *optimizer.parameters, *optimizer.state]
        before, self.options = self.options, options
        if before and len(before) == len(options) and all(map(is_, before, options)):
            return True
        if set(parameters) != set(self.owner.parameters) or not is_known_optimizer(
            optimizer, parameters
        ):
            self.programs.given_up = True
            return False
        by_parameter = dict(zip(optimizer.parameters, optimizer.state, strict=True))
        self.states = [by_parameter[p] for p in parameters]
        return True

    def close(self):
        """Leave everything as the last step by the book would."""
        if self.is_open and self.programs.ran:
            self.programs.push()
            self.programs.leave()
            for key, value in self.state.items():
                if isinstance(value, np.ndarray):
                    hand_out(self.states, key, views(value, self.programs.parts))
                else:
                    for state in self.states:
                        state[key] = value
        self.is_open = False


def joined(states: list[dict[str, Any]], parts: list[np.ndarray]) -> dict[str, Any] | None:
    """What is remembered for all parameters together: vectors, and numbers that are the same for
    all. None if it cannot be joined.
    """
    whole: dict[str, Any] = {}
    if not any(states):
        return whole
    for key, value in states[0].items():
        if any(key not in state for state in states):
            return None
        values = [state[key] for state in states]
        if isinstance(value, int):
            if any(other != value for other in values):
                return None
            whole[key] = value
        else:
            kinds = {getattr(other, "dtype", None) for other in values}
            if len(kinds) > 1 or any(map(_differ_in_shape, values, parts)):
                return None
            whole[key] = np.empty(sum(part.size for part in parts), kinds.pop())
            for part, value in zip(views(whole[key], parts), values, strict=True):
                part[...] = value
    return whole if all(len(state) == len(whole) for state in states) else None


def hand_out(states: list[dict[str, Any]], key: str, values: list[np.ndarray]) -> None:
    """Give each parameter what is remembered for it, in the array that there is."""
    for state, value in zip(states, values, strict=True):
        own = state.get(key)
        if type(own) is np.ndarray and own.dtype == value.dtype:
            own[...] = value
        else:
            state[key] = value[()] if value.ndim == 0 else value.copy()


def _differ_in_shape(a, b):
    return np.shape(a) != np.shape(b)


def check_optimizer(model: Module, optimizer: Any, who: str) -> None:
    """Raise ValueError unless it is an optimizer of the model's parameters. who: for its error."""
    if not isinstance(optimizer, Optimizer) or set(optimizer.parameters).isdisjoint(
        model.parameters()
    ):
        raise ValueError(
            f"{who} needs an optimizer of this model's own parameters: "
            "nn.SGD(model.parameters(), lr=0.1), made after the model."
        )


def _is_finite(gradient):
    """The sum is quick and finite, as a rule; if it is not, it may have overflowed only."""
    return math.isfinite(gradient.sum()) or bool(np.all(np.isfinite(gradient)))


def _explain(what, origin):
    return (
        f"{what}. {origin or 'It cannot be told by which operation: it did not happen again.'} "
        + (
            "What often helps: a smaller learning rate, nn.Standardize(x) as the first layer, "
            "max_norm=1, a loss that takes logits."
        )
    )
