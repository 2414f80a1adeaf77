"""Errors about arguments that do not fit name the function, the shapes and the remedy; and what an
error advises works.
"""

import functools
import itertools
import re

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.kinds import CONSTANTS, FORMULAS, LEFT_OUT, MISFITS


def parameter(*shape):
    return ag.Tensor(np.arange(1.0, 1 + np.prod(shape)).reshape(shape), requires_grad=True)


A, B, C, SQUARE = parameter(2, 3), parameter(2), parameter(4), parameter(2, 2)
TRANSPOSE, COLUMN, EQUAL = r"\.T", r"reshape\(-1, 1\)", "must be equal"
CALLS = {
    "A @ B": (lambda: A @ B, "np.matmul", [(2, 3), (2,)], TRANSPOSE),
    "A @ array": (lambda: A @ np.ones((2, 3)), "np.matmul", [(2, 3), (2, 3)], TRANSPOSE),
    "array @ C": (lambda: np.ones((3, 2)) @ C, "np.matmul", [(3, 2), (4,)], TRANSPOSE),
    "list @ C": (lambda: [1.0, 2.0] @ C, "np.matmul", [(2,), (4,)], TRANSPOSE),
    "C @ list": (lambda: C @ [1.0, 2.0], "np.matmul", [(4,), (2,)], TRANSPOSE),
    "C @ 2": (lambda: C @ 2.0, "np.matmul", [(4,)], TRANSPOSE),
    "matmul": (lambda: np.matmul(A, B), "np.matmul", [(2, 3), (2,)], TRANSPOSE),
    "matmul, no gradient": (lambda: ag.Tensor(A.data) @ B, "np.matmul", [(2, 3), (2,)], TRANSPOSE),
    "dot": (lambda: np.dot(A, B), "np.dot", [(2, 3), (2,)], TRANSPOSE),
    "x.dot": (lambda: A.dot(B), "np.dot", [(2, 3), (2,)], TRANSPOSE),
    "inner": (lambda: np.inner(A, B), "np.inner", [(2, 3), (2,)], "equally long"),
    "multi_dot": (lambda: np.linalg.multi_dot([A, B]), "multi_dot", [(2, 3), (2,)], TRANSPOSE),
    "A + B": (lambda: A + B, "np.add", [(2, 3), (2,)], COLUMN),
    "B - A": (lambda: B - A, "np.subtract", [(2,), (2, 3)], COLUMN),
    "array * C": (lambda: np.ones(2) * C, "np.multiply", [(2,), (4,)], COLUMN),
    "list / C": (lambda: [1.0, 2.0] / C, "np.divide", [(2,), (4,)], COLUMN),
    "C ** list": (lambda: C ** [1.0, 2.0], "np.power", [(4,), (2,)], COLUMN),
    "maximum": (lambda: np.maximum(B, C), "np.maximum", [(2,), (4,)], COLUMN),
    "arctan2": (lambda: np.arctan2(B, C), "np.arctan2", [(2,), (4,)], COLUMN),
    "where": (lambda: np.where(A.data > 0, B, 0.0), "np.where", [(2, 3), (2,)], COLUMN),
    "clip": (lambda: np.clip(A, B, None), "np.clip", [(2, 3), (2,)], COLUMN),
    "broadcast_to": (lambda: np.broadcast_to(A, (2, 2)), "np.broadcast_to", [(2, 3)], COLUMN),
    "concatenate": (lambda: np.concatenate([A, C]), "np.concatenate", [(2, 3), (4,)], "np.stack"),
    "concatenate, axis": (
        lambda: np.concatenate([A, SQUARE], axis=0), "np.concatenate", [(2, 3), (2, 2)], "np.stack",
    ),
    "stack": (lambda: np.stack([B, C]), "np.stack", [(2,), (4,)], "np.concatenate"),
    "stack, list": (lambda: np.stack([[1.0, 2.0], C]), "np.stack", [(4,)], "np.concatenate"),
    "vstack": (lambda: np.vstack([A, C]), "np.vstack", [(2, 3), (4,)], "np.stack"),
    "hstack": (lambda: np.hstack([A, C]), "np.hstack", [(2, 3), (4,)], "np.stack"),
    "dstack": (lambda: np.dstack([A, C]), "np.dstack", [(2, 3), (4,)], "np.stack"),
    "column_stack": (lambda: np.column_stack([A, C]), "np.column_stack", [(2, 3), (4,)], COLUMN),
    "append": (lambda: np.append(A, C, axis=0), "np.append", [(2, 3), (4,)], "np.stack"),
    "block": (lambda: np.block([[A, C]]), "np.block", [(2, 3), (4,)], "np.stack"),
    "split": (lambda: np.split(A, 4), "np.split", [(2, 3)], "np.array_split"),
    "reshape": (lambda: np.reshape(A, 4), "np.reshape", [(2, 3)], "-1"),
    "x.reshape": (lambda: A.reshape(4, 2), "np.reshape", [(2, 3)], "-1"),
    "inv": (lambda: np.linalg.inv(A), "np.linalg.inv", [(2, 3)], "pinv"),
    "solve": (lambda: np.linalg.solve(SQUARE, C), "np.linalg.solve", [(2, 2), (4,)], ""),
    "det": (lambda: np.linalg.det(A), "np.linalg.det", [(2, 3)], "square"),
    "einsum": (lambda: np.einsum("ij,j", A, B), "np.einsum", [(2, 3), (2,)], ""),
    "tensordot": (lambda: np.tensordot(A, B, 1), "np.tensordot", [(2, 3), (2,)], ""),
    "sum": (lambda: np.sum(A, axis=5), "np.sum", [(2, 3)], "axis 5"),
    "trace": (lambda: np.trace(B), "np.trace", [(2,)], ""),
    "linear": (lambda: ag.linear(A, SQUARE), "linear", [(2, 3), (2, 2)], "a row for each neuron"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "name", "shapes", "remedy"), CALLS.values(), ids=CALLS)
