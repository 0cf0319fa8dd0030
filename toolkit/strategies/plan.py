"""What a plan adds to the year, each strategy's own part in it, and the range of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toolkit.strategies.flow import Situation, Strategy, by_kind, flow
from toolkit.units import Estimate
from toolkit.worth.uncertainty import Range, ranks, spread


def added(situation: Situation, strategies: tuple[Strategy, ...], budgets: Mapping[str, Any]) -> Any:
    """What these strategies add together, net of their cost: flow with all − flow with none."""
    return flow(situation, strategies, budgets).value - flow(situation).value


def begun(strategies: tuple[Strategy, ...], budgets: Mapping[str, Any]) -> tuple[Strategy, ...]:
    """The strategies that are given any money; the others are not begun and cost nothing."""
    return tuple(s for s in strategies if np.any(np.asarray(budgets[s.kind]) > 0))


@dataclass(frozen=True)
class PlanValue:
    """What a plan adds, net of its cost: `total` = the `own` figures, each added last, + `overlap`."""

    total: Any
    own: dict[str, Any]
    overlap: Any
    cost: Any


def plan_value(
    situation: Situation, strategies: tuple[Strategy, ...], budgets: Mapping[str, Any] | None = None
) -> PlanValue:
    """The plan's value (flow with all − flow with none) and each strategy's own (added last).

    A strategy without budget is not begun: it adds nothing and costs nothing.

    >>> keep = Strategy("keep", spend=20, rate=0.84, ceiling=0.9, budget=5000)
    >>> plan = plan_value(Situation(250, 100, 0.8, 0.1), (keep,))
    >>> round(float(plan.total), 2), round(float(plan.overlap), 9)
    (-1333.33, 0.0)
    """
    plan = by_kind(strategies)
    money = {kind: plan[kind].budget if budgets is None else budgets[kind] for kind in plan}
    active = begun(tuple(plan.values()), money)
    total = added(situation, active, money)
    own = {
        s.kind: total - added(situation, tuple(other for other in active if other is not s), money)
        for s in plan.values()
    }
    return PlanValue(total, own, total - sum(own.values()), flow(situation, active, money).spent)


def plan_ranges(
    situation: Situation,
    strategies: tuple[Strategy, ...],
    rates: Mapping[str, Range],
    *,
    n: int = 10_000,
    seed: int = 0,
    confidence: float = 0.8,
) -> tuple[dict[str, Estimate], dict[str, float]]:
    """The plan's and every strategy's own value with the range their judged rates leave open.

    `rates` gives the range of a strategy's rate at its spend; draws beyond what is possible (below the
    present rate, at the ceiling) are held at it. Returns the estimates by kind and `"plan"`, and for
    each the chance of a loss.
    """
    unsure = {kind: rates[kind].quantile(ranks(kind, n, seed)) for kind in rates}
    drawn = tuple(
        replace(s, rate=np.clip(unsure.get(s.kind, s.rate), situation.floor(s.kind), s.ceiling * (1 - 1e-9)))
        for s in strategies
    )
    best, outcomes = plan_value(situation, strategies), plan_value(situation, drawn)
    figures = {"plan": (best.total, outcomes.total)} | {kind: (best.own[kind], outcomes.own[kind]) for kind in best.own}
    around = {name: spread(draws, float(value), confidence=confidence) for name, (value, draws) in figures.items()}
    return around, {name: float(np.mean(draws < 0)) for name, (_, draws) in figures.items()}
