"""Learning rates that change from epoch to epoch. Formulas and names are PyTorch's; `step()` is
called after every epoch.
"""

from __future__ import annotations

import math

from nn.training.optimizers import Optimizer


class Schedule:
    """The base class of all schedules. A schedule of your own defines `rate`, the learning rate
    after t epochs:

        >>> class Hyperbolic(nn.Schedule):
        ...     def rate(self, t):
        ...         return self.initial / (1 + t)
        >>> optimizer = nn.SGD(nn.Linear(1, 1).parameters(), lr=0.6)
        >>> schedule = Hyperbolic(optimizer)
        >>> schedule.step()
        >>> optimizer.lr
        0.3

    optimizer: the one whose learning rate is changed.
    .initial: the learning rate that it had at first, α₀.
    .t: how many epochs are over.
    """

    def __init__(self, optimizer: Optimizer):
        self.optimizer, self.initial, self.t = optimizer, optimizer.lr, 0

    def step(self) -> None:
        """One more epoch is over: give the optimizer the learning rate of the next one."""
        self.t += 1
        self.optimizer.lr = self.rate(self.t)

    def rate(self, t: int) -> float:
        """The learning rate after t epochs.

        t: how many epochs are over.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no formula. Define rate(self, t) in its class."
        )


class StepLR(Schedule):
    """α_t = α₀ γ^⌊t / step_size⌋: the learning rate is multiplied by γ every step_size epochs.

    optimizer: the one whose learning rate is changed.
    step_size: a number of epochs, at least 1.
    gamma: γ.

    Raises ValueError for a step_size below 1.

        >>> optimizer = nn.SGD(nn.Linear(1, 1).parameters(), lr=1.0)
        >>> schedule = nn.StepLR(optimizer, step_size=2, gamma=0.5)
        >>> [schedule.rate(t) for t in range(6)]
        [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1):
        if step_size < 1:
            raise ValueError(f"StepLR needs a step_size of at least 1 epoch, got {step_size!r}.")
        super().__init__(optimizer)
        self.step_size, self.gamma = step_size, gamma

    def rate(self, t: int) -> float:
        return self.initial * self.gamma ** (t // self.step_size)


class CosineAnnealingLR(Schedule):
    """α_t = η + (α₀ − η) (1 + cos(π t / T)) / 2: from α₀ to η in T epochs, along half a wave of the
    cosine. Loshchilov & Hutter 2017.

    optimizer: the one whose learning rate is changed.
    T_max: T, a number of epochs, at least 1.
    eta_min: η.

    Raises ValueError for a T_max below 1.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0):
        if T_max < 1:
            raise ValueError(f"CosineAnnealingLR needs a T_max of at least 1 epoch, got {T_max!r}.")
        super().__init__(optimizer)
        self.T_max, self.eta_min = T_max, eta_min

    def rate(self, t: int) -> float:
        return (
            self.eta_min
            + (self.initial - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2
        )
