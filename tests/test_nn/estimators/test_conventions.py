"""scikit-learn's own checks of an estimator, all of them, without an exception."""

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from nn.estimators import NetworkClassifier, NetworkRegressor

BOTH = (NetworkClassifier, NetworkRegressor)
SETTINGS = [{}, {"solver": "bfgs"}, {"solver": "sgd"}, {"dropout": 0.2}]


@parametrize_with_checks([make((), solver="bfgs") for make in BOTH])
def test_a_regression_passes_every_check(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(
    [make(**setting) for setting in SETTINGS for make in BOTH]
    + [NetworkClassifier(class_weight="balanced")]
)
def test_a_network_passes_every_check(estimator, check):
    check(estimator)
