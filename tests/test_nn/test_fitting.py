"""fit: the variants of gradient descent, early stopping, noise, Ctrl-C, NaN, and the history."""

import os
import signal
from itertools import chain

import numpy as np
import pytest

import nn

rng = np.random.default_rng(0)
x = rng.normal(size=(60, 3))
y = x @ [[1.0], [-2.0], [0.5]] + 0.1 * rng.normal(size=(60, 1))


def linear(seed=0):
    return nn.MLP([3, 1], rng=seed)


def network(seed=0, **options):
    return nn.MLP([3, 4, 1], nn.Tanh, rng=seed, **options)


def fit(model, epochs=3, lr=0.1, loss=nn.mse_loss, data=(x, y), **options):
    return nn.fit(
        model, *data, loss, nn.SGD(model.parameters(), lr=lr), epochs, progress=False, **options
    )


def steps_by_hand(model, batches, lr=0.1):
    optimizer = nn.SGD(model.parameters(), lr=lr)
    for batch in batches:
        optimizer.zero_grad()
        nn.mse_loss(model(x[batch]), y[batch]).backward()
        optimizer.step()


class TestBatches:
    def epochs(self, count, *arguments, **options):
        made = nn.mini_batches(*arguments, **options)
        return [
            [np.arange(arguments[0])[batch].tolist() for batch in next(made)] for _ in range(count)
        ]

    def test_all_observations_is_one_batch(self):
        assert self.epochs(2, 3) == [[[0, 1, 2]]] * 2

    def test_a_size_or_a_number(self):
        assert self.epochs(1, 7, batch_size=3, shuffle=False) == [[[0, 1, 2], [3, 4, 5], [6]]]
        assert [len(batch) for batch in self.epochs(1, 10, batches=4)[0]] == [2, 3, 2, 3]

    def test_a_new_cut_every_epoch(self):
        first, second = self.epochs(2, 20, batch_size=5, rng=0)
        assert sorted(chain(*first)) == sorted(chain(*second)) == list(range(20))
        assert {frozenset(batch) for batch in first}.isdisjoint(
            frozenset(batch) for batch in second
        )

    def test_the_lectures_way_cuts_once_and_reorders_the_batches(self):
        first, *later = self.epochs(5, 12, batches=4, shuffle="batches", rng=0)
        assert first == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
        assert all(sorted(epoch) == first for epoch in later)
        assert any(epoch != first for epoch in later)

    def test_same_rng_same_order(self):
        assert self.epochs(2, 9, batch_size=2, rng=5) == self.epochs(2, 9, batch_size=2, rng=5)

    @pytest.mark.parametrize(
        "options",
        [
            {"batch_size": 0},
            {"batch_size": 2.5},
            {"batches": 0},
            {"batches": 9},
            {"batch_size": 1, "batches": 2},
            {"shuffle": 1},
        ],
    )
    def test_what_makes_no_sense(self, options):
        with pytest.raises(ValueError, match=r"batch|shuffle"):
            nn.mini_batches(8, **options)


