"""Customers by how long ago they bought, as a log saw them: their chance to buy, their value, whom to call first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.doors.rates import wilson
from toolkit.sleepers.recency import stop_contacting_at, value_by_recency
from toolkit.sleepers.result import CallGroup, State
from toolkit.sleepers.write_off import call_first
from toolkit.units import Estimate

YEAR = 365


@dataclass(frozen=True)
class Money:
    """What turns days and turnover into value: the margin, the discount rate a year, the years counted."""

    gross_margin: float
    discount: float
    horizon: float
    step: int

    @property
    def discount_per_step(self) -> float:
        """The discount rate from one contact to the next."""
        return (1 + self.discount) ** (self.step / YEAR) - 1

    @property
    def moments(self) -> int:
        """The moments of cash within the horizon, now included."""
        return 1 + round(self.horizon * YEAR / self.step)


@dataclass(frozen=True)
class Dormancy:
    """The chain of recencies: seen counts, chances per recency, what a buyer brings, and the values that follow.

    `seen` and `now` are frames by (recency, larger); `buyer` is the gross margin of one who bought,
    per `step`; both chances and buyer are None where the log has not seen every recency.
    """

    seen: pd.DataFrame
    now: pd.DataFrame
    asleep_now: pd.DataFrame
    woken: Estimate | None
    lost_back: Estimate | None
    chances: np.ndarray | None
    buyer: float | None


def _share(rows: pd.DataFrame, confidence: float) -> Estimate | None:
    """The share of these customers who bought in the step after; None where there were none."""
    customers = int(rows["customers"].sum())
    return wilson(int(rows["bought"].sum()), customers, confidence) if customers else None


def read(states: pd.DataFrame, count: int, gross_margin: float, confidence: float) -> Dormancy:
    """The chain from the `states` that a log was counted into; `count` recencies within the window."""
    before, now = states[~states["now"]], states[states["now"]]
    seen = before[before["recency"] <= count].groupby(["recency", "larger"])[["customers", "bought", "spent"]].sum()
    pooled = seen.groupby("recency").sum().reindex(range(1, count + 1), fill_value=0)
    complete = bool((pooled["customers"] > 0).all() and pooled["bought"].sum() > 0)
    within = now[now["recency"] <= count].groupby("recency")["customers"].sum()
    return Dormancy(
        seen=seen,
        now=within.reindex(range(1, count + 1), fill_value=0),
        asleep_now=now[now["asleep"]],
        woken=_share(before[before["asleep"]], confidence),
        lost_back=_share(before[before["recency"] > count], confidence),
        chances=(pooled["bought"] / pooled["customers"]).to_numpy() if complete else None,
        buyer=float(pooled["spent"].sum() / pooled["bought"].sum()) * gross_margin if complete else None,
    )


def values(chances: Any, buyer: float, contact_cost: float, money: Money) -> np.ndarray:
    """The value of a customer at every recency, and 0 when lost, over the horizon."""
    return value_by_recency(chances, buyer, contact_cost, money.discount_per_step, money.moments)


def table(
    found: Dormancy, contact_cost: float | None, money: Money, window: int, confidence: float
) -> tuple[State, ...]:
    """Every recency with its customers now, its chance and its value; contacts cost nothing where that is not known."""
    worth = None if found.chances is None else values(found.chances, found.buyer, contact_cost or 0.0, money)
    pooled = found.seen.groupby("recency").sum()
    return tuple(
        State(
            number=number,
            days_from=(number - 1) * money.step,
            days_to=min(number * money.step, window) - 1,
            customers=int(customers),
            chance=_share(pooled.loc[[number]], confidence) if number in pooled.index else None,
            value=None if worth is None else float(worth[number - 1]),
        )
        for number, customers in found.now.items()
    )


def stop_at(states: tuple[State, ...]) -> State | None:
    """The first state in which contacting costs more than it brings; None where there is none."""
    if not states or states[0].value is None:
        return None
    number = stop_contacting_at([state.value for state in states])
    return None if number is None else states[number - 1]


def sleeping_groups(found: Dormancy, money: Money, asleep_after: int, window: int) -> pd.DataFrame:
    """Those asleep now by recency and size: customers, their chance without a call, the worth of waking one.

    Waking one brings the value of having just bought instead of that of one recency later, a step
    from now. A group that the snapshots never saw takes the chance of its recency.
    """
    if found.chances is None or found.asleep_now.empty:
        return pd.DataFrame()
    rows = found.asleep_now.groupby(["recency", "larger"])[["customers", "turnover"]].sum().reset_index()
    chains = {larger: _chain(found, larger, money.gross_margin) for larger in (False, True)}
    worth = {larger: values(*chains[larger], 0.0, money) for larger in chains}
    each = list(zip(rows["recency"], rows["larger"], strict=True))
    return rows.assign(
        days_from=np.maximum((rows["recency"] - 1) * money.step, asleep_after),
        days_to=np.minimum(rows["recency"] * money.step, window) - 1,
        margin=rows["turnover"] * money.gross_margin / rows["customers"],
        anyway=[chains[larger][0][recency - 1] for recency, larger in each],
        worth=[(worth[larger][0] - worth[larger][recency]) / (1 + money.discount_per_step) for recency, larger in each],
    )


def _chain(found: Dormancy, larger: bool, gross_margin: float) -> tuple[np.ndarray, float]:
    """The chances by recency of the larger or smaller buyers, and what one who buys brings."""
    rows = found.seen.xs(larger, level="larger") if larger in found.seen.index.get_level_values("larger") else None
    if rows is None or not rows["bought"].sum():
        return found.chances, found.buyer
    rows = rows.reindex(range(1, len(found.chances) + 1), fill_value=0)
    with np.errstate(invalid="ignore"):
        own = (rows["bought"] / rows["customers"]).to_numpy()
    buyer = rows["spent"].sum() / rows["bought"].sum() * gross_margin
    return np.where(np.isfinite(own), own, found.chances), float(buyer)


def lift_of(groups: pd.DataFrame, chance: float, anyway: float) -> float:
    """How many times likelier a call makes a purchase: the same for every group, nowhere beyond certainty."""
    return min(chance / anyway, 1 / float(groups["anyway"].max()))


def in_order(
    groups: pd.DataFrame, chance: float | None, contact_cost: float | None, anyway: float
) -> pd.DataFrame:
    """The groups, whom to call first on top; with a chance and a cost also what calling each brings."""
    if chance is None or contact_cost is None:
        order = (groups["anyway"] * groups["worth"]).sort_values(ascending=False, kind="stable").index
        return groups.loc[order]
    extra = groups["anyway"] * (lift_of(groups, chance, anyway) - 1) if anyway else pd.Series(chance, groups.index)
    return call_first(groups.assign(chance=np.maximum(extra, 0.0), contact_cost=contact_cost))


def rows_of(groups: pd.DataFrame) -> tuple[CallGroup, ...]:
    """The groups as rows of a result."""
    return tuple(
        CallGroup(
            days_from=int(row["days_from"]),
            days_to=int(row["days_to"]),
            larger=bool(row["larger"]),
            customers=int(row["customers"]),
            margin=float(row["margin"]),
            chance=float(row["anyway"]),
            worth=float(row["worth"]),
            gain_each=float(row["gain"] / row["customers"]) if "gain" in row else None,
            gain=float(row["gain"]) if "gain" in row else None,
            call=bool(row["call"]) if "call" in row else None,
        )
        for row in groups.to_dict("records")
    )
