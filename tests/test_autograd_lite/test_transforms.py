"""grad, value_and_grad, vjp, jacobian and hessian: nested structures, several arguments,
derivatives of derivatives.
"""

from typing import NamedTuple

import numpy as np
import pytest

import autograd_lite as ag

x, y = np.array([0.5, -1.0, 2.0]), np.array([[1.0, 2.0, 3.0], [0.5, -0.5, 1.5]])


class Layer(NamedTuple):
    weight: np.ndarray
    bias: np.ndarray


def test_gradients_have_the_structure_of_their_arguments():
    parameters = {"layers": [Layer(y, np.zeros(2)), Layer(y.T, np.ones(3))], "scale": 2.0}

    def f(p, x):
        for layer in p["layers"]:
            x = np.tanh(layer.weight @ x + layer.bias)
        return np.sum(x * p["scale"])

    value, gradient = ag.value_and_grad(f)(parameters, x)
    assert isinstance(gradient["layers"][0], Layer)
    assert gradient["layers"][1].bias.shape == (3,)
    assert type(gradient["layers"][0].weight) is np.ndarray
    assert value == pytest.approx(2 * gradient["scale"])


def test_grad_of_grad():
    cube = lambda x: x**3
    assert ag.grad(ag.grad(ag.grad(cube)))(2.0) == 6.0
    assert ag.grad(lambda x: x * ag.grad(lambda y: x * y)(2.0))(3.0) == 6.0


def test_hessian_of_several_arguments():
    f = lambda a, b: np.sum(a**2 * b) + np.sum(np.sin(b))
    (aa, ab), (ba, bb) = ag.hessian(f, argnums=(0, 1))(x, x + 1)
    np.testing.assert_allclose(aa, np.diag(2 * (x + 1)))
    np.testing.assert_allclose(ab, np.diag(2 * x))
    np.testing.assert_allclose(ba, ab.T)
    np.testing.assert_allclose(bb, np.diag(-np.sin(x + 1)))


def test_hessian_of_a_structure():
    f = lambda p: np.sum(p["w"] ** 2) * p["b"]
    H = ag.hessian(f)({"w": x, "b": 3.0})
    np.testing.assert_allclose(H["w"]["w"], 6 * np.eye(3))
    np.testing.assert_allclose(H["w"]["b"], 2 * x)
    np.testing.assert_allclose(H["b"]["w"], 2 * x)
    assert H["b"]["b"] == 0


def test_jacobian_of_a_function_with_several_values():
    f = lambda x: {"sum": np.sum(x), "products": [np.outer(x, x), x[1:] * 2]}
    J = ag.jacobian(f)(x)
    np.testing.assert_allclose(J["sum"], np.ones(3))
    assert J["products"][0].shape == (3, 3, 3)
    np.testing.assert_allclose(J["products"][1], [[0, 2, 0], [0, 0, 2]])


def test_jacobian_of_jacobian():
    f = lambda x: x**3 * np.sum(x)
    J2 = ag.jacobian(ag.jacobian(f))(x)
    H = np.stack([ag.hessian(lambda x, i=i: f(x)[i])(x) for i in range(3)])
    np.testing.assert_allclose(J2, H)


def test_jacobian_of_empty_values_and_empty_arguments():
    assert ag.jacobian(lambda x: x[:0] * 2)(x).shape == (0, 3)
    assert ag.jacobian(lambda e: np.sum(e) + x)(np.zeros((0, 2))).shape == (3, 0, 2)


def test_hessian_vector_products():
    f = lambda x: np.sum(np.exp(x) * x[::-1])
    v = np.array([1.0, 2.0, -1.0])
    t = ag.Tensor(x, requires_grad=True)
    (g,) = ag.gradients(f(t), [t], create_graph=True)
    np.testing.assert_allclose(ag.gradients(np.sum(g * v), [t])[0], ag.hessian(f)(x) @ v)


def test_pullbacks_can_be_differentiated():
    value, pullback = ag.vjp(lambda x: np.tanh(x), x)
    assert type(value) is np.ndarray
    seed = ag.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    (pulled,) = pullback(seed)
    np.testing.assert_allclose(ag.gradients(np.sum(pulled), [seed])[0], 1 - np.tanh(x) ** 2)


def test_scipy_minimizes_with_it():
    optimize = pytest.importorskip("scipy.optimize")
    rosenbrock = lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    found = optimize.minimize(ag.value_and_grad(rosenbrock), np.zeros(5), jac=True, method="BFGS")
    np.testing.assert_allclose(found.x, np.ones(5), atol=1e-5)
    assert optimize.check_grad(rosenbrock, ag.grad(rosenbrock), x) < 1e-4


def test_a_tuple_of_results_is_named_for_what_it_is():
    with pytest.raises(TypeError, match=r"returned tuple.*np\.stack"):
        ag.grad(lambda x: (x, x))(1.0)
