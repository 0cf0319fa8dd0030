"""What the command line does with clients: check them, make their reports, verify what was made, and say so."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from toolkit.disk import Busy
from toolkit.finding import Refusal, Refused
from toolkit.press import batch
from toolkit.press.batch import Options
from toolkit.press.job import DONE, FALLBACK, Job, Outcome
from toolkit.press.place import Place, held, place_of
from toolkit.press.progress import Progress, closing, say
from toolkit.press.supervise import Stop, stoppable
from toolkit.units import COUNT
from toolkit.words import Words

FAILED, REFUSED, STOPPED = 1, 2, 130


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


def check_clients(files: Sequence[str], locales: Sequence[str], pairs: Sequence[str]) -> int:
    """Read clients and their data; list what would be refused; return the exit code."""

    def act() -> int:
        options = Options(locales=tuple(locales), what_if=settings_from(pairs), jobs=batch.cpus())
        with stoppable() as stop, tempfile.TemporaryDirectory(prefix="toolkit-") as home:
            for name in ("store", "temporary"):
                (Path(home) / name).mkdir()
            jobs = batch.jobs_for(batch.client_paths(files), options, home=home)
            checked = batch.check_all(jobs, options, stop)
        _show_refused(checked)
        for one in checked:
            if one.status in DONE:
                click.echo(f"✓ {one.id}")
        words = Words(batch.reader_of(checked, locales))
        for one in checked:
            if one.status not in (*DONE, "refused", "stopped"):
                say(_fault(one, batch.cause_of(one, words)))
        return STOPPED if stop.asked else REFUSED if any(one.refusals for one in checked) else batch.exit_code(checked)

    return _refusing(act, locales)


def report_clients(files: Sequence[str], pairs: Sequence[str], *, out: Path, options: Options) -> int:
    """Make the reports of all clients, or refuse them all before anything is written; return the exit code."""

    def act() -> int:
        asked = replace(options, what_if=settings_from(pairs))
        place = place_of(out, options.shard)
        if problem := _cannot_write(place.private, out):
            return _refuse(str(out)[:80], [problem], locales)
        try:
            with stoppable() as stop, held(place):
                return _report(batch.client_paths(files, options.shard), place, asked, stop)
        except Busy:
            return _refuse(str(out)[:80], [Refusal("busy", file=str(out)[:80])], locales)
        except OSError as error:
            say(_words(locales).text("press.summary.disk", None, cause=error.strerror or str(error)))
            return FAILED

    locales = options.locales
    return _refusing(act, locales)


def _report(paths: Sequence[str], place: Place, options: Options, stop: Stop) -> int:
    """Check all clients, and make the reports of those that may be made."""
    jobs = batch.jobs_for(paths, options, place)
    progress = Progress("checking", len(jobs), _words(options.locales))
    checked = batch.check_all(jobs, options, stop, progress.count)
    progress.close()
    words = Words(batch.reader_of(checked, options.locales))
    if stop.asked:
        say(words.text("press.summary.stopped"))
        return STOPPED
    checked = [_writable(one, place.out) for one in checked]
    _show_refused(checked)
    if any(one.refusals for one in checked) and (not options.keep_going or batch.exit_code(checked) == REFUSED):
        return REFUSED
    made = _make(jobs, checked, place, options, stop, words)
    say("\n".join(closing(words, made)))
    if stop.asked:
        say(words.text("press.summary.stopped"))
    return STOPPED if stop.asked else batch.exit_code(made)


def _make(
    jobs: Sequence[Job], checked: Sequence[Outcome], place: Place, options: Options, stop: Stop, words: Words
) -> list[Outcome]:
    """Make what is to be made, write every client down and close with the page about all; the outcomes of all."""
    recorder = batch.Recorder(place, options, words)
    before = {one.file: one for one in checked}
    faults, over = [], [one for one in checked if one.status != "done"]
    to_make = [job for job, one in zip(jobs, checked, strict=True) if one.status == "done"]
    progress = Progress("making", len(to_make), words)

    def record(one: Outcome) -> None:
        cause, log = recorder.record(one, before[one.file] if one.status in DONE else None)
        if one.status not in (*DONE, "refused"):
            faults.append(_fault(one, cause, _short(str(place.out / log)) if log else ""))

    def done(one: Outcome) -> None:
        known = before[one.file]
        one = one if one.id else replace(one, id=known.id, name=known.name, locales=known.locales)
        record(one)
        over.append(one)
        progress.count(one)
        for path in one.outputs:
            if path.endswith((".html", ".pdf")):
                progress.say(f"✓ {_short(str(place.out / path))}")

    for one in list(over):
        record(one)
    batch.make_all(to_make, options, stop, done)
    progress.close()
    index = batch.write_index(place, words)
    say("\n".join([*faults, words.text("press.summary.index", None, path=_short(str(index)))]))
    return over


def _writable(one: Outcome, out: Path) -> Outcome:
    """A client that may be made, refused where its folder cannot be written."""
    targets = [out / one.id / locale for locale in one.locales] if one.status == "done" else []
    problems = [problem for target in targets if (problem := _cannot_write(target))]
    if not problems:
        return one
    return replace(one, status="refused", refusals=tuple(map(Words(one.reader).refusal, problems)))


def verify_reports(out: Path, locale: str | None) -> int:
    """Hold every report against what was written down of it, say what does not fit, and return the exit code."""
    from toolkit.press.verify import problems

    words = Words(locale or FALLBACK)

    def act() -> int:
        wrong, unknown = problems(out)
        for name, found in wrong.items():
            for kind, path in found:
                click.echo(f"✗ {name}: " + words.text(f"press.verify.{kind}", None, path=path))
        if unknown:
            click.echo("\n  ".join([words.text("press.verify.unknown"), *unknown]))
        if unknown or any(wrong.values()):
            return FAILED
        click.echo(words.text("press.verify.whole", None, clients=(len(wrong), COUNT)))
        return 0

    return _refusing(act, [words.locale])


def _words(locales: Sequence[str]) -> Words:
    return Words(locales[0] if locales else FALLBACK)


def _refuse(what: str, refusals: Sequence[Refusal], locales: Sequence[str]) -> int:
    """Say what is refused, and return the exit code."""
    words = _words(locales)
    say("\n".join([f"\n{what}", *(f"  {words.refusal(refusal)}" for refusal in refusals)]))
    return REFUSED


def _refusing(act: Callable[[], int], locales: Sequence[str]) -> int:
    """The exit code of an act; what is refused before any client is read is about the settings or the folder."""
    try:
        return act()
    except Refused as problem:
        about = "--set" if all(one.name.startswith("what_if") for one in problem.refusals) else ""
        return _refuse(about, problem.refusals, locales)


def _show_refused(checked: Sequence[Outcome]) -> None:
    for one in checked:
        if one.refusals:
            say("\n".join([f"\n{one.file}", *(f"  {sentence}" for sentence in one.refusals)]))


def _fault(one: Outcome, cause: str, log: str = "") -> str:
    return f"✗ {one.id or one.file}: {cause}" + (f"  ({log})" if log else "")


def _short(path: str) -> str:
    """A path as seen from here, where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return relative if len(relative) < len(path) else path


def _cannot_write(folder: Path, named: Path | None = None) -> Refusal | None:
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
        given = getattr(error, "strerror", "") or str(error)
        return Refusal("cannot_write", file=str(named or folder)[:80], given=given)
