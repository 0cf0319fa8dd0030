"""Flows of customers period by period, stated by the client or counted from a log. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from toolkit.doors import rates
from toolkit.doors.section import Period
from toolkit.units import Count, Days, Money, Ratio, Share, ShareEstimate, Years


@dataclass(frozen=True)
class Flow:
    """One period: start + new + reactivated − lost = end; won and gone again stand beside it."""

    first: date
    last: date
    start: Count
    new: Count
    won_and_gone: Count
    reactivated: Count
    lost: Count
    end: Count
    retention: ShareEstimate | None

    @property
    def balance(self) -> Count:
        """How many more customers the period ended with than it started with."""
        return self.end - self.start

    @property
    def kept(self) -> Count:
        """Those there at the start and still there at the end."""
        return self.start - self.lost

    @property
    def years(self) -> Years:
        """The length of the period; whole calendar months count as twelfths."""
        return years_between(self.first, self.last)


@dataclass(frozen=True)
class Decile:
    """A tenth of the customers at the start of the last period, by turnover; number one buys most."""

    number: int
    customers: Count
    turnover: Money
    turnover_share: Share
    lost: Count
    churn: Share
    lost_turnover: Money
    lost_share: Share


@dataclass(frozen=True)
class ByWindow:
    """The last period as it looks when "active" means bought within another window."""

    factor: Ratio
    window: Days
    start: Count | None
    lost: Count | None
    end: Count | None
    retention: ShareEstimate | None


def years_between(first: date, last: date) -> Years:
    """The length of a span of days, both included: whole months as twelfths, else days over 365.25.

    >>> years_between(date(2024, 1, 1), date(2024, 3, 31))
    0.25
    """
    after = date.fromordinal(last.toordinal() + 1)
    if after.day == first.day:
        return ((after.year - first.year) * 12 + after.month - first.month) / 12
    return (last.toordinal() - first.toordinal() + 1) / 365.25


def stated_flows(periods: tuple[Period, ...]) -> tuple[Flow, ...]:
    """Stated counts as flows; the count that was left out follows from the others."""
    flows = []
    for period in periods:
        came = period.new + (period.reactivated or 0)
        lost = period.start + came - period.end if period.lost is None else period.lost
        flows.append(
            _flow(
                period.from_, period.to, period.start, period.new,
                period.won_and_gone or 0, period.reactivated or 0, lost,
            )
        )  # fmt: skip
    return tuple(flows)


def counted_flows(frame: pd.DataFrame) -> tuple[Flow, ...]:
    """The flows that a log was counted into, oldest first."""
    columns = ["from", "to", "start", "new", "won_and_gone", "reactivated", "lost"]
    rows = frame[columns].itertuples(index=False, name=None)
    return tuple(_flow(first, last, *(int(count) for count in counts)) for first, last, *counts in rows)


def _flow(first: date, last: date, start: int, new: int, gone: int, back: int, lost: int) -> Flow:
    retention = rates.wilson(start - lost, start) if start else None
    return Flow(first, last, start, new, gone, back, lost, start + new + back - lost, retention)


def deciles(frame: pd.DataFrame) -> tuple[Decile, ...]:
    """The tenths of the customers that a log was cut into, those who buy most first."""
    total = float(frame["turnover"].sum())
    return tuple(
        Decile(
            int(row.decile), int(row.customers), float(row.turnover),
            float(row.turnover) / total if total > 0 else 0.0,
            int(row.lost), int(row.lost) / int(row.customers), float(row.lost_turnover),
            float(row.lost_turnover) / total if total > 0 else 0.0,
        )
        for row in frame.itertuples()
        if row.customers
    )  # fmt: skip


def by_window(frame: pd.DataFrame) -> tuple[ByWindow, ...]:
    """The last period under half to twice the window, as far as the log reaches back."""
    found = []
    for row in frame.itertuples():
        if not row.reached:
            found.append(ByWindow(float(row.factor), int(row.window), None, None, None, None))
            continue
        start, lost = int(row.start), int(row.lost)
        kept = rates.wilson(start - lost, start) if start else None
        found.append(ByWindow(float(row.factor), int(row.window), start, lost, int(row.end), kept))
    return tuple(found)
