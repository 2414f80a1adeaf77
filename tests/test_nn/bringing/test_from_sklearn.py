"""from_sklearn: predictions are the original's; what cannot be brought is refused by name."""

import numpy as np
import pytest

import nn

sklearn = pytest.importorskip("sklearn")
linear_model = pytest.importorskip("sklearn.linear_model")
neural_network = pytest.importorskip("sklearn.neural_network")

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

rng = np.random.default_rng(0)
x = rng.normal(size=(40, 3))
TARGETS = {
    "numbers": x[:, 0] - x[:, 1] ** 2,
    "two": np.where(x[:, 0] > 0, "yes", "no"),
    "three": np.digitize(x[:, 0], [-0.5, 0.5]),
    "labels": (x[:, :2] > 0).astype(int),
    "several numbers": x[:, :2] ** 2,
}


def mlp(kind, activation):
    return kind(hidden_layer_sizes=(5, 4), activation=activation, max_iter=20, random_state=0)


CLASSIFIERS = [
    (mlp(neural_network.MLPClassifier, "relu"), ["two", "three", "labels"]),
    (mlp(neural_network.MLPClassifier, "logistic"), ["two"]),
    (linear_model.LogisticRegression(), ["two", "three"]),
    (linear_model.LogisticRegression(fit_intercept=False), ["two"]),
]
REGRESSORS = [
    (mlp(neural_network.MLPRegressor, "tanh"), ["numbers", "several numbers"]),
    (mlp(neural_network.MLPRegressor, "identity"), ["numbers"]),
    (linear_model.LinearRegression(), ["numbers", "several numbers"]),
    (linear_model.LinearRegression(fit_intercept=False), ["numbers"]),
    (linear_model.Ridge(), ["several numbers"]),
    (linear_model.Lasso(0.1), ["numbers"]),
]


@pytest.mark.parametrize("model, targets", CLASSIFIERS)
def test_probabilities_are_equal(model, targets):
    for target in targets:
        fitted = sklearn.clone(model).fit(x, TARGETS[target])
        expected = fitted.predict_proba(x)
        expected = expected[:, 1:] if target == "two" else expected
        np.testing.assert_allclose(nn.from_sklearn(fitted)(x).data, expected, atol=1e-12)


@pytest.mark.parametrize("model, targets", REGRESSORS)
def test_predictions_are_equal(model, targets):
    for target in targets:
        fitted = sklearn.clone(model).fit(x, TARGETS[target])
        expected = fitted.predict(x).reshape(len(x), -1)
        np.testing.assert_allclose(nn.from_sklearn(fitted)(x).data, expected, atol=1e-12)


def test_the_gradient_is_equal():
    """MLPRegressor's own backpropagation is of half the squared error, here with alpha=0."""
    y = TARGETS["numbers"]
    fitted = mlp(neural_network.MLPRegressor, "tanh").set_params(alpha=0).fit(x, y)
    ours = nn.from_sklearn(fitted)
    (0.5 * nn.mse_loss(ours(x), y.reshape(-1, 1))).backward()
    shapes = [fitted.coefs_, fitted.intercepts_]
    before = [array.copy() for group in shapes for array in group]
    step = 1e-6
    index = (1, 2)

    def loss():
        return 0.5 * np.mean((fitted.predict(x) - y) ** 2)

    fitted.coefs_[0][index] = before[0][index] + step
    upper = loss()
    fitted.coefs_[0][index] = before[0][index] - step
    slope = (upper - loss()) / (2 * step)
    assert ours[0].weight.grad[index[::-1]] == pytest.approx(slope, rel=1e-6)


def test_it_is_a_copy_of_the_same_dtype():
    fitted = mlp(neural_network.MLPRegressor, "relu").fit(x.astype("f"), TARGETS["numbers"])
    ours = nn.from_sklearn(fitted)
    assert ours[0].weight.dtype == np.float32
    ours[0].weight.data += 1.0
    assert not np.allclose(ours[0].weight.data.T, fitted.coefs_[0])


def test_our_own_estimators():
    from nn.estimators import NetworkClassifier

    with pytest.raises(ValueError, match="this NetworkClassifier is not"):
        nn.from_sklearn(NetworkClassifier())
    fitted = NetworkClassifier((2,), max_iter=3).fit(x, TARGETS["two"])
    ours = nn.from_sklearn(fitted)
    assert (nn.vec(ours) == nn.vec(fitted.network_)).all() and ours is not fitted.network_


def test_what_cannot_be_brought_is_refused_by_name():
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(linear_model.LinearRegression()).fit(x, TARGETS["numbers"])
    search = GridSearchCV(linear_model.Ridge(), {"alpha": [1.0]}).fit(x, TARGETS["numbers"])
    for stranger, message in [
        (RandomForestClassifier(), "RandomForestClassifier"),
        (linear_model.PoissonRegressor(), "PoissonRegressor"),
        (linear_model.RidgeClassifier().fit(x, TARGETS["two"]), "RidgeClassifier"),
        (linear_model.LogisticRegression, "the class LogisticRegression"),
        (pipeline, r"pipeline\[-1\]"),
        (search, "best_estimator_"),
        (nn.Linear(2, 1), "Linear"),
        (None, "NoneType"),
    ]:
        with pytest.raises(TypeError, match=f"from_sklearn needs a fitted MLP.*{message}"):
            nn.from_sklearn(stranger)
    for model in (neural_network.MLPClassifier(), linear_model.LinearRegression()):
        with pytest.raises(ValueError, match=r"is not\. Call its fit"):
            nn.from_sklearn(model)
    assert nn.from_sklearn(pipeline[-1]) and nn.from_sklearn(search.best_estimator_)


def test_an_output_that_nn_lacks_is_refused():
    fitted = mlp(neural_network.MLPRegressor, "relu").fit(x, TARGETS["numbers"])
    fitted.out_activation_ = "exp"  # as with loss="poisson"
    with pytest.raises(ValueError, match="no output 'exp'"):
        nn.from_sklearn(fitted)
    one_by_one = linear_model.LogisticRegression().fit(x, TARGETS["three"])
    one_by_one.multi_class = "ovr"  # of scikit-learn before 1.8
    two = linear_model.LogisticRegression().fit(x, TARGETS["two"])
    two.multi_class = "multinomial"
    for model in (one_by_one, two):
        with pytest.raises(ValueError, match=f"multi_class='{model.multi_class}'"):
            nn.from_sklearn(model)