class TestVariants:
    def test_fit_is_the_steps_one_would_take_by_hand(self):
        for options, batches in [
            ({}, [slice(None)] * 2),
            ({"batch_size": 1, "shuffle": False}, [slice(i, i + 1) for i in range(60)] * 2),
            ({"batches": 3, "shuffle": False}, [slice(0, 20), slice(20, 40), slice(40, 60)] * 2),
        ]:
            ours, by_hand = network(), network()
            fit(ours, epochs=2, **options)
            steps_by_hand(by_hand, batches)
            np.testing.assert_allclose(nn.vec(ours), nn.vec(by_hand), rtol=1e-12)

    def test_expected_steps_of_all_variants_are_equal_because_the_loss_is_additive(self):
        """One step from the same weights: the mean over all possible batches is the step of GD."""
        start = network()

        def step(batch):
            model = network()
            steps_by_hand(model, [batch])
            return nn.vec(model) - nn.vec(start)

        whole = step(slice(None))
        for size in (1, 20):
            batches = next(nn.mini_batches(60, batch_size=size, rng=1))
            np.testing.assert_allclose(
                np.mean([step(batch) for batch in batches], axis=0), whole, rtol=1e-10
            )

    @pytest.mark.parametrize(
        "options", [{}, {"batch_size": 10}, {"batch_size": 1}, {"batches": 4, "shuffle": "batches"}]
    )
    def test_each_finds_least_squares(self, options):
        model = linear()
        fit(model, epochs=300, lr=0.02 if options.get("batch_size") == 1 else 0.1, rng=0, **options)
        exact = np.linalg.lstsq(np.c_[x, np.ones(60)], y, rcond=None)[0]
        np.testing.assert_allclose(nn.vec(model), exact[:, 0], atol=0.03)

    def test_same_rng_same_fit(self):
        a, b = network(keep=0.8), network(keep=0.8)
        for model in (a, b):
            fit(model, batch_size=7, rng=3, gradient_noise=0.1, validation=0.2)
        np.testing.assert_array_equal(nn.vec(a), nn.vec(b))


class TestRegularization:
    def test_early_stopping_brings_the_best_weights_back(self):
        model = network()
        history = fit(model, epochs=200, lr=0.8, validation=(x[:20], -y[:20]), patience=5)
        losses = [entry["validation_loss"] for entry in history]
        assert history.stopped == "patience"
        assert history.best_epoch == np.argmin(losses) + 1 == len(history) - 5
        assert nn.mse_loss(model(x[:20]), -y[:20]).item() == min(losses)

    def test_patience_may_ask_for_more_than_a_little(self):
        patient = fit(linear(), epochs=200, lr=0.05, patience=3)
        losses = [entry["training_loss"] for entry in patient]
        impatient = fit(linear(), epochs=200, lr=0.05, patience=3, tolerance=0.01)
        steps = -np.diff(losses)  # how much each epoch is better than the one before
        assert impatient.stopped == "patience" and len(impatient) < len(patient)
        assert len(impatient) == np.argmax(steps < 0.01) + 1 + 3
        assert impatient.best_epoch == len(impatient)  # which was a little better all the same

    def test_a_fraction_is_held_out_and_not_trained_on(self):
        seen = set()

        def watching(prediction, target):
            if prediction.requires_grad:
                seen.update(target[:, 0])
            return nn.mse_loss(prediction, target)

        fit(network(), validation=0.25, loss=watching, batch_size=9)
        assert len(seen) == 45

    def test_noise_on_the_gradient(self):
        quiet, noisy = network(), network()
        fit(quiet, epochs=1)
        fit(noisy, epochs=1, gradient_noise=0.01, rng=0)
        difference = nn.vec(noisy) - nn.vec(quiet)
        assert 0 < np.abs(difference).max() < 0.1 * 0.01 * 5

    def test_clipping_and_schedule(self):
        model = network()
        before, optimizer = nn.vec(model), nn.SGD(model.parameters(), lr=1.0)
        schedule = nn.StepLR(optimizer, 1, gamma=0.5)
        history = nn.fit(
            model, x, y, nn.mse_loss, optimizer, 2, max_norm=0.01, schedule=schedule, progress=False
        )
        assert [entry["lr"] for entry in history] == [1.0, 0.5] and optimizer.lr == 0.25
        assert np.linalg.norm(nn.vec(model) - before) <= 0.015

    def test_ridge_goes_through_the_gradient(self):
        model = linear()
        history = fit(model, epochs=400, penalty=nn.Ridge(model, 0.5))
        X, b = x - x.mean(axis=0), y - y.mean()
        exact = np.linalg.solve(X.T @ X + 0.5 * 60 * np.eye(3), X.T @ b)
        np.testing.assert_allclose(model[0].weight.data.T, exact, rtol=1e-6)
        assert history[-1]["penalty"] == pytest.approx(0.5 * (exact**2).sum())


