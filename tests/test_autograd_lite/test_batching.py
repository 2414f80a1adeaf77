"""Stacks: many gradients in one walk are those of one walk after the other, for every function in
the tables; what a Stack cannot answer is asked again without one.
"""

import collections
import math
import tracemalloc

import numpy as np
import pytest
from samples import SAMPLES, Sample, joined

import autograd_lite as ag
from autograd_lite import batching
from autograd_lite.batching import BATCHED, Stack
from autograd_lite.derivatives import RULES, name_of

ALL = [Sample(function, *call) for function, calls in SAMPLES.items() for call in calls]
x = np.array([0.5, -1.0, 2.0])


def loop(f, *inputs):
    """The Jacobians by all inputs, with a walk for each entry of the value."""
    value, pullback = ag.vjp(f, *inputs)
    seeds = np.eye(value.size).reshape(-1, *value.shape) if value.size else []
    rows = [pullback(seed) for seed in seeds]
    return [
        np.stack(column).reshape(value.shape + column[0].shape)
        for column in zip(*rows, strict=True)
    ]


def at_once(f, *inputs):
    return ag.jacobian(f, tuple(range(len(inputs))))(*inputs)


def mixed(f):
    """Four sums of all results, with random weights: so no seed is one-hot where it matters."""

    def sums(*inputs):
        row = joined(f)(*inputs)
        weights = np.random.default_rng(row.size).standard_normal((4, row.size))
        return np.sum(weights.astype(row.dtype) * row, axis=1)

    return sums


def slopes(f):
    """All first derivatives in a row, of a function that bends."""

    def row(*inputs):
        bent = lambda *inputs: np.sum(np.sin(1.3 * joined(f)(*inputs)))
        gradients = ag.grad(bent, tuple(range(len(inputs))))(*inputs)
        return np.concatenate([np.reshape(g, -1) for g in gradients])

    return row


def difference(found, expected):
    """The largest one, relative to what is larger than 1."""
    found, expected = list(found), list(expected)
    assert [(a.shape, a.dtype) for a in found] == [(a.shape, a.dtype) for a in expected]
    return max(
        np.max(np.abs(a - b), initial=0) / max(1, np.max(np.abs(b), initial=0))
        for a, b in zip(found, expected, strict=True)
    )


@pytest.fixture
def no_loop(monkeypatch):
    """No walk for a single seed."""

    def fail(*_):
        raise AssertionError("the seeds were walked one by one")

    monkeypatch.setattr(batching, "fill_one_by_one", fail)


@pytest.fixture
def loops(monkeypatch):
    """A list of the blocks that were walked seed by seed."""
    blocks, fill = [], batching.fill_one_by_one

    def noted(rows, block, walk, seeds):
        blocks.append(block)
        fill(rows, block, walk, seeds)

    monkeypatch.setattr(batching, "fill_one_by_one", noted)
    return blocks


# Every function of the tables.


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_first_and_second_derivatives_are_those_of_the_loop(sample, no_loop):
    for f in (mixed(sample), mixed(slopes(sample))):
        assert difference(at_once(f, *sample.inputs), loop(f, *sample.inputs)) < 1e-12


@pytest.mark.parametrize("function", SAMPLES, ids=name_of)
def test_float32_stays_float32(function, no_loop):
    sample = Sample(function, *SAMPLES[function][0])
    inputs = [a.astype(np.float32) for a in sample.inputs]
    f = mixed(sample)
    assert difference(at_once(f, *inputs), loop(f, *inputs)) < 1e-5


def test_a_function_without_a_batched_form_goes_one_by_one(monkeypatch, no_loop):
    monkeypatch.setattr(batching, "BATCHED", {})
    for sample in ALL[::3]:
        f = mixed(sample)
        assert difference(at_once(f, *sample.inputs), loop(f, *sample.inputs)) < 1e-12


@pytest.fixture(scope="module")
def users():
    """{batched form: some functions and inputs whose derivatives use it}."""
    found, seen = collections.defaultdict(list), set()

    def noting(function, form):
        def noted(*arguments, **options):
            seen.add(function)
            return form(*arguments, **options)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCHED", {f: noting(f, form) for f, form in BATCHED.items()})
        for sample in ALL:
            for f in (mixed(sample), mixed(slopes(sample))):
                seen.clear()
                at_once(f, *sample.inputs)
                for function in seen:
                    found[function].append((f, sample.inputs))
    return found


@pytest.mark.parametrize("function", BATCHED, ids=name_of)
def test_a_batched_form_that_is_one_per_cent_wrong_is_seen(function, users, monkeypatch):
    form = BATCHED[function]

    def wrong(*arguments, **options):
        result = form(*arguments, **options)
        if result is NotImplemented:
            return result
        return [part * 1.01 for part in result] if isinstance(result, list) else result * 1.01

    monkeypatch.setitem(BATCHED, function, wrong)
    assert any(
        difference(at_once(f, *inputs), loop(f, *inputs)) > 1e-4 for f, inputs in users[function]
    )


