"""Weights of observations: against statsmodels, closed forms and repeated rows; and stopping on the
training loss.
"""

import functools

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(0)
n = 40
X = rng.normal(size=(n, 2))
Y = X @ [[1.0], [-2.0]] + 0.5 + rng.normal(size=(n, 1)) * (1 + X[:, :1] ** 2)
B = (rng.random((n, 1)) < 1 / (1 + np.exp(-X[:, :1]))).astype(float)
LABELS = rng.integers(0, 3, n)
W = rng.uniform(0.1, 5.0, n)
COUNTS = rng.integers(0, 4, n)  # with some 0

# Each loss of nn: the model's last layer, and the targets.
LOSSES = {
    nn.mse_loss: (1, None, Y),
    nn.l1_loss: (1, None, Y),
    nn.binary_cross_entropy: (1, nn.Sigmoid, B),
    nn.binary_cross_entropy_with_logits: (1, None, B),
    nn.cross_entropy: (3, None, LABELS),
    nn.nll_loss: (3, nn.LogSoftmax, LABELS),
}


def model_for(loss, seed=0, **options):
    outputs, output, _ = LOSSES[loss]
    return nn.MLP([2, 3, outputs], output=output, rng=seed, **options)


def linear(**options):
    return nn.MLP([2, 1], rng=0, **options)


def fit(model, y=Y, loss=nn.mse_loss, epochs=3, lr=0.1, x=X, **options):
    sgd = nn.SGD(model.parameters(), lr=lr)
    return nn.fit(model, x, y, loss, sgd, epochs, progress=False, **options)


def weighted_least_squares(x, y, w):
    """Slopes and intercept, by the normal equations."""
    full = np.column_stack([x, np.ones(len(x))])
    return np.linalg.solve(full.T @ (w[:, None] * full), full.T @ (w * y[:, 0]))


class TestAgainstOracles:
    def test_weighted_least_squares_of_statsmodels(self):
        sm = pytest.importorskip("statsmodels.api")
        expected = sm.WLS(Y, np.column_stack([X, np.ones(n)]), weights=W).fit().params
        model = linear()
        result = nn.minimize(model, X, Y, nn.mse_loss, sample_weight=W)
        np.testing.assert_allclose(result.x, expected, rtol=1e-6)
        residuals = Y[:, 0] - X @ expected[:2] - expected[2]
        assert result.fun == pytest.approx(np.sum(W * residuals**2) / np.sum(W), rel=1e-10)
        model = linear()
        fit(model, epochs=2000, sample_weight=W)
        np.testing.assert_allclose(nn.vec(model), expected, rtol=1e-6)

    def test_weighted_logit_of_statsmodels(self):
        sm = pytest.importorskip("statsmodels.api")
        full = np.column_stack([X, np.ones(n)])
        expected = sm.GLM(B, full, sm.families.Binomial(), var_weights=W).fit(tol=1e-12).params
        model = linear()
        nn.minimize(model, X, B, nn.binary_cross_entropy_with_logits, sample_weight=W)
        np.testing.assert_allclose(nn.vec(model), expected, rtol=1e-5)
        model = linear()
        fit(model, B, nn.binary_cross_entropy_with_logits, 6000, 0.5, sample_weight=W)
        np.testing.assert_allclose(nn.vec(model), expected, rtol=1e-5)

    def test_mini_batches_are_not_biased(self):
        """With weights that go with x, a batch divided by its own Σ w has another mean."""
        model, w = linear(), np.exp(2 * X[:, 0])
        fit(model, epochs=600, lr=0.02, batch_size=4, sample_weight=w, rng=0)
        sgd = nn.SGD(model.parameters(), lr=0.02)
        schedule = nn.CosineAnnealingLR(sgd, 600)
        nn.fit(model, X, Y, nn.mse_loss, sgd, 600, 4, schedule=schedule, sample_weight=w, rng=1,
               progress=False)  # fmt: skip
        np.testing.assert_allclose(nn.vec(model), weighted_least_squares(X, Y, w), atol=0.05)

    @pytest.mark.parametrize("loss", LOSSES)
    def test_steps_of_an_epoch_sum_to_the_weighted_gradient(self, loss):
        """With a learning rate that hardly moves the model, an epoch of four equal batches takes
        four times the step of the whole sample."""
        y, lr, steps = LOSSES[loss][2], 1e-7, []
        for batches in (1, 4):
            model = model_for(loss)
            before = nn.vec(model)
            fit(model, y, loss, 1, lr, batches=batches, sample_weight=W)
            steps.append((nn.vec(model) - before) / lr / batches)
        np.testing.assert_allclose(steps[1], steps[0], atol=1e-5)

    @pytest.mark.parametrize("loss", LOSSES)
    def test_whole_weights_are_repeated_rows(self, loss):
        y, many = LOSSES[loss][2], np.repeat(np.arange(n), COUNTS)
        for options in ({"lr": 0.1}, {"lr": 0.1, "penalty": "ridge"}):
            fits = []
            for x, target, w in ((X, y, COUNTS), (X[many], y[many], None)):
                model = model_for(loss)
                penalty = nn.Ridge(model, 0.01) if "penalty" in options else None
                history = fit(model, target, loss, 5, x=x, sample_weight=w, penalty=penalty)
                fits.append(np.append(nn.vec(model), [entry["loss"] for entry in history]))
            np.testing.assert_allclose(*fits, rtol=1e-9)
        found = []
        for x, target, w in ((X, y, COUNTS), (X[many], y[many], None)):
            model = model_for(loss)
            result = nn.minimize(model, x, target, loss, sample_weight=w, options={"maxiter": 4})
            found.append(result.fun)
        assert found[0] == pytest.approx(found[1], rel=1e-7)


