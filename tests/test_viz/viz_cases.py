"""What several of these tests draw, and what they look up in it."""

import importlib.util
import shutil

import numpy as np
import pytest

import autograd_lite as ag
import nn
from viz.canvas.shapes import Circle, Formula, Group
from viz.language.names import weight_name

can_draw_graphs = bool(importlib.util.find_spec("pygraphviz") or shutil.which("dot"))
drawable = pytest.mark.skipif(
    not can_draw_graphs,
    reason="no Graphviz: pip install autograd-lite[dot]",
)
HOSTILE = '</script><img src=x onerror=alert(1)>"\u2028'


def small(seed=0, **options):
    return nn.MLP([3, 2, 1], nn.Sigmoid, output=nn.Sigmoid, rng=seed, **options)


def random_case(seed):
    """(model, x, y, loss): one observation in a network of 1 to 3 layers of 1 to 4 neurons."""
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 4, rng.integers(2, 5))]
    activation = [nn.Tanh, nn.Sigmoid, nn.ELU, nn.Softplus][rng.integers(4)]
    output = [None, nn.Sigmoid, nn.Softmax][rng.integers(3)]
    model = nn.MLP(sizes, activation, output=output, bias=bool(rng.integers(2)), rng=seed)
    return model, rng.normal(size=sizes[0]), rng.normal(size=sizes[-1]), nn.mse_loss


def backpropagated(model, x, y, loss):
    """{weight id: ∂l/∂ω}, from backward() on the model itself."""
    model.zero_grad()
    loss(model(ag.Tensor(np.atleast_2d(x))), np.atleast_2d(y)).backward()
    found = {}
    for k, linear in enumerate((layer for layer in model if isinstance(layer, nn.Linear)), start=1):
        for j, i in np.ndindex(*linear.weight.shape):
            found[weight_name(k, j + 1, i + 1)] = linear.weight.grad[j, i]
        for j in range(0 if linear.bias is None else len(linear.bias.grad)):
            found[weight_name(k, j + 1, 0)] = linear.bias.grad[j]
    return found


def circles(picture):
    """{the formula in it: Circle} of every neuron that is drawn."""
    neurons = [group.shapes for group in picture.all(Group) if group.name.startswith("neuron")]
    assert all(isinstance(c, Circle) and isinstance(f, Formula) for c, f, *_ in neurons)
    return {symbol.says: circle for circle, symbol, *_ in neurons}
