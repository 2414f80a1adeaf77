"""Data as they come: every function that takes a sample takes the same tables, gets the same
numbers from them, and refuses the same ones in words.
"""

import functools

import numpy as np
import pytest

import autograd_lite as ag
import nn
import viz

pandas = pytest.importorskip("pandas")
sparse = pytest.importorskip("scipy.sparse")

rng = np.random.default_rng(0)
X = np.column_stack([rng.normal(size=12), rng.integers(0, 2, 12), rng.integers(0, 5, 12)])
Y = (rng.random((12, 1)) < 0.5).astype(float)
FLOAT, BOOL, WHOLE = X[:, 0], X[:, 1].astype(bool), X[:, 2].astype(int)


def frame(labels=("a", "b", "c"), index=None, **dtypes):
    made = pandas.DataFrame(dict(enumerate((FLOAT, BOOL, WHOLE))), index=index)
    made = made.astype({"abc".index(name): dtype for name, dtype in dtypes.items()})
    return made.set_axis(list(labels), axis=1)


# The same twelve rows, in every form.
TABLES = {
    "array": X,
    "list": X.tolist(),
    "Tensor": ag.Tensor(X),
    "Tensor with a gradient": ag.Tensor(X, requires_grad=True),
    "objects": frame().to_numpy(dtype=object),
    "bool column": frame(),
    "nullable columns": frame(a="Float64", b="boolean", c="Int64"),
    "unsigned and small": frame(b="uint8", c="int8"),
    "float32": frame(c="float32"),
    "sparse columns": frame(b=pandas.SparseDtype(bool), c=pandas.SparseDtype(int)),
    "column called data": frame(("data", "shape", "name")),
    "two columns of the same name": frame(("a", "a", "dtype")),
    "index in another order": frame(index=range(12)[::-1]),
    "columns with levels": frame([("a", 1), ("a", 2), ("b", 1)]),
    "csr_matrix": sparse.csr_matrix(X),
    "csc_array": sparse.csc_array(X),
    "coo_array": sparse.coo_array(X),
}
TARGETS = {
    "list": Y.tolist(),
    "bool": Y > 0,
    "frame": pandas.DataFrame(Y, columns=["data"]),
    "nullable frame": pandas.DataFrame(Y, columns=["data"], dtype="Int64"),
    "series as a frame": pandas.Series(Y[:, 0] > 0, dtype="boolean").to_frame(),
    "index in another order": pandas.DataFrame(Y, index=range(12)[::-1]),
    "sparse": sparse.csr_matrix(Y),
}


def network(dtype=None):
    return nn.MLP([3, 2, 1], output=nn.Sigmoid, rng=0, dtype=dtype)


def fitted(x, y, validation=None, dtype=None, loss=nn.binary_cross_entropy):
    model = network(dtype)
    sgd = nn.SGD(model.parameters(), 0.1)
    h = nn.fit(model, x, y, loss, sgd, 2, 5, rng=0, progress=False, validation=validation)
    return np.append(nn.vec(model), h[-1]["loss"])


def drawn(picture, x, y):
    return picture(network(), x, y, nn.binary_cross_entropy).svg()


USES = {
    "fit": fitted,
    "validation": lambda x, y: fitted(X, Y, (x, y)),
    "minimize": lambda x, y: nn.minimize(network(), x, y, nn.binary_cross_entropy).x,
    "observation_gradients": lambda x, y: nn.observation_gradients(
        network(), x, y, nn.binary_cross_entropy
    ),
    "gradient_flow": lambda x, y: drawn(viz.gradient_flow, x, y),
}
USES_OF_X = {
    "model": lambda x: network()(x).data,
    "layer": lambda x: nn.Linear(3, 2, rng=0)(x).data,
    "Standardize": lambda x: [t.data for t in (lambda s: (s.mean, s.std))(nn.Standardize(x))],
    "standardized": lambda x: np.asarray(nn.Standardize(X)(x).data),
    "dead_neurons": lambda x: nn.dead_neurons(nn.MLP([3, 4, 1], nn.ReLU, rng=0), x),
}


