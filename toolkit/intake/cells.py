"""The cells of a log in SQL: text → customer, day, amount; and which cells are refused, with their rows.

Everything that a file contributes to a statement is a literal or a quoted name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from toolkit.finding import Refusal
from toolkit.intake import sniff

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from toolkit.intake.columns import Dialect

NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)")
DAYS = re.compile(r"DATE|TIMESTAMP.*")


@dataclass(frozen=True)
class Source:
    """Where a log stands: a FROM clause, all its cells, those wanted with their types, its row numbers."""

    table: str
    every: tuple[str, ...]
    cells: dict[str, str]
    types: dict[str, str]
    row: str = "0"

    def is_text(self, key: str) -> bool:
        """Whether the column has to be read as text: what is neither a number nor a day by type."""
        typed = DAYS if key == "date" else NUMBERS
        return not typed.fullmatch(self.types[key])


def literal(text: object) -> str:
    """A text as an SQL literal.

    >>> literal("l'Oréal")
    "'l''Oréal'"
    """
    return "'" + str(text).replace("'", "''") + "'"


def file_literal(path: object) -> str:
    """The name of one file as an SQL literal, its brackets and stars not being a pattern.

    >>> file_literal("log [1].csv")
    "'log [[]1].csv'"
    """
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def name(column: str) -> str:
    """A column's name as an SQL identifier.

    >>> name('the "net" amount')
    '"the ""net"" amount"'
    """
    return '"' + column.replace('"', '""') + '"'


def day_sql(source: Source, pattern: str | None) -> str:
    """The day in `date_text`, a time of day being cut off; NULL where there is none."""
    if "date" not in source.cells:
        return "null::date"
    if not source.is_text("date"):
        return "try_cast(date_text as date)"
    text = "date_text::varchar"
    if " " not in pattern and "%H" not in pattern:
        bare = f"regexp_replace(trim({text}), {literal(sniff.TIME)}, '')"
        text = f"case when length({text}) > 10 then {bare} else {text} end"
    if pattern == "%Y%m%d":
        text = f"case when length(trim({text})) = 8 then {text} end"
    return f"try_strptime({text}, {literal(pattern)})::date"


def amount_sql(source: Source, decimal: str | None) -> str:
    """The amount in `amount_text`, exact to four decimals; NULL where there is none."""
    if "amount" not in source.cells:
        return "null::decimal(18, 4)"
    if not source.is_text("amount"):
        return "try_cast(amount_text as decimal(18, 4))"
    text, point = "amount_text::varchar", decimal or "."
    foreign = " or ".join(f"contains({text}, '{sign}')" for sign in ".," if sign != decimal)
    plain = f"case when not ({foreign}) then {text} end"
    grouped = f"""case when regexp_full_match(trim({text}), {literal(sniff.GROUPED_AMOUNT[decimal])})
        then regexp_replace({text}, '[^-+0-9{point}]', '', 'g') end"""
    read = "try_cast(replace({}, '{}', '.') as decimal(18, 4))"
    return f"coalesce({read.format(plain, point)}, {read.format(grouped, point)})"


def fill(con: DuckDBPyConnection, source: Source, dialect: Dialect, keep_text: bool = False) -> None:
    """Make the table `log`: customer, day, amount and a hash of the row, without rows that are all empty.

    `keep_text` adds the row number and the texts as they stood, to be shown in refusals.
    """
    texts = ", ".join(f"{source.cells.get(key, 'null')} as {key}_text" for key in ("customer", "date", "amount"))
    con.execute(f"""
        create or replace table log as
        select customer, case when day between date '1900-01-01' and date '2199-12-31' then day end as day,
            amount, content {", row, customer_text, date_text, amount_text" if keep_text else ""}
        from (
            select *, nullif(trim(customer_text::varchar), '') as customer,
                {day_sql(source, dialect.date_format)} as day, {amount_sql(source, dialect.decimal)} as amount
            from (
                select {texts}, {source.row} as row, hash({", ".join(source.every)}) as content
                from {source.table}
                where not ({" and ".join(f"{cell} is null" for cell in source.every)})
            )
        )
        """)


def is_clean(con: DuckDBPyConnection, until: date) -> bool:
    """Whether every row of `log` has a customer, an amount and a day that is not after `until`."""
    query = "select count(*) from log where customer is null or amount is null or day is null or day > ?"
    return con.execute(query, [until]).fetchone()[0] == 0


def problems_in_cells(con: DuckDBPyConnection, source: Source, log, until: date) -> list[Refusal]:
    """Refusals of missing customers, unreadable days and amounts, and days after `until`, in known columns."""
    late = "day > ? and (select min(day) from log) <= ?"
    checks = {
        "missing_customers": ("customer", "customer is null", []),
        "unreadable_dates": ("date", "day is null", []),
        "dates_after_until": ("date", late, [until, until]),
        "unreadable_amounts": ("amount", "amount is null", []),
    }
    problems = []
    for refusal, (key, wrong, values) in checks.items():
        if key not in source.cells:
            continue
        count = con.execute(f"select count(*) from log where {wrong}", values).fetchone()[0]
        if count:
            query = f"select row, coalesce({key}_text::varchar, '') from log where {wrong} order by row limit 3"
            rows = con.execute(query, values).fetchall()
            column = str(getattr(log.columns, key))
            problems.append(refuse_rows(refusal, log.file, rows, count, f"log.columns.{key}", column, until=until))
    return problems


def refuse_rows(
    refusal: str, file: str, rows: list[tuple[int, Any]], count: int, field: str = "log.file", column: str = "", **more
) -> Refusal:
    """A refusal about `count` rows that shows the first three: `rows` pairs row numbers with what stood there."""
    shown = [(row, shorten(given)) for row, given in rows[:3]]
    values = {
        "count": count,
        "rows": ", ".join(str(row) for row, _ in shown),
        "first": " · ".join(f"{row}: {given}" for row, given in shown),
    }
    return Refusal(refusal, file, field, shown[0][0], column, shown[0][1], values | more)


def shorten(given: Any, most: int = 40) -> str:
    """A text as shown in a refusal: on one line, not too long."""
    text = " ".join(str(given).split())
    return text if len(text) <= most else text[: most - 1] + "…"
