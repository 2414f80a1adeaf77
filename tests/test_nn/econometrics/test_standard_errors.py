"""Standard errors are statsmodels', on its own data; where none are identified, none are given."""

import functools

import numpy as np
import pytest

import autograd_lite as ag
import nn

statsmodels = pytest.importorskip("statsmodels.api")
pytest.importorskip("scipy")
rng = np.random.default_rng(0)


def data(name, columns=None):
    """Features and target of one of statsmodels' data sets, as arrays, (n, m) and (n, 1)."""
    found = getattr(statsmodels.datasets, name).load_pandas()
    x = found.exog if columns is None else found.exog[columns]
    return x.to_numpy(), found.endog.to_numpy().reshape(-1, 1)


def constant(x):
    return statsmodels.add_constant(x, prepend=False)


def estimated(x, y, loss, output=None, **options):
    """A network without hidden layers, estimated."""
    outputs = 1 if y.ndim == 2 else int(y.max()) + 1
    model = nn.MLP([x.shape[1], outputs], output=output, rng=0)
    nn.minimize(model, x, y, loss, tolerance=1e-10, **options)
    return model


def of_scores(result):
    scores = result.model.score_obs(result.params)
    return np.sqrt(np.diag(np.linalg.inv(scores.T @ scores)))


BINARY = {
    "logit": (statsmodels.Logit, nn.binary_cross_entropy, nn.Sigmoid),
    "logit on logits": (statsmodels.Logit, nn.binary_cross_entropy_with_logits, None),
    "probit": (statsmodels.Probit, nn.binary_cross_entropy, nn.NormalCDF),
}


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("source", ["spector", "fair"])
def test_two_classes(name, source):
    theirs, loss, output = BINARY[name]
    x, y = data(source)
    if source == "fair":  # how much time was spent in affairs: whether any
        x, y = x / x.std(axis=0), (y > 0).astype(float)
    model = estimated(x, y, loss, output)
    fitted = theirs(y, constant(x)).fit(disp=0, tol=1e-13)
    robust = theirs(y, constant(x)).fit(disp=0, tol=1e-13, cov_type="HC0")
    expected = {"hessian": fitted.bse, "opg": of_scores(fitted)}
    if name != "probit":  # there statsmodels' sandwich has another correction
        expected["sandwich"] = robust.bse
    for kind, errors in expected.items():
        np.testing.assert_allclose(
            nn.standard_errors(model, x, y, loss, kind), errors, rtol=1e-5, err_msg=kind
        )
    table = nn.summary(model, x, y, loss)
    np.testing.assert_allclose(table.p, fitted.pvalues, rtol=1e-4, atol=1e-12)
    np.testing.assert_allclose(table.z, fitted.tvalues, rtol=1e-4)
    assert f"log-likelihood = {fitted.llf:.4f}" in table.title


