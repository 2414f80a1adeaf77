"""Writing a file whole or not at all, and never over another one unless told."""

import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole_file(path, overwrite=False):
    """A binary file to be written within a `with`; at its end the file takes the name `path`.

        with whole_file("picture.svg") as file:
            file.write(content)

    Whoever looks meanwhile sees the old file or the new one, never half of one. Where the block
    fails, or Ctrl-C stops it, everything is as it was. All else is as with `open(path, "wb")`: an
    old file keeps its permissions, a new one has those that the umask leaves, a symbolic link goes
    on to lead to the file, and what is no file (a device, a pipe) is simply written to.

    Raises FileExistsError if there is a file already and `overwrite` is False, and otherwise what
    `open` raises.
    """
    target = Path(os.path.realpath(path))
    if not overwrite and target.exists():
        raise FileExistsError(
            f"{path} exists already: save under another name, or say overwrite=True."
        )
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
