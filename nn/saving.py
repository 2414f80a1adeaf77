"""Saving and loading a model's parameters and buffers, without pickle: a file from a stranger can
hold numbers only.
"""

import os

import numpy as np


def save(model, path):
    """Write the model's state_dict to the file `path`, as NumPy's .npz whatever the suffix.

    The file is written beside `path` and then takes its place, so that a crash half-way leaves the
    old file as it was.
    """
    import zipfile  # here, because it takes longer to import than the rest of nn

    path = os.fspath(path)
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                for name, array in model.state_dict().items():
                    with archive.open(f"{name}.npy", "w") as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)


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
