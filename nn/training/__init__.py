"""How a network learns: optimizers and their learning rates, penalties, clipping, mini-batches,
`fit` that puts them together, and `minimize` that leaves it to SciPy.
"""