@pytest.mark.parametrize("source", ["stackloss", "copper", "engel", "ccard"])
def test_least_squares(source):
    x, y = data(source)
    x = x / x.std(axis=0)
    y = y / y.std()
    model = estimated(x, y, nn.mse_loss)
    ols = statsmodels.OLS(y, constant(x))
    fitted = ols.fit()
    for kind, cov_type in (("hessian", "nonrobust"), ("sandwich", "HC0")):
        errors = nn.standard_errors(model, x, y, nn.mse_loss, kind)
        np.testing.assert_allclose(errors, ols.fit(cov_type=cov_type).bse, rtol=1e-5)
    table = nn.summary(model, x, y, nn.mse_loss)
    np.testing.assert_allclose(table.coefficients, fitted.params, rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(table.p, ols.fit(use_t=False).pvalues, rtol=1e-4, atol=1e-12)
    assert f"σ = {np.sqrt(fitted.scale):.4g}" in table.title


@pytest.mark.parametrize("loss, output", [(nn.cross_entropy, None), (nn.nll_loss, nn.LogSoftmax)])
def test_several_classes(loss, output):
    x, y = data("anes96", ["logpopul", "selfLR", "age", "educ"])
    x, y = x / x.std(axis=0), y.ravel().astype(int)
    model = estimated(x, y, loss, output)
    fitted = statsmodels.MNLogit(y, constant(x)).fit(disp=0, tol=1e-13, maxiter=100)
    errors = nn.standard_errors(model, x, y, loss).reshape(-1, 7)  # a row for each feature
    np.testing.assert_allclose(errors[:, 1:], fitted.bse, rtol=1e-5)
    assert np.isnan(errors[:, 0]).all()
    opg = nn.standard_errors(model, x, y, loss, "opg").reshape(-1, 7)[:, 1:]
    np.testing.assert_allclose(opg.ravel(order="F"), of_scores(fitted), rtol=1e-5)
    table = nn.summary(model, x, y, loss)
    np.testing.assert_allclose(table.coefficients, fitted.params.ravel(), rtol=1e-4, atol=1e-6)
    assert "Differences to class 0" in repr(table) and table.names[0] == "class 1: x1"


class BaseClass(nn.Module):
    """Logits of which the first is always 0, as econometrics packages have it."""

    def __init__(self, features, classes):
        self.layer = nn.Linear(features, classes - 1, rng=0)

    def forward(self, x):
        s = self.layer(x)
        return np.concatenate([np.zeros((len(x), 1)), s], axis=1)


def test_a_first_class_without_weights():
    x, y = data("anes96", ["selfLR", "age"])
    x, y = x / x.std(axis=0), y.ravel().astype(int)
    model = BaseClass(2, 7)
    nn.minimize(model, x, y, nn.cross_entropy, tolerance=1e-10)
    fitted = statsmodels.MNLogit(y, constant(x)).fit(disp=0, tol=1e-13, maxiter=100)
    errors = nn.standard_errors(model, x, y, nn.cross_entropy)
    np.testing.assert_allclose(errors, fitted.bse.ravel(), rtol=1e-5)


def test_a_loss_of_ones_own():
    """Poisson regression: l = e^s − y s, but for what does not depend on s."""
    x, y = data("fair", ["age", "children"])
    x, y = x / x.std(axis=0), np.round(y)
    poisson = lambda s, y: (np.exp(s) - y * s).mean()
    model = estimated(x, y, poisson)
    fitted = statsmodels.Poisson(y, constant(x)).fit(disp=0, tol=1e-13)
    for kind, errors in (("hessian", fitted.bse), ("opg", of_scores(fitted))):
        np.testing.assert_allclose(
            nn.standard_errors(model, x, y, poisson, kind), errors, rtol=1e-5
        )
    assert "taken as the mean of minus log-likelihoods" in repr(nn.summary(model, x, y, poisson))
    with pytest.raises(ValueError, match=r"is no mean: n times the loss of all"):
        nn.standard_errors(model, x, y, lambda s, y: (np.exp(s) - y * s).sum())


def test_several_binary_outputs_are_several_regressions():
    x, y = data("spector")
    both = np.hstack([y, (x[:, :1] + 0.5 * rng.normal(size=x[:, :1].shape) > 3)])
    x = x[:, 1:]
    model = nn.MLP([2, 2], rng=0)
    nn.minimize(model, x, both, nn.binary_cross_entropy_with_logits, tolerance=1e-10)
    for kind in ("hessian", "sandwich"):  # the outer product is of both outputs together
        errors = nn.standard_errors(model, x, both, nn.binary_cross_entropy_with_logits, kind)
        for k in (0, 1):
            one = estimated(x, both[:, k : k + 1], nn.binary_cross_entropy_with_logits)
            alone = nn.standard_errors(
                one, x, both[:, k : k + 1], nn.binary_cross_entropy_with_logits, kind
            )
            np.testing.assert_allclose(errors[k::2], alone, rtol=1e-5)
    names = nn.summary(model, x, both, nn.binary_cross_entropy_with_logits).names
    assert names[:2] == ["output 1: x1", "output 2: x1"] and names[-1] == "output 2: bias"


class TestNone:
    """Where there are no standard errors, the reason is given."""

    x, y = data("spector")

    def refused(self, model, message, loss=nn.binary_cross_entropy_with_logits, x=x, y=y, **more):
        for ask in (nn.standard_errors, nn.summary):
            with pytest.raises(ValueError, match=f"{ask.__name__}.*{message}"):
                ask(model, x, y, loss, **more)

    @pytest.mark.parametrize("depth", [1, 2])
    def test_hidden_layers(self, depth):
        self.refused(nn.MLP([3, *[2] * depth, 1], rng=0), "not identified in a network with hidden")

    def test_hidden_layers_of_ones_own(self):
        class Own(nn.Module):
            def __init__(self):
                self.inner, self.outer = nn.Linear(3, 2, rng=0), nn.Linear(2, 1, rng=1)

            def forward(self, x):
                return np.tanh(x @ self.inner.weight.T) @ self.outer.weight.T + self.outer.bias

        self.refused(Own(), "hidden layers")

    def test_two_weight_matrices_side_by_side_are_no_hidden_layer(self):
        class Sum(nn.Module):
            def __init__(self):
                self.one, self.two = nn.Linear(1, 1, rng=0), nn.Linear(2, 1, bias=False, rng=1)

            def forward(self, x):
                return self.one(x[:, :1]) + self.two(x[:, 1:])

        model = Sum()
        nn.minimize(model, self.x, self.y, nn.mse_loss, tolerance=1e-10)
        errors = nn.standard_errors(model, self.x, self.y, nn.mse_loss)
        fitted = statsmodels.OLS(self.y, constant(self.x)).fit()
        np.testing.assert_allclose(errors, fitted.bse, rtol=1e-5)

    @pytest.mark.parametrize("strength", [1e-4, 1e-2])
    def test_a_penalty(self, strength):
        model = nn.MLP([3, 1], rng=0)
        nn.minimize(
            model, self.x, self.y, nn.binary_cross_entropy_with_logits,
            penalty=nn.Ridge(model, strength),
        )  # fmt: skip
        self.refused(model, "not at the minimum.*With a penalty the estimates are biased")

    def test_training_that_ended_too_early(self):
        self.refused(nn.MLP([3, 1], rng=0), "not at the minimum")

    def test_collinear_features(self):
        x = np.hstack([self.x, self.x[:, :1] + self.x[:, 1:2]])
        model = estimated(x, self.y, nn.mse_loss)
        self.refused(model, "not identified.*collinear", nn.mse_loss, x=x)

    def test_classes_that_are_separated(self):
        x = np.arange(10.0).reshape(-1, 1) - 4.5
        y = (x > 0).astype(float)
        model = nn.Linear(1, 1)
        nn.unvec(model, [40.0, 0.0])
        self.refused(model, "separate the classes without an error", x=x, y=y)

    def test_classes_that_are_separated_but_for_a_point(self):
        x = np.r_[np.arange(5.0), 4.0, np.arange(5.0, 9.0)].reshape(-1, 1)
        y = np.r_[np.zeros(5), np.ones(5)].reshape(-1, 1)
        model = nn.MLP([1, 1], rng=0)
        for tolerance, message in (
            (1e-8, "still falls as weights grow"),
            (1e-12, "separate the|weights grow"),
        ):
            nn.minimize(
                model, x, y, nn.binary_cross_entropy_with_logits, tolerance=tolerance,
                options={"maxiter": 3000},
            )  # fmt: skip
            self.refused(model, message, x=x, y=y)

    def test_a_model_without_parameters(self):
        with pytest.raises(ValueError, match="no parameter"):
            nn.standard_errors(nn.Tanh(), self.x, self.x, nn.mse_loss)

    def test_kinds_and_losses_that_do_not_go_together(self):
        line = estimated(self.x, self.y, nn.mse_loss)
        self.refused(line, "kind is one of", nn.mse_loss, kind="opg")
        self.refused(line, "kind is one of", kind="HC3")
        self.refused(line, "cannot take l1_loss", nn.l1_loss)
        partial = functools.partial(nn.mse_loss, reduction="sum")
        self.refused(line, "give nn.mse_loss itself", partial)
        several = nn.MLP([3, 2], rng=0)
        self.refused(several, "one output with mse_loss", nn.mse_loss, y=np.hstack([self.y] * 2))
        self.refused(line, "more observations than parameters", nn.mse_loss, self.x[:4], self.y[:4])


def test_the_model_stays_as_it_is():
    x, y = data("spector")
    model = estimated(x, y, nn.binary_cross_entropy, nn.Sigmoid)
    before = nn.vec(model)
    with ag.no_grad():
        nn.standard_errors(model, x, y, nn.binary_cross_entropy, "sandwich")
    assert (nn.vec(model) == before).all() and model.training
    assert all(p.grad is None for p in model.parameters())
