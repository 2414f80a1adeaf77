"""check_gradient finds the mistakes that people make, and points at the entry."""

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(4)
X, Y = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
W, b = rng.normal(size=(2, 3)), rng.normal(size=2)
n = len(X)


def loss(W, b):
    """Mean over the observations of the squared error of a linear layer with tanh."""
    return np.sum((np.tanh(X @ W.T + b) - Y) ** 2) / n


def by_hand(W, b):
    h = np.tanh(X @ W.T + b)
    delta = 2 * (h - Y) * (1 - h**2) / n
    return delta.T @ X, delta.sum(0)


def with_mistake(change):
    """The derivation by hand with one line changed."""

    def gradient(W, b):
        h = np.tanh(X @ W.T + b)
        return change(h, 2 * (h - Y) * (1 - h**2) / n)

    return gradient


def off_by_one_entry(h, delta):
    dW, db = delta.T @ X, delta.sum(0)
    dW[1, 2] += 1e-3
    return dW, db


# What went wrong, the derivation, the entry that must be named, and what else the message says.
MISTAKES = [
    (
        "the 2 of the square is missing",
        lambda h, delta: (delta.T @ X / 2, delta.sum(0) / 2),
        "",
        "0.5 times",
    ),
    ("the sign is wrong", lambda h, delta: (-delta.T @ X, -delta.sum(0)), "", "-1 times"),
    ("1/n was forgotten", lambda h, delta: (delta.T @ X * n, delta.sum(0) * n), "", "5 times"),
    (
        "tanh' was forgotten",
        lambda h, delta: ((delta / (1 - h**2)).T @ X, (delta / (1 - h**2)).sum(0)),
        "W",
        "",
    ),
    (
        "tanh' as 1 − h",
        lambda h, delta: ((delta / (1 + h)).T @ X, (delta / (1 + h)).sum(0)),
        "W",
        "",
    ),
    ("the bias' gradient is a mean", lambda h, delta: (delta.T @ X, delta.mean(0)), "b", ""),
    (
        "only the first observation counts",
        lambda h, delta: (delta[:1].T @ X[:1], delta[:1].sum(0)),
        "W",
        "",
    ),
    (
        "the neurons are in the wrong order",
        lambda h, delta: ((delta.T @ X)[::-1], delta.sum(0)),
        "W",
        "",
    ),
    ("one entry is off by 0.001", off_by_one_entry, "W[1, 2]", ""),
    (
        "NaN from a division",
        lambda h, delta: (delta.T @ X * np.nan, delta.sum(0)),
        "W[0, 0]",
        "nan",
    ),
]


@pytest.mark.parametrize(
    ("change", "entry", "hint"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES]
)
def test_typical_mistakes(change, entry, hint):
    inputs = ag.Tensor(W, name="W"), ag.Tensor(b, name="b")
    with pytest.raises(AssertionError) as error:
        ag.check_gradient(loss, *inputs, analytic=with_mistake(change))
    verdict = str(error.value).splitlines()[0]
    assert verdict.startswith(f"They differ: by {entry}")
    assert "the gradient by hand is" in verdict
    assert hint in verdict


@pytest.mark.parametrize(
    ("change", "shapes"),
    [
        # The matrix is transposed.
        (lambda h, delta: ((delta.T @ X).T, delta.sum(0)), r"\(3, 2\), its input \(2, 3\)"),
        # The broadcast bias was not summed.
        (lambda h, delta: (delta.T @ X, delta), r"\(5, 2\), its input \(2,\)"),
    ],
)
def test_mistakes_in_the_shape_are_told_as_such(change, shapes):
    with pytest.raises(ValueError, match=shapes):
        ag.check_gradient(loss, W, b, analytic=with_mistake(change))


def test_a_transposed_square_matrix_is_found_too():
    A = rng.normal(size=(3, 3))
    f = lambda A: np.sum(np.sin(A) @ np.arange(3.0))
    right = lambda A: np.cos(A) * np.arange(3.0)
    ag.check_gradient(f, A, analytic=right)
    with pytest.raises(AssertionError, match="They differ: by x1"):
        ag.check_gradient(f, A, analytic=lambda A: right(A).T)


def test_the_right_derivation_agrees():
    comparison = ag.check_gradient(loss, W, b, analytic=by_hand)
    assert comparison.agrees
    assert list(comparison.columns) == ["by hand", "backpropagated", "numerical"]
    assert "They agree" in str(comparison)
    assert "x1[0, 0]" in str(comparison)


def test_a_wrong_rule_of_ones_own_is_found():
    @ag.differentiable(lambda g, y, x: g * x)  # 2 is missing
    def my_square(x):
        return x * x

    with pytest.raises(
        AssertionError, match=r"the backpropagated gradient is .*Every entry is 0\.5 times"
    ):
        ag.check_gradient(my_square, [1.0, -2.0, 3.0])


