"""Steps that are replayed are the steps that would have been recorded, to the last bit."""

import copy
import threading
import warnings

import numpy as np
import pytest

import autograd_lite as ag
import nn
from nn.training import clipping
from nn.training import replay as replaying
from nn.training import step as stepping
from nn.training.known import LAYERS, LOSSES, OPTIMIZERS, PENALTIES

ACTIVATIONS = [
    *(nn.Identity, nn.Sigmoid, nn.Tanh, nn.ReLU, nn.LeakyReLU, nn.PReLU, nn.ELU, nn.Softplus),
    *(nn.NormalCDF, nn.Softmax, nn.LogSoftmax, lambda: nn.ELU(0.7, learnable=True)),
]
KINDS = [
    lambda p: nn.SGD(p, lr=0.1),
    lambda p: nn.SGD(p, lr=0.05, momentum=0.9, dampening=0.1, weight_decay=0.01),
    lambda p: nn.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    lambda p: nn.RMSprop(p, momentum=0.5, centered=True),
    lambda p: nn.Adam(p, lr=0.01, weight_decay=0.1),
    lambda p: nn.AdamW(p, lr=0.01),
]


def some_model(rng, dtype, x, out):
    """A random network of nn's layers."""
    layers, m = [], x.shape[1]
    if rng.random() < 0.2:
        layers.append(nn.Standardize(x))
    if rng.random() < 0.2:
        layers.append(nn.GaussianNoise(0.1, rng=int(rng.integers(99))))
    shared = np.random.default_rng(7)
    for _ in range(rng.integers(1, 4)):
        k = int(rng.integers(2, 6))
        layers.append(nn.Linear(m, k, bias=rng.random() < 0.8, rng=int(rng.integers(99))))
        activation = ACTIVATIONS[rng.integers(len(ACTIVATIONS))]()
        if rng.random() < 0.2:
            activation = nn.Mixed((activation, 1), (nn.Tanh(), k - 1))
        if rng.random() < 0.3:
            layers.append(nn.BatchNorm1d(k, momentum=[0.1, None][rng.integers(2)]))
        layers.append(activation)
        if rng.random() < 0.4:
            options = {"inverted": bool(rng.random() < 0.5), "rng": shared}
            per = ["batch", "observation"][rng.integers(2)]
            layers.append(nn.Dropout(keep=0.7, per=per, **options))
        m = k
    layers.append(nn.Linear(m, out, rng=int(rng.integers(99))))
    return layers, dtype


def some_problem(rng):
    """x, y, loss, and layers of a model."""
    dtype = [np.float64, np.float32][rng.integers(2)]
    n, k = int(rng.integers(5, 40)), int(rng.integers(2, 4))
    x = rng.normal(size=(n, int(rng.integers(1, 4))))
    if rng.random() < 0.2:
        x = np.asfortranarray(x)
    kind = rng.integers(6)
    layers, dtype = some_model(rng, dtype, x, k)
    if kind == 0:
        y, loss = rng.normal(size=(n, k)), nn.mse_loss
    elif kind == 1:
        y, loss = rng.integers(-3, 3, size=(n, k)), nn.l1_loss
    elif kind == 2:
        y, loss = rng.random((n, k)), nn.binary_cross_entropy
        layers.append(nn.Sigmoid())
    elif kind == 3:
        y, loss = rng.integers(2, size=(n, k)), nn.binary_cross_entropy_with_logits
    else:
        y, loss = rng.integers(k, size=n), [nn.cross_entropy, nn.nll_loss][kind - 4]
        y = np.eye(k)[y] if rng.random() < 0.3 else y.astype([int, float][rng.integers(2)])
        layers += [nn.LogSoftmax()] if loss is nn.nll_loss else []
    model = nn.Sequential(nn.Sequential(*layers[:2]), *layers[2:])
    return x, y, loss, model.astype(dtype)


