"""Two of our packages have short names, nn and viz, which others use as well: a file of one's own,
or a distribution, found first or installed over ours. This says so, before an error does that
speaks of something else.
"""

import os
import warnings
from importlib.machinery import PathFinder

# What nn/__init__.py and viz/__init__.py import, and nobody else's.
MARK = b"autograd_lite.version"
HERE = os.path.dirname(os.path.dirname(__file__))


def stranger(name):
    """The file or folder that `import {name}` takes in place of ours, or None."""
    ours, found = os.path.join(HERE, name), PathFinder.find_spec(name)
    # Ours both hold a folder of that name; where it is missing, ours are not installed beside us.
    if found is None or not os.path.isdir(os.path.join(ours, "lecture")):
        return None
    if found.origin is None:  # folders without an __init__.py, which ours must not be among
        return ours if ours in found.submodule_search_locations else None
    return None if MARK in found.loader.get_data(found.origin) else found.origin


def words(name, file):
    """What has happened to a name, and what to do."""
    ours = os.path.join(HERE, name)
    if file == ours or os.path.samefile(os.path.dirname(file), ours):
        return (
            f"{file} is not autograd-lite's any more: another distribution was installed over it, "
            f"or took its files along. Run `pip uninstall {name}`, then install autograd-lite "
            "again, with pip's `--force-reinstall`."
        )
    return (
        f"`import {name}` runs {file}, which hides autograd-lite's {name} in {ours}. Rename that "
        f"file or folder, or, if pip installed it, `pip uninstall {name}`."
    )


def warn():
    """A RuntimeWarning for each name that somebody else has taken."""
    for name in ("nn", "viz"):
        if file := stranger(name):
            warnings.warn(words(name, file), RuntimeWarning, stacklevel=3)


def demand(name):
    """Raises ImportError if somebody else has taken this name."""
    if file := stranger(name):
        raise ImportError(words(name, file), name=name, path=file)
