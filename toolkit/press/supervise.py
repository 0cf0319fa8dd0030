"""Many jobs, each in a process of its own, a few at a time: none can touch, stop or outlive another.

The parent only listens: for a client's word, for the end of its process, for the
hour, and for the wish to stop. Whatever a client started goes when it goes.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from typing import Any

from toolkit.press import causes
from toolkit.press.child import PRELOAD, end_groups, live
from toolkit.press.job import Job, Outcome, Tell

Task = Callable[[Job, Tell], Outcome]
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Stop:
    """The wish to stop, which a signal brings and the supervisor listens for."""

    def __init__(self) -> None:
        self.ear, self._mouth = socket.socketpair()
        self._mouth.setblocking(False)

    def ask(self, *_: Any) -> None:
        """Ask to stop; may be called by a signal, at any moment."""
        with contextlib.suppress(OSError):
            self._mouth.send(b"!")

    @property
    def asked(self) -> bool:
        """Whether somebody asked."""
        return bool(wait([self.ear], 0))


@contextlib.contextmanager
def stoppable() -> Iterator[Stop]:
    """Ctrl-C and SIGTERM ask to stop, and nothing breaks off in the middle."""
    stop, before = Stop(), {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class _Running:
    """A client at work: its process, the pipe it speaks through, its last word, and until when it may go on."""

    place: int
    process: Any
    pipe: Any
    engine: str
    said: Outcome
    begun: float
    until: float
    speaks: bool = True

    def hear(self) -> None:
        """Take in what the client has said; one that can say no more may still be at work."""
        try:
            while self.speaks and self.pipe.poll():
                self.said = self.pipe.recv()
        except (EOFError, OSError):
            self.speaks = False

    def end(self) -> None:
        """End the client's process and all that it started."""
        if os.name != "nt":
            end_groups(self.process.pid, self.engine)
        self.process.kill()
        self.process.join()
        self.pipe.close()


def each_in_its_process(
    task: Task,
    jobs: Sequence[Job],
    *,
    at_once: int = 1,
    time_limit: float = float("inf"),
    stop: Stop | None = None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Each job in a process of its own, `at_once` at a time; the outcomes in the order of the jobs.

    A job that takes longer than `time_limit` seconds is ended; when asked to stop, all are.
    """
    context, outcomes, running = _context(), {}, []
    waiting = list(enumerate(jobs))[::-1]
    try:
        while (waiting or running) and not (stop and stop.asked):
            while waiting and len(running) < at_once:
                running.append(_start(context, task, *waiting.pop(), time_limit))
            for one in _over(running, stop):
                running.remove(one)
                outcomes[one.place] = _outcome(one, time_limit)
                done(outcomes[one.place])
    finally:
        for one in running:
            one.end()
    left = [(one.place, one.said) for one in running] + [(place, Outcome(job.file)) for place, job in waiting]
    for place, said in left:
        outcomes[place] = replace(said, status="stopped")
        done(outcomes[place])
    return [outcomes[place] for place in sorted(outcomes)]


def _context() -> Any:
    """A fork server that has imported what every client needs, on Linux; fresh processes elsewhere."""
    for name in THREADS:  # each client has one thread for arithmetic; set before the server starts
        os.environ.setdefault(name, "1")
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOAD])
    _start_server()
    return context


def _start_server() -> None:
    """Start the fork server deaf to Ctrl-C, which is for the command alone, also while the server still imports."""
    from multiprocessing import forkserver  # not on every system

    if threading.current_thread() is not threading.main_thread():
        return forkserver.ensure_running()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)


def _start(context: Any, task: Task, place: int, job: Job, time_limit: float) -> _Running:
    """Start one client's process."""
    pipe, sender = context.Pipe(duplex=False)
    preloaded = context.get_start_method() == "forkserver"
    process = context.Process(target=live, args=(task, job, sender, preloaded))
    process.start()
    sender.close()
    now = time.monotonic()
    return _Running(place, process, pipe, job.engine, Outcome(job.file), now, now + time_limit)


def _over(running: Sequence[_Running], stop: Stop | None) -> list[_Running]:
    """Wait until something happens; those that have had their last word, are dead, or are out of time."""
    soonest = min(one.until for one in running) - time.monotonic()
    heard = [one.pipe for one in running if one.speaks] + [one.process.sentinel for one in running]
    wait([*heard, *([stop.ear] if stop else [])], max(0, soonest) if soonest < threading.TIMEOUT_MAX else None)
    over = []
    for one in running:
        dead = not one.process.is_alive()  # asked first: what it said before its end is then in the pipe
        one.hear()
        if dead or one.said.status != "begun" or time.monotonic() >= one.until:
            over.append(one)
    return over


def _outcome(one: _Running, time_limit: float) -> Outcome:
    """What became of a client that is over: its last word, or how its process ended."""
    in_time, dead = time.monotonic() < one.until, not one.process.is_alive()
    one.end()
    seconds = time.monotonic() - one.begun
    if one.said.status != "begun":
        return replace(one.said, seconds=seconds)
    if not dead and not in_time:
        return replace(one.said, status="time_out", cause=f"{time_limit:g}", seconds=seconds)
    status, cause = causes.of_exit(one.process.exitcode)
    return replace(one.said, status=status, cause=cause, seconds=seconds)
