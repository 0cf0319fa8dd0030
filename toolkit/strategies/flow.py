"""One year of customers: who stays, who comes back, who grows, who comes.

Customers renew or leave at the start of the year. Everything a plan does acts in this
year; a customer who is there at its end is worth what a customer is worth today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, one_of, refuse, within
from toolkit.worth.response import ResponseCurve, through
from toolkit.worth.value import customer_value

KINDS = ("keep", "win_back", "grow", "win")


@dataclass(frozen=True)
class Situation:
    """The firm before any plan.

    `margin` money per customer a year; `retention`, `win_back_rate` (of those lost) and `win_rate`
    (of `prospects`) as they are without further spending; `recommended` customers brought by one
    kept customer a year, of whom a share `came_anyway` and only saves `cost_to_win`. `each` is
    what a customer who is there and about to pay is worth; left out, it follows from margin,
    retention and discount, without end.
    """

    customers: Any
    margin: Any
    retention: Any
    discount: Any
    prospects: Any = 0.0
    win_back_rate: Any = 0.0
    win_rate: Any = 0.0
    recommended: Any = 0.0
    came_anyway: Any = 0.0
    cost_to_win: Any = 0.0
    each: Any = None

    def __post_init__(self):
        numbers(**{name: value for name, value in vars(self).items() if value is not None or name != "each"})
        shares = ("retention", "win_back_rate", "win_rate", "came_anyway")
        refuse(*(within(name, getattr(self, name), 0, 1) for name in shares))
        amounts = ("customers", "discount", "prospects", "recommended", "cost_to_win")
        refuse(*(within(name, getattr(self, name), 0) for name in amounts))

    @property
    def worth(self) -> Any:
        """What a customer who is there and about to pay is worth."""
        if self.each is not None:
            return self.each
        return customer_value(self.margin, self.retention, self.discount, timing="not_yet_won")

    def floor(self, kind: str) -> Any:
        """The rate that a strategy starts from: what happens when nothing more is spent."""
        return {"keep": self.retention, "win_back": self.win_back_rate, "grow": 0.0, "win": self.win_rate}[kind]


@dataclass(frozen=True)
class Strategy:
    """One course: at `spend` per head acted on it brings `rate`, and no spend passes `ceiling`.

    `kind` and what the rate is: `keep` the share of all customers kept, `win_back` the share of
    those lost who return, `grow` the growth of the margin of those kept, `win` the share of
    prospects won. `budget` is money for the year; `fixed_cost` comes on top once it is begun, and
    `reward` goes to every customer kept, returned or won, also to those who would have been anyway.
    Only for `grow`: `lasts` when the growth stays with the customer, and `lowers_churn`, the share
    by which churn at the next renewal falls per unit of growth (an assumption: customers who buy
    more were often loyal already).
    """

    kind: str
    spend: Any
    rate: Any
    ceiling: Any
    budget: Any = 0.0
    fixed_cost: Any = 0.0
    reward: Any = 0.0
    lasts: bool = False
    lowers_churn: Any = 0.0

    def __post_init__(self):
        refuse(one_of("kind", self.kind, KINDS))
        grows = self.kind == "grow"
        refuse(
            within("budget", self.budget, 0),
            within("fixed_cost", self.fixed_cost, 0),
            within("reward", self.reward, 0, 0 if grows else None),
            within("lowers_churn", self.lowers_churn, 0, 1 if grows else 0),
        )

    def curve(self, situation: Situation) -> ResponseCurve:
        """The response from the present rate through the point that was seen or judged."""
        return through((self.spend, self.rate), self.ceiling, floor=situation.floor(self.kind))


@dataclass(frozen=True)
class Flow:
    """A year of customers and its money; `end` customers, `value` with all that is still to come."""

    start: Any
    kept: Any
    lost: Any
    won_back: Any
    gone: Any
    growth: Any
    recommended: Any
    won: Any
    end: Any
    margin: Any
    spent: Any
    value: Any


def flow(situation: Situation, strategies: tuple[Strategy, ...] = (), budgets: Mapping[str, Any] | None = None) -> Flow:
    """The year with these strategies: base → kept and lost → won back and gone → grow → recommended and won.

    `budgets` (money by kind) replaces the strategies' own; arrays are broadcast. Conservation:
    kept + lost = start, won back + gone = lost, kept + won back + recommended + won = end.

    >>> year = flow(Situation(250, 100, 0.8, 0.1))
    >>> round(float(year.kept)), round(float(year.lost)), round(float(year.value), 2)
    (200, 50, 73333.33)

    The last figure is 250 times the value just before a renewal of `customer_value`.
    """
    plan = by_kind(strategies)
    money = {kind: np.asarray(plan[kind].budget if budgets is None else budgets[kind], float) for kind in plan}

    def rate(kind: str, heads: Any) -> Any:
        if kind not in plan:
            return situation.floor(kind)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            each = np.where(np.asarray(heads) > 0, money[kind] / heads, 0.0)
        return plan[kind].curve(situation).rate(each)

    kept = situation.customers * rate("keep", situation.customers)
    lost = situation.customers - kept
    won_back = lost * rate("win_back", lost)
    growth = rate("grow", kept)
    won = situation.prospects * rate("win", situation.prospects)
    brought = kept * situation.recommended
    recommended = brought * (1 - np.asarray(situation.came_anyway))
    end = kept + won_back + recommended + won
    successes = {"keep": kept, "win_back": won_back, "grow": 0.0, "win": won}
    spent = sum((money[k] + s.fixed_cost + s.reward * successes[k] for k, s in plan.items()), np.asarray(0.0))
    grown = kept * growth * _growth_worth(situation, plan.get("grow"))
    saved = (brought - recommended) * situation.cost_to_win
    return Flow(
        start=situation.customers,
        kept=kept,
        lost=lost,
        won_back=won_back,
        gone=lost - won_back,
        growth=growth,
        recommended=recommended,
        won=won,
        end=end,
        margin=situation.margin * (end + kept * growth),
        spent=spent,
        value=end * situation.worth + grown + saved - spent,
    )


def _growth_worth(situation: Situation, grow: Strategy | None) -> Any:
    """What growing a customer's margin by its whole self is worth, with the renewals it may save."""
    if grow is None:
        return 0.0
    churn = 1 - np.asarray(situation.retention)
    fewer_lost = churn * grow.lowers_churn * situation.worth / (1 + np.asarray(situation.discount))
    return (situation.worth if grow.lasts else situation.margin) + fewer_lost


def by_kind(strategies: tuple[Strategy, ...]) -> dict[str, Strategy]:
    """The strategies in the order of the year; two of a kind are refused."""
    kinds = [strategy.kind for strategy in strategies]
    twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
    refuse(Refusal("strategy_twice", field="kind", given=twice) if twice else None)
    return {strategy.kind: strategy for strategy in sorted(strategies, key=lambda s: KINDS.index(s.kind))}
