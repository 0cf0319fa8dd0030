"""Whether winning a customer pays, when, and what of it never comes back; what spending may be. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from toolkit.units import Estimate
from toolkit.whatif import goal_seek
from toolkit.worth.both import Both
from toolkit.worth.budgets import best_budgets, budgets_at
from toolkit.worth.payback import expected_write_off, payments_needed
from toolkit.worth.rows import Balance, Budget, PaidBack, Stayed
from toolkit.worth.section import Responses
from toolkit.worth.state import State
from toolkit.worth.value import geometric_sum

MOST_YEARS = 100  # after which money that has not come back never does
MOST_PAYMENTS = 600
ROWS = 6
SHOWN_YEARS, MOST_SHOWN = 12, 61
WAYS = {"simple": (False, False), "discounted": (True, False), "surviving": (True, True)}


def winning(both: Both) -> dict[str, Any]:
    """Net value and payback in three ways; nothing without the cost of winning."""
    mid = both.mid
    if mid.cost_to_win is None:
        return {}
    paid = tuple(_paid_back(both, name) for name in WAYS)
    return {
        "net_value": both.estimate(lambda state: state.surplus),
        "pays_chance": both.chance(lambda state: state.surplus > 0),
        "paid_back": paid,
        "balance": _balance(mid),
        **{f"payback_{row.way}": row.years for row in paid},
    }


def unpaid(both: Both, won_per_year: int | None) -> dict[str, Any]:
    """What of the cost of winning never comes back, and what must hold for winning to pay; nothing without its cost."""
    return {} if both.mid.cost_to_win is None else _written_off(both, won_per_year) | _needed(both.mid)


def _written_off(both: Both, won_per_year: int | None) -> dict[str, Any]:
    """What of the cost of winning is never earned back; nothing where the first payment already covers it.

    Whoever left within the first period is not in figures per period: nought would be said of what is not known.
    """
    mid = both.mid
    enough, margin = float(_enough(mid)), float(mid.margin)
    found: dict[str, Any] = {"break_even": int(enough) if np.isfinite(enough) else None}
    if 0 < float(mid.cost_to_win) <= margin:
        return found | {"write_off_unknown": "within_first_payment"}
    write_off = both.estimate(lambda state: unrecovered(state, discounted=False), few=True)
    return found | {
        "write_off": write_off,
        "write_off_discounted": both.estimate(lambda state: unrecovered(state, discounted=True), few=True),
        "write_off_per_year": None if won_per_year is None else times(write_off, won_per_year),
        "never_pays_back": both.estimate(_never, few=True),
        **_stays(mid, write_off.value),
    }


def times(estimate: Estimate, number: float) -> Estimate:
    """A figure that is a known number of times another."""
    return replace(estimate, **{end: getattr(estimate, end) * number for end in ("value", "low", "high")})


def _paid_back(both: Both, way: str) -> PaidBack:
    """After how many years the margin has earned back what winning cost, counted in one of three ways."""
    years = both.where_possible(lambda state: _years_back(state, way))
    if years is not None:
        return PaidBack(way, years, None)
    if float(both.mid.margin) <= 0:
        return PaidBack(way, None, "margin_not_positive")
    longer = not both.mid.closed or way == "simple"
    return PaidBack(way, None, "not_within_horizon" if longer else "worth_less_than_cost")


def _years_back(state: State, way: str) -> Any:
    """Years until the cost of winning is earned back, margin flowing in evenly over a period; infinite where never."""
    discounted, leaving = WAYS[way]
    cost, margin = np.broadcast_arrays(np.asarray(state.cost_to_win, float), np.asarray(state.margin, float))
    if state.closed:
        ratio = (state.kept if leaving else 1.0) / (1 + (state.discount if discounted else 0.0))
        count = payments_needed(cost, margin, ratio)
        before = np.maximum(np.where(np.isfinite(count), count, 1.0) - 1, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            within = (cost - margin * geometric_sum(ratio, before)) / (margin * ratio**before)
            periods = np.where(np.isfinite(count) & (cost > 0), before + within, np.where(cost > 0, np.inf, 0.0))
    else:
        payments = state.periods or MOST_YEARS * state.per_year
        ratio = np.asarray(state.sooner if discounted else 1 + state.growth, float)[..., None]
        each = margin[..., None] * ratio ** np.arange(payments) * (state.there(payments) if leaving else 1.0)
        total, cost = np.cumsum(each, axis=-1), cost[..., None]
        last = np.argmax(total >= cost, axis=-1)[..., None]
        with np.errstate(divide="ignore", invalid="ignore"):
            within = 1 - (np.take_along_axis(total, last, -1) - cost) / np.take_along_axis(each, last, -1)
        there = (total[..., -1:] >= cost) | (cost <= 0)
        periods = np.where(there, np.where(cost > 0, last + within, 0.0), np.inf)[..., 0]
    years = periods / state.per_year
    return np.where(years <= MOST_YEARS, years, np.inf)


def unrecovered(state: State, *, discounted: bool) -> Any:
    """The expected write-off of one customer won: what of the cost of winning is never earned back.

    Σ P(exactly k payments) · max(0, cost − their margins), for any retention and growth.
    """
    if state.closed:
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


def _enough(state: State) -> Any:
    """How many payments cover the cost of winning, without interest; infinite where none do."""
    payments = _payments(state)
    earned = state.earned(payments, discounted=False)
    paid = earned >= np.asarray(state.cost_to_win, float)[..., None] - 1e-9
    return np.where(paid.any(axis=-1), np.argmax(paid, axis=-1) + 1, np.inf)


def _never(state: State) -> Any:
    """The share of those won who leave before their margin covers the cost."""
    enough = np.asarray(_enough(state))
    there = state.there(_payments(state))
    there = np.broadcast_to(there, (*np.broadcast_shapes(enough.shape, there.shape[:-1]), there.shape[-1]))
    at = np.broadcast_to(np.where(np.isfinite(enough), enough, 1).astype(int) - 1, there.shape[:-1])[..., None]
    return np.where(np.isfinite(enough), 1 - np.take_along_axis(there, at, -1)[..., 0], 1.0)


def _stays(state: State, expected: float) -> dict[str, Any]:
    """The write-off opened by how many payments customers made."""
    payments, enough = _payments(state), float(_enough(state))
    there, earned = state.there(payments), state.earned(payments, discounted=False)
    left = there - np.append(there[1:], 0.0)
    before = int(enough) - 1 if np.isfinite(enough) else payments
    rows = tuple(
        Stayed(k + 1, float(left[k]), float(state.cost_to_win - earned[k])) for k in range(min(before, ROWS))
    )
    longer = expected - sum(row.part for row in rows)
    return {
        "stayed": rows,
        "stayed_longer": max(longer, 0.0) if before > ROWS else None,
    }


def _needed(state: State) -> dict[str, Any]:
    """The constant retention a year and the margin at which winning would just pay for itself, all else the same."""
    cost, margin = float(state.cost_to_win), float(state.margin)
    if margin <= 0:
        return {}
    worth, keeping = float(state.value("not_yet_won")), float(state.value("not_yet_won") - state.ceiling)
    needed = {"needed_margin": (cost + keeping) * margin / worth}
    if cost <= margin - float(state.cost_to_keep or 0.0):
        return needed  # the first payment covers it: at any retention
    goal = goal_seek(lambda kept: float(replace(state, pair=None, retention_per_year=kept).surplus), 0.0, 0.0, 1.0)
    return needed | {"needed_retention": goal.value}


def spending(both: Both) -> dict[str, Any]:
    """Winning against keeping: the client's own ratio of average costs."""
    if both.mid.cost_to_win and both.mid.cost_to_keep:
        return {"ratio": both.estimate(lambda state: state.cost_to_win / state.cost_to_keep)}
    return {}


def best_spending(mid: State, responses: Responses | None) -> dict[str, Any]:
    """The spends on winning and keeping, now and at best; nothing without responses."""
    if responses is None:
        return {}
    win, keep = ((curve.spend, curve.rate, curve.ceiling) for curve in (responses.win, responses.keep))
    margin, discount = float(mid.margin), float(mid.discount)
    now = budgets_at(margin, discount, win[0], keep[0], acquisition=win, retention=keep)
    best = best_budgets(margin, discount, acquisition_response=win, retention_response=keep)
    rows = tuple(_budget(which, found) for which, found in (("now", now), ("best", best)))
    gain = best.equity_per_prospect - now.equity_per_prospect
    return {"budgets": rows, "best_ratio": best.ratio, "gain_left": max(gain, 0.0)}


def _budget(which: str, found: Any) -> Budget:
    names = [name for name in Budget.__dataclass_fields__ if name != "which"]
    return Budget(which, **{name: getattr(found, name) for name in names})
