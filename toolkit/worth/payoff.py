"""Whether winning a customer pays, when, and what of it never comes back; what spending may be. Pure functions."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from toolkit.finding import Refusal, Refused
from toolkit.whatif import goal_seek
from toolkit.worth.both import Both
from toolkit.worth.budgets import best_budgets, budgets_at
from toolkit.worth.lever import programme_break_even
from toolkit.worth.payback import Payback, expected_write_off, payback, payback_of
from toolkit.worth.rows import Balance, Budget, PaidBack, Stayed
from toolkit.worth.section import Responses
from toolkit.worth.state import State

MOST_YEARS = 100  # after which money that has not come back never does
MOST_PAYMENTS = 600
ROWS = 6
SHOWN_YEARS, MOST_SHOWN = 12, 61
WAYS = {"simple": (False, False), "discounted": (True, False), "surviving": (True, True)}


def winning(both: Both, per_year: int, won_per_year: int | None) -> dict[str, Any]:
    """Net value, payback in three ways, write-off, and what must hold for winning to pay; nothing without its cost."""
    mid = both.mid
    if mid.cost_to_win is None:
        return {}
    paid = tuple(_paid_back(mid, per_year, name) for name in WAYS)
    write_off = both.estimate(lambda state: unrecovered(state, discounted=False))
    found = {
        "net_value": both.estimate(lambda state: state.net),
        "pays_chance": both.chance(lambda state: state.net > 0),
        "paid_back": paid,
        "balance": _balance(mid),
        **{f"payback_{row.way}": row.years for row in paid},
        "write_off": write_off,
        "write_off_discounted": float(unrecovered(mid, discounted=True)),
        "write_off_per_year": None if won_per_year is None else write_off.value * won_per_year,
    }
    return found | _stays(mid, write_off.value) | _needed(mid)


def _paid_back(state: State, per_year: int, way: str) -> PaidBack:
    """After how many years the margin has earned back what winning cost, counted in one of three ways."""
    discounted, leaving = WAYS[way]
    cost, margin = float(state.cost_to_win), float(state.margin)
    if state.pair is None and state.growth == 0 and state.periods is None:
        kept, discount = float(state.kept) if leaving else 1.0, float(state.discount) if discounted else 0.0
        found = payback(cost, margin, retention=kept, discount=discount)
    else:
        payments = state.periods or MOST_YEARS * per_year
        each = margin * np.asarray(float(state.sooner) if discounted else 1 + state.growth) ** np.arange(payments)
        found = payback_of(cost, each * (state.there(payments) if leaving else 1.0))
    if found.periods is not None and found.periods > MOST_YEARS * per_year:
        found = Payback(None, "not_within_horizon")
    return PaidBack(way, None if found.periods is None else found.periods / per_year, found.reason)


def unrecovered(state: State, *, discounted: bool) -> Any:
    """The expected write-off of one customer won: what of the cost of winning is never earned back.

    Σ P(exactly k payments) · max(0, cost − their margins), for any retention and growth.
    """
    if state.pair is None and state.growth == 0 and state.periods is None:
        discount = state.discount if discounted else 0.0
        return expected_write_off(state.cost_to_win, state.margin, state.kept, discount)
    payments = _payments(state)
    there = state.there(payments)
    exactly = there - np.concatenate([there[..., 1:], np.zeros_like(there[..., :1])], axis=-1)
    missing = np.asarray(state.cost_to_win)[..., None] - state.earned(payments, discounted=discounted)
    return np.sum(exactly * np.maximum(missing, 0.0), axis=-1)


def _balance(state: State) -> tuple[Balance, ...]:
    """What of the cost of winning has come back after each payment of the first years; margin flows in evenly."""
    payments = min(state.periods or MOST_SHOWN, SHOWN_YEARS * state.per_year, MOST_SHOWN)
    cost, number = float(state.cost_to_win), np.arange(payments)
    expected = np.cumsum(float(state.margin) * state.there(payments) * float(state.sooner) ** number)
    stayed = state.earned(payments, discounted=False)
    rows = zip(number.tolist(), (expected - cost).tolist(), (stayed - cost).tolist(), strict=True)
    return (Balance(0.0, -cost, -cost), *(Balance((n + 1) / state.per_year, e, s) for n, e, s in rows))


def _payments(state: State) -> int:
    """How many payments have to be looked at before the dearest customer has paid for himself."""
    most = state.periods or MOST_PAYMENTS
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.max(np.asarray(state.cost_to_win) / np.asarray(state.margin), initial=1.0)
    if not np.isfinite(needed) or state.growth < 0:
        return most
    return int(min(most, 2 * np.ceil(needed) + 1))


def _stays(state: State, expected: float) -> dict[str, Any]:
    """The write-off opened by how many payments customers made, and the share that never pays back."""
    payments = _payments(state)
    there, earned = state.there(payments), state.earned(payments, discounted=False)
    paid = earned >= float(state.cost_to_win) - 1e-9
    enough = int(np.argmax(paid)) + 1 if paid.any() else None
    left = there - np.append(there[1:], 0.0)
    before = payments if enough is None else enough - 1
    rows = tuple(
        Stayed(k + 1, float(left[k]), float(state.cost_to_win - earned[k])) for k in range(min(before, ROWS))
    )
    longer = expected - sum(row.part for row in rows)
    return {
        "break_even": enough,
        "never_pays_back": 1.0 if enough is None else float(1 - there[enough - 1]),
        "stayed": rows,
        "stayed_longer": max(longer, 0.0) if before > ROWS else None,
    }


def _needed(state: State) -> dict[str, Any]:
    """The constant retention a year and the margin at which winning would just pay for itself, all else the same."""
    cost, margin = float(state.cost_to_win), float(state.margin)
    if margin <= 0:
        return {}
    needed = {"needed_margin": cost * margin / float(state.value("not_yet_won"))}
    if cost <= margin:
        return needed | {"needed_retention": 0.0}
    goal = goal_seek(lambda kept: float(replace(state, pair=None, retention_per_year=kept).net), 0.0, 0.0, 1.0)
    return needed | {"needed_retention": goal.value}


def spending(both: Both, responses: Responses | None) -> dict[str, Any]:
    """Winning against keeping: the client's own ratio of average costs, and the best spends where responses are given."""
    found: dict[str, Any] = {}
    mid = both.mid
    if mid.cost_to_win is not None and mid.cost_to_keep:
        found["ratio"] = both.estimate(lambda state: state.cost_to_win / state.cost_to_keep)
    if responses is None:
        return found
    win, keep = ((curve.spend, curve.rate, curve.ceiling) for curve in (responses.win, responses.keep))
    margin, discount = float(mid.margin), float(mid.discount)
    now = budgets_at(margin, discount, win[0], keep[0], acquisition=win, retention=keep)
    best = best_budgets(margin, discount, acquisition_response=win, retention_response=keep)
    rows = tuple(_budget(which, found) for which, found in (("now", now), ("best", best)))
    gain = best.equity_per_prospect - now.equity_per_prospect
    return found | {"budgets": rows, "best_ratio": best.ratio, "gain_left": max(gain, 0.0)}


def _budget(which: str, found: Any) -> Budget:
    names = [name for name in Budget.__dataclass_fields__ if name != "which"]
    return Budget(which, **{name: getattr(found, name) for name in names})


def programme(cost: float | None, customers: int | None, both: Both, retention: float) -> dict[str, Any]:
    """What a programme of so much must bring: points of retention, new customers, or margin; `retention` per period."""
    if cost is None:
        return {}
    if not customers:
        raise Refused([Refusal("customers_missing", field="worth.customers")])
    mid = both.mid
    found = programme_break_even(
        cost, customers, float(mid.margin), retention, float(mid.discount), cost_to_win=float(mid.cost_to_win or 0)
    )
    per_year, lasting = mid.per_year, found.points_lasting
    return {
        "programme": cost,
        "programme_points_once": found.points_once,
        "programme_points_lasting": lasting and (retention + lasting) ** per_year - retention**per_year,
        "programme_customers": None if found.new_customers is None else math.ceil(found.new_customers - 1e-9),
        "programme_margin": found.margin,
    }
