"""Everything that an array has, a Tensor has with NumPy's meaning, or refuses in words."""

import numpy as np
import pytest

import autograd_lite as ag

RNG = np.random.default_rng(0)
MATRIX = RNG.permutation(np.linspace(-1.5, 2.0, 12)).reshape(3, 4)

# Attributes: the same as the array's; those whose value is a Tensor are differentiated.
ATTRIBUTES = ("shape", "ndim", "size", "dtype", "itemsize", "nbytes", "strides", "device")
TRANSPOSED = ("T", "mT", "real", "imag", "flat")
# Methods that give a Tensor, each with calls.
DIFFERENTIABLE = {
    "astype": [(float,)],
    "choose": [],  # an array of floats has it, and refuses
    "clip": [(-1.0, 1.0), (None, 0.5)],
    "compress": [([True, False, True], 0), ([1, 0, 1, 1],)],
    "conj": [()],
    "conjugate": [()],
    "copy": [()],
    "cumprod": [(), (1,)],
    "cumsum": [(), (0,)],
    "diagonal": [(), (1,), (-1, 1, 0)],
    "dot": [(np.arange(4.0),)],
    "flatten": [(), ("F",)],
    "max": [(), (1,)],
    "mean": [(), (0,)],
    "min": [(), (1,)],
    "prod": [(), (1,)],
    "ravel": [(), ("F",)],
    "repeat": [(2,), ([1, 2, 0], 0)],
    "reshape": [(4, 3), ((2, 6),), (-1,)],
    "squeeze": [()],
    "std": [(), (0,)],
    "sum": [(), (0,), ((0, 1),)],
    "swapaxes": [(0, 1)],
    "take": [([0, 5, 5],), ([1, 1], 1)],
    "trace": [(), (1,), (0, 1, 0)],
    "transpose": [(), (1, 0), ((1, 0),)],
    "var": [(), (0,)],
}
# Methods that give plain values.
PLAIN = {
    "all": [(), (0,)],
    "any": [()],
    "argmax": [(), (1,)],
    "argmin": [(), (1,)],
    "argpartition": [(2,)],
    "argsort": [(), (0,)],
    "item": [(3,), (1, 2), ((1, 2),)],
    "nonzero": [()],
    "round": [(), (1,)],
    "tolist": [()],
}
REFUSED = {
    "byteswap": [()],
    "dump": [("file",)],
    "dumps": [()],
    "fill": [(1.0,)],
    "getfield": [(np.int32,)],
    "partition": [(1,)],
    "put": [([0], 1.0)],
    "resize": [((2, 2),)],
    "setfield": [(1, np.int32)],
    "setflags": [(False,)],
    "sort": [(), (0,)],
    "to_device": [("cpu",)],
    "tobytes": [(), ("F",)],
    "tofile": [("file",)],
    "view": [(), (np.int64,)],
}
OTHERS = {"base", "ctypes", "data", "flags", "searchsorted"}  # each has a test
# What Python and NumPy look up; a Tensor takes operators and conversions, not memory.
SPECIAL = {
    "__and__", "__or__", "__xor__", "__invert__", "__lshift__", "__rshift__",  # of whole numbers
    "__rand__", "__ror__", "__rxor__", "__rlshift__", "__rrshift__",
    "__iand__", "__ior__", "__ixor__", "__ilshift__", "__irshift__",
    "__index__", "__delitem__", "__class_getitem__", "__setstate__",
    "__copy__", "__deepcopy__",  # copy.copy takes __reduce__
    "__array_interface__", "__array_struct__", "__array_finalize__", "__array_priority__",
    "__array_wrap__", "__array_namespace__", "__dlpack__", "__dlpack_device__",
}  # fmt: skip


def parameter():
    return ag.Tensor(MATRIX, requires_grad=True)


def calls(table):
    return pytest.mark.parametrize(
        ("name", "arguments"),
        [(name, arguments) for name, several in table.items() for arguments in several],
        ids=str,
    )


def test_each_name_of_an_array_is_accounted_for():
    names = {name for name in dir(np.ndarray) if name[0] != "_" and hasattr(MATRIX, name)}
    accounted = {*ATTRIBUTES, *TRANSPOSED, *DIFFERENTIABLE, *PLAIN, *REFUSED, *OTHERS}
    assert names - {"tostring"} <= accounted, names - accounted  # (of NumPy 2.0)
    assert [name for name in accounted if not hasattr(parameter(), name)] == []
    operators = {name for name in dir(np.ndarray) if name.startswith("__")}
    assert {name for name in operators if not hasattr(ag.Tensor, name)} <= SPECIAL


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes_are_the_arrays(name):
    for data in (MATRIX, MATRIX.T[1:], np.float32([1.0]), np.float64(2.0)):
        x = ag.Tensor(data, requires_grad=True)
        if hasattr(x.data, name):  # (NumPy 2.0 has no device of a number)
            assert getattr(x, name) == getattr(x.data, name)


