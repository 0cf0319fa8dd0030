"""What the scenarios of a session come to, through the chapters' own arithmetic, and what was guessed before."""

from __future__ import annotations

import importlib
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit import store
from toolkit.client import Client, changed
from toolkit.finding import Refused
from toolkit.front.data import annotated
from toolkit.session import Guess, Scenario, Session, read, refused_by, session_file
from toolkit.units import Estimate, Unit, unit_of, units_of

if TYPE_CHECKING:
    from toolkit.live.controls import Knob


@dataclass(frozen=True)
class Change:
    """One field that a scenario sets, from the client's own value (None where it gave none, or where the field is an aim) to another."""

    field: str
    unit: Unit | None
    before: Any
    after: Any


@dataclass(frozen=True)
class Tried:
    """One scenario of one chapter: what it changes, and what the chapter counts now, in it, and between the two."""

    scenario: Scenario
    changes: tuple[Change, ...]
    unit: Unit
    now: float | Estimate
    then: float | Estimate
    difference: float | Estimate


@dataclass(frozen=True)
class Round:
    """What the participants guessed about one figure, and the figure; None where the client's data do not give it.

    Of numbers there are a lowest, a median and a highest; of names there is the one guessed most.
    """

    about: str
    unit: Unit | None
    guesses: tuple[Guess, ...]
    truth: Any

    @property
    def chapter(self) -> str:
        """The chapter that the figure is of."""
        return self.about.partition(".")[0]

    @property
    def values(self) -> list[float]:
        """The guesses that are numbers, lowest first."""
        return sorted(guess.value for guess in self.guesses if not isinstance(guess.value, str))

    @property
    def middle(self) -> float:
        """The median guess."""
        return statistics.median(self.values)

    @property
    def named(self) -> list[tuple[str, int]]:
        """The names that were guessed and how many guessed each, most first, then in the order of the alphabet."""
        said = [guess.value for guess in self.guesses if isinstance(guess.value, str)]
        return sorted(((name, said.count(name)) for name in set(said)), key=lambda one: (-one[1], one[0]))


@dataclass(frozen=True)
class InTheSession:
    """What a report says of a session: the chosen scenarios, and the rounds of guessing."""

    tried: tuple[Tried, ...] = ()
    rounds: tuple[Round, ...] = ()

    @property
    def decided(self) -> tuple[Scenario, ...]:
        """The chosen scenarios about which something was decided."""
        return tuple(one.scenario for one in self.tried if one.scenario.decision)


def has_session(client: Client) -> bool:
    """Whether a client's session file has something for the report."""
    kept = read(session_file(client.file))
    return bool(kept.chosen or kept.guesses)


def results(client: Client) -> InTheSession:
    """What a client's session comes to, computed once a run; raises `Refused` with the session file named."""
    file = session_file(client.file)
    kept = read(file)
    if problems := refused_by(client, kept, file.name):
        raise Refused(problems)
    return store.once("session", (client, repr(kept)), lambda: come_to(client, kept))


def come_to(client: Client, kept: Session) -> InTheSession:
    """The chosen scenarios and the guesses of a session, each beside what the client's own figures give."""
    about = dict.fromkeys(guess.about for guess in kept.guesses)
    rounds = (_round(client, name, tuple(guess for guess in kept.guesses if guess.about == name)) for name in about)
    chapters = {name: _on_stage(client, name) for name in dict.fromkeys(one.chapter for one in kept.chosen)}
    tried = (_tried(client, scenario, *chapters[scenario.chapter]) for scenario in kept.chosen)
    return InTheSession(tuple(tried), tuple(one for one in rounds if one is not None))


def _on_stage(client: Client, chapter: str) -> tuple[Any, Any, Any]:
    """A chapter's part on the stage, what reruns it, and its base case; read once for all its scenarios."""
    part = importlib.import_module(f"toolkit.{chapter}.onstage")
    run = part.rerun(client)
    return part, run, run(client, full=True)


def _tried(client: Client, scenario: Scenario, part: Any, run: Any, base: Any) -> Tried:
    then = changed(client, scenario.what_if)
    knobs = {knob.field: knob for knob in part.knobs(client, base)}
    changes = tuple(_change(client, then, field, knobs.get(field)) for field in scenario.what_if)
    found = part.outcome(run(then, full=True)).beside(part.outcome(base))
    return Tried(scenario, changes, found.unit, found.now, found.then, found.gap)


def _change(client: Client, then: Client, field: str, knob: Knob | None) -> Change:
    """One changed field; what the client left open starts where the stage's control does, and an aim starts nowhere."""
    unit, after = _at(then, field)
    _, before = _at(client, field)
    if knob is not None:
        before = None if knob.aim else knob.base if before is None else before
    return Change(field, unit, before, after)


def _at(client: Client, field: str) -> tuple[Unit | None, Any]:
    """The unit and the value of a dotted field; neither where its section is not there."""
    place: Any = client
    *path, last = field.split(".")
    for name in path:
        place = place.get(name) if isinstance(place, Mapping) else getattr(place, name, None)
    if isinstance(place, Mapping):
        return None, place.get(last)
    if place is None:
        return None, None
    return unit_of(annotated(type(place).model_fields[last])), getattr(place, last)


def _round(client: Client, about: str, guesses: tuple[Guess, ...]) -> Round | None:
    """One round of guesses; None where the client no longer has the chapter."""
    chapter, _, figure = about.partition(".")
    if chapter not in client.chapters:
        return None
    result = importlib.import_module(f"toolkit.{chapter}").results(client)
    if (chapter, figure) == ("drivers", "first"):
        return Round(about, None, guesses, result.leader)
    return Round(about, units_of(type(result)).get(figure), guesses, getattr(result, figure, None))
