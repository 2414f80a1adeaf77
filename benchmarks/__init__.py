"""Ours beside hand-written NumPy and other libraries: `python -m benchmarks`."""
