"""Losses: formulas, gradients against differences, extremes, and the shapes and labels that are
refused.
"""

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(0)
O, Y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
P, B = rng.uniform(0.1, 0.9, (4, 3)), (rng.random((4, 3)) < 0.5).astype(float)
LABELS = np.array([0, 2, 1, 2])

ELEMENTWISE = {
    nn.mse_loss: (O, Y, (O - Y) ** 2),
    nn.l1_loss: (O, Y, np.abs(O - Y)),
    nn.binary_cross_entropy: (P, B, -B * np.log(P) - (1 - B) * np.log(1 - P)),
    nn.binary_cross_entropy_with_logits: (
        O,
        B,
        -B * np.log(1 / (1 + np.exp(-O))) - (1 - B) * np.log(1 / (1 + np.exp(O))),
    ),
}

SHARES = [nn.binary_cross_entropy, nn.binary_cross_entropy_with_logits]


@pytest.mark.parametrize("loss", ELEMENTWISE)
def test_formula_and_reductions(loss):
    prediction, target, expected = ELEMENTWISE[loss]
    np.testing.assert_allclose(loss(ag.Tensor(prediction), target, reduction="none").data, expected)
    np.testing.assert_allclose(loss(prediction, target), expected.mean())
    np.testing.assert_allclose(loss(ag.Tensor(prediction), target, "sum").item(), expected.sum())


@pytest.mark.parametrize("loss", ELEMENTWISE)
@pytest.mark.parametrize("order", [1, 2])
def test_gradients_by_prediction_and_by_target(loss, order):
    prediction, target, _ = ELEMENTWISE[loss]
    if loss in SHARES:  # a difference around 0 or 1 would leave what a target may be
        target = np.clip(target, 0.1, 0.9)
    ag.check_gradient(loss, prediction, target, order=order)


def test_cross_entropy_of_labels_is_that_of_one_hot_rows():
    log_p = O - np.log(np.exp(O).sum(axis=1, keepdims=True))
    expected = -log_p[np.arange(4), LABELS]
    for target in (
        LABELS,
        LABELS.astype(float),
        LABELS.astype(np.uint8),
        list(LABELS),
        np.eye(3)[LABELS],
        ag.Tensor(LABELS),
    ):
        np.testing.assert_allclose(nn.cross_entropy(O, target, "none"), expected)
        np.testing.assert_allclose(nn.nll_loss(log_p, target), expected.mean())
    ag.check_gradient(lambda o: nn.cross_entropy(o, LABELS), O)
    ag.check_gradient(lambda o: nn.cross_entropy(o, LABELS), O, order=2)
    ag.check_gradient(nn.nll_loss, log_p, np.eye(3)[LABELS])


@pytest.mark.parametrize(
    "q, y, l, slope", [(1000, 1, 0, 0), (1000, 0, 1000, 1), (-1000, 1, 1000, -1), (-1000, 0, 0, 0)]
)
def test_logits_of_a_thousand(q, y, l, slope):
    q = ag.Tensor([float(q)], requires_grad=True)
    loss = nn.binary_cross_entropy_with_logits(q, [y])
    loss.backward()
    assert loss.item() == l and q.grad[0] == slope
    two = ag.Tensor([[0.0, q.item()]], requires_grad=True)
    loss = nn.cross_entropy(two, [y])
    loss.backward()
    assert loss.item() == l and two.grad[0, 1] == slope


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_probabilities_of_exactly_0_and_1(dtype):
    o = ag.Tensor(np.array([0, 0, 1, 1], dtype), requires_grad=True)
    losses = nn.binary_cross_entropy(o, [0, 1, 0, 1], "none")
    losses.sum().backward()
    np.testing.assert_allclose(losses.data, [0, 100, 100, 0], rtol=1e-3)
    np.testing.assert_allclose(o.grad, [0, -1e12, 1e12, 0], rtol=1e-6)
    assert losses.dtype == o.grad.dtype == dtype


def test_impossible_classes_that_did_not_occur_cost_nothing():
    with np.errstate(divide="ignore"):
        log_p = ag.Tensor(np.log([[0.25, 0.75, 0.0]]), requires_grad=True)
    loss = nn.nll_loss(log_p, [1])
    loss.backward()
    assert loss.item() == -np.log(0.75)
    np.testing.assert_array_equal(log_p.grad, [[0, -1, 0]])


