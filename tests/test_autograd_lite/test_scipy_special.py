"""SciPy's special functions: every derivative declared for them, against differences."""

import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("scipy")

from samples import Sample, call, spread
from scipy import special

import autograd_lite as ag
import autograd_lite.scipy_special as declared
from autograd_lite.derivatives import RULES, name_of

x, positive, part = spread(2, 3), spread(2, 3, low=0.3, high=3.0), spread(2, 3, low=0.1, high=0.9)
a, b = spread(3, low=0.4, high=2.5), spread(2, 1, low=0.6, high=1.9)
ANYWHERE = [
    "expit",
    "log_expit",
    "ndtr",
    "log_ndtr",
    "erf",
    "erfc",
    "erfcx",
    "erfi",
    "dawsn",
    "cosm1",
]
ANYWHERE += ["j0", "j1", "i0", "i1", "i0e", "i1e", "exp2", "exp10", "expm1"]
POSITIVE = [
    "entr",
    "gamma",
    "rgamma",
    "gammaln",
    "loggamma",
    "digamma",
    "y0",
    "y1",
    "k0",
    "k1",
    "k0e",
    "k1e",
]
POSITIVE += ["exp1", "expi", "log1p", "cbrt"]
PARTS = ["logit", "ndtri", "erfinv", "erfcinv", "ellipk", "ellipe"]
ORDERS = ["jv", "yv", "iv", "ive", "kv", "kve"]

SAMPLES = {
    **{getattr(special, name): [call(x), call(x[0, 0])] for name in ANYWHERE},
    **{getattr(special, name): [call(positive), call(positive[0, 0])] for name in POSITIVE},
    **{getattr(special, name): [call(part), call(part[0, 0])] for name in PARTS},
    **{
        getattr(special, name): [call(0, positive), call(2, positive), call(1.5, positive)]
        for name in ORDERS
    },
    **{
        f: [call(a, b), call(a, positive)]
        for f in (special.rel_entr, special.kl_div, special.xlogy, special.xlog1py)
    },
    **{f: [call(a, b), call(a, positive)] for f in (special.poch, special.beta, special.betaln)},
    special.ndtri_exp: [call(-positive)],
    np.i0: [call(positive)],
    declared.zeta: [call(2, positive), call(3.5, a)],
    declared.hazard: [call(4 * x)],
    declared.fraction: [call(a, b), call(0.0, positive)],
    declared.gamma_term: [call(positive, 1.5, 0.7, 0.2)],
    declared.beta_term: [call(part, 1.5, 0.3, 0.7, 0.2)],
    declared.exponential_integral: [call(np.array([[-2], [1]]), positive)],
    special.gammainc: [call(1.5, positive), call(3, a)],
    special.gammaincc: [call(1.5, positive), call(3, a)],
    special.betainc: [call(1.5, 0.7, part)],
    special.expn: [call(2, positive), call(3, a), call(np.array([[0], [1]]), positive)],
    special.hyp2f1: [call(0.5, 1.5, 2, part), call(1, 2.3, 0.7, -positive)],
    special.boxcox: [call(positive, 0.0), call(positive, 1.7)],
    special.boxcox1p: [call(positive, 0.0), call(positive, 1.7)],
    special.huber: [call(0.7, x), call(b, x), call(a, x)],
    special.pseudo_huber: [call(0.7, x), call(b, x), call(a, x)],
}
samples = pytest.mark.parametrize(
    "sample", [Sample(f, *c) for f, calls in SAMPLES.items() for c in calls], ids=str
)


@samples
def test_first_and_second_derivatives(sample):
    with np.errstate(all="raise", under="ignore"):
        ag.check_gradient(sample, *sample.inputs)
        ag.check_gradient(sample, *sample.inputs, order=2)


@samples
def test_many_gradients_at_once_are_those_of_the_loop(sample):
    value, pullback = ag.vjp(sample, *sample.inputs)
    rows = [pullback(seed) for seed in np.eye(value.size).reshape(-1, *value.shape)]
    found = ag.jacobian(sample, tuple(range(len(sample.inputs))))(*sample.inputs)
    for ours, column in zip(found, zip(*rows, strict=True), strict=True):
        np.testing.assert_allclose(ours, np.reshape(column, ours.shape), rtol=1e-13)


def test_every_declared_function_has_a_sample():
    theirs = {
        getattr(special, name)
        for name in special.__all__
        if isinstance(getattr(special, name), np.ufunc)
    }
    theirs -= {getattr(np, name) for name in np.__all__ if isinstance(getattr(np, name), np.ufunc)}
    ours = {f for f in RULES if getattr(f, "__module__", "") == declared.__name__}
    assert [name_of(f) for f in (theirs & RULES.keys()) | ours if f not in SAMPLES] == []


def test_functions_agree_with_ours():
    for theirs, ours in ((special.expit, ag.sigmoid), (special.ndtr, ag.normal_cdf)):
        t = ag.Tensor([-1000.0, -3.0, 0.0, 3.0, 1000.0], requires_grad=True)
        np.testing.assert_allclose(theirs(t).data, ours(t).data, rtol=1e-12)
        first, second = (ag.gradients(np.sum(f(t)), [t])[0] for f in (theirs, ours))
        np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-300)


def test_by_an_order_without_closed_form_it_raises():
    with pytest.raises(TypeError, match="no closed form"):
        ag.grad(lambda v: special.jv(v, 1.0))(0.5)


def run(program):
    """A fresh interpreter, because here everything is imported already."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


def test_importing_the_engine_does_not_import_scipy():
    assert run("import autograd_lite, sys; assert 'scipy' not in sys.modules").returncode == 0


def test_an_undeclared_function_names_the_import():
    program = (
        "import autograd_lite as ag, scipy.special; "
        "scipy.special.erf(ag.Tensor(1.0, requires_grad=True))"
    )
    assert "import autograd_lite.scipy_special" in run(program).stderr


@pytest.mark.parametrize("name", ["logsumexp", "softmax"])
def test_functions_that_do_not_dispatch_name_ours(name):
    with pytest.raises(TypeError, match=rf"ag\.{name}"):
        getattr(special, name)(ag.Tensor([1.0, 2.0], requires_grad=True))
