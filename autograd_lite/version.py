"""The version of autograd_lite, nn and viz, which are one distribution. A test holds
pyproject.toml, CITATION.cff and CHANGELOG.md to it.
"""

__version__ = "0.1.0"
