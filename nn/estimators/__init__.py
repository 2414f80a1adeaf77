"""Networks as scikit-learn's estimators: for pipelines, cross-validation, and searches.

    >>> from sklearn.datasets import load_iris
    >>> from nn.estimators import NetworkClassifier
    >>> x, y = load_iris(return_X_y=True, as_frame=True)
    >>> classifier = NetworkClassifier((8,), "tanh", solver="bfgs", random_state=0).fit(x, y)
    >>> classifier.score(x, y) > 0.95
    True

It needs scikit-learn: pip install "autograd-lite[sklearn]". `import nn` does without; this room is
imported by its name.
"""

try:
    import sklearn  # noqa: F401
except ImportError:
    raise ImportError(
        'nn.estimators needs scikit-learn. Type: pip install "autograd-lite[sklearn]"'
    ) from None

from nn.estimators.classifier import NetworkClassifier
from nn.estimators.regressor import NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
