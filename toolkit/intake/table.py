"""From a file to the table `log` in a database: customer, day, amount, one row per row of the file.

A text file is read as it stands where it can be. When anything in it is odd, it is
copied row by row with its row numbers and read again, so that every problem can
say where it is. Both ways end in the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from toolkit.finding import Refusal, Refused
from toolkit.intake import encoding, sniff
from toolkit.intake.cells import Source, file_literal, fill, is_clean, literal, name, problems_in_cells, refuse_rows
from toolkit.intake.columns import Dialect, Layout, find_columns, find_layout, settle, wanted_columns

if TYPE_CHECKING:
    from toolkit.intake.log import Log

READ = ("date", "amount")  # columns whose text is read
MOST_CHARACTERS = 200_000


def connect(scratch: str) -> duckdb.DuckDBPyConnection:
    """An empty database in memory that spills into the folder `scratch` and fetches nothing."""
    con = duckdb.connect(
        config={
            "memory_limit": "1GB",
            "threads": 2,
            "temp_directory": scratch,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute("set enable_progress_bar = false")
    con.execute("set TimeZone = 'UTC'")
    return con


@dataclass(frozen=True)
class Loading:
    """One log on its way into one database."""

    con: duckdb.DuckDBPyConnection
    log: Log
    until: date
    scratch: Path

    def load(self, path: Path) -> tuple[Dialect, list[Refusal]]:
        """Make the table `log`; what is wrong with columns and cells comes back as refusals.

        Raises `Refused` where the file as such cannot be read.
        """
        try:
            seen = encoding.recognise_bytes(path)
        except OSError as error:
            raise self._refused("unreadable_file", given=error.strerror) from None
        if seen.kind == "parquet":
            return self._load_parquet(path)
        if seen.kind != "text":
            raise self._refused(seen.kind, row=seen.row)
        if not seen.plain:
            copy = self.scratch / "text.csv"
            encoding.write_plain(path, seen.encoding, copy)
            path = copy
        return self._load_text(path, seen.encoding)

    def _refused(self, refusal: str, **where) -> Refused:
        return Refused([Refusal(refusal, self.log.file, "log.file", **where)])

    def _load_text(self, path: Path, written: str) -> tuple[Dialect, list[Refusal]]:
        head, spread = sniff.sample(path)
        delimiter = self.log.delimiter or sniff.recognise_delimiter(head, wanted_columns(self.log).values())
        layout, problems = find_layout(head, delimiter, self.log)
        if not layout.width:
            raise Refused(problems)
        dialect, asked = settle(Dialect(delimiter, encoding=written), self.log, _texts(spread, delimiter, layout))
        layout = replace(layout, wanted={key: at for key, at in layout.wanted.items() if key not in asked})
        problems += asked.values()
        if not problems and self._fill_at_once(path, layout, dialect):
            return dialect, []
        copy = self.scratch / "rows.tsv"
        problems += copy_rows(path, delimiter, layout, copy, self.log.file)
        source = text_source(copy, layout, "\t", numbered=True)
        fill(self.con, source, dialect, keep_text=True)
        return dialect, problems + problems_in_cells(self.con, source, self.log, self.until)

    def _fill_at_once(self, path: Path, layout: Layout, dialect: Dialect) -> bool:
        """Whether the file could be read as it stands, and nothing in it is odd."""
        if dialect.delimiter == "space" or not layout.simple:
            return False
        try:
            fill(self.con, text_source(path, layout, sniff.DELIMITERS[dialect.delimiter]), dialect)
        except duckdb.InvalidInputException:
            return False
        return is_clean(self.con, self.until)

    def _load_parquet(self, path: Path) -> tuple[Dialect, list[Refusal]]:
        # Minima and maxima in a damaged or badly written file are not to be believed.
        self.con.execute("set disabled_optimizers = 'statistics_propagation'")
        try:
            source, problems = parquet_source(self.con, path, self.log)
            read = [key for key in READ if key in source.cells and source.is_text(key)]
            texts = {key: _sampled(self.con, source, key) for key in read}
            dialect, asked = settle(Dialect(encoding="parquet"), self.log, texts)
            source = replace(source, cells={key: cell for key, cell in source.cells.items() if key not in asked})
            problems += asked.values()
            fill(self.con, source, dialect)
            if problems or not is_clean(self.con, self.until):
                fill(self.con, source, dialect, keep_text=True)
                problems += problems_in_cells(self.con, source, self.log, self.until)
            self.con.execute("reset disabled_optimizers")
        except duckdb.Error:
            raise self._refused("damaged_file") from None
        return dialect, problems


def _texts(lines: list[str], delimiter: str, layout: Layout) -> dict[str, set[str]]:
    """What stands in the wanted columns of these lines."""
    rows = [cells for _, cells in sniff.records(lines, delimiter) if cells and len(cells) >= layout.width]
    return {key: {cells[layout.wanted[key] - 1] for cells in rows} for key in READ if key in layout.wanted}


def _sampled(con: duckdb.DuckDBPyConnection, source: Source, key: str) -> Iterable[str]:
    """Texts of a Parquet column, spread over the file."""
    rows = con.execute(f"select count(*) from {source.table}").fetchone()[0]
    every = f"select distinct {source.cells[key]}::varchar as text from {source.table} where file_row_number % ? = 0"
    texts = con.execute(f"select text from ({every}) where text is not null", [max(1, rows // 100_000)])
    return {text for (text,) in texts.fetchall()}


def text_source(path: Path, layout: Layout, delimiter: str, numbered: bool = False) -> Source:
    """The cells of a text file under names of our own, c1, c2, …; `numbered` is our own copy of it."""
    cells = tuple(f"c{number}" for number in range(1, layout.width + 1))
    columns = ", ".join(f"'{cell}': 'VARCHAR'" for cell in cells) + (", 'row': 'BIGINT'" if numbered else "")
    quote = "" if numbered else '"'
    table = f"""read_csv({file_literal(path)}, delim={literal(delimiter)}, quote='{quote}', escape='{quote}',
        header={bool(layout.names) and not numbered}, columns={{{columns}}}, auto_detect=false, strict_mode=true,
        compression='none', hive_partitioning=false)"""
    at = {key: cells[place - 1] for key, place in layout.wanted.items()}
    return Source(table, cells, at, dict.fromkeys(at, "VARCHAR"), "row" if numbered else "0")


def parquet_source(con: duckdb.DuckDBPyConnection, path: Path, log: Log) -> tuple[Source, list[Refusal]]:
    """The cells of a Parquet file; its rows are counted from one."""
    table = f"read_parquet({file_literal(path)}, hive_partitioning=false)"
    columns = con.execute(f"describe select * from {table}").fetchall()
    names, types = [column[0] for column in columns], [column[1] for column in columns]
    at, problems = find_columns(names, len(names), log)
    cells = {key: name(names[place - 1]) for key, place in at.items()}
    kinds = {key: types[place - 1] for key, place in at.items()}
    return Source(table, tuple(map(name, names)), cells, kinds, "file_row_number + 1"), problems


def copy_rows(path: Path, delimiter: str, layout: Layout, copy: Path, file: str) -> list[Refusal]:
    """Copy well-formed rows, one line each with its row number behind it; refuse the others."""
    wrong: dict[str, list[tuple[int, object]]] = {"broken_quotes": [], "uneven_rows": []}
    plain = {"encoding": "utf-8", "newline": "\n"}
    with path.open(encoding="utf-8-sig", newline="") as lines, copy.open("w", **plain) as out:
        rows = sniff.records(lines, delimiter)
        if layout.names:
            next(rows, None)
        for row, cells in rows:
            if cells and len(cells) == layout.width + 1 and not cells[-1].strip():
                cells.pop()
            if cells is None or sum(map(len, cells)) > MOST_CHARACTERS:
                wrong["broken_quotes"].append((row, ""))
            elif len(cells) != layout.width:
                wrong["uneven_rows"].append((row, len(cells)))
            else:
                out.write("\t".join(re.sub(r"[\t\r\n]", " ", cell) for cell in cells) + f"\t{row}\n")
    return [refuse_rows(kind, file, rows, len(rows), width=layout.width) for kind, rows in wrong.items() if rows]
