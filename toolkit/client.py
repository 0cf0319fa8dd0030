"""One typed, frozen description of a client; a what-if is a new one.

`load` reads a client file, applies dotted what-ifs and either returns a `Client`
or raises `Refused` with everything that is wrong with it.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from babel.numbers import is_currency
from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from toolkit.doors.section import Doors, Section, Span
from toolkit.finding import Refusal, Refused
from toolkit.ids import is_safe, safe_id
from toolkit.intake.log import Log
from toolkit.refusals import refusals_of
from toolkit.units import Day, Money, Share
from toolkit.words import LOCALES

CHAPTERS = ("doors",)


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

    @field_validator("id")
    @classmethod
    def _safe(cls, value: str | None) -> str | None:
        if value is not None and not is_safe(value):
            raise PydanticCustomError("unsafe_id", "id", {"given": value, "suggestion": safe_id(value)})
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


class Economics(Section):
    """The `[economics]` section: what several chapters use, given once."""

    gross_margin: Share | None = Field(default=None, examples=["40%"])
    cost_to_win: Money | None = Field(default=None, examples=[900])


class Client(Section):
    """Everything a client gave, checked; one optional section per chapter."""

    client: Who
    economics: Economics = Economics()
    log: Log | None = None
    doors: Doors | None = None
    _file: Path = PrivateAttr(default=Path("client.toml"))
    _what_if: tuple[tuple[str, str], ...] = PrivateAttr(default=())

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
        """The chapters that this client has a section for, in the order of the build."""
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
    def what_if(self) -> dict[str, str]:
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
    return _checked(_read(file), file, what_if or {}, what_if or {})


def _checked(raw: dict[str, Any], file: Path, change: Mapping[str, Any], said: Mapping[str, Any]) -> Client:
    """A client from what a file says, changed, or all its refusals; `said` is what the report calls its scenario."""
    problems = _apply(raw, change, file.name) + _across(raw, file.name)
    try:
        client = Client.model_validate(raw)
    except ValidationError as error:
        problems += refusals_of(error, Client, file.name)
    if problems:
        raise Refused(problems)
    client._file = file
    client._what_if = tuple((key, str(value)) for key, value in said.items())
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


def _read(file: Path) -> dict[str, Any]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refused([Refusal("unreadable_file", file=file.name, given=error.strerror)]) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise Refused([Refusal("not_utf8", file=file.name, row=row)]) from None
    try:
        return _sane(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        found = re.search(r"line (\d+)", str(error))
        row = int(found[1]) if found else text.count("\n") + 1
        lines = text.splitlines()
        given = lines[row - 1].strip() if row <= len(lines) else ""
        raise Refused([Refusal("not_toml", file=file.name, row=row, given=given)]) from None


def _sane(value: Any) -> Any:
    """What a file says, with whole numbers too long to print as infinite."""
    if isinstance(value, dict):
        return {key: _sane(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_sane(part) for part in value]
    return math.inf if isinstance(value, int) and value.bit_length() > 256 else value


def _across(raw: Mapping[str, Any], file: str) -> list[Refusal]:
    """What is wrong between sections; looked for even where a section itself is wrong."""
    problems = []
    if not any(name in raw for name in CHAPTERS):
        problems.append(Refusal("no_chapter", file=file, values={"chapters": ", ".join(CHAPTERS)}))
    doors = raw.get("doors")
    if isinstance(doors, dict) and {"every", "window"} & set(doors) and "log" not in raw:
        problems.append(Refusal("log_missing", file=file, field="log"))
    return problems


def _apply(raw: dict[str, Any], what_if: Mapping[str, Any], file: str) -> list[Refusal]:
    """Set dotted fields in what a file says; what names no field is refused."""
    wrong = []
    for dotted, value in what_if.items():
        *path, last = dotted.split(".")
        place: Any = raw
        for part in path:
            place = place.setdefault(part, {}) if isinstance(place, dict) else None
        if not isinstance(place, dict) or not path:
            wrong.append(Refusal("unknown_what_if", file=file, given=dotted))
            continue
        place[last] = value
    return wrong
