"""One client's work: a function of its file, its locales, the what-ifs and where to; done twice it gives the same.

Everything here runs in the client's own process. `check` computes every chapter, to find
what its data refuse; `make` makes its reports. Whoever schedules them, here or on
another machine, needs nothing else.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import store
from toolkit.press import key as keys

if TYPE_CHECKING:
    from toolkit.client import Client

DONE = ("done", "current")
FAILED = ("error", "time_out", "killed", "out_of_memory", "disk", "stopped")
STATUSES = (*DONE, "refused", *FAILED)
FALLBACK = "nl_BE"  # the language of a reader of whom nothing is known


@dataclass(frozen=True)
class Job:
    """One client's work: the file as it was given, the locales asked for (none: those it names), where to, and how.

    `home` is the run's private folder for what is unfinished, `program` the digest of this
    program, `before` what a record says of the last time, to stand by where nothing has changed.
    """

    file: str
    out: str = ""
    home: str = ""
    locales: tuple[str, ...] = ()
    what_if: Mapping[str, Any] = field(default_factory=dict)
    engine: str = "fast"
    pdf: bool = False
    program: str = ""
    before: Mapping[str, Any] | None = None
    memory_limit: int = 0
    working: str = ""
    cwd: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one job: who it is, what was made of what, and where it ended and why.

    `inputs` and `outputs` are sha256 by name, outputs from the folder of reports; `cause` is a name
    or a line for the words of the status; `refusals` are sentences in the language of the `reader`.
    """

    file: str
    status: str = "begun"
    id: str = ""
    name: str = ""
    reader: str = FALLBACK
    locales: tuple[str, ...] = ()
    what_if: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    seed: int = 0
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, list[list[str]]] = field(default_factory=dict)
    verdict: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[str, ...] = ()
    cause: str = ""
    trace: str = ""
    seconds: float = 0.0


Tell = Callable[[Outcome], None]


def input_files(client: Client) -> dict[str, Path]:
    """Every file that a client's report is made from, by the name that its client file gives it."""
    from toolkit.finding import Refused
    from toolkit.intake.answers import survey_file
    from toolkit.intake.log import data_file
    from toolkit.session import session_file

    found = {client.file.name: client.file}
    for section, place in ((client.log, data_file), (client.survey, survey_file)):
        with suppress(Refused):  # a file that is not there is refused by the chapter that needs it
            if section is not None:
                found[section.file] = place(section.file, client.folder)
    session = session_file(client.file)
    return found | ({session.name: session} if session.is_file() else {})


def open_job(job: Job, tell: Tell) -> tuple[Client, Outcome]:
    """The client of a job, and who it is with its key and seed, told at once; raises `Refused`."""
    from toolkit.client import load

    client = load(job.file, job.what_if)
    locales = tuple(dict.fromkeys(job.locales or client.client.locales))
    known = Outcome(job.file, id=client.id, name=client.client.name, reader=locales[0], locales=locales)
    tell(known)
    inputs = {name: keys.file_digest(path) for name, path in input_files(client).items()}
    given = {"client": client.id, "locales": locales, "what_if": client.what_if}
    key = keys.digest(job.program, given, inputs, job.engine, job.pdf)
    seed = keys.seed_of(job.program, given)
    about = replace(known, what_if=client.what_if, inputs=inputs, key=key, seed=seed)
    tell(about)
    return client, about


def prepare(job: Job, seed: int) -> None:
    """Make this process the client's own: nothing of the environment, chance from its seed, its private folders."""
    from toolkit.press import clean

    clean.start(seed)
    if job.home:
        os.environ[store.VARIABLE] = str(Path(job.home) / "store")


def check(job: Job, tell: Tell) -> Outcome:
    """Whether a report can be made: every chapter computed into the run's store; raises `Refused` with all problems."""
    from toolkit.finding import Refused

    client, about = open_job(job, tell)
    before = job.before or {"key": ""}
    if before["key"] == about.key and still_there(before["outputs"], Path(job.out)):
        return replace(about, **before, status="current")
    prepare(job, about.seed)
    problems = []
    computed = [importlib.import_module(f"toolkit.{name}").results for name in client.chapters]
    for results in (*computed, importlib.import_module("toolkit.front").session_results):
        try:
            results(client)
        except Refused as refused:
            problems += (one for one in refused.refusals if one not in problems)
    if problems:
        raise Refused(problems)
    return replace(about, status="done")


def still_there(outputs: Mapping[str, str], out: Path) -> bool:
    """Whether every output stands where it was written, unchanged."""
    return bool(outputs) and all(keys.digest_or_none(out / path) == digest for path, digest in outputs.items())


def make(job: Job, tell: Tell) -> Outcome:
    """Make a client's reports, one locale after the other; what is made stays, and is told."""
    from toolkit.front.page_one import headline
    from toolkit.page import words_for
    from toolkit.press.paper import print_pdf
    from toolkit.press.report import make_report

    client, about = open_job(job, tell)
    prepare(job, about.seed)
    out, unfinished = Path(job.out), Path(job.home) / "unfinished"
    for locale in about.locales:
        folder = out / client.id / locale
        made = make_report(client, locale, folder, engine=job.engine, by_way_of=unfinished)
        made += [print_pdf(made[0], by_way_of=unfinished)] if job.pdf else []
        outputs = {path.relative_to(out).as_posix(): keys.file_digest(path) for path in made}
        verdict, figures = headline(client, words_for(client, locale))
        about = replace(
            about,
            outputs={**about.outputs, **outputs},
            verdict={**about.verdict, locale: verdict},
            figures={**about.figures, locale: [list(pair) for pair in figures]},
        )
        tell(about)
    return replace(about, status="done")