class TestStopping:
    def test_ctrl_c_finishes_the_step_and_keeps_model_and_history(self, capsys):
        model, calls = network(), []

        def interrupted(prediction, target):
            calls.append(1)
            if len(calls) == 14:  # the second batch of the third epoch
                os.kill(os.getpid(), signal.SIGINT)
            return nn.mse_loss(prediction, target)

        optimizer = nn.SGD(model.parameters(), lr=0.1)
        history = nn.fit(model, x, y, interrupted, optimizer, 10, batch_size=10, shuffle=False)
        assert (len(history), history.stopped, len(calls)) == (2, "Ctrl-C", 14)
        assert "Stopped by Ctrl-C after 2 full epochs" in capsys.readouterr().out
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        by_hand = network()
        steps_by_hand(by_hand, ([slice(i, i + 10) for i in range(0, 60, 10)] * 3)[:14])
        np.testing.assert_allclose(nn.vec(model), nn.vec(by_hand), rtol=1e-12)
        assert not model.training

    def test_a_keyboard_interrupt_from_anywhere(self):
        def interrupted(prediction, target):
            raise KeyboardInterrupt

        model = network()
        before = nn.vec(model)
        assert fit(model, loss=interrupted) == [] and np.array_equal(nn.vec(model), before)

    def test_nan_is_named_at_once_and_nothing_is_updated(self):
        model = nn.MLP([3, 1], rng=0)

        def log(prediction, target):
            return np.mean(np.log(prediction) * target)

        before = nn.vec(model)
        with (
            pytest.raises(
                FloatingPointError,
                match=r"In epoch 1: the loss became nan. np.log was the first to give NaN",
            ) as info,
            np.errstate(invalid="ignore"),
        ):
            fit(model, loss=log)
        np.testing.assert_array_equal(nn.vec(model), before)
        assert info.value.history == []

    def test_a_gradient_of_nan_is_named_too(self):
        model = nn.Linear(3, 1, bias=False)
        model.weight.data[:] = 0
        before = nn.vec(model)

        def root(prediction, target):
            return np.mean(np.sqrt(prediction * prediction))

        with (
            pytest.raises(
                FloatingPointError,
                match=r"gradient is not finite.*The derivative of np.sqrt by .* first to be",
            ),
            np.errstate(all="ignore"),
        ):
            fit(model, loss=root)
        np.testing.assert_array_equal(nn.vec(model), before)

    def test_an_explosion_is_stopped_with_its_history(self):
        model = linear()
        message = r"In epoch .* squared_error was the first to give infinity"
        with pytest.raises(FloatingPointError, match=message) as info, np.errstate(all="ignore"):
            fit(model, epochs=10_000, lr=50.0)
        assert len(info.value.history) > 10 and np.isfinite(nn.vec(model)).all()

    def test_weights_that_are_nan_are_named(self):
        model = linear()
        model[0].weight.data[0, 1] = np.nan
        with pytest.raises(
            FloatingPointError, match="Tensor 'weight', which was given and not computed, holds NaN"
        ):
            fit(model)

    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_an_infinity_that_was_given_is_named(self):
        model = linear()
        model[0].weight.data[0, 1] = np.inf
        with pytest.raises(
            FloatingPointError,
            match="Tensor 'weight', which was given and not computed, holds infinity: argument",
        ):
            fit(model)

    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_the_line_of_the_program_is_named(self):
        def log(prediction, target):
            return np.mean(np.log(prediction))  # the guilty line

        with pytest.raises(FloatingPointError, match=r"in line \d+ of .*# the guilty line"):
            fit(nn.MLP([3, 1], rng=0), loss=log)

    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    @pytest.mark.parametrize(
        ("random", "positive"),
        [
            (nn.Dropout(keep=0.5, rng=1), lambda h: np.sum(np.abs(h))),  # not if all are excluded
            (nn.GaussianNoise(1.0, rng=1), lambda h: h[0, 0] + 2),
        ],
    )
    def test_the_step_is_repeated_with_the_same_random_numbers(self, random, positive):
        """The logarithm is none in one step out of fifty or so."""
        model, seen = nn.Sequential(nn.Linear(3, 6, rng=0), random), []
        model[0].weight.data[:] = 0.01

        def log(prediction, target):
            seen.append(prediction.data)
            return np.log(positive(prediction))

        with pytest.raises(FloatingPointError, match=r"np\.log was the first to give") as info:
            fit(model, epochs=1000, lr=1e-12, loss=log)
        assert len(info.value.history) > 1
        np.testing.assert_array_equal(seen[-1], seen[-2])

    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    @pytest.mark.parametrize("loss", [np.log, np.sqrt])
    def test_repeating_the_step_leaves_no_trace(self, loss):
        """Neither in running means nor in gradients: one forward pass moved them, and no other."""
        model = nn.Sequential(nn.Linear(3, 2, rng=0), nn.BatchNorm1d(2))
        model[1].weight.data[:] = 0
        twin = nn.Sequential(nn.Linear(3, 2, rng=0), nn.BatchNorm1d(2))
        twin[1].weight.data[:] = 0
        with pytest.raises(FloatingPointError, match="was the first"):
            fit(model, loss=lambda prediction, target: np.sum(loss(prediction)))
        value = np.sum(loss(twin(x)))
        if np.isfinite(value.data):
            value.backward()
        for one, other in zip(model.parameters(), twin.parameters(), strict=True):
            np.testing.assert_array_equal(one.grad, other.grad)
        for name, value in twin.state_dict().items():
            np.testing.assert_array_equal(model.state_dict()[name], value)

    def test_what_does_not_happen_again_is_said_so(self):
        numbers = iter([1, np.nan, 1])
        with pytest.raises(FloatingPointError, match="it did not happen again"):
            fit(linear(), loss=lambda p, t: nn.mse_loss(p, t) * next(numbers))

    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_a_loss_that_writes_into_what_it_used_is_told(self):
        factor = np.array([-1.0])

        def changing(prediction, target):
            loss = np.mean(np.sqrt(np.square(prediction) * factor**2 * 0)) * factor
            factor[0] -= 1
            return loss[0]

        with pytest.raises(FloatingPointError, match=r"argument number 2 of .*was written into"):
            fit(linear(), loss=changing)