def test_a_wrong_ufunc_is_seen(monkeypatch):
    right, aligned = loop(np.tanh, x), batching.aligned
    monkeypatch.setattr(batching, "aligned", lambda *arrays: [1.01 * a for a in aligned(*arrays)])
    assert difference(at_once(np.tanh, x), right) > 1e-4


# What a Stack is.


def test_axes_of_length_1_are_put_behind_the_n():
    g, array = Stack(np.arange(15.0).reshape(5, 3)), np.arange(6.0).reshape(2, 3)
    assert (g.shape, g.ndim, g.size, len(g)) == ((3,), 1, 3, 3)
    for product in (g * array, array * g, np.multiply(g, array)):
        assert product.array.shape == (5, 2, 3)
        np.testing.assert_array_equal(product.array[4], g.array[4] * array)
    deep = Stack(np.arange(30.0).reshape(5, 2, 1, 3))
    np.testing.assert_array_equal((deep + g).array[1], deep.array[1] + g.array[1])


A, C = np.arange(6.0).reshape(2, 3), np.arange(24.0).reshape(2, 3, 4)
MASK = np.array([[True, False, True], [False, True, True]])
INDICES = [
    (C, 1),
    (C, (0, slice(None), [1, 3])),  # what stands apart goes to the front
    (C, ([0, 1], slice(None), [3, 0])),
    (C, (..., 0)),
    (C, (0, ..., [1, 1])),
    (C, (slice(None), [2, 0], ..., 1)),
    (C, (None, ..., None)),
    (C, MASK),
    (C, (MASK, 2)),
    (C, (slice(None), [[0], [2]], [[1, 1]])),
    (A, ()),
    (A, [1, 1, 0]),
    (A, True),
]


@pytest.mark.parametrize("array, index", INDICES, ids=str)
def test_every_kind_of_index(array, index):
    stack = Stack(np.stack([array, array * 2, array - 7]))
    for member, taken in zip(stack.array, stack[index].array, strict=True):
        np.testing.assert_array_equal(taken, member[index], strict=True)
    f = lambda a: np.exp(a)[index] * 2
    assert difference(at_once(f, array / 9), loop(f, array / 9)) < 1e-12


@pytest.mark.parametrize("order", ["C", "F", "c", "f", "A"])
def test_every_order_of_entries(order):
    f = lambda a: np.reshape(np.exp(a), (3, -1), order=order)
    assert difference(at_once(f, C / 9), loop(f, C / 9)) < 1e-12
    stack = Stack(np.stack([C, C * 2]))
    reshaped = np.reshape(stack, (-1, 2), order=order).array
    np.testing.assert_array_equal(reshaped[1], stack.array[1].reshape((-1, 2), order=order))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_arrays_without_entries_are_reshaped(shape, no_loop):
    f = lambda e: np.sum(np.reshape(e * 2, -1)) + np.reshape(e, (-1,)).sum() + x
    assert at_once(f, np.zeros(shape))[0].shape == (3, *shape)


# What a Stack cannot answer.


def written(write, g):
    """g, written into a plain array."""
    to = np.zeros(np.shape(g))
    write(to, g)
    return to


