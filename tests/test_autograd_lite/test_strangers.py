"""What other libraries take for an array or a number, beside a Tensor: the right result, or an
error that says how to write it; in every order, and in lists.
"""

import datetime
import decimal
import fractions
import operator

import numpy as np
import pytest

import autograd_lite as ag

ARITHMETIC = [
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul,
    operator.mod,
]  # fmt: skip
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
DATA = np.array([[1.0, 3.0], [2.0, 5.0]])


def parameter(value):
    return ag.Tensor(value, requires_grad=True)


TENSORS = {"number": 2.0, "vector": [1.0, 2.0], "matrix": [[1.0, 0.5], [0.25, 2.0]]}
each_tensor = pytest.mark.parametrize("value", TENSORS.values(), ids=TENSORS)


def of_pandas(kind):
    pd = pytest.importorskip("pandas")
    return {
        "Series": lambda: pd.Series(DATA[0]),
        "Series of other order": lambda: pd.Series(DATA[0], index=[1, 0]),
        "DataFrame": lambda: pd.DataFrame(DATA, columns=["a", "b"]),
        "Index": lambda: pd.Index(DATA[0]),
        "array": lambda: pd.array(DATA[0]),
        "with gaps": lambda: pd.Series([1, None], dtype="Int64"),
        "words": lambda: pd.Series(["a", "b"]),
    }[kind]()


NUMBERS_OF_PANDAS = ["Series", "Series of other order", "DataFrame", "Index", "array"]
every_pandas = pytest.mark.parametrize("kind", [*NUMBERS_OF_PANDAS, "with gaps", "words"])


@every_pandas
@each_tensor
@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
def test_operators_with_pandas_say_to_numpy(kind, value, operation):
    x, t = of_pandas(kind), parameter(value)
    for call in (lambda: operation(t, x), lambda: operation(x, t)):
        with pytest.raises(TypeError, match="to_numpy"):
            call()


@pytest.mark.parametrize("kind", ["Series", "DataFrame"])
@pytest.mark.parametrize("operation", COMPARISONS, ids=lambda f: f.__name__)
def test_comparisons_with_pandas_are_pandas(kind, operation):
    x, t = of_pandas(kind), parameter(2.0)
    np.testing.assert_array_equal(operation(t, x), operation(2.0, x.to_numpy()))
    np.testing.assert_array_equal(operation(x, t), operation(x.to_numpy(), 2.0))
    assert type(operation(x, t)) is type(x)


@pytest.mark.parametrize("kind", [kind for kind in NUMBERS_OF_PANDAS if kind != "Index"])
def test_numpys_functions_take_the_numbers_of_pandas(kind):
    """They take them by place, as NumPy does with an array beside them. (An Index keeps ufuncs to
    itself, and raises.)
    """
    x = of_pandas(kind)
    vectors = kind != "DataFrame"
    functions = [
        lambda t, x: np.multiply(x, t),
        lambda t, x: np.subtract(t, x),
        lambda t, x: np.maximum(x, t),
        lambda t, x: np.dot(x, t),
        lambda t, x: np.where(np.asarray(x) > 2, t, x),
        lambda t, x: np.concatenate([np.ravel(x), t]),
        (lambda t, x: np.stack([x, t])) if vectors else (lambda t, x: np.vstack([x, t])),
        lambda t, x: np.column_stack([x, t]),
    ]
    for f in functions:
        t = np.array([1.5, 2.5])
        np.testing.assert_array_equal(f(parameter(t), x).data, f(t, x.to_numpy()))
        ag.check_gradient(lambda t, f=f: f(t, x), t)


