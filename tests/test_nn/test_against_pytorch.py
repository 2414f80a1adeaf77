"""Every layer, loss and optimizer agrees with PyTorch in float64: values, gradients, and twenty
steps of training.
"""

import numpy as np
import pytest

import autograd_lite as ag
import nn

torch = pytest.importorskip("torch")
close = lambda a, b: np.testing.assert_allclose(
    np.asarray(a), b.detach().numpy(), rtol=1e-9, atol=1e-11
)

N, M = 12, 5
x = np.random.default_rng(0).normal(size=(N, M))
seed = np.random.default_rng(1).normal(size=(N, M))
labels = np.random.default_rng(2).integers(0, M, N)
binary = np.random.default_rng(3).integers(0, 2, (N, M)).astype(float)
probabilities = np.random.default_rng(4).dirichlet(np.ones(M), N)


def in_double(module):
    return module.to(torch.float64)


def same_parameters(ours, theirs):
    assert list(ours.state_dict()) == [name for name, _ in theirs.state_dict().items()]
    theirs.load_state_dict(
        {name: torch.as_tensor(value) for name, value in ours.state_dict().items()}
    )


LAYERS = {
    "Linear": (lambda: nn.Linear(M, M, rng=0), lambda: torch.nn.Linear(M, M)),
    "Linear without bias": (
        lambda: nn.Linear(M, M, bias=False),
        lambda: torch.nn.Linear(M, M, bias=False),
    ),
    "Sigmoid": (nn.Sigmoid, torch.nn.Sigmoid),
    "Tanh": (nn.Tanh, torch.nn.Tanh),
    "ReLU": (nn.ReLU, torch.nn.ReLU),
    "LeakyReLU": (nn.LeakyReLU, torch.nn.LeakyReLU),
    "LeakyReLU(0.3)": (lambda: nn.LeakyReLU(0.3), lambda: torch.nn.LeakyReLU(0.3)),
    "PReLU": (nn.PReLU, torch.nn.PReLU),
    "PReLU(5, 0.1)": (lambda: nn.PReLU(M, 0.1), lambda: torch.nn.PReLU(M, 0.1)),
    "ELU": (nn.ELU, torch.nn.ELU),
    "ELU(0.4)": (lambda: nn.ELU(0.4), lambda: torch.nn.ELU(0.4)),
    "Softplus": (nn.Softplus, torch.nn.Softplus),
    "Softmax": (nn.Softmax, lambda: torch.nn.Softmax(dim=-1)),
    "LogSoftmax": (nn.LogSoftmax, lambda: torch.nn.LogSoftmax(dim=-1)),
    "Identity": (nn.Identity, torch.nn.Identity),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(M), lambda: torch.nn.BatchNorm1d(M)),
    "BatchNorm1d(eps, momentum)": (
        lambda: nn.BatchNorm1d(M, 1e-2, 0.3),
        lambda: torch.nn.BatchNorm1d(M, 1e-2, 0.3),
    ),
    "BatchNorm1d averaging": (
        lambda: nn.BatchNorm1d(M, momentum=None),
        lambda: torch.nn.BatchNorm1d(M, momentum=None),
    ),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("training", [True, False])
def test_layer(name, training):
    ours, theirs = LAYERS[name][0](), in_double(LAYERS[name][1]())
    same_parameters(ours, theirs)
    # Twice, so that batch normalization has something to predict with.
    for batch in (x, x[:7] * 3 + 1):
        ours(batch), theirs(torch.as_tensor(batch))
    ours.train(training), theirs.train(training)
    ours_in, theirs_in = ag.Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    a, b = ours(ours_in), theirs(theirs_in)
    a.backward(seed), b.backward(torch.as_tensor(seed))
    close(a.data, b)
    close(ours_in.grad, theirs_in.grad)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        close(p.grad, q.grad)
    for (key, p), q in zip(ours.state_dict().items(), theirs.state_dict().values(), strict=True):
        assert p.shape == q.shape, key
        close(p, q)


