"""NetworkRegressor: a network for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import column_or_1d, validate_data

import nn
from nn.estimators.base import FLOATS, NetworkEstimator
from nn.estimators.parameters import check
from nn.losses import checked_loss
from nn.training.samples import checked_weights

LOSSES = {"squared_error": nn.mse_loss, "absolute_error": nn.l1_loss}


@dataclass(eq=False, repr=False)
class NetworkRegressor(RegressorMixin, NetworkEstimator):
    """A network for one or several numbers, as an estimator of scikit-learn.

    loss: "squared_error", "absolute_error", or a loss of nn or your own,
        loss(prediction, target, reduction="mean").

    All other parameters are those of NetworkClassifier, except for class_weight; so are the
    attributes.

    Its y is (n,), or (n, outputs). Its scale matters to a network, as in scikit-learn: with large
    numbers wrap this in a TransformedTargetRegressor. Raises ValueError as scikit-learn's
    estimators do, and as nn.fit does.

        >>> from nn.estimators import NetworkRegressor
        >>> x = np.linspace(-1, 1, 50).reshape(-1, 1)
        >>> regressor = NetworkRegressor((10,), "tanh", solver="bfgs", random_state=0)
        >>> regressor.fit(x, x.ravel() ** 2).score(x, x.ravel() ** 2) > 0.99
        True
    """

    loss: Any = "squared_error"

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Train a new network; with warm_start, go on with the one there is.

        X: (n, features).
        y: (n,) or (n, outputs).
        sample_weight: (n,), or None.
        """
        go_on = bool(self.warm_start) and hasattr(self, "network_")
        self._train(*self._prepared(X, y, sample_weight, go_on), self.max_iter, go_on)
        self._warn_if_unfinished()
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkRegressor:
        """Train for one epoch more.

        X: as for `fit`.
        y: as for `fit`.
        sample_weight: as for `fit`.
        """
        go_on = hasattr(self, "network_")
        return self._train(*self._prepared(X, y, sample_weight, go_on), 1, go_on)

    def predict(self, X: Any) -> np.ndarray:
        """The predictions, in the shape of the y that was learnt.

        X: (n, features).
        """
        outputs = self._outputs(X)
        return outputs[:, 0] if self._flat else outputs

    def _prepared(self, X, y, sample_weight, go_on):
        """What `_train` takes: the data, checked, and the loss."""
        check(self)
        X, y = validate_data(
            self, X, y, dtype=FLOATS, multi_output=True, y_numeric=True, reset=not go_on
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if go_on and self._flat != (y.ndim == 1):
            raise ValueError(f"This network goes on with as many outputs as before; got {y.shape}.")
        self._flat = y.ndim == 1
        weights = sample_weight
        if weights is not None:
            weights = checked_weights(weights, len(X), type(self).__name__)
        loss = LOSSES.get(self.loss) if isinstance(self.loss, str) else self.loss
        if loss is None:
            raise ValueError(f"loss is one of {[*LOSSES]} or a function; got {self.loss!r}.")
        Y = y.reshape(len(y), -1).astype(X.dtype)
        return X, Y, weights, checked_loss(loss, type(self).__name__)
