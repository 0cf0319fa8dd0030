"""The rows of what a customer is worth: what its tables and pictures list. Units as in the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from toolkit.units import (
    YEARS,
    Count,
    Estimate,
    Money,
    MoneyEstimate,
    Months,
    Points,
    Ratio,
    Share,
    ShareEstimate,
    Years,
)

YearsEstimate = Annotated[Estimate, YEARS]


@dataclass(frozen=True)
class Moment:
    """The value of a customer at one named moment; `stands` is when, in periods after the first payment."""

    name: str
    stands: float
    value: MoneyEstimate


@dataclass(frozen=True)
class PaidBack:
    """One way of counting when winning has paid for itself; None is never, and `reason` says why."""

    way: str
    years: YearsEstimate | None
    reason: str | None


@dataclass(frozen=True)
class Balance:
    """What of the cost of winning one customer has come back so many years after winning.

    `expected` counts leavers and discounts; `if_stayed` does neither. Negative while money is still out.
    """

    years: Years
    expected: Money
    if_stayed: Money


@dataclass(frozen=True)
class Stayed:
    """The customers who made exactly `payments` payments: their share, and what each left unearned."""

    payments: Count
    share: Share
    unrecovered: Money

    @property
    def part(self) -> Money:
        """What they add to the expected write-off of one customer won."""
        return self.share * self.unrecovered


@dataclass(frozen=True)
class Budget:
    """Spends and rates per period, as they are (`now`) or as they would be best (`best`)."""

    which: str
    acquisition_spend: Money
    acquisition_rate: Share
    retention_spend: Money
    retention_rate: Share
    value: Money
    equity_per_prospect: Money
    average_cost_to_win: Money | None
    average_cost_to_keep: Money | None
    marginal_cost_to_win: Money | None
    marginal_cost_to_keep: Money | None
    ratio: Ratio | None


@dataclass(frozen=True)
class LeverPoint:
    """What a customer is worth when retention moves by so many points."""

    points: Points
    retention: Share
    value: Money
    uplift: Share


@dataclass(frozen=True)
class Claimed:
    """A published band beside the client's own figure, and what it would take for the band to hold here.

    `step` says whether the claim moves retention by points or per cent; `place` is below, inside or
    above where the whole interval is, else on the edge.
    """

    name: str
    step: str
    low: Share
    high: Share
    own: ShareEstimate
    place: str
    needed_retention: Share | None
    needed_cost: Money | None


@dataclass(frozen=True)
class Said:
    """A published ratio of the cost of winning to that of keeping."""

    name: str
    low: Ratio
    high: Ratio


@dataclass(frozen=True)
class TenureYear:
    """Renewal number `renewal`: retention with its interval, and what a customer due for it is worth.

    `seen` says whether the series reaches it; beyond it is the model's projection.
    """

    renewal: Count
    seen: bool
    retention: ShareEstimate
    constant: Share
    value: Money
    constant_value: Money
    customers: Count


@dataclass(frozen=True)
class ContractMonth:
    """The share of customers still under contract so many months after the start."""

    month: Months
    share: Share
    leaving: Share
