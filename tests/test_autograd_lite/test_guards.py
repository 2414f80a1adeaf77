"""Never silently wrong: every guard, beside the wrong answer that it prevents."""

import numpy as np
import pytest

import autograd_lite as ag


def parameter(value, name=None):
    return ag.Tensor(value, requires_grad=True, name=name)


def test_results_are_read_only():
    """d(y²)/dy is computed from y's array: written into after the forward pass, it would be wrong
    without a word.
    """
    x = parameter([1.0, 2.0])
    y = np.exp(x)
    with pytest.raises(ValueError, match="read-only"):
        y.data[0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        y.data -= 1.0
    with pytest.raises(RuntimeError, match="is a result"):
        y.data = np.zeros(2)
    np.testing.assert_array_equal(y.data, np.exp([1.0, 2.0]))


@pytest.mark.parametrize(
    "view",
    [
        np.ravel,
        np.squeeze,
        np.transpose,
        np.positive,
        lambda x: x[...],
        lambda x: np.reshape(x, (2,)),
        lambda x: x.astype(float),
    ],
)
def test_a_leaf_stays_writable_though_results_look_at_its_memory(view):
    x = parameter([1.0, 2.0])
    view(x)
    x.data[0] = 3.0
    x.data -= 1.0
    np.testing.assert_array_equal(x.data, [2.0, 1.0])


def test_data_assigned_between_forward_and_backward_is_noticed():
    """Otherwise the gradient of w² would be taken at the new w: 2 · 5, although the loss was
    computed at 1.
    """
    w = parameter([1.0], "w")
    loss = np.sum(w * w)
    w.data = [5.0]
    with pytest.raises(
        RuntimeError,
        match=r"'w' was assigned new data after .*np\.multiply.* Compute the result anew",
    ):
        loss.backward()
    np.sum(w * w).backward()
    assert w.grad == 10.0


def test_an_update_in_place_between_forward_and_backward_is_noticed():
    w, c = parameter([1.0], "w"), ag.Tensor([2.0], name="c")
    loss = np.sum(w * c * w)
    w.data -= 0.1
    with pytest.raises(RuntimeError, match="'w' was assigned"):
        loss.backward()
    loss = np.sum(w * c * w)
    c.data *= 2  # c needs no gradient itself, but the gradient of w is made of it
    with pytest.raises(RuntimeError, match="'c' was assigned"):
        loss.backward()


def test_data_are_copied_in_and_assigned_by_value():
    mine = np.ones(2)
    w = parameter(mine)
    mine[0] = 7.0
    np.testing.assert_array_equal(w.data, [1.0, 1.0])
    w.data = mine
    mine[0] = 9.0
    np.testing.assert_array_equal(w.data, [7.0, 1.0])


def test_out_and_array_in_place_are_refused():
    """array += tensor would leave plain numbers behind, and the gradient would end there."""
    x, array = parameter([1.0, 2.0]), np.zeros(2)
    with pytest.raises(TypeError, match=r"array = array \+ tensor"):
        array += x
    with pytest.raises(TypeError, match="out="):
        np.exp(x, out=array)
    with pytest.raises(TypeError, match="out="):
        np.exp(array, out=x)
    with pytest.raises(TypeError, match="out="):
        np.sum(x, out=np.zeros(()))
    with pytest.raises(TypeError, match="where="):
        np.exp(x, where=np.array([True, False]))
    np.testing.assert_array_equal(array, 0)


def test_in_place_operators_on_a_parameter():
    w = parameter([1.0, 2.0], "w")
    with pytest.raises(RuntimeError, match=r"with ag.no_grad\(\)"):
        w -= 1.0
    same = w
    with ag.no_grad():
        w -= 0.5
        w *= 2
    assert w is same and w.requires_grad and w.function is None
    np.testing.assert_array_equal(w.data, [1.0, 3.0])
    with ag.no_grad(), pytest.raises(ValueError, match="shape"):
        w += np.ones((2, 2))


def test_in_place_updates_make_a_new_age():
    w = parameter([1.0], "w")
    loss = np.sum(w * w)
    with ag.no_grad():
        w -= 0.5
    with pytest.raises(RuntimeError, match="'w' was assigned"):
        loss.backward()


def test_adding_to_a_result_moves_the_name_on():
    x = parameter(2.0)
    total = ag.Tensor(0.0)
    for _ in range(3):
        before = total
        total += x * x
        assert total is not before
    total.backward()
    assert x.grad == 12.0


def test_a_function_without_a_rule_says_how_to_declare_one():
    def cube(x):
        return x**3

    with pytest.raises(TypeError, match=r"cube.* has no derivative yet.*ag\.derivative\(cube"):
        np.frompyfunc(cube, 1, 1)(parameter(1.0))
    with pytest.raises(
        TypeError, match=r"np\.poly has no derivative here: its results are complex.*x\.data"
    ):
        np.poly(parameter([1.0, 2.0]))


def test_options_that_no_rule_knows_are_refused_when_recorded():
    """np.trapezoid(y, dx=2) with a formula that ignores `dx` would give half of the gradient."""
    x = parameter([1.0, 2.0])
    with pytest.raises(
        TypeError, match=r"np\.gradient: its derivative does not know the option edge_order=2"
    ):
        np.gradient(x, edge_order=2)
    assert np.sum(x, dtype=None, out=None, axis=None).item() == 3.0  # as good as not given


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.1.0",
    reason="np.clip takes min and max since NumPy 2.1",
)
def test_a_tensor_by_keyword_is_put_in_its_place():
    x, low = parameter([1.0, 5.0]), parameter(2.0)
    np.sum(np.clip(a=x, min=low, max=4.0)).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 0.0])
    assert low.grad == 1.0
    y = np.sum(a=x)
    assert y.arguments == (x,) and y.options == {}


