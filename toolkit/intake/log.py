"""A transaction log: rows of customer, date and amount → how customers flow, period by period.

**Definitions.** Days are calendar days; t is a day, and what is bought on t counts.

- *purchase*: a row whose amount is zero or more. A row below zero is a credit note
  or return: it lowers turnover, but nobody is a customer because of it. A row of
  zero is a purchase (a free delivery, a full discount): somebody came.
- *active* at t: a purchase in (t − window, t].
- *period*: a calendar month, quarter or year, `from` to `to`, both included. Its
  start is the state at the day before `from`, its end the state at `to`.
- *new*: first purchase in the period, and active at its end. *won_and_gone*: first
  purchase in the period, and not active at its end.
- *reactivated*: active at the end, not at the start, first purchase before the period.
- *lost*: active at the start, not at the end. So start + new + reactivated − lost = end.
- *turnover*: the sum of all amounts in the period. *base_turnover*: the sum of
  amounts, in the window before the period, of the customers active at its start;
  *lost_turnover*: the part of it that is of those lost.
- A period is *shown* if it ends by `until`, does not begin before `since`, and the
  log reaches back a full window at its start: first date of the log <= start −
  window + 1. The last shown one is "the last period".
- *duplicate*: a row of which every cell repeats an earlier row.

Amounts are exact to four decimals. Customers are texts as written, without the
blanks around them: "007" and "7" are two.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from toolkit.finding import Refusal, Refused

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from toolkit.intake.flows import Period

Name = Annotated[str, Field(min_length=1)]


def _read_column(value: object) -> object:
    text, position = isinstance(value, str) and value, type(value) is int and value >= 1
    if not text and not position:
        raise PydanticCustomError("not_a_column", "{given}", {"given": value})
    return value


Column = Annotated[Any, BeforeValidator(_read_column)]
Every = Literal["month", "quarter", "year"]

EXAMPLES = Path("share") / "toolkit-examples"


class LogColumns(BaseModel):
    """Which column is which: a name or a position, counted from one; positions only: a file without a header."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer: Column = Field(examples=["customer"])
    date: Column = Field(examples=["date"])
    amount: Column = Field(examples=["amount"])
    channel: Column | None = Field(default=None, examples=["channel"])


