"""Models that a picture might misread: one table, which the test of every public picture walks."""

import numpy as np

import autograd_lite as ag
import nn


class Own(nn.Module):
    """A model whose forward is its own."""

    def __init__(self):
        self.first, self.last = nn.Linear(3, 2, rng=0), nn.Linear(2, 1, rng=1)

    def forward(self, x):
        return self.last(np.tanh(self.first(x)))


class Centred(nn.Activation):
    """An activation of somebody's own that mixes neurons."""

    def forward(self, s):
        return s - np.mean(s, axis=-1, keepdims=True)


class Cubed(nn.Activation):
    """An activation of somebody's own, neuron by neuron."""

    def forward(self, s):
        return s**3


class Doubled(nn.Linear):
    """A Linear with a forward of its own."""

    def forward(self, x):
        return 2 * super().forward(x)


class Called(nn.Sequential):
    """A Sequential that is called otherwise than it goes forward."""

    def __call__(self, x):
        return 2 * super().__call__(x)


def _patched():
    model = nn.MLP([3, 2, 1], rng=0)
    model[1].forward = lambda s: 2 * s
    return model


def _layers(*between, sizes=(3, 3, 1)):
    """Linear, what is between, Linear; in training, where it has passed a batch once."""
    model = nn.Sequential(
        nn.Linear(sizes[0], sizes[1], rng=0), *between, nn.Linear(sizes[1], sizes[2], rng=1)
    )
    model(np.random.default_rng(7).normal(1, 2, size=(6, sizes[0])))
    return model


def _shared():
    layer = nn.Linear(3, 3, rng=0)
    return nn.Sequential(layer, nn.Tanh(), layer, nn.Tanh(), nn.Linear(3, 1, rng=1))


def _tied():
    model = nn.MLP([3, 3, 3, 1], rng=0)
    model[2].weight = model[0].weight
    return model


def _one_dropout_twice():
    dropout = nn.Dropout(keep=0.5, rng=0)
    return _deep(dropout, dropout)


def _deep(first, second):
    return nn.Sequential(
        *(nn.Linear(3, 3, rng=0), nn.Tanh(), first),
        *(nn.Linear(3, 3, rng=1), nn.Tanh(), second),
        nn.Linear(3, 1, rng=2),
    )


def _changed(change, *arguments, **options):
    model = nn.MLP(*arguments, rng=0, **options)
    change(model)
    return model


def _freeze(model):
    model[0].weight.requires_grad = model[0].bias.requires_grad = False


def _fill(value, layer, what="weight"):
    def fill(model):
        tensor = getattr(model[layer], what)
        tensor.data = np.full(tensor.shape, value)

    return fill


def _entry(value, layer):
    def enter(model):
        weight = model[layer].weight.data.copy()
        weight[0, 0] = value
        model[layer].weight.data = weight

    return enter


def _orders():
    """Batch normalization, dropout and an activation in every order, in training and in
    prediction.
    """
    # The first two masks of this seed differ, so that a mask drawn anew is seen.
    norm, activation = lambda: nn.BatchNorm1d(3), nn.Sigmoid
    thin, thick = (lambda inverted: lambda: nn.Dropout(keep=0.5, rng=1, inverted=inverted)), True
    orders = {
        "norm, activation": (norm, activation),
        "activation, norm": (activation, norm),
        "dropout, activation": (thin(thick), activation),
        "activation, dropout": (activation, thin(thick)),
        "activation, dropout that is not inverted": (activation, thin(False)),
        "norm, activation, dropout": (norm, activation, thin(thick)),
        "activation, norm, dropout": (activation, norm, thin(thick)),
        "activation, dropout, norm": (activation, thin(thick), norm),
        "dropout, norm, activation": (thin(thick), norm, activation),
        "norm, dropout, activation": (norm, thin(thick), activation),
        "dropout, norm": (thin(thick), norm),
        "norm": (norm,),
        "dropout, dropout": (activation, thin(thick), thin(thick)),
        "norm, norm": (norm, norm, activation),
        "norm, dropout, norm": (norm, thin(thick), norm),
    }
    for name, makers in orders.items():
        yield f"{name}, in training", lambda m=makers: _layers(*(make() for make in m))
        yield f"{name}, in prediction", lambda m=makers: _layers(*(make() for make in m)).eval()


