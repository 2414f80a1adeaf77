"""check_gradient of functions that know nothing of Tensors: by hand beside numerical."""

import math

import numpy as np
import pytest

import autograd_lite as ag

rng = np.random.default_rng(0)
X = np.c_[np.ones(80), rng.normal(size=(80, 2))]
BOUGHT = (rng.random(80) < 0.4) * 1.0
BETA = np.array([0.1, -0.2, 0.3])


def test_plain_python():
    comparison = ag.check_gradient(math.sin, 0.3, analytic=math.cos)
    assert list(comparison.columns) == ["by hand", "numerical"]
    assert "Nothing is backpropagated: given Tensors, sin " in comparison.verdict()
    with pytest.raises(AssertionError, match=r"by x1 the gradient by hand is -0\.95.*one 0\.95"):
        ag.check_gradient(math.sin, 0.3, analytic=lambda x: -math.cos(x))


def test_several_inputs_and_a_gradient_that_is_a_value():
    f = lambda a, b: float(a) * math.exp(float(b[0]))
    ag.check_gradient(f, 2.0, [1.0], analytic=[math.e, [2 * math.e]])
    with pytest.raises(AssertionError, match=r"by x2\[0\] the gradient by hand"):
        ag.check_gradient(f, 2.0, [1.0], analytic=[math.e, [math.e]])


def test_it_gets_arrays_of_its_own_of_the_dtype_given():
    seen = []

    def f(x):
        seen.append(type(x))
        assert x.dtype == np.float32
        total = float(np.sum(x * x))
        x[:] = 0  # whoever keeps its numbers there
        return total

    def by_hand(x):
        gradient = 2 * x
        x[:] = 0
        return gradient

    f_of_arrays = lambda x: f(np.asarray(x))
    x = np.float32([1, 2, 3])
    assert ag.check_gradient(f_of_arrays, x, analytic=by_hand).tolerance == 1e-4
    with pytest.raises(AssertionError):
        ag.check_gradient(f_of_arrays, x, analytic=lambda x: 2.01 * x)
    assert set(seen) == {np.ndarray} and list(x) == [1, 2, 3]


def test_a_function_with_several_numbers_and_all_their_derivatives():
    f = lambda x: [float(x[0]) ** 2, math.sin(float(x[0])) * float(x[1])]
    jacobian = lambda x: np.array([[2 * x[0], 0], [math.cos(x[0]) * x[1], math.sin(x[0])]])
    comparison = ag.check_gradient(f, [1.0, 2.0], analytic=jacobian)
    assert comparison.labels == [
        "x1[0] of f[0]",
        "x1[0] of f[1]",
        "x1[1] of f[0]",
        "x1[1] of f[1]",
    ]
    with pytest.raises(AssertionError, match=r"by x1\[0\] of f\[1\] the gradient by hand"):
        ag.check_gradient(f, [1.0, 2.0], analytic=lambda x: jacobian(x) * [[1, 1], [1.001, 1]])
    with pytest.raises(ValueError, match=r"got 2 entries.*of shape \(2, 2\), not \(2,\)"):
        ag.check_gradient(f, [1.0, 2.0], analytic=[2.0, 0.0])


def test_all_derivatives_by_hand_of_a_function_of_tensors_too():
    x = np.array([1.0, 2.0])
    comparison = ag.check_gradient(np.exp, x, analytic=lambda x: np.diag(np.exp(x)))
    assert list(comparison.columns) == ["by hand", "backpropagated", "numerical"]
    with pytest.raises(AssertionError, match=r"by x1\[1\] of f\[1\] the gradient by hand"):
        ag.check_gradient(np.exp, x, analytic=lambda x: np.diag(np.exp(x) * [1, 1.001]))


def test_without_a_gradient_by_hand_it_says_what_to_give():
    with pytest.raises(TypeError, match=r"takes arrays.*check_gradient\(f, x, analytic=gradient\)"):
        ag.check_gradient(lambda x: float(np.asarray(x).sum()), np.ones(2))
    with pytest.raises(TypeError, match=r"the record was lost.*analytic="):
        ag.check_gradient(lambda x: x.data.sum(), np.ones(2))


def test_what_is_wrong_in_itself_says_so_itself():
    """Whatever it is given: its own error, not one about Tensors."""
    with pytest.raises(ZeroDivisionError):
        ag.check_gradient(lambda x: 1 / 0, np.ones(2))
    with pytest.raises(ZeroDivisionError):
        ag.check_gradient(lambda x: 1 / 0, np.ones(2), analytic=np.ones(2))
    for result in (None, "x", 1j):
        with pytest.raises(TypeError, match="real numbers from f, or an array of them, got"):
            ag.check_gradient(_returning(result), np.ones(2), analytic=np.ones(2))


