"""Regressions as networks without a hidden layer (lecture, section 9B), on real data, against
statsmodels.
"""

import numpy as np
import pytest

import nn

statsmodels = pytest.importorskip("statsmodels.api")
pytest.importorskip("scipy")


@pytest.fixture(scope="module")
def spector():
    data = statsmodels.datasets.spector.load_pandas()
    return data.exog.to_numpy(), data.endog.to_numpy().reshape(-1, 1)


@pytest.mark.parametrize(
    "output, theirs", [(nn.Sigmoid, statsmodels.Logit), (nn.NormalCDF, statsmodels.Probit)]
)
def test_logit_and_probit(spector, output, theirs):
    x, y = spector
    model = nn.MLP([3, 1], output=output, rng=0)
    result = nn.minimize(model, x, y, nn.binary_cross_entropy)
    expected = theirs(y, statsmodels.add_constant(x, prepend=False)).fit(disp=0, tol=1e-12)
    np.testing.assert_allclose(nn.vec(model), expected.params, rtol=1e-5)
    assert result.success
    assert -result.fun * len(x) == pytest.approx(expected.llf, rel=1e-8)


def test_logit_on_logits_is_the_same(spector):
    x, y = spector
    model = nn.MLP([3, 1], rng=0)
    nn.minimize(model, x, y, nn.binary_cross_entropy_with_logits)
    expected = statsmodels.Logit(y, statsmodels.add_constant(x, prepend=False)).fit(
        disp=0, tol=1e-12
    )
    np.testing.assert_allclose(nn.vec(model), expected.params, rtol=1e-5)


def test_linear_regression_is_ols():
    data = statsmodels.datasets.stackloss.load_pandas()
    x, y = data.exog.to_numpy(), data.endog.to_numpy().reshape(-1, 1)
    model = nn.MLP([3, 1], rng=0)
    nn.minimize(model, x, y, nn.mse_loss)
    expected = statsmodels.OLS(y, statsmodels.add_constant(x, prepend=False)).fit()
    np.testing.assert_allclose(nn.vec(model), expected.params, rtol=1e-5)


def test_observation_gradients_give_the_robust_covariance(spector):
    """H⁻¹ (Σ g_i g_iᵀ) H⁻¹, the sandwich, from the gradients of the single observations."""
    x, y = spector
    model = nn.MLP([3, 1], output=nn.Sigmoid, rng=0)
    nn.minimize(model, x, y, nn.binary_cross_entropy)
    scores = nn.observation_gradients(model, x, y, nn.binary_cross_entropy)
    fitted = statsmodels.Logit(y, statsmodels.add_constant(x, prepend=False)).fit(
        disp=0, tol=1e-12, cov_type="HC0"
    )
    inverse = np.linalg.inv(fitted.model.hessian(fitted.params))
    np.testing.assert_allclose(
        inverse @ scores.T @ scores @ inverse, fitted.cov_params(), rtol=1e-4
    )
