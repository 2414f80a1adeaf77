"""What is no model of nn is named, with what to do: by every function that takes a model."""

import inspect

import numpy as np
import pytest

import nn

x, y = np.ones((4, 3)), np.ones((4, 1))
ours = nn.MLP([3, 1], rng=0)
sgd = nn.SGD(ours.parameters(), 0.1)

# Every public function or class whose first argument is a model.
USES = {
    nn.fit: lambda m: nn.fit(m, x, y, nn.mse_loss, sgd, 1, progress=False),
    nn.Step: lambda m: nn.Step(m, nn.mse_loss, sgd),
    nn.minimize: lambda m: nn.minimize(m, x, y, nn.mse_loss),
    nn.observation_gradients: lambda m: nn.observation_gradients(m, x, y, nn.mse_loss),
    nn.standard_errors: lambda m: nn.standard_errors(m, x, y, nn.mse_loss),
    nn.summary: lambda m: nn.summary(m, x, y, nn.mse_loss),
    nn.dead_neurons: lambda m: nn.dead_neurons(m, x),
    nn.thinned_networks: lambda m: list(nn.thinned_networks(m)),
    nn.vec: nn.vec,
    nn.unvec: lambda m: nn.unvec(m, np.ones(4)),
    nn.gradient_vector: nn.gradient_vector,
    nn.save: lambda m: nn.save(m, "never.npz"),
    nn.load: lambda m: nn.load(m, "never.npz"),
    nn.Penalty: nn.Penalty,
    nn.Ridge: lambda m: nn.Ridge(m, 0.1),
    nn.Lasso: lambda m: nn.Lasso(m, 0.1),
    nn.MaxNorm: lambda m: nn.MaxNorm(m, 1.0),
}


def of_torch():
    torch = pytest.importorskip("torch")

    class Own(torch.nn.Module):
        pass

    return torch.nn.Sequential(torch.nn.Linear(3, 1)), Own(), torch.nn.Linear(3, 1)


def of_sklearn():
    pytest.importorskip("sklearn")
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier(), LogisticRegression()


def of_ours():
    pytest.importorskip("sklearn")
    from nn.estimators import NetworkClassifier

    return (NetworkClassifier(),)


STRANGERS = {
    "PyTorch's (Sequential|Own|Linear).*nn.from_torch": of_torch,
    "scikit-learn's (MLPClassifier|LogisticRegression).*nn.from_sklearn": of_sklearn,
    "the estimator NetworkClassifier.*model.network_": of_ours,
    "the class (MLP|Linear).*Make one of it": lambda: (
        nn.MLP,
        nn.Linear,
    ),
    r"a (list|tuple)\. .*nn\.Sequential\(\*layers\)": lambda: (ours.layers, tuple(ours.layers)),
    "the model itself": lambda: (ours.parameters(), []),
    "Derive its class from nn.Module": lambda: (None, "model.npz", x, lambda x: x, ours.forward),
}


def test_no_function_that_takes_a_model_is_left_out():
    takes = set()
    for name in nn.__all__:
        made = getattr(nn, name)
        if callable(made) and "model" in list(inspect.signature(made).parameters)[:1]:
            takes.add(made)
    assert takes == set(USES)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
@pytest.mark.parametrize("message", STRANGERS)
def test_what_is_no_model_is_named(use, message):
    for stranger in STRANGERS[message]():
        with pytest.raises(TypeError, match=f"{use.__name__} needs a model.*({message})"):
            USES[use](stranger)


def test_a_model_is_no_state():
    for stranger in (*of_torch(), *of_sklearn(), ours, nn.MLP, [np.ones((1, 3))]):
        with pytest.raises(TypeError, match=r"load_state_dict needs a dict.*model.state_dict\(\)"):
            ours.load_state_dict(stranger)


@pytest.mark.parametrize(
    "use", [nn.fit, nn.minimize, nn.observation_gradients, nn.standard_errors, nn.summary]
)
def test_what_is_no_loss_is_named(use):
    torch = pytest.importorskip("torch")
    calls = {
        nn.fit: lambda loss: nn.fit(ours, x, y, loss, sgd, 1, progress=False),
        nn.minimize: lambda loss: nn.minimize(ours, x, y, loss),
        nn.observation_gradients: lambda loss: nn.observation_gradients(ours, x, y, loss),
        nn.standard_errors: lambda loss: nn.standard_errors(ours, x, y, loss),
        nn.summary: lambda loss: nn.summary(ours, x, y, loss),
    }
    of_torch = (torch.nn.MSELoss, torch.nn.MSELoss(), torch.nn.functional.mse_loss)
    for wrong in ("mse", None, [nn.mse_loss], nn.Sigmoid, *of_torch):
        with pytest.raises(TypeError, match=f"{use.__name__} needs a loss, a function of"):
            calls[use](wrong)
