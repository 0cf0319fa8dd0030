"""What the command line does with clients: read them all, refuse them all at once, or print them."""

from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from toolkit.client import Client, language_hint, load
from toolkit.finding import Refusal, Refused
from toolkit.opening import refusal_lines
from toolkit.press.batch import Job, Made, check_jobs, make_reports

FAILED, REFUSED = 1, 2
FALLBACK = "nl_BE"


def settings_from(pairs: Sequence[str]) -> dict[str, Any]:
    """`field=value` pairs as what-ifs: a TOML value where it is one, else text.

    >>> settings_from(["doors.target_retention=85%", "doors.start=250"])
    {'doors.target_retention': '85%', 'doors.start': 250}
    """
    found, wrong = {}, []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not value.strip():
            wrong.append(Refusal("what_if_without_value", given=pair))
            continue
        try:
            if "\n" in value:
                raise ValueError("a value stands on one line")
            found[name.strip()] = tomllib.loads(f"value = {value}")["value"]
        except (ValueError, RecursionError):
            found[name.strip()] = value.strip()
    if wrong:
        raise Refused(wrong)
    return found


def read_clients(files: Sequence[str], what_if: dict[str, Any]) -> tuple[list[Client], dict[str, Refused]]:
    """The clients that can be read, and what is wrong with the others, by the path given."""
    clients, refused = [], {}
    seen: dict[str, str] = {}
    for path in files:
        try:
            client = load(path, what_if)
            other = seen.setdefault(client.id.casefold(), path)
            if other != path:
                values = {"other": str(other)}
                raise Refused([Refusal("same_id", file=str(path), field="client.id", given=client.id, values=values)])
            clients.append(client)
        except Refused as problem:
            refused[path] = problem
    return clients, refused


def _show(refused: dict[str, Refused], locales: Sequence[str]) -> None:
    for path, problem in refused.items():
        click.echo(f"\n{path}", err=True)
        locale = locales[0] if locales else language_hint(path) or FALLBACK
        for line in refusal_lines(problem, locale):
            click.echo(f"  {line}", err=True)


def _jobs(clients: Sequence[Client], locales: Sequence[str], **more: Any) -> list[Job]:
    return [
        Job(
            file=str(client.file),
            id=client.id,
            locales=tuple(dict.fromkeys(locales or client.client.locales)),
            what_if=client.what_if,
            **more,
        )
        for client in clients
    ]


def _prepare(
    files: Sequence[str], locales: Sequence[str], pairs: Sequence[str], store: str, **more: Any
) -> tuple[list[Job], dict[str, Refused], list[Made]]:
    """The jobs of all clients, with every refusal of client files and of data, and what failed."""
    try:
        clients, refused = read_clients(list(dict.fromkeys(files)), settings_from(pairs))
    except Refused as problem:
        return [], {"--set": problem}, []
    jobs = _jobs(clients, locales, store=store, **more)
    checked = check_jobs([replace(job, out="") for job in jobs])  # nothing is written yet
    for made in checked:
        if made.refused:
            refused[made.job.file] = Refused(made.refused)
    return jobs, refused, [made for made in checked if made.error]


def check_clients(files: Sequence[str], locales: Sequence[str], pairs: Sequence[str]) -> int:
    """Read clients and their data; list what would be refused; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="toolkit-") as store:
        jobs, refused, failed = _prepare(files, locales, pairs, store, out="")
    _show(refused, locales)
    for job in jobs:
        if job.file not in refused and not any(made.job.file == job.file for made in failed):
            click.echo(f"✓ {job.id}")
    _failures(failed)
    return REFUSED if refused else FAILED if failed else 0


def report_clients(
    files: Sequence[str],
    locales: Sequence[str],
    pairs: Sequence[str],
    *,
    out: Path,
    pdf: bool = False,
    engine: str = "fast",
) -> int:
    """Make the reports of all clients, or refuse them all before anything is written; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="toolkit-") as store:
        jobs, refused, failed = _prepare(
            files, locales, pairs, store, out=str(out.absolute()), pdf=pdf, engine=engine
        )
        targets = [out / job.id / locale for job in jobs for locale in job.locales] or [out]
        if problems := [problem for target in targets if (problem := _cannot_write(target))]:
            refused[str(out)[:80]] = Refused(problems)
        if refused:
            _show(refused, locales)
            return REFUSED
        stopped = {made.job.file for made in failed}
        total = sum(len(job.locales) for job in jobs if job.file not in stopped)
        click.echo(f"{total} reports", err=True)

        def tell(made: Made) -> None:
            for file in made.files:
                click.echo(f"✓ {_short(file)}")

        made = make_reports([job for job in jobs if job.file not in stopped], done=tell)
    failed += [one for one in made if one.error]
    _failures(failed)
    return FAILED if failed else 0


def _failures(failed: Sequence[Made]) -> None:
    for made in failed:
        where = f"  ({made.log})" if made.log else ""
        click.echo(f"✗ {made.job.id}: {made.error}{where}", err=True)


def _short(path: str) -> str:
    """A path as seen from here, where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return relative if len(relative) < len(path) else path


def _cannot_write(folder: Path) -> Refusal | None:
    """Why nothing can be written in a folder, there already or still to be made."""
    existing = folder.absolute()
    try:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.lstat(existing)  # raises where no system could have such a name
        while not os.path.lexists(existing) and existing != existing.parent:
            existing = existing.parent
        if not existing.is_dir():
            raise NotADirectoryError(20, os.strerror(20))
        with tempfile.TemporaryFile(dir=existing):
            return None
    except (OSError, ValueError) as error:
        return Refusal("cannot_write", file=str(folder)[:80], given=getattr(error, "strerror", "") or str(error))
