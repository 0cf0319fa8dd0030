"""When the money spent on winning a customer comes back, and how much of it never does.

The first payment comes at once and payment k is discounted by (1+d)^−(k−1); the
cost of winning is not discounted. Simple, discounted and survival-weighted payback
are one formula: payments shrink by 1, by 1/(1+d) or by r/(1+d) from one to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.worth.checks import numbers, plain, refuse, within
from toolkit.worth.value import geometric_sum


@dataclass(frozen=True)
class Payback:
    """How many periods it takes to earn back what winning cost; None is never, and `reason` says why.

    `reason`: `"margin_not_positive"`, `"worth_less_than_cost"` (all payments together do not
    reach the cost) or `"not_within_horizon"`.
    """

    periods: float | None
    reason: str | None = None


def payments_needed(cost: Any, payment: Any, ratio: Any) -> np.ndarray:
    """How many payments, each `ratio` times the one before, add up to the cost; infinite where none do.

    >>> float(payments_needed(10_000, 3_000, 1.0))
    4.0
    """
    cost, payment, ratio = np.broadcast_arrays(cost, payment, ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        missing = 1 - cost / payment * (1 - ratio)
        count = np.where(ratio == 1, cost / payment, np.log(np.maximum(missing, 0)) / np.log(ratio))
        count = np.where(cost <= payment, 1.0, count)
    count = np.where((payment <= 0) | (missing <= 0) & (cost > payment), np.inf, count)
    rounding = 1e-9 * np.where(np.isfinite(count), np.maximum(count, 1), 0)
    return np.where(cost <= 0, 0.0, np.ceil(count - rounding))


def payback(
    acquisition_cost: float, margin_per_period: float, *, retention: float = 1.0, discount: float = 0.0
) -> Payback:
    """Periods until the margin has earned back what winning cost.

    Simple: only cost and margin. Discounted: with `discount`. Survival-weighted: with
    `retention` too, so that only customers who are still there pay. Whole numbers count
    payments; within the payment that brings the last of it the margin flows in evenly.

    >>> payback(1200, 100).periods, payback(1200, 80).periods, round(payback(1200, 65).periods, 1)
    (12.0, 15.0, 18.5)
    """
    cost, margin, retention, discount = numbers(
        acquisition_cost=acquisition_cost, margin_per_period=margin_per_period, retention=retention, discount=discount
    )
    refuse(within("acquisition_cost", cost, 0), within("retention", retention, 0, 1), within("discount", discount, 0))
    if cost == 0:
        return Payback(0.0)
    ratio = retention / (1 + discount)
    count = payments_needed(cost, margin, ratio)
    if not np.isfinite(count):
        return Payback(None, "margin_not_positive" if margin <= 0 else "worth_less_than_cost")
    missing = cost - margin * geometric_sum(ratio, count - 1)
    return Payback(float(count - 1 + missing / (margin * ratio ** (count - 1))))


def payback_of(acquisition_cost: float, margins: Any) -> Payback:
    """Payback on any flow of margins.

    `margins` are the expected (discounted) margins of payment 1, 2, …

    Within the payment that brings the last of it the margin is taken to flow in evenly.

    >>> payback_of(250, [100, 100, 100]).periods
    2.5
    """
    cost, margins = numbers(acquisition_cost=acquisition_cost, margins=margins)
    refuse(within("acquisition_cost", cost, 0))
    total = np.cumsum(margins)
    if cost <= 0:
        return Payback(0.0)
    if not (total >= cost).any():
        return Payback(None, "margin_not_positive" if (margins <= 0).all() else "not_within_horizon")
    last = int(np.argmax(total >= cost))
    return Payback(float(last + 1 - (total[last] - cost) / margins[last]))


def break_even_tenure(acquisition_cost: float, margin_per_period: float, discount: float = 0.0) -> int | None:
    """The number of payments a customer must make before winning has paid for itself; None is never.

    >>> break_even_tenure(10_000, 8_000), break_even_tenure(10_000, 500, 0.1)
    (2, None)
    """
    cost, margin, _, discount = _checked(acquisition_cost, margin_per_period, 1.0, discount)
    count = payments_needed(cost, margin, 1 / (1 + discount))
    return int(count) if np.isfinite(count) else None


def expected_write_off(acquisition_cost: Any, margin_per_period: Any, retention: Any, discount: Any = 0.0) -> Any:
    """What of the cost of winning one customer is, on average, never earned back.

    Σ P(exactly k payments) · max(0, cost − the k discounted margins), summed in closed form.
    Money in, money out; arrays are broadcast. Raises `Refused` for a negative margin (nothing
    is earned to set against the cost) and for shares and rates out of bounds.

    >>> round(expected_write_off(10_000, 8_000, 0.7), 2), round(expected_write_off(10_000, 3_000, 0.7), 2)
    (600.0, 3087.0)

    Source: A1's write-off, with the number of payments geometric: P(exactly k) = r^(k−1)(1−r).
    """
    cost, margin, retention, discount = _checked(acquisition_cost, margin_per_period, retention, discount)
    sooner = 1 / (1 + discount)
    before = np.maximum(payments_needed(cost, margin, sooner) - 1, 0)
    with np.errstate(invalid="ignore"):
        earned = np.where(margin > 0, margin * geometric_sum(retention * sooner, before), 0.0)
        reaching = np.where(np.isfinite(before), retention**before, 0.0)
        missing = np.where(np.isfinite(before), cost - margin * geometric_sum(sooner, before), 0.0)
    return plain(np.maximum(np.where(cost > 0, cost - earned - reaching * missing, 0.0), 0.0), "expected_write_off")


@dataclass(frozen=True)
class Stay:
    """The customers who made exactly `payments` payments: their share, what each left unearned."""

    payments: int
    share: float
    unrecovered: float


@dataclass(frozen=True)
class WriteOff:
    """The write-off per customer won, by how long they stayed.

    `by_stay` lists those who left before break-even, up to `rows` of them; `longer` is what the
    others before break-even add, so that the rows and `longer` make `expected`. `never` is the
    share that never pays back.
    """

    expected: float
    break_even: int | None
    never: float
    by_stay: tuple[Stay, ...]
    longer: float


def write_off_by_stay(
    acquisition_cost: float, margin_per_period: float, retention: float, discount: float = 0.0, *, rows: int = 12
) -> WriteOff:
    """The expected write-off of one customer won, opened by the number of payments made.

    >>> [round(s.share * s.unrecovered) for s in write_off_by_stay(10_000, 3_000, 0.7).by_stay]
    [2100, 840, 147]
    """
    cost, margin, retention, discount = map(float, _checked(acquisition_cost, margin_per_period, retention, discount))
    enough = break_even_tenure(cost, margin, discount)
    before = rows if enough is None else min(rows, max(enough - 1, 0))
    stays = tuple(
        Stay(k, retention ** (k - 1) * (1 - retention), cost - margin * float(geometric_sum(1 / (1 + discount), k)))
        for k in range(1, before + 1)
    )
    never = 1.0 if enough is None else 1 - retention ** max(enough - 1, 0)
    expected = expected_write_off(cost, margin, retention, discount)
    longer = max(expected - sum(stay.share * stay.unrecovered for stay in stays), 0.0)
    return WriteOff(expected, enough, never, stays, longer if enough is None or enough > rows + 1 else 0.0)


def write_off_with(acquisition_cost: float, margins: Any, survival: Any) -> float:
    """The expected write-off for any retention curve and any discounted margins.

    `margins` are of payment 1, 2, …;

    `survival[k]` is the share that makes payment k+1 (so it starts at 1). Whoever makes the
    last payment listed is taken to leave after it.

    >>> round(write_off_with(10_000, [3_000] * 5, [0.7**k for k in range(5)]), 2)
    3087.0
    """
    cost, margins, survival = numbers(acquisition_cost=acquisition_cost, margins=margins, survival=survival)
    refuse(within("acquisition_cost", cost, 0), within("survival", survival, 0, 1))
    exactly = survival - np.append(survival[1:], 0.0)
    return float(np.sum(exactly * np.maximum(0, cost - np.cumsum(margins))))


def _checked(cost: Any, margin: Any, retention: Any, discount: Any) -> tuple[np.ndarray, ...]:
    """The four inputs as arrays, refused together when out of bounds."""
    given = numbers(acquisition_cost=cost, margin_per_period=margin, retention=retention, discount=discount)
    refuse(
        within("acquisition_cost", given[0], 0),
        within("margin_per_period", given[1], 0, refusal="margin_negative"),
        within("retention", given[2], 0, 1),
        within("discount", given[3], 0),
    )
    return given
