"""Why a client's work ended: an error, a signal, a lack of memory or of disk, by name."""

from __future__ import annotations

import errno
import os
import signal

DISK = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO", "EROFS") if hasattr(errno, name))


def status_of(error: BaseException) -> str:
    """The status that an error stands for: `error`, `out_of_memory` or `disk`; a cell's error by its name and text.

    >>> status_of(OSError(errno.ENOSPC, "full")), status_of(MemoryError()), status_of(ValueError("no"))
    ('disk', 'out_of_memory', 'error')
    """
    name, text = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    if isinstance(error, MemoryError) or name.endswith("MemoryError") or name == "OutOfMemoryException":
        return "out_of_memory"
    full = (f"[Errno {number}]" in text or os.strerror(number) in text for number in DISK)
    return "disk" if getattr(error, "errno", None) in DISK or any(full) else "error"


def in_one_line(error: BaseException) -> str:
    """An error as one line: its kind and the last line of what it says.

    >>> in_one_line(ValueError("one\\n\\ntwo\\n"))
    'ValueError: two'
    """
    name, text = getattr(error, "ename", type(error).__name__), str(getattr(error, "evalue", error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"{name}: {lines[-1][:300]}" if lines else name


def of_exit(code: int | None) -> tuple[str, str]:
    """The status and cause of a process that ended without a word, from its exit code; below zero: a signal.

    >>> of_exit(-9), of_exit(3)
    (('killed', 'SIGKILL'), ('error', 'exit 3'))
    """
    if code is None or code >= 0:
        return "error", f"exit {code}"
    try:
        return "killed", signal.Signals(-code).name
    except ValueError:
        return "killed", str(-code)
