"""Saved models: both ways, atomic, no pickle; nothing changes where a file does not fit."""

import os
import zipfile

import numpy as np
import pytest

import nn


def model(seed=0, **options):
    return nn.MLP([3, 4, 1], nn.PReLU, batchnorm=True, rng=seed, **options)


def same(a, b):
    return all(
        np.array_equal(value, b.state_dict()[name]) for name, value in a.state_dict().items()
    )


@pytest.mark.parametrize("name", ["model.npz", "model", "model.weights.txt"])
def test_what_is_saved_comes_back_from_exactly_that_file(tmp_path, name):
    saved, other = model(0), model(1)
    # So that the buffers are not the first ones.
    saved(np.random.default_rng(0).normal(size=(5, 3)))
    nn.save(saved, tmp_path / name)
    assert os.listdir(tmp_path) == [name]
    assert not same(saved, other)
    assert nn.load(other, tmp_path / name) is other
    assert same(saved, other)


def test_the_file_is_numpys(tmp_path):
    nn.save(model(), tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as archive:
        assert set(archive.files) == set(model().state_dict())


def test_the_model_keeps_its_dtype(tmp_path):
    nn.save(model(0), tmp_path / "m")
    other = nn.load(model(1, dtype=np.float32), tmp_path / "m")
    assert {value.dtype for value in other.state_dict().values()} == {np.dtype(np.float32)}


def test_a_crash_half_way_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    nn.save(model(0), path)
    monkeypatch.setattr(np.lib.format, "write_array", lambda *arguments, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        nn.save(model(1), path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["m.npz"]
    assert same(nn.load(model(2), path), model(0))


def test_a_file_that_does_not_fit_changes_nothing(tmp_path):
    nn.save(nn.MLP([3, 5, 1]), tmp_path / "m")
    ours = model()
    with pytest.raises(ValueError, match=r"0.weight has the shape \(5, 3\) and needs \(4, 3\)"):
        nn.load(ours, tmp_path / "m")
    assert same(ours, model())


@pytest.mark.parametrize("kind", ["text", "empty", "npy", "pickle", "cut off", "other zip"])
def test_a_file_of_another_kind(tmp_path, kind):
    path = tmp_path / "m.npz"
    if kind == "text":
        path.write_text("weights")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "npy":
        with open(path, "wb") as file:
            np.save(file, np.ones(3))
    elif kind == "pickle":
        with open(path, "wb") as file:
            np.savez(file, **{"0.weight": np.array([{"a": 1}], dtype=object)})
    elif kind == "cut off":
        nn.save(model(), path)
        path.write_bytes(path.read_bytes()[:300])
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("note.txt", "weights")
    ours = model()
    with pytest.raises(
        ValueError, match=r"m.npz is no file that nn.save wrote|does not fit|damaged"
    ):
        nn.load(ours, path)
    assert same(ours, model())


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        nn.load(model(), tmp_path / "none")
