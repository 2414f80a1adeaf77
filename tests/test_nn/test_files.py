"""Files are written whole or not at all, with the permissions and through the links of `open`."""

import os
import stat
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nn.files import whole_file

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, links and pipes of POSIX")


def write(path, content=b"new", **options):
    with whole_file(path, **options) as file:
        file.write(content)


def seen(folder):
    """What is in a folder: names, links, contents and permissions."""
    return {
        path.name: (path.is_symlink(), path.read_bytes(), path.stat().st_mode)
        for path in folder.iterdir()
    }


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def umask():
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.fixture
def folder_of_a_user():
    """A folder of somebody for whom permissions hold, which they do not for root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        os.chmod(folder, 0o700)
    if root:
        os.seteuid(0)


def test_until_the_end_the_old_file_is_seen(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with whole_file(path, overwrite=True) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new" and os.listdir(tmp_path) == ["a"]


def test_never_over_another_file_unless_told(tmp_path):
    path = tmp_path / "a"
    write(str(path))
    with pytest.raises(FileExistsError, match=r"a exists already: .* overwrite=True"):
        write(path, b"newer")
    assert path.read_bytes() == b"new" and os.listdir(tmp_path) == ["a"]
    write(path, b"newer", overwrite=True)
    assert path.read_bytes() == b"newer"


def test_nor_over_one_that_came_meanwhile(tmp_path):
    path = tmp_path / "a"
    with pytest.raises(FileExistsError), whole_file(path) as file:
        file.write(b"new")
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs" and os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("where", ["block", "os.fsync", "os.replace"])
def test_a_failure_leaves_everything_as_it_was(
    tmp_path, monkeypatch, there, overwrite, error, where
):
    if there:
        (tmp_path / "a").write_bytes(b"old")
    before = seen(tmp_path)

    def fail(*_):
        raise error

    if where != "block":
        monkeypatch.setattr(where, fail)
    with (
        pytest.raises(FileExistsError if there and not overwrite else error),
        whole_file(tmp_path / "a", overwrite=overwrite) as file,
    ):
        file.write(b"half")
        file.flush()
        if where == "block":
            fail()
    assert seen(tmp_path) == before


@posix
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_new_file_has_the_permissions_that_open_gives(tmp_path, umask, mask):
    umask(mask)
    write(tmp_path / "ours")
    (tmp_path / "theirs").write_bytes(b"")
    assert mode(tmp_path / "ours") == mode(tmp_path / "theirs") == 0o666 & ~mask


@posix
@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o666, 0o755])
def test_an_old_file_keeps_its_permissions(tmp_path, umask, permissions):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(permissions)
    with whole_file(path, overwrite=True) as file:
        file.write(b"new")
        (draft,) = set(tmp_path.iterdir()) - {path}
        assert mode(draft) == permissions  # from the beginning: what is private stays it
    assert (path.read_bytes(), mode(path)) == (b"new", permissions)


def test_the_umask_of_the_process_is_left_alone(tmp_path, monkeypatch):
    """Other threads make files, too."""
    monkeypatch.setattr("os.umask", lambda mask: pytest.fail("the umask was set"))
    write(tmp_path / "a")
    write(tmp_path / "a", overwrite=True)


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_leads_to_the_new_content(tmp_path, there):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "a", tmp_path / "link"
    if there:
        target.write_bytes(b"old")
    link.symlink_to(Path("folder") / "a")
    write(link, overwrite=True)
    assert link.is_symlink() and target.read_bytes() == b"new"
    assert os.listdir(tmp_path / "folder") == ["a"]


@posix
def test_what_is_no_file_is_written_to(tmp_path):
    """A pipe as an example: /dev/stdout and /dev/null are others, which must not be replaced."""
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write(tmp_path / "pipe", overwrite=True)
    reader.join()
    assert read == [b"new"] and (tmp_path / "pipe").is_fifo()


def test_threads_that_write_one_file_do_not_meet(tmp_path):
    contents = [bytes([65 + i]) * 100_000 for i in range(32)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: write(tmp_path / "a", content, overwrite=True), contents))
    assert (tmp_path / "a").read_bytes() in contents and os.listdir(tmp_path) == ["a"]


def test_errors_name_what_cannot_be_written_to(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing'$"):
        write(tmp_path / "missing" / "a")
    with pytest.raises(IsADirectoryError, match=f"{tmp_path}'$"):
        write(tmp_path, overwrite=True)
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(NotADirectoryError, match=r"/a'$"):
        write(tmp_path / "a" / "b")
    assert os.listdir(tmp_path) == ["a"]


@posix
def test_what_is_protected_is_not_written_to(folder_of_a_user):
    path = folder_of_a_user / "a"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(PermissionError, match=r"/a'$"):
        write(path, overwrite=True)
    path.chmod(0o644)
    folder_of_a_user.chmod(0o555)
    for name in ("a", "b"):
        with pytest.raises(PermissionError, match=f"{folder_of_a_user}'$"):
            write(folder_of_a_user / name, overwrite=True)
    assert seen(folder_of_a_user) == {"a": (False, b"old", stat.S_IFREG | 0o644)}