@pytest.mark.parametrize("keep", [0.5, 0.8])
def test_dropout_with_pytorchs_mask(keep):
    ours = nn.Dropout(keep=keep, per="observation", rng=0)
    h = ag.Tensor(x, requires_grad=True)
    out = ours(h)
    out.backward(seed)
    np.testing.assert_allclose(out.data, x * ours.mask / keep)
    np.testing.assert_allclose(h.grad, seed * ours.mask / keep)
    torch.manual_seed(0)
    theirs = torch.nn.Dropout(1 - keep)(torch.ones(200, 200, dtype=torch.float64)).numpy()
    assert set(np.unique(ours(np.ones((200, 200))))) == set(np.unique(theirs))


F = torch.nn.functional
LOSSES = {
    "mse_loss": (nn.mse_loss, F.mse_loss, x, seed),
    "l1_loss": (nn.l1_loss, F.l1_loss, x, seed),
    "binary_cross_entropy": (
        nn.binary_cross_entropy, F.binary_cross_entropy, probabilities, binary,
    ),
    "binary_cross_entropy at 0 and 1": (
        nn.binary_cross_entropy, F.binary_cross_entropy, binary[::-1].copy(), binary,
    ),
    "binary_cross_entropy_with_logits": (
        nn.binary_cross_entropy_with_logits, F.binary_cross_entropy_with_logits, x * 300, binary,
    ),
    "cross_entropy": (nn.cross_entropy, F.cross_entropy, x, labels),
    "cross_entropy at 1000": (nn.cross_entropy, F.cross_entropy, x * 1000, labels),
    "cross_entropy of probabilities": (nn.cross_entropy, F.cross_entropy, x, probabilities),
    "nll_loss": (nn.nll_loss, F.nll_loss, np.log(probabilities), labels),
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_loss(name, reduction):
    ours, theirs, prediction, target = LOSSES[name]
    p, q = ag.Tensor(prediction, requires_grad=True), torch.tensor(prediction, requires_grad=True)
    a, b = (
        ours(p, target, reduction=reduction),
        theirs(q, torch.as_tensor(target), reduction=reduction),
    )
    close(a.data, b)
    a.backward(np.ones(a.shape)), b.backward(torch.ones_like(b))
    close(p.grad, q.grad)


OPTIMIZERS = {
    "SGD": (nn.SGD, torch.optim.SGD, {"lr": 0.1}),
    "SGD momentum": (nn.SGD, torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    "SGD all": (
        nn.SGD, torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01},
    ),
    "SGD Nesterov": (
        nn.SGD, torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True},
    ),
    "RMSprop": (nn.RMSprop, torch.optim.RMSprop, {}),
    "RMSprop all": (
        nn.RMSprop, torch.optim.RMSprop,
        {"alpha": 0.9, "eps": 1e-6, "weight_decay": 0.1, "momentum": 0.5, "centered": True},
    ),
    "Adam": (nn.Adam, torch.optim.Adam, {}),
    "Adam all": (
        nn.Adam, torch.optim.Adam,
        {"lr": 0.02, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1},
    ),
    "AdamW": (nn.AdamW, torch.optim.AdamW, {"lr": 0.01}),
    "AdamW all": (
        nn.AdamW, torch.optim.AdamW,
        {"lr": 0.02, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.1},
    ),
}  # fmt: skip
SCHEDULES = {
    "StepLR": (
        lambda o: nn.StepLR(o, 3, gamma=0.5),
        lambda o: torch.optim.lr_scheduler.StepLR(o, 3, gamma=0.5),
    ),
    "CosineAnnealingLR": (
        lambda o: nn.CosineAnnealingLR(o, 20, eta_min=0.001),
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 20, eta_min=0.001),
    ),
}


def networks():
    ours = nn.MLP([M, 6, 4, M], [nn.PReLU, nn.Tanh], batchnorm=True, rng=0)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(M, 6), torch.nn.PReLU(), torch.nn.BatchNorm1d(6),
        torch.nn.Linear(6, 4), torch.nn.Tanh(), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, M),
    )  # fmt: skip
    same_parameters(ours, in_double(theirs))
    return ours, theirs


