"""The estimators of nn beside the MLPs of scikit-learn, at equal settings, on five of its data sets
with five splits each: python -m benchmarks.estimators
"""

import time
import warnings

import numpy as np
from sklearn import datasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nn.estimators import NetworkClassifier, NetworkRegressor

CLASSES = ("iris", "wine", "breast_cancer", "digits")
NUMBERS = ("diabetes",)
SPLITS = 5


def main():
    warnings.simplefilter("ignore", ConvergenceWarning)
    print("data set       ours    scikit-learn's  difference  time: ours  scikit-learn's")
    differences = []
    for name in (*CLASSES, *NUMBERS):
        scores, seconds = np.mean(list(rounds(name)), axis=0).T
        differences.append(scores[0] - scores[1])
        print(
            f"{name:14} {scores[0]:.4f}  {scores[1]:.4f}          {differences[-1]:+.4f}     "
            f"{seconds[0]:5.2f} s     {seconds[1]:5.2f} s"
        )
    print(f"mean difference of accuracy (of diabetes: R²): {np.mean(differences):+.4f}")


def rounds(name):
    """Of each split, of ours and theirs, (score, seconds)."""
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    split = StratifiedShuffleSplit if name in CLASSES else ShuffleSplit
    kinds = (NetworkClassifier, MLPClassifier)
    if name in NUMBERS:
        kinds = (NetworkRegressor, MLPRegressor)
    cut = split(SPLITS, test_size=0.25, random_state=0)
    for seed, (training, test) in enumerate(cut.split(x, y)):
        yield [measured(kind(random_state=seed), name, x, y, training, test) for kind in kinds]


def measured(estimator, name, x, y, training, test):
    if name in NUMBERS:
        estimator = TransformedTargetRegressor(estimator, transformer=StandardScaler())
    model = make_pipeline(StandardScaler(), estimator)
    start = time.perf_counter()
    model.fit(x[training], y[training])
    return model.score(x[test], y[test]), time.perf_counter() - start


if __name__ == "__main__":
    main()
