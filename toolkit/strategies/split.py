"""How to divide a budget over strategies: where the next euro brings the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from scipy.optimize import minimize

from toolkit.strategies.flow import KINDS, Situation, Strategy
from toolkit.strategies.plan import added, begun
from toolkit.worth.checks import numbers, refuse, within

STEPS = 12  # of the coarse search over all splits
WIDTH = 1e-5  # of the budget, over which a slope is measured


@dataclass(frozen=True)
class Split:
    """The best split of a budget.

    `budgets` by kind, `unspent` what is better kept, `gain` over doing nothing, net of all cost;
    `next_euro` what one more euro would bring each strategy, net of that euro (equal where money
    goes, lower where none does, 0 where money is left). `reason` is None, `"nothing_pays"`,
    `"no_budget"` or `"budget_below_fixed_costs"`.
    """

    budgets: dict[str, float]
    fixed_costs: float
    unspent: float
    gain: float
    next_euro: dict[str, float]
    reason: str | None = None


def best_split(situation: Situation, strategies: tuple[Strategy, ...], budget: float) -> Split:
    """The split of `budget` (money, fixed costs included) with the highest value, spending nothing allowed.

    Strategies with a fixed cost are tried in and out; for each choice the best of a coarse search
    over all splits is refined until the marginal returns agree.

    Source: Karush-Kuhn-Tucker conditions; sequential quadratic programming (Kraft 1988).
    """
    (money,) = numbers(budget=budget)
    refuse(within("budget", money, 0))
    ordered = tuple(sorted(strategies, key=lambda s: KINDS.index(s.kind)))
    choices = [c for c in _choices(ordered) if sum(s.fixed_cost for s in c) <= budget]
    found = [(*_best_of(situation, choice, budget), choice) for choice in choices]
    gain, spends, choice = max(found, key=lambda option: option[0], default=(0.0, (), ()))
    reason = None
    if gain <= 0:
        reason = "no_budget" if budget == 0 else "nothing_pays" if choices else "budget_below_fixed_costs"
        gain, spends, choice = 0.0, (), ()
    budgets = {s.kind: 0.0 for s in ordered} | {s.kind: float(b) for s, b in zip(choice, spends, strict=True)}
    fixed = float(sum(s.fixed_cost for s in choice))
    unspent = max(float(budget) - fixed - sum(budgets.values()), 0.0)
    return Split(budgets, fixed, unspent, float(gain), next_euro(situation, ordered, budgets), reason)


def _choices(strategies: tuple[Strategy, ...]) -> list[tuple[Strategy, ...]]:
    """Every choice of strategies to begin; only those that cost something to begin need be left out."""
    free = tuple(s for s in strategies if s.fixed_cost == 0 and s.reward == 0)
    costly = [s for s in strategies if s not in free]
    some = [some for size in range(len(costly) + 1) for some in combinations(costly, size)]
    return [free + extra for extra in some if free + extra]


def _best_of(situation: Situation, choice: tuple[Strategy, ...], budget: float) -> tuple[float, np.ndarray]:
    """The highest gain of these strategies, all begun, and the spends that bring it."""
    free = budget - sum(s.fixed_cost for s in choice)

    def gain(shares: np.ndarray) -> np.ndarray:
        return np.asarray(added(situation, choice, {s.kind: free * shares[..., i] for i, s in enumerate(choice)}))

    shares = highest(gain, len(choice)) if free > 0 else np.zeros(len(choice))
    return float(gain(shares)), free * shares


def highest(gain: Callable[[np.ndarray], np.ndarray], count: int) -> np.ndarray:
    """The non-negative shares, adding up to at most 1, at which `gain` (over the last axis) is highest."""
    lattice = np.array([p for p in product(range(STEPS + 1), repeat=count) if sum(p) <= STEPS]) / STEPS
    values = gain(lattice)
    scale = max(float(np.ptp(values)), 1e-12)
    best = lattice[np.argsort(values)[::-1][:3]]
    found = [_refine(lambda x: gain(x) / scale, start) for start in best]
    return max([*found, best[0]], key=lambda shares: float(gain(shares)))


def _refine(gain: Callable[[np.ndarray], np.ndarray], start: np.ndarray) -> np.ndarray:
    """The nearest top of a smooth function of shares."""
    step = WIDTH * np.eye(len(start))

    def slope(shares: np.ndarray) -> np.ndarray:
        return -(gain(shares + step) - gain(np.maximum(shares - step, 0.0))) / (WIDTH + np.minimum(shares, WIDTH))

    inside = {"type": "ineq", "fun": lambda x: 1 - x.sum(), "jac": lambda x: -np.ones(len(x))}
    result = minimize(
        lambda x: -float(gain(x)),
        start,
        jac=slope,
        bounds=[(0, 1)] * len(start),
        constraints=[inside],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 300},
    )
    shares = np.clip(result.x, 0, 1)
    shares = np.where(shares < 1e-9, 0.0, shares)
    return shares / max(shares.sum(), 1.0)


def next_euro(
    situation: Situation, strategies: tuple[Strategy, ...], budgets: dict[str, float], *, step: float = 1.0
) -> dict[str, float]:
    """What one euro more brings each strategy on top of these budgets, net of that euro; the best first.

    A strategy not yet begun pays its fixed cost with its first euro. `step` is the size of the euro.
    """

    def total(money: dict[str, float]) -> float:
        return float(added(situation, begun(strategies, money), money))

    now = total(budgets)
    gains = {s.kind: (total(budgets | {s.kind: budgets[s.kind] + step}) - now) / step for s in strategies}
    return dict(sorted(gains.items(), key=lambda item: -item[1]))