def some_options(rng, model, optimizer, x, y):
    """Options of fit."""
    penalty = [
        *(None, None, nn.Ridge(model, 0.01), nn.Lasso(model, 0.01), nn.MaxNorm(model, 1.0)),
        [nn.Ridge(model, 0.1), nn.MaxNorm(model, 0.8, per="network")],
    ][rng.integers(6)]
    options = {"penalty": penalty, "shuffle": [True, "batches", False][rng.integers(3)]}
    options["batch_size"] = [None, 4, 7][rng.integers(3)]
    options["gradient_noise"] = [0, 0, 0.1][rng.integers(3)]
    options["max_norm"] = [None, None, 0.5][rng.integers(3)]
    options["validation"] = [None, 0.2, (x, y)][rng.integers(3)]
    options["patience"] = [None, None, 3][rng.integers(3)]
    options["sample_weight"] = None if rng.random() < 0.8 else rng.integers(1, 4, len(x))
    schedules = [None, nn.StepLR(optimizer, 2, 0.5), nn.CosineAnnealingLR(optimizer, 9)]
    options["schedule"] = schedules[rng.integers(3)]
    return options


def everything(model, optimizer):
    """All that training may change."""
    modules = model.modules()
    generators = [vars(m)["rng"].bit_generator.state for m in modules if "rng" in vars(m)]
    return {
        "weights": model.state_dict(),
        "gradients": [p.grad for p in optimizer.parameters],
        "remembered": optimizer.state,
        "options": {k: v for k, v in vars(optimizer).items() if k not in ("parameters", "state")},
        "generators": generators,
        "masks": [m.mask for m in modules if isinstance(m, nn.Dropout)],
        "training": [m.training for m in modules],
    }


def assert_same(a, b, where=""):
    assert type(a) is type(b), (where, a, b)
    if isinstance(a, dict):
        assert list(a) == list(b), where
        for key in a:
            assert_same(a[key], b[key], f"{where}.{key}")
    elif isinstance(a, list | tuple):
        assert len(a) == len(b), where
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            assert_same(one, other, f"{where}[{i}]")
    elif isinstance(a, np.ndarray | np.generic):
        assert a.dtype == b.dtype and a.shape == b.shape, where
        assert a.tobytes() == b.tobytes(), where
    else:
        assert a == b or (a != a and b != b), (where, a, b)


def fitted(seed, replay, epochs=4):
    """A random fit: what came of it, and its History."""
    rng = np.random.default_rng(seed)
    x, y, loss, model = some_problem(rng)
    optimizer = KINDS[rng.integers(len(KINDS))](model.parameters())
    options = some_options(rng, model, optimizer, x, y)
    said = history = None
    try:
        options |= {"progress": False, "replay": replay, "rng": seed, "epochs": epochs}
        history = nn.fit(model, x, y, loss, optimizer, **options)
    except (ValueError, FloatingPointError) as error:
        said, history = str(error), getattr(error, "history", None)
    told = None if history is None else [*history, history.stopped, history.best_epoch]
    return everything(model, optimizer) | {"error": said, "history": told}, history


@pytest.fixture(autouse=True)
def sooner(monkeypatch):
    """Programs are written at the second step, so that short fits have replayed steps."""
    monkeypatch.setattr(replaying, "AFTER", 2)


def test_random_fits_are_the_same_with_and_without_replay():
    replayed = failed = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in range(250):
            one, history = fitted(seed, True)
            other, recorded = fitted(seed, False)
            assert_same(one, other, f"seed {seed}")
            failed += one["error"] is not None
            replayed += bool(history and history.replayed)
            assert not recorded or recorded.replayed == 0
    assert replayed > 220 and failed < 20


# One's own loop, in which anything may happen between two steps.


def network():
    layers = [nn.Linear(3, 5, rng=0), nn.LeakyReLU(0.1), nn.BatchNorm1d(5)]
    layers += [
        nn.Dropout(keep=0.7, rng=1),
        nn.Linear(5, 4, rng=2),
        nn.Tanh(),
        nn.Linear(4, 2, rng=3),
    ]
    return nn.Sequential(*layers)


def loop(attack, replay, steps=12, model=network, kind=lambda p: nn.Adam(p, lr=0.01), loss=None):
    """Steps, before each of which `attack(step, i)` does something. What came of it."""
    rng = np.random.default_rng(0)
    net = model()
    step = nn.Step(net, loss or nn.mse_loss, kind(net.parameters()), nn.Ridge(net, 0.01), 5.0)
    step.replay = step.replay if replay else None
    told = []
    for i in range(steps):
        attack(step, i)
        p = net.parameters()[0]
        x, y = rng.normal(size=(6, 3)).astype(p.dtype), rng.normal(size=(6, 2)).astype(p.dtype)
        try:
            told.append(step(x, y))
        except (ValueError, TypeError, RuntimeError, FloatingPointError) as error:
            told.append(str(error))
    return everything(net, step.optimizer) | {"told": told}, step


