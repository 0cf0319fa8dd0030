"""The sleepers in numbers: who bought nothing for W, what winning them cost, and what never came back.

`analyse` takes the section and the frames that a log was counted into, and returns
one frozen `Asleep`. Nothing here reads files, words or pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.finding import Refusal, Refused
from toolkit.sleepers import dormancy
from toolkit.sleepers.calling import calling
from toolkit.sleepers.cohorts import curve, parts
from toolkit.sleepers.dormancy import Money
from toolkit.sleepers.result import Asleep, ByAsleepAfter
from toolkit.sleepers.section import Sleepers, step_of, tried
from toolkit.sleepers.write_off import STATES, by_window, waterfall, written_off
from toolkit.units import DAYS, MONEY, SHARE
from toolkit.whatif import Swing, swings
from toolkit.worth.inputs import as_input
from toolkit.worth.uncertainty import centre

if TYPE_CHECKING:
    from toolkit.intake.sleeping import SleepingFrames

CONFIDENCE = 0.95
DRAWS = 10_000
NO_PARTS = {"cohorts": (), "channels": (), "worst_channel": None}
NO_WINDOWS = {"by_asleep_after": (), "factor_of_windows": None}


@dataclass(frozen=True)
class Given:
    """What the client said: margin, cost to win, discount rate a year, span of a cohort, window of the doors."""

    gross_margin: float
    cost_to_win: float | None
    discount: float
    every: str
    window: int


def given_in(economics: Mapping[str, Any], every: str, window: int) -> Given:
    """The client's economics at their likeliest or middle values."""
    at = centre({name: as_input(economics.get(name)) for name in ("gross_margin", "cost_to_win", "discount")})
    return Given(at["gross_margin"], at["cost_to_win"], at["discount"] or 0.0, every, window)


def analyse(
    section: Sleepers,
    frames: SleepingFrames,
    given: Given,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    full: bool = True,
) -> Asleep:
    """Who of the customers won sleeps, and what of the cost of winning them has not come back.

    Without `full` only what a picture or the stage shows is computed, each figure as otherwise:
    no cohorts, channels, states of recency and windows beside W. Raises `Refused` where nobody was won, or a channel has no cost.
    """
    if frames.groups.empty:
        raise Refused([Refusal("nobody_won", field="sleepers.since", given=section.since or "")])
    cost = _costs(section, frames.groups["channel"].unique(), given.cost_to_win)
    groups = _with_states(frames.groups, section.asleep_after, given.window, given.gross_margin)
    groups = groups.assign(cost=groups["channel"].map(cost).astype(float))
    found = _copied(section, frames, given) | _counted(groups, cost)
    ages = frames.ages.assign(gross_margin=frames.ages["turnover"] * given.gross_margin)
    found |= parts(groups, ages, cost, given.every, frames.end) if full else NO_PARTS
    found |= curve(ages, found["cost_per_customer"], given.every, frames.end)
    found |= _sleeping(section, frames, given, draws=draws, seed=seed, full=full)
    found |= _windows(section, frames.groups, cost, given) if full else NO_WINDOWS
    found["swings"] = _swings(section, frames.groups, cost, given, found["cost_per_customer"])
    return Asleep(**{field.name: found[field.name] for field in fields(Asleep)})


def _costs(section: Sleepers, channels: Any, cost_to_win: float | None) -> dict[str, float]:
    """What winning a customer costs, by channel; a channel that nobody priced takes the cost for all."""
    own = section.cost_by_channel or {}
    costs = {channel: own.get(channel, cost_to_win) for channel in channels}
    without = [channel for channel, cost in costs.items() if cost is None]
    if without:
        raise Refused(Refusal("channel_without_cost", field="sleepers.cost_by_channel", given=one) for one in without)
    return costs


def _with_states(groups: pd.DataFrame, asleep_after: int, window: int, gross_margin: float) -> pd.DataFrame:
    """The groups with awake, asleep or lost, and the gross margin of all in the group."""
    reached = (groups["idle"] >= asleep_after).astype(int) + (groups["idle"] >= window)
    state = pd.Categorical.from_codes(reached, STATES)
    return groups.assign(state=state, gross_margin=groups["customers"] * groups["turnover"] * gross_margin)