def test_memory_is_looked_at_not_changed():
    x = parameter()
    assert x.flags.c_contiguous and x.flags.writeable
    assert not np.exp(x).flags.writeable
    assert x.base is None and x.ctypes.data == x.data.ctypes.data


@pytest.mark.parametrize("name", TRANSPOSED)
def test_attributes_that_are_tensors_have_gradients(name):
    x, plain = parameter(), getattr(MATRIX, name)
    assert isinstance(getattr(x, name), ag.Tensor)
    np.testing.assert_array_equal(getattr(x, name).data, plain)
    ag.check_gradient(lambda x: getattr(x, name), MATRIX)
    with pytest.raises(AttributeError):
        setattr(x, name, MATRIX)


def test_parts_of_a_complex_result():
    spectrum = lambda x: np.fft.fft(x)
    for name in ("real", "imag"):
        np.testing.assert_array_equal(
            getattr(spectrum(parameter()), name).data, getattr(spectrum(MATRIX), name)
        )
        ag.check_gradient(lambda x, name=name: getattr(spectrum(x), name), MATRIX)
    conjugates = [getattr(spectrum(parameter()), name)().data for name in ("conj", "conjugate")]
    np.testing.assert_array_equal(conjugates, [spectrum(MATRIX).conj()] * 2)


def test_a_vector_has_no_matrix_transpose_as_in_numpy():
    with pytest.raises(ValueError, match="at least 2-dimensional"):
        ag.Tensor([1.0, 2.0]).mT  # noqa: B018
    stack = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(ag.Tensor(stack).mT.data, stack.mT)


@calls(DIFFERENTIABLE)
def test_methods_have_numpys_values_and_gradients(name, arguments):
    result = getattr(parameter(), name)(*arguments)
    np.testing.assert_array_equal(result.data, getattr(MATRIX, name)(*arguments))
    assert result.requires_grad
    ag.check_gradient(lambda x: getattr(x, name)(*arguments), MATRIX)


@calls(PLAIN)
def test_methods_with_plain_results_have_numpys(name, arguments):
    result, plain = (getattr(x, name)(*arguments) for x in (parameter(), MATRIX))
    assert type(result) is type(plain)
    np.testing.assert_equal(result, plain)


@calls(REFUSED)
def test_what_would_change_it_is_refused_in_words(name, arguments):
    for x in (parameter(), ag.Tensor(MATRIX)):
        with pytest.raises(TypeError, match=r"np\.sort|np\.where|np\.ones|x\.astype"):
            getattr(x, name)(*arguments)
        np.testing.assert_array_equal(x.data, MATRIX)


def test_places_in_a_sorted_array():
    x = ag.Tensor([1.0, 2.0, 4.0], requires_grad=True)
    assert x.searchsorted(3.0) == 2 and x.searchsorted([2.0], side="right").tolist() == [2]


def test_an_array_of_floats_chooses_nothing():
    with pytest.raises(TypeError):
        MATRIX.choose([MATRIX, MATRIX])
    with pytest.raises(TypeError):
        parameter().choose(MATRIX, out=MATRIX)


@pytest.mark.parametrize("value", [2.0, -1.5, 17.0, [2.0, 0.0, 0.0, 0.0]], ids=str)
def test_in(value):
    assert (value in parameter()) == (value in MATRIX)


@pytest.mark.parametrize("other", [0.7, np.full((3, 4), -0.3), [1.0, 2.0, 3.0, 4.0]], ids=type)
def test_divmod(other):
    x = parameter()
    for ours, numpys in (
        (divmod(x, other), divmod(MATRIX, other)),
        (divmod(other, x), divmod(other, MATRIX)),
    ):
        np.testing.assert_array_equal(ours[0], numpys[0])
        np.testing.assert_array_equal(ours[1].data, numpys[1])
    ag.check_gradient(lambda x: divmod(x, 0.7)[1], MATRIX)


def test_the_same_in_numbers():
    """A tensor of one number holds a NumPy scalar, which has fewer methods than an array."""
    t = ag.Tensor(2.0, requires_grad=True)
    assert t.argsort().tolist() == [0] and t.take([0, 0]).data.tolist() == [2.0, 2.0]
    assert t.repeat(2).data.tolist() == [2.0, 2.0] and t.flat.data.tolist() == [2.0]
    assert t.round() == 2.0 and t.cumprod().data.tolist() == [2.0] and 2.0 in t
    assert t.real.item() == 2.0 and t.imag.item() == 0.0 and t.strides == ()
