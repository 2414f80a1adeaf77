"""What cannot be written down as a Program can still be shown with the numbers that it has."""

import numpy as np

from autograd_lite.tracing import Program


class Still(Program):
    """A Program of constants: what is given is the number itself, and all is computed from it at
    once. It has the same names, and nothing in it can be changed.
    """

    def symbol(self, name, example):
        """The number, under this name."""
        number = np.asarray(example)[()]
        self.name(name, number)
        return number