class TestWhatStaysAsItIs:
    def test_without_weights_each_step_is_the_plain_one_to_the_last_bit(self):
        for loss, (_, _, y) in LOSSES.items():
            ours, byhand = model_for(loss), model_for(loss)
            fit(ours, y, loss, 2, batch_size=7, rng=3)
            sgd, cuts = nn.SGD(byhand.parameters(), 0.1), nn.mini_batches(n, 7, rng=3)
            for _ in range(2):
                for batch in next(cuts):
                    sgd.zero_grad()
                    loss(byhand(X[batch]), y[batch]).backward()
                    sgd.step()
            assert np.array_equal(nn.vec(ours), nn.vec(byhand))

    @pytest.mark.parametrize("loss", LOSSES)
    @pytest.mark.parametrize("equal", [1, 3.7, 1e300, 5e-324, True])
    def test_equal_weights_are_no_weights_to_the_last_bit(self, loss, equal):
        y, fits = LOSSES[loss][2], []
        for w in (None, [equal] * n):
            model = model_for(loss, keep=0.8)
            h = fit(model, y, loss, batch_size=7, rng=0, validation=0.2, sample_weight=w)
            fits.append([*nn.vec(model), h[-1]["loss"], h[-1]["validation_loss"], *h[-1]["dead"]])
        assert fits[0] == fits[1]

    def test_the_scale_of_the_weights_does_not_matter(self):
        fits = []
        for scale in (1.0, 2.0**40, 2.0**-40):
            model = linear()
            fit(model, batch_size=4, rng=0, sample_weight=scale * W)
            fits.append(nn.vec(model))
        assert np.array_equal(fits[0], fits[1]) and np.array_equal(fits[0], fits[2])

    def test_rows_of_weight_zero_are_left_out(self):
        """Even where they would be drawn for validation, counted as dead or in a batch's mean."""
        kept, fits = COUNTS > 0, []
        for rows in (slice(None), kept):
            model = model_for(nn.mse_loss, batchnorm=True)
            h = fit(model, Y[rows], x=X[rows], sample_weight=COUNTS[rows], validation=0.3,
                    batch_size=5, rng=0)  # fmt: skip
            fits.append([*nn.vec(model), *map(str, h)])
        assert fits[0] == fits[1]

    def test_float32_stays_float32(self):
        model = linear(dtype=np.float32)
        fit(model, sample_weight=W, batch_size=8, validation=(X, Y, W))
        assert all(p.dtype == np.float32 and p.grad.dtype == np.float32 for p in model.parameters())