def test_a_tensor_left_among_the_options_is_refused():
    @ag.differentiable(lambda g, y, x, power=2: g * power * x ** (power - 1))
    def raised(x, power=2):
        return x**power

    with pytest.raises(TypeError, match="no derivative by power"):
        raised(parameter(2.0), power=parameter(3.0))
    assert raised(parameter(2.0), power=ag.Tensor(3.0)).item() == 8.0


def test_a_plain_array_cannot_carry_a_gradient():
    x = parameter([1.0, 2.0], "x")
    for lose in (np.asarray, np.array, ag.Tensor, lambda x: np.array([x, x]), lambda x: x.numpy()):
        with pytest.raises(TypeError, match=r"'x' needs a gradient.*\.detach\(\) or \.data"):
            lose(x)
    np.testing.assert_array_equal(np.asarray(x.detach()), x.data)
    np.testing.assert_array_equal(x.detach().numpy(), x.data)


def test_backward_starts_from_one_number():
    x = parameter([1.0, 2.0])
    with pytest.raises(ValueError, match=r"jacobian"):
        (x * x).backward()
    with pytest.raises(ValueError, match=r"jacobian"):
        ag.gradients(x * x, [x])
    with pytest.raises(
        ValueError, match=r"seed has the shape \(3,\), but .* needs one of shape \(2,\)"
    ):
        (x * x).backward(np.ones(3))
    (x * x).backward(np.array([1.0, 0.0]))
    np.testing.assert_array_equal(x.grad, [2.0, 0.0])


def test_backward_without_a_record_says_so():
    with pytest.raises(RuntimeError, match="no record to walk back"):
        (ag.Tensor(1.0) * 2).backward()
    with ag.no_grad():
        y = parameter(1.0) * 2
    with pytest.raises(RuntimeError, match=r"under no_grad\(\)"):
        y.backward()


def test_a_freed_record_cannot_be_walked_again():
    x = parameter(2.0)
    y = x * x
    z = y * 3
    z.backward(retain_graph=False)
    assert x.grad == 12.0
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        z.backward()
    with pytest.raises(RuntimeError, match="retain_graph=True"):
        (y + 1).backward()
    assert x.grad == 12.0


def test_entries_cannot_be_assigned():
    x = parameter([1.0, 2.0])
    with pytest.raises(TypeError, match=r"np\.where"):
        x[0] = 3.0


