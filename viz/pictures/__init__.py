"""The public pictures, a file each (`network`, `chain_rule`, `gradient_flow`, `fitted`, `graph`),
and what they are put together from.

A new picture is a new file here: a function that takes a model or a Tensor, lets `viz.reading` read
it, and returns a Picture of shapes, or what has one. Then it is named in `viz/__init__.py`, its
words stand in `viz/language/words.py`, and `tests/test_viz/test_every_picture.py` gets a check of
its numbers, which it runs on every awkward model.
"""
