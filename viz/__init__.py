"""Pictures of backpropagation: the recorded operations as a graph, networks as the lecture draws
them.
"""

from viz.chain_rule import chain_rule
from viz.gradient_flow import gradient_flow
from viz.network import network
from viz.op_graph import graph
from viz.stepper import stepper

__all__ = ["chain_rule", "gradient_flow", "graph", "network", "stepper"]
