"""The lecture's symbols."""

from viz.language.symbols import Notation, indices, normalized, thinned


def test_symbols_of_one_hidden_layer():
    n = Notation([3, 2, 1])
    assert (n.neuron(0, 3), n.neuron(1, 2), n.neuron(2, 1)) == ("x_{3}", "h_{2}", "o")
    assert (n.combination(1, 2), n.combination(2, 1), n.weight(1, 2, 3)) == (
        "s_{2}",
        "q",
        r"\omega^{(1)}_{23}",
    )


def test_symbols_of_several_hidden_layers():
    n = Notation([3, 12, 4, 2])
    assert (n.neuron(1, 12), n.neuron(2, 4), n.neuron(3, 2)) == ("h_{1,12}", "h_{24}", "o_{2}")
    assert n.combination(1, 2) == "s_{12}"
    assert (n.weight(2, 1, 12), n.weight(2, 1, 0)) == (r"\omega^{(2)}_{1,12}", r"\omega^{(2)}_{10}")


def test_symbols_of_a_chain():
    n = Notation([1, 1, 1, 1, 1, 1])
    assert (n.neuron(0, 1), n.neuron(4, 1), n.combination(5, 1)) == ("x", "h_{4}", "s_{5}")
    assert (n.weight(5, 1, 1), n.weight(1, 1, 0)) == (r"\omega_{15}", r"\omega_{01}")


def test_marks_on_symbols():
    assert normalized("h_{12}") == "h^{*}_{12}" and normalized("q") == "q^{*}"
    assert normalized(normalized("h_{1}")) == "h^{**}_{1}"
    assert normalized(thinned(normalized("s_{1}"))) == r"\tilde{s}^{**}_{1}"
    assert (
        thinned("h_{12}") == r"\tilde{h}_{12}"
        and thinned(normalized("h_{1}")) == r"\tilde{h}^{*}_{1}"
    )
    assert indices("j", 1) == "j1" and indices(1, 10) == "1,10"