def test_the_function_the_shapes_and_the_remedy_are_named(call, name, shapes, remedy):
    with pytest.raises(ValueError) as caught:
        call()
    told = str(caught.value)
    assert name in told and re.search(remedy, told), told
    assert all(str(shape) in told for shape in shapes), told
    assert told.count("np.") < 8 and len(told) < 520


@pytest.mark.parametrize(("call", "name", "shapes", "remedy"), CALLS.values(), ids=CALLS)
def test_so_it_is_where_nothing_is_recorded(call, name, shapes, remedy):
    with ag.no_grad(), pytest.raises(ValueError, match=re.escape(name)):
        call()


def test_the_kind_of_the_error_stays():
    with pytest.raises(np.linalg.LinAlgError, match=r"np\.linalg\.inv of shapes \(2, 2\).*pinv"):
        np.linalg.inv(0 * SQUARE)
    with pytest.raises(np.exceptions.AxisError):
        np.sum(A, axis=5)
    with pytest.raises(IndexError):
        A[5]


def test_the_error_of_a_function_of_ones_own_is_its_own():
    @ag.differentiable(lambda g, y, x: g)
    def picky(x):
        raise ValueError("only on Sundays")

    with pytest.raises(ValueError, match=r"^only on Sundays$"):
        picky(A)


def test_whatever_has_a_remedy_is_in_the_tables():
    assert [name_of(f) for f in MISFITS if f and f not in {*RULES, *FORMULAS}] == []
    joins = {np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack, np.append}
    assert joins <= MISFITS.keys()


# What errors advise.