AWKWARD = {
    "a layer used twice": _shared,
    "tied weights": _tied,
    "one dropout in two places": _one_dropout_twice,
    "one dropout in two places, in prediction": lambda: _one_dropout_twice().eval(),
    "two dropouts": lambda: _deep(nn.Dropout(keep=0.5, rng=0), nn.Dropout(keep=0.5, rng=1)),
    "a mask for each observation": lambda: _layers(
        nn.Tanh(), nn.Dropout(keep=0.5, per="observation", rng=0)
    ),
    "dropout before the first layer": lambda: nn.Sequential(
        nn.Dropout(keep=0.5, rng=1), nn.Linear(3, 2, rng=0), nn.Tanh(), nn.Linear(2, 1, rng=1)
    ),
    "standardized features": lambda: nn.Sequential(
        nn.Standardize(np.random.default_rng(0).normal(3, 2, size=(9, 3))),
        *(nn.Linear(3, 2, rng=0), nn.Tanh(), nn.Linear(2, 1, rng=1)),
    ),
    "a frozen layer": lambda: _changed(_freeze, [3, 2, 1]),
    "weights of nan": lambda: _changed(_fill(np.nan, 2), [3, 2, 2, 1]),
    "one weight of nan": lambda: _changed(_entry(np.nan, 0), [3, 2, 1]),
    "an infinite weight": lambda: _changed(_entry(np.inf, 0), [3, 2, 1], nn.ReLU),
    "weights of 0": lambda: _changed(_fill(0.0, 2), [3, 2, 2, 1]),
    "weights so large that squares overflow": lambda: _changed(
        _fill(1e200, 2), [3, 2, 2, 1], nn.Identity
    ),
    "weights so small that squares underflow": lambda: _changed(
        _fill(1e-200, 2), [3, 2, 2, 1], nn.Identity
    ),
    "a dead layer": lambda: _changed(_fill(-100.0, 2, "bias"), [3, 2, 2, 1], nn.ReLU),
    "nested": lambda: nn.Sequential(
        nn.Sequential(nn.Linear(3, 2, rng=0), nn.Sequential(nn.Tanh())), nn.Linear(2, 1, rng=1)
    ),
    "a forward of its own": Own,
    "a Linear with a forward of its own": lambda: nn.Sequential(Doubled(3, 1, rng=0)),
    "a call of its own": lambda: Called(nn.Linear(3, 2, rng=0), nn.Linear(2, 1, rng=1)),
    "a layer that was given another forward": _patched,
    "one Linear": lambda: nn.Linear(3, 1, rng=0),
    "layers that do not fit": lambda: nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(3, 1)),
    "no activation": _layers,
    "no bias": lambda: nn.MLP([3, 2, 1], bias=False, rng=0),
    "several outputs": lambda: nn.MLP([3, 4, 2], output=nn.Softmax, rng=0),
    "softmax inside": lambda: nn.MLP([3, 3, 2], nn.Softmax, rng=0),
    "one neuron": lambda: nn.MLP([3, 1], output=nn.Sigmoid, rng=0),
    "a chain of neurons": lambda: nn.Sequential(
        *(nn.Linear(3, 1, rng=0), nn.Tanh(), nn.Linear(1, 1, rng=1), nn.Tanh()),
        nn.Linear(1, 1, rng=2),
    ),
    "an activation of one's own": lambda: _layers(Cubed()),
    "an activation that mixes neurons": lambda: _layers(Centred()),
    "mixed activations": lambda: _layers(nn.Mixed((nn.ReLU(), 1), (nn.Tanh(), 2))),
    "float32": lambda: nn.MLP([3, 2, 1], rng=0, dtype=np.float32),
    **dict(_orders()),
}
REFUSED = {  # in these words, by all that draws layers
    "a layer used twice": "shared",
    "tied weights": "shared",
    "one dropout in two places": "one Dropout is used twice",
    "a forward of its own": "forward is its own",
    "a Linear with a forward of its own": "with a forward of its own",
    "a call of its own": "given another __call__ or forward",
    "a layer that was given another forward": "given another __call__ or forward",
    "layers that do not fit": "followed by one that takes 3",
    "an activation that mixes neurons": "mixes neurons",
}
LOSSES = {  # by what is refused in them
    "shape": lambda o, t: nn.mse_loss(o, t, "none") * np.ones((1, 2)),
    "record is lost": lambda o, t: float(nn.mse_loss(o, t).item()),
    "such as nn.mse_loss": "mse_loss",
}


def engine(model, x, y, loss):
    """The loss; {layer: (the values in its circles, their gradients, ∂L/∂s, ∂L/∂ω)}; and, for each
    layer, which neurons of the first observation hand on 0 in place of their value. All by the
    engine on the model itself, in training with the masks that its Dropouts have.
    """
    found, handed, layer, h = {}, {}, 0, ag.Tensor(x, requires_grad=True)
    for module in _opened(model):
        if isinstance(module, nn.Linear):
            layer, weight = layer + 1, module.weight
            h = module(h)
            found[layer] = [h, h, weight]
            handed[layer] = h
            continue
        again = isinstance(module, nn.Dropout) and module.training and module.mask is not None
        h = module.thin(h) if again else module(h)
        if isinstance(module, nn.Activation):
            found[layer][0] = h
        handed[layer] = h
    value = loss(h, y)
    sizes = {}
    for k, (neuron, s, weight) in found.items():
        by = ag.gradients(value, [neuron, s])
        by_weight = ag.gradients(value, [weight])[0] if weight.requires_grad else 0 * weight.data
        sizes[k] = neuron.data, *by, by_weight
    off = {
        k: np.flatnonzero((handed[k].data[0] == 0) & (sizes[k][0][0] != 0)).tolist() for k in found
    }
    return value.item(), sizes, off


def _opened(model):
    if isinstance(model, nn.Sequential):
        return [inner for layer in model for inner in _opened(layer)]
    return [model]


def state_of(model):
    """All that a model holds, as text and bytes: numbers, gradients, masks, and what its random
    numbers go on with.
    """
    found = []
    for module in model.modules():
        found.append((type(module).__name__, module.training))
        for name, held in sorted(vars(module).items()):
            if isinstance(held, ag.Tensor):
                gradient = None if held.grad is None else held.grad.tobytes()
                found.append((name, held.data.tobytes(), gradient, held.requires_grad))
            elif isinstance(held, np.ndarray):
                found.append((name, held.tobytes()))
            elif isinstance(held, np.random.Generator):
                found.append((name, repr(held.bit_generator.state)))
    return found
