"""Pictures of backpropagation: the recorded operations as a graph, networks as the lecture draws
them.
"""

from viz.lesson.stepper import stepper
from viz.pictures.chain_rule import chain_rule
from viz.pictures.gradient_flow import gradient_flow
from viz.pictures.graph import graph
from viz.pictures.network import network

__all__ = ["chain_rule", "gradient_flow", "graph", "network", "stepper"]
