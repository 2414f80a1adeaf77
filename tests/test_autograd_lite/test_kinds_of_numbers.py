"""Every kind of number and container has a defined answer: what becomes of it, or an error that
says what to do.
"""

import copy
import pickle
import threading
from decimal import Decimal

import numpy as np
import pytest

import autograd_lite as ag


def parameter(data):
    return ag.Tensor(data, requires_grad=True)


@pytest.mark.parametrize(
    "data", [3, [1, 2], np.array([True, False]), np.uint8(200), np.array([2**63], np.uint64)]
)
def test_whole_numbers_become_float64(data):
    """An integer parameter could not take the step −0.1 · gradient: it would be cut off to 0. And
    200 + 100 is no 44 here.
    """
    assert ag.Tensor(data).dtype == np.float64
    assert (parameter(data) + np.uint8(100)).dtype == np.float64


def test_whole_numbers_beyond_53_bits_are_rounded_as_numpy_rounds_them():
    assert ag.Tensor(2**53 + 1).item() == float(2**53)


def test_integer_arrays_that_are_no_tensors_take_part_as_they_are():
    assert ag.grad(lambda x: np.sum(x ** np.array([2, 3])))(np.array([3.0, 2.0])).tolist() == [
        6.0,
        12.0,
    ]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_floating_point_types_stay_what_they_are(dtype):
    x = parameter(np.array([1.0, 2.0], dtype))
    y = np.sum(np.tanh(x) * 2 + ag.sigmoid(x) / ag.softplus(x) - ag.normal_cdf(x) ** 2)
    y.backward()
    assert y.dtype == x.grad.dtype == dtype
    double = ag.grad(
        lambda x: np.sum(np.tanh(x) * 2 + ag.sigmoid(x) / ag.softplus(x) - ag.normal_cdf(x) ** 2)
    )
    np.testing.assert_allclose(
        x.grad.astype(float),
        double(np.array([1.0, 2.0])),
        rtol=0,
        atol=2 * float(np.finfo(dtype).eps) + 1e-15,
    )


def test_mixed_types_are_promoted_forward_and_brought_back_backward():
    x, y = parameter(np.float32([1, 2])), parameter(np.float64([3, 4]))
    (x * y).sum().backward()
    assert (x * y).dtype == np.float64
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


@pytest.mark.parametrize(
    "data",
    ["abc", None, object(), {}, [None], Decimal("1.5"), [10**400], np.datetime64("2020-01-01")],
)
def test_what_is_no_real_number_is_refused(data):
    with pytest.raises(TypeError, match="needs real numbers, got"):
        ag.Tensor(data)


def test_rows_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="Rows need equal lengths"):
        ag.Tensor([[1, 2], [3]])


def test_masked_arrays_are_refused():
    """A plain array in its place would count the numbers behind the mask."""
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    for use in (
        ag.Tensor,
        lambda m: parameter([1.0, 2.0]) * m,
        lambda m: np.add(parameter([1.0, 2.0]), m),
    ):
        with pytest.raises(TypeError, match=r"lose its mask.*\.filled"):
            use(masked)
    with pytest.raises(TypeError):
        masked * parameter([1.0, 2.0])


def test_matrices_are_refused():
    """m * x is a product of matrices for np.matrix, and entry by entry for arrays."""
    m, x = np.asmatrix(np.eye(2)), parameter(np.ones((2, 2)))
    for use in (lambda: m * x, lambda: x * m, lambda: ag.Tensor(m)):
        with pytest.raises(TypeError, match="a @ b"):
            use()


def test_other_subclasses_are_taken_as_plain_arrays():
    class Labelled(np.ndarray):
        pass

    labelled = np.ones(2).view(Labelled)
    assert type(ag.Tensor(labelled).data) is np.ndarray
    assert type((parameter([1.0, 2.0]) * labelled).data) is np.ndarray


def test_foreign_classes_that_dispatch_themselves_are_left_the_last_word():
    class Foreign:
        __array_priority__ = 100

        def __array_function__(self, function, types, arguments, options):
            return "theirs"

    assert np.concatenate([parameter([1.0]), Foreign()]) == "theirs"


@pytest.mark.parametrize(
    "make", [np.array, np.asarray, np.float64, lambda ts: np.array(ts, dtype=object)]
)
def test_an_array_of_tensors_is_refused_and_the_alternative_named(make):
    with pytest.raises(TypeError, match=r"np\.stack"):
        make([parameter(1.0), parameter(2.0)])


def test_assigning_into_an_array_is_refused():
    array, t = np.zeros((2, 2)), parameter([1.0, 2.0])
    with pytest.raises(TypeError, match=r"np\.stack"):
        array[0] = t
    with pytest.raises(TypeError, match=r"array = array \+ tensor"):
        array += t
    # NumPy asks a scalar for float(), as math.exp does, and makes an error of its own of ours.
    with pytest.raises(ValueError) as caught:
        array[0, 0] = t[0]
    assert "np.stack" in str(caught.value.__cause__)
    with pytest.raises(TypeError, match=r"np\.where"):
        t[0] = 1.0


def test_leaves_are_pickled_and_copied_whole():
    x = ag.Tensor([1.0, 2.0], requires_grad=True, name="x")
    x.grad = np.ones(2)
    for twin in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x), copy.copy(x)):
        assert (twin.name, twin.requires_grad, twin.data.tolist()) == ("x", True, [1.0, 2.0])
        twin.data[0] = 5.0
        np.sum(twin * 2).backward()
    assert x.data.tolist() == [1.0, 2.0]


def test_results_refuse_to_be_pickled():
    y = parameter([1.0]) * 2
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"made by np\.multiply.*\.detach\(\)"):
            attempt(y)
    assert pickle.loads(pickle.dumps(y.detach())).data.tolist() == [2.0]


def test_many_threads_record_and_walk_at_once():
    """Graphs of their own, gradients of their own, and a switch of their own."""
    weights = parameter(np.linspace(-1, 1, 50))
    found, errors = {}, []

    def work(k):
        try:
            for _ in range(50):
                if k % 4 == 0:
                    with ag.no_grad():
                        assert not np.tanh(weights * k).requires_grad
                x = parameter(weights.data * k)
                np.sum(np.tanh(x) ** 2).backward()
                found[k] = x.grad, ag.gradients(np.sum(np.sin(weights * k)), [weights])[0]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for k, (own, shared) in found.items():
        x = weights.data * k
        np.testing.assert_allclose(own, 2 * np.tanh(x) * (1 - np.tanh(x) ** 2), rtol=1e-14)
        np.testing.assert_allclose(shared, k * np.cos(x), rtol=1e-14)
