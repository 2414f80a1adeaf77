"""The lecture's symbols as LaTeX: which letter, which indices, in which network. Lecture, section
1.
"""


class Notation:
    """The symbols of a network of `sizes` neurons by layer, the features first and the outputs
    last.

    Layers, neurons and features count from 1. One hidden layer: h_j, s_j; several: h_kj, s_kj; one
    neuron in each of several hidden layers: h_j, s_j, and the weights ω_1j, ω_0j (section 6). One
    output is o, of the combination q.
    """

    def __init__(self, sizes):
        self.sizes = tuple(sizes)
        self.layers = len(sizes) - 1
        self.chain = self.layers > 2 and set(sizes) == {1}

    def feature(self, i):
        return "x" if self.chain else f"x_{{{i}}}"

    def neuron(self, layer, j):
        """The value of neuron j after its activation, whatever its layer: a feature, h or o."""
        if layer == 0:
            return self.feature(j)
        if layer == self.layers:
            return self._output("o", j)
        return f"h_{{{self._hidden(layer, j)}}}"

    def combination(self, layer, j):
        """The linear combination that enters neuron j: s, and q before the output."""
        if layer < self.layers:
            return f"s_{{{self._hidden(layer, j)}}}"
        if self.chain:
            # The section on vanishing gradients counts the output among the s.
            return f"s_{{{layer}}}"
        return self._output("q", j)

    def weight(self, layer, j, i):
        """The weight into neuron j from neuron i of the layer before; i = 0 is the bias."""
        if self.chain:
            return rf"\omega_{{{indices(i, layer)}}}"
        return rf"\omega^{{({layer})}}_{{{indices(j, i)}}}"

    def _hidden(self, layer, j):
        if self.chain:
            return str(layer)
        return str(j) if self.layers == 2 else indices(layer, j)

    def _output(self, letter, j):
        return letter if self.sizes[-1] == 1 else f"{letter}_{{{j}}}"


def normalized(symbol):
    """The symbol after batch normalization: h*, and after another h**."""
    letter, _, index = symbol.partition("_")
    letter, _, power = letter.partition("^")
    letter += f"^{{{'*' * (power.count('*') + 1)}}}"
    return f"{letter}_{index}" if index else letter


def thinned(symbol):
    """The symbol after dropout, which has scaled it or made it zero: h with a tilde."""
    letter, _, index = symbol.partition("_")
    letter, star, power = letter.partition("^")
    return rf"\tilde{{{letter}}}{star}{power}" + (f"_{index}" if index else "")


def indices(*numbers):
    """Indices side by side, with commas where one of them has two digits or is a word."""
    separator = "" if all(len(str(n)) == 1 for n in numbers) else ","
    return separator.join(map(str, numbers))


def derivative(of, by):
    r"""∂of/∂by as a built-up fraction."""
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"