def _returning(result):
    def f(x):
        return result

    return f


def test_second_derivatives_need_a_record():
    with pytest.raises(TypeError, match="the record was lost"):
        ag.check_gradient(lambda x: x.item() ** 2, 2.0, order=2)


def test_an_error_beside_the_inputs_is_the_edge_of_its_domain():
    ag.check_gradient(math.log, 1e-7, analytic=lambda x: 1 / x)
    comparison = ag.check_gradient(math.sqrt, 0.0, analytic=lambda x: math.inf)
    assert "f raises ValueError" in comparison.verdict()
    assert "on the left, so the slope is the one on the right" in comparison.verdict()


def test_statsmodels():
    sm = pytest.importorskip("statsmodels.api")
    model = sm.Logit(BOUGHT, X)
    ag.check_gradient(model.loglike, BETA, analytic=model.score)
    ag.check_gradient(model.loglikeobs, BETA, analytic=model.score_obs)
    at_optimum = model.fit(disp=0).params
    ag.check_gradient(model.loglike, at_optimum, analytic=model.score)
    for wrong in (
        lambda b: 1.001 * model.score(b),
        lambda b: -model.score(b),
        lambda b: model.score(b) + np.array([0, 1e-3, 0]),
        lambda b: model.score(b) - b,  # a penalty that the function does not have
    ):
        with pytest.raises(AssertionError, match="the gradient by hand is"):
            ag.check_gradient(model.loglike, BETA, analytic=wrong)
    _raises(model.loglike, at_optimum, analytic=lambda b: model.score(b) - b)


def _raises(*arguments, **options):
    with pytest.raises(AssertionError):
        ag.check_gradient(*arguments, **options)


def test_pytorch():
    torch = pytest.importorskip("torch")
    w = rng.normal(size=(3, 2))
    f = lambda w: torch.tanh(torch.as_tensor(w)).pow(2).sum()

    def gradient(w):
        leaf = torch.tensor(w, requires_grad=True)
        f(leaf).backward()
        return leaf.grad

    ag.check_gradient(f, w, analytic=gradient)
    ag.check_gradient(lambda w: f(w).item(), w, analytic=gradient)
    _raises(f, w, analytic=lambda w: 1.001 * gradient(w))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("given", [np.float64, np.float32])
@pytest.mark.parametrize("returned", ["a tensor", "a float"])
def test_pytorch_in_float32(seed, given, returned):
    """What is rounded to float32 on the way is, whatever the type of the result says."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(seed)
    activation = [torch.nn.Tanh, torch.nn.Softplus, torch.nn.SiLU, torch.nn.ReLU][seed]
    model = torch.nn.Sequential(torch.nn.Linear(3, 8), activation(), torch.nn.Linear(8, 1))

    def f(x):
        loss = model(torch.as_tensor(x, dtype=torch.float32)).pow(2).mean()
        return loss if returned == "a tensor" else loss.item()

    def gradient(x):
        leaf = torch.tensor(x, dtype=torch.float32, requires_grad=True)
        model(leaf).pow(2).mean().backward()
        return leaf.grad.numpy() if returned == "a tensor" else leaf.grad.tolist()

    x = np.random.default_rng(seed).normal(size=(4, 3)).astype(given)
    ag.check_gradient(f, x, analytic=gradient)
    _raises(f, x, analytic=lambda x: 1.001 * np.asarray(gradient(x)))
    _raises(f, x, analytic=lambda x: -np.asarray(gradient(x)))
    _raises(f, x, analytic=lambda x: 0 * np.asarray(gradient(x)))


def test_jax():
    jax = pytest.importorskip("jax")
    f = lambda x: jax.numpy.sum(jax.numpy.sin(x) ** 2)
    x = rng.normal(size=4)
    ag.check_gradient(f, x, analytic=jax.grad(f))
    _raises(f, x, analytic=lambda x: 1.001 * jax.grad(f)(x))


def test_pandas():
    pd = pytest.importorskip("pandas")
    f = lambda x: pd.Series(np.asarray(x)).pow(2).sum()
    ag.check_gradient(f, np.ones(3), analytic=lambda x: pd.Series(2 * x))
    _raises(f, np.ones(3), analytic=lambda x: pd.Series(3 * x))
