"""The leak: what customers who go take with them, now and at a target. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from toolkit.units import Estimate, Money, MoneyEstimate, Share, Years

Basis = Literal["margin", "turnover"]


@dataclass(frozen=True)
class Leak:
    """The money that leaks away over some years, in turnover or in gross margin.

    `replaced` says whether every leaver is replaced at once; `saved` is the
    difference between now and the target, negative where the target lies below.
    """

    basis: Basis
    years: int
    replaced: bool
    now: MoneyEstimate
    at_target: Money
    saved: MoneyEstimate

    @property
    def span(self) -> str:
        """Which of the three it is: the first year, or several, with or without replacement."""
        return "first" if self.years == 1 else "replaced" if self.replaced else "lasting"


def leaked(customers: float, per_customer: Money, retention: Share, *, years: int, replaced: bool) -> Money:
    """Money a group of customers no longer brings in over so many years, undiscounted.

    With every leaver replaced a share 1 − r is missing each year; without
    replacement the share 1 − r^t is missing in year t. The example is A3's: 50
    customers of 20,000 a year, of whom 30 % go.

    >>> round(leaked(50, 20_000, 0.70, years=1, replaced=False))
    300000
    """
    if replaced:
        missing = years * (1 - retention)
    else:
        missing = sum(1 - retention**year for year in range(1, years + 1))
    return customers * per_customer * missing


def through(retention: Estimate, money: Callable[[float], float]) -> Estimate:
    """A rate's interval carried through a figure that rises or falls with it all the way."""
    ends = sorted((money(retention.low), money(retention.high)))
    return Estimate(money(retention.value), ends[0], ends[1], retention.n, retention.confidence)


def lost_anyway(customers: int, churn: Estimate, target: Share) -> tuple[float, Estimate]:
    """Of the customers lost in a year those who go even at the target, and those whom it saves, never below zero.

    >>> anyway, saved = lost_anyway(250, Estimate(0.2, 0.15, 0.25, 250), 0.85)
    >>> round(anyway, 6), round(saved.value, 6), saved.low
    (37.5, 12.5, 0.0)
    """
    over = customers * (1 - target)
    value, low, high = (max(0.0, customers * end - over) for end in (churn.value, churn.low, churn.high))
    return min(customers * churn.value, over), Estimate(value, low, high, churn.n, churn.confidence)


def leaks(
    customers: int,
    per_customer: dict[Basis, Money],
    retention: Estimate,
    target: Share,
) -> tuple[Leak, ...]:
    """The leak now and at the target, over one and five years, without and with replacement."""
    found = []
    for basis, each in per_customer.items():
        # in the first year nobody who left has been replaced yet: the two ways agree
        for years, replaced in ((1, False), (5, False), (5, True)):

            def money(rate: float, each=each, years=years, replaced=replaced) -> float:
                return leaked(customers, each, rate, years=years, replaced=replaced)

            at_target = money(target)
            saved = through(retention, lambda rate, money=money, then=at_target: money(rate) - then)
            found.append(Leak(basis, years, replaced, through(retention, money), at_target, saved))
    return tuple(found)