def at(i):
    """An attack before step i alone."""

    def decorate(attack):
        def before(step, now):
            if now == i:
                attack(step)

        before.__name__ = attack.__name__
        ATTACKS.append(before)
        return before

    return decorate


ATTACKS = []


@at(6)
def keep(step):
    step.model[3].keep = 0.4


@at(6)
def not_inverted(step):
    step.model[3].inverted = False


@at(6)
def eps(step):
    step.model[2].eps = 0.5


@at(6)
def momentum(step):
    step.model[2].momentum = None


@at(6)
def slope(step):
    step.model[1].negative_slope = -0.5


@at(6)
def rate(step):
    step.optimizer.lr = 0.5


@at(6)
def betas(step):
    step.optimizer.betas = (0.5, np.float64(0.9))


@at(6)
def rate_that_is_an_array(step):
    step.optimizer.lr = np.array([0.1])


@at(6)
def rate_of_its_own_for_each_weight(step):
    step.optimizer.lr = np.array([0.1, 0.2, 0.3])


@at(6)
def strength(step):
    step.penalties[0].strength = 0.5


@at(6)
def bound(step):
    step.max_norm = 0.01


@at(6)
def prediction(step):
    step.model.eval()


@at(6)
def new_weights(step):
    step.model[0].weight.data = np.ones((5, 3))


@at(6)
def weights_in_place(step):
    step.model[0].weight.data[0] = 7.0


@at(6)
def weights_in_another_layout(step):
    step.model[0].weight.data = np.asfortranarray(step.model[0].weight.data)


@at(6)
def state_dict(step):
    step.model.load_state_dict(network().state_dict())


@at(6)
def running_mean(step):
    step.model[2].running_mean.data = np.full(5, 3.0)


@at(6)
def dtype(step):
    step.model.astype(np.float32)


@at(6)
def two_dtypes(step):
    step.model[0].weight.data = step.model[0].weight.data.astype(np.float32)


@at(6)
def frozen(step):
    step.model[0].weight.requires_grad = False


@at(6)
def more_layers(step):
    step.model.layers.append(nn.Sigmoid())


@at(6)
def another_layer(step):
    step.model.layers[5] = nn.ReLU()


@at(6)
def a_layer_used_twice(step):
    step.model.layers.append(step.model.layers[5])


@at(6)
def shared_weight(step):
    step.model.layers.append(nn.Linear(2, 2, rng=5))
    step.model[-1].bias = step.model[6].bias


@at(6)
def another_activation_within(step):
    step.model[5].forward = lambda s: ag.relu(s)


@at(6)
def another_generator(step):
    step.model[3].rng = np.random.default_rng(8)


@at(6)
def a_generator_that_was_used(step):
    step.model[3].rng.random(3)


@at(6)
def remembered(step):
    step.optimizer.state[0]["m"] = np.zeros((5, 3))


@at(6)
def remembered_in_place(step):
    for value in step.optimizer.state[0].values():
        value *= 0


@at(6)
def forgotten(step):
    step.optimizer.state[0].clear()


@at(6)
def another_step_number(step):
    step.optimizer.state[2]["t"] = 1


@at(6)
def new_state(step):
    step.optimizer.state = [{} for _ in step.optimizer.parameters]


@at(6)
def fewer_parameters(step):
    step.optimizer.parameters.pop()
    step.optimizer.state.pop()


@at(6)
def a_change_of_ones_own(step):
    step.optimizer.change = normalized


def normalized(w, g, state):
    return 0.1 * g / np.linalg.norm(g)


@at(6)
def another_loss(step):
    step.loss = nn.l1_loss


@at(6)
def infinite(step):
    step.model[6].bias.data[0] = np.inf


@at(6)
def diverging(step):
    step.model[6].weight.data *= 1e200


@at(6)
def huge_gradient(step):
    step.model[0].weight.data *= 1e308


@at(6)
def too_small(step):
    step.model.layers[0] = nn.Linear(2, 5, rng=1)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("kind", [nn.Adam, lambda p: nn.SGD(p, lr=0.1)])
