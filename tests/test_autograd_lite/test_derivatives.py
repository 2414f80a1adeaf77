"""Every derivative in the tables against numerical differences, once and twice, on the calls of
`samples.py`.
"""

from functools import wraps

import numpy as np
import pytest
from samples import CONSTANT_SAMPLES, SAMPLES, Sample, joined, of_the_engine, results

import autograd_lite as ag
from autograd_lite.backpropagation import item
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.elementwise import sign
from autograd_lite.derivatives.kinds import CONSTANTS, FORMULAS
from autograd_lite.derivatives.pairs import guarded_base
from autograd_lite.recomputing import again
from autograd_lite.transforms import _flatten

ALL = [Sample(function, *call) for function, calls in SAMPLES.items() for call in calls]
DECLARED = [f for f in (*RULES, *FORMULAS) if of_the_engine(f)]
samples = pytest.mark.parametrize("sample", ALL, ids=str)


def test_every_function_has_a_sample():
    assert [name_of(function) for function in DECLARED if not SAMPLES.get(function)] == []


@samples
def test_values_are_numpys(sample):
    recorded = results(sample(*[ag.Tensor(x, requires_grad=True) for x in sample.inputs]))
    assert any(getattr(value, "requires_grad", False) for value in recorded)
    for value, plain in zip(recorded, results(sample(*sample.inputs)), strict=True):
        value = getattr(value, "_array", value)  # one of several results may be a constant
        assert np.result_type(value) == np.result_type(plain)
        if sample.function in FORMULAS:  # other steps, other rounding
            np.testing.assert_allclose(value, plain, rtol=1e-13, atol=1e-13, strict=True)
        else:
            np.testing.assert_array_equal(value, plain, strict=True)


@samples
def test_the_record_can_be_computed_again(sample):
    for value in results(sample(*[ag.Tensor(x, requires_grad=True) for x in sample.inputs])):
        made = value.arguments[0] if getattr(value, "function", None) is item else value
        if getattr(made, "function", None):
            computed = again(made.function, made.record.values, made.options)
            for result, recorded in zip(results(computed), results(made.data), strict=True):
                if made.function is np.power and isinstance(recorded, np.floating):
                    # Of two numbers, a ** b and np.power(a, b) may differ in the last bit (before
                    # NumPy 2.1 of squares, too).
                    np.testing.assert_array_max_ulp(result, recorded, maxulp=1)
                else:
                    np.testing.assert_array_equal(result, recorded)


@samples
def test_first_derivatives(sample):
    ag.check_gradient(joined(sample), *sample.inputs)


@samples
def test_second_derivatives(sample):
    ag.check_gradient(joined(sample), *sample.inputs, order=2)


