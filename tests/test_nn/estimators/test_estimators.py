"""The estimators in scikit-learn's company, on its data; and what they do that it does not."""

import functools
import pickle
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn import datasets
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.inspection import permutation_importance
from sklearn.linear_model import Lasso, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import nn
import viz
from nn.estimators import NetworkClassifier, NetworkRegressor
from nn.estimators.parameters import CONDITIONS

BOTH = (NetworkClassifier, NetworkRegressor)

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(scope="module")
def iris():
    """A data frame of four features, and species by name."""
    data = datasets.load_iris(as_frame=True)
    return data.data, data.target_names[data.target]


def small(**options):
    return NetworkClassifier((4,), "tanh", solver="bfgs", random_state=0, **options)


def scaled(*options, **more):
    return make_pipeline(StandardScaler().set_output(transform="pandas"), small(*options, **more))


class TestInCompany:
    def test_a_pipeline_is_cross_validated(self, iris):
        assert cross_val_score(scaled(), *iris, cv=3).mean() > 0.9

    def test_a_search_over_all_kinds_of_parameters(self, iris):
        grid = {
            "networkclassifier__hidden_layer_sizes": [(), (3,)],
            "networkclassifier__activation": ["logistic", nn.ELU],
        }
        search = GridSearchCV(scaled(max_iter=30), grid, cv=2).fit(*iris)
        assert search.best_score_ > 0.9
        assert not np.isnan(search.cv_results_["mean_test_score"]).any()

    def test_names_of_features_and_classes_are_kept_and_drawn(self, iris):
        x, y = iris
        fitted = scaled().fit(x, y)[-1]
        assert list(fitted.feature_names_in_) == list(x.columns)
        assert list(fitted.classes_) == ["setosa", "versicolor", "virginica"]
        assert viz.network(fitted.network_).svg()

    def test_calibrated_with_weights(self, iris):
        x, y = iris
        calibrated = CalibratedClassifierCV(scaled(), cv=2)
        calibrated.fit(x, y, networkclassifier__sample_weight=None)
        np.testing.assert_allclose(calibrated.predict_proba(x).sum(axis=1), 1)

    def test_permutation_importance(self, iris):
        x, y = iris
        found = permutation_importance(scaled().fit(x, y), x, y, n_repeats=3, random_state=0)
        assert found.importances_mean.argmax() in (2, 3)  # the petals

    def test_pickles_and_clones(self, iris):
        x, y = iris
        fitted = small().fit(x, y)
        twin = pickle.loads(pickle.dumps(fitted))
        assert (twin.predict_proba(x) == fitted.predict_proba(x)).all()
        assert (clone(fitted).fit(x, y).predict_proba(x) == fitted.predict_proba(x)).all()
        with pytest.raises(NotFittedError):
            clone(fitted).predict(x)