QUESTIONS = {
    "if": lambda g: g if g > 0 else g + 0,
    "if it is equal": lambda g: g if g == 1 else g + 0,
    "float": float,
    "int": lambda g: g + 0 * int(g),
    "math": lambda g: g + 0 * math.exp(g),
    "asarray": np.asarray,
    "array": np.array,
    "item": lambda g: g.item(),
    "a method it lacks": lambda g: g.cumsum().sum(),
    "several": lambda g: max(g, g - 1),
    "in": lambda g: g if g in (7, 8) else g + 0,
    "range": lambda g: g + 0 * len(range(int(g))),
    "format": lambda g: float(f"{g:.17g}"),
    "dictionary": lambda g: {1.0: g}.get(g, g),
    "out": lambda g: np.multiply(g, 1, out=np.zeros(np.shape(g))),
    "writing": lambda g: written(np.copyto, g),
    "adding": lambda g: written(lambda to, g: np.add.at(to, (), g), g),
    "assigning": lambda g: written(lambda to, g: to.__setitem__((), g), g),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_in_a_rule_of_ours_is_answered_by_the_loop(name, monkeypatch, loops):
    rule = lambda g, y, x: QUESTIONS[name](g) * (1 - y * y)
    rule.__module__ = "autograd_lite.derivatives.elementwise"
    monkeypatch.setitem(RULES, np.tanh, (rule,))
    f = lambda x: np.stack([np.tanh(entry) * 3 for entry in x])
    (found,) = at_once(f, x)
    np.testing.assert_allclose(found, np.diag(3 * (1 - np.tanh(x) ** 2)), rtol=1e-14)
    assert loops


def test_what_failed_with_a_stack_is_not_tried_again(monkeypatch, loops):
    stacks = []

    def rule(g, y, x):
        if isinstance(g, Stack):
            stacks.append(g)
        return float(g) * y if g.ndim == 0 else g * (1 - y * y)

    rule.__module__ = "autograd_lite"
    monkeypatch.setitem(RULES, np.tanh, (rule,))
    f = lambda x: np.outer(np.arange(50.0), x) * np.tanh(x[0])
    assert difference(at_once(f, x), loop(f, x)) < 1e-14
    assert len(stacks) == 1 and len(loops) == 3


def test_what_a_rule_raises_is_what_it_raises_in_the_loop():
    vectors = lambda a: np.linalg.eigh(a)[1]
    with pytest.raises(np.linalg.LinAlgError, match="Two eigenvalues are equal"):
        ag.jacobian(vectors)(np.eye(3))
    with pytest.raises(FloatingPointError), np.errstate(divide="raise"):
        ag.jacobian(np.sqrt)(np.zeros(3))


def test_equal_eigenvalues_do_no_harm_where_vectors_are_not_used():
    values = lambda a: np.concatenate([x, np.linalg.eigh(a)[0]])
    (found,) = at_once(values, np.eye(3))
    np.testing.assert_allclose(found, loop(values, np.eye(3))[0])


def test_an_anomaly_is_found_as_in_the_loop():
    f = lambda a: np.sqrt(a * np.array([1.0, 0.0])) * 2
    for jacobian in (ag.jacobian(f), lambda a: loop(f, a)):
        found = pytest.raises(FloatingPointError, match=r"derivative of np\.sqrt .*NaN")
        with ag.detect_anomaly(), np.errstate(all="ignore"), found:
            jacobian(np.ones(2))


# Rules that were declared elsewhere.


def declared(rule):
    """tanh under a rule of the user's."""

    @ag.differentiable(rule)
    def user_tanh(x):
        return np.tanh(x)

    return user_tanh


def test_a_users_rule_gets_one_gradient_after_the_other(no_loop):
    given = []

    def rule(g, y, x):
        given.append(g)
        return g * (1 - y * y) if g.any() else np.zeros_like(x)  # a question, and a shortcut

    f = lambda x: np.exp(declared(rule)(x))
    (found,) = at_once(f, x)
    assert len(given) == 3 and all(type(g) is np.ndarray and g.shape == (3,) for g in given)
    np.testing.assert_allclose(found, np.diag(np.exp(np.tanh(x)) * (1 - np.tanh(x) ** 2)))


def test_a_users_rule_may_count_and_draw(no_loop):
    def noisy():
        calls, rng = [], np.random.default_rng(3)

        def rule(g, y, x):
            calls.append(1)
            return g * (1 - y * y) * len(calls) + rng.standard_normal(x.shape)

        return lambda x: 2 * declared(rule)(x)

    assert difference(at_once(noisy(), x), loop(noisy(), x)) < 1e-14


def test_users_rules_of_every_form(no_loop):
    @ag.differentiable(all=lambda g, y, a, b, times: [g * b, g * a, None])
    def product(factors):
        return factors[0] * factors[1]

    @ag.differentiable(lambda g, y, a, times: 2 * g[0] * a + g[1], None)
    def square_and_self(a, times):
        return [a * a, a]

    f = lambda a, b: product([a, b, 2]) + np.add(*square_and_self(a, 3))
    assert difference(at_once(f, x, x + 1), loop(f, x, x + 1)) < 1e-14
    only_the_second = lambda a: square_and_self(a, 3)[1] * 2
    assert difference(at_once(only_the_second, x), loop(only_the_second, x)) < 1e-14


def test_a_users_rule_may_return_different_shapes(loops):
    rule = lambda g, y, x: g * (1 - y * y) if g[0] else 0.0
    f = lambda x: declared(rule)(x) * 2
    (found,) = at_once(f, x)
    np.testing.assert_allclose(found, np.diag((2 - 2 * np.tanh(x) ** 2) * [1, 0, 0]))
    assert loops


def test_a_users_rule_without_a_return_is_named():
    def rule(g, y, x):
        pass

    with pytest.raises(TypeError, match="The rule of user_tanh returned None"):
        ag.jacobian(declared(rule))(x)


def test_a_users_rule_for_a_function_of_ours_goes_one_by_one(monkeypatch, no_loop):
    monkeypatch.setitem(RULES, np.tanh, (lambda g, y, x: g * (1 - y * y) if g.any() else 0 * x,))
    (found,) = at_once(lambda x: np.tanh(x) * 1, x)
    np.testing.assert_allclose(found, np.diag(1 - np.tanh(x) ** 2))


# Jacobians and Hessians.


def test_more_rows_than_walk_together(no_loop):
    f = lambda x: np.tanh(np.outer(np.arange(50.0), x)) * np.sum(x)
    assert difference(at_once(f, x), loop(f, x)) < 1e-12  # 150 rows


def test_structures_several_arguments_and_mixed_precision(no_loop):
    half = x.astype(np.float32)

    def f(p, b):
        product = np.outer(p["a"], b)
        return {"sum": np.sum(product), "rest": [product.T * 2, np.concatenate([p["a"], b])]}

    found = ag.jacobian(f, argnums=(0, 1))({"a": x, "unused": 2.0}, half)
    for get in (lambda v: v["sum"], lambda v: v["rest"][0], lambda v: v["rest"][1]):
        by_a, by_b = loop(lambda a, b, get=get: get(f({"a": a}, b)), x, half)
        by_p, by_other = get(found)
        assert difference([by_p["a"], by_other], [by_a, by_b]) < 1e-6
        assert not by_p["unused"].any() and by_other.dtype == np.float32


def test_a_value_without_entries_has_rows_of_the_right_shape():
    found = ag.jacobian(lambda a, b: (a[:0] * b)[None], argnums=(0, 1))(x, np.float32(2))
    assert [j.shape for j in found] == [(1, 0, 3), (1, 0)]
    assert [j.dtype for j in found] == [np.float64, np.float32]


def test_identity_constants_and_no_arguments():
    np.testing.assert_array_equal(ag.jacobian(lambda a: a)(x), np.eye(3))
    np.testing.assert_array_equal(ag.jacobian(lambda a: 0 * a[::-1])(x), np.zeros((3, 3)))
    assert ag.jacobian(lambda nothing: ag.Tensor(x))({}) == {}


def test_a_hessian_within_a_loss_is_recorded_itself():
    curvature = lambda x: np.sum(ag.hessian(lambda z: np.sum(z**4))(x))
    np.testing.assert_allclose(ag.grad(curvature)(x), 24 * x)
    scale = ag.Tensor(2.0, requires_grad=True)
    np.sum(ag.jacobian(lambda z: scale * z**2)(x)).backward()
    np.testing.assert_allclose(scale.grad, np.sum(2 * x))


def test_it_works_under_no_grad_and_leaves_no_gradients():
    w = ag.Tensor(x, requires_grad=True)
    with ag.no_grad():
        np.testing.assert_allclose(ag.hessian(lambda z: np.sum(z**3))(x), np.diag(6 * x))
    assert w.grad is None


def test_random_programs():
    drawn = pytest.importorskip("torch") and pytest.importorskip("random_programs")
    for seed in range(0, 300):
        program = drawn.draw_program(seed)
        inputs = [np.asarray(a, float) for a in program.inputs]

        def run(*values, program=program):
            values = list(values)
            for step in program.steps:
                values.append(step.ours(*[values[i] for i in step.operands]))
            return values[-1]

        for f in (mixed(run), mixed(slopes(run))):
            found, expected = at_once(f, *inputs), loop(f, *inputs)
            assert difference(found, expected) < 1e-10, program


# Memory.


def peak(f):
    f()
    tracemalloc.start()
    try:
        f()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_large_intermediates_are_not_held_for_all_rows():
    wide = np.linspace(0, 1, 12_500)  # 100 kB, and there are 400 rows: 40 MB
    rows = lambda x: np.sum(np.tanh(np.reshape(x[0] * wide, (1, -1))), axis=1) * np.arange(400.0)
    assert peak(lambda: ag.jacobian(rows)(x)) < 10e6
    alone = lambda x: np.tanh(np.reshape(np.concatenate([x, np.ones(499_997)]), (2, -1)))[:, 0]
    large = lambda x: np.concatenate([alone(x)] * 20)  # 4 MB
    one_row = peak(lambda: ag.vjp(large, x)[1](np.ones(40)))
    assert peak(lambda: ag.jacobian(large)(x)) < 1.2 * one_row


def test_seeds_are_not_held_for_all_rows():
    many = np.ones(3_000)  # 72 MB of seeds
    assert peak(lambda: ag.jacobian(lambda x: x[0] * many)(x)) < 5e6
    assert peak(lambda: ag.jacobian(lambda x: 0 * many + ag.Tensor(1.0))(x)) < 5e6
