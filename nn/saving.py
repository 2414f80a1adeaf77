"""Saving and loading a model's parameters and buffers, without pickle: a file from a stranger can
hold nothing but numbers.
"""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np

from nn.files import whole_file
from nn.module import M, Module, of_nn

KEYWORDS = {"file", "allow_pickle"}  # what np.savez does not take for the name of an array


def save(model: Module, path: str | os.PathLike[str]) -> None:
    """Write the parameters and buffers of the model to a file: its state_dict, by np.savez.

    model: any module.
    path: the name of the file, with any suffix.

    A file of this name is replaced, but only when the new one is complete: after a crash there is
    still the old one. Raises ValueError for a parameter or buffer with the name "file" or
    "allow_pickle", which np.savez keeps for itself, and whatever `open` raises.

        >>> model = nn.MLP([3, 2, 1])
        >>> nn.save(model, "model.npz")
        >>> same = nn.load(nn.MLP([3, 2, 1]), "model.npz")
        >>> np.array_equal(nn.vec(same), nn.vec(model))
        True
    """
    state: dict[str, Any] = of_nn(model, "save").state_dict()
    for name in KEYWORDS & state.keys():
        raise ValueError(
            f"save cannot write the {name!r} of the {type(model).__name__}: np.savez keeps this "
            "word for itself. Call the attribute by another name."
        )
    archive = io.BytesIO()  # (np.savez of NumPy 2.0, interrupted, would write on after it closes)
    np.savez(archive, **state)
    with whole_file(path, overwrite=True) as file:
        file.write(archive.getbuffer())


def load(model: M, path: str | os.PathLike[str]) -> M:
    """Read parameters and buffers from a file that `save` wrote, into the model. Returns the model.

    model: of the same layers and sizes as the one that was saved. It keeps its dtype.
    path: the name of the file.

    Raises ValueError, and changes nothing, if `save` did not write the file, it is damaged, or its
    names or shapes do not fit the model.

        >>> model = nn.Linear(2, 1)
        >>> nn.unvec(model, [3.0, -1.0, 0.5])
        >>> nn.save(model, "linear.npz")
        >>> nn.load(nn.Linear(2, 1), "linear.npz").weight.data
        array([[ 3., -1.]])
    """
    from zipfile import BadZipFile

    of_nn(model, "load")
    try:
        with np.load(path, allow_pickle=False) as archive:
            state = {name: archive[name] for name in archive.files}
    except (BadZipFile, ValueError, EOFError, AttributeError, TypeError) as error:
        raise ValueError(
            f"{os.fspath(path)} is no file that nn.save wrote, or it is damaged: {error}."
        ) from error
    model.load_state_dict(state)
    return model
