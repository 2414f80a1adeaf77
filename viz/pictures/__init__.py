"""The public pictures, a file each, and what they are put together from.

A new picture is a new file here: a function that takes a model or a Tensor, lets `viz.reading` read
it, and returns a Picture of shapes. Then it is named in `viz/__init__.py`.
"""
