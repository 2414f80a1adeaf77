"""Learning rates that change from epoch to epoch. Formulas and names are PyTorch's; `step()` is
called after every epoch.
"""

import math


class Schedule:
    """What all have in common: after t steps the optimizer's learning rate is `rate(t)`, from the
    initial one, .initial.
    """

    def __init__(self, optimizer):
        self.optimizer, self.initial, self.t = optimizer, optimizer.lr, 0

    def step(self):
        """Set the learning rate of the next epoch."""
        self.t += 1
        self.optimizer.lr = self.rate(self.t)

    def rate(self, t):
        raise NotImplementedError(
            f"{type(self).__name__} has no formula. Define rate(self, t) in its class."
        )


class StepLR(Schedule):
    """α_t = α₀ γ^⌊t / step_size⌋. Raises ValueError for a step_size below 1."""

    def __init__(self, optimizer, step_size, gamma=0.1):
        if step_size < 1:
            raise ValueError(f"StepLR needs a step_size of at least 1 epoch, got {step_size!r}.")
        super().__init__(optimizer)
        self.step_size, self.gamma = step_size, gamma

    def rate(self, t):
        return self.initial * self.gamma ** (t // self.step_size)


class CosineAnnealingLR(Schedule):
    """α_t = η + (α₀ − η) (1 + cos(π t / T)) / 2 with T = T_max, η = eta_min. Loshchilov & Hutter
    2017.

    Raises ValueError for a T_max below 1.
    """

    def __init__(self, optimizer, T_max, eta_min=0.0):
        if T_max < 1:
            raise ValueError(f"CosineAnnealingLR needs a T_max of at least 1 epoch, got {T_max!r}.")
        super().__init__(optimizer)
        self.T_max, self.eta_min = T_max, eta_min

    def rate(self, t):
        return (
            self.eta_min
            + (self.initial - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2
        )