def test_what_is_changed_between_two_steps_is_seen(attack, kind):
    found, step = loop(attack, True, kind=kind)
    expected, _ = loop(attack, False, kind=kind)
    assert step.replayed >= 4
    assert_same(found, expected)


def test_an_attack_that_nobody_looks_for_would_be_seen(monkeypatch):
    """The comparison above can fail."""
    from nn.training.known import Watch

    monkeypatch.setattr(Watch, "same", lambda self: True)
    failed = 0
    for attack in ATTACKS:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert_same(loop(attack, True)[0], loop(attack, False)[0])
        except AssertionError:
            failed += 1
    assert failed > 8


def nothing(step, i):
    pass


class Counting(nn.Module):
    def __init__(self):
        self.count = 0

    def forward(self, x):
        self.count += 1
        return x * self.count


class CountingTanh(nn.Tanh):
    count = 0

    def forward(self, x):
        CountingTanh.count += 1
        return np.tanh(x) * (CountingTanh.count % 3)


class Slower(nn.SGD):
    count = 0

    def change(self, w, g, state):
        self.count += 1
        return self.lr * g / self.count


def counting_loss(prediction, target):
    counting_loss.count += 1
    return nn.mse_loss(prediction, target) * counting_loss.count


@pytest.mark.parametrize("what", ["layer", "subclass", "optimizer", "loss"])
def test_what_is_not_of_nn_is_recorded(what):
    options = {}
    if what in ("layer", "subclass"):
        layer = {"layer": Counting, "subclass": CountingTanh}[what]
        options["model"] = lambda: nn.Sequential(nn.Linear(3, 2, rng=0), layer())
    if what == "optimizer":
        options["kind"] = lambda p: Slower(p, lr=0.1)
    if what == "loss":
        options["loss"] = counting_loss
    results = []
    for replay in (True, False):
        counting_loss.count = CountingTanh.count = 0
        found, step = loop(nothing, replay, **options)
        assert step.replayed == 0 and (step.replay is None)
        results.append(found)
    assert_same(*results)


@pytest.mark.parametrize(
    "patched",
    [
        (nn.Tanh, "forward", lambda self, s: ag.relu(s)),
        (nn.Module, "__call__", lambda self, x: self.forward(x) * 1.5),
        (nn.Sequential, "forward", lambda self, x: self[0](x)[:, :2]),
        (nn.Dropout, "draw", lambda self, shape: np.arange(np.prod(shape)).reshape(shape) > 1),
        (nn.Dropout, "thin", lambda self, h: h * 0.5),
        (nn.BatchNorm1d, "track", lambda self, mean, variance, n: None),
        (nn.Adam, "change", lambda self, w, g, state: 0.1 * np.sign(g)),
        (nn.Tanh, "__call__", lambda self, s: self.forward(s) ** 2),
        (nn.Adam, "step", lambda self: None),
        (nn.Optimizer, "step", lambda self: nn.SGD(self.parameters, lr=0.1).step()),
        (nn.Ridge, "__call__", lambda self: sum(np.sum(abs(w)) for w in self.weights)),
    ],
    ids=lambda p: f"{p[0].__name__}.{p[1]}",
)
@pytest.mark.parametrize("when", [0, 6])
def test_a_method_that_is_replaced_in_nns_own_class(patched, when):
    kind, name, function = patched
    results = []
    for replay in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            attack = lambda step, i: patch.setattr(kind, name, function) if i == when else None
            results.append(loop(attack, replay)[0])
    assert_same(*results)


def test_a_derivative_that_is_declared_anew():
    results, rule = [], ag.derivatives.RULES[np.tanh]
    for replay in (True, False):

        def attack(step, i):
            if i == 6:
                ag.derivative(np.tanh, lambda g, y, x: 2 * g)

        results.append(loop(attack, replay)[0])
        ag.derivatives.RULES[np.tanh] = rule
    assert_same(*results)


def test_within_no_grad_and_detect_anomaly_it_is_what_it_would_be():
    for context in (ag.no_grad, ag.detect_anomaly):
        results = []
        for replay in (True, False):
            _, step = loop(nothing, replay)
            x, y = np.ones((6, 3)), np.ones((6, 2))
            try:
                with context():
                    said = step(x, y)
            except RuntimeError as error:
                said = str(error)
            later = step(x, y)
            results.append(everything(step.model, step.optimizer) | {"said": [said, later]})
        assert_same(*results)


