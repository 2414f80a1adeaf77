"""Two of our packages have short names, nn and viz, which others use as well: a file of one's own,
or a distribution, found first or installed over ours. This says so, before an error does that
speaks of something else.
"""

import os
import warnings
from importlib.machinery import PathFinder

MARK = (
    b"autograd_lite.version"  # which nn/__init__.py and viz/__init__.py import, and nobody else's
)
HERE = os.path.dirname(os.path.dirname(__file__))


def stranger(name):
    """The file that `import {name}` runs in place of ours, or None."""
    ours, found = os.path.join(HERE, name), PathFinder.find_spec(name)
    if not os.path.isdir(ours) or found is None or found.origin is None:
        return None  # ours are not installed, or nothing hides them: a folder without code does not
    return None if MARK in found.loader.get_data(found.origin) else found.origin


def words(name, file):
    """What has happened to a name, and what to do."""
    ours = os.path.join(HERE, name)
    if os.path.samefile(os.path.dirname(file), ours):
        return (
            f"{file} is not autograd-lite's any more: another distribution was installed over it. "
            f"Run `pip uninstall {name}`, then install autograd-lite again, with pip's "
            "`--force-reinstall`."
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