class TestHistory:
    def test_the_loss_is_the_weighted_mean(self):
        model = linear()
        l = (model(X).data - Y)[:, 0] ** 2
        history = fit(model, epochs=1, lr=0.0, batch_size=7, sample_weight=W)
        assert history[0]["loss"] == pytest.approx(np.sum(W * l) / np.sum(W), rel=1e-12)

    @pytest.mark.parametrize("w", [W, COUNTS, W[::-1].tolist()])
    def test_the_validation_loss_is_weighted(self, w):
        model = linear()
        history = fit(model, validation=(X, Y, w))
        l = (model(X).data - Y)[:, 0] ** 2
        assert history[-1]["validation_loss"] == pytest.approx(np.average(l, weights=w), rel=1e-12)
        history = fit(linear(), sample_weight=W, validation=(X, Y))
        model = linear()
        fit(model, sample_weight=W)
        assert history[-1]["validation_loss"] == pytest.approx(nn.mse_loss(model(X), Y).item())

    def test_a_fraction_takes_its_weights_along(self):
        model = linear()
        history = fit(model, sample_weight=W, validation=0.25, rng=5, batch_size=6)
        held = np.random.default_rng(5).permutation(n)[: n // 4]
        l = (model(X[held]).data - Y[held])[:, 0] ** 2
        expected = np.average(l, weights=W[held])
        assert history[-1]["validation_loss"] == pytest.approx(expected, rel=1e-12)

    def test_several_outputs(self):
        two, model = np.hstack([Y, 2 * Y]), nn.MLP([2, 2], rng=0)
        l = (model(X).data - two) ** 2
        history = fit(model, two, epochs=1, sample_weight=W)
        expected = np.average(l.mean(axis=1), weights=W)
        assert history[0]["loss"] == pytest.approx(expected, rel=1e-12)


class TestStoppingOnTheTrainingLoss:
    def test_it_stops_and_gives_the_best_weights_back(self):
        model = linear()
        history = fit(model, epochs=500, lr=0.9, batch_size=2, rng=0, patience=3)
        losses = [entry["training_loss"] for entry in history]
        assert history.stopped == "patience" and len(history) < 500
        assert losses[history.best_epoch - 1] == min(losses)
        assert nn.mse_loss(model(X), Y).item() == pytest.approx(min(losses), rel=1e-12)

    def test_it_is_what_training_lowers_with_penalty_and_weights(self):
        model = linear()
        ridge = nn.Ridge(model, 1.0)
        nn.unvec(model, weighted_least_squares(X, Y, W))  # from here the loss alone only rises
        history = fit(model, epochs=200, penalty=ridge, patience=5, sample_weight=W, lr=0.05)
        totals = [entry["training_loss"] + entry["penalty"] for entry in history]
        assert totals[history.best_epoch - 1] == min(totals) and history.best_epoch > 5
        l = (model(X).data - Y)[:, 0] ** 2
        assert np.average(l, weights=W) + ridge().item() == pytest.approx(min(totals), rel=1e-9)

    def test_the_validation_set_goes_first(self):
        history = fit(linear(), validation=0.2, patience=3)
        assert "validation_loss" in history[0] and "training_loss" not in history[0]
        assert "training_loss" not in fit(linear())[0]


USES = {
    "fit": lambda w, loss: fit(linear(), B, loss, sample_weight=w),
    "minimize": lambda w, loss: nn.minimize(linear(), X, B, loss, sample_weight=w),
    "validation": lambda w, loss: fit(linear(), B, loss, validation=(X, B, w)),
}
WRONG = [
    (W[:-1], r"sample_weight of shape \(40,\), one number for each observation; got \(39,\)"),
    (W[:, None], r"sample_weight of shape \(40,\).* got \(40, 1\)"),
    (2.0, r"sample_weight of shape \(40,\).* got \(\)"),
    (-W, "of at least 0, not zero everywhere; got numbers from -"),
    (np.where(np.arange(n) == 3, -1e-9, W), "of at least 0"),
    (0 * W, "of at least 0, not zero everywhere; got numbers from 0 to 0"),
    (np.zeros(n, bool), "not zero everywhere"),
    (np.where(np.arange(n) == 3, np.nan, W), "sample_weight holds NaN or infinity, first in row 3"),
    (np.where(np.arange(n) == 3, np.inf, W), "sample_weight holds NaN or infinity, first in row 3"),
    (["heavy"] * n, "needs numbers, got sample_weight"),
    ("balanced", "got sample_weight = 'balanced'"),
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("w, message", WRONG)
def test_weights_that_are_none(use, w, message):
    with pytest.raises(ValueError, match=f"{use}.*{message}"):
        USES[use](w, nn.mse_loss)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "loss",
    [
        lambda o, y: nn.mse_loss(o, y),
        lambda o, y, reduction="sum": nn.mse_loss(o, y, reduction),
        functools.partial(nn.mse_loss, reduction="sum"),
        lambda o, y, reduction="mean": nn.mse_loss(o, y),
    ],
)
def test_a_loss_without_rows_is_refused(use, loss):
    with pytest.raises(ValueError, match='reduction="none"'):
        USES[use](W, loss)


def test_a_loss_of_ones_own_may_be_weighted():
    def quartic(o, y, reduction="mean"):
        l = (o - y) ** 4
        return l.mean() if reduction == "mean" else l

    model = linear()
    result = nn.minimize(model, X, Y, quartic, sample_weight=COUNTS)
    l = (model(X).data - Y)[:, 0] ** 4
    assert result.fun == pytest.approx(np.average(l, weights=COUNTS), rel=1e-9)
    assert isinstance(result.fun, float) and isinstance(quartic(ag.Tensor(Y), Y), ag.Tensor)


def test_weights_come_as_they_are():
    pandas = pytest.importorskip("pandas")
    expected, forms = None, (W, W.tolist(), pandas.Series(W, index=range(n)[::-1], name="data"))
    for w in (*forms, pandas.array(W, dtype="Float64"), ag.Tensor(W, requires_grad=True)):
        model = linear()
        fit(model, sample_weight=w)
        expected = nn.vec(model) if expected is None else expected
        assert np.array_equal(nn.vec(model), expected)