def test_somebody_holds_the_arrays():
    """Weights are changed in place, gradients and masks are new ones at each step."""
    found = []
    for replay in (True, False):
        held = []

        def attack(step, i, held=held):
            if i > 4:
                held += [p.grad for p in step.optimizer.parameters]
                held += [step.model[3].mask]
            if i == 2:
                held += [p.data for p in step.optimizer.parameters]
                held += [v for state in step.optimizer.state for v in state.values()]

        found.append([*loop(attack, replay)[0].values(), held])
    assert_same(*found)


def test_a_record_made_before_a_step_is_no_longer_true_after_it():
    for replay in (True, False):
        _, step = loop(nothing, replay)
        x, y = np.ones((6, 3)), np.ones((6, 2))
        loss = nn.mse_loss(step.model(x), y)
        step(x, y)
        with pytest.raises(RuntimeError, match="assigned new data"):
            loss.backward()


def test_a_penalty_of_another_models_weights_is_recorded():
    other, results = nn.Linear(2, 2, rng=0), []
    for replay in (True, False):
        nn.unvec(other, np.arange(6.0))
        model = nn.Linear(3, 2, rng=0)
        step = nn.Step(model, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1), nn.Ridge(other, 1.0))
        step.replay = step.replay if replay else None
        losses = []
        for i in range(6):
            nn.unvec(other, np.arange(6.0) + i)
            losses.append(step(np.ones((4, 3)), np.ones((4, 2))))
        assert step.replayed == 0
        results.append([losses, everything(model, step.optimizer)])
    assert_same(*results)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_may_lie_column_by_column(kind):
    """As they do after unvec."""
    found, rng = [], np.random.default_rng(0)
    x, y = rng.normal(size=(50, 40)), rng.normal(size=(50, 30))
    for replay in (True, False):
        model = nn.Sequential(nn.Linear(40, 50, rng=0), nn.Tanh(), nn.Linear(50, 30, rng=1))
        nn.unvec(model, nn.vec(model))
        assert not model[0].weight.data.flags.c_contiguous
        optimizer = kind(model.parameters())
        options = {"max_norm": 0.5, "gradient_noise": 0.1, "progress": False, "batch_size": 20}
        options |= {"penalty": nn.MaxNorm(model, 1.0), "rng": 0, "replay": replay}
        history = nn.fit(model, x, y, nn.mse_loss, optimizer, 6, **options)
        assert bool(history.replayed) is replay
        found.append([everything(model, optimizer), list(history)])
    assert_same(*found)


# Every layer, and where they may stand.

WITHOUT_REPLAY = {
    "Module": "the base class: it computes nothing",
    "Activation": "the base class: it computes nothing",
}
MODULES = {
    name: kind
    for name, kind in vars(nn).items()
    if isinstance(kind, type) and issubclass(kind, nn.Module)
}
EXAMPLES = {
    "Linear": lambda: nn.Linear(4, 4, rng=3),
    "Sequential": lambda: nn.Sequential(nn.Linear(4, 4, rng=3), nn.Tanh()),
    "MLP": lambda: nn.MLP([4, 3, 4], keep=0.6, batchnorm=True, rng=3),
    "BatchNorm1d": lambda: nn.BatchNorm1d(4),
    "Dropout": lambda: nn.Dropout(keep=0.6, rng=3),
    "GaussianNoise": lambda: nn.GaussianNoise(0.1, rng=3),
    "Standardize": lambda: nn.Standardize(np.random.default_rng(1).normal(size=(9, 4))),
    "Mixed": lambda: nn.Mixed((nn.ELU(learnable=True), 1), (nn.Softmax(), 2), (nn.PReLU(), 1)),
}


def test_every_layer_is_in_the_closed_world_or_has_a_reason():
    assert {MODULES[name] for name in MODULES.keys() - WITHOUT_REPLAY.keys()} == LAYERS
    assert {f for n, f in vars(nn).items() if n.endswith(("loss", "entropy", "logits"))} == LOSSES
    for base, known in ((nn.Optimizer, OPTIMIZERS), (nn.Penalty, PENALTIES)):
        found = {k for k in vars(nn).values() if isinstance(k, type) and issubclass(k, base)}
        assert found - {base} == known