class TestWhatIsLearnt:
    def test_without_hidden_layers_it_is_logistic_regression(self):
        x, y = datasets.load_breast_cancer(return_X_y=True)
        x = StandardScaler().fit_transform(x)
        ours = NetworkClassifier((), solver="bfgs", alpha=1, tol=1e-7, max_iter=9000).fit(x, y)
        theirs = LogisticRegression(C=1, tol=1e-10, max_iter=5000).fit(x, y)
        np.testing.assert_allclose(ours.network_[0].weight.data, theirs.coef_, atol=1e-4)
        np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-5)

    def test_a_weight_of_two_is_two_rows(self):
        x, y = datasets.load_iris(return_X_y=True)
        weights = np.arange(len(x)) % 3
        repeated = small().fit(np.repeat(x, weights, axis=0), np.repeat(y, weights))
        weighted = small().fit(x, y, sample_weight=weights)
        np.testing.assert_allclose(weighted.predict_proba(x), repeated.predict_proba(x), atol=1e-3)

    def test_balanced_classes_count_the_same(self):
        x = np.array([[0.0], [0.0], [0.0], [1.0]])
        y = np.array(["a", "a", "b", "b"])
        kind = functools.partial(NetworkClassifier, (), solver="bfgs", alpha=0)
        plain = kind().fit(x[:3], y[:3]).predict_proba([[0.0]])[0, 1]
        balanced = kind(class_weight="balanced").fit(x[:3], y[:3]).predict_proba([[0.0]])[0, 1]
        assert plain == pytest.approx(1 / 3, abs=1e-3)
        assert balanced == pytest.approx(1 / 2, abs=1e-3)
        weighted = kind(class_weight="balanced").fit(x[1:3], y[1:3], sample_weight=[2, 1])
        assert weighted.predict_proba([[0.0]])[0, 1] == pytest.approx(1 / 2, abs=1e-3)

    def test_the_network_gives_logits(self, iris):
        x, y = iris
        binary = small().fit(x, y == "setosa")
        logits = binary.network_(x).data[:, 0]
        np.testing.assert_allclose(binary.predict_proba(x)[:, 1], 1 / (1 + np.exp(-logits)))
        np.testing.assert_allclose(binary.predict_log_proba(x), np.log(binary.predict_proba(x)))

    def test_several_labels_at_once(self):
        x, y = datasets.make_multilabel_classification(random_state=0)
        fitted = make_pipeline(StandardScaler(), small()).fit(x, y)
        assert fitted.predict(x).shape == y.shape and np.mean(fitted.predict(x) == y) > 0.85

    def test_several_numbers_at_once(self):
        x, y = datasets.load_linnerud(return_X_y=True)
        x, y = StandardScaler().fit_transform(x), StandardScaler().fit_transform(y)
        assert NetworkRegressor((20,), solver="bfgs", random_state=0).fit(x, y).score(x, y) > 0.5

    def test_part_by_part(self, iris):
        x, y = iris
        fitted = NetworkClassifier((4,), random_state=0, learning_rate_init=0.05)
        for _ in range(40):
            for rows in (slice(0, None, 2), slice(1, None, 2)):
                fitted.partial_fit(x[rows], y[rows], classes=np.unique(y))
        assert fitted.score(x, y) > 0.9 and fitted.n_iter_ == 80
        assert [entry["epoch"] for entry in fitted.history_] == list(range(1, 81))
        assert isinstance(fitted.history_, nn.History)
        with pytest.raises(ValueError, match="classes that the network does not know"):
            fitted.partial_fit(x, np.full(len(x), "tulip"))

    def test_warm_start_goes_on(self, iris):
        fitted = NetworkClassifier((4,), warm_start=True, max_iter=3, random_state=0)
        first = fitted.fit(*iris).network_
        assert fitted.history_.best_epoch == 3
        assert fitted.fit(*iris).network_ is first and fitted.n_iter_ == 6
        assert fitted.history_.best_epoch == 6 and len(fitted.history_) == 6

    def test_what_changes_between_two_fits_is_taken_over_or_refused(self, iris):
        fitted = NetworkClassifier((4,), warm_start=True, max_iter=2, random_state=0).fit(*iris)
        fitted.set_params(hidden_layer_sizes=np.array([4]))  # which is the same
        before = nn.vec(fitted.network_)
        fitted.set_params(solver="sgd", learning_rate_init=1e-9).fit(*iris)
        np.testing.assert_allclose(nn.vec(fitted.network_), before, atol=1e-7)
        fitted.set_params(solver="adam", learning_rate_init=0.1).fit(*iris)
        assert np.abs(nn.vec(fitted.network_) - before).max() > 0.1
        fitted.set_params(learning_rate_init=1e-9).fit(*iris)
        for name, value in {
            "hidden_layer_sizes": (5,),
            "activation": "tanh",
            "dropout": 0.5,
        }.items():
            with pytest.raises(ValueError, match=f"cannot go on .* was built with {name}="):
                clone(fitted).fit(*iris).set_params(**{name: value}).fit(*iris)

    def test_it_stops_when_the_loss_falls_no_more(self, iris):
        fitted = NetworkClassifier((4,), "tanh", learning_rate_init=0.1, tol=1e-2, random_state=0)
        assert fitted.fit(*iris).history_.stopped == "patience"
        assert fitted.n_iter_ == len(fitted.history_) < 200
        assert clone(fitted).set_params(tol=0.1).fit(*iris).n_iter_ < fitted.n_iter_
        with pytest.warns(ConvergenceWarning, match="max_iter=2 was reached"):
            NetworkClassifier((4,), max_iter=2).fit(*iris)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            NetworkClassifier((4,), max_iter=2, n_iter_no_change=np.inf).fit(*iris)

    def test_early_stopping_holds_rows_of_each_class_out(self, iris):
        fitted = NetworkClassifier((4,), early_stopping=True, max_iter=5, random_state=0)
        fitted.fit(*iris, sample_weight=np.arange(150))
        assert "validation_loss" in fitted.history_[0]
        with pytest.raises(ValueError, match="class"):  # of which it cannot hold one out
            fitted.fit([[0.0], [1.0], [2.0], [3.0]], ["a", "a", "a", "b"])


