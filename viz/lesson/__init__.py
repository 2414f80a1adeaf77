"""Backpropagation told step by step: what is told (the trace), where in the picture it is shown
(the scene), and the page that plays it.
"""