def test_float32_stays_float32():
    q = ag.Tensor(O.astype(np.float32), requires_grad=True)
    for loss, target in [
        (nn.mse_loss, Y), (nn.l1_loss, Y), (nn.binary_cross_entropy_with_logits, B),
        (nn.cross_entropy, LABELS),
        (nn.cross_entropy, np.eye(3)[LABELS]),
        (nn.binary_cross_entropy_with_logits, B.astype(bool)),
    ]:  # fmt: skip
        assert loss(q, target).dtype == np.float32


def test_whole_numbers_as_predictions_are_no_whole_number_arithmetic():
    assert nn.mse_loss([1, 2], [1.5, 2.5]) == 0.25


@pytest.mark.parametrize(
    "wrong, message",
    [
        (
            lambda: nn.mse_loss(ag.Tensor(np.ones((3, 1))), np.ones(3)),
            r"mse_loss needs equal shapes, got prediction \(3, 1\) and target \(3,\): "
            r"subtracting them would make a \(3, 3\) "
            r"matrix. Write target.reshape\(-1, 1\); of a pandas object, target.to_numpy\(\)",
        ),
        (
            lambda: nn.l1_loss(np.ones((3, 2)), np.ones((4, 2))),
            "l1_loss .*Give one target for each prediction",
        ),
        (
            lambda: nn.binary_cross_entropy(np.ones((3, 1)), np.ones((1, 3))),
            "binary_cross_entropy needs equal shapes",
        ),
        (lambda: nn.binary_cross_entropy_with_logits(O, B[:1]), r"would make a \(4, 3\) matrix"),
        (
            lambda: nn.binary_cross_entropy(O, B),
            "needs probabilities, got predictions from .* Sigmoid",
        ),
        (
            lambda: nn.cross_entropy(O, [0, 1, 2, 3]),
            "whole labels from 0 to 2 for 3 columns, got 3",
        ),
        (lambda: nn.cross_entropy(O, [0, 1, 2, -1]), "got -1"),
        (lambda: nn.cross_entropy(O, [0, 1, 2, 0.5]), "got 0.5"),
        (lambda: nn.cross_entropy(O, [0, 1, 2, np.nan]), "got nan"),
        (lambda: nn.cross_entropy(O, LABELS[:, None]), r"Write target.reshape\(-1\)"),
        (lambda: nn.cross_entropy(O, LABELS[:3]), r"labels of shape \(4,\) or one-hot rows"),
        (
            lambda: nn.cross_entropy(O, ["a", "b", "c", "a"]),
            "labels that are numbers, from 0 to 2, got dtype <U1. np.unique",
        ),
        (lambda: nn.cross_entropy(O[:, :1], LABELS), "binary_cross_entropy"),
        (lambda: nn.mse_loss(O, Y, reduction="avg"), '"mean", "sum" or "none", got \'avg\''),
    ],
)
def test_what_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


@pytest.mark.parametrize("loss", SHARES)
@pytest.mark.parametrize("wrong", [B + 1, 2 * B - 1, B * 1.001, B - 1e-3, np.where(B, np.nan, 0)])
@pytest.mark.parametrize("form", [np.asarray, ag.Tensor, np.ndarray.tolist])
def test_two_classes_are_coded_as_0_and_1_or_refused(loss, wrong, form):
    with pytest.raises(ValueError, match=f"{loss.__name__} needs targets from 0 to 1, got targets"):
        loss(ag.Tensor(P), form(wrong))


@pytest.mark.parametrize("loss", SHARES)
def test_shares_between_0_and_1_are_targets_too(loss):
    torch = pytest.importorskip("torch")
    for target in (B, B > 0, P, B.astype(int), np.zeros((4, 3)), np.ones((4, 3))):
        theirs = getattr(torch.nn.functional, loss.__name__)
        ours = loss(P, target, reduction="none")
        expected = theirs(
            torch.tensor(P), torch.tensor(np.asarray(target, float)), reduction="none"
        )
        np.testing.assert_allclose(ours, expected.numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    "prediction, target",
    [(np.ones((3, 1)), np.ones(3)), (np.ones(3), np.ones((3, 1))), (np.ones(()), np.ones(1))],
)
def test_the_advice_can_be_followed(prediction, target):
    with pytest.raises(ValueError) as info:
        nn.mse_loss(prediction, target)
    call = str(info.value).split("Write ")[1].split(";")[0]
    assert nn.mse_loss(prediction, eval(call, {"target": target})) == 0
