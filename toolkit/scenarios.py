"""Scenarios and guesses kept, changed and taken out, in the session file beside a client.

Every change reads the file anew, under a lock, and writes it whole: two programs lose nothing of one
another's, a crash leaves the old file, and what is not understood is refused and never overwritten.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit import disk
from toolkit.finding import Refusal, Refused
from toolkit.session import Guess, Scenario, Session, checked, key, read, session_file, written

__all__ = ["Guess", "Scenario", "Session", "add_guesses", "change", "delete", "read", "rename", "save", "session_file"]
PATIENCE = 10.0  # seconds that a change waits for another program's change


def save(file: Path, scenario: Scenario) -> None:
    """Keep a scenario, in the place of the one of that name where there is one; raises `Refused`."""

    def kept(session: Session) -> Session:
        same = [key(old.name) == key(scenario.name) for old in session.scenarios]
        if not any(same):
            return replace(session, scenarios=(*session.scenarios, scenario))
        return replace(session, scenarios=tuple(scenario if here else old for here, old in zip(same, session.scenarios, strict=True)))

    _rewrite(file, kept)


def rename(file: Path, old: str, new: str) -> None:
    """Give a scenario another name; raises `Refused` where there is none of the old name or one of the new."""
    change(file, old, name=new)


def delete(file: Path, name: str) -> None:
    """Take a scenario out; raises `Refused` where there is none of that name."""
    _rewrite(file, lambda session: _with(session, name, lambda _: (), file))


def change(file: Path, name: str, /, **changes: Any) -> None:
    """Set fields of one scenario, such as `in_report=True`; raises `Refused`."""
    _rewrite(file, lambda session: _with(session, name, lambda found: (replace(found, **changes),), file))


def _with(session: Session, name: str, act: Callable[[Scenario], tuple[Scenario, ...]], file: Path) -> Session:
    """A session in which one scenario was put through a function."""
    if not any(key(found.name) == key(name) for found in session.scenarios):
        known = ", ".join(found.name for found in session.scenarios) or "–"
        raise Refused([Refusal("no_such_scenario", file=file.name, given=name, values={"known": known})])
    parts = (act(found) if key(found.name) == key(name) else (found,) for found in session.scenarios)
    return replace(session, scenarios=tuple(scenario for part in parts for scenario in part))


def add_guesses(file: Path, about: str, guesses: Iterable[Guess]) -> None:
    """Keep what participants guessed about one figure; a later guess of the same person takes the earlier's place."""
    new = {key(guess.who): replace(guess, about=about) for guess in guesses}

    def kept(session: Session) -> Session:
        old = (guess for guess in session.guesses if guess.about != about or key(guess.who) not in new)
        return replace(session, guesses=(*old, *new.values()))

    _rewrite(file, kept)


def _rewrite(file: Path, act: Callable[[Session], Session]) -> None:
    """Read, change, check and write a session file whole, alone; raises `Refused`, after which nothing has changed."""
    try:
        with disk.locked(file.with_name(f".{file.name}.lock"), patience=PATIENCE):
            text = written(act(read(file)))
            checked(tomllib.loads(text), file.name)
            disk.write(file.resolve(), text)
    except disk.Busy:
        raise Refused([Refusal("session_busy", file=file.name)]) from None
    except OSError as error:
        raise Refused([Refusal("session_not_kept", file=file.name, given=error.strerror or str(error))]) from None
