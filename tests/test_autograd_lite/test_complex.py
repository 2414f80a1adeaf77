"""Complex numbers on the way from real ones to a real result: NumPy's value and the gradient by
differences, or a refusal. So for every function in the tables, each of its arguments made complex.
"""

import numpy as np
import pytest
from samples import CONSTANT_SAMPLES, SAMPLES, Sample, results

import autograd_lite as ag
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.kinds import COMPLEX, CONSTANTS, FORMULAS

pytestmark = pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")

# Which of them must not be refused: the rules that are declared right, and these.
RIGHT = {
    *(COMPLEX & RULES.keys() - {np.fft.rfft}),
    *(np.vdot, np.vecdot, np.linalg.vecdot, np.inner, np.outer, np.tensordot, np.kron, np.trace),
    *(np.linalg.matmul, np.linalg.matrix_power, np.cross, np.diff, np.convolve, np.correlate),
    *(np.interp, np.polyval, np.average, np.cov, np.corrcoef, np.nansum, np.pad, np.select),
    *(np.vstack, np.hstack, np.block, np.append, np.fft.fftn, np.fft.ifft2, np.fft.hfft, np.angle),
    *(np.add, np.multiply, np.divide, np.power, np.sqrt, np.log, np.sin, np.tanh, np.arccosh),
    *([np.matvec, np.vecmat] if hasattr(np, "matvec") else []),
}


def bent(x):
    """Complex numbers made of real ones."""
    return x + 1j * (0.3 * x + 0.4)


def ways(sample):
    """The sample as functions of its real inputs, of which one, or all, are bent before."""
    n = len(sample.inputs)
    for chosen in [*({i} for i in range(n)), *([set(range(n))] if n > 1 else [])]:
        yield lambda *inputs, chosen=chosen: sample(
            *[bent(x) if i in chosen else x for i, x in enumerate(inputs)]
        )


def one_number(f):
    """The sum of all entries' real and imaginary parts, with weights in which nothing cancels."""

    def total(*inputs):
        values = [np.reshape(r, -1) for r in results(f(*inputs)) if np.result_type(r).kind in "fc"]
        y = np.concatenate([half for value in values for half in (np.real(value), np.imag(value))])
        return np.sum(y * np.cos(np.arange(y.size)))

    return total


def verdict(f, inputs):
    """ "right" or "refused". Raises AssertionError where a value or a derivative is wrong."""
    try:
        recorded = results(f(*[ag.Tensor(x, requires_grad=True) for x in inputs]))
    except (TypeError, ValueError):
        return "refused"
    for value, plain in zip(recorded, results(f(*inputs)), strict=True):  # NumPy takes it, too
        value = getattr(value, "_array", value)
        if value.dtype.kind == "f" and not np.any(np.imag(plain)):
            plain = np.real(
                plain
            )  # an older NumPy's np.linalg.cond is complex, with nothing behind
        assert np.result_type(value) == np.result_type(plain)
        np.testing.assert_allclose(value, plain, rtol=1e-12, atol=1e-12, strict=True)
    ways_to_go = [np.cos(np.arange(x.size) + 0.5).reshape(x.shape) for x in inputs]
    along = lambda t: one_number(f)(*[x + t * w for x, w in zip(inputs, ways_to_go, strict=True)])
    try:
        ag.check_gradient(along, 0.0)
        ag.check_gradient(along, 0.0, order=2)
    except TypeError:
        return "refused"
    return "right"


DECLARED = [f for f in dict.fromkeys((*RULES, *FORMULAS)) if f in SAMPLES]


@pytest.mark.parametrize("function", DECLARED, ids=name_of)
def test_complex_numbers_are_right_or_refused(function):
    found = {
        verdict(f, sample.inputs)
        for sample in [Sample(function, *call) for call in SAMPLES[function]]
        for f in ways(sample)
    }
    if function in RIGHT:
        assert "right" in found


@pytest.mark.parametrize("function", sorted(CONSTANTS, key=name_of), ids=name_of)
def test_plain_results_of_complex_numbers_are_flat(function):
    """z/|z| turns with z, so np.sign of complex numbers is no constant."""
    for sample in [Sample(function, *call) for call in CONSTANT_SAMPLES.get(function, [])]:
        for f in ways(sample):
            try:
                here, there = (f(*[ag.Tensor(x + h) for x in sample.inputs]) for h in (0, 1e-6))
            except (TypeError, ValueError):
                continue
            if function is not np.empty_like and isinstance(here, np.ndarray):
                np.testing.assert_array_equal(here, there)


def test_a_formula_for_real_numbers_alone_would_be_noticed(monkeypatch):
    monkeypatch.setitem(FORMULAS, np.vdot, lambda a, b: np.dot(np.ravel(a), np.ravel(b)))
    with pytest.raises(AssertionError):
        test_complex_numbers_are_right_or_refused(np.vdot)
    monkeypatch.setitem(RULES, np.conjugate, (lambda g, y, x: g,))
    with pytest.raises(AssertionError):
        test_complex_numbers_are_right_or_refused(np.conjugate)
    monkeypatch.setattr("autograd_lite.arrays.COMPLEX", {*COMPLEX, np.sign})
    with pytest.raises(AssertionError):
        test_plain_results_of_complex_numbers_are_flat(np.sign)


@pytest.mark.parametrize(
    "energy",
    [
        lambda z: np.vdot(z, z),
        lambda z: np.vecdot(z, z),
        lambda z: np.linalg.vecdot(z, z),
        lambda z: np.inner(z, np.conj(z)),
        lambda z: np.einsum("i,i", z, np.conj(z)),
        lambda z: np.trace(np.outer(z, np.conj(z))),
        lambda z: np.sum(np.abs(z) ** 2),
        lambda z: np.sum(np.real(z) ** 2 + np.imag(z) ** 2),
        lambda z: np.correlate(z, z, "valid")[0],
        lambda z: z @ np.conj(z),
    ],
)
def test_the_energy_of_a_signal_is_that_of_its_spectrum(energy):
    """Parseval: Σ|fft(x)|² = n Σx², whose gradient is 2nx."""
    x = np.array([0.3, 1.2, 2.5, -0.7])
    value, gradient = ag.value_and_grad(lambda x: np.real(energy(np.fft.fft(x))))(x)
    np.testing.assert_allclose(value, 4 * np.sum(x**2))
    np.testing.assert_allclose(gradient, 8 * x)


@pytest.mark.parametrize("name", ["cov", "corrcoef"])
def test_covariances_of_complex_numbers_agree_with_pytorch(name):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=(2, 3, 5))
    ours = lambda x: np.sum(np.abs(getattr(np, name)(x[0] + 1j * x[1]) * np.arange(1, 4)))
    leaf, weights = torch.tensor(x, requires_grad=True), torch.arange(1.0, 4, dtype=torch.float64)
    theirs = torch.abs(getattr(torch, name)(torch.complex(leaf[0], leaf[1])) * weights).sum()
    theirs.backward()
    value, gradient = ag.value_and_grad(ours)(x)
    np.testing.assert_allclose(value, theirs.item(), rtol=1e-12)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-10, atol=1e-12)
