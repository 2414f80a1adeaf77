"""What there is to be drawn: what a model is, what an observation does in it, and what the engine
has recorded.

`checks`: whether it can be drawn at all. `model`: a Network, its layers one after the other; `run`:
observations on their way through it; `paths`: the ways from a weight to the loss; `flows`, `fits`,
`features`: what single pictures show. `record`: what the engine recorded of a Tensor. `program`: a
network as a Program (see `autograd_lite.tracing`), for pages alone; `replay`: its masks.
"""
