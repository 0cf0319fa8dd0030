"""A transaction log → who of the customers won went to sleep, what they brought, and who woke again.

**Definitions**, besides those of `toolkit.intake.log`; `end` is the last day counted.

- *won*: first purchase by `end`, and not before `since` where that is given. A log that
  begins later than the firm counts its old customers as won in its first periods.
- *cohort*: the calendar period (month, quarter or year) of the first purchase, by its first day.
- *channel*: that of the first purchase; of several on that day the first in order; "" where unknown.
- *idle*: days from the last purchase to `end`. *awake*: idle < asleep_after. *asleep*: idle >=
  asleep_after and < window. *lost*: idle >= window. So awake and asleep together are the
  customers that the two doors count at that day.
- *turnover*: the sum of all amounts of a customer up to `end`.
- *age*: month 1 begins with the first purchase; a month is over when the same day of the next
  month comes, or, where that month is too short, the first day after it. Only full months count.
- *recency* at a day: 1 for idle days 0 to step − 1, 2 for step to 2 step − 1, and so on within the
  window; one more than the last of these is *lost*.
- *snapshots*: the days end − step, end − 2 step, … within a year, as far as the log covers a full
  window before them. Of everyone won by a snapshot it is known who bought in the `step` days after.
- *larger*: among those within the window at a day the half with the higher turnover so far, ties by customer.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.finding import Refusal, Refused
from toolkit.intake.log import Every, Log, _duplicates, data_file

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from toolkit.intake.table import Loading

MOST_APART = 50_000  # customers; of more, turnover is put together at three significant digits
OLDEST = 240  # months of age
YEAR = 365


@dataclass(frozen=True)
class SleepingFrames:
    """What a log says of the customers won; the terms are those of this module's definitions.

    `begins` is the first day of the log, `end` the last counted; `last_won` the last first purchase (None: nobody won).
    `groups`: cohort, channel, idle (the highest of the asked bounds that is reached), turnover (of one customer),
    customers. `ages`: cohort, channel, age, won (customers with so many full months), turnover (theirs in that month).
    `states`: now (counted at `end`, else over the snapshots), recency, larger, asleep, customers, turnover (so far),
    bought (customers who bought in the step after), spent (what these spent in it); both 0 where now.
    """

    begins: date
    end: date
    last_won: date | None
    snapshots: int
    groups: pd.DataFrame
    ages: pd.DataFrame
    states: pd.DataFrame


@dataclass(frozen=True)
class Asked:
    """What is to be counted: cohorts per `every`, W in days with those tried beside it, the window of the doors."""

    every: Every
    asleep_after: int
    tried: tuple[int, ...]
    window: int
    step: int
    end: date
    since: date | None = None

    @property
    def bounds(self) -> list[int]:
        """The idle days at which a customer goes from one group to the next."""
        return sorted({0, self.asleep_after, *self.tried, self.window})

    @property
    def states(self) -> int:
        """How many recencies there are within the window."""
        return -(-self.window // self.step)

    def snapshots(self, begins: date) -> list[date]:
        """The days in the last year at which is counted who bought in the step after them."""
        days = [self.end - timedelta(days=back) for back in range(self.step, max(YEAR, self.step) + 1, self.step)]
        return [day for day in days if (day - begins).days >= self.window - 1]


def read_sleeping(log: Log, folder: Path, asked: Asked, *, until: date) -> SleepingFrames:
    """Read a log and count who sleeps; `until` is the last day that may stand in it.

    Nothing is written but temporary files in a private folder, removed afterwards.
    Raises `Refused` with what is wrong with the file and its cells.
    """
    from toolkit.intake import table

    path = data_file(log.file, folder)
    with tempfile.TemporaryDirectory(prefix="toolkit-log-") as scratch, table.connect(scratch) as con:
        loading = table.Loading(con, log, until, Path(scratch))
        _, problems = loading.load(path)
        repeats = _duplicates(con, drop=log.duplicates == "drop")
        if repeats and log.duplicates is None:
            problems.append(Refusal("undecided_duplicates", log.file, "log.duplicates", values={"count": repeats}))
        if not problems and not con.execute("select count(*) from log").fetchone()[0]:
            problems.append(Refusal("empty_log", log.file, "log.file"))
        if problems:
            raise Refused(problems)
        _add_channels(loading, path)
        return count(con, asked)


def _add_channels(loading: Loading, path: Path) -> None:
    """Give every row of `log` its channel: the file read again with the channel in the customer's place."""
    con, columns = loading.con, loading.log.columns
    if columns.channel is None:
        con.execute("alter table log add column channel varchar default ''")
        return
    con.execute("alter table log rename to bought")
    columns = columns.model_copy(update={"customer": columns.channel, "channel": None})
    replace(loading, log=loading.log.model_copy(update={"columns": columns})).load(path)
    con.execute("alter table log rename to channels")
    con.execute("""
        create table log as select bought.*, coalesce(channel, '') as channel
        from bought left join (select content, min(customer) as channel from channels group by content) using (content)
        """)


