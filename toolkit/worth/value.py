"""What a customer is worth when retention is constant: four moments, one sum.

Every value here is the sum of payments m, m(1+g), m(1+g)², … each made only by
the customers who are still there, discounted at d. They differ in the moment at
which one stands; they are never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.units import SHARE
from toolkit.worth.checks import first, numbers, one_of, plain, refuse, whole, within

TIMINGS = ("not_yet_won", "just_paid", "end_of_period", "renewal_due")


def geometric_sum(ratio: Any, terms: Any) -> np.ndarray:
    """1 + ratio + ratio² + …, `terms` terms, exact near ratio 1; `terms` may be infinite below ratio 1.

    >>> float(geometric_sum(0.5, np.inf)), float(geometric_sum(1.0, 3))
    (2.0, 3.0)
    """
    gap, terms = 1 - np.asarray(ratio, float), np.asarray(terms, float)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        total = -np.expm1(terms * np.log1p(-gap)) / gap
    return np.where(terms == 0, 0.0, np.where(gap == 0, terms, total))


def unbounded(retention: Any, growth: Any, discount: Any) -> Refusal | None:
    """A refusal where the payments of a customer add up to no finite sum: r(1+g) ≥ 1+d."""
    retention, growth, discount = np.broadcast_arrays(retention, growth, discount)
    endless = retention * (1 + growth) >= 1 + discount
    if not endless.any():
        return None
    at = {
        "retention": first(retention, endless),
        "growth": first(growth, endless),
        "discount": first(discount, endless),
    }
    name, field = ("growth_diverges", "growth") if at["growth"] > 0 else ("value_unbounded", "retention")
    return Refusal(name, field=field, given=at[field], values={key: (share, SHARE) for key, share in at.items()})


def customer_value(
    margin_per_period: Any, retention: Any, discount: Any, *, timing: str, growth: Any = 0.0, periods: Any = None
) -> Any:
    """What a customer is worth at a named moment: the margin of the whole relation, discounted.

    `timing`: `"not_yet_won"` (the first payment comes at once: the ceiling on what winning
    may cost), `"just_paid"` (the residual value), `"end_of_period"` (won, the first payment
    at the end of the period), `"renewal_due"` (just before a renewal). Margin in money per
    period, retention a share per period, discount and margin growth as fractions per period;
    `periods` counts the payments in the sum, None for no end. Arrays are broadcast; returns a
    float or an array. Raises `Refused` for a retention outside 0–1, a negative discount, a
    growth below −1, shapes that do not broadcast, and payments without end that have no finite sum.

    >>> round(customer_value(100, 0.8, 0.1, timing="not_yet_won"), 3)
    366.667

    Source: Fader & Hardie (2012), Reconciling and clarifying CLV formulas.
    """
    refuse(one_of("timing", timing, TIMINGS))
    given = {"margin_per_period": margin_per_period, "retention": retention, "discount": discount, "growth": growth}
    margin, retention, discount, growth, *counted = numbers(**given, **({} if periods is None else {"periods": periods}))
    refuse(within("retention", retention, 0, 1), within("discount", discount, 0), within("growth", growth, -1))
    refuse(whole("periods", *counted) if counted else unbounded(retention, growth, discount))
    ratio = retention * (1 + growth) / (1 + discount)
    total = margin * geometric_sum(ratio, *(counted or [np.inf]))
    return plain(_seen_from(timing, total, ratio, discount), "customer_value")


def _seen_from(timing: str, total: np.ndarray, ratio: np.ndarray, discount: np.ndarray) -> np.ndarray:
    """Move the sum of payments that starts at once to another moment."""
    if timing == "not_yet_won":
        return total
    if timing == "end_of_period":
        return total / (1 + discount)
    return total * ratio * (1 + discount if timing == "renewal_due" else 1)


def margin_multiple(retention: Any, discount: Any) -> Any:
    """The residual value of a customer per euro of yearly margin, r/(1+d−r).

    >>> round(margin_multiple(0.8, 0.1), 2)
    2.67

    Source: Gupta & Lehmann (2003), Customers as assets.
    """
    return customer_value(1.0, retention, discount, timing="just_paid")


def churn_over(churn: Any, periods: float) -> Any:
    """The share lost over several periods, 1−(1−c)^periods; a twelfth of a year is `periods` 1/12.

    >>> round(churn_over(0.01, 12), 4)
    0.1136
    """
    (churn,) = numbers(churn=churn)
    refuse(within("churn", churn, 0, 1))
    with np.errstate(divide="ignore"):
        return plain(-np.expm1(periods * np.log1p(-churn)), "churn")


def retention_over(retention: Any, periods: float) -> Any:
    """The share still there after several periods, r^periods.

    >>> round(retention_over(0.8, 3), 3)
    0.512
    """
    (retention,) = numbers(retention=retention)
    refuse(within("retention", retention, 0, 1))
    return plain(retention**periods, "retention")


def discount_over(discount: Any, periods: float) -> Any:
    """The discount rate over several periods, (1+d)^periods − 1.

    >>> round(discount_over(0.10, 1 / 12), 6)
    0.007974
    """
    (discount,) = numbers(discount=discount)
    refuse(within("discount", discount, 0))
    return plain(np.expm1(periods * np.log1p(discount)), "discount")


def continuous_discount(discount: Any) -> Any:
    """The continuously compounded rate that equals a yearly one, ln(1+d).

    >>> round(continuous_discount(0.10), 5)
    0.09531
    """
    (discount,) = numbers(discount=discount)
    refuse(within("discount", discount, 0))
    return plain(np.log1p(discount), "discount")


@dataclass(frozen=True)
class Elasticities:
    """By how many per cent the net value of a customer moves when one input moves one per cent.

    `margin + acquisition_cost` is 1: whoever doubles both doubles the value.
    """

    margin: Any
    acquisition_cost: Any
    retention: Any
    discount: Any


def elasticities(
    retention: Any, discount: Any, *, timing: str, margin: Any = 1.0, acquisition_cost: Any = 0.0, growth: Any = 0.0
) -> Elasticities:
    """The elasticities of a customer's value, less what winning cost, without end.

    Raises `Refused` where the net value is not positive: a percentage of nothing says nothing.

    >>> round(elasticities(0.8, 0.1, timing="just_paid").retention, 3)
    3.667

    Source: derivatives of `customer_value`; Gupta, Lehmann & Stuart (2004), Valuing customers.
    """
    value = customer_value(margin, retention, discount, timing=timing, growth=growth)
    (value, cost, retention, discount, growth) = numbers(
        margin=value, acquisition_cost=acquisition_cost, retention=retention, discount=discount, growth=growth
    )
    net = value - cost
    refuse(within("acquisition_cost", cost, 0), not_positive("acquisition_cost", net))
    ratio = retention * (1 + growth) / (1 + discount)
    tail, sooner = ratio / (1 - ratio), discount / (1 + discount)
    waiting = 1 if timing in ("just_paid", "renewal_due") else 0
    later = 1 if timing in ("just_paid", "end_of_period") else 0
    lever = value / net
    return Elasticities(
        margin=plain(lever),
        acquisition_cost=plain(1 - lever),
        retention=plain((tail + waiting) * lever),
        discount=plain(-sooner * (tail + later) * lever),
    )


def not_positive(name: str, net: Any) -> Refusal | None:
    """A refusal when a net value of which a percentage is asked is zero or negative."""
    net = np.asarray(net, float)
    return Refusal("net_value_not_positive", field=name, given=first(net, net <= 0)) if (net <= 0).any() else None
