"""What the parts of a network are called, in pictures and in pages: neuron-1-2, weight-1-2-3.

Layers, neurons and sources count from 1; layer 0 is the features, the layer after the last the
loss, source 0 the bias.
"""


def number_name(kind, layer, j):
    """The name of a number that neuron j of a layer has: its sum, its mask, …"""
    return f"{kind}-{layer}-{j}"


def neuron_name(layer, j):
    """The name of neuron j of a layer."""
    return number_name("neuron", layer, j)


def weight_name(layer, to, source):
    """The name of the weight ω^(layer)_{to, source}."""
    return f"weight-{layer}-{to}-{source}"
