"""Sleeping customers: what they cost to win, what of it came back, and when to stop calling.

Asleep: bought nothing for W, still inside the window of the doors. Lost: past that
window. They are shown apart; what winning them cost and was not earned back is
written off for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, one_of, refuse, within
from toolkit.worth.payback import Payback, payback_of

STATES = ("awake", "asleep", "lost")


def _recovery(groups: pd.DataFrame, cost_to_win: Any) -> pd.DataFrame:
    """The groups with what winning them cost, what of it their margin brought back, and what not."""
    refuse(*(one_of("state", state, STATES) for state in groups["state"].unique()))
    cost = _cost(groups, cost_to_win)
    refuse(within("customers", groups["customers"], 0), within("cost_to_win", cost, 0))
    spent = groups["customers"].to_numpy() * cost
    earned = np.minimum(spent, np.maximum(groups["gross_margin"].to_numpy(), 0.0))
    return groups.assign(spent=spent, earned_back=earned, written_off=spent - earned)


def _cost(groups: pd.DataFrame, cost_to_win: Any) -> Any:
    """The cost to win of every group: one for all, or one per channel; shape () or (groups,)."""
    if not isinstance(cost_to_win, Mapping):
        return float(numbers(cost_to_win=cost_to_win)[0])
    if groups["channel"].nunique() == 1 and groups["channel"].iat[0] in cost_to_win:
        return float(cost_to_win[groups["channel"].iat[0]])
    unknown = sorted(set(groups["channel"].unique()) - set(cost_to_win))
    refuse(*(Refusal("channel_without_cost", field="cost_to_win", given=channel) for channel in unknown))
    return groups["channel"].map(dict(cost_to_win)).to_numpy(float)


def write_off_by(groups: pd.DataFrame, cost_to_win: Any, by: str = "cohort") -> pd.DataFrame:
    """Customers won, asleep and lost, and what of winning them is written off, per cohort or channel.

    `groups` has one row per customer, or per group of customers alike in margin: `cohort`, `state`
    (`"awake"`, `"asleep"`, `"lost"`), `customers`, `gross_margin` (their sum so far) and perhaps
    `channel`. What one customer earned beyond his cost does not make up for another, so groups
    should be narrow in margin. `cost_to_win` is money per customer, or a mapping by channel.
    Returns a frame by `by`: `won, asleep, lost, spent, earned_back, asleep_written_off,
    lost_written_off`; the money columns are about sleepers and lost customers only.
    """
    groups = _recovery(groups, cost_to_win)
    kept = groups[groups["state"] != "awake"]
    columns = {"won": groups.groupby(by)["customers"].sum()}
    for state in ("asleep", "lost"):
        columns[state] = groups[groups["state"] == state].groupby(by)["customers"].sum()
    for part in ("spent", "earned_back"):
        columns[part] = kept.groupby(by)[part].sum()
    for state in ("asleep", "lost"):
        columns[f"{state}_written_off"] = groups[groups["state"] == state].groupby(by)["written_off"].sum()
    return pd.DataFrame(columns).fillna(0)


@dataclass(frozen=True)
class Waterfall:
    """From what winning the sleeping and lost customers cost to what is written off.

    spent − earned back by both = written off on both. Money; `won`, `asleep`, `lost` customers.
    """

    won: float
    asleep: float
    lost: float
    spent: float
    earned_back_asleep: float
    earned_back_lost: float
    written_off_asleep: float
    written_off_lost: float

    @property
    def written_off(self) -> float:
        """Asleep and lost together."""
        return self.written_off_asleep + self.written_off_lost


def waterfall(groups: pd.DataFrame, cost_to_win: Any) -> Waterfall:
    """The write-off of everyone asleep or lost, in the parts of a waterfall; `groups` as in `write_off_by`.

    >>> groups = pd.DataFrame({"cohort": 2024, "state": ["asleep", "lost", "awake"],
    ...                        "customers": 1, "gross_margin": [40.0, 160.0, 500.0]})
    >>> waterfall(groups, 100.0).written_off
    60.0
    """
    groups = _recovery(groups, cost_to_win)
    sums = groups.groupby("state", observed=True)[["customers", "spent", "earned_back", "written_off"]].sum()
    asleep, lost = (sums.loc[state] if state in sums.index else sums.sum() * 0 for state in ("asleep", "lost"))
    return Waterfall(
        won=float(groups["customers"].sum()),
        asleep=float(asleep["customers"]),
        lost=float(lost["customers"]),
        spent=float(asleep["spent"] + lost["spent"]),
        earned_back_asleep=float(asleep["earned_back"]),
        earned_back_lost=float(lost["earned_back"]),
        written_off_asleep=float(asleep["written_off"]),
        written_off_lost=float(lost["written_off"]),
    )


def written_off(groups: pd.DataFrame, cost_to_win: Any) -> float:
    """The last figure of the waterfall by itself: what of winning everyone asleep or lost never came back.

    >>> groups = pd.DataFrame({"cohort": 2024, "state": ["asleep", "lost", "awake"],
    ...                        "customers": 1, "gross_margin": [40.0, 160.0, 500.0]})
    >>> written_off(groups, 100.0)
    60.0
    """
    recovery = _recovery(groups, cost_to_win)
    sums = recovery.groupby("state", observed=True)["written_off"].sum()
    return float(sums.get("asleep", 0.0)) + float(sums.get("lost", 0.0))


def by_window(groups_by_window: Mapping[int, pd.DataFrame], cost_to_win: Any) -> pd.DataFrame:
    """How the write-off depends on W: one row per window with `asleep, lost, written_off`."""
    parts = {window: waterfall(groups, cost_to_win) for window, groups in groups_by_window.items()}
    rows = {w: (p.asleep, p.lost, p.written_off) for w, p in parts.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["asleep", "lost", "written_off"])


def payback_curve(ages: pd.DataFrame, cost_to_win: float) -> tuple[pd.DataFrame, Payback]:
    """The gross margin that a customer won has brought on average, by age, and when it covers the cost.

    `ages` has one row per cohort and full period of age 1, 2, …: `age`, `won` (customers of the cohort)
    and `gross_margin` (theirs in that period of age). Each age averages the cohorts that reached it;
    an age that none reached ends the curve. Returns a frame by age (`won, margin, cumulative`).

    >>> ages = pd.DataFrame({"age": [1, 2, 1], "won": [10, 10, 30], "gross_margin": [600.0, 300.0, 1800.0]})
    >>> curve, back = payback_curve(ages, 75.0)
    >>> curve["cumulative"].tolist(), back.periods
    ([60.0, 90.0], 1.5)
    """
    sums = ages.groupby("age")[["won", "gross_margin"]].sum()
    sums = sums[(sums["won"] > 0).cummin() & (sums.index == np.arange(1, len(sums) + 1))]
    refuse(Refusal("nobody_won", field="won", given=0.0) if sums.empty else None)
    margin = sums["gross_margin"] / sums["won"]
    curve = pd.DataFrame({"won": sums["won"], "margin": margin, "cumulative": margin.cumsum()})
    return curve, payback_of(cost_to_win, margin.to_numpy())


@dataclass(frozen=True)
class Reactivation:
    """What calling the sleepers is expected to bring: an assumption, except `would_wake_anyway`."""

    woken: float
    would_wake_anyway: float
    cost: float
    gain: float
    break_even_chance: float | None


def expected_reactivation(
    asleep: float, chance: float, worth: float, contact_cost: float, *, chance_anyway: float = 0.0
) -> Reactivation:
    """The expected gain of contacting all sleepers, counting only those who would not have woken anyway.

    `chance` that a contacted sleeper buys again, `chance_anyway` that one does so without contact
    (the share seen in the log), `worth` of a customer woken and `contact_cost` in money.
    `break_even_chance` is None where no chance covers the cost.

    >>> round(expected_reactivation(200, 0.10, 90.0, 4.0, chance_anyway=0.04).gain, 2)
    280.0
    """
    numbers(asleep=asleep, chance=chance, worth=worth, contact_cost=contact_cost, chance_anyway=chance_anyway)
    refuse(within("asleep", asleep, 0), within("chance", chance, 0, 1), within("chance_anyway", chance_anyway, 0, 1))
    refuse(within("contact_cost", contact_cost, 0))
    needed = chance_anyway + contact_cost / worth if worth > 0 else None
    return Reactivation(
        woken=asleep * chance,
        would_wake_anyway=asleep * chance_anyway,
        cost=asleep * contact_cost,
        gain=asleep * ((chance - chance_anyway) * worth - contact_cost),
        break_even_chance=needed if needed is not None and needed <= 1 else None,
    )


def call_first(groups: pd.DataFrame, *, budget: float | None = None) -> pd.DataFrame:
    """Whom to call first: groups of sleepers in the order of gain per euro of contact.

    `groups`: `customers`, `chance` (that contact wakes one who would not wake anyway), `worth` of one
    woken, `contact_cost` of one contact. Adds `gain` (of the whole group), `cost`, and `call`: worth
    calling, and within the budget when the groups before are called first.

    >>> groups = pd.DataFrame({"customers": [10, 10], "chance": [0.1, 0.3], "worth": [50.0, 50.0], "contact_cost": 6.0})
    >>> call_first(groups)["call"].tolist()
    [True, False]
    """
    refuse(within("chance", groups["chance"], 0, 1), within("contact_cost", groups["contact_cost"], 0))
    each = groups["chance"] * groups["worth"] - groups["contact_cost"]
    with np.errstate(divide="ignore", invalid="ignore"):
        rank = np.where(groups["contact_cost"] > 0, each / groups["contact_cost"], np.sign(each) * np.inf)
    order = np.argsort(-np.nan_to_num(rank, nan=0.0), kind="stable")
    cost = groups["customers"] * groups["contact_cost"]
    listed = groups.assign(gain=groups["customers"] * each, cost=cost).iloc[order]
    within_budget = True if budget is None else listed["cost"].where(listed["gain"] > 0, 0.0).cumsum() <= budget
    return listed.assign(call=(listed["gain"] > 0) & within_budget)
