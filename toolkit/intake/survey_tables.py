"""Files of answers → columns of texts: csv, XLSX, Parquet and SPSS, every cell as it was written.

A survey has few different answers and many rows, so a column is a pandas Categorical
of texts: everything after this reads each different text once. An empty cell is "".
"""

from __future__ import annotations

import array
import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.finding import Refusal, Refused
from toolkit.intake import encoding, sniff

_SPSS, _PARQUET, _ZIP, _OLD = (b"$FL2", b"$FL3"), b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
CHUNK, _HEAD = 20_000, 1 << 16  # rows, bytes


@dataclass(frozen=True)
class Sheet:
    """The rows of a file; `numbers` says which row of the file each one is.

    `names` are the columns' names where the format knows them; in csv and XLSX they are
    None and stand in the first rows. SPSS brings `questions`, and per column the
    `labels` of its codes and the ranges that are `missing` by its own declaration.
    """

    columns: tuple[pd.Categorical, ...]
    numbers: np.ndarray
    names: tuple[str, ...] | None = None
    questions: tuple[str, ...] = ()
    labels: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[int, tuple[tuple[Any, Any], ...]] = field(default_factory=dict)
    read_as: Mapping[str, str] = field(default_factory=dict)

    def only(self, kept: np.ndarray) -> Sheet:
        """The rows at which `kept` is true."""
        return replace(self, columns=tuple(column[kept] for column in self.columns), numbers=self.numbers[kept])

    def head(self, rows: int) -> list[list[str]]:
        """The cells of the first rows."""
        return [[str(column[row]) for column in self.columns] for row in range(min(rows, len(self.numbers)))]


def read_sheet(path: Path, wanted: Collection[str], delimiter: str | None = None, sheet: str | None = None) -> Sheet:
    """All cells of a file, whatever its format; raises `Refused` where it cannot be read.

    `wanted` are names of columns that the header should show: they help to tell the delimiter.
    """
    from toolkit.intake import survey_formats as formats

    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head in _SPSS:
            return formats.read_spss(path)
        if head == _PARQUET:
            return formats.read_parquet(path)
        if head == _ZIP:
            return formats.read_workbook(path, sheet)
        if head == _OLD:
            raise refuse_file("answers_old_spreadsheet", path)
        return _read_text(path, wanted, delimiter)
    except OSError as error:
        raise refuse_file("unreadable_file", path, given=error.strerror or "") from None


def refuse_file(refusal: str, path: Path, **more: Any) -> Refused:
    """The one refusal of a file that cannot be read."""
    return Refused([Refusal(refusal, path.name, "survey.file", **more)])


def as_text(cell: Any) -> str:
    """A cell as text: whole numbers without decimals, days as year-month-day.

    >>> as_text(5.0), as_text(None), as_text(" ja ")
    ('5', '', 'ja')
    """
    if isinstance(cell, str):
        return " ".join(cell.split())
    if cell is None or cell is pd.NaT or isinstance(cell, float | np.floating) and not np.isfinite(cell):
        return ""
    if isinstance(cell, float | np.floating):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return " ".join(str(cell).split())


def categorical(codes: np.ndarray, given: Iterable[Any]) -> pd.Categorical:
    """A column of texts from codes into distinct cells; a negative code is an empty cell."""
    texts = np.array([*map(as_text, given), ""], dtype=object)
    merged, distinct = pd.factorize(texts)
    return pd.Categorical.from_codes(merged[codes], categories=pd.Index(distinct, dtype=object))


class Gathering:
    """Rows of cells on their way to columns of codes; the first row sets the width."""

    def __init__(self) -> None:
        self.known: list[defaultdict[Any, int]] = []
        self.codes: list[array.array] = []
        self.numbers = array.array("q")

    def add(self, numbers: Iterable[int], rows: list[list[Any]]) -> None:
        """Take in rows of equal width."""
        if rows and not self.known:
            self.known = [defaultdict(count().__next__) for _ in rows[0]]
            self.codes = [array.array("i") for _ in rows[0]]
        self.numbers.extend(numbers)
        for known, codes, cells in zip(self.known, self.codes, zip(*rows, strict=True)):  # no rows: no cells
            codes.extend(map(known.__getitem__, cells))

    def sheet(self, **more: Any) -> Sheet:
        """What was gathered."""
        columns = [categorical(np.array(c, dtype=np.int32), k) for c, k in zip(self.codes, self.known, strict=True)]
        return Sheet(tuple(columns), np.array(self.numbers, dtype=np.int64), **more)


# text --------------------------------------------------------------------------------------------


def _read_text(path: Path, wanted: Collection[str], delimiter: str | None) -> Sheet:
    seen = encoding.recognise_bytes(path)
    if seen.kind != "text":
        kinds = {"binary_file": "answers_not_readable", "empty_log": "answers_empty"}
        raise refuse_file(kinds.get(seen.kind, seen.kind), path, row=seen.row)
    written = "utf-8-sig" if seen.encoding == "utf-8" else seen.encoding
    with path.open(encoding=written, newline="") as file:
        delimiter = delimiter or recognise_delimiter(file.readlines(_HEAD), wanted)
    gathered, wrong = Gathering(), defaultdict(list)
    with path.open(encoding=written, newline="") as file:
        records = _even(csv.reader(file, delimiter=sniff.DELIMITERS[delimiter], strict=True), wrong)
        while chunk := list(islice(records, CHUNK)):
            gathered.add((number for number, _ in chunk), [cells for _, cells in chunk])
    if wrong:
        raise Refused([_refuse_rows(kind, path, rows, len(gathered.known)) for kind, rows in wrong.items()])
    return gathered.sheet(read_as={"format": "csv", "delimiter": delimiter, "encoding": seen.encoding})


def recognise_delimiter(lines: list[str], wanted: Collection[str] = ()) -> str:
    """The delimiter that shows most of the wanted columns, else the one that makes the most regular table.

    >>> recognise_delimiter(["V1;V2\\n", "7,5;8\\n", "6,5;9\\n"])
    ';'
    """

    def fit(delimiter: str) -> tuple[int, bool, float, int]:
        rows = [cells for _, cells in sniff.records(lines, delimiter) if cells]
        if not rows:
            return 0, False, 0.0, 0
        width, times = Counter(map(len, rows)).most_common(1)[0]
        found = len({cell.strip() for cells in rows[:3] for cell in cells} & set(wanted))
        return found, width > 1, times / len(rows), width

    return max((";", ",", "tab"), key=fit)


def _even(reader: Any, wrong: dict[str, list[tuple[int, int]]]) -> Iterator[tuple[int, list[str]]]:
    """Records with their line numbers, all as wide as the first; others go to `wrong`. Blank ones stay."""
    width, blank = 0, []
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            wrong["broken_quotes"].append((number, 0))
            continue
        if not any(map(str.strip, cells)):
            blank += [number] if width else []
            continue
        yield from ((line, [""] * width) for line in blank)
        blank, width = [], width or len(cells)
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            cells = cells[:width]
        if len(cells) == width:
            yield number, cells
        else:
            wrong["uneven_rows"].append((number, len(cells)))


def _refuse_rows(kind: str, path: Path, rows: list[tuple[int, int]], width: int) -> Refusal:
    first = " · ".join(f"{row}: {cells}" for row, cells in rows[:3])
    values = {"count": len(rows), "rows": ", ".join(str(row) for row, _ in rows[:3]), "first": first, "width": width}
    return Refusal(kind, path.name, "survey.file", rows[0][0], values=values)
