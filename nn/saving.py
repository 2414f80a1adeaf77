"""Saving and loading a model's parameters and buffers, without pickle: a file from a stranger can
hold numbers only.
"""

import os

import numpy as np

from nn.files import whole_file

KEYWORDS = {"file", "allow_pickle"}  # what np.savez does not take for the name of an array


def save(model, path):
    """Write the model's state_dict to the file `path` by np.savez, whatever the suffix.

    A file that is there already is replaced, but only when the new one is complete: a crash
    half-way leaves the old one as it was. Raises ValueError for a parameter or buffer that is
    called "file" or "allow_pickle", words that np.savez keeps for itself, and what `open` raises.
    """
    state = model.state_dict()
    for name in KEYWORDS & state.keys():
        raise ValueError(
            f"save cannot write the {name!r} of the {type(model).__name__}: np.savez keeps this "
            "word for itself. Call the attribute by another name."
        )
    with whole_file(path, overwrite=True) as file:
        np.savez(file, **state)


def load(model, path):
    """Read the file `path`, which `save` wrote, into the model, in place; the model keeps its
    dtype. Returns the model.

    Raises ValueError, and changes nothing, for a file of another kind, or one whose names or shapes
    do not fit the model.
    """
    from zipfile import BadZipFile

    try:
        with np.load(path, allow_pickle=False) as archive:
            state = {name: archive[name] for name in archive.files}
    except (BadZipFile, ValueError, EOFError, AttributeError, TypeError) as error:
        raise ValueError(
            f"{os.fspath(path)} is no file that nn.save wrote, or it is damaged: {error}."
        ) from error
    model.load_state_dict(state)
    return model
