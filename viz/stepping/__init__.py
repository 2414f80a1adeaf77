"""Backpropagation step by step: what is told (the trace), and where in the picture it is shown (the
scene).
"""