def test_gradients_wants_tensors_that_need_a_gradient():
    x = parameter(1.0)
    with pytest.raises(TypeError, match=r"write gradients\(output, \[x\]\)"):
        ag.gradients(x * x, x)
    with pytest.raises(TypeError, match="requires_grad=False"):
        ag.gradients(x * x, [ag.Tensor(1.0)])
    with pytest.raises(TypeError, match="got float"):
        ag.gradients(1.0, [x])


def test_a_function_that_returns_no_tensor_lost_its_record():
    with pytest.raises(TypeError, match="the record was lost"):
        ag.grad(lambda x: x.item() ** 2)(1.0)
    with pytest.raises(ValueError, match="jacobian"):
        ag.grad(lambda x: x * x)(np.ones(3))


def test_derivative_is_for_functions_that_dispatch():
    def mine(x):
        return x

    with pytest.raises(TypeError, match=r"@ag\.differentiable"):
        ag.derivative(mine, lambda g, y, x: g)
    for wrong in ({"all": None}, {"all": 3}):
        with pytest.raises(TypeError, match="needs a rule"):
            ag.derivative(np.i0, **wrong)


def test_a_rule_whose_gradient_cannot_fit_is_named():
    @ag.differentiable(lambda g, y, x: np.ones(7))
    def crooked(x):
        return 2 * x

    with pytest.raises(
        ValueError,
        match=r"derivative of crooked returned a gradient of shape \(7,\) for .* shape \(3,\)",
    ):
        np.sum(crooked(parameter(np.ones(3)))).backward()


@pytest.mark.parametrize("data", ["text", None, 1j, [1, "a"], Ellipsis, {"a": 1}], ids=repr)
def test_a_tensor_needs_real_numbers(data):
    with pytest.raises((TypeError, ValueError)):
        ag.Tensor(data)


def test_other_operands_are_refused():
    x = parameter([1.0, 2.0])
    for other in ("a", None, {}, object()):
        with pytest.raises(TypeError, match="unsupported operand"):
            x + other
    with pytest.raises(TypeError, match="numbers only"):
        x * np.array(["a", "b"])


def test_what_was_computed_without_a_record_owns_its_memory():
    """A view of x under no_grad, changed in place, would change x behind the record's back."""
    x = parameter([1.0, 2.0])
    z = np.sum(x * x)
    with ag.no_grad():
        window = x[:1]
    window.data *= 10
    z.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])
    np.testing.assert_array_equal(x.data, [1.0, 2.0])


def test_gradients_of_a_result_without_a_record_says_so():
    x = parameter(1.0)
    with ag.no_grad():
        y = x * x
    with pytest.raises(RuntimeError, match="no record to walk back"):
        ag.gradients(y, [x])
    with pytest.raises(RuntimeError, match="no record to walk back"):
        ag.Tensor(1.0).retain_grad()


def test_a_rule_that_returns_nothing_is_named():
    @ag.differentiable(lambda g, y, x: None)
    def forgetful(x):
        return 2 * x

    with pytest.raises(TypeError, match="rule of forgetful returned None"):
        forgetful(parameter(1.0)).backward()


def test_a_function_of_a_list_hands_over_the_tensors_in_the_list():
    @ag.differentiable(all=lambda g, y, *operands: [100 * g for _ in operands])
    def total(operands):
        return operands[0] + operands[1]

    x = parameter(1.0)
    total([x, 2.0]).backward()
    assert x.grad == 100


def test_an_argument_cannot_be_differentiated_twice_at_once():
    with pytest.raises(TypeError, match="twice"):
        ag.grad(lambda a: a * a, (0, 0))(3.0)
    with pytest.raises(TypeError, match=r"np\.stack"):
        ag.grad(lambda x: (x, x))(1.0)


def test_complex_numbers_may_be_met_on_the_way_only():
    """A leaf that silently dropped its imaginary part, or |z|² differentiated as z², would be wrong
    without a word.
    """
    x = parameter([1.0, 2.0])
    with pytest.raises(
        TypeError, match=r"real numbers, got list of dtype complex128.*u \+ 1j \* v"
    ):
        ag.Tensor([1j, 2])
    with pytest.raises(TypeError, match=r"complex; a gradient starts from a real number"):
        np.sum(x * 1j).backward()
    with pytest.raises(TypeError, match=r"np\.var has no derivative for complex numbers"):
        np.var(x * np.array([1j, 2]))
    assert (1j * parameter(2.0)).dtype == np.complex128
    np.sum(np.abs(x * np.array([1j, 2])) ** 2).backward()
    assert x.grad.tolist() == [2.0, 16.0]


