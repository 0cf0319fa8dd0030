"""Dividing the budget: the next euro, what winning one may cost, and the ratio that says little. Pure functions."""

from __future__ import annotations

from dataclasses import replace
import numpy as np

from toolkit.strategies.courses import Plan
from toolkit.strategies.flow import Situation, Strategy, flow
from toolkit.strategies.plan import added
from toolkit.strategies.result import Spends
from toolkit.strategies.split import next_euro
from toolkit.worth.budgets import Budgets, best_budgets, budgets_at
from toolkit.worth.response import ResponseCurve, through
from toolkit.worth.section import Responses


def outlay(strategies: tuple[Strategy, ...]) -> float:
    """What a plan spends for certain: budgets and fixed costs of what is begun, without rewards."""
    return float(sum(one.budget + one.fixed_cost for one in strategies if one.budget > 0))


def next_euros(plan: Plan) -> dict[str, float | None]:
    """What one euro more brings each course, net of that euro; None where it would first have to pay a fixed cost."""
    situation, strategies = plan
    gains = next_euro(situation, strategies, {one.kind: one.budget for one in strategies})
    return {one.kind: None if one.budget == 0 and one.fixed_cost > 0 else gains[one.kind] for one in strategies}


def winning(plan: Plan) -> dict[str, float | None]:
    """What may be spent on winning: per prospect and a year, and what a customer it brings then costs on average.

    Spending more per prospect pays until the next customer costs what a customer is worth.
    """
    situation, strategies = plan
    win = next((one for one in strategies if one.kind == "win"), None)
    if win is None or not situation.prospects:
        return {}
    curve, room = win.curve(situation), float(situation.worth - win.reward)
    first = float(curve.slope(0.0)) * room
    spend = float(np.log(first) / curve.steepness) if first > 1 else 0.0
    brought = float(curve.rate(spend) - curve.floor)
    cost = spend / brought + win.reward if brought > 0 else None
    return {"best_win_spend": spend, "best_win_budget": spend * situation.prospects, "cost_at_best": cost}


def spends(plan: Plan, responses: Responses | None, margin: float, discount: float) -> tuple[Spends, ...]:
    """Winning against keeping, as planned and at best: per prospect and per customer, without fixed costs.

    From the responses of `[worth]` where they are given (margin and discount per period), else from the
    plan's own courses where both are there without rewards. Source: Blattberg & Deighton (1996).
    """
    situation, strategies = plan
    by_kind = {one.kind: one for one in strategies}
    win, keep = by_kind.get("win"), by_kind.get("keep")
    if responses is not None:
        curves = tuple(through((one.spend, one.rate), one.ceiling) for one in (responses.win, responses.keep))
        now = responses.win.spend, responses.keep.spend
    elif win and keep and not (win.reward or keep.reward) and situation.prospects and situation.customers:
        curves = win.curve(situation), keep.curve(situation)
        now = win.budget / situation.prospects, keep.budget / situation.customers
        margin, discount = float(situation.margin), float(situation.discount)
    else:
        return ()
    today = budgets_at(margin, discount, *now, acquisition=curves[0], retention=curves[1])
    best = best_budgets(margin, discount, acquisition_response=curves[0], retention_response=curves[1])
    return _row("now", today, *curves), _row("best", best, *curves)


def _row(which: str, found: Budgets, win: ResponseCurve, keep: ResponseCurve) -> Spends:
    """Spends with what an extra customer costs: those who come or stay anyway are nobody's success."""
    cost_to_win = _average(found.acquisition_spend, found.acquisition_rate - win.floor)
    cost_to_keep = _average(found.retention_spend, found.retention_rate - keep.floor)
    return Spends(
        which=which,
        win_spend=found.acquisition_spend,
        win_rate=found.acquisition_rate,
        keep_spend=found.retention_spend,
        keep_rate=found.retention_rate,
        value=found.value,
        equity_per_prospect=found.equity_per_prospect,
        average_cost_to_win=cost_to_win,
        average_cost_to_keep=cost_to_keep,
        marginal_cost_to_win=_finite(found.marginal_cost_to_win),
        marginal_cost_to_keep=_finite(found.marginal_cost_to_keep),
        ratio=cost_to_win / cost_to_keep if cost_to_win is not None and cost_to_keep else None,
    )


def _finite(cost: float | None) -> float | None:
    """A cost, or None where a curve is so flat that no sum would bring one more."""
    return cost if cost is not None and np.isfinite(cost) else None


def _average(spend: float, brought: float) -> float | None:
    return float(spend / brought) if spend > 0 and brought > 0 else None


def worth_a_point(situation: Situation, strategy: Strategy) -> float:
    """What one point more of a course's rate is worth in a year, whatever it costs."""
    point = 0.01
    if strategy.kind == "grow":
        sure = replace(strategy, spend=1.0, rate=point, ceiling=1.0, budget=0.0, fixed_cost=0.0)
        kept = float(situation.customers * situation.retention)
        return float(added(situation, (sure,), {"grow": kept})) + kept if kept else 0.0
    field = {"keep": "retention", "win_back": "win_back_rate", "win": "win_rate"}[strategy.kind]
    rate = float(getattr(situation, field))
    step = point if rate + point <= 1 else -point
    before = replace(situation, each=situation.worth)
    moved = replace(before, **{field: rate + step})
    return float(flow(moved).value - flow(before).value) * point / step