def _copied(section: Sleepers, frames: SleepingFrames, given: Given) -> dict[str, Any]:
    return {
        "first": max(frames.begins, section.since or frames.begins),
        "last": frames.end,
        "last_won": frames.last_won,
        "since_given": section.since is not None,
        "shut": (frames.end - frames.last_won).days >= given.window,
        "assumed": section.assumed,
        "every": given.every,
        "asleep_after": section.asleep_after,
        "window": given.window,
        "contact_every": step_of(section.contact_every, given.window),
        "horizon": section.horizon,
        "discount": given.discount,
        "gross_margin": given.gross_margin,
        "confidence": CONFIDENCE,
    }


def _counted(groups: pd.DataFrame, cost: Mapping[str, float]) -> dict[str, Any]:
    """The waterfall, and how many never brought back what winning them cost."""
    fall = waterfall(groups, cost)
    unpaid = groups["gross_margin"] < groups["customers"] * groups["cost"]
    short = int(groups["customers"][(groups["state"] != "awake") & unpaid].sum())
    on_all = float((groups["customers"] * groups["cost"]).sum())
    won, asleep, lost = (int(count) for count in (fall.won, fall.asleep, fall.lost))
    names = ("spent", "earned_back_asleep", "earned_back_lost", "written_off_asleep", "written_off_lost", "written_off")
    return {name: getattr(fall, name) for name in names} | {
        "won": won,
        "asleep": asleep,
        "lost": lost,
        "awake": won - asleep - lost,
        "asleep_share": asleep / won,
        "lost_share": lost / won,
        "earned_back": fall.earned_back_asleep + fall.earned_back_lost,
        "spent_on_all": on_all,
        "cost_per_customer": on_all / won,
        "written_off_share": fall.written_off / on_all if on_all else None,
        "not_earned_back": short,
        "not_earned_back_share": short / won,
    }


def _sleeping(
    section: Sleepers, frames: SleepingFrames, given: Given, *, draws: int, seed: int, full: bool
) -> dict[str, Any]:
    """The states, the rule when to stop, and what calling is expected to bring."""
    step = step_of(section.contact_every, given.window)
    money = Money(given.gross_margin, given.discount, section.horizon, step)
    seen = dormancy.read(frames.states, -(-given.window // step), given.gross_margin, CONFIDENCE)
    found = calling(section, seen, money, given.window, draws=draws, seed=seed)
    states = dormancy.table(seen, found["contact_cost"], money, given.window, CONFIDENCE) if full else ()
    stop = dormancy.stop_at(states) if found["contact_cost"] else None
    beyond = sum(state.customers for state in states if state.number >= stop.number) if stop else None
    return found | {
        "states": states,
        "woken": seen.woken,
        "lost_back": seen.lost_back,
        "contribution": seen.buyer,
        "stop_after": stop and stop.days_from,
        "contacts_stopped": beyond,
        "saved_by_stopping": beyond * found["contact_cost"] if beyond else None,
    }


def _windows(section: Sleepers, groups: pd.DataFrame, cost: Mapping[str, float], given: Given) -> dict[str, Any]:
    """How the write-off moves with W."""
    days = tried(section.asleep_after, given.window)
    by_days = {one: _with_states(groups, one, given.window, given.gross_margin) for one in days}
    rows = by_window(by_days, cost)
    table = tuple(
        ByAsleepAfter(int(one), int(row.asleep), int(row.lost), float(row.written_off)) for one, row in rows.iterrows()
    )
    ends = [row.written_off for row in table]
    return {"by_asleep_after": table, "factor_of_windows": max(ends) / min(ends) if min(ends) > 0 else None}


def _swings(
    section: Sleepers, groups: pd.DataFrame, cost: Mapping[str, float], given: Given, each: float
) -> tuple[Swing, ...]:
    """How the write-off moves with W, with the cost of winning and with the margin; `each` customer cost so much."""
    days, margin = tried(section.asleep_after, given.window), given.gross_margin

    def never_back(cost_to_win: float, gross_margin: float, asleep_after: float) -> float:
        scale = cost_to_win / each if each else 0.0
        there = _with_states(groups, int(asleep_after), given.window, gross_margin)
        return written_off(there, {channel: one * scale for channel, one in cost.items()})

    base = {"cost_to_win": each, "gross_margin": margin, "asleep_after": section.asleep_after}
    reach = {
        "cost_to_win": (each * 0.9, each * 1.1, MONEY),
        "gross_margin": (max(0.0, margin - 0.05), min(1.0, margin + 0.05), SHARE),
        "asleep_after": (min(days), max(days), DAYS),
    }
    return swings(never_back, MONEY, base, reach)
