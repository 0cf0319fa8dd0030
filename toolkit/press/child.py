"""A client's own process: apart from the others, gone when its parent is gone, and quiet."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from toolkit import disk
from toolkit.press import causes
from toolkit.press.job import Job, Outcome, Tell

PRELOAD = "toolkit.press.warm"


def live(task: Callable[[Job, Tell], Outcome], job: Job, sender: Any, preloaded: bool) -> None:
    """Do one job and send what becomes of it, step by step; the last word is never missing but by a sudden death."""
    if os.name != "nt":
        os.setsid()  # the client's whole group can be ended by one signal
    threading.Thread(target=_end_with_parent, args=(job.engine,), daemon=True).start()
    said = [Outcome(job.file)]

    def tell(outcome: Outcome) -> None:
        said.append(outcome)
        sender.send(outcome)

    try:
        with _apart(job):
            if preloaded and PRELOAD not in sys.modules:
                raise RuntimeError(f"the fork server did not import {PRELOAD}: is the project on Python's path?")
            outcome = task(job, tell)
    except BaseException as error:
        outcome = _ended(error, said[-1], job)
    sender.send(outcome)


def _end_with_parent(engine: str) -> None:
    """Wait until the parent is gone, however it went; then end this process and all that it started."""
    wait([multiprocessing.parent_process().sentinel])
    if os.name == "nt":
        os._exit(1)
    end_groups(os.getpid(), engine)


def end_groups(pid: int, engine: str) -> None:
    """End a client's group; a real kernel has a session of its own, so with it the groups of all descendants too."""
    groups = [pid]
    if engine == "kernel":
        import psutil

        with contextlib.suppress(psutil.Error, ProcessLookupError):
            groups = [*(os.getpgid(one.pid) for one in psutil.Process(pid).children(recursive=True)), pid]
    for group in groups:  # the client's own comes last: it may be the one that is doing this
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


@contextlib.contextmanager
def _apart(job: Job) -> Iterator[None]:
    """Nothing to print on, no more memory than allowed, temporary files in the run's own folder, and marked as at work."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.chdir(job.cwd or ".")
    if job.home:
        for name in ("TMPDIR", "TEMP", "TMP"):
            os.environ[name] = str(Path(job.home) / "temporary")
        tempfile.tempdir = None
    shared = job.working and os.name != "nt"  # there no lock is shared
    at_work = disk.locked(Path(job.working), shared=True) if shared else contextlib.nullcontext()
    with at_work, _memory(job.memory_limit):
        yield


@contextlib.contextmanager
def _memory(limit: int) -> Iterator[None]:
    """No more than so many MB of memory of one's own; to say what went wrong there is more again."""
    if not limit:
        yield
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit * 1024 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _ended(error: BaseException, said: Outcome, job: Job) -> Outcome:
    """What an error makes of a job: refusals as sentences in the reader's language, anything else with its trace."""
    from toolkit.finding import Refused

    if isinstance(error, Refused):
        from toolkit.client import language_hint
        from toolkit.opening import refusal_lines

        reader = job.locales[0] if job.locales else language_hint(job.file) or said.reader
        return replace(said, status="refused", reader=reader, refusals=tuple(refusal_lines(error, reader)))
    trace = "".join(traceback.format_exception(error))
    return replace(said, status=causes.status_of(error), cause=causes.in_one_line(error), trace=trace)
