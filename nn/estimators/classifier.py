"""NetworkClassifier: a network for classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d, validate_data

import autograd_lite as ag
import nn
from nn.estimators.base import FLOATS, NetworkEstimator
from nn.estimators.parameters import check
from nn.layers import layers_in_order
from nn.losses import checked_loss
from nn.training.samples import checked_weights

ENDS = (nn.Sigmoid, nn.Softmax, nn.NormalCDF)  # which make probabilities of logits


@dataclass(eq=False, repr=False)
class NetworkClassifier(ClassifierMixin, NetworkEstimator):
    """A network for two classes, for more, or for several labels at once, as an estimator of
    scikit-learn. Names and defaults are those of its MLPClassifier, as far as it has them.

    hidden_layer_sizes: the number of neurons in each hidden layer; () for none, which is logistic
        regression.
    activation: "identity", "logistic", "tanh", "relu"; or what nn.MLP takes, nn.ELU, and a list of
        one for each hidden layer, ["relu", "tanh"].
    solver: "adam", "sgd", "adamw" or "rmsprop", step by step in mini-batches; or "bfgs", with
        scikit-learn's word "lbfgs", on all rows at once by SciPy's L-BFGS.
    alpha: the strength of the penalty.
    batch_size: of a mini-batch; "auto" is 200, or all rows if there are fewer.
    learning_rate_init: the learning rate, which stays as it is.
    max_iter: the largest number of epochs, or of steps of "bfgs".
    random_state: an int gives the same network each time.
    tol: by how much a loss has to fall to count as lower; of "bfgs", how small the largest entry
        of the gradient has to become.
    verbose: True shows a progress bar.
    warm_start: True: `fit` goes on with the network that there is.
    momentum: of "sgd".
    nesterovs_momentum: of "sgd".
    early_stopping: True: some rows are held out of training, and it is their loss that has to fall.
        Otherwise it is that of the trained rows, with the penalty.
    validation_fraction: the share of rows that is held out, of each class alike.
    n_iter_no_change: after so many epochs without a lower loss training ends, and the network gets
        the weights of its best epoch.
    dropout: the share of neurons to drop in each hidden layer, such as 0.2; or None.
    batchnorm: True adds batch normalization to each hidden layer.
    penalty: "l2" adds alpha/2 Σ w² / n to the loss, where n is the number of rows, or the sum of
        their weights; "l1" adds alpha Σ |w| / n, by steps that make weights exactly 0 (nn.Lasso).
        Or a function of the model that makes penalties of nn, functools.partial(nn.MaxNorm, c=3).
        None: no penalty.
    max_norm: the gradient is clipped to this norm.
    network: a function that builds the model, network(n_features, n_outputs, rng), in place of
        hidden_layer_sizes, activation, dropout and batchnorm. It ends with logits: one for two
        classes, otherwise one for each.
    loss: "log_loss", or a function of logits and targets, loss(prediction, target,
        reduction="mean"). A target is a column of 0 and 1, or a row of them for each observation.
    class_weight: {class: weight}; "balanced" gives all classes the same sum of weights (in
        partial_fit, among the rows that it gets); or None.

    .network_: the model of nn. Its results are logits: what becomes a probability by a sigmoid, or
        a softmax.
    .history_: what happened in training, an nn.History.
    .n_iter_: the number of epochs, or of steps.
    .loss_: the loss of the last epoch.
    .classes_: the classes, sorted.
    .n_features_in_: as in scikit-learn.
    .feature_names_in_: as in scikit-learn.

    A row of weight 2 counts as two rows, exactly where each epoch is one batch (n ≤ batch_size) and
    nothing is held out: otherwise other batches are drawn, as if there were other rows. For the
    same reason fitting twice with warm_start=True is not fitting once.

    Raises ValueError as scikit-learn's estimators do, and as nn.fit does; FloatingPointError if the
    loss becomes NaN. Warns, ConvergenceWarning, where max_iter ended it.

        >>> from nn.estimators import NetworkClassifier
        >>> x = np.array([[0.0], [1.0], [2.0], [3.0]])
        >>> classifier = NetworkClassifier((), solver="bfgs").fit(x, ["no", "no", "yes", "yes"])
        >>> classifier.predict([[0.5], [2.5]])
        array(['no', 'yes'], dtype='<U3')
    """

    loss: Any = "log_loss"
    class_weight: Any = None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetworkClassifier:
        """Train a new network; with warm_start, go on with the one there is.

        X: (n, features).
        y: labels of any kind, (n,), or 0 and 1, (n, labels).
        sample_weight: (n,), or None.
        """
        go_on = bool(self.warm_start) and hasattr(self, "network_")
        self._train(*self._prepared(X, y, sample_weight, go_on), self.max_iter, go_on)
        self._warn_if_unfinished()
        return self

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> NetworkClassifier:
        """Train for one epoch more.

        X: as for `fit`.
        y: as for `fit`.
        classes: all that will ever occur; needed by the first call.
        sample_weight: as for `fit`.
        """
        go_on = hasattr(self, "network_")
        if not go_on and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit.")
        return self._train(*self._prepared(X, y, sample_weight, go_on, classes), 1, go_on)

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class, (n, classes).

        X: (n, features).
        """
        logits = self._outputs(X)
        if len(self.classes_) == 1:
            return np.ones_like(logits)
        if not self._by_sigmoid():
            return ag.softmax(logits)
        smallest = np.finfo(logits.dtype).eps  # a probability is never quite 0 or 1
        p = np.clip(ag.sigmoid(logits), smallest, 1 - smallest)
        return p if self._several_labels() else np.column_stack([1 - p, p])

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithm of `predict_proba`.

        X: (n, features).
        """
        return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class of each row, (n,); of several labels those of a probability above
        one half, (n, labels).

        X: (n, features).
        """
        p = self.predict_proba(X)
        return (p > 0.5).astype(int) if self._several_labels() else self.classes_[p.argmax(axis=1)]

    def _several_labels(self):
        return self._binarizer.y_type_.startswith("multilabel")

    def _by_sigmoid(self):
        return self._several_labels() or len(self.classes_) <= 2

    def _strata(self, Y):
        return None if self._several_labels() else Y

    def _check_end(self):
        last = layers_in_order(self.network_)[-1:]
        if last and isinstance(last[0], ENDS):
            raise ValueError(
                f"network= has to build a model that ends with logits, got one that ends with "
                f"{last[0]!r}. Leave this layer out: the loss and predict_proba take it themselves."
            )

    def _prepared(self, X, y, sample_weight, go_on, classes=None):
        """What `_train` takes: the data, checked, and the loss."""
        check(self)
        X, y = validate_data(self, X, y, dtype=FLOATS, multi_output=True, reset=not go_on)
        check_classification_targets(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if not go_on:
            self._binarizer = LabelBinarizer().fit(y if classes is None else classes)
            self.classes_ = self._binarizer.classes_
        self._refuse_new_classes(y)
        weights = self._weights(y, sample_weight)
        if isinstance(self.loss, str) and self.loss != "log_loss":
            raise ValueError(f'loss is "log_loss" or a function of logits; got {self.loss!r}.')
        loss = self.loss
        if isinstance(loss, str):
            by_sigmoid = self._by_sigmoid()
            loss = nn.binary_cross_entropy_with_logits if by_sigmoid else nn.cross_entropy
        Y = self._binarizer.transform(y).astype(X.dtype)
        return X, Y, weights, checked_loss(loss, type(self).__name__)

    def _refuse_new_classes(self, y):
        labels = np.arange(y.shape[1]) if y.ndim == 2 else y
        new = np.setdiff1d(labels, self.classes_)
        if len(new) or (y.ndim == 2) != self._several_labels():
            raise ValueError(
                f"y has classes that the network does not know, {new}: it was made for "
                f"{self.classes_}. Name all at the beginning, by classes= of partial_fit."
            )

    def _weights(self, y, sample_weight):
        """The weights of the rows and of their classes together, or None."""
        weights = sample_weight
        if weights is not None:
            weights = checked_weights(weights, len(y), type(self).__name__)
        if self.class_weight is None:
            return weights
        weights = np.ones(len(y)) if weights is None else weights
        if self.class_weight != "balanced" or y.ndim == 2:
            return weights * compute_sample_weight(self.class_weight, y)
        # Balanced sums of weights, not counts of rows, so that a weight of 2 is two rows.
        _, number = np.unique(y, return_inverse=True)
        sums = np.bincount(number, weights)
        return weights * (weights.sum() / np.count_nonzero(sums) / np.maximum(sums, 1e-300))[number]
