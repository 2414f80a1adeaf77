"""Ours without recording: "fit" takes the steps as nn.fit does, "Step" as a loop of one's own; and
whole fits, beside a loop of plain NumPy.
"""

from types import SimpleNamespace

import numpy as np

from benchmarks.workload import Contest
from benchmarks.workloads import classification, regression


def steps(make, own_loop):
    """A builder. make: gives model, loss and optimizer of a problem. own_loop: whether each step is
    a call of nn.Step; or else one of those that fit takes within an epoch, with the numbers of the
    rows, and model and optimizer are left as they should be at its end only.
    """

    def build(problem):
        import nn
        from nn.training.samples import Sample

        model, loss, optimizer = make(problem)
        train, x, y = nn.Step(model, loss, optimizer), problem.x, problem.y
        sample, rows = Sample(x, y), np.arange(len(x))
        step = (lambda: train(x, y)) if own_loop else (lambda: train.on(sample, rows))
        for _ in range(12):  # the first are recorded
            step()
        train.settle()
        for p, w in zip(model.parameters(), problem.weights, strict=True):
            p.data = w

        def results():
            train.settle()
            assert train.replayed or own_loop  # a large model's are recorded there
            return [p.data for p in model.parameters()]

        return Contest(step, results)

    return build


def regressor(problem):
    import nn

    model = nn.MLP(problem.sizes, nn.Tanh)
    for p, w in zip(model.parameters(), problem.weights, strict=True):
        p.data = w
    return model, nn.mse_loss, nn.SGD(model.parameters(), lr=problem.lr)


def classifier(problem):
    import nn

    dtype = problem.weights[0].dtype
    model = nn.MLP(problem.sizes, nn.ReLU, dtype=dtype)
    for p, w in zip(model.parameters(), problem.weights, strict=True):
        p.data = w
    return model, nn.cross_entropy, nn.SGD(model.parameters(), lr=problem.lr)


OF_REGRESSION = {"fit": steps(regressor, False), "Step": steps(regressor, True)}
OF_CLASSIFICATION = {"fit": steps(classifier, False), "Step": steps(classifier, True)}

# Whole fits.


def small_fit():
    return SimpleNamespace(**vars(regression.problem(n=1000)), epochs=50)


def digits_fit():
    """As many numbers as scikit-learn's digits."""
    digits = classification.problem((64, 32, 10), 1797)
    digits.weights, digits.x = [w.astype(float) for w in digits.weights], digits.x.astype(float)
    return SimpleNamespace(**vars(digits), epochs=20)


def fits(make, replay):
    """A builder of nn.fit, with everything that its history tells."""

    def build(problem):
        import nn

        model, loss, optimizer = make(problem)

        def step():
            options = {"batch_size": 32, "rng": 0, "progress": False, "replay": replay}
            return nn.fit(model, problem.x, problem.y, loss, optimizer, problem.epochs, **options)[
                -1
            ]["loss"]

        return Contest(step, lambda: [p.data for p in model.parameters()])

    return build


def by_hand(of_batch):
    """A builder of the loop that one would write: shuffling, the rows, the step, the mean loss."""

    def build(problem):
        weights, x, y, n = [w.copy() for w in problem.weights], problem.x, problem.y, len(problem.x)

        def step():
            rng = np.random.default_rng(0)
            for _ in range(problem.epochs):
                order, total = rng.permutation(n), 0.0
                for start in range(0, n, 32):
                    rows = order[start : start + 32]
                    loss, gradients = of_batch(weights, x[rows], y[rows])
                    total += loss * len(rows)
                    for w, g in zip(weights, gradients, strict=True):
                        w -= problem.lr * g
            return total / n

        return Contest(step, lambda: weights)

    return build


def of_small(weights, x, y):
    w1, b1, w2, b2, w3, b3 = weights
    h1 = np.tanh(x @ w1.T + b1)
    h2 = np.tanh(h1 @ w2.T + b2)
    error = h2 @ w3.T + b3 - y
    g3 = error * (2 / error.size)
    g2 = g3 @ w3 * (1 - h2 * h2)
    g1 = g2 @ w2 * (1 - h1 * h1)
    gradients = [g1.T @ x, g1.sum(axis=0), g2.T @ h1, g2.sum(axis=0), g3.T @ h2, g3.sum(axis=0)]
    return np.mean(error**2), gradients


def of_digits(weights, x, y):
    w1, b1, w2, b2 = weights
    s = x @ w1.T + b1
    h = np.maximum(s, 0)
    loss, g2 = classification.plain_loss(h @ w2.T + b2, y)
    g1 = g2 @ w2 * (s > 0)
    return loss, [g1.T @ x, g1.sum(axis=0), g2.T @ h, g2.sum(axis=0)]


def whole(make, of_batch):
    return {"plain": by_hand(of_batch), "ours": fits(make, False), "fit": fits(make, True)}


SMALL, DIGITS = whole(regressor, of_small), whole(classifier, of_digits)

# The update of W5's parameters by Adam.


def adam():
    parameters = classification.problem((1024, 2048, 2048, 10), 1).weights
    rng = np.random.default_rng(1)
    gradients = [rng.standard_normal(w.shape, dtype=w.dtype) for w in parameters]
    return SimpleNamespace(weights=parameters, gradients=gradients)


def update(problem):
    """Ours: block by block."""
    import autograd_lite as ag
    import nn

    parameters = [ag.Tensor(w, requires_grad=True) for w in problem.weights]
    for p, g in zip(parameters, problem.gradients, strict=True):
        p.grad = g
    optimizer = nn.Adam(parameters)

    def step():
        optimizer.step()
        return float(parameters[0].data[0, 0])

    return Contest(step, lambda: [p.data for p in parameters])


def update_whole(problem):
    """The same formulas on whole arrays."""
    weights, t = [w.copy() for w in problem.weights], 0
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]

    def step():
        nonlocal t
        t += 1
        for i, (w, g) in enumerate(zip(weights, problem.gradients, strict=True)):
            m, v = moments[i]
            m = 0.9 * m + (1 - 0.9) * g
            v = 0.999 * v + (1 - 0.999) * (g * g)
            moments[i] = m, v
            w -= 0.001 / (1 - 0.9**t) * m / (np.sqrt(v) / np.sqrt(1 - 0.999**t) + 1e-8)
        return float(weights[0][0, 0])

    return Contest(step, lambda: weights)


UPDATE = {"plain": update_whole, "ours": update}
