"""The result of the two doors: one frozen record that words, pictures and files only show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toolkit.doors.flows import ByWindow, Decile, Flow
from toolkit.doors.leak import Basis, Leak
from toolkit.units import (
    Count,
    Days,
    Money,
    MoneyEstimate,
    Points,
    PointsEstimate,
    Share,
    ShareEstimate,
    Years,
)
from toolkit.whatif import Swing


@dataclass(frozen=True)
class TwoDoors:
    """Everything the chapter knows; a field is None where the client's figures cannot say it.

    Retention and the like hold for the last period, what is called per year for a
    year; money is of the customers there at the start of the last period.
    """

    flows: tuple[Flow, ...]
    first: date
    last: date
    start: Count
    new: Count
    won_and_gone: Count
    reactivated: Count
    came_in: Count
    lost: Count
    end: Count
    balance: Count
    gap: Count
    kept: Count
    won_by_recommendation: Count | None
    recommended_share: Share | None
    retention: ShareEstimate | None
    churn: ShareEstimate | None
    naive_retention: Share | None
    retention_per_year: ShareEstimate | None
    churn_per_year: ShareEstimate | None
    lifetime: Years | None
    target_retention: Share | None
    target_given: bool
    points_to_target: Points | None
    step_points: Points
    step_per_cent: Share
    gain_of_step_points: Share | None
    with_step_points: Share | None
    with_step_per_cent: Share | None
    confidence: Share
    points_to_balance: Points | None
    retention_in_balance: Share | None
    customers_to_tell: Count | None
    customers_to_tell_from_present: Count | None
    customers_to_tell_from_target: Count | None
    trend: PointsEstimate | None
    first_retention: ShareEstimate | None
    turnover_per_customer: Money | None
    turnover_at_stake: Money | None
    gross_margin: Share | None
    margin_per_customer: Money | None
    basis: Basis | None
    leaks: tuple[Leak, ...]
    leak: MoneyEstimate | None
    leak_at_target: Money | None
    saved: MoneyEstimate | None
    saved_in_five_years: MoneyEstimate | None
    spend_per_customer: MoneyEstimate | None
    worth_a_point: Money | None
    cost_of_won_and_gone: Money | None
    gross_revenue_retention: Share | None
    net_revenue_retention: Share | None
    turnover_retention: Share | None
    deciles: tuple[Decile, ...]
    top_share: Share | None
    top_lost_turnover: Money | None
    by_window: tuple[ByWindow, ...]
    swings: tuple[Swing, ...]
    per: str
    every: str | None
    window: Days | None

    @property
    def main_leaks(self) -> tuple[Leak, ...]:
        """The leak in gross margin where that is known, else in turnover."""
        return tuple(leak for leak in self.leaks if leak.basis == self.basis)