def same(a, b):
    return a == b if isinstance(a, str) else np.array_equal(a, b)


@pytest.mark.parametrize("use", USES)
def test_every_form_gives_the_same_numbers(use):
    expected = USES[use](X, Y)
    for name, table in TABLES.items():
        assert same(USES[use](table, Y), expected), name
    for name, target in TARGETS.items():
        assert same(USES[use](X, target), expected), name


@pytest.mark.parametrize("use", USES_OF_X)
def test_every_form_of_x_alone_gives_the_same_numbers(use):
    expected = USES_OF_X[use](X)
    for name, table in TABLES.items():
        if name != "objects" or use in ("Standardize", "dead_neurons"):  # layers take numbers
            assert same(USES_OF_X[use](table), expected), name


def test_one_row_of_a_table_is_pictured():
    expected = drawn(viz.network, X[0], Y[0])
    assert drawn(viz.network, sparse.csr_matrix(X[:1]), Y[0]) == expected
    mixed, nullable = frame(("data", "b", "c")), frame(b="boolean")
    for row, table in (
        (mixed.iloc[0], mixed),
        (mixed.iloc[:1], mixed),
        (nullable.iloc[0], nullable),
    ):
        named = functools.partial(viz.network, names=list(table.columns))  # a table has names
        assert drawn(viz.network, row, Y[0]) == drawn(named, X[0], Y[0]) != expected
    for y in (
        TARGETS["frame"].iloc[0],
        TARGETS["frame"].iloc[:1],
        TARGETS["nullable frame"].iloc[0],
    ):
        assert drawn(viz.network, X[0], y) == expected


@pytest.mark.parametrize("name", TABLES)
def test_a_float32_model_computes_in_float32(name):
    model = network(np.float32)
    fitted(TABLES[name], Y, dtype=np.float32)
    if nn.tables.is_table(TABLES[name]):
        assert model(TABLES[name]).dtype == np.float32


def with_(name, values):
    made = frame()
    made[name] = values
    return made