@samples
def test_gradients_keep_the_dtype_of_what_they_belong_to(sample):
    single = [ag.Tensor(np.asarray(x, np.float32)[()], requires_grad=True) for x in sample.inputs]
    double = [ag.Tensor(x, requires_grad=True) for x in sample.inputs]
    for recorded, plain in zip(
        results(sample(*single)), results(sample(*[x.data for x in single])), strict=True
    ):
        assert recorded.dtype == plain.dtype
    for mixed in (single, [*double[:1], *single[1:]], [*single[:1], *double[1:]]):
        precise = ag.gradients(np.sum(joined(sample)(*double)), double)
        for x, gradient, expected in zip(
            mixed, ag.gradients(np.sum(joined(sample)(*mixed)), mixed), precise, strict=True
        ):
            assert gradient.dtype == x.dtype
            np.testing.assert_allclose(gradient, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("function", [f for f in DECLARED if f in RULES], ids=name_of)
def test_a_wrong_rule_would_be_caught(function, monkeypatch):
    """Each rule, too large by a ten-thousandth, must fail on one of the function's samples."""
    rules = RULES[function]
    assert function in SAMPLES, f"{name_of(function)} has no sample in samples.py"
    for position in [None] if callable(rules) else [i for i, rule in enumerate(rules) if rule]:
        monkeypatch.setitem(RULES, function, _too_large(rules, position))
        assert not all(_agrees(sample) for sample in ALL if sample.function == function), (
            f"argument {position}"
        )


# Of a derivative that is 0 wherever it exists, no per cent would be seen: 0.01 is added to it.
FLAT = [RULES[function] for function in (sign, guarded_base)]


def _too_large(rules, position):
    rule = rules if position is None else rules[position]

    @wraps(rule)
    def wrong(*arguments, **options):
        parts, rebuild = _flatten(rule(*arguments, **options))
        if rules in FLAT:
            return rebuild([part + 0.01 for part in parts])
        return rebuild([part if part is None else part * 1.0001 for part in parts])

    return wrong if position is None else (*rules[:position], wrong, *rules[position + 1 :])


def _agrees(sample):
    try:
        ag.check_gradient(joined(sample), *sample.inputs)
    except AssertionError:
        return False
    return True


def test_every_constant_has_a_sample():
    # Which return no array.
    others = {np.save, np.savez, np.savez_compressed, np.savetxt, np.einsum_path}
    assert [
        name_of(function) for function in CONSTANTS - others if not CONSTANT_SAMPLES.get(function)
    ] == []
    assert not CONSTANTS & RULES.keys()


@pytest.mark.parametrize(
    "sample",
    [Sample(function, *call) for function, calls in CONSTANT_SAMPLES.items() for call in calls],
    ids=str,
)
def test_constants_return_plain_values(sample):
    recorded = sample(*[ag.Tensor(x, requires_grad=True) for x in sample.inputs])
    for value, plain in zip(results(recorded), results(sample(*sample.inputs)), strict=True):
        assert type(value) is type(plain)
        np.testing.assert_array_equal(value, plain)


def test_one_call_written_four_ways_is_one_record():
    x = ag.Tensor(np.ones((2, 3)), requires_grad=True)
    records = [np.sum(x, 0), np.sum(x, axis=0), np.sum(a=x, axis=0), x.sum(0)]
    assert all(
        r.function is np.sum and r.arguments == (x,) and r.options == {"axis": 0} for r in records
    )


def test_an_option_that_the_rule_does_not_know_is_refused_at_once():
    x = ag.Tensor(np.ones((2, 3)), requires_grad=True)
    with pytest.raises(
        TypeError,
        match=r"np\.linalg\.pinv: its derivative does not know the option rcond=0\.1, only calls",
    ):
        np.linalg.pinv(x, rcond=0.1)
    with pytest.raises(TypeError, match=r"np\.max.*casting='no', only a, axis, keepdims, initial"):
        x.max(casting="no")
    with pytest.raises(TypeError, match=r"np\.quantile.*method='lower'"):
        np.quantile(x, 0.5, method="lower")
    with pytest.raises(TypeError, match="out="):
        np.sum(x, out=np.zeros(()))
    with pytest.raises(TypeError, match=r"np\.exp.*where="):
        np.exp(x, where=np.zeros((2, 3), bool))


def test_a_rule_of_ones_own_is_checked_like_any_other():
    @ag.differentiable(lambda g, y, x: 3 * g * x**2)
    def cube(x):
        return x**3

    ag.check_gradient(cube, [1.0, -2.0])
    ag.check_gradient(cube, [1.0, -2.0], order=2)
    assert repr(cube(ag.Tensor(2.0, requires_grad=True))) == "Tensor(8., function=cube)"


def test_a_rule_right_once_and_wrong_twice_is_caught():
    """The derivative of x³ is right as a number, but recorded as a constant: the second derivative
    would be 0.
    """

    @ag.differentiable(lambda g, y, x: 3 * g * np.square(x.data if isinstance(x, ag.Tensor) else x))
    def cube(x):
        return x**3

    x = np.array([1.0, -2.0])
    ag.check_gradient(cube, x)
    with pytest.raises(AssertionError, match="numerical one"):
        ag.check_gradient(cube, x, order=2)
