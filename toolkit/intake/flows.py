"""Who came, stayed and went: small frames counted in the database from the table `log`.

`log` has `customer` (text), `day` (date), `amount` (decimal) for every row. The
definitions stand in `toolkit.intake.log`; here is how they become one pass over
the rows per sixty periods. Every asked period, with its own window, owns one bit.
A day sets the bits of the periods for which it lies in the window before the
start, or before the end; OR-ing those of a customer's purchase days says at
which starts and ends that customer is active. All sums are of decimals, exact,
so that neither threads nor row order change a result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MONTHS = {"month": 1, "quarter": 3, "year": 12}
BITS = 60
FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0)
COUNTS = ["start", "new", "won_and_gone", "reactivated", "lost", "end"]
SUMS = ["turnover", "base_turnover", "lost_turnover"]


@dataclass(frozen=True)
class Period:
    """Days `first` to `last`, both included; `start` is the day before."""

    first: date
    last: date

    @property
    def start(self) -> date:
        """The day on whose evening the start is counted."""
        return self.first - timedelta(days=1)

    def reached(self, log_begins: date, window: int) -> bool:
        """Whether a log that begins then covers the window before the start: begin <= start − window + 1."""
        return log_begins.toordinal() <= self.start.toordinal() - window + 1


def calendar_periods(every: str, begin: date, until: date) -> Iterator[Period]:
    """The calendar months, quarters or years after the day `begin`, as far as they end by `until`.

    >>> [str(p.first) for p in calendar_periods("quarter", date(2024, 1, 1), date(2024, 12, 30))]
    ['2024-04-01', '2024-07-01']
    """
    months = MONTHS[every]
    first = date(begin.year, (begin.month - 1) // months * months + 1, 1)
    while (after := _months_later(first, months)) is not None and after.toordinal() - 1 <= until.toordinal():
        if first > begin:
            yield Period(first, after - timedelta(days=1))
        first = after


def _months_later(day: date, months: int) -> date | None:
    """The first of a month so many months later; None where the calendar ends."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1) if year <= date.max.year else None


def windows(window: int) -> list[tuple[float, int]]:
    """Half to twice a window in days, half days rounded up.

    >>> windows(182)
    [(0.5, 91), (0.75, 137), (1.0, 182), (1.5, 273), (2.0, 364)]
    """
    return [(factor, int(factor * window + 0.5)) for factor in FACTORS]


def count(con: DuckDBPyConnection, shown: Sequence[Period], window: int, begins: date) -> dict[str, Any]:
    """What the log says of the shown periods, the last of them also under half to twice the window.

    Returns `flows`, `by_window`, `deciles` and `customers` as `toolkit.intake.log.LogFrames` has them.
    """
    tried = [(factor, days, shown[-1].reached(begins, days)) for factor, days in windows(window)]
    again = [(shown[-1], days) for _, days, reached in tried if reached]
    asked = again + [(period, window) for period in shown]
    parts = [_count(con, asked[at : at + BITS]) for at in range(0, len(asked), BITS)]
    counted = pd.concat(parts, ignore_index=True)
    counted.insert(0, "from", pd.Series([period.first for period, _ in asked], dtype=object))
    counted.insert(1, "to", pd.Series([period.last for period, _ in asked], dtype=object))
    last = {"bit": 1 << (len(asked) - 1) % BITS}
    return {
        "flows": counted[len(again) :].reset_index(drop=True),
        "by_window": _beside(tried, counted[: len(again)]),
        "deciles": con.execute(DECILES, last).df().astype({"lost": "int64"}),
        "customers": con.execute("select count(*) from people").fetchone()[0],
    }


def _beside(tried: list[tuple[float, int, bool]], counted: pd.DataFrame) -> pd.DataFrame:
    """The tried windows with what was counted for those reached, NA for the others."""
    frame = pd.DataFrame(tried, columns=["factor", "window", "reached"])
    kinds = dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(SUMS, "Float64")
    return frame.join(counted.set_axis(frame.index[frame["reached"]]).astype(kinds))


