"""detect_anomaly names the operation that made the first NaN or infinity, and its line; without it
nothing is changed.
"""

import threading

import numpy as np
import pytest

import autograd_lite as ag
import nn
from autograd_lite import backpropagation, tensor, transforms

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def parameter(data):
    return ag.Tensor(data, requires_grad=True)


def test_forward_the_line_and_the_range_are_named():
    x = parameter([1.0, 0.5, 0.0])
    with pytest.raises(FloatingPointError) as error, ag.detect_anomaly():
        y = x * 2
        z = np.log(y)  # the guilty line
        np.sum(z)
    message = str(error.value)
    assert "np.log gave infinity" in message
    assert "test_anomaly.py" in message
    assert "z = np.log(y)  # the guilty line" in message
    assert "shape (3,) with entries from 0 to 2" in message


def test_nan_out_of_numbers():
    with (
        pytest.raises(FloatingPointError, match=r"np\.sqrt gave NaN.*np\.sqrt\(parameter"),
        ag.detect_anomaly(),
    ):
        np.sqrt(parameter(-1.0))


def test_backward_the_line_of_the_operation_is_named():
    x = parameter([4.0, 0.0])
    guilty = r"derivative of np\.sqrt by its argument number 1 is infinite.*guilty"
    with pytest.raises(FloatingPointError, match=guilty), ag.detect_anomaly():
        y = np.sqrt(x)  # guilty
        np.sum(y * 3).backward()


def test_second_derivatives_too():
    f = lambda x: x**1.5
    with ag.detect_anomaly():
        assert ag.grad(f)(0.0) == 0
    with pytest.raises(FloatingPointError, match="Backward"), ag.detect_anomaly():
        ag.grad(ag.grad(f))(0.0)


def test_nan_that_was_given_is_called_that():
    with (
        pytest.raises(FloatingPointError, match=r"argument of np\.add was given with a NaN"),
        ag.detect_anomaly(),
    ):
        parameter([1.0, np.nan]) + 1


def test_a_mask_of_infinities_is_no_anomaly():
    scores = parameter([1.0, 2.0, 3.0])
    with ag.detect_anomaly():
        weights = ag.softmax(np.where([True, False, True], scores, -np.inf))
        np.sum(weights**2).backward()
    assert np.all(np.isfinite(scores.grad))


def test_one_of_several_results_is_blamed_on_its_function():
    with (
        pytest.raises(FloatingPointError, match=r"np\.linalg\.slogdet gave infinity"),
        ag.detect_anomaly(),
    ):
        np.linalg.slogdet(parameter(np.zeros((2, 2))))


def test_of_several_results_one_may_be_used_alone():
    x = parameter([1.0, 2.0, 3.0, 4.0])
    with ag.detect_anomaly():
        first, _ = np.split(x, 2)
        np.sum(first).backward()
    np.testing.assert_array_equal(x.grad, [1, 1, 0, 0])


def test_inside_a_layer_the_callers_line_is_named():
    model = nn.Sequential(nn.Linear(2, 1))
    model.parameters()[0].data[:] = 1e308
    with pytest.raises(FloatingPointError, match="L = model"), ag.detect_anomaly():
        L = model(np.full((3, 2), 1e308))
        L.sum()


def test_it_ends_with_the_context():
    originals = tensor._record, backpropagation.pull_back
    walks = tensor.adjoints, transforms.adjoints
    with ag.detect_anomaly():
        with ag.detect_anomaly():
            assert tensor._record is not originals[0]
        with pytest.raises(FloatingPointError):
            np.log(parameter(0.0))
    assert (tensor._record, backpropagation.pull_back) == originals
    assert (tensor.adjoints, transforms.adjoints) == walks
    assert np.log(parameter(0.0)).item() == -np.inf


def test_other_threads_are_left_alone():
    found = []
    with ag.detect_anomaly():
        thread = threading.Thread(target=lambda: found.append(np.log(parameter(0.0)).item()))
        thread.start()
        thread.join()
    assert found == [-np.inf]
