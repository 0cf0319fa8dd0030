"""What points of retention do to a customer's worth here, beside what is published. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from toolkit.finding import Refused
from toolkit.units import RATIO, Estimate, Share
from toolkit.whatif import goal_seek
from toolkit.worth.both import Both
from toolkit.worth.lever import against_band, profit_by_year
from toolkit.worth.rows import Claimed, LeverPoint, Said
from toolkit.worth.state import State

STEP = 0.05  # A1's and A3's yardstick: five points, or five per cent
POINT = 0.01
REACH = 10  # points either way
IN_YEARS = 5
ROUNDING = 1e-9
SEARCHED = 50  # steps of retention in which a published uplift is looked for; each slider move waits for them
STEPS = {"five_points": "points", "reichheld_sasser": "points", "five_per_cent": "per_cent"}


def levers(both: Both, retention: Share, claims: Iterable[Any], *, full: bool = True) -> dict[str, Any]:
    """The curve from points of retention a year to worth, and where it surely lies against the published bands.

    Net of what winning costs where that leaves something in every likely case; nothing
    where a customer brings nothing, or where money in a far future counts as much as now.
    Without `full` only what the picture shows: not what would have to hold for a published band.
    """
    mid = both.mid
    if float(mid.margin) <= 0 or retention + STEP > 1 + ROUNDING:
        return {"step_points": STEP}
    net = mid.cost_to_win is not None and both.estimate(lambda state: state.net).low > 0
    worth = _net if net else _gross
    try:
        points = both.estimate(lambda state: _uplift(state, worth, points=STEP), few=True)
        per_cent = both.estimate(lambda state: _uplift(state, worth, per_cent=STEP), few=True)
        told = _told(both, retention) if full else {}
    except Refused:
        return {"step_points": STEP}
    own = {"points": points, "per_cent": per_cent}
    return {
        "step_points": STEP,
        "step_per_cent": STEP,
        "net_of_winning": net,
        "step_keeps_all": retention + STEP >= 1 - ROUNDING,
        "uplift_points": points,
        "uplift_per_cent": per_cent,
        "lever": tuple(_curve(mid, retention, worth)),
        "claimed": tuple(_claimed(c, own[STEPS[c.name]], mid, worth, full) for c in claims if c.name in STEPS),
        **told,
    }


def _told(both: Both, retention: Share) -> dict[str, Any]:
    """What the step does to the value of a customer who has just paid, and what a point is worth before a renewal."""
    return {
        "uplift_residual": float(_uplift(both.mid, _residual, points=STEP)) if retention else None,
        "gain_of_point": both.estimate(lambda state: _due(state.moved(points=POINT)) - _due(state), few=True),
    }


def _net(state: State) -> Any:
    return state.net


def _gross(state: State) -> Any:
    return state.value("not_yet_won")


def _residual(state: State) -> Any:
    return state.value("just_paid")


def _due(state: State) -> Any:
    return state.left("renewal_due")


def _uplift(state: State, worth: Callable[[State], Any], **by: float) -> Any:
    """By what share a worth changes when retention moves."""
    return worth(state.moved(**by)) / worth(state) - 1


def _curve(mid: State, retention: Share, worth: Callable[[State], Any]) -> Iterator[LeverPoint]:
    """Worth at every whole number of points that leaves a possible retention and a finite value."""
    now = float(worth(mid))
    for points in np.arange(-REACH, REACH + 1) / 100:
        kept = retention + float(points)
        if not -ROUNDING <= kept <= 1 + ROUNDING:
            continue
        try:
            then = float(worth(mid.moved(points=float(points))))
        except Refused:
            continue
        yield LeverPoint(float(points), min(max(kept, 0.0), 1.0), then, then / now - 1)


def place(own: Estimate, low: float, high: float) -> str:
    """Where a figure lies against a band: `"below"`, `"inside"` or `"above"` with its whole interval, else `"edge"`.

    >>> place(Estimate(0.3, 0.18, 0.4, 0), 0.2, 0.85)
    'edge'
    """
    ends = {against_band(end, low, high) for end in (own.low, own.value, own.high)}
    return ends.pop() if len(ends) == 1 else "edge"


def _claimed(claim: Any, own: Estimate, mid: State, worth: Callable[[State], Any], full: bool) -> Claimed:
    """A published band beside the own figure; outside it, with `full`, what would have to hold for its nearest end."""
    where, step = place(own, claim.low, claim.high), STEPS[claim.name]
    end = {"below": claim.low, "above": claim.high}.get(where) if full else None
    kept = None if end is None else _retention_for(end, mid, worth, {step: STEP})
    cost = _cost_for(claim.low, mid, {step: STEP}) if full and where == "below" else None
    return Claimed(claim.name, step, claim.low, claim.high, own, where, kept, cost)


def _retention_for(claim: float, mid: State, worth: Callable[[State], Any], step: dict[str, float]) -> Share | None:
    """The constant retention a year at which a published uplift would hold, all else as here; None where none does."""

    def uplift(kept: float) -> float:
        state = replace(mid, pair=None, retention_per_year=kept)
        return float(_uplift(state, worth, **step)) if float(worth(state)) > 0 else np.nan

    most = 1 - STEP if "points" in step else 1 / (1 + STEP)
    return goal_seek(uplift, claim, 0.0, most, steps=SEARCHED).value


def _cost_for(claim: float, mid: State, step: dict[str, float]) -> float | None:
    """What winning one customer would have to cost for a published uplift to hold; None where it holds at no cost."""
    now, then = float(_gross(mid)), float(_gross(mid.moved(**step)))
    cost = now - (then - now) / claim
    return cost if cost >= 0 else None


def said(claims: Iterable[Any]) -> tuple[Said, ...]:
    """What is published about the cost of winning against that of keeping."""
    return tuple(Said(claim.name, float(claim.low), float(claim.high)) for claim in claims if claim.unit == RATIO)


def profit_lever(
    customers: int | None, won: int | None, margin: float, retention: Share, cost: float | None
) -> dict[str, Any]:
    """By what share the profit of the fifth year changes with the step in points; all figures per year."""
    if not customers or won is None or cost is None or retention + STEP > 1 + ROUNDING:
        return {}
    kept = np.array([retention, min(retention + STEP, 1.0)])
    now, then = profit_by_year(customers, won, margin, kept, cost_to_win=cost, years=IN_YEARS)[:, -1]
    return {"uplift_profit": float(then / now - 1) if now > 0 else None}
