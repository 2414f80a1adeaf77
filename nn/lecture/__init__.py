"""What the lecture asks of a network and PyTorch has no word for: W as one vector and its gradient,
the gradient of every observation, all thinned networks of a dropout, neurons that are dead.
"""
