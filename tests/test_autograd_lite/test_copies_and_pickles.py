"""Leaves are copied and pickled, in this process and from an older one; results are not."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import autograd_lite as ag


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))]
)
def test_a_copy_is_a_leaf_of_its_own(again):
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    np.sum(w * w).backward()
    other = again(w)
    assert (other.name, other.requires_grad, other.function) == ("w", True, None)
    np.testing.assert_array_equal(other.grad, w.grad)
    assert not np.shares_memory(other.grad, w.grad)
    other.data -= 1
    np.testing.assert_array_equal(w.data, [1, 2])
    np.sum(other * other).backward()


def test_a_result_says_why_it_cannot():
    with pytest.raises(
        TypeError,
        match=r"made by np.exp cannot be copied or pickled with its record. Take .detach\(\)",
    ):
        pickle.dumps(np.exp(ag.Tensor(1.0, requires_grad=True)))


def test_a_pickle_from_a_long_process_is_no_younger_than_what_is_computed_from_it(tmp_path):
    program = (
        "import pickle, sys, autograd_lite as ag\n"
        "for _ in range(100_000): w = ag.Tensor(1.0, requires_grad=True)\n"
        "pickle.dump(w, open(sys.argv[1], 'wb'))"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "w")], check=True)
    with open(tmp_path / "w", "rb") as file:
        w = pickle.load(file)
    (w * w).backward()
    assert w.grad == 2
