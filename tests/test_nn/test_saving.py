"""Saved models: both ways, atomic, no pickle; nothing changes where a file does not fit."""

import os
import zipfile

import numpy as np
import pytest

import autograd_lite as ag
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


def test_files_that_were_written_member_by_member_are_still_read(tmp_path):
    """As `save` did before it left that to np.savez."""
    with zipfile.ZipFile(tmp_path / "old", "w") as archive:
        for name, array in model(0).state_dict().items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    assert same(nn.load(model(1), tmp_path / "old"), model(0))


@pytest.mark.parametrize("name", ["file", "allow_pickle"])
def test_words_that_numpy_keeps_for_itself_are_refused(tmp_path, name):
    scale = nn.Module()
    setattr(scale, name, ag.Tensor(2.0, requires_grad=True))
    with pytest.raises(ValueError, match=f"save cannot write the '{name}' of the Module"):
        nn.save(scale, tmp_path / "m")
    assert os.listdir(tmp_path) == []
    inner = nn.Sequential(scale)  # where its name is "0.file"
    nn.save(inner, tmp_path / "m")
    value, getattr(scale, name).data = getattr(scale, name).item(), np.array(3.0)
    nn.load(inner, tmp_path / "m")
    assert getattr(scale, name).item() == value == 2.0


@pytest.mark.parametrize("name", ["args", "kwds", "self", "arr_0", "a/b", "ä b"])
def test_no_other_word_is_special(tmp_path, name):
    held, read = nn.Module(), nn.Module()
    vars(held)[name], vars(read)[name] = ag.Tensor(2.0), ag.Tensor(3.0)
    nn.save(held, tmp_path / "m")
    assert vars(nn.load(read, tmp_path / "m"))[name].item() == 2.0


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
