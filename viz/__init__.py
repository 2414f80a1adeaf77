"""Pictures of backpropagation: the recorded operations as a graph, networks as the lecture draws them."""

from viz.op_graph import graph

__all__ = ["graph"]
