"""What several of these tests draw, and what they look up in it."""

import importlib.util
import shutil

import numpy as np
import pytest

import autograd_lite as ag
import nn
from viz.canvas.shapes import SOLID, Arrow, Circle, Formula, Group, Line
from viz.language.names import weight_name
from viz.language.numbers import value_of
from viz.pictures.fitted import AREA

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


def weights_drawn(picture):
    """The arrows of a network without a loss, but not those of the legend under it."""
    lowest = max(circle.bounds.bottom for circle in picture.all(Circle))
    return [arrow for arrow in picture.all(Arrow) if arrow.y2 < lowest]


def circles(picture):
    """{the formula in it: Circle} of every neuron that is drawn."""
    neurons = [group.shapes for group in picture.all(Group) if group.name.startswith("neuron")]
    assert all(isinstance(c, Circle) and isinstance(f, Formula) for c, f, *_ in neurons)
    return {symbol.says: circle for circle, symbol, *_ in neurons}


def in_area(x, y):
    """Whether a pixel is within the axes of viz.fitted."""
    return AREA.left - 1 <= x <= AREA.right + 1 and AREA.top - 1 <= y <= AREA.bottom + 1


def lines(picture, colour, dash=SOLID):
    """The points (x, y), as rows, of each line of a colour within the axes of viz.fitted."""
    found = [s.points for s in picture.all(Line) if (s.colour, s.dash) == (colour, dash)]
    return [np.array(points) for points in found if all(in_area(*at) for at in points)]


def scales(picture):
    """The functions from pixels to x and to y, read off the ticks that viz.fitted has written."""
    ticks = [s for s in picture.all(Formula) if s.size == 14]
    below = [(s.x, value_of(s.says)) for s in ticks if s.y > AREA.bottom + 10]
    beside = [(s.y, value_of(s.says)) for s in ticks if s.y <= AREA.bottom + 10]
    return [_line_through(*axis[0], *axis[-1]) for axis in (below, beside)]


def _line_through(x1, y1, x2, y2):
    return lambda x: y1 + (y2 - y1) * ((x - x1) / (x2 - x1))
