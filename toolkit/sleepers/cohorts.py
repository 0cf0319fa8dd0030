"""The write-off per cohort and per channel, and how the money comes back month by month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from toolkit.sleepers.result import Line, Point, Won
from toolkit.sleepers.write_off import payback_curve, write_off_by
from toolkit.worth.payback import Payback

MOST_LINES = 4
UNKNOWN = "–"  # the channel of customers whose first purchase names none
FEW = 0.05  # of the customers won: of an age that fewer reached, the average says little
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def last_day(first: date, every: str, end: date) -> date:
    """The last day of the calendar period that begins on `first`, or the end of what was counted.

    >>> last_day(date(2024, 10, 1), "quarter", date(2025, 6, 30)).isoformat()
    '2024-12-31'
    """
    month = first.year * 12 + first.month - 1 + MONTHS[every]
    return min(date(month // 12, month % 12 + 1, 1) - timedelta(days=1), end)


def old_enough(ages: pd.DataFrame) -> pd.DataFrame:
    """The ages that enough of the customers reached."""
    won = ages.groupby("age")["won"].transform("sum")
    return ages[won >= max(1, FEW * won.max())] if len(ages) else ages


def parts(groups: pd.DataFrame, ages: pd.DataFrame, cost: Mapping[str, float], every: str, end: date) -> dict[str, Any]:
    """The write-off per cohort, and per channel where there is more than one.

    `groups` as in `write_off_by`, with the `cost` of winning one customer; `ages` as in
    `payback_curve`; both by cohort and channel. `cost` is what winning a customer cost, by channel.
    """
    cohorts, channels = (_by(by, groups, ages, cost, every, end) for by in ("cohort", "channel"))
    named = [part for part in channels if part.channel != UNKNOWN]
    worst = max(named, key=lambda part: part.written_off / part.won, default=None)
    return {"cohorts": cohorts, "channels": channels, "worst_channel": worst and worst.channel}


def _by(
    by: str, groups: pd.DataFrame, ages: pd.DataFrame, cost: Mapping[str, float], every: str, end: date
) -> tuple[Won, ...]:
    found = []
    if by == "channel" and groups[by].nunique() < 2:
        return ()
    for name, row in write_off_by(groups, cost, by).iterrows():
        mine = groups[groups[by] == name]
        each = float((mine["customers"] * mine["cost"]).sum() / mine["customers"].sum())
        old = old_enough(ages[ages[by] == name])
        found.append(
            Won(
                first=mine["cohort"].min(),
                last=last_day(mine["cohort"].max(), every, end),
                channel=(str(name) or UNKNOWN) if by == "channel" else None,
                **{key: int(row[key]) for key in ("won", "asleep", "lost")},
                **{key: float(row[key]) for key in ("spent", "earned_back", "asleep_written_off", "lost_written_off")},
                written_off=float(row["asleep_written_off"] + row["lost_written_off"]),
                payback=None if old.empty else payback_curve(old, each)[1].periods,
            )
        )
    return tuple(found)


def curve(ages: pd.DataFrame, cost: float, every: str, end: date) -> dict[str, Any]:
    """The payback curve of everyone won, and those of the channels or else of the latest cohorts."""
    old = old_enough(ages)
    if old.empty:
        unknown = {"payback": None, "payback_reason": "nobody_old_enough", "months_seen": 0.0, "margin_seen": 0.0}
        return unknown | {"points": (), "lines": ()}
    by = "channel" if ages["channel"].nunique() > 1 else "cohort"
    names = sorted(old[by].unique())[-MOST_LINES:] if old[by].nunique() > 1 else []
    lines = []
    for name in names:
        mine = old_enough(ages[ages[by] == name])
        span = mine["cohort"].min(), last_day(mine["cohort"].max(), every, end)
        lines.append(Line(*span, (str(name) or UNKNOWN) if by == "channel" else None, _points(mine, cost)[0]))
    points, back = _points(old, cost)
    return {
        "points": points,
        "lines": tuple(lines),
        "payback": back.periods,
        "payback_reason": back.reason,
        "months_seen": points[-1].age,
        "margin_seen": points[-1].cumulative,
    }


def _points(ages: pd.DataFrame, cost: float) -> tuple[tuple[Point, ...], Payback]:
    """The payback curve of these customers, and when it covers the cost."""
    curve, back = payback_curve(ages, cost)
    rows = zip(curve.index, curve["won"], curve["margin"], curve["cumulative"], strict=True)
    return tuple(Point(float(age), int(won), float(margin), float(total)) for age, won, margin, total in rows), back
