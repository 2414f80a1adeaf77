"""Models that were made elsewhere, brought here: from PyTorch and scikit-learn. Neither library is
imported unless one of its models is given.
"""