@pytest.mark.parametrize(
    "join",
    [
        lambda a, x: np.concatenate([[a, a], x]),
        lambda a, x: np.stack([[a, 1.0], x]),
        lambda a, x: np.einsum("i,i", x, [a, 1.0]),
        lambda a, x: np.einsum(x, [0], [a, 2.0], [1]),
    ],
)
def test_tensors_in_a_list_within_a_list_are_refused(join):
    """np.asarray of the inner list would take their numbers and lose the gradient of `a`."""
    with pytest.raises(TypeError, match=r"np\.stack"):
        join(parameter(2.0), parameter([3.0, 4.0]))


def test_an_index_that_is_changed_afterwards_changes_nothing():
    index, p = np.array([0, 1]), parameter([3.0, 3.0])
    y = np.sum(p[index] * [1, 5])
    index[:] = 0
    y.backward()
    np.testing.assert_array_equal(p.grad, [1, 5])


def test_nested_derivatives_of_plain_arguments_are_plain():
    for derivative in (ag.grad, ag.jacobian):
        result = derivative(lambda x: ag.grad(lambda y: x * y * y)(2.0))(3.0)
        assert isinstance(result, np.ndarray) and result == 4.0
    w = parameter(2.0)
    assert isinstance(ag.grad(lambda x: w * x)(3.0), ag.Tensor)  # for w, someone may want to go on


def test_floor_division_in_place_is_guarded_like_the_others():
    p = parameter([5.0, 7.0])
    with pytest.raises(RuntimeError, match="no_grad"):
        p //= 2
    with ag.no_grad():
        p //= 2
    np.testing.assert_array_equal(p.data, [2.0, 3.0])


def test_a_parameter_stays_real():
    p = parameter([1.0])
    with ag.no_grad(), pytest.raises(TypeError, match="complex"):
        p *= 1j
    np.testing.assert_array_equal(p.data, [1.0])


def test_no_grad_can_be_entered_again_and_refuses_what_runs_later():
    context = ag.no_grad()
    for _ in range(2):
        with context, context:
            assert not (parameter(1.0) * 2).requires_grad
        assert (parameter(1.0) * 2).requires_grad
    with pytest.raises(TypeError, match="whose body runs later"):

        @ag.no_grad()
        def generate():
            yield parameter(1.0) * 2


def test_a_gradient_of_another_shape_or_type_is_dropped_with_the_data():
    p = parameter([1.0, 2.0])
    for data in (np.ones((2, 3)), np.ones((2, 3), np.float32)):
        np.sum(p).backward()
        p.data = data
        assert p.grad is None
        np.sum(p * p).backward()
        assert p.grad.shape == p.shape and p.grad.dtype == p.dtype


def test_uneven_parts_of_a_freed_record_say_so():
    x = parameter(np.arange(5.0))
    first, second, _ = np.split(x, [1, 3])
    np.sum(second).backward(retain_graph=False)
    with pytest.raises(RuntimeError, match=r"3 results of np\.split was freed"):
        np.sum(first).backward()


def test_the_walk_does_not_look_behind_its_inputs():
    h = parameter(2.0) * 3
    h.backward(retain_graph=False)
    assert ag.gradients(h * 2, [h]) == [2.0]


def test_a_function_under_no_grad_has_no_derivative():
    with pytest.raises(RuntimeError, match=r"under no_grad\(\)"):
        ag.grad(ag.no_grad()(lambda x: x * x))(3.0)


def test_a_thousand_parts_are_put_together_once():
    x = parameter(np.arange(1000.0))
    sum(np.sum(part) for part in np.split(x, 1000)).backward()
    np.testing.assert_array_equal(x.grad, 1)
    assert len(repr(ag.Tensor(1.0, name="n" * 10**6))) < 200