class TestHistory:
    def test_what_is_told_of_an_epoch(self):
        model = nn.MLP([3, 4, 2, 1], nn.ReLU, rng=0)
        history = fit(model, batch_size=20, validation=0.2, penalty=nn.Ridge(model, 0.1))
        assert isinstance(history, list) and [entry["epoch"] for entry in history] == [1, 2, 3]
        assert set(history[0]) == {
            "epoch",
            "loss",
            "penalty",
            "validation_loss",
            "gradient_norm",
            "dead",
            "lr",
        }
        assert len(history[0]["gradient_norm"]) == 3 and len(history[0]["dead"]) == 2
        assert history.stopped == "epochs"

    def test_the_loss_is_the_mean_over_the_observations(self):
        model = network()
        before = nn.mse_loss(model(x), y).item()
        assert fit(model, epochs=1, lr=1e-12, batch_size=25)[0]["loss"] == pytest.approx(before)

    def test_the_gradient_norm_is_that_of_the_weights(self):
        model, twin = network(), network()
        history = fit(model, epochs=1)
        nn.mse_loss(twin(x), y).backward()
        expected = [np.linalg.norm(twin[i].weight.grad) for i in (0, 2)]
        np.testing.assert_allclose(history[0]["gradient_norm"], expected)

    def test_to_frame(self):
        pytest.importorskip("pandas")
        table = fit(network()).to_frame()
        assert list(table.columns) == ["loss", "gradient_norm_1", "gradient_norm_2", "dead_1", "lr"]
        assert list(table.index) == [1, 2, 3]
        assert len(nn.History().to_frame()) == 0

    def test_plot(self):
        matplotlib = pytest.importorskip("matplotlib")
        matplotlib.use("Agg")
        axes = fit(network(), validation=0.2, patience=9).plot()
        assert [line.get_label() for line in axes.lines] == ["training", "validation", "best epoch"]


