"""Profit by tenure as an assumption of its own: do customers become more profitable the longer they stay?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.worth.checks import numbers, one_of, plain, refuse, whole, within
from toolkit.worth.retention import RetentionFit
from toolkit.worth.value import TIMINGS, geometric_sum, unbounded


def value_by_profile(
    profile: Any, retention: Any, discount: Any, *, timing: str = "not_yet_won", periods: int | None = None
) -> Any:
    """The value of a customer whose margin depends on tenure, at constant retention.

    `profile` lists the margin of payment 1, 2, …; the last entry holds for all later payments.
    `timing` and `periods` as in `customer_value`, which this equals for a flat profile; standing
    just after a payment or before a renewal, the first payment has been made.

    >>> round(value_by_profile([100], 0.8, 0.1), 3), round(value_by_profile([60, 90, 120], 0.8, 0.1), 2)
    (366.667, 358.18)
    """
    profile, retention, discount = numbers(profile=profile, retention=retention, discount=discount)
    refuse(one_of("timing", timing, TIMINGS), within("retention", retention, 0, 1), within("discount", discount, 0))
    refuse(_empty(profile), unbounded(retention, 0.0, discount) if periods is None else whole("periods", periods))
    if timing in ("just_paid", "renewal_due"):
        profile = np.append(profile[1:], profile[-1])
    shown = len(profile) - 1 if periods is None else min(len(profile) - 1, periods)
    ratio = retention / (1 + discount)
    tail = geometric_sum(ratio, np.inf if periods is None else periods - shown)
    early = sum((profile[k] * ratio**k for k in range(shown)), np.zeros_like(ratio))
    total = early + profile[shown] * ratio**shown * tail
    if timing == "end_of_period":
        return plain(total / (1 + discount))
    return plain(total * {"not_yet_won": 1, "just_paid": ratio, "renewal_due": ratio * (1 + discount)}[timing])


def value_by_profile_and_fit(profile: Any, fit: RetentionFit, discount: float) -> float:
    """The value of a customer not yet won whose margin and whose retention both depend on tenure.

    The first payment comes at once; the last entry of the profile holds for all later payments.
    """
    (profile,) = numbers(profile=profile)
    refuse(_empty(profile), within("discount", discount, 0))
    known = len(profile) - 1
    alive = fit.survival(np.arange(known + 1))
    early = np.sum(profile[:known] * alive[:known] * (1 + discount) ** -np.arange(known, dtype=float))
    if known == 0:
        return float(fit.new_customer_value(discount, profile[0]))
    later = alive[known - 1] * fit.residual_value(known, discount, profile[-1]) * (1 + discount) ** -float(known)
    return float(early + later)


@dataclass(frozen=True)
class TenureAtStake:
    """How much of a customer's value rests on margin that changes with tenure.

    `direction` of the profile: `"rising"`, `"falling"`, `"flat"` or `"mixed"`; `share` is None
    where the value itself is not positive.
    """

    value: float
    if_flat: float
    share: float | None
    direction: str


def tenure_at_stake(profile: Any, retention: float, discount: float, **how: Any) -> TenureAtStake:
    """The value with the given profile beside the value if the first margin held for ever.

    Longer is more profitable in many contractual cases and not in others; it is an input here,
    never a law. Source of the caution: Reinartz & Kumar (2000), On the profitability of long-life
    customers in a noncontractual setting.

    >>> tenure_at_stake([60, 90, 120], 0.8, 0.1).direction
    'rising'
    """
    value = value_by_profile(profile, retention, discount, **how)
    flat = value_by_profile(np.atleast_1d(profile)[:1], retention, discount, **how)
    return TenureAtStake(value, flat, (value - flat) / value if value > 0 else None, _direction(profile))


def _direction(profile: Any) -> str:
    """Whether a profile rises, falls, does neither or both."""
    steps = np.diff(np.asarray(profile, float))
    up, down = (steps > 0).any(), (steps < 0).any()
    return "mixed" if up and down else "rising" if up else "falling" if down else "flat"


def _empty(profile: np.ndarray) -> Refusal | None:
    """A refusal of a profile without entries."""
    return None if profile.ndim == 1 and profile.size else Refusal("profile_empty", field="profile")