class TestWhatIsOurs:
    def test_lasso_makes_the_same_weights_exactly_zero(self):
        x, y = datasets.load_diabetes(return_X_y=True)
        x, y = StandardScaler().fit_transform(x), (y - y.mean()) / y.std()
        ours = NetworkRegressor(
            (), solver="sgd", penalty="l1", alpha=100, learning_rate_init=0.1, momentum=0,
            batch_size=len(x), tol=0, max_iter=400, random_state=0,
        ).fit(x, y)  # fmt: skip
        theirs = Lasso(alpha=100 / (2 * len(x)), tol=1e-10).fit(x, y)  # which halves the loss
        np.testing.assert_allclose(ours.network_[0].weight.data[0], theirs.coef_, atol=1e-4)
        assert 0 < np.sum(theirs.coef_ == 0) == np.sum(ours.network_[0].weight.data == 0)

    def test_penalties_of_nn(self, iris):
        bounded = NetworkClassifier((4,), penalty=functools.partial(nn.MaxNorm, c=0.5), max_iter=9)
        weights = bounded.fit(*iris).network_[0].weight.data
        assert np.linalg.norm(weights, axis=1).max() <= 0.5 + 1e-12
        assert pickle.loads(pickle.dumps(bounded)).penalty.keywords == {"c": 0.5}

    def test_mixed_activations_dropout_and_batch_normalization(self, iris):
        fitted = NetworkClassifier(
            (8, 6), ["relu", nn.Mixed((nn.Tanh(), 3), (nn.ReLU(), 3))], dropout=0.1,
            batchnorm=True, max_norm=1.0, batch_size=149, random_state=0, max_iter=100,
            learning_rate_init=0.02,
        ).fit(*iris)  # fmt: skip
        kinds = [type(layer) for layer in fitted.network_]
        assert {nn.ReLU, nn.Mixed, nn.BatchNorm1d, nn.Dropout} < set(kinds)
        assert fitted.score(*iris) > 0.9
        assert (fitted.predict_proba(iris[0]) == fitted.predict_proba(iris[0])).all()

    def test_a_loss_of_ones_own(self, iris):
        x, y = iris

        def focal(prediction, target, reduction="mean"):
            l = nn.binary_cross_entropy_with_logits(prediction, target, reduction="none")
            l = l * (1 - np.exp(-l)) ** 2
            return l if reduction == "none" else l.mean()

        assert small(loss=focal).fit(x, y == "virginica").score(x, y == "virginica") > 0.9
        median = NetworkRegressor((), loss="absolute_error", random_state=0, max_iter=400,
                                  learning_rate_init=0.05, alpha=0, tol=0)  # fmt: skip
        fitted = median.fit(np.zeros((5, 1)), [0.0, 1.0, 2.0, 50.0, 90.0])
        assert fitted.predict([[0.0]])[0] == pytest.approx(2, abs=0.1)

    def test_a_network_of_ones_own(self, iris):
        build = lambda inputs, outputs, rng: nn.MLP([inputs, 3, outputs], nn.Softplus, rng=rng)
        fitted = NetworkClassifier(network=build, solver="bfgs", random_state=0).fit(*iris)
        assert isinstance(fitted.network_[1], nn.Softplus) and fitted.score(*iris) > 0.9
        assert (
            fitted.predict_proba(iris[0]) == clone(fitted).fit(*iris).predict_proba(iris[0])
        ).all()

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_the_dtype_is_kept(self, iris, dtype):
        x = iris[0].astype(dtype)
        fitted = NetworkClassifier((4,), max_iter=2).fit(x, iris[1])
        assert fitted.network_[0].weight.dtype == dtype == fitted.predict_proba(x).dtype


