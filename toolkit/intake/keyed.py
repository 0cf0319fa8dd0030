"""A transaction log and the customers who answered a survey → what each of them bought and whether they stayed.

**Definitions**, besides those of `toolkit.intake.log`:

- *key*: what a survey says the customer is called in the log, as written, without the blanks around it.
- *the year*: the twelve months after the day that the answers are taken to hold from; without
  such a day the last twelve months that the two doors count.
- *known*: the key stands in the log. *there*: active on the evening before the year. *kept*:
  there, and active at the end of the year. *turnover*: the sum of the amounts in the year.

A year that is not over by the last day counted, or whose start lies less than a window after
the first day of the log, is not counted: the answer is then None, never a shorter year.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.finding import Refusal, Refused
from toolkit.intake.log import Log, _duplicates, data_file

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from toolkit.intake.flows import Period


@dataclass(frozen=True)
class Keyed:
    """What the log says of n respondents, in their order; no row names anybody.

    `rows` has known, there, kept (booleans), turnover (of the year) and `customer`: a number that
    respondents of one customer share, -1 where the key is empty or unknown. `first` and `last` bound the year.
    """

    first: date
    last: date
    rows: pd.DataFrame


def year_of(last: date, answered_on: date | None) -> tuple[date, date]:
    """The first and last day of the year: after the day of the answers, else the one that ends on `last`.

    >>> [str(day) for day in year_of(date(2024, 12, 31), None)]
    ['2024-01-01', '2024-12-31']
    >>> [str(day) for day in year_of(date(2024, 12, 31), date(2023, 6, 30))]
    ['2023-07-01', '2024-06-30']
    """
    if answered_on is not None:
        first = answered_on + timedelta(days=1)
        return first, _a_year_later(first) - timedelta(days=1)
    after = last + timedelta(days=1)
    return _a_year_later(after, -1), last


def _a_year_later(day: date, years: int = 1) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the twenty-ninth of February
        return day.replace(year=day.year + years, day=28)


def read_keyed(
    log: Log, folder: Path, keys: Sequence[Any], *, window: int, last: date, until: date, answered_on: date | None = None
) -> Keyed | None:
    """What the customers behind `keys` (n, None where empty) did in the year; None where the log does not hold that year.

    `last` is the last day that the two doors count, `until` the last day that may stand in
    the log. Raises `Refused` with what is wrong with the file and its cells.
    """
    from toolkit.intake import table
    from toolkit.intake.flows import Period

    path = data_file(log.file, folder)
    with tempfile.TemporaryDirectory(prefix="toolkit-log-") as scratch, table.connect(scratch) as con:
        _, problems = table.Loading(con, log, until, Path(scratch)).load(path)
        repeats = _duplicates(con, drop=log.duplicates == "drop")
        if repeats and log.duplicates is None:
            problems.append(Refusal("undecided_duplicates", log.file, "log.duplicates", values={"count": repeats}))
        if problems:
            raise Refused(problems)
        ((begins,),) = con.execute("select min(day) from log").fetchall()
        year = Period(*year_of(last, answered_on))
        if begins is None or year.last > last or not year.reached(begins, window):
            return None
        return Keyed(year.first, year.last, joined(con, keys, year, window))


def joined(con: DuckDBPyConnection, keys: Sequence[Any], year: Period, window: int) -> pd.DataFrame:
    """The rows of `Keyed`, from the table `log` with customer, day and amount."""
    import pandas as pd

    asked = pd.DataFrame({"place": range(len(keys)), "key": pd.Series([_text(key) for key in keys], dtype=object)})
    con.register("asked_keys", asked.astype({"key": "string"}))
    days = {"first": year.first, "last": year.last, "start": year.start}
    days |= {"before_start": year.start - timedelta(days=window), "before_end": year.last - timedelta(days=window)}
    found = con.execute(JOINED, days).df()
    con.unregister("asked_keys")
    return found.astype({"known": bool, "there": bool, "kept": bool, "customer": "int64"})


def _text(key: Any) -> str | None:
    """A key as the log would write it; None where there is none."""
    if key is None or key != key:
        return None
    return str(key).strip() or None


JOINED = """
with bought as (
    select customer,
        coalesce(bool_or(amount >= 0 and day > $before_start and day <= $start), false) as there,
        coalesce(bool_or(amount >= 0 and day > $before_end and day <= $last), false) as at_end,
        coalesce(sum(amount) filter (day between $first and $last), 0)::double as turnover
    from log where customer in (select key from asked_keys) group by customer
), numbered as (
    select *, row_number() over (order by customer) - 1 as number from bought
)
select numbered.customer is not null as known, coalesce(there, false) as there,
    coalesce(there and at_end, false) as kept, coalesce(turnover, 0) as turnover, coalesce(number, -1) as customer
from asked_keys left join numbered on asked_keys.key = numbered.customer order by place
"""