@pytest.mark.parametrize("kind", ["Series", "DataFrame"])
def test_methods_of_pandas_raise(kind):
    x, t, v = of_pandas(kind), parameter(2.0), parameter([1.0, 2.0])
    calls = [
        lambda: x.add(t), lambda: x.add(v), lambda: x.mul(v), lambda: x.rsub(t), lambda: x.dot(v),
        lambda: x.clip(upper=t), lambda: x.where(x > 2, t).sum(), lambda: x.fillna(t) + t,
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(TypeError, match="to_numpy"):
            call()


def test_a_series_of_tensors_keeps_their_gradients():
    pd = pytest.importorskip("pandas")
    y = pd.Series([1.0, 3.0])
    for f in (
        lambda t: y.map(lambda entry: entry * t).sum(),
        lambda t: (np.exp(y.map(lambda entry: entry * t)) * y).sum(),
        lambda t: pd.Series([t, t * t]).sum(),
        lambda t: pd.DataFrame({"a": y}).apply(lambda row: row.a * t, axis=1).sum(),
    ):
        ag.check_gradient(f, 0.5)
    t = parameter(2.0)
    with pytest.raises((TypeError, ValueError)):
        y.loc[0] = t
    with pytest.raises((TypeError, ValueError)):
        y.map(lambda entry: entry * t).astype(float)
    with pytest.raises((TypeError, AttributeError)):
        y += t


def of_sparse(name):
    return getattr(pytest.importorskip("scipy.sparse"), name)(np.eye(2))


every_sparse = pytest.mark.parametrize(
    "name",
    [f"{layout}_{kind}" for layout in ("csr", "csc", "coo", "lil", "dok", "dia", "bsr")
     for kind in ("array", "matrix")],
)  # fmt: skip


@every_sparse
@each_tensor
@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
def test_operators_with_sparse_say_toarray(name, value, operation):
    x, t = of_sparse(name), parameter(value)
    with pytest.raises(TypeError, match=r"sparse.*\.toarray\(\)"):
        operation(t, x)
    with pytest.raises((TypeError, NotImplementedError, ValueError)) as caught:
        operation(x, t)
    if operation is not operator.pow:  # which says itself that it wants a whole number
        assert "sparse" in str(caught.value) and ".toarray()" in str(caught.value)


@every_sparse
@pytest.mark.parametrize(
    "f",
    [
        lambda x, t: np.dot(x, t),
        lambda x, t: np.matmul(x, t),
        lambda x, t: np.multiply(t, x),
        lambda x, t: np.where(x, t, 0.0),
        lambda x, t: np.vstack([x, t]),
        lambda x, t: np.concatenate([x, np.reshape(t, (1, 2))]),
        lambda x, t: np.einsum("ij,j", x, t),
        lambda x, t: x.dot(t),
        lambda x, t: x.multiply(t),
    ],
)
def test_functions_with_sparse_say_toarray(name, f):
    with pytest.raises(TypeError, match=r"sparse.*\.toarray\(\)"):
        f(of_sparse(name), parameter([1.0, 2.0]))


@each_tensor
@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
def test_operators_with_pytorch_say_numpy(value, operation):
    torch = pytest.importorskip("torch")
    for theirs in (torch.ones(2), torch.tensor(1.0), torch.ones(2, requires_grad=True)):
        for call in (
            lambda x=theirs: operation(parameter(value), x),
            lambda x=theirs: operation(x, parameter(value)),
        ):
            with pytest.raises(TypeError, match=r"torch\.Tensor.*\.numpy\(\)"):
                call()


class Labelled:
    """An array with labels, as xarray has them."""

    def __init__(self, data):
        self.data = np.asarray(data)

    def to_numpy(self):
        return self.data

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)


class Duck:
    """A class that knows what to do with a Tensor is asked."""

    def __radd__(self, other):
        return "asked"


def test_other_arrays():
    t = parameter([1.0, 2.0])
    with pytest.raises(TypeError, match=r"test_strangers\.Labelled.*\.to_numpy\(\)"):
        t * Labelled([1.0, 2.0])
    ag.check_gradient(lambda t: np.multiply(t, Labelled([1.0, 2.0])), [1.0, 2.0])
    assert t + Duck() == "asked"


NO_NUMBERS = {
    "Decimal": decimal.Decimal(2),
    "date": datetime.date(2020, 1, 1),
    "timedelta": datetime.timedelta(1),
    "np.datetime64": np.datetime64("2020"),
    "np.timedelta64": np.timedelta64(1, "D"),
    "spans of time": np.array([1, 2], "m8[D]"),
    "str": "a",
    "np.str_": np.str_("a"),
    "bytes": b"a",
    "None": None,
    "objects": np.array([1.0, None], object),
    "numbers as objects": np.array([1.0, 2.0], object),
    "Decimals": np.array([decimal.Decimal(2)] * 2),
    "set": {1.0},
    "dict": {},
    "function": np.tanh,
    "list of words": ["a", "b"],
    "list with None": [1.0, None],
    "masked": np.ma.array([1.0, 2.0], mask=[0, 1]),
    "matrix": np.asmatrix(DATA),
}


@pytest.mark.parametrize("other", NO_NUMBERS.values(), ids=NO_NUMBERS)
@each_tensor
@pytest.mark.parametrize("operation", ARITHMETIC, ids=lambda f: f.__name__)
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_what_is_no_number_is_refused(other, value, operation):
    t = parameter(value)
    with pytest.raises(TypeError):
        operation(t, other)
    if operation is operator.mod and isinstance(other, str | bytes):
        return  # "a" % t formats
    with pytest.raises(TypeError):
        operation(other, t)


def test_a_fraction_is_a_number_where_python_says_so():
    ag.check_gradient(lambda t: t ** fractions.Fraction(1, 2), 2.0)
    with pytest.raises(TypeError, match="Fraction"):
        parameter(2.0) * fractions.Fraction(1, 2)


@pytest.mark.parametrize(
    "number",
    [
        2, 2.0, True, np.True_, np.float32(2), np.float64(2), np.longdouble(2), np.float16(2),
        *(np.dtype(code).type(2) for code in "bBhHiIlLqQ"),
    ],
    ids=lambda number: type(number).__name__,
)  # fmt: skip
def test_every_kind_of_number_is_one(number):
    plain = np.array([0.5, 1.5])
    for operation in ARITHMETIC[:5]:
        np.testing.assert_allclose(
            operation(parameter(plain), number).data, operation(plain, number)
        )
        np.testing.assert_allclose(
            operation(number, parameter(plain)).data, operation(number, plain)
        )
    ag.check_gradient(lambda t: t * number + number / t, plain)
