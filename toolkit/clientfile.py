"""What a client file says before its fields are checked: read, changed by what-ifs, held against itself."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.finding import Refusal, Refused
from toolkit.sleepers.section import missing as sleepers_missing
from toolkit.strategies.section import missing as strategies_missing
from toolkit.worth.section import missing as worth_missing


def read(file: Path) -> dict[str, Any]:
    """The content of a client file; raises `Refused` where it cannot be read as TOML."""
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


def across(raw: Mapping[str, Any], file: str, chapters: tuple[str, ...]) -> list[Refusal]:
    """What is wrong between sections; looked for even where a section itself is wrong."""
    problems = []
    if not any(name in raw for name in chapters):
        problems.append(Refusal("no_chapter", file=file, values={"chapters": ", ".join(chapters)}))
    doors = raw.get("doors")
    if isinstance(doors, dict) and {"every", "window"} & set(doors) and "log" not in raw:
        problems.append(Refusal("log_missing", file=file, field="log"))
    if "drivers" in raw and "survey" not in raw:
        problems.append(Refusal("survey_missing", file=file, field="survey"))
    return problems + worth_missing(raw, file) + sleepers_missing(raw, file) + strategies_missing(raw, file)


def apply(raw: dict[str, Any], what_if: Mapping[str, Any], file: str) -> list[Refusal]:
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