UFUNCS = [
    f for f in RULES if isinstance(f, np.ufunc) and f.nin == 2 and f.nout == 1 and not f.signature
]
UFUNCS = [f for f in UFUNCS if name_of(f).startswith("np.") and f is not np.ldexp]
METHODS = {
    "reduce": (lambda f, x: f.reduce(x), "functools.reduce({f}, x)"),
    "accumulate": (
        lambda f, x: f.accumulate(x), "np.stack(list(itertools.accumulate(x, {f})))",
    ),
    "reduceat": (
        lambda f, x: f.reduceat(x, indices),
        "np.stack([functools.reduce({f}, part) for part in np.split(x, indices[1:])])",
    ),
}  # fmt: skip
indices = [0, 2]


@pytest.mark.parametrize("function", UFUNCS, ids=name_of)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_advised_for_the_method_of_a_ufunc_works(function, method):
    call, advice = METHODS[method]
    bound = getattr(function, method)
    x = np.array([1.5, 0.7, 1.2, 0.9])
    if bound in FORMULAS or bound in RULES:
        np.testing.assert_allclose(call(function, ag.Tensor(x)).data, call(function, x))
        return
    with pytest.raises(TypeError) as caught:
        call(function, ag.Tensor(x, requires_grad=True))
    advised = advice.format(f=name_of(function))
    assert advised in str(caught.value) and "ag.derivative" not in str(caught.value)
    scope = {"np": np, "functools": functools, "itertools": itertools, "indices": indices}
    ours = eval(advised, {**scope, "x": ag.Tensor(x, requires_grad=True)}).data
    # In longdouble, since NumPy's quick loop of np.power.reduce folds float64 in another order.
    np.testing.assert_allclose(ours, call(function, x.astype(np.longdouble)).astype(float))


def test_what_is_advised_for_adding_at_places_works():
    a, i, x = np.ones(3), [0, 2, 2], np.array([1.0, 2.0, 4.0])
    with pytest.raises(TypeError, match=r"a \+ np\.bincount\(i, x, len\(a\)\)"):
        np.add.at(a, i, ag.Tensor(x, requires_grad=True))
    np.testing.assert_array_equal(a, 1.0)
    ours = a + np.bincount(i, ag.Tensor(x, requires_grad=True), len(a))
    np.add.at(a, i, x)
    np.testing.assert_array_equal(ours.data, a)


def test_what_is_advised_for_an_outer_product_of_ones_own_ufunc_works():
    mine = np.frompyfunc(lambda a, b: a + 2 * b, 2, 1)
    with pytest.raises(TypeError, match=r"write .*\(x\.reshape\(-1, 1\), y\)"):
        mine.outer(A[0], B)
    np.testing.assert_array_equal(
        np.arctan2(A[0].reshape(-1, 1), B).data, np.arctan2.outer(A.data[0], B.data)
    )


def test_every_method_of_a_ufunc_has_its_advice():
    methods = {name for name in dir(np.add) if callable(getattr(np.add, name)) and name[0] != "_"}
    assert methods - {"resolve_dtypes"} <= LEFT_OUT.keys()


def test_what_is_advised_for_full_arrays_works():
    t = ag.Tensor(2.0, requires_grad=True)
    for make in (
        lambda: np.full(3, t),
        lambda: np.full(3, t, dtype=float),
        lambda: np.full_like(np.ones(3), t),
        lambda: np.copyto(np.ones(3), t),
    ):
        with pytest.raises(TypeError, match=r"t \* np\.ones\(shape\)") as caught:
            make()
        assert "copyto" not in str(caught.value)
    for full in (lambda t: t * np.ones(3), lambda t: np.broadcast_to(t, 3)):
        np.testing.assert_array_equal(full(t).data, np.full(3, 2.0))
        ag.check_gradient(full, 2.0)


def test_what_is_advised_for_nested_lists_works():
    with pytest.raises(TypeError, match=r"in nested lists, np\.block"):
        np.array([[np.cos(B[0]), -np.sin(B[0])], [np.sin(B[0]), np.cos(B[0])]])
    turned = lambda t: np.block([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    assert turned(B[0]).shape == (2, 2)
    ag.check_gradient(turned, 0.3)


def test_no_constant_is_left_out():
    assert not CONSTANTS & LEFT_OUT.keys()