def test_progress_is_a_bar_or_silence(capsys):
    pytest.importorskip("tqdm")
    fit(network())
    assert capsys.readouterr() == ("", "")
    model = network()
    nn.fit(model, x, y, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1), 2)
    shown = capsys.readouterr()
    assert shown.out == "" and "2/2" in shown.err and "loss=" in shown.err


def test_float32_stays_float32_with_everything():
    model = nn.Sequential(
        nn.GaussianNoise(0.1, rng=0),
        nn.MLP([3, 4, 1], nn.ELU, keep=0.9, batchnorm=True, rng=0, dtype=np.float32),
    )
    dtypes = set()

    def watching(prediction, target):
        loss = nn.mse_loss(prediction, target)
        dtypes.update({prediction.dtype, target.dtype, loss.dtype})
        return loss

    optimizer = nn.Adam(model.parameters(), lr=0.01)
    penalties = [nn.Lasso(model, 0.01), nn.Ridge(model, 0.01), nn.MaxNorm(model, 3)]
    nn.fit(
        model, x, y, watching, optimizer, 2, batch_size=16, penalty=penalties,
        validation=0.2, patience=5, gradient_noise=0.1,
        max_norm=1, schedule=nn.CosineAnnealingLR(optimizer, 2), rng=0, progress=False,
    )  # fmt: skip
    assert dtypes == {np.dtype(np.float32)}
    assert {value.dtype for value in model.state_dict().values()} == {np.dtype(np.float32)}
    assert {p.grad.dtype for p in model.parameters()} == {np.dtype(np.float32)}


def test_data_frames_and_labels_are_taken():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(x, columns=list("abc"))
    model = nn.MLP([3, 4, 2], rng=0)
    fit(model, data=(frame, pandas.Series((y[:, 0] > 0).astype(int))), loss=nn.cross_entropy)


@pytest.mark.parametrize(
    "options, message",
    [
        (
            {"data": (x, y[:-1])},
            r"a target for each observation, got x of shape \(60, 3\) and y of shape \(59, 1\)",
        ),
        (
            {"data": (np.where(x == x[7, 1], np.nan, x), y)},
            "x holds NaN or infinity, first in row 7",
        ),
        ({"data": (x, y.astype(str))}, "got y of dtype <U"),
        ({"data": (x, y[:, 0])}, r"Write target.reshape\(-1, 1\)"),
        ({"validation": 1.5}, "fraction between 0 and 1"),
        ({"validation": (x, y[:3])}, "validation needs a target for each observation"),
        (
            {"loss": lambda o, t: (o - t) ** 2},
            r'one number, got one of shape \(60, 1\). Use a mean: reduction="mean"',
        ),
    ],
)
def test_what_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        fit(network(), **options)


def test_an_optimizer_of_another_model_is_no_silent_standstill():
    model, other = network(), network()
    for optimizer in (nn.SGD(other.parameters(), lr=0.1), nn.SGD):
        with pytest.raises(ValueError, match="optimizer of this model's own parameters"):
            nn.fit(model, x, y, nn.mse_loss, optimizer, 1, progress=False)


def test_a_loss_that_lost_its_record():
    with pytest.raises(
        TypeError, match="The loss returned float, not a Tensor: its record was lost"
    ):
        fit(network(), loss=lambda o, t: float(np.mean((o.data - t) ** 2)))


def test_a_penalty_that_is_none():
    with pytest.raises(TypeError, match=r"nn.Lasso\(model, strength=0.01\); got 0.1"):
        fit(network(), penalty=0.1)
