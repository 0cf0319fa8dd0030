"""The session file beside a client: scenarios, guesses, and what was decided in the room.

    [[scenario]]
    name = "Five more stay"
    chapter = "doors"
    who = "Ann"
    [scenario.what_if]
    "doors.target_retention" = "85%"

    [[guess]]
    about = "doors.retention_per_year"
    who = "Bo"
    value = 0.9

A scenario's `what_if` is what `--set` takes: dotted fields of the client file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import tomli_w
from pydantic import BaseModel, BeforeValidator, Field, ValidationError, create_model
from pydantic_core import PydanticCustomError

from toolkit import clientfile
from toolkit.client import CHAPTERS, Client, changed
from toolkit.doors.section import Section
from toolkit.finding import Refusal, Refused
from toolkit.refusals import refusals_of

LONGEST_NAME, LONGEST_TEXT = 60, 400
RANGE = frozenset(("low", "likely", "high"))  # a table that is one value, not a path of fields


def _refuse(name: str, given: Any) -> PydanticCustomError:
    return PydanticCustomError(name, "{given}", {"given": given})


def one_line(value: Any) -> Any:
    """A text without line breaks and doubled blanks."""
    return " ".join("".join(c for c in value if c.isprintable() or c.isspace()).split()) if isinstance(value, str) else value


def _moment(value: Any) -> datetime | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    if value is not None and not isinstance(value, datetime):
        raise _refuse("not_a_moment", value)
    return value


def _guessed(value: Any) -> float | str:
    if isinstance(value, str) and 0 < len(value) <= LONGEST_NAME:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise _refuse("not_a_guess", value)
    return float(value)


def _dotted(value: Any) -> dict[str, Any]:
    """Tables within tables as dotted fields, as `doors.start = 250` without quotes reads."""
    if not isinstance(value, Mapping):
        raise _refuse("not_a_section", "")

    def walk(table: Mapping, path: str) -> Iterator[tuple[str, Any]]:
        for key, part in table.items():
            if isinstance(part, Mapping) and part and not RANGE.issuperset(part):
                yield from walk(part, f"{path}{key}.")
            else:
                yield path + key, part

    return dict(walk(value, ""))


def _about(value: Any) -> Any:
    if isinstance(value, str) and value.partition(".")[0] in CHAPTERS and value.partition(".")[2].isidentifier():
        return value
    raise _refuse("unknown_figure", value)


Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), BeforeValidator(one_line)]
Who = Annotated[str, Field(max_length=LONGEST_NAME), BeforeValidator(one_line)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), BeforeValidator(one_line)]
When = Annotated[datetime | None, BeforeValidator(_moment)]


@dataclass(frozen=True)
class Scenario:
    """A named what-if of one chapter: what it changes, who kept it, when and why, and what was decided."""

    name: Name
    chapter: Literal[CHAPTERS]
    what_if: Annotated[dict[str, Any], BeforeValidator(_dotted)] = field(default_factory=dict)
    who: Who = ""
    when: When = None
    why: Text = ""
    in_report: bool = False
    decision: Text = ""
    decided_by: Who = ""


@dataclass(frozen=True)
class Guess:
    """What one participant guessed before the figure was shown; `about` is `chapter.figure`, a share is a fraction."""

    about: Annotated[str, BeforeValidator(_about)]
    who: Name
    value: Annotated[float | str, BeforeValidator(_guessed)]
    when: When = None


@dataclass(frozen=True)
class Session:
    """What a session file holds, in the order in which it was kept."""

    scenarios: tuple[Scenario, ...] = ()
    guesses: tuple[Guess, ...] = ()

    @property
    def chosen(self) -> tuple[Scenario, ...]:
        """The scenarios that go into the report."""
        return tuple(scenario for scenario in self.scenarios if scenario.in_report)


def _section(kind: type) -> type[BaseModel]:
    """How pydantic reads a block of the file: the fields of a dataclass, unknown keys refused."""
    hints = get_type_hints(kind, include_extras=True)
    given = {part.name: (hints[part.name], _default(part)) for part in fields(kind)}
    return create_model(kind.__name__, __base__=Section, **given)


def _default(part: Any) -> Any:
    if part.default_factory is not MISSING:
        return Field(default_factory=part.default_factory)
    return ... if part.default is MISSING else part.default


def _layout() -> type[BaseModel]:
    """How pydantic reads the whole file."""
    blocks = {"scenario": Scenario, "guess": Guess}
    return create_model(
        "File", __base__=Section, **{name: (tuple[_section(kind), ...], ()) for name, kind in blocks.items()}
    )


def session_file(client_file: str | Path) -> Path:
    """The session file of a client file: `client.session.toml` beside `client.toml`."""
    path = Path(client_file)
    return path.with_name(f"{path.stem}.session.toml")


def read(file: Path) -> Session:
    """The scenarios and guesses of a session file, none where it does not exist; raises `Refused` with all that is wrong."""
    return checked(clientfile.read(file), file.name) if file.exists() else Session()


def checked(raw: dict[str, Any], file: str) -> Session:
    """What a file says as a session, or all its refusals."""
    layout, problems = _layout(), _doubles(raw.get("scenario"), file)
    try:
        found = layout.model_validate(raw)
    except ValidationError as error:
        problems += refusals_of(error, layout, file)
    if problems:
        raise Refused(problems)
    scenarios = tuple(Scenario(**dict(block)) for block in found.scenario)
    return Session(scenarios, tuple(Guess(**dict(block)) for block in found.guess))


def _doubles(blocks: Any, file: str) -> list[Refusal]:
    """A refusal for every name that an earlier scenario has already."""
    seen, wrong = set(), []
    for place, block in enumerate(blocks if isinstance(blocks, list) else ()):
        name = block.get("name") if isinstance(block, Mapping) else None
        if not isinstance(name, str):
            continue
        if key(name) in seen:
            wrong.append(Refusal("double_scenario", file=file, field=f"scenario.{place + 1}.name", given=name))
        seen.add(key(name))
    return wrong


def key(name: str) -> str:
    """What two names have in common that are one name."""
    return one_line(name).casefold()


def written(session: Session) -> str:
    """A session as the text of its file; what was left at its default stays out."""
    blocks = {"scenario": session.scenarios, "guess": session.guesses}
    return tomli_w.dumps({name: list(map(_said, found)) for name, found in blocks.items() if found})


def _said(block: Scenario | Guess) -> dict[str, Any]:
    unsaid = {part.name: part.default for part in fields(block)}
    return {name: value for name, value in asdict(block).items() if value != unsaid[name] and value not in (None, {})}


def refused_by(client: Client, session: Session, file: str) -> list[Refusal]:
    """What a client no longer allows: scenarios of a chapter that it lacks, or that set what it refuses."""
    numbered = enumerate(session.scenarios, 1)
    return [problem for place, scenario in numbered for problem in _refused(client, scenario, file, f"scenario.{place}")]


def _refused(client: Client, scenario: Scenario, file: str, where: str) -> list[Refusal]:
    if scenario.chapter not in client.chapters:
        values = {"expected": ", ".join(client.chapters), "name": scenario.name}
        return [Refusal("chapter_not_here", file=file, field=f"{where}.chapter", given=scenario.chapter, values=values)]
    try:
        changed(client, scenario.what_if)
    except Refused as refused:
        return [replace(one, file=file, field=f"{where}.what_if.{one.field}".rstrip(".")) for one in refused.refusals]
    return []
