"""Writing a file whole or not at all, and over another one only if that is asked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

REMEDY = "save under another name, or pass overwrite=True"


@contextmanager
def whole_file(path: str | os.PathLike[str], overwrite: bool = False) -> Iterator[BinaryIO]:
    """A binary file to write to inside of `with`. At the end of the block it gets the name `path`.

    path: the name of the file.
    overwrite: True replaces a file that has this name.

        with whole_file("picture.svg") as file:
            file.write(content)

    At any moment there is the old file or the new one, never a part of one. If the block fails, or
    Ctrl-C stops it, all files are as before. The rest is as with `open(path, "wb")`: an old file
    keeps its permissions, a new one gets those that the umask allows, a symbolic link stays a link,
    and a device or a pipe is simply written to.

    Raises FileExistsError if there is a file of this name and `overwrite` is False; otherwise
    whatever `open` raises.
    """
    target = Path(os.path.realpath(path))
    if not overwrite and target.exists():
        raise FileExistsError(f"{path} exists already: {REMEDY}.")
    if target.exists() and not target.is_file():  # a device or a pipe; of a folder, `open` says it
        with open(target, "wb") as file:
            yield file
        return
    draft = target.with_name(f".{target.name[:40]}.{os.urandom(8).hex()}.part")
    left = [draft]  # what a failure would leave behind
    try:
        with _draft(draft, target) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not overwrite:
            open(target, "xb").close()  # somebody may have taken the name meanwhile: then it raises
            left.append(target)
        os.replace(draft, target)
    except BaseException:
        for file in left:
            with suppress(OSError):
                os.unlink(file)
        raise


def _draft(draft, target):
    """The new file `draft`, open, with the permissions that `open(target, "wb")` would leave."""
    old = target.exists()
    if old:
        open(target, "r+b").close()  # raises where it is protected from writing
    mode = stat.S_IMODE(target.stat().st_mode) if old else 0o666
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        error.filename = str(draft.parent)  # it is the folder that is missing, or protected
        raise
    if old:
        os.chmod(draft, mode)  # of which the umask, which is for new files, has taken away
    return os.fdopen(handle, "wb")
