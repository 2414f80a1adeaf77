"""What both estimators have in common: how a network is built, trained and asked."""

from __future__ import annotations

import warnings
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

import nn
from autograd_lite import no_grad
from nn.estimators.parameters import (
    AT_ONCE,
    PENALTIES,
    STEPPING,
    architecture,
    check_unchanged,
    layers,
    sizes,
)
from nn.module import evaluating, of_nn

FLOATS = (np.float64, np.float32)  # dtypes of X that the network takes over; others become float64


@dataclass(eq=False, repr=False)  # so that each parameter and its default stand in one line
class NetworkEstimator(BaseEstimator):
    """The base class of NetworkClassifier and NetworkRegressor, whose docstrings describe the
    parameters.
    """

    hidden_layer_sizes: Any = (100,)
    activation: Any = "relu"
    _: KW_ONLY
    solver: str = "adam"
    alpha: float = 0.0001
    batch_size: Any = "auto"
    learning_rate_init: float = 0.001
    max_iter: int = 200
    random_state: Any = None
    tol: float = 1e-4
    verbose: bool = False
    warm_start: bool = False
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    early_stopping: bool = False
    validation_fraction: float = 0.1
    n_iter_no_change: Any = 10
    dropout: float | None = None
    batchnorm: bool = False
    penalty: Any = "l2"
    max_norm: float | None = None
    network: Any = None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags

    # What the two say each for itself.

    def _strata(self, Y):
        """What a hold-out is stratified by; None for a plain one."""

    def _check_end(self):
        """Raise ValueError for a network of the user's that does not end as it has to."""

    # Building.

    def _build(self, X, Y):
        inputs, outputs = X.shape[1], Y.shape[1]
        if self.network is None:
            keep = 1 - self.dropout if self.dropout else None
            neurons = [inputs, *sizes(self.hidden_layer_sizes), outputs]
            options = {"keep": keep, "batchnorm": self.batchnorm, "rng": self._rng}
            model = nn.MLP(neurons, layers(self.activation), **options)
        else:
            model = of_nn(self.network(inputs, outputs, self._rng), "network=")
        self.network_ = model.astype(X.dtype)
        self._built = architecture(self)
        self._optimizer, self.history_, self.n_iter_ = None, nn.History(), 0
        self._check_end()
        with evaluating(self.network_), no_grad():
            shape = np.shape(self.network_(X[:1]))
        if shape != (1, outputs):
            raise ValueError(
                f"network= has to build a model of {inputs} features and {outputs} outputs, whose "
                f"result for one row has the shape (1, {outputs}); got {shape}."
            )

    def _stepping(self):
        """The optimizer: the one that there is, as long as the parameters are those it was made
        with.
        """
        options: dict[str, Any] = {}
        if self.solver == "sgd":
            nesterov = bool(self.nesterovs_momentum and self.momentum)
            options = {"momentum": self.momentum, "nesterov": nesterov}
        asked = (STEPPING[self.solver], options)
        if self._optimizer is None or self._asked != asked:
            make, self._asked = asked[0], asked
            self._optimizer = make(self.network_.parameters(), **options, lr=0.0)
        self._optimizer.lr = self.learning_rate_init
        return self._optimizer

    def _penalties(self, total):
        """total: the sum of the weights of all rows, so that weights mean repetitions."""
        if callable(self.penalty):
            return self.penalty(self.network_)
        if self.penalty is None or not self.alpha:
            return None
        make, factor = PENALTIES[self.penalty]
        return make(self.network_, factor * self.alpha / total)

    # Training.

    def _train(self, X, Y, weights, loss, epochs, go_on):
        """Train on checked data.

        Y: the targets as the loss takes them, (n, outputs).
        weights: (n,), or None.
        go_on: whether the network that there is already is trained further.
        """
        if go_on:
            check_unchanged(self, self._built)
        else:
            seed = check_random_state(self.random_state).randint(2**31)
            self._rng = np.random.default_rng(seed)
            self._build(X, Y)
        if weights is not None:  # a row of weight 0 is as if it were not there
            kept = weights > 0
            X, Y, weights = X[kept], Y[kept], weights[kept]
        penalties = self._penalties(len(X) if weights is None else weights.sum())
        method = self._at_once if self.solver in AT_ONCE else self._step_by_step
        history = method(X, Y, weights, loss, epochs, penalties)
        for entry in history:  # which goes on where the one before ended
            entry["epoch"] += self.n_iter_
        if history.best_epoch is not None:
            history.best_epoch += self.n_iter_
        history[:0] = self.history_
        self.history_ = history
        if history:  # Ctrl-C may have come within the first epoch
            self.n_iter_, self.loss_ = history[-1]["epoch"], history[-1]["loss"]
        return self

    def _step_by_step(self, X, Y, weights, loss, epochs, penalties):
        training, held_out = (X, Y, weights), None
        if self.early_stopping:
            training, held_out = self._hold_out(X, Y, weights)
        n = len(training[0])
        size = min(200 if self.batch_size == "auto" else self.batch_size, n)
        cut = {"batch_size": size}
        if any(isinstance(module, nn.BatchNorm1d) for module in self.network_.modules()):
            cut = {"batches": n // size}  # a last batch of a single row would have no variance
        return nn.fit(
            self.network_,
            *training[:2],
            loss,
            self._stepping(),
            epochs,
            **cut,
            penalty=penalties,
            validation=held_out,
            patience=self.n_iter_no_change if epochs > 1 else None,
            tolerance=self.tol,
            max_norm=self.max_norm,
            sample_weight=training[2],
            rng=self._rng,
            progress=bool(self.verbose),
        )

    def _hold_out(self, X, Y, weights):
        rows = train_test_split(
            np.arange(len(X)),
            test_size=self.validation_fraction,
            random_state=int(self._rng.integers(2**31)),
            stratify=self._strata(Y),
        )
        return [(X[r], Y[r], None if weights is None else weights[r]) for r in rows]

    def _at_once(self, X, Y, weights, loss, epochs, penalties):
        kinds = (nn.Dropout, nn.GaussianNoise, nn.BatchNorm1d)
        for module in self.network_.modules():
            if isinstance(module, kinds):
                raise ValueError(
                    f"solver={self.solver!r} needs a loss that is the same at every call; with a "
                    f"{type(module).__name__} in the network it is not. Use solver='adam'."
                )
        result = nn.minimize(
            self.network_,
            X,
            Y,
            loss,
            AT_ONCE[self.solver],
            penalty=penalties,
            options={"maxiter": epochs, "gtol": self.tol, "ftol": self.tol**2},
            sample_weight=weights,
        )
        self.network_.eval()
        history = nn.History([{"epoch": max(1, int(result.nit)), "loss": float(result.fun)}])
        history.stopped = "patience" if result.success else "epochs"
        return history

    def _warn_if_unfinished(self):
        if self.history_.stopped == "epochs" and self.n_iter_no_change < np.inf:
            warnings.warn(
                f"max_iter={self.max_iter} was reached and the loss may still fall. Raise max_iter "
                "or learning_rate_init, or scale the features.",
                ConvergenceWarning,
                stacklevel=3,
            )

    # Asking.

    def _outputs(self, X):
        """What the network gives for each row of X, a plain array (n, outputs)."""
        check_is_fitted(self, "network_")
        X = validate_data(self, X, reset=False, dtype=FLOATS)
        with evaluating(self.network_) as network, no_grad():
            return network(X.astype(network.parameters()[0].dtype, copy=False)).data
