"""Many clients: one process each, a few at a time, so that none can touch or stop another."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from toolkit import store
from toolkit.finding import Refusal, Refused


@dataclass(frozen=True)
class Job:
    """One client: its file, its id, its locales, the what-ifs, where to, and the run's result store."""

    file: str
    id: str
    locales: tuple[str, ...]
    out: str
    store: str
    what_if: Mapping[str, Any] = field(default_factory=dict)
    engine: str = "toolkit"
    pdf: bool = False


@dataclass(frozen=True)
class Made:
    """What became of one job: the files made, or what was refused, or the error and where its log stands."""

    job: Job
    files: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    error: str = ""
    log: str = ""


def check_jobs(jobs: Sequence[Job]) -> list[Made]:
    """Compute every chapter of every job, to find what its data refuse; nothing is written but the store."""
    return _in_processes(_check, jobs)


def make_reports(jobs: Sequence[Job], *, done: Callable[[Made], None] = lambda made: None) -> list[Made]:
    """Make the reports of all jobs; a job that fails or dies is reported and hinders no other."""
    return _in_processes(_make, jobs, done)


def _in_processes(
    task: Callable[[Job], Made], jobs: Sequence[Job], done: Callable[[Made], None] = lambda made: None
) -> list[Made]:
    """Each job in a process of its own, a few at a time; the outcomes in the order of the jobs."""
    at_once = max(1, min(os.cpu_count() or 1, 8))
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    context = _context()
    waiting, running, outcomes = list(enumerate(jobs)), {}, {}
    while waiting or running:
        while waiting and len(running) < at_once:
            place, job = waiting.pop(0)
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(task, job, sender))
            process.start()
            sender.close()
            running[receiver] = (process, place, job)
        for receiver in wait(list(running)):
            process, place, job = running.pop(receiver)
            try:
                made = receiver.recv()
            except EOFError:
                made = Made(job, error="its process died")
            process.join()
            outcomes[place] = made
            done(made)
    return [outcomes[place] for place in sorted(outcomes)]


def _context():
    """A fork server that has imported what every client needs, on Linux; fresh processes elsewhere."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["toolkit.press.warm"])
    return context


def _work(task: Callable[[Job], Made], job: Job, sender: Any) -> None:
    """In the client's own process: the task, then word to the parent."""
    gc.unfreeze()
    os.environ[store.VARIABLE] = job.store
    try:
        sender.send(task(job))
    except Refused as problem:
        sender.send(Made(job, refused=problem.refusals))
    except Exception as error:
        sender.send(_failed(job, error))
    finally:
        sender.close()


def _check(job: Job) -> Made:
    from toolkit.client import load

    client = load(job.file, job.what_if)
    for name in client.chapters:
        importlib.import_module(f"toolkit.{name}").results(client)
    importlib.import_module("toolkit.front").session_results(client)
    return Made(job)


def _make(job: Job) -> Made:
    from toolkit.client import load
    from toolkit.press.paper import print_pdf
    from toolkit.press.report import make_report

    client, files = load(job.file, job.what_if), []
    try:
        for locale in job.locales:
            page = make_report(client, locale, Path(job.out) / job.id / locale, engine=job.engine)
            files.append(str(page))
            if job.pdf:
                files.append(str(print_pdf(page)))
    except Exception as error:  # what was made before it stays, and is named
        return replace(_failed(job, error), files=tuple(files))
    return Made(job, tuple(files))


def _failed(job: Job, error: BaseException) -> Made:
    """The error in one line, its whole traceback in a log beside the reports."""
    if not job.out:
        return Made(job, error=f"{type(error).__name__}: {error}")
    log = Path(job.out) / job.id / "error.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return Made(job, error=f"{type(error).__name__}: {error}")
    lines = [line for line in str(error).splitlines() if line.strip()]
    return Made(job, error=f"{type(error).__name__}: {lines[-1] if lines else ''}", log=str(log))