NONSENSE = {
    "hidden_layer_sizes": [-1, (3, 0), (2.5,), "many", None, True],
    "activation": ["Relu", 3, ["tanh", "nothing"], None],
    "solver": ["newton", None, nn.Adam],
    "alpha": [-1, "1", None, np.nan],
    "batch_size": [0, 2.5, "all"],
    "learning_rate_init": [0, -0.1, "slow", np.nan],
    "max_iter": [0, -3, 2.5, None],
    "tol": [-1, None, np.nan],
    "verbose": ["loud"],
    "warm_start": ["yes", None],
    "momentum": [-0.1, 1.5, None],
    "nesterovs_momentum": [None],
    "early_stopping": ["yes"],
    "validation_fraction": [0, 1, 2],
    "n_iter_no_change": [0, 2.5],
    "dropout": [1, -0.2, "half"],
    "batchnorm": [None, 0.9],
    "penalty": ["elasticnet", 0.1],
    "max_norm": [0, -1],
    "network": [nn.MLP([4, 3]), 5],
}


class TestNonsense:
    def test_every_parameter_is_tried(self):
        assert set(NONSENSE) == set(CONDITIONS)
        for make in BOTH:
            unchecked = {"random_state", "loss", "class_weight"}
            assert set(make().get_params()) - unchecked == set(CONDITIONS)

    @pytest.mark.parametrize("name", NONSENSE)
    @pytest.mark.parametrize("make", BOTH)
    def test_a_parameter_that_will_not_do_is_named(self, make, name):
        for value in NONSENSE[name]:
            with pytest.raises(ValueError, match=f"{make.__name__} needs {name} to be .*; got"):
                make(**{name: value}).fit(np.ones((4, 4)), [0, 1, 0, 1])

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"loss": "hinge"}, "loss is .*hinge"),
            ({"dropout": 0.5, "solver": "bfgs"}, "Dropout in the network"),
            ({"batchnorm": True, "solver": "bfgs"}, "BatchNorm1d in the network"),
            ({"penalty": "l1", "solver": "bfgs"}, "cannot take Lasso"),
            ({"network": lambda m, k, rng: nn.MLP([m, k]), "dropout": 0.2}, "would be ignored"),
            ({"network": lambda m, k, rng: nn.MLP([m, 7])}, r"got \(1, 7\)"),
            ({"network": lambda m, k, rng: nn.Sequential()}, r"got \(1, 4\)"),
            ({"activation": ["relu"], "hidden_layer_sizes": (3, 3)}, "2 hidden layers, got 1"),
        ],
    )
    @pytest.mark.parametrize("make", BOTH)
    def test_what_does_not_go_together_is_refused(self, make, options, message):
        with pytest.raises(ValueError, match=message):
            make(**options).fit(np.arange(16.0).reshape(4, 4), [0, 1, 0, 1])

    def test_probabilities_at_the_end_are_refused(self, iris):
        for end in (nn.Sigmoid, nn.Softmax):
            build = lambda m, k, rng, end=end: nn.MLP([m, k], output=end)
            with pytest.raises(ValueError, match="ends with logits"):
                NetworkClassifier(network=build).fit(*iris)

    def test_no_model_is_refused(self, iris):
        with pytest.raises(TypeError, match="network= needs a model"):
            NetworkClassifier(network=lambda m, k, rng: None).fit(*iris)


def test_every_parameter_is_described():
    described = set(re.findall(r"^    (\w+): ", NetworkClassifier.__doc__, re.MULTILINE))
    assert set(NetworkClassifier().get_params()) - described == set()
    assert set(NetworkRegressor().get_params()) - described == set()


def test_without_scikit_learn_the_error_says_what_to_type():
    program = "import sys; sys.modules['sklearn'] = None; import nn, nn.estimators"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (
        'nn.estimators needs scikit-learn. Type: pip install "autograd-lite[sklearn]"'
        in done.stderr
    )
