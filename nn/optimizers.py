"""Optimizers: how a gradient changes the parameters. Formulas, names and defaults are PyTorch's."""

from autograd_lite import Tensor
from nn.module import Module


class Optimizer:
    """What all have in common. `step()` subtracts from each parameter what the optimizer's `change` makes of its gradient.

    parameters: model.parameters(), or another list of tensors that require a gradient.
    lr: the learning rate α, a positive number; it may be assigned between steps.

    Raises TypeError for anything else than such tensors, ValueError for none, and for a learning rate that is not positive.
    """

    def __init__(self, parameters, lr):
        if isinstance(parameters, Module | Tensor):
            raise TypeError(
                f"{type(self).__name__} needs a list of parameters, got a {type(parameters).__name__}. "
                + ("Write model.parameters()." if isinstance(parameters, Module) else "Write [p].")
            )
        self.parameters = list(dict.fromkeys(parameters))
        if not self.parameters:
            raise ValueError(f"{type(self).__name__} got no parameters: nothing here has requires_grad=True.")
        for p in self.parameters:
            if not isinstance(p, Tensor) or p.function is not None or not p.requires_grad:
                raise TypeError(
                    f"{type(self).__name__} can change leaves with requires_grad=True only, got {p!r}. "
                    f"model.parameters() lists those of a model."
                )
        if not lr > 0:
            raise ValueError(f"{type(self).__name__} needs a positive learning rate, got lr={lr!r}.")
        self.lr = float(lr)
        self.state = [{} for _ in self.parameters]  # what is remembered of former steps, for each parameter

    def zero_grad(self):
        """Forget all gradients: without it, `backward()` adds the new ones to the old."""
        for p in self.parameters:
            p.grad = None

    def step(self):
        """Change all parameters that have a gradient."""
        for p, state in zip(self.parameters, self.state, strict=True):
            if p.grad is not None:
                p.data -= self.change(p.data, p.grad, state)

    def change(self, w, g, state):
        """What to subtract from the parameter w, whose gradient is g."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it steps. Define change(self, w, g, state).")


class SGD(Optimizer):
    """Gradient descent: w ← w − α ∇L. Whether GD, SGD or mini-batch is decided by the observations in L. Lecture, section 4.

    weight_decay λ: ∇L + λ w takes the place of ∇L.
    momentum μ, dampening τ: v ← μ v + (1 − τ) ∇L (at first ∇L itself), and w ← w − α v; with nesterov, w ← w − α (∇L + μ v).
    Raises ValueError for nesterov without momentum, or with dampening.
    """

    def __init__(self, parameters, lr, momentum=0, dampening=0, weight_decay=0, nesterov=False):
        super().__init__(parameters, lr)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(f"SGD needs a momentum and no dampening for nesterov, got {momentum=} and {dampening=}.")
        self.momentum, self.dampening, self.weight_decay, self.nesterov = momentum, dampening, weight_decay, nesterov

    def change(self, w, g, state):
        if self.weight_decay:
            g = g + self.weight_decay * w
        if self.momentum:
            v = state["v"] = self.momentum * state["v"] + (1 - self.dampening) * g if "v" in state else g.copy()
            g = g + self.momentum * v if self.nesterov else v
        return self.lr * g
