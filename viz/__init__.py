"""Pictures of backpropagation: the recorded operations as a graph, networks as the lecture draws
them.

    >>> model = nn.MLP([2, 1], output=nn.Sigmoid)
    >>> nn.unvec(model, [1.0, -1.0, 0.0])  # o = σ(x₁ − x₂)
    >>> rule = viz.chain_rule(model, [2.0, 2.0], 1.0, nn.mse_loss, weight=(1, 1, 2))
    >>> rule.value  # ∂l/∂o · ∂o/∂s · ∂s/∂ω = 2 (o − y) · o (1 − o) · x₂, with o = 0.5
    -0.5

Six rooms, each of which imports only those before it:

- `canvas`: shapes, and a writer for each format; knows nothing of networks
- `language`: how symbols, numbers and words are written
- `reading`: what a model, its run and the record hold that can be drawn
- `pictures`: a file for each public picture
- `lesson`: backpropagation step by step, the live page that plays it, worksheets and exercises
- `lecture`: the lecture's slides and its worked example
"""

from autograd_lite import namesakes
from autograd_lite.version import __version__ as __version__

namesakes.demand("nn")  # before an import below fails for want of it

from viz.lesson.exercises.exercise import exercise
from viz.lesson.exercises.moodle import moodle
from viz.lesson.sheets.worksheet import worksheet
from viz.lesson.stepper import stepper
from viz.pictures.chain_rule import chain_rule
from viz.pictures.fitted import fitted
from viz.pictures.gradient_flow import gradient_flow
from viz.pictures.graph import graph
from viz.pictures.network import network

__all__ = [
    "chain_rule",
    "exercise",
    "fitted",
    "gradient_flow",
    "graph",
    "moodle",
    "network",
    "stepper",
    "worksheet",
]
