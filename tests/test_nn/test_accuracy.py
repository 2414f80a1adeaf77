"""Networks that learn something: digits and breast cancer.  pytest -m slow
tests/test_nn/test_accuracy.py
"""

import time
import warnings

import numpy as np
import pytest

import nn

sklearn = pytest.importorskip("sklearn")
pytestmark = pytest.mark.slow


def splits(x, y, seeds):
    from sklearn.model_selection import train_test_split

    return [train_test_split(x, y, test_size=0.25, stratify=y, random_state=seed) for seed in seeds]


def accuracy(model, x, y):
    return float(np.mean(model(x).data.argmax(axis=1) == y))


def test_digits_with_dropout_and_batch_normalization():
    from sklearn.datasets import load_digits

    found = []
    for seed, (x, test_x, y, test_y) in enumerate(splits(*load_digits(return_X_y=True), range(3))):
        start = time.perf_counter()
        network = nn.MLP([64, 128, 64, 10], nn.ReLU, keep=0.8, batchnorm=True, rng=seed)
        model = nn.Sequential(nn.Standardize(x), network)
        optimizer = nn.Adam(model.parameters(), lr=0.005)
        schedule = nn.CosineAnnealingLR(optimizer, 60)
        nn.fit(
            model,
            x,
            y,
            nn.cross_entropy,
            optimizer,
            60,
            batch_size=64,
            schedule=schedule,
            rng=seed,
            progress=False,
        )
        assert time.perf_counter() - start < 60
        found.append(accuracy(model, test_x, test_y))
    print(f"digits: {found}, mean {np.mean(found):.4f}")
    assert np.mean(found) >= 0.97


def test_breast_cancer_against_scikit_learns_network():
    from sklearn.datasets import load_breast_cancer
    from sklearn.neural_network import MLPClassifier

    ours, theirs = [], []
    for seed, (x, test_x, y, test_y) in enumerate(
        splits(*load_breast_cancer(return_X_y=True), range(5))
    ):
        standardize = nn.Standardize(x)
        x, test_x = standardize(x).data, standardize(test_x).data
        model = nn.MLP([30, 16, 8, 2], nn.ReLU, rng=seed)
        optimizer = nn.Adam(model.parameters(), lr=0.001)
        ridge = nn.Ridge(model, 1e-3)
        nn.fit(
            model,
            x,
            y,
            nn.cross_entropy,
            optimizer,
            200,
            batch_size=32,
            penalty=ridge,
            rng=seed,
            progress=False,
        )
        ours.append(accuracy(model, test_x, test_y))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it stops after 200 epochs
            theirs.append(MLPClassifier((16, 8), random_state=seed).fit(x, y).score(test_x, test_y))
    differences = np.array(ours) - np.array(theirs)
    print(f"breast cancer: ours {np.mean(ours):.4f} {ours}, theirs {np.mean(theirs):.4f} {theirs}")
    standard_error = np.std(theirs, ddof=1) / np.sqrt(len(theirs))
    assert np.mean(ours) >= np.mean(theirs) - standard_error, differences
