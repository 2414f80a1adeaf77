"""Shapes, axes and indices as Hypothesis thinks of them; what fails it makes as small as it can.

Where entries only move or repeat, the oracle is a count: number the entries of x, send the numbers
the same way, and an entry's gradient is the sum of the weights where its number arrived.
"""

import numpy as np
import pytest

import autograd_lite as ag

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

settings.register_profile("shapes", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("shapes")

SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)


def numbered(shape):
    return np.arange(int(np.prod(shape))).reshape(shape)


def weights_for(shape):
    return np.cos(numbered(shape) + 1.0)


def counted(numbers, weights, shape):
    """Σ of the weights that stand where a number stands, for each number."""
    found = np.bincount(np.ravel(numbers), np.ravel(weights), int(np.prod(shape)))
    return found.reshape(shape)


@given(arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, min_side=0, max_side=3))
def test_broadcasting(shapes):
    a, b = (ag.Tensor(weights_for(shape) + 2, requires_grad=True) for shape in shapes.input_shapes)
    w = weights_for(shapes.result_shape)
    by_a, by_b = ag.gradients(np.sum(w * (a * b)), [a, b])
    for gradient, own, other in ((by_a, a, b), (by_b, b, a)):
        numbers = np.broadcast_to(numbered(own.shape), w.shape)
        expected = counted(numbers, w * np.broadcast_to(other.data, w.shape), own.shape)
        np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-12)


@given(st.data())
def test_indexing(data):
    shape = data.draw(arrays.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4))
    masks = arrays.arrays(bool, shape)
    kinds = [arrays.basic_indices(shape, allow_newaxis=True), masks]
    index = data.draw(st.one_of(*kinds, arrays.integer_array_indices(shape)))
    x = ag.Tensor(weights_for(shape), requires_grad=True)
    chosen = x[index]
    w = weights_for(np.shape(chosen))
    (gradient,) = ag.gradients(np.sum(w * chosen), [x])
    expected = counted(numbered(shape)[index], w, shape)
    np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-12)


@given(st.data())
@pytest.mark.parametrize("reduction", [np.sum, np.mean, np.prod, np.var, np.std, np.max, np.min])
def test_reductions(reduction, data):
    shape = data.draw(arrays.array_shapes(min_dims=0, max_dims=3, min_side=2, max_side=3))
    axes = st.none() | arrays.valid_tuple_axes(len(shape)) if shape else st.none()
    axis, keepdims = data.draw(axes), data.draw(st.booleans())
    if reduction is np.std and (not shape or axis == ()):  # of single numbers it is 0, a corner
        axis = None
    x = weights_for(shape) + (2.5 if reduction is np.prod else 0)
    if shape or reduction is not np.std:
        ag.check_gradient(lambda x: reduction(x, axis=axis, keepdims=keepdims), x)


@given(SHAPES, st.data())
def test_moves(shape, data):
    order = data.draw(st.permutations(range(len(shape))))
    x = ag.Tensor(weights_for(shape), requires_grad=True)
    move = lambda a: np.transpose(np.flip(a), order)
    w = weights_for(tuple(shape[axis] for axis in order))
    (gradient,) = ag.gradients(np.sum(w * move(x)), [x])
    np.testing.assert_allclose(gradient, counted(move(numbered(shape)), w, shape))
