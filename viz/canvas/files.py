"""Writing a file whole or not at all, and never over another one unless told."""

import os
import tempfile
from pathlib import Path


def write_file(path, content, overwrite=False):
    """Write the bytes `content` to `path`; whoever looks sees the old file or the new one, never
    half of one.

    Raises FileExistsError if there is a file already and `overwrite` is False.
    """
    path = Path(path)
    if not overwrite and path.exists():
        raise FileExistsError(
            f"{path} exists already: save under another name, or say overwrite=True."
        )
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, 0o666 & ~_umask())
        if not overwrite:
            # Somebody may have written it meanwhile: "x" takes the name only if it is free.
            open(path, "xb").close()
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