@pytest.mark.parametrize("name", sorted(MODULES.keys() - WITHOUT_REPLAY.keys()))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_layer_is_replayed(name, dtype):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(11, 4)), rng.normal(size=(11, 4))
    found = []
    for replay in (True, False):
        layer = EXAMPLES.get(name, MODULES[name])()
        model = nn.Sequential(nn.Linear(4, 4, rng=0), layer, nn.Linear(4, 4, rng=1)).astype(dtype)
        adam = nn.Adam(model.parameters(), lr=0.05)
        options = {"epochs": 7, "batch_size": 4, "rng": 0, "progress": False, "replay": replay}
        history = nn.fit(model, x, y, nn.mse_loss, adam, **options)
        assert history.replayed == (19 if replay else 0)  # the first of each size is recorded
        found.append([everything(model, adam), list(history)])
    assert_same(*found)


# Fits.


def fit_of(model, optimizer, replay=True, **options):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=(20, 2))
    options = {"epochs": 5, "batch_size": 6, "rng": 0, "progress": False} | options
    return nn.fit(model, x, y, nn.mse_loss, optimizer, replay=replay, **options)


@pytest.mark.parametrize("change", [None, "keep", "momentum", "dtype"])
def test_a_fit_after_a_fit_goes_on_where_that_one_ended(change):
    found = []
    for replay in (True, False):
        model = network()
        sgd = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
        first = fit_of(model, sgd, replay)
        if change == "keep":
            model[3].keep = 0.9
        if change == "momentum":
            sgd.momentum = 0.1
        if change == "dtype":
            model.astype(np.float32)
        second = fit_of(model, sgd, replay)
        assert bool(first.replayed and second.replayed) is replay
        found.append([everything(model, sgd), list(first), list(second)])
    assert_same(*found)


class Meddling(nn.Schedule):
    """After each epoch it changes something, and looks at everything."""

    def __init__(self, optimizer, model):
        super().__init__(optimizer)
        self.model, self.seen = model, []

    def rate(self, t):
        return 0.1 / t

    def step(self):
        super().step()
        self.seen.append(copy.deepcopy(everything(self.model, self.optimizer)))
        self.model[3].keep = [0.5, 0.9][self.t % 2]
        self.model[0].weight.data[0] += 0.1
        self.optimizer.state[0]["v"] *= 0.5
        if self.t == 4:
            self.model[6].weight.requires_grad = False


def test_a_schedule_of_ones_own_may_look_at_everything_and_change_it():
    found = []
    for replay in (True, False):
        model = network()
        sgd = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
        schedule = Meddling(sgd, model)
        history = fit_of(model, sgd, replay, schedule=schedule, epochs=6)
        assert bool(history.replayed) is replay
        found.append([everything(model, sgd), list(history), schedule.seen])
    assert_same(*found)


def test_somebody_holds_the_weights_of_a_fit():
    for replay in (True, False):
        model = network()
        held = [p.data for p in model.parameters()]
        fit_of(model, nn.SGD(model.parameters(), lr=0.1), replay)
        assert all(a is p.data for a, p in zip(held, model.parameters(), strict=True))


def test_a_fit_of_few_steps_is_recorded(monkeypatch):
    monkeypatch.setattr(replaying, "AFTER", 10)
    model = network()
    sgd = nn.SGD(model.parameters(), lr=0.1)
    assert fit_of(model, sgd, epochs=2).replayed == 0
    assert fit_of(model, sgd, epochs=9, batch_size=None).replayed == 0
    assert fit_of(model, sgd, epochs=10, batch_size=None).replayed == 1
    assert fit_of(model, sgd, epochs=10, batch_size=10).replayed == 11


def test_ctrl_c_within_a_step_leaves_whole_steps_behind(monkeypatch):
    """A second Ctrl-C does interrupt a step. Then what is trained is as after the step before."""
    found, clipped = [], clipping.clipped
    for replay, module, last in ((True, stepping, 7), (False, clipping, 8)):
        calls = []

        def interrupted(gradients, max_norm, calls=calls, last=last):
            calls.append(1)
            if len(calls) == last:  # the first step is recorded in both
                raise KeyboardInterrupt
            return clipped(gradients, max_norm)

        monkeypatch.setattr(module, "clipped", interrupted)
        model = network()
        sgd = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
        history = fit_of(model, sgd, replay, max_norm=100.0, batch_size=10, epochs=9)
        monkeypatch.setattr(module, "clipped", clipped)
        assert history.stopped == "Ctrl-C" and history.replayed == 6 * replay
        found.append([[p.data for p in sgd.parameters], sgd.state, list(history)])
    assert_same(*found)