class Log(BaseModel):
    """The `[log]` section of a client file: where the transactions are, and how they are written.

    What is left out of `delimiter`, `decimal` and `date_format` is recognised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Name = Field(examples=["transactions.csv"])
    columns: LogColumns
    duplicates: Literal["keep", "drop"] | None = Field(default=None, examples=["keep"])
    delimiter: Literal[";", ",", "tab", "space"] | None = Field(default=None, examples=[";"])
    decimal: Literal[",", "."] | None = Field(default=None, examples=[","])
    date_format: Name | None = Field(default=None, examples=["%d-%m-%Y"])


@dataclass(frozen=True)
class LogFrames:
    """What a log says, counted; the terms are those of this module's definitions.

    `rows` are in the file, `rows_used` without dropped duplicates; `customers`,
    `amount`, `first`, `last`, `zero_rows` and `negative_rows` are of the rows used.
    `read_as` says how the file was read: delimiter, decimal, encoding, date_format.

    `flows`: a row per shown period: from, to, start, new, won_and_gone, reactivated,
    lost, end, turnover, base_turnover, lost_turnover. `by_window`: the last period
    for ½, ¾, 1, 1½ and 2 times the window: factor, window, reached, then as `flows`
    (NA where not reached). `deciles`: those active at the start of the last period
    by their turnover in the window before it, the highest first, ties by customer:
    decile, customers, turnover, lost, lost_turnover.
    """

    rows: int
    rows_used: int
    customers: int
    amount: float
    first: date
    last: date
    duplicate_rows: int
    zero_rows: int
    negative_rows: int
    read_as: dict[str, str | None]
    flows: pd.DataFrame
    by_window: pd.DataFrame
    deciles: pd.DataFrame


def data_file(name: str, folder: Path) -> Path:
    """The file that a client file names: from its own folder, or `package:` for installed example data.

    Raises `Refused` where there is none.
    """
    if name.startswith("package:"):
        home = (Path(sys.prefix) / EXAMPLES).resolve()
        path, missing = home / name.removeprefix("package:"), "missing_example_data"
        allowed = home in Path(path.parent.resolve() / path.name).parents
    else:
        path, missing, allowed = Path(folder) / name, "missing_file", True
    try:
        if allowed and path.is_dir():
            raise Refused([Refusal("folder_instead_of_file", name, "log.file")])
        if allowed and path.is_file():
            return path
    except (OSError, ValueError):
        pass  # a name that this system cannot have is the name of no file
    raise Refused([Refusal(missing, name, "log.file")])


def read_log(
    log: Log, folder: Path, *, every: Every, window: int, until: date, since: date | None = None
) -> LogFrames:
    """Read a log and count its flows per period; `window` in days, `until` the last day to be counted.

    Nothing is written but temporary files in a private folder, removed afterwards.
    Raises `Refused` with everything that is wrong with the file, its cells and its dates.
    """
    from toolkit.intake import flows, table  # here: checking a client file needs no pandas and no database

    path = data_file(log.file, folder)
    with tempfile.TemporaryDirectory(prefix="toolkit-log-") as scratch, table.connect(scratch) as con:
        read_as, problems = table.Loading(con, log, until, Path(scratch)).load(path)
        rows = con.execute("select count(*) from log").fetchone()[0]
        if not rows and not problems:
            raise Refused([Refusal("empty_log", log.file, "log.file")])
        duplicates = _duplicates(con, drop=log.duplicates == "drop")
        if duplicates and log.duplicates is None:
            values = {"count": duplicates}
            problems.append(Refusal("undecided_duplicates", log.file, "log.duplicates", values=values))
        begins = con.execute("select min(day) from log").fetchone()[0]
        shown: list[Period] = []
        uncertain = {"log.file", "log.columns.date", "log.date_format"}  # rows or dates that may not be all there
        if begins and not uncertain & {problem.field for problem in problems}:
            shown, refused = _shown(log.file, every, window, begins, until, since)
            problems += refused
        if problems:
            raise Refused(problems)
        return LogFrames(
            rows=rows,
            duplicate_rows=duplicates,
            read_as=asdict(read_as),
            **_totals(con),
            **flows.count(con, shown, window, begins),
        )


def _shown(
    file: str, every: Every, window: int, begins: date, until: date, since: date | None
) -> tuple[list[Period], list[Refusal]]:
    """The periods that are shown, or why there is none."""
    from toolkit.intake.flows import calendar_periods

    values = {"begins": begins, "until": until, "window": window}
    if until < begins:
        return [], [Refusal("until_before_log", file, given=until, values=values)]
    periods = list(calendar_periods(every, begins, until))
    reached = [period for period in periods if period.reached(begins, window)]
    shown = [period for period in reached if since is None or period.first >= since]
    if shown:
        return shown, []
    if reached:
        values |= {"since": since, "last": reached[-1].first}
        return [], [Refusal("since_beyond_log", file, given=since, values=values)]
    if periods:
        values["longest"] = (periods[-1].start - begins).days + 1
        return [], [Refusal("window_beyond_log", file, "doors.window", given=window, values=values)]
    return [], [Refusal("log_too_short", file, "doors.every", given=every, values=values)]


def _duplicates(con: DuckDBPyConnection, drop: bool) -> int:
    """How many rows repeat an earlier one; taken out of `log` if they are to be dropped.

    Rows of one hash are compared by customer, day and amount too.
    """
    con.execute("""
        create temp table surplus as select rowid as repeat from log
        where content in (select content from log group by content having count(*) > 1)
        qualify row_number() over (partition by content, customer, day, amount order by rowid) > 1
        """)
    if drop:
        con.execute("delete from log where rowid in (select repeat from surplus)")
    return con.execute("select count(*) from surplus").fetchone()[0]


def _totals(con: DuckDBPyConnection) -> dict[str, float | date]:
    query = """
        select count(*) as rows_used, sum(amount)::double as amount,
            min(day) as first, max(day) as last,
            count(*) filter (amount = 0) as zero_rows, count(*) filter (amount < 0) as negative_rows
        from log
        """
    found = con.execute(query)
    return dict(zip((column[0] for column in found.description), found.fetchone(), strict=True))
