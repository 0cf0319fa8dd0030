"""The lever: what points of retention do to a customer's value and to the yearly profit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.units import SHARE
from toolkit.whatif import Goal, goal_seek
from toolkit.worth.checks import first, numbers, plain, refuse, within
from toolkit.worth.value import customer_value, not_positive


def moved(retention: Any, points: Any = 0.0, per_cent: Any = 0.0) -> Any:
    """Retention after a change in points and in per cent of itself; outside 0–1 it is refused.

    >>> moved(0.8, points=0.05), round(moved(0.8, per_cent=0.05), 2)
    (0.8500000000000001, 0.84)
    """
    retention, points, per_cent = numbers(retention=retention, points=points, per_cent=per_cent)
    after = retention * (1 + per_cent) + points
    after = np.where((after > 1) & (after < 1 + 1e-12), 1.0, after)
    beyond = (after > 1) | (after < 0)
    if beyond.any():
        values = {"retention": (first(np.broadcast_to(retention, after.shape), beyond), SHARE)}
        refuse(Refusal("retention_out_of_reach", field="retention", given=first(after, beyond), values=values))
    return plain(after)


def uplift(
    retention: Any,
    discount: Any,
    *,
    points: Any = 0.0,
    per_cent: Any = 0.0,
    timing: str = "not_yet_won",
    growth: Any = 0.0,
    periods: Any = None,
    margin: Any = 1.0,
    acquisition_cost: Any = 0.0,
) -> Any:
    """The share by which a customer's net value changes when retention moves by points or per cent.

    Net of what winning cost, when given (money, like the margin per period). Vectorised.

    >>> round(uplift(0.8, 0.1, points=0.05), 3), round(uplift(0.8, 0.1, per_cent=0.05), 3)
    (0.2, 0.154)
    """
    after = moved(retention, points, per_cent)
    how = {"timing": timing, "growth": growth, "periods": periods}
    now = np.asarray(customer_value(margin, retention, discount, **how))
    then = np.asarray(customer_value(margin, after, discount, **how))
    (cost,) = numbers(acquisition_cost=acquisition_cost)
    refuse(within("acquisition_cost", cost, 0), not_positive("retention", now - cost))
    return plain((then - now) / (now - cost), "uplift")


@dataclass(frozen=True)
class Lever:
    """The curve from retention to value: one row per change that stays possible."""

    points: np.ndarray
    retention: np.ndarray
    value: np.ndarray
    uplift: np.ndarray


def lever(
    margin: float,
    retention: float,
    discount: float,
    points: Any,
    *,
    timing: str = "not_yet_won",
    growth: float = 0.0,
    periods: int | None = None,
    acquisition_cost: float = 0.0,
) -> Lever:
    """The value and its uplift for every change in points that leaves a possible retention and a finite value."""
    change = np.atleast_1d(np.asarray(points, float))
    after = retention + change
    kept = (after >= 0) & (after <= 1)
    if periods is None:
        kept &= after * (1 + growth) < 1 + discount
    how = {"timing": timing, "growth": growth, "periods": periods}
    value = customer_value(margin, after[kept], discount, **how) if kept.any() else np.array([])
    net = customer_value(margin, retention, discount, **how) - acquisition_cost
    refuse(not_positive("retention", net))
    return Lever(change[kept], after[kept], value, (value - acquisition_cost) / net - 1)


def against_band(figure: float, low: float, high: float) -> str:
    """Where the client's own figure stands against a published band: `"below"`, `"inside"` or `"above"`.

    >>> against_band(0.20, 0.20, 0.85)
    'inside'
    """
    return "below" if figure < low else "above" if figure > high else "inside"


def retention_for_uplift(
    claim: float,
    discount: float,
    *,
    points: float = 0.0,
    per_cent: float = 0.0,
    near: float | None = None,
    **how: Any,
) -> Goal:
    """The retention at which a published uplift would be true, everything else being as it is here.

    `how` are the further inputs of `uplift`. The goal's value is None where no retention does it.

    >>> round(retention_for_uplift(0.20, 0.1, points=0.05).value, 6)
    0.8
    """
    high = min(1 / (1 + per_cent), 1 - points) - 1e-9
    low = max(0.0, -points)
    return goal_seek(
        lambda r: uplift(r, discount, points=points, per_cent=per_cent, **how), claim, low, high, near=near, steps=100
    )


def cost_for_uplift(
    claim: float,
    margin: float,
    retention: float,
    discount: float,
    *,
    points: float = 0.0,
    per_cent: float = 0.0,
    timing: str = "not_yet_won",
) -> float | None:
    """What winning one customer would have to cost for a published uplift to be true here.

    None where the uplift is beyond the claim even when winning costs nothing.

    >>> round(cost_for_uplift(0.85, 100, 0.8, 0.1, points=0.05), 2)
    280.39
    """
    now = customer_value(margin, retention, discount, timing=timing)
    then = customer_value(margin, moved(retention, points, per_cent), discount, timing=timing)
    refuse(not_positive("claim", claim), not_positive("margin", now))
    cost = now - (then - now) / claim
    return cost if cost >= 0 else None


def profit_by_year(
    customers: Any,
    won_per_year: Any,
    margin: Any,
    retention: Any,
    *,
    cost_to_win: Any = 0.0,
    fixed_costs: Any = 0.0,
    years: int = 5,
) -> np.ndarray:
    """The profit of each coming year: margin of everyone present, less winning and fixed costs.

    The customers of the start renew or leave at the start of each year; then as many are won as
    every year. Shape (…, years); money a year. Not discounted.

    >>> profit_by_year(250, 60, 100, 0.8, years=2).round().tolist()
    [26000.0, 26800.0]
    """
    given = numbers(
        customers=customers,
        won_per_year=won_per_year,
        margin=margin,
        retention=retention,
        cost_to_win=cost_to_win,
        fixed_costs=fixed_costs,
    )
    customers, won, margin, retention, cost, fixed = np.broadcast_arrays(*given)
    refuse(within("retention", retention, 0, 1), within("customers", customers, 0), within("won_per_year", won, 0))
    present, profits = customers, []
    for _ in range(years):
        present = present * retention + won
        profits.append(present * margin - won * cost - fixed)
    return np.stack(profits, axis=-1)


@dataclass(frozen=True)
class BreakEven:
    """What a programme must at least bring to pay for itself; None where nothing of the kind could."""

    points_once: float | None
    points_lasting: float | None
    new_customers: float | None
    margin: float | None


def programme_break_even(
    cost: float, customers: float, margin: float, retention: float, discount: float, *, cost_to_win: float = 0.0
) -> BreakEven:
    """What a programme of `cost` euro must bring: points of retention, new customers, or margin.

    Standing just before the renewal of `customers` customers. `points_once`: retention is
    higher for this renewal only; `points_lasting`: from now on; `new_customers`: won on top,
    net of `cost_to_win`; `margin`: more margin per customer per period, for ever. Each is what
    makes the gain in value equal to the cost.

    >>> round(programme_break_even(10_000, 250, 100, 0.8, 0.1).points_once, 4)
    0.1091
    """
    numbers(cost=cost, customers=customers, cost_to_win=cost_to_win)
    refuse(within("cost", cost, 0), not_positive("customers", customers))
    won = customer_value(margin, retention, discount, timing="not_yet_won")
    due = customer_value(margin, retention, discount, timing="renewal_due")
    multiple = customer_value(1.0, retention, discount, timing="renewal_due")
    once = cost / (customers * won) if won > 0 else None
    target = due + cost / customers
    after = target * (1 + discount) / (margin * (1 + discount) + target) if margin > 0 else None
    room = 1 - retention
    return BreakEven(
        points_once=once if once is not None and once <= room else None,
        points_lasting=after - retention if after is not None and after <= 1 else None,
        new_customers=cost / (won - cost_to_win) if won > cost_to_win else None,
        margin=cost / (customers * multiple) if multiple > 0 else None,
    )
