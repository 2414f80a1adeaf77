"""The walk backwards: order, sums over ways, memory, and what ends up in .grad."""

import gc
import itertools
import threading
import tracemalloc
import weakref

import numpy as np
import pytest

import autograd_lite as ag


def parameter(value, name=None):
    return ag.Tensor(value, requires_grad=True, name=name)


def test_a_million_operations_need_no_recursion():
    x = parameter(0.5)
    y = x
    for _ in range(1_000_000):
        y = np.tanh(y)
    y.backward()
    # y ≈ √(3 / 2n), and dy/dx is the product of a million factors 1 − tanh².
    assert 0.0012 < y.item() < 0.00123
    assert 0 < x.grad < 1e-7
    del y  # and it dies without recursion too


def test_doubling_sixty_times_walks_each_tensor_once():
    x = parameter(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


def test_several_ways_to_a_leaf_are_summed():
    x = parameter([1.0, 2.0])
    np.sum(x * x + 3 * x + x).backward()
    np.testing.assert_array_equal(x.grad, 2 * x.data + 4)


def test_parents_are_exactly_the_arguments():
    x = parameter(3.0)
    y = x * x
    assert y.function is np.multiply
    assert y.arguments[0] is x and y.arguments[1] is x and len(y.arguments) == 2


def test_backward_twice_adds_the_same_gradient_twice():
    x = parameter([1.0, 2.0])
    y = np.sum(np.exp(x))
    y.backward()
    once = x.grad.copy()
    y.backward()
    np.testing.assert_array_equal(x.grad, 2 * once)


def test_only_leaves_and_those_asked_for_get_a_gradient():
    x = parameter(2.0)
    h = x * 3
    k = h * 4
    k.retain_grad()
    (k * k).backward()
    assert h.grad is None
    assert k.grad == 2 * k.item()
    assert x.grad == 12 * k.grad


def test_no_two_gradients_share_memory_and_all_can_be_written():
    a, b, c = parameter(np.ones(3), "a"), parameter(np.ones(3), "b"), parameter(2.0, "c")
    seed = np.ones(3)
    y = (a + b) + c  # addition hands the same gradient to both
    y.retain_grad()
    y.backward(seed)
    y.backward(seed)
    arrays = [a.grad, b.grad, c.grad, y.grad, seed]
    for array in arrays:
        assert isinstance(array, np.ndarray) and array.flags.writeable
        array[...] = -1.0
    for one, other in itertools.combinations(arrays, 2):
        assert not np.shares_memory(one, other)


@ag.differentiable(all=lambda g, y, *operands: [2 * g] * len(operands))
def twice_the_sum(*operands):
    return 2 * sum(operands)


@pytest.mark.parametrize(
    "combine",
    [
        lambda a, b: a + b,  # hands on the gradient as it is, to both
        lambda a, b: np.exp(a) + np.ravel(b),
        lambda a, b: np.reshape(a, (4, 1)) + np.reshape(b, (4, 1)),  # two windows on one gradient
        lambda a, b: np.concatenate([a, b]),
        lambda a, b: np.stack([a, b])[::-1],
        lambda a, b: np.sum(a) + np.sum(b),  # one number, stretched
        lambda a, b: np.maximum(a, b) + (a + b),
        twice_the_sum,  # one rule, which returns one array for both
    ],
)
def test_a_leaf_takes_its_gradient_over_only_if_nobody_else_has_it(combine):
    a, b = parameter([1.0, 2.0, 3.0, 4.0]), parameter([0.5, 2.5, 2.0, 5.0])
    y = combine(a, b)
    y.retain_grad()
    y.backward(np.ones(y.shape))
    before = b.grad.copy(), y.grad.copy()
    assert a.grad.flags.writeable and b.grad.flags.writeable and a.grad.flags.c_contiguous
    a.grad[...] = np.nan
    np.testing.assert_array_equal(b.grad, before[0])
    np.testing.assert_array_equal(y.grad, before[1])
    b.grad[...] = np.nan
    y.backward(np.ones(y.shape))  # nor did the record take harm
    assert np.all(np.isfinite(a.data)) and np.all(np.isfinite(y.data))


def test_gradients_take_the_dtype_and_shape_of_what_they_belong_to():
    a, b = parameter(np.float32([1, 2])), parameter(np.ones((3, 1)))
    np.sum(a * b).backward()
    assert a.grad.dtype == np.float32 and a.grad.shape == (2,)
    assert b.grad.dtype == np.float64 and b.grad.shape == (3, 1)


def test_gradients_leaves_grad_alone_and_reaches_results():
    x = parameter(2.0)
    h = x * x
    y = h * x
    by_h, by_x = ag.gradients(y, [h, x])
    assert by_h == 2.0  # ∂(h x)/∂h = x
    assert by_x == 12.0  # 3x²: through h as well
    assert x.grad is None
    assert isinstance(by_x, np.ndarray)


def test_gradients_goes_no_further_than_its_inputs():
    @ag.differentiable(lambda g, y, x: pytest.fail("walked past the input"))
    def mine(x):
        return 2 * x

    h = mine(parameter(1.0))
    assert ag.gradients(h * 3, [h]) == [3.0]


def test_inputs_may_be_made_from_one_another():
    x = parameter(0.5)
    k = np.exp(x)
    h = k * k
    y = np.sin(h) + k
    by_h, by_k, by_x = ag.gradients(y, [h, k, x])
    np.testing.assert_allclose(by_h, np.cos(h.item()), rtol=1e-15)
    np.testing.assert_allclose(by_k, 1 + 2 * k.item() * by_h, rtol=1e-15)
    np.testing.assert_allclose(by_x, k.item() * by_k, rtol=1e-15)


def test_an_argument_without_a_derivative_hands_on_nothing():
    @ag.differentiable(lambda g, y, x, kind: g * kind, None)
    def scaled(x, kind):
        return x * kind

    x, w = parameter(3.0), parameter(2.0)
    kind = w * 1  # leads to the result, and has no adjoint
    scaled(x, kind).backward()
    assert x.grad == 2.0 and w.grad is None


def test_gradients_is_zero_where_nothing_is_reached():
    x, other = parameter([1.0, 2.0]), parameter(np.ones((2, 2)))
    by_x, by_other = ag.gradients(np.sum(x), [x, other])
    np.testing.assert_array_equal(by_x, 1)
    np.testing.assert_array_equal(by_other, np.zeros((2, 2)))


def test_an_input_given_new_data_is_noticed_even_where_it_is_the_only_input():
    w = parameter(1.0, "w")
    y = (w * 2) * 3
    w.data -= 0.5
    with pytest.raises(RuntimeError, match="'w' was assigned new data"):
        ag.gradients(y, [w])


def test_third_derivatives_by_recording_the_walk():
    x = parameter(0.7)
    first = ag.gradients(np.sin(x) * x, [x], create_graph=True)[0]
    second = ag.gradients(first, [x], create_graph=True)[0]
    third = ag.gradients(second, [x])[0]
    np.testing.assert_allclose(third, -3 * np.sin(0.7) - 0.7 * np.cos(0.7), rtol=1e-14)


def test_hessian_vector_product():
    x = parameter([1.0, 2.0, 3.0])
    v = np.array([1.0, 0.0, -1.0])
    (g,) = ag.gradients(np.prod(x) ** 2, [x], create_graph=True)
    (hv,) = ag.gradients(np.sum(g * v), [x])
    hessian = ag.hessian(lambda x: np.prod(x) ** 2)(x.data)
    np.testing.assert_allclose(hv, hessian @ v)


def test_several_results_are_one_record_and_unused_items_contribute_zeros():
    x = parameter(np.arange(6.0))
    first, _, last = np.split(x * 1, 3)
    assert first.arguments[0] is last.arguments[0]
    (np.sum(first) + np.sum(last * last)).backward()
    np.testing.assert_array_equal(x.grad, [1, 1, 0, 0, 8, 10])


def test_the_record_dies_with_its_tensors_without_the_garbage_collector():
    gc.disable()
    try:
        x = parameter(np.ones(3))
        y = np.sum(np.exp(x) * x)
        y.backward()
        watched = weakref.ref(y)
        del y
        assert watched() is None
    finally:
        gc.enable()


def test_ten_thousand_training_steps_do_not_grow_memory():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
    w1, w2 = parameter(rng.normal(size=(4, 3))), parameter(rng.normal(size=(1, 4)))

    def step():
        loss = np.mean((ag.linear(np.tanh(ag.linear(x, w1)), w2) - y) ** 2)
        loss.backward()
        for w in (w1, w2):
            w.data -= 0.01 * w.grad
            w.grad = None

    gc.disable()
    try:
        for _ in range(100):
            step()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10_000):
            step()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        gc.enable()
    assert grown < 20_000