NA = [1, None] * 6
REFUSED = {  # what is said of it: the column, and what to do
    "nullable with NA": (with_("b", pandas.array(NA, dtype="Int64")), "'b'.*missing.*row 1.*fill"),
    "boolean with NA": (with_("b", pandas.array(NA, dtype="boolean")), "'b'.*missing.*row 1"),
    "Float64 with NA": (with_("c", pandas.array(NA, dtype="Float64")), "'c'.*missing.*row 1"),
    "objects with None": (with_("c", pandas.Series(NA, dtype=object)), "'c'.*None in row 1.*fill"),
    "objects with NA": (
        with_("c", pandas.Series([1, pandas.NA] * 6, dtype=object)),
        "'c'.*<NA> in row 1.*fill",
    ),
    "strings": (with_("c", ["north", "south"] * 6), "'c'.*columns of 0 and 1"),
    "string dtype": (with_("c", pandas.array(["n", "s"] * 6, "string")), "'c'.*columns of 0 and 1"),
    "categories": (with_("b", pandas.Categorical(["n", "s"] * 6)), "'b'.*columns of 0 and 1"),
    "categories that are numbers": (with_("b", pandas.Categorical([3, 7] * 6)), "'b'.*category"),
    "dates": (with_("a", pandas.date_range("2020", periods=12)), "'a'.*datetime64.*days"),
    "zoned dates": (with_("a", pandas.date_range("2020", periods=12, tz="UTC")), "'a'"),
    "durations": (with_("a", pandas.to_timedelta(range(12), "D")), "'a'.*duration"),
    "periods": (with_("a", pandas.period_range("2020", periods=12, freq="M")), "'a'"),
    "complex": (with_("a", FLOAT + 1j), "'a'.*complex.*imaginary"),
    "array of strings": (X.astype(str), "x of dtype <U"),
    "masked": (np.ma.masked_equal(X, 0), "masked entries.*fill"),
    "rows of unequal length": ([[1.0, 2.0, 3.0]] * 11 + [[1.0]], "rows of equal length"),
    "records": (frame(b=float, c=float).to_records(index=False), "fields"),
    "dict": ({"a": [1.0]}, "rows of numbers.*dict"),
    "None": (None, "rows of numbers.*None"),
    "text": ("data.csv", "rows of numbers.*data.csv"),
}
NOT_FINITE = {
    "NaN": (with_("b", [0.0, np.nan] * 6), "column 'b' of .*NaN or infinity, first in row 1"),
    "infinity": (with_("b", [0.0, np.inf] * 6), "column 'b' of .*NaN or infinity, first in row 1"),
    "array": (np.where(X[3] == X, np.nan, X), "NaN or infinity, first in row"),
    "sparse": (sparse.csr_matrix(np.where(X[3] == X, np.nan, X)), "NaN or infinity"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_number_is_refused_by_name(name):
    table, message = REFUSED[name]
    for called, use in USES.items():
        if called == "gradient_flow" and name == "None":  # without x it asks for `.grad`
            continue
        with pytest.raises(ValueError, match=message):
            use(table, Y)
        with pytest.raises(ValueError, match=message.replace("x of", "y of")):
            use(X, table)
    with pytest.raises(ValueError, match=message):
        nn.Standardize(table)
    if hasattr(table, "to_numpy"):
        with pytest.raises(ValueError, match="MLP.*" + message):
            network()(table)
        with pytest.raises(ValueError, match=message):
            nn.dead_neurons(network(), table)


@pytest.mark.parametrize("name", NOT_FINITE)
def test_what_is_not_finite_is_refused_by_name(name):
    table, message = NOT_FINITE[name]
    for use in ("fit", "validation", "minimize", "observation_gradients"):
        with pytest.raises(ValueError, match=message):
            USES[use](table, Y)
    with pytest.raises(ValueError, match=message):
        nn.Standardize(table)


def test_a_series_is_refused_by_its_name():
    wrong = pandas.Series(["yes", "no"] * 6, name="approved")
    with pytest.raises(ValueError, match=r"y \('approved'\) of dtype"):
        fitted(X, wrong)
    with pytest.raises(ValueError, match=r"y \('income'\) holds NaN .* row 3"):
        fitted(X, pandas.Series(np.where(np.arange(12) == 3, np.nan, 1.0), name="income"))


def test_the_advice_for_a_series_can_be_followed():
    y = pandas.Series(Y[:, 0], name="data", index=range(12)[::-1])
    with pytest.raises(ValueError, match="pandas object, target") as info:
        fitted(X, y)
    call = str(info.value).split("pandas object, ")[1].rstrip(".")
    assert same(fitted(X, eval(call, {"target": y})), fitted(X, Y))


def test_labels_come_as_a_series():
    labels = pandas.Series(Y[:, 0], dtype="Int64")
    model = nn.MLP([3, 2], rng=0)
    expected = nn.minimize(model, X, Y[:, 0].astype(int), nn.cross_entropy, tolerance=1e-2).fun
    model = nn.MLP([3, 2], rng=0)
    assert nn.minimize(model, frame(), labels, nn.cross_entropy, tolerance=1e-2).fun == expected


@pytest.mark.parametrize(
    "labels",
    [["columns", "b", "c"], ["to_numpy", "toarray", "items"], ["data", "name", "dtype"]],
)
def test_columns_may_be_called_as_a_frames_own_attributes(labels):
    table = pandas.DataFrame(X, columns=labels)
    model = nn.MLP([3, 2, 1], rng=0)
    np.testing.assert_array_equal(model(table).data, model(X).data)
    np.testing.assert_array_equal(model(table.iloc[0]).data, model(X[0]).data)
    assert same(fitted(table, Y), fitted(X, Y))