def test_small_gradients_are_checked_as_strictly():
    """Against 1, a gradient of 1e-5 that is twice what it should be would pass for right."""
    f = lambda w: 1e-5 * np.sum(w**2)
    ag.check_gradient(f, [1.0, 2.0], analytic=lambda w: 2e-5 * w)
    with pytest.raises(AssertionError):
        ag.check_gradient(f, [1.0, 2.0], analytic=lambda w: 1e-5 * w)


def test_a_model_with_its_loss():
    model = nn.MLP([3, 4, 2], nn.Tanh, batchnorm=True, rng=0)
    before = model.state_dict()
    comparison = ag.check_gradient(model, X, Y, loss=nn.mse_loss)
    assert comparison.labels[0] == "0.weight[0, 0]"
    assert len(comparison.labels) == sum(p.size for p in model.parameters())
    ag.check_gradient(model, X, Y, loss=nn.mse_loss, order=2)
    for name, array in model.state_dict().items():  # the running means too
        np.testing.assert_array_equal(array, before[name])


def test_a_models_gradient_by_hand_by_the_names_of_its_parameters():
    layer = nn.Linear(3, 2, rng=0)
    error = X @ layer.weight.data.T + layer.bias.data - Y
    right = {"bias": error.sum(0) / n, "weight": error.T @ X / n}
    ag.check_gradient(layer, X, Y, loss=nn.mse_loss, analytic=right)
    with pytest.raises(AssertionError, match=r"by bias\[\d\] the gradient by hand"):
        ag.check_gradient(layer, X, Y, loss=nn.mse_loss, analytic={**right, "bias": error.sum(0)})


def test_a_wrong_layer_is_found():
    class Forgetful(nn.Module):
        """Passes on its bias' numbers, but not its gradient."""

        def __init__(self):
            self.linear = nn.Linear(3, 2, rng=0)

        def forward(self, x):
            return ag.linear(x, self.linear.weight) + self.linear.bias.data

    with pytest.raises(
        AssertionError, match=r"by linear\.bias\[\d\] the backpropagated gradient is 0"
    ):
        ag.check_gradient(Forgetful(), X, Y, loss=nn.mse_loss)


def test_randomness_is_called_that():
    model = nn.Sequential(nn.Linear(3, 2, rng=0), nn.Dropout(keep=0.5, rng=0))
    with pytest.raises(ValueError, match=r"different values.*model\.eval\(\)"):
        ag.check_gradient(model, X, Y, loss=nn.mse_loss)
    ag.check_gradient(model.eval(), X, Y, loss=nn.mse_loss)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
def test_every_precision(dtype):
    x = np.array([0.3, -1.2], dtype)
    f = lambda x: np.sum(np.tanh(x) * x)
    ag.check_gradient(f, x)
    with pytest.raises(AssertionError):
        ag.check_gradient(f, x, analytic=lambda x: np.tanh(x))


def test_float32_models():
    ag.check_gradient(
        nn.MLP([3, 4, 2], rng=0, dtype=np.float32), np.float32(X), np.float32(Y), loss=nn.mse_loss
    )


def test_wrong_calls_say_what_is_needed():
    with pytest.raises(TypeError, match="needs x, y and a loss"):
        ag.check_gradient(nn.Linear(3, 2), X, Y)
    with pytest.raises(TypeError, match="together with a model"):
        ag.check_gradient(loss, W, b, loss=nn.mse_loss)
    with pytest.raises(ValueError, match="at least one input"):
        ag.check_gradient(loss)
    with pytest.raises(ValueError, match="order=1 and order=2"):
        ag.check_gradient(loss, W, b, order=3)
    with pytest.raises(TypeError, match="the record was lost"):
        ag.check_gradient(lambda w: w.item(), 1.0)
    with pytest.raises(ValueError, match="one number as its result, got 2"):
        ag.check_gradient(lambda w: w * 2, [1.0, 2.0], analytic=[2.0, 2.0])
    with pytest.raises(ValueError, match="2 inputs, but 1"):
        ag.check_gradient(loss, W, b, analytic=[W])


def test_it_shows_as_a_table_in_a_notebook():
    html = ag.check_gradient(
        lambda w: np.sum(w**2), [1.0, 2.0], analytic=lambda w: 2 * w
    )._repr_html_()
    assert html.startswith("<table>")
    assert html.count("<tr>") == 3
    assert "They agree" in html


def test_long_tables_are_cut_but_keep_the_worst_row():
    w = np.linspace(1, 2, 100)
    with pytest.raises(AssertionError) as error:
        ag.check_gradient(
            lambda w: np.sum(w**2), w, analytic=lambda w: 2 * w + (np.arange(100) == 77)
        )
    assert "x1[77]" in str(error.value).split("\n\n")[1]
    assert len(str(error.value).splitlines()) < 50
