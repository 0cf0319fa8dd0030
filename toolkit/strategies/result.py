"""The result of where the budget should go: one frozen record that words, pictures and files only show."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.units import Count, Money, MoneyEstimate, Points, Ratio, Share, ShareEstimate
from toolkit.whatif import Swing


@dataclass(frozen=True)
class YearFlow:
    """One year of customers, without or with the plan: kept + lost = start, kept + won_back + recommended + won = end."""

    which: str
    start: Count
    kept: Count
    lost: Count
    won_back: Count
    gone: Count
    recommended: Count
    won: Count
    end: Count
    growth: Share
    margin: Money
    spent: Money
    value: Money

    @property
    def came_in(self) -> Count:
        """Those who came in: won back, brought by recommendation, won."""
        return self.won_back + self.recommended + self.won


@dataclass(frozen=True)
class CourseResult:
    """One course in the plan, in the best split, and at the margin.

    `own` is what it adds when the others are there already, net of all its cost; `more_points` is
    what the plan's budget lifts its rate by, from `present_rate` to `planned_rate`.
    """

    kind: str
    acts_on: Count
    present_rate: Share
    spend: Money
    rate: ShareEstimate
    ceiling: Share
    budget: Money
    spend_per_head: Money
    planned_rate: Share
    more_points: Points
    fixed_cost: Money
    reward: Money
    cost: Money
    own: MoneyEstimate
    chance_of_loss: Share
    next_euro: Money | None
    best_budget: Money | None
    worth_a_point: Money | None
    same_as_winning: Count | None
    break_even_rate: Share | None
    implied_rate: Share | None

    @property
    def begun(self) -> bool:
        """Whether the plan gives it any money."""
        return self.budget > 0

    @property
    def may_lose(self) -> bool:
        """Whether its range reaches below nothing."""
        return self.begun and self.own.low < 0

    @property
    def loses(self) -> bool:
        """Whether it is sure to make a loss: its whole range lies below nothing."""
        return self.begun and self.own.high < 0


@dataclass(frozen=True)
class Spends:
    """Extra spend per prospect and per customer a year, and what the customers it brings cost: as planned, or at best."""

    which: str
    win_spend: Money
    win_rate: Share
    keep_spend: Money
    keep_rate: Share
    value: Money
    equity_per_prospect: Money
    average_cost_to_win: Money | None
    average_cost_to_keep: Money | None
    marginal_cost_to_win: Money | None
    marginal_cost_to_keep: Money | None
    ratio: Ratio | None


@dataclass(frozen=True)
class CascadeStep:
    """One measure of the cascade in the given order; `reached` is the share for whom its turn comes."""

    measure: str
    cost: Money
    chance: Share
    gain: Money
    net_in_turn: Money
    reached: Share
    expected_cost: Money
    expected_gain: Money
    best_place: Count | None

    @property
    def pays(self) -> bool:
        """Whether it brings more than it costs when its turn comes."""
        return self.net_in_turn > 0


@dataclass(frozen=True)
class BudgetPlan:
    """Everything the chapter knows; a field is None where the client's figures cannot say it.

    Money is of one year of plan, with all that customers who are there at its end will still bring.
    """

    confidence: Share
    range_confidence: Share
    customers: Count | None = None
    prospects: Count | None = None
    retention: ShareEstimate | None = None
    discount: Share | None = None
    margin_per_customer: MoneyEstimate | None = None
    worth: MoneyEstimate | None = None
    came_anyway: Share | None = None
    # the plan
    plan_given: bool = False
    ranges_given: bool = False
    kept_more: Count | None = None
    end_without: Count | None = None
    end_with: Count | None = None
    flows: tuple[YearFlow, ...] = ()
    courses: tuple[CourseResult, ...] = ()
    plan: MoneyEstimate | None = None
    plan_loss: MoneyEstimate | None = None
    plan_cost: Money | None = None
    chance_of_loss: Share | None = None
    overlap: Money | None = None
    best_own: MoneyEstimate | None = None
    best_kind: str | None = None
    worst_own: MoneyEstimate | None = None
    worst_loss: MoneyEstimate | None = None
    worst_kind: str | None = None
    rewarded_anyway: Money | None = None
    lowers_churn: Share | None = None
    points_kind: str | None = None
    points_implied: Share | None = None
    points_present: Share | None = None
    idle_kind: str | None = None
    # dividing the budget
    budget: Money | None = None
    given_budget: Money | None = None
    unplanned: Money | None = None
    best_gain: Money | None = None
    better_by: Money | None = None
    unspent: Money | None = None
    split_fixed_costs: Money | None = None
    split_reason: str | None = None
    next_kind: str | None = None
    next_euro: Money | None = None
    # what winning one may cost
    ceiling_to_win: MoneyEstimate | None = None
    cost_to_win: MoneyEstimate | None = None
    best_win_spend: Money | None = None
    best_win_budget: Money | None = None
    cost_at_best: Money | None = None
    # how many times dearer, and nothing left to gain
    spends: tuple[Spends, ...] = ()
    best_ratio: Ratio | None = None
    best_value: Money | None = None
    # the cascade
    cascade: tuple[CascadeStep, ...] = ()
    cascade_cost: Money | None = None
    cascade_gain: Money | None = None
    cascade_net: Money | None = None
    cascade_unsolved: Share | None = None
    best_order: str | None = None
    best_cascade_net: Money | None = None
    best_cascade_cost: Money | None = None
    best_cascade_gain: Money | None = None
    cascade_better_by: Money | None = None
    swings: tuple[Swing, ...] = ()

    def course(self, kind: str) -> CourseResult | None:
        """The course of a kind, where it is given."""
        return next((course for course in self.courses if course.kind == kind), None)

    @property
    def ranged(self) -> bool:
        """Whether anything was given as a range, so that outcomes differ."""
        return self.plan is None or self.plan.low < self.plan.high

    @property
    def without(self) -> YearFlow | None:
        """The year without the plan."""
        return self.flows[0] if self.flows else None

    @property
    def planned(self) -> YearFlow | None:
        """The year with the plan."""
        return self.flows[1] if self.flows else None