def count(con: DuckDBPyConnection, asked: Asked) -> SleepingFrames:
    """Count from the table `log`, which has `channel` beside customer, day and amount."""
    begins = con.execute("select min(day) from log").fetchone()[0]
    snapshots = asked.snapshots(begins)
    con.execute("set variable most_apart = ?", [MOST_APART])
    con.execute(PEOPLE, {"every": asked.every, "end": asked.end, "since": asked.since or date.min})
    con.execute("create or replace temp table bounds as select unnest(?::integer[]) as bound", [asked.bounds])
    con.execute("create or replace temp table moments as select unnest(?::date[]) as moment", [[*snapshots, asked.end]])
    states = {"end": asked.end, "step": asked.step, "window": asked.window, "asleep": asked.asleep_after}
    return SleepingFrames(
        begins=begins,
        end=asked.end,
        last_won=con.execute("select max(first_day) from people").fetchone()[0],
        snapshots=len(snapshots),
        groups=_days(con.execute(GROUPS).df()),
        ages=_days(con.execute(AGES, {"end": asked.end, "oldest": OLDEST}).df()),
        states=con.execute(STATES, states | {"lost": asked.states + 1}).df(),
    )


def _days(frame: pd.DataFrame) -> pd.DataFrame:
    """The cohorts as days, the channels as categories."""
    return frame.assign(cohort=frame["cohort"].dt.date, channel=frame["channel"].astype("category"))


# Per customer won: first day, cohort, idle days at the end, turnover, channel of the first purchase.
PEOPLE = """
create or replace temp table people as
select customer, first_day, date_trunc($every, first_day)::date as cohort, $end::date - last_day as idle, turnover,
    first.channel as channel
from (
    select customer, min(day) filter (amount >= 0) as first_day, max(day) filter (amount >= 0) as last_day,
        sum(amount) as turnover, min({'day': day, 'channel': channel}) filter (amount >= 0) as first
    from log where day <= $end group by customer
)
where first_day >= $since
"""

GROUPS = """
with apart as (
    select cohort, channel, bound as idle, if(
        (select count(*) from people) <= getvariable('most_apart') or turnover = 0, turnover::double,
        round(turnover::double, 2 - floor(log10(abs(turnover::double)))::integer)
    ) as bin, turnover
    from people asof join bounds on people.idle >= bounds.bound
)
select cohort, channel, idle::bigint as idle, (sum(turnover) / count(*))::double as turnover, count(*) as customers
from apart group by cohort, channel, idle, bin order by cohort, channel, idle, turnover
"""

MONTHS = "(year({b}) - year({a})) * 12 + month({b}) - month({a}) - if(day({b}) < day({a}), 1, 0)"

# Customers with so many full months behind them, and what these brought in each of them.
AGES = f"""
with full_ages as (
    select *, least({MONTHS.format(a="first_day", b="($end::date + 1)")}, $oldest) as months from people
), reached as (
    select cohort, channel, months, count(*) as customers from full_ages group by all
), won as (
    select cohort, channel, unnest(range(1, months + 1)) as age, customers from reached
), brought as (
    select cohort, full_ages.channel, greatest({MONTHS.format(a="first_day", b="day")}, 0) + 1 as age,
        sum(amount) as turnover
    from log join full_ages using (customer)
    where day <= $end and greatest({MONTHS.format(a="first_day", b="day")}, 0) < months
    group by all
)
select cohort, channel, age::bigint as age, sum(customers)::bigint as won,
    coalesce(any_value(brought.turnover), 0)::double as turnover
from won left join brought using (cohort, channel, age)
group by cohort, channel, age order by cohort, channel, age
"""

STATES = """
with seen as (
    select customer, moment, max(day) filter (day <= moment and amount >= 0) as last_day,
        sum(amount) filter (day <= moment) as turnover,
        coalesce(bool_or(day > moment and amount >= 0), false) as bought, sum(amount) filter (day > moment) as spent
    from log join people using (customer) join moments on day <= least(moment + $step::integer, $end::date)
    group by customer, moment
), placed as (
    select *, moment = $end::date as now, moment - last_day as idle from seen where last_day is not null
), ranked as (
    select *, ntile(2) over (partition by moment, idle < $window order by turnover desc, customer) = 1 as larger
    from placed
)
select now, if(idle < $window, idle // $step + 1, $lost)::bigint as recency, larger and idle < $window as larger,
    idle >= $asleep and idle < $window as asleep, count(*) as customers, sum(turnover)::double as turnover,
    count(*) filter (bought) as bought, coalesce(sum(spent) filter (bought), 0)::double as spent
from ranked group by all order by now, recency, larger, asleep
"""