def twenty_steps(
    ours, theirs, our_optimizer, their_optimizer, between=lambda: None, after=lambda: None
):
    for _ in range(20):
        our_optimizer.zero_grad(), their_optimizer.zero_grad()
        a, b = (
            nn.cross_entropy(ours(x), labels),
            F.cross_entropy(theirs(torch.as_tensor(x)), torch.as_tensor(labels)),
        )
        a.backward(), b.backward()
        between()
        our_optimizer.step(), their_optimizer.step()
        after()
        close(a.data, b)
    for p, q in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        close(p, q)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_steps_of_an_optimizer(name):
    (ours, theirs), (kind, their_kind, options) = networks(), OPTIMIZERS[name]
    twenty_steps(
        ours, theirs, kind(ours.parameters(), **options), their_kind(theirs.parameters(), **options)
    )


@pytest.mark.parametrize("name", SCHEDULES)
def test_twenty_epochs_of_a_schedule(name):
    ours, theirs = networks()
    a, b = (
        nn.SGD(ours.parameters(), lr=0.1, momentum=0.9),
        torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.9),
    )
    our_schedule, their_schedule = SCHEDULES[name][0](a), SCHEDULES[name][1](b)

    def after():
        our_schedule.step(), their_schedule.step()
        assert abs(a.lr - b.param_groups[0]["lr"]) < 1e-12

    twenty_steps(ours, theirs, a, b, after=after)


@pytest.mark.parametrize(
    "clip, value",
    [("clip_grad_norm_", 0.01), ("clip_grad_norm_", 100.0), ("clip_grad_value_", 0.002)],
)
def test_clipping(clip, value):
    ours, theirs = networks()
    a, b = nn.SGD(ours.parameters(), lr=0.1), torch.optim.SGD(theirs.parameters(), lr=0.1)

    def between():
        p = getattr(nn, clip)(ours.parameters(), value)
        q = getattr(torch.nn.utils, clip)(theirs.parameters(), value)
        assert p is None or abs(p - q.item()) < 1e-12

    twenty_steps(ours, theirs, a, b, between=between)


@pytest.mark.parametrize("batchnorm", [True, False])
def test_weights_go_both_ways(batchnorm):
    theirs = torch.nn.Sequential(torch.nn.Linear(M, 6), torch.nn.ReLU(), torch.nn.Linear(6, 2))
    if batchnorm:
        theirs.insert(2, torch.nn.BatchNorm1d(6))
        theirs(torch.as_tensor(x, dtype=torch.float32))
    ours = nn.MLP([M, 6, 2], nn.ReLU, batchnorm=batchnorm)
    ours.load_state_dict(theirs.state_dict())
    np.testing.assert_allclose(
        ours.eval()(x).data,
        theirs.eval()(torch.as_tensor(x, dtype=torch.float32)).detach().numpy(),
        rtol=1e-4,
        atol=1e-6,
    )
    theirs.load_state_dict(
        {name: torch.as_tensor(value) for name, value in ours.state_dict().items()}
    )


def test_first_weights_have_pytorchs_distribution():
    torch.manual_seed(0)
    ours, theirs = nn.Linear(16, 5000, rng=0), torch.nn.Linear(16, 5000)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert abs(p.data.std() / q.detach().numpy().std() - 1) < 0.03
        assert p.data.max() < 0.25 and p.data.min() > -0.25


@pytest.mark.parametrize(
    "name", ["xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_"]
)
def test_initializations_have_pytorchs_spread(name):
    tensor, theirs = ag.Tensor(np.zeros((300, 200))), torch.zeros(300, 200)
    assert getattr(nn.init, name)(tensor, rng=0) is tensor
    getattr(torch.nn.init, name)(theirs)
    assert abs(tensor.data.std() / theirs.numpy().std() - 1) < 0.02
    assert abs(tensor.data.mean()) < 0.02 * tensor.data.std() * 10
    with pytest.raises(ValueError, match=r"weight of shape \(out, in\), got \(3,\)"):
        getattr(nn.init, name)(ag.Tensor(np.zeros(3)))
