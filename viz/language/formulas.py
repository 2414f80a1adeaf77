"""What activations and losses compute, as LaTeX."""

import nn

# a(s), as a format of s.
ACTIVATIONS = {
    nn.Sigmoid: r"\frac{{1}}{{1+e^{{-({s})}}}}",
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

# l as a format of one output o and of y.
LOSSES = {
    nn.mse_loss: "({o} - {y})^{{2}}",
    nn.l1_loss: "|{o} - {y}|",
    nn.binary_cross_entropy: r"{{-}}{y}\,\ln {o} - (1 - {y})\,\ln(1 - {o})",
    nn.binary_cross_entropy_with_logits: r"\ln(1 + e^{{{o}}}) - {y} \cdot {o}",
}
