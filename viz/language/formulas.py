"""What activations and losses compute, as LaTeX."""

import nn

# a(s), as a format of s, and of `factor`: s as it stands behind a minus, a sum in brackets.
ACTIVATIONS = {
    nn.Sigmoid: r"\frac{{1}}{{1+e^{{-{factor}}}}}",
    nn.Tanh: r"\tanh({s})",
    nn.ReLU: r"\max(0, {s})",
    nn.LeakyReLU: r"\text{{LeakyReLU}}({s})",
    nn.PReLU: r"\text{{PReLU}}({s})",
    nn.ELU: r"\text{{ELU}}({s})",
    nn.Softplus: r"\ln(1+e^{{{s}}})",
    nn.NormalCDF: r"\Phi({s})",
    nn.Softmax: r"\text{{softmax}}_{{j}}({s})",
    nn.LogSoftmax: r"\ln \text{{softmax}}_{{j}}({s})",
    nn.Identity: "{s}",
    nn.Mixed: "a_{{j}}({s})",
}

# l as a format of one output o, of y, and of what stands between two factors, `times`: nothing
# much between symbols, a dot between numbers.
LOSSES = {
    nn.mse_loss: "({o} - {y})^{{2}}",
    nn.l1_loss: "|{o} - {y}|",
    nn.binary_cross_entropy: r"{{-}}{y}{times}\ln {o} - (1 - {y}){times}\ln(1 - {o})",
    nn.binary_cross_entropy_with_logits: r"\ln(1 + e^{{{o}}}) - {y}{times}{o}",
}
SIDE_BY_SIDE, DOT = r"\,", r" \cdot "
