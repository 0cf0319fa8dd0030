"""Rates of a counted group: intervals, sample sizes, conversions between periods. Pure functions."""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import norm

from toolkit.units import Count, Estimate, Share, Years


def wilson(kept: int, start: int, confidence: float = 0.95) -> Estimate:
    """The share that stayed, with the interval of Wilson (1927).

    Raises `ValueError` where nobody could stay or `kept` lies outside 0–`start`.

    >>> found = wilson(200, 250)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.8, 0.746, 0.845)
    """
    if start < 1 or not 0 <= kept <= start:
        raise ValueError(f"{kept} of {start} is not a share")
    z = float(norm.ppf(0.5 + confidence / 2))
    share, spread = kept / start, z * z / start
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / start + spread / (4 * start))
    low = 0.0 if kept == 0 else max(0.0, centre - half)
    high = 1.0 if kept == start else min(1.0, centre + half)
    return Estimate(share, low, high, start, confidence)


def difference(later: Estimate, earlier: Estimate) -> Estimate:
    """The difference of two independent shares, with the interval of Newcombe (1998, method 10)."""
    value = later.value - earlier.value
    down = math.hypot(later.value - later.low, earlier.high - earlier.value)
    up = math.hypot(later.high - later.value, earlier.value - earlier.low)
    return Estimate(value, value - down, value + up, min(later.n, earlier.n), later.confidence)


def over_years(rate: Estimate, periods: float) -> Estimate:
    """A share kept per period as the share kept over several such periods, exactly: r^periods.

    >>> round(over_years(Estimate(0.99, 0.99, 0.99, 1), 12).value, 4)
    0.8864
    """
    value, low, high = (bound**periods for bound in (rate.value, rate.low, rate.high))
    return Estimate(value, low, high, rate.n, rate.confidence)


def chained(counts: list[tuple[int, int]], years: Years, *, seed: int, confidence: float = 0.95) -> Estimate:
    """The share kept in a year, from (kept, start) of consecutive periods that last `years` together.

    One period of a year has Wilson's interval. Otherwise the value is the product
    of the shares, brought to a year, and the interval comes from seeded draws of
    Beta(kept + ½, lost + ½) for each period.
    """
    if len(counts) == 1:
        return over_years(wilson(*counts[0], confidence), 1 / years)
    value = math.prod(kept / start for kept, start in counts) ** (1 / years)
    random = np.random.default_rng(seed)
    draws = np.ones(10_000)
    for kept, start in counts:
        draws *= random.beta(kept + 0.5, start - kept + 0.5, draws.size)
    low, high = np.quantile(draws ** (1 / years), [0.5 - confidence / 2, 0.5 + confidence / 2])
    return Estimate(value, min(float(low), value), max(float(high), value), counts[-1][1], confidence)


def churn_over(churn: Share, periods: float) -> Share:
    """Churn over several periods from churn per period: 1 − (1 − c)^periods.

    >>> round(churn_over(0.05, 12), 4)
    0.4596
    """
    return 1 - (1 - churn) ** periods


def lifetime(retention: Share) -> Years | None:
    """How many periods a customer stays on average, the first included; None where nobody ever leaves.

    >>> lifetime(0.75), lifetime(1.0)
    (4.0, None)
    """
    return None if retention >= 1 else 1 / (1 - retention)


def customers_to_tell(
    present: Share,
    target: Share,
    *,
    against: str = "each other",
    alpha: float = 0.05,
    power: float = 0.8,
) -> Count | None:
    """How many customers a year it takes to tell two retention rates apart (two-sided test).

    `against="each other"` compares two years of so many customers each, with the
    pooled variance; `"present"` compares one year, whose truth is the target, with
    a fixed present; `"target"` one year, whose truth is the present, with a fixed
    target. None where the rates are less than a hundredth of a point apart. Source: Fleiss, Levin & Paik (2003), ch. 4.

    >>> customers_to_tell(0.80, 0.85)
    906
    """
    if abs(present - target) < 1e-4:
        return None
    z_alpha, z_power = float(norm.ppf(1 - alpha / 2)), float(norm.ppf(power))

    def variance(share: float) -> float:
        return share * (1 - share)

    if against == "each other":
        pooled = 2 * variance((present + target) / 2)
        spread = math.sqrt(variance(present) + variance(target))
        root = z_alpha * math.sqrt(pooled) + z_power * spread
    else:
        fixed, true = (present, target) if against == "present" else (target, present)
        root = z_alpha * math.sqrt(variance(fixed)) + z_power * math.sqrt(variance(true))
    return max(1, math.ceil((root / (target - present)) ** 2))


def revenue_retention(
    start: float, contraction: float, churned: float, expansion: float
) -> tuple[Share, float] | None:
    """Gross and net revenue retention; None where there was nothing to retain.

    Gross never passes one, net may.

    >>> gross, net = revenue_retention(10.0, 0.6, 0.9, 1.8)
    >>> round(gross, 9), round(net, 9)
    (0.85, 1.03)
    """
    if start == 0:
        return None
    gross = (start - contraction - churned) / start
    return gross, gross + expansion / start
