"""The result of what a customer is worth: one frozen record that words, pictures and files only show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from toolkit.units import (
    RATIO,
    Count,
    CountEstimate,
    Estimate,
    Money,
    MoneyEstimate,
    Points,
    PointsEstimate,
    Ratio,
    Share,
    ShareEstimate,
    Years,
)
from toolkit.whatif import Swing
from toolkit.worth.rows import (
    Balance,
    Budget,
    Claimed,
    ContractMonth,
    LeverPoint,
    Moment,
    PaidBack,
    Said,
    Stayed,
    TenureYear,
    YearsEstimate,
)

QUOTED = "five_points"  # the claim that is repeated most
RatioEstimate = Annotated[Estimate, RATIO]


@dataclass(frozen=True)
class CustomerWorth:
    """Everything the chapter knows; a field is None where the client's figures cannot say it.

    A period is what `period` says (year, quarter, month); what is called per year is
    brought to a year exactly. Values are gross margin in money of the moment named.
    """

    period: str
    retention_from: str
    per_year: Count
    confidence: Share
    margin: MoneyEstimate
    margin_per_year: MoneyEstimate
    retention: ShareEstimate
    retention_per_year: ShareEstimate
    discount_per_year: ShareEstimate
    discount: Share
    growth_per_year: Share | None = None
    horizon: Years | None = None
    lifetime: Years | None = None
    customers: Count | None = None
    won_per_year: Count | None = None
    cost_to_win: MoneyEstimate | None = None
    cost_to_keep: MoneyEstimate | None = None
    # what a customer is worth, by the moment at which one stands
    not_yet_won: MoneyEstimate | None = None
    just_paid: MoneyEstimate | None = None
    end_of_period: MoneyEstimate | None = None
    renewal_due: MoneyEstimate | None = None
    moments: tuple[Moment, ...] = ()
    base_value: MoneyEstimate | None = None
    after_keeping: MoneyEstimate | None = None
    base_after_keeping: MoneyEstimate | None = None
    other_period: str | None = None
    other_retention: Share | None = None
    other_value: Money | None = None
    # winning: does it pay, and when
    net_value: MoneyEstimate | None = None
    pays_chance: Share | None = None
    needed_retention: Share | None = None
    needed_margin: Money | None = None
    payback_simple: YearsEstimate | None = None
    payback_discounted: YearsEstimate | None = None
    payback_surviving: YearsEstimate | None = None
    paid_back: tuple[PaidBack, ...] = ()
    balance: tuple[Balance, ...] = ()
    break_even: Count | None = None
    write_off: MoneyEstimate | None = None
    write_off_discounted: MoneyEstimate | None = None
    write_off_per_year: MoneyEstimate | None = None
    never_pays_back: ShareEstimate | None = None
    write_off_unknown: str | None = None
    stayed: tuple[Stayed, ...] = ()
    stayed_longer: Money | None = None
    # winning against keeping
    ratio: RatioEstimate | None = None
    said: tuple[Said, ...] = ()
    budgets: tuple[Budget, ...] = ()
    best_ratio: Ratio | None = None
    gain_left: Money | None = None
    # the lever
    step_points: Points | None = None
    step_per_cent: Share | None = None
    net_of_winning: bool = False
    step_keeps_all: bool = False
    uplift_points: ShareEstimate | None = None
    uplift_per_cent: ShareEstimate | None = None
    uplift_residual: Share | None = None
    uplift_profit: Share | None = None
    gain_of_point: MoneyEstimate | None = None
    lever: tuple[LeverPoint, ...] = ()
    claimed: tuple[Claimed, ...] = ()
    # retention by tenure
    fit_problem: str | None = None
    rises: bool = False
    series_years: Count | None = None
    first_retention: ShareEstimate | None = None
    last_retention: ShareEstimate | None = None
    by_tenure: tuple[TenureYear, ...] = ()
    base_value_constant: Money | None = None
    constant_misses: Money | None = None
    # contracts, recommendation, profit by tenure, a programme
    contract_remaining: Money | None = None
    contract_renewals: Money | None = None
    contract_total: Money | None = None
    contract_country: str | None = None
    contract_months: tuple[ContractMonth, ...] = ()
    renewal_rate: Share | None = None
    base_churn: Share | None = None
    share_due: Share | None = None
    recommended_new: Money | None = None
    recommended_anyway: Money | None = None
    recommended: Money | None = None
    came_anyway: Share | None = None
    brought_per_year: Ratio | None = None
    from_recommending: Money | None = None
    with_recommending: Money | None = None
    followers: Ratio | None = None
    loss_alone: Money | None = None
    loss_with_followers: Money | None = None
    profile_value: Money | None = None
    profile_flat: Money | None = None
    profile_at_stake: Share | None = None
    profile_direction: str | None = None
    programme: Money | None = None
    programme_points_once: PointsEstimate | None = None
    programme_points_lasting: PointsEstimate | None = None
    programme_customers: CountEstimate | None = None
    programme_margin: MoneyEstimate | None = None
    swings: tuple[Swing, ...] = ()

    @property
    def ceiling(self) -> MoneyEstimate:
        """What winning a customer may cost at most: after the cost of keeping, where that is known."""
        return self.not_yet_won if self.after_keeping is None else self.after_keeping

    @property
    def known_customers(self) -> int:
        """How many customers there are, for a source line; none where that is not known."""
        return self.customers or 0

    @property
    def unsure(self) -> bool:
        """Whether any input carries a range."""
        return self.ceiling.low < self.ceiling.high

    @property
    def counted(self) -> bool:
        """Whether customers were counted for the retention, or it was stated."""
        return self.retention.n > 0

    @property
    def band_low(self) -> Share | None:
        """The lower end of the band that is quoted most, for the step in points."""
        return self._quoted and self._quoted.low

    @property
    def band_high(self) -> Share | None:
        """The upper end of that band."""
        return self._quoted and self._quoted.high

    @property
    def band_retention(self) -> Share | None:
        """The retention a year at which the nearest end of that band would hold here."""
        return self._quoted and self._quoted.needed_retention

    @property
    def band_cost(self) -> Money | None:
        """What winning one customer would have to cost for the lower end of that band to hold here."""
        return self._quoted and self._quoted.needed_cost

    @property
    def _quoted(self) -> Claimed | None:
        return next((row for row in self.claimed if row.name == QUOTED), None)
