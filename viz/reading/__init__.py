"""What there is to be drawn: what a model is, what an observation does in it, and what the engine
has recorded.
"""