def _count(con: DuckDBPyConnection, asked: Sequence[tuple[Period, int]]) -> pd.DataFrame:
    """One row per asked period and window; leaves `people`, with what each spent before the last of them."""
    rows = []
    for item, (period, window) in enumerate(asked):
        back = timedelta(days=window)
        days = (period.first, period.last, period.start - back, period.start, period.last - back)
        rows.append((item, 1 << item, *days))
    con.execute(ASKED)
    con.executemany("insert into asked values (?, ?, ?, ?, ?, ?, ?)", rows)
    con.execute(CALENDAR)
    con.execute(PEOPLE, {"bit": 1 << len(asked) - 1})
    con.execute(BEFORE)
    return con.execute(FLOWS).df()


# What is asked: a period with its window, and the bit that it owns.
ASKED = """
create or replace temp table asked (
    item integer, bit ubigint, first date, last date, before_start date, start_day date, before_end date
)
"""

# Per day of the log: in which windows before a start, and before an end, it lies; and its turnover.
CALENDAR = """
create or replace temp table calendar as
select day, total,
    bit_or(if(day > before_start and day <= start_day, bit, 0::ubigint)) as at_start,
    bit_or(if(day > before_end and day <= last, bit, 0::ubigint)) as at_end
from (select day, sum(amount) as total from log group by day), asked
group by day, total
"""

# Per customer: first purchase, at which starts and ends active, turnover in the window before the asked start.
PEOPLE = """
create or replace temp table people as
select customer,
    min(day) filter (amount >= 0) as first_day,
    bit_or(at_start) filter (amount >= 0) as at_start,
    bit_or(at_end) filter (amount >= 0) as at_end,
    sum(amount) filter (at_start & $bit::ubigint <> 0) as spent
from log join calendar using (day)
group by customer
"""

# Turnover in the window before a start, by the starts for which its customer was active, and then lost.
BEFORE = """
create or replace temp table before as
select calendar.at_start & people.at_start as base,
    calendar.at_start & people.at_start & ~people.at_end as lost,
    sum(amount) as turnover
from log join calendar using (day) join people using (customer)
where calendar.at_start <> 0
group by all
"""

FLOWS = """
with seen as (
    select item, first, last, first_day, people.at_start & bit <> 0 as at_start, people.at_end & bit <> 0 as at_end
    from asked left join people on true
), counts as (
    select item,
        count(*) filter (at_start) as start,
        count(*) filter (at_end and first_day >= first) as new,
        count(*) filter (not at_end and first_day between first and last) as won_and_gone,
        count(*) filter (at_end and not at_start and first_day < first) as reactivated,
        count(*) filter (at_start and not at_end) as lost,
        count(*) filter (at_end) as "end"
    from seen group by item
), sums as (
    select item, sum(total) as turnover from asked join calendar on day between first and last group by item
), sums_before as (
    select item,
        sum(turnover) filter (base & bit <> 0) as base_turnover,
        sum(turnover) filter (lost & bit <> 0) as lost_turnover
    from asked, before group by item
)
select counts.* exclude (item), coalesce(turnover, 0)::double as turnover,
    coalesce(base_turnover, 0)::double as base_turnover, coalesce(lost_turnover, 0)::double as lost_turnover
from counts left join sums using (item) left join sums_before using (item)
order by item
"""


# Those active at a start in ten equal groups by their turnover in the window before it.
DECILES = """
with ranked as (
    select spent, at_end & $bit::ubigint = 0 as lost, ntile(10) over (order by spent desc, customer) as decile
    from people where at_start & $bit::ubigint <> 0
)
select decile, count(*) as customers, sum(spent)::double as turnover, count(*) filter (lost) as lost,
    coalesce(sum(spent) filter (lost), 0)::double as lost_turnover
from ranked group by decile order by decile
"""