def test_another_thread_predicts_meanwhile():
    model, alone = network(), network()
    alone[3].rng = np.random.default_rng(1)
    x, seen, done = np.ones((4, 3)), [], threading.Event()

    def predict():
        fixed = nn.Sequential(*[layer for i, layer in enumerate(model) if i not in (2, 3)])
        while not done.is_set():
            seen.append(fixed(x).data)

    thread = threading.Thread(target=predict)
    thread.start()
    fit_of(model, nn.SGD(model.parameters(), lr=0.1), epochs=30)
    done.set()
    thread.join()
    fit_of(alone, nn.SGD(alone.parameters(), lr=0.1), False, epochs=30)
    assert_same(model.state_dict(), alone.state_dict())
    assert all(type(a) is np.ndarray and np.isfinite(a).all() for a in seen)


def test_the_model_itself_is_not_touched_by_writing():
    """Not even for a moment: nothing is assigned to it, and no number is drawn."""
    model = network()
    written = replaying.Replay.write
    seen = []

    def looking(self, batch):
        before = everything(model, sgd), [id(t._array) for t in self.tensors]
        result = written(self, batch)
        seen.append([before, (everything(model, sgd), [id(t._array) for t in self.tensors])])
        return result

    sgd = nn.SGD(model.parameters(), lr=0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replaying.Replay, "write", looking)
        fit_of(model, sgd)
    assert len(seen) == 2
    for before, after in seen:
        assert_same(before, after)


def test_a_program_that_cannot_be_written_is_not_tried_again(monkeypatch):
    tries = []

    def failing(self, batch):
        tries.append(batch)
        raise ValueError

    monkeypatch.setattr(replaying.Replay, "write", failing)
    model, other = network(), network()
    history = fit_of(model, nn.SGD(model.parameters(), lr=0.1))
    assert len(tries) == 1 and history.replayed == 0
    fit_of(other, nn.SGD(other.parameters(), lr=0.1), False)
    assert_same(model.state_dict(), other.state_dict())


# minimize.


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("loss", [nn.mse_loss, nn.cross_entropy, nn.binary_cross_entropy])
def test_minimize_takes_the_same_way(loss, weighted, monkeypatch):
    pytest.importorskip("scipy")
    rng, found = np.random.default_rng(0), []
    x, y = rng.normal(size=(30, 3)), rng.random((30, 2))
    w = rng.integers(1, 4, 30) if weighted else None
    target = y.argmax(axis=1) if loss is nn.cross_entropy else y
    for after in (2, 10**9):
        monkeypatch.setattr(replaying, "AFTER", after)
        output = nn.Sigmoid if loss is nn.binary_cross_entropy else None
        model = nn.MLP([3, 4, 2], lambda: nn.ELU(learnable=True), output, batchnorm=True, rng=0)
        nn.fit(
            *(model, x, target, loss, nn.SGD(model.parameters(), lr=0.01), 1),
            progress=False,
            replay=False,
        )
        with ag.no_grad():
            result = nn.minimize(
                *(model, x, target, loss),
                penalty=nn.Ridge(model, 0.01),
                sample_weight=w,
                options={"maxiter": 40},
            )
        found.append([result.x, result.fun, result.nfev, result.gradient_norm, model.state_dict()])
    assert found[0][2] > 20
    assert_same(*found)


def test_minimize_is_replayed_in_training_too(monkeypatch):
    """Where batch normalization counts each evaluation."""
    pytest.importorskip("scipy")
    found, runs = [], []
    call = replaying.Replay.__call__

    def counted(self, sample, rows):
        result = call(self, sample, rows)
        runs.append(result is not None)
        return result

    monkeypatch.setattr(replaying.Replay, "__call__", counted)
    for after in (2, 10**9):
        monkeypatch.setattr(replaying, "AFTER", after)
        model = nn.MLP([3, 4, 2], batchnorm=True, rng=0)
        x = np.random.default_rng(0).normal(size=(30, 3))
        result = nn.minimize(model, x, x[:, :2] ** 2, nn.mse_loss, options={"maxiter": 10})
        found.append([result.x, model.state_dict()])
    assert_same(*found)
    assert sum(runs) > 8