def test_no_grad_records_nothing_in_its_thread_alone():
    x = parameter(1.0)
    inside, other = threading.Event(), threading.Event()
    results = {}

    def without():
        with ag.no_grad():
            inside.set()
            other.wait(5)
            results["without"] = x * 2

    def recording():
        inside.wait(5)
        results["with"] = x * 2
        other.set()

    threads = [threading.Thread(target=target) for target in (without, recording)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not results["without"].requires_grad
    assert results["with"].requires_grad


def test_no_grad_nests_and_decorates():
    x = parameter(1.0)

    @ag.no_grad()
    def predict(x):
        return x * 2

    assert not predict(x).requires_grad
    with ag.no_grad():
        with ag.enable_grad():
            assert (x * 2).requires_grad
        assert not (x * 2).requires_grad
        with pytest.raises(KeyError), ag.no_grad():
            raise KeyError
        assert not (x * 2).requires_grad
    assert (x * 2).requires_grad


def test_a_thread_that_ended_inside_no_grad_leaves_the_others_recording():
    suspended = []

    def first():
        def generator():
            with ag.no_grad():
                yield

        suspended.append(generator())
        next(suspended[0])

    def recorded():
        found.append((parameter(1.0) * 2).requires_grad)

    found = []
    for target in (first, *[recorded] * 5):
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
    assert found == [True] * 5


def test_a_rule_may_return_an_operand_and_the_gradient_is_still_a_copy():
    @ag.differentiable(lambda g, y, x: x)
    def half_the_square(x):
        return np.sum(x * x) / 2

    @ag.differentiable(lambda g, y, x: y)
    def exponential(x):
        return np.exp(x)

    @ag.differentiable(
        lambda g, y, a, b: b if g == 1 else g * b, lambda g, y, a, b: a if g == 1 else g * a
    )
    def product(a, b):
        return a @ b

    a, b = parameter([1.0, 1.0]), parameter([5.0, 6.0])
    product(a, b).backward()
    a.grad *= 10
    np.testing.assert_array_equal(b.data, [5, 6])

    x = parameter([1.0, 2.0])
    half_the_square(x).backward()
    x.grad *= 2
    np.testing.assert_array_equal(x.data, [1, 2])
    x.grad = None
    y = exponential(x)
    y.backward(np.ones(2))
    x.grad *= 2
    np.testing.assert_array_equal(y.data, np.exp([1.0, 2.0]))


def test_a_record_that_was_freed_matters_only_where_a_gradient_goes():
    a, t = parameter([1.0, 2.0, 3.0]), parameter([1.0, 0.0, 1.0])
    chosen = t * 2
    chosen.sum().backward(retain_graph=False)
    np.where(chosen, a, 0).sum().backward()
    np.testing.assert_array_equal(a.grad, [1, 0, 1])
    with pytest.raises(RuntimeError, match="freed"):
        (chosen * a).sum().backward()


@pytest.mark.parametrize("needs", [np.bool_(True), 1, 2, 5])
def test_what_needs_a_gradient_is_a_question_of_truth(needs):
    x, w = parameter([1.0, 2.0]), ag.Tensor([3.0, 4.0])
    x.requires_grad = needs
    for product in (x * w, np.multiply(x, w), 1 / (1 / x) * w, -x * -w, np.stack([x] * 70)[0] * w):
        x.grad = None
        np.sum(product).backward()
        np.testing.assert_allclose(x.grad, w.data, rtol=1e-15)
    x.requires_grad = None
    assert not (x * w).requires_grad and w.grad is None
