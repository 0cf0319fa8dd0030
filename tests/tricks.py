"""What clients do to the press in its tests, by their name; copied into a project whose doors notebook calls `play`."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def play(name: str, client_file: str) -> None:
    """Do what the name says; any other name does nothing."""
    trick = getattr(sys.modules[__name__], name.replace(" ", "_"), None)
    if trick is not None:
        trick(Path(client_file).parent)


def raises(folder: Path) -> None:
    """An ordinary error."""
    raise ValueError("this cell fails")


def leaves(folder: Path) -> None:
    """Leave, as if all were well."""
    sys.exit()


def leaves_hard(folder: Path) -> None:
    """End the process without a word."""
    os._exit(3)


def is_killed(folder: Path) -> None:
    """What the system does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def crashes(folder: Path) -> None:
    """A fault in compiled code."""
    ctypes.string_at(0)


def eats_memory(folder: Path) -> None:
    """Take more than is allowed, but not all that there is where nothing is forbidden."""
    eaten = []
    while len(eaten) < 40:
        eaten.append(bytearray(64 * 2**20))


def never_ends(folder: Path) -> None:
    """Work on and on, with a process beside it that does too; where nobody ends them, they end."""
    child = subprocess.Popen(["sleep", "300"])
    (folder / "parent").write_text(str(os.getpid()))
    (folder / "pid").write_text(str(child.pid))
    for _ in range(6000):
        time.sleep(0.01)


def leaves_a_process(folder: Path) -> None:
    """Finish, while a copy of this very process, with all that it holds, goes on."""
    child = os.fork()
    if not child:
        time.sleep(300)
        os._exit(0)
    (folder / "pid").write_text(str(child))


def fills_the_disk(folder: Path) -> None:
    """What writing on a full disk does."""
    raise OSError(28, "No space left on device")


def takes_its_time(folder: Path) -> None:
    """Wait for a sign, at most two minutes."""
    (folder / "waits").write_text(str(os.getpid()))
    for _ in range(1200):
        if (folder / "go").exists():
            return
        time.sleep(0.1)