def test_in_ones_own_loop_a_large_model_is_recorded():
    for neurons, replayed in ((100, True), (400, False)):
        model = nn.MLP([400, neurons, 1], rng=0)
        step = nn.Step(model, nn.mse_loss, nn.SGD(model.parameters(), lr=0.1))
        for _ in range(4):
            step(np.ones((3, 400)), np.ones((3, 1)))
        assert bool(step.replayed) is replayed


# What counts, from the first step on.


def counting(function):
    """A forward pass that is another one at each call."""
    calls = []

    def forward(*arguments):
        calls.append(1)
        return function(*arguments) * (1 + len(calls) % 3)

    return forward


@pytest.mark.parametrize("where", ["class", "object"])
def test_a_forward_pass_that_counts_is_recorded(where, monkeypatch):
    found = []
    for replay in (True, False):
        if where == "class":
            monkeypatch.setattr(nn.Tanh, "forward", counting(lambda self, s: np.tanh(s)))
            patched = nothing
        else:
            forward = counting(np.tanh)
            patched = lambda step, i, f=forward: vars(step.model[5]).update(forward=f)
        results, step = loop(patched, replay)
        assert step.replayed == 0
        found.append(results)
    assert_same(*found)


def with_constants():
    """A frozen layer, and the mean of a Standardize."""
    sample = np.random.default_rng(3).normal(size=(9, 3))
    layers = [nn.Standardize(sample), nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1)]
    layers[1].weight.requires_grad = False
    return nn.Sequential(*layers, nn.ELU(0.3, learnable=True))


@pytest.mark.parametrize("what", ["mean", "in place", "frozen", "frozen in place", "scalar"])
def test_what_is_not_trained_may_be_changed_too(what):
    def attack(step, i):
        if i == 6:
            mean, weight = step.model[0].mean, step.model[1].weight
            if what == "mean":
                mean.data = mean.data + 1
            if what == "in place":
                mean.data[...] += 1
            if what == "frozen":
                weight.data = weight.data * 2
            if what == "frozen in place":
                weight.data[...] *= 2
            if what == "scalar":
                step.model[4].alpha.data = 0.5

    found = []
    for replay in (True, False):
        results, step = loop(attack, replay, model=with_constants)
        assert bool(step.replayed) is replay
        found.append(results)
    assert_same(*found)


def test_a_sample_that_lies_neither_by_rows_nor_by_columns_is_recorded():
    model, x = nn.Linear(3, 2, rng=0), np.random.default_rng(0).normal(size=(20, 6))[:, ::2]
    sgd = nn.SGD(model.parameters(), lr=0.1)
    history = nn.fit(model, x, x[:, :2], nn.mse_loss, sgd, 9, progress=False)
    assert history.replayed == 0


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
def test_other_precisions_are_recorded(dtype):
    model = network().astype(dtype)
    assert fit_of(model, nn.SGD(model.parameters(), lr=0.1)).replayed == 0
    model = network()
    model.layers.insert(0, nn.Standardize(np.ones((4, 3))).astype(dtype))  # one in between
    history = fit_of(model, nn.SGD(model.parameters(), lr=0.1))
    assert dtype is np.longdouble or history.replayed == 0


@pytest.mark.parametrize("layer", ["slope", "mean"])
@pytest.mark.parametrize("targets", [np.int64, np.float64])
def test_a_prediction_in_another_dtype_gets_its_targets_as_it_would(layer, targets):
    """In single precision these targets would be others."""
    found, rng = [], np.random.default_rng(0)
    x, y = rng.normal(size=(6, 3)).astype(np.float32), (2**25 + 1 + np.arange(12)).reshape(6, 2)
    for replay in (True, False):
        layers = [nn.Linear(3, 2, rng=0, dtype=np.float32)]
        if layer == "slope":
            layers += [nn.LeakyReLU(np.float64(0.1))]
        else:
            layers += [nn.Standardize(np.random.default_rng(1).normal(size=(5, 2)))]
        model = nn.Sequential(*layers)
        step = nn.Step(model, nn.mse_loss, nn.SGD(model.parameters(), lr=1e-9))
        step.replay = step.replay if replay else None
        losses = [step(x, y.astype(targets)) for _ in range(6)]
        assert step.replayed == 0
        found.append([losses, everything(model, step.optimizer)])
    assert_same(*found)
