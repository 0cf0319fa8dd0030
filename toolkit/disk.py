"""Files that two programs and a crash may meet: written whole or not at all, and locked while they are changed."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


class Busy(Exception):
    """Another program holds the lock."""


def write(path: Path, content: str | bytes, *, by_way_of: Path | None = None) -> None:
    """Write a whole file at once: the path holds what it held before or all of the new content, never a part.

    The content goes to a new file first, in the folder `by_way_of` (on the same disk; default: beside the path),
    is forced to the disk and then takes the path's place. Raises `OSError`, after which nothing has changed.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, beside = tempfile.mkstemp(dir=by_way_of or path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network disks refuse
            os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """What the user lets others do with new files; temporary files are made without any of it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock that a file stands for; the system lets go of it when the program ends, however it ends.

    Several may hold it `shared` at once, one alone otherwise (on Windows: always one). Raises `Busy` when it is
    not free within `patience` seconds.
    """
    with path.open("ab") as file:
        until = time.monotonic() + patience
        while not _take(file.fileno(), shared):
            if time.monotonic() >= until:
                raise Busy(str(path))
            time.sleep(0.05)
        yield  # closing the file lets go


def _take(handle: int, shared: bool) -> bool:
    """Try to lock an open file; whether it could be had."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
