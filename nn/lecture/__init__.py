"""What the lecture asks of a network and PyTorch has no name for: all parameters as one vector W,
and its gradient; the gradient of each observation; all thinned networks that dropout may draw; dead
neurons.
"""
