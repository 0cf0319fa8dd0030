"""A batch: many clients from their paths to their records, whatever becomes of each of them.

All are checked first, each in its own process; then those that may are made, each
again in its own. The batch itself never opens a client's file.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolkit.disk import locked, write
from toolkit.finding import Refusal
from toolkit.press import manifest
from toolkit.press.job import DONE, FALLBACK, FAILED, Job, Outcome, check, make
from toolkit.press.key import program_digest
from toolkit.press.place import Place
from toolkit.press.supervise import Stop, each_in_its_process
from toolkit.words import Words


@dataclass(frozen=True)
class Options:
    """What one may ask of a batch; times in seconds, memory in MB (0: no limit)."""

    locales: tuple[str, ...] = ()
    what_if: Mapping[str, Any] = field(default_factory=dict)
    pdf: bool = False
    engine: str = "fast"
    jobs: int = 1
    time_limit: float = float("inf")
    memory_limit: int = 0
    resume: bool = False
    keep_going: bool = False
    shard: tuple[int, int] | None = None


def client_paths(given: Sequence[str], shard: tuple[int, int] | None = None) -> list[str]:
    """The clients that paths name, each once: a folder without a client file stands for the clients in it.

    A shard (i, n) takes every n-th, from the i-th on.
    """
    found = dict.fromkeys(path for one in given for path in _within(one))
    first, step = shard or (1, 1)
    return list(found)[first - 1 :: step]


def _within(given: str) -> list[str]:
    """A path itself, or the clients in the folder that it names: folders with a client file, and client files."""
    folder = Path(given)
    with suppress(OSError, ValueError):  # a name that this system cannot have is the name of no folder
        if folder.is_dir() and not (folder / "client.toml").is_file():
            inside = [path.parent for path in folder.glob("*/client.toml")]
            inside += [path for path in folder.glob("*.toml") if not path.name.endswith(".session.toml")]
            return sorted(str(path) for path in inside if not path.name.startswith(".")) or [given]
    return [given]


def jobs_for(paths: Sequence[str], options: Options, place: Place | None = None, home: str = "") -> list[Job]:
    """The jobs of clients; with a place to make reports in, and the records to stand by when resuming."""
    common = Job("", locales=options.locales, what_if=options.what_if, engine=options.engine, pdf=options.pdf)
    common = replace(common, memory_limit=options.memory_limit, cwd=os.getcwd(), home=home)
    if place is None:
        return [replace(common, file=path) for path in paths]
    common = replace(common, out=str(place.out), home=str(place.home), working=str(place.working))
    common = replace(common, program=program_digest())
    before = _before(place.out) if options.resume else {}
    return [replace(common, file=path, before=before.get(manifest.file_of(path, place.out))) for path in paths]


def _before(out: Path) -> dict[str, Mapping[str, Any]]:
    """What was made of each file, where that is the newest that is known of it."""
    newest = manifest.latest(manifest.records(out)).values()
    kept = ("key", "outputs", "figures", "verdict")
    return {one["file"]: {name: one[name] for name in kept} for one in newest if one["status"] in DONE}


def check_all(
    jobs: Sequence[Job], options: Options, stop: Stop | None = None, done: Callable[[Outcome], None] = lambda one: None
) -> list[Outcome]:
    """What every job is and whether it can be made; two clients of one id are refused, the first excepted."""
    checked = _each(check, jobs, options, stop, done)
    first: dict[str, str] = {}
    for number, one in enumerate(checked):
        other = first.setdefault(one.id.casefold(), one.file) if one.id else one.file
        if other != one.file and one.status != "refused":
            refusal = Refusal("same_id", file=one.file, field="client.id", given=one.id, values={"other": other})
            sentence = Words(one.reader).refusal(refusal)
            checked[number] = replace(one, id="", status="refused", refusals=(sentence,))  # its id is the first one's
    return checked


def make_all(
    jobs: Sequence[Job], options: Options, stop: Stop | None = None, done: Callable[[Outcome], None] = lambda one: None
) -> list[Outcome]:
    """Make the reports of all jobs; a job that fails or dies hinders no other."""
    return _each(make, jobs, options, stop, done)


def _each(task: Any, jobs: Sequence[Job], options: Options, stop: Stop | None, done: Any) -> list[Outcome]:
    return each_in_its_process(
        task, jobs, at_once=options.jobs, time_limit=options.time_limit, stop=stop, done=done
    )


def reader_of(outcomes: Sequence[Outcome], locales: Sequence[str]) -> str:
    """The locale of whoever reads about the batch: the one asked for, else that of most clients."""
    if locales:
        return locales[0]
    most = Counter(one.reader for one in outcomes).most_common(1)
    return most[0][0] if most else FALLBACK


def cause_of(outcome: Outcome, words: Words) -> str:
    """Why a client has no new report, in one sentence; empty where it has one."""
    if outcome.status in DONE:
        return ""
    if outcome.status == "time_out":
        from toolkit.units import COUNT

        return words.text("press.causes.time_out", None, seconds=(float(outcome.cause), COUNT))
    kind = "segfault" if outcome.cause in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE") else outcome.status
    cause = " ".join(outcome.refusals) or outcome.cause.rstrip(".")
    return words.text(f"press.causes.{kind}", None, cause=cause)


class Recorder:
    """Writes down what becomes of the clients of one run, and keeps each client's log of errors."""

    def __init__(self, place: Place, options: Options, words: Words):
        self.place, self.words, self.options = place, words, options
        self.run, self.started = uuid.uuid4().hex, now()
        manifest.append(place.manifest, manifest.header(self.run, self.started, asdict(options)))

    def record(self, outcome: Outcome, checked: Outcome | None = None) -> tuple[str, str]:
        """Write one client's record, and return its cause and where its log stands, both empty where all is well."""
        log, cause = self._log(outcome), cause_of(outcome, self.words)
        seconds = {"check": round(checked.seconds if checked else outcome.seconds, 3)}
        if checked:
            seconds["make"] = round(outcome.seconds, 3)
        about = {"run": self.run, "started": now(), "engine": self.options.engine, "seconds": seconds}
        manifest.append(self.place.manifest, manifest.record_of(outcome, self.place.out, **about, cause=cause, log=log))
        return cause, log

    def _log(self, outcome: Outcome) -> str:
        """Where the whole error stands, from the folder of reports; without one an older log goes."""
        path = self.place.out / outcome.id / "error.log"
        if outcome.status == "current" or not outcome.id:
            return ""
        if not outcome.trace:
            path.unlink(missing_ok=True)
            return ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, outcome.trace, by_way_of=self.place.home / "unfinished")
        except OSError:  # the disk is full, or a file stands in the way: the cause is told without its log
            return ""
        return path.relative_to(self.place.out).as_posix()


def now() -> str:
    """The time, for the manifest only: ISO, UTC."""
    return datetime.now(UTC).isoformat()


def write_index(place: Place, words: Words) -> Path:
    """Write the page about all clients of a folder of reports, from all its manifests, one run at a time."""
    from toolkit.press.index import index_page

    path = place.out / "index.html"
    with locked(place.private / "index", patience=60):
        newest = manifest.latest(manifest.records(place.out)).values()
        shown = [{**one, "status": "done"} if one["status"] == "current" else one for one in newest]
        write(path, index_page(shown, words), by_way_of=place.home / "unfinished")
    return path


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 where every client has its report, 2 where nothing was run because all were refused, else 1."""
    statuses = {one.status for one in outcomes}
    if statuses == {"refused"}:
        return 2
    return 1 if statuses & {"refused", *FAILED} else 0


def cpus() -> int:
    """How many clients at a time, where nobody says: a processor each, eight at most."""
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(free, 8)
