"""Every colour of the pictures, by what it says. A colour is "black", "white", #RRGGBB, or
"transparent": not seen, but there for the mouse, in a page.
"""

# Numbers.
GRADIENT = "#CC0000"  # the derivative of the loss by anything
LOCAL = "#00588A"  # the derivative of one node by the node before
ACTIVATION = "#4848D8"
FACTOR = "#B05A00"  # by which a gradient changes on its way back through a layer
NOT_YET = "#808080"  # a gradient that nobody has asked for

# Circles of features, hidden neurons, outputs and the loss.
FILLS = {"x": "#80FF80", "h": "#8080FF", "o": "#FF8080", "l": "#FFC080"}
OFF_FILL, OFF_INK = "#E4E4E4", "#9A9A9A"  # a neuron that dropout has switched off
# One colour for each neuron that arrows lead to; into a single output they are black.
NEURONS = ("#A0148C", "#00588A", "#B05A00", "#1E7D46", "#7A4FBF", "#8A6D00", "#C2185B", "#00838F")
NO_GRADIENT = "#A0A0A0"  # an arrow whose weight has none; the larger it is, the redder
POSITIVE, NEGATIVE = "#00588A", "#B05A00"  # an arrow by its weight's sign; of 0, it has neither
NO_SIGN = "#909090"

# Boxes with formulas; with derivatives.
GREY, PINK = "#F0F0F0", "#FDECEC"

# Charts.
AXIS, GRID = "#606060", "#E6E6E6"
CURVES = ("#0000C8", "#CC0000", "#1E7D46", "#B05A00")
CLASSES = ("#00588A", "#B05A00", "#1E7D46", "#A0148C", "#5C4A00")  # the marks of observations

# The nodes of a recorded computation, their rims and their arrows.
PARAMETER, INPUT, CONSTANT = "#FFF0C8", "#C8FFC8", "#F0F0F0"
OPERATION, OUTPUT = "#DCDCFF", "#FFDCB8"
RIM, ARROW = "#606060", "#404040"


def mix(colour, other, share):
    """The colour that has gone `share` of the way (0 to 1) from one to the other."""
    ends = [
        (0, 0, 0) if c == "black" else [int(c[i : i + 2], 16) for i in (1, 3, 5)]
        for c in (colour, other)
    ]
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in zip(*ends, strict=True))


def fade(colour):
    """The colour, most of the way to white."""
    return mix(colour, "#FFFFFF", 0.84)
