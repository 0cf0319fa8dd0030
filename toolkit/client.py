"""One typed, frozen description of a client; a what-if is a new one.

`load` reads a client file, applies dotted what-ifs and either returns a `Client`
or raises `Refused` with everything that is wrong with it.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from babel.numbers import is_currency
from pydantic import (
    BaseModel,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from toolkit.doors.section import Doors, Section, Span
from toolkit.finding import Refusal, Refused
from toolkit.intake.log import Log
from toolkit.units import Day, Money, Share
from toolkit.words import LOCALES

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
CHAPTERS = ("doors",)


def slug(name: str) -> str:
    """A name as an id: letters, digits and hyphens.

    >>> slug("Bakkerij Peeters & Zn.")
    'bakkerij-peeters-zn'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-_").lower()[:64]


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
        if value is not None and (not ID.fullmatch(value) or RESERVED.fullmatch(value)):
            raise PydanticCustomError("unsafe_id", "id", {"given": value, "suggestion": slug(value) or "client"})
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
        name = slug(stem) or "client"
        return f"client-{name}" if RESERVED.fullmatch(name) else name

    @property
    def what_if(self) -> dict[str, str]:
        """The fields that were set from outside the file, as given."""
        return dict(self._what_if)


def client_file(path: str | Path) -> Path:
    """The client file that a path names: itself, or `client.toml` in the folder."""
    path = Path(path)
    if path.is_dir():
        path = path / "client.toml"
        if not path.is_file():
            raise Refused([Refusal("folder_without_client", file=path.parent.name or ".")])
    elif not path.is_file():
        raise Refused([Refusal("no_such_file", file=str(path))])
    return path


def load(path: str | Path, what_if: Mapping[str, Any] | None = None) -> Client:
    """The client of a client file, with dotted what-ifs such as `doors.target_retention` applied.

    Raises `Refused` with every problem at once.
    """
    file = client_file(path)
    return _checked(_apply(_read(file), what_if or {}, file.name), file, what_if or {})


def _checked(raw: dict[str, Any], file: Path, what_if: Mapping[str, Any]) -> Client:
    """A client from what a file says, or all its refusals."""
    problems = _across(raw, file.name)
    try:
        client = Client.model_validate(raw)
    except ValidationError as error:
        problems += [_refusal(problem, file.name) for problem in error.errors()]
    if problems:
        raise Refused(problems)
    client._file = file
    client._what_if = tuple((key, str(value)) for key, value in what_if.items())
    return client


def changed(client: Client, what_if: Mapping[str, Any]) -> Client:
    """The same client with dotted fields set to other values; raises `Refused` where one does not fit."""
    raw = client.model_dump(by_alias=True, exclude_none=True)
    return _checked(_apply(raw, what_if, client.file.name), client.file, {**client.what_if, **what_if})


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


def _apply(raw: dict[str, Any], what_if: Mapping[str, Any], file: str) -> dict[str, Any]:
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
    if wrong:
        raise Refused(wrong)
    return raw


def _refusal(problem: Mapping[str, Any], file: str) -> Refusal:
    """One of pydantic's errors as a refusal of ours."""
    loc, context = problem["loc"], problem.get("ctx", {})
    values = {key: value for key, value in context.items() if key not in ("given", "error", "field")}
    field = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
    if context.get("field"):
        field = f"{field}.{context['field']}" if field else context["field"]
    name, given = _NAMES.get(problem["type"], problem["type"]), context.get("given", problem["input"])
    if problem["type"] == "extra_forbidden":
        allowed = _fields_at(loc[:-1])
        close = difflib.get_close_matches(str(loc[-1]), allowed, 1, 0.5)
        values = {"allowed_keys": ", ".join(allowed)}
        name, given = ("misspelt_key" if close else "unknown_key"), str(loc[-1])
        values |= {"suggestion": close[0]} if close else {}
    elif problem["type"] == "literal_error":
        values = {"expected": context["expected"].replace("'", '"').replace(" or ", ", ")}
    elif "given" not in context and problem["type"] not in _NAMES:
        name = "does_not_fit"
    if name in ("missing", "not_a_section", "not_a_list") or isinstance(given, dict | list):
        given = ""
    return Refusal(name, file=file, field=field, given=given, values=values)


_NAMES = {
    "missing": "missing",
    "model_type": "not_a_section",
    "model_attributes_type": "not_a_section",
    "dict_type": "not_a_section",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
    "too_short": "empty_list",
    "string_type": "not_text",
    "string_too_short": "empty_text",
    "string_too_long": "long_text",
    "bool_type": "not_yes_or_no",
    "bool_parsing": "not_yes_or_no",
    "literal_error": "not_one_of",
}


def _fields_at(loc: tuple[Any, ...]) -> list[str]:
    """The keys that the client file allows at a place."""
    model: Any = Client
    for part in loc:
        if isinstance(part, str) and isinstance(model, type) and part in _keys(model):
            model = _model_in(_keys(model)[part].annotation)
    return list(_keys(model)) if isinstance(model, type) else []


def _keys(model: type[BaseModel]) -> dict[str, Any]:
    return {name.rstrip("_"): field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
