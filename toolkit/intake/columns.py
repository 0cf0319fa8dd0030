"""Which columns of a file are the wanted ones, and how dates and amounts in them are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import duckdb

from toolkit.finding import Refusal
from toolkit.intake import sniff

if TYPE_CHECKING:
    from toolkit.intake.log import Log

MOST_NAMES = 30


@dataclass(frozen=True)
class Dialect:
    """How a file was read: what was stated, else what was recognised; None where it does not apply."""

    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    date_format: str | None = None


@dataclass(frozen=True)
class Layout:
    """The columns of a text file: how many, their names (none without a header), where the wanted ones are.

    `simple` says that nothing stands before the header and that it is one line.
    """

    width: int
    names: tuple[str, ...]
    wanted: dict[str, int]
    simple: bool


def wanted_columns(log: Log) -> dict[str, str | int]:
    """The columns that the client file names, by what they mean."""
    return {key: column for key, column in log.columns if column is not None}


def find_layout(head: list[str], delimiter: str, log: Log) -> tuple[Layout, list[Refusal]]:
    """Columns of a text file; it has a header unless all wanted columns are given by position."""
    rows = list(sniff.records(head, delimiter))
    row, first = rows[0] if rows else (1, None)
    if all(isinstance(column, int) for column in wanted_columns(log).values()):
        widths = Counter(len(cells) for _, cells in rows if cells)
        width, names = max(widths, key=lambda n: (widths[n], n), default=0), ()
    else:
        names = tuple(cell.strip() for cell in first or ())
        while names and not names[-1]:
            names = names[:-1]
        width = len(names)
    if rows and first is None and not width:
        return Layout(0, (), {}, False), [Refusal("broken_header", log.file, "log.file", row)]
    at, problems = find_columns(names, width, log)
    simple = row == 1 and not any("\n" in cell for cell in first or ())
    return Layout(width, names, at, simple), problems


def find_columns(names: Sequence[str], width: int, log: Log) -> tuple[dict[str, int], list[Refusal]]:
    """Where the wanted columns stand, counted from one, and a refusal for each that does not."""
    at, problems = {}, []
    for key, column in wanted_columns(log).items():
        places = [column] if isinstance(column, int) else [n for n, one in enumerate(names, 1) if one == column]
        if len(places) == 1 and places[0] <= width:
            at[key] = places[0]
        else:
            refusal, values = _why_not(column, names, bool(places))
            values |= {"columns": ", ".join(names[:MOST_NAMES]), "width": width}
            field = f"log.columns.{key}"
            problems.append(Refusal(refusal, log.file, field, column=str(column), given=column, values=values))
    return at, problems


def _why_not(column: str | int, names: Sequence[str], found: bool) -> tuple[str, dict[str, str]]:
    if isinstance(column, int):
        return "column_beyond", {}
    if found:
        return "column_twice", {}
    folded = {one.casefold(): one for one in reversed(names)}
    close = get_close_matches(column.strip().casefold(), folded, 1)
    return ("column_misspelt", {"suggestion": folded[close[0]]}) if close else ("column_missing", {})


def settle(dialect: Dialect, log: Log, texts: dict[str, Iterable[str]]) -> tuple[Dialect, dict[str, Refusal]]:
    """Decimal sign and date pattern as stated, else as recognised; by column, a refusal where that is open.

    `texts` holds cells of the columns that are text.
    """
    pattern, decimal, problems = log.date_format, log.decimal, {}
    if pattern is not None and not is_pattern(pattern):
        problems["date"] = Refusal("date_format_unknown", log.file, "log.date_format", given=pattern)
    if pattern is None and "date" in texts:
        found = sniff.recognise_date_format(texts["date"])
        if len(found) > 1:
            problems["date"] = _ask("ambiguous_dates", log, "date", "date_format", found, texts["date"])
        pattern = found[0] if found else next(iter(sniff.DATE_FORMATS))
    if decimal is None and "amount" in texts:
        found = sniff.recognise_decimal(texts["amount"])
        if len(found) > 1:
            problems["amount"] = _ask("ambiguous_decimal", log, "amount", "decimal", found, texts["amount"])
        decimal = found[0] if found else None
    return replace(dialect, date_format=pattern, decimal=decimal), problems


def _ask(refusal: str, log: Log, key: str, option: str, found: tuple[str, ...], texts: Iterable[str]) -> Refusal:
    """The refusal that shows a text which reads in two ways, and the lines to choose from."""
    reads = {"date_format": sniff.recognise_date_format, "decimal": sniff.recognise_decimal}[option]
    shown = min((text for text in texts if len(reads([text])) > 1), default="")
    lines = {f"line_{which}": f'{option} = "{one}"' for which, one in zip(("one", "other"), found)}
    column = str(getattr(log.columns, key))
    return Refusal(refusal, log.file, f"log.{option}", column=column, given=shown, values=lines)


def is_pattern(pattern: str) -> bool:
    """Whether a text is a date pattern, with a year and without a time zone.

    >>> is_pattern("%d/%m/%Y"), is_pattern("%d/%m"), is_pattern("dd/mm/yyyy")
    (True, False, False)
    """
    if not re.search("%-?[Yy]", pattern) or re.search("%[Zz]", pattern):
        return False
    try:
        with duckdb.connect() as con:
            con.execute("select try_strptime('', ?)", [pattern]).fetchone()
    except duckdb.Error:
        return False
    return True
