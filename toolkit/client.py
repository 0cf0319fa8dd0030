"""One typed, frozen description of a client; a what-if is a new one.

`load` reads a client file, applies dotted what-ifs and either returns a `Client`
or raises `Refused` with everything that is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from babel.numbers import is_currency
from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from toolkit import clientfile
from toolkit.colour import is_colour
from toolkit.doors.section import Doors, Section, Span
from toolkit.economics import Economics
from toolkit.drivers.section import Drivers
from toolkit.finding import Refusal, Refused
from toolkit.ids import is_safe, safe_id
from toolkit.intake.answers import Survey
from toolkit.intake.log import Log
from toolkit.refusals import refusals_of
from toolkit.sleepers.section import Sleepers
from toolkit.strategies.section import Strategies
from toolkit.units import Day
from toolkit.words import LOCALES
from toolkit.worth.section import Worth

CHAPTERS = ("doors", "sleepers", "drivers", "worth", "strategies")  # as they are read


class Who(Section):
    """The `[client]` section: who it is about, in which languages, over which period."""

    id: str | None = Field(default=None, examples=["client-1"])
    name: str = Field(min_length=1, max_length=120)
    locales: tuple[Literal["nl_BE", "nl_NL", "en_GB"], ...]
    currency: str = Field(examples=["EUR"])
    period: Span
    report_date: Day = Field(examples=[date(2025, 1, 31)])
    address: Literal["u", "je"] = Field(default="u", examples=["u"])
    confidential: bool = Field(default=True, examples=[True])
    origin: Literal["own", "published", "fictional", "generated"] = Field(default="own", examples=["fictional"])
    accent: str | None = Field(default=None, examples=["#0a7d4f"])

    @field_validator("id")
    @classmethod
    def _safe(cls, value: str | None) -> str | None:
        if value is not None and not is_safe(value):
            raise PydanticCustomError("unsafe_id", "id", {"given": value, "suggestion": safe_id(value)})
        return value

    @field_validator("accent")
    @classmethod
    def _colour(cls, value: str | None) -> str | None:
        if value is not None and not is_colour(value):
            raise PydanticCustomError("not_a_colour", "colour", {"given": value})
        return value

    @field_validator("locales")
    @classmethod
    def _one_at_least(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise PydanticCustomError("empty_list", "locales", {"given": ""})
        return value

    @field_validator("name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return " ".join("".join(c for c in value if c.isprintable() or c.isspace()).split()) or "–"

    @field_validator("currency")
    @classmethod
    def _known(cls, value: str) -> str:
        if not is_currency(value):
            raise PydanticCustomError("not_a_currency", "currency", {"given": value})
        return value

    @field_validator("report_date")
    @classmethod
    def _after_the_period(cls, value: date, info: ValidationInfo) -> date:
        period = info.data.get("period")
        if period is not None and value < period.to:
            given, end = value.isoformat(), period.to.isoformat()
            raise PydanticCustomError("reported_before_end", "date", {"given": given, "end": end})
        return value


class Client(Section):
    """Everything a client gave, checked; one optional section per chapter."""

    client: Who
    economics: Economics = Economics()
    log: Log | None = None
    survey: Survey | None = None
    doors: Doors | None = None
    worth: Worth | None = None
    sleepers: Sleepers | None = None
    drivers: Drivers | None = None
    strategies: Strategies | None = None
    _file: Path = PrivateAttr(default=Path("client.toml"))
    _what_if: tuple[tuple[str, Any], ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _periods_within(self) -> Client:
        span, periods = self.client.period, (self.doors and self.doors.periods) or ()
        outside = [period for period in periods if period.from_ < span.from_ or period.to > span.to]
        if outside:
            values = {"given": outside[0].from_.isoformat(), "end": outside[0].to.isoformat()}
            values |= {"first": span.from_.isoformat(), "last": span.to.isoformat(), "field": "doors.periods"}
            raise PydanticCustomError("period_outside", "period", values)
        return self

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters that this client has a section for, in reading order."""
        return tuple(name for name in CHAPTERS if getattr(self, name) is not None)

    @property
    def file(self) -> Path:
        """Where the client file stands."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder that the client's own files are named from."""
        return self._file.parent

    @property
    def id(self) -> str:
        """The name of the client's folder of reports."""
        if self.client.id:
            return self.client.id
        stem = self._file.resolve().parent.name if self._file.stem == "client" else self._file.stem
        return stem if is_safe(stem) else safe_id(stem)

    @property
    def what_if(self) -> dict[str, Any]:
        """The fields that were set from outside the file, as given."""
        return dict(self._what_if)


def client_file(path: str | Path) -> Path:
    """The client file that a path names: itself, or `client.toml` in the folder."""
    path = Path(path)
    try:
        if path.is_dir():
            path = path / "client.toml"
            if not path.is_file():
                raise Refused([Refusal("folder_without_client", file=path.parent.name or ".")])
            return path
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass  # a name that this system cannot have is the name of no file
    raise Refused([Refusal("no_such_file", file=str(path)[:80])])


def load(path: str | Path, what_if: Mapping[str, Any] | None = None) -> Client:
    """The client of a client file, with dotted what-ifs such as `doors.target_retention` applied.

    Raises `Refused` with every problem at once.
    """
    file = client_file(path)
    return _checked(clientfile.read(file), file, what_if or {}, what_if or {})


def _checked(raw: dict[str, Any], file: Path, change: Mapping[str, Any], said: Mapping[str, Any]) -> Client:
    """A client from what a file says, changed, or all its refusals; `said` is what the report calls its scenario."""
    problems = clientfile.apply(raw, change, file.name)
    problems += clientfile.across(raw, file.name, CHAPTERS)
    try:
        client = Client.model_validate(raw)
    except ValidationError as error:
        problems += refusals_of(error, Client, file.name)
    if problems:
        raise Refused(problems)
    client._file = file
    client._what_if = tuple((key, value.isoformat() if isinstance(value, date) else value) for key, value in said.items())
    return client


def changed(client: Client, what_if: Mapping[str, Any]) -> Client:
    """The same client with dotted fields set to other values; raises `Refused` where one does not fit."""
    raw = client.model_dump(by_alias=True, exclude_none=True)
    return _checked(raw, client.file, what_if, {**client.what_if, **what_if})


def language_hint(path: str | Path) -> str | None:
    """The first locale that a client file names, however broken the rest of it is."""
    try:
        found = re.search(rb'locales\s*=\s*\[\s*["\'](\w+)["\']', client_file(path).read_bytes())
    except (OSError, Refused):
        return None
    locale = found[1].decode() if found else ""
    return locale if locale in LOCALES else None
