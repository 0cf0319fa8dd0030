"""Retention that rises with tenure: the shifted-beta-geometric model.

Every customer has an own, constant chance of leaving each period; those chances
differ between customers as a beta distribution with parameters a and b. Who leaves
easily leaves early, so the retention of a cohort rises although nobody changes.

Source: Fader & Hardie (2007), How to project customer retention; residual value:
Fader & Hardie (2010), Customer-base valuation in a contractual setting.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import expit, hyp2f1, ndtr, ndtri

from toolkit.finding import Refusal
from toolkit.units import Estimate
from toolkit.worth.checks import numbers, plain, refuse, whole, within
from toolkit.worth.value import customer_value


def retention_rate(a: Any, b: Any, t: Any) -> np.ndarray:
    """The share of those present who renew at renewal t = 1, 2, …: (b+t−1)/(a+b+t−1).

    >>> round(float(retention_rate(0.6681, 3.8061, 1)), 3)
    0.851
    """
    return (b + t - 1) / (a + b + t - 1)


def survival(a: Any, b: Any, periods: int) -> np.ndarray:
    """The share still there after 0, 1, …, `periods` periods; shape (…, periods + 1).

    >>> survival(3.8, 15.2, 2).round(3).tolist()
    [1.0, 0.8, 0.648]
    """
    a, b = np.asarray(a, float)[..., None], np.asarray(b, float)[..., None]
    kept = np.cumprod(retention_rate(a, b, np.arange(1, periods + 1)), axis=-1)
    return np.concatenate([np.ones_like(kept[..., :1] if periods else a), kept], axis=-1)


def residual_value(a: Any, b: Any, renewal: Any, discount: Any, payment: Any = 1.0) -> Any:
    """The expected discounted payments from renewal number `renewal` on, standing just before it.

    `payment` in money per period, `discount` a fraction per period; arrays are broadcast. Without
    discount the sum is finite only for a > 1; else it is refused as `value_unbounded`.

    >>> round(residual_value(0.764, 1.296, 1, 0.1, 100), 2)
    288.22

    Source: Fader & Hardie (2010): r_n · ₂F₁(1, b+n; a+b+n; 1/(1+d)); Gauss's sum at d = 0.
    """
    a, b, renewal, discount, payment = numbers(a=a, b=b, renewal=renewal, discount=discount, payment=payment)
    refuse(whole("renewal", renewal), within("discount", discount, 0))
    if ((discount == 0) & (a <= 1)).any():
        refuse(Refusal("value_unbounded", field="discount", given=0.0))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        endless = np.where(discount == 0, (a + b + renewal - 1) / (a - 1), 1.0)
        discounted = hyp2f1(1, b + renewal, a + b + renewal, np.where(discount == 0, 0.5, 1 / (1 + discount)))
    total = np.where(discount == 0, endless, discounted)
    return plain(payment * retention_rate(a, b, renewal) * total, "residual_value")


@dataclass(frozen=True)
class RetentionFit:
    """A fitted retention curve.

    `customers` were followed for `periods` periods; `source` is `"cohorts"` or `"totals"`.
    `constant` is True where no rise of retention with tenure can be seen; the curve is then flat
    and its interval says what rise cannot be ruled out. `centre` and `covariance` describe the
    likelihood around its top in (1/(1+a+b), logit of a/(a+b)): how much customers differ, and
    how easily they leave on average. Report retention by year, never a and b.
    """

    a: float
    b: float
    log_likelihood: float
    centre: tuple[float, float] = field(repr=False)
    covariance: tuple[tuple[float, float], tuple[float, float]] = field(repr=False)
    customers: int
    periods: int
    source: str
    constant: bool

    def survival(self, t: Any) -> Any:
        """The share of a cohort still there after t = 0, 1, 2, … periods (a number or an array)."""
        (t,) = numbers(t=t)
        refuse(whole("t", t, 0))
        return plain(survival(self.a, self.b, int(t.max(initial=0)))[t.astype(int)])

    def retention(self, t: Any) -> Any:
        """The share of those present who renew at renewal t = 1, 2, … (a number or an array)."""
        (t,) = numbers(t=t)
        refuse(whole("t", t))
        return plain(retention_rate(self.a, self.b, t))

    def residual_value(self, renewal: Any, discount: Any, payment: Any = 1.0) -> Any:
        """Expected discounted payments from renewal number `renewal` = 1, 2, … on, standing just before it."""
        return residual_value(self.a, self.b, renewal, discount, payment)

    def new_customer_value(self, discount: Any, payment: Any = 1.0) -> Any:
        """What a new customer is worth with the first payment at once: the ceiling on what winning may cost."""
        return plain(np.asarray(payment) + self.residual_value(1, discount, payment) / (1 + np.asarray(discount)))

    def base_value(self, customers_by_tenure: Any, discount: float, payment: float = 1.0) -> float:
        """What everyone present is worth just before a renewal; entry n−1 counts those due for renewal n."""
        (count,) = numbers(customers_by_tenure=customers_by_tenure)
        refuse(within("customers_by_tenure", count, 0))
        return float(np.sum(count * self.residual_value(np.arange(1, len(count) + 1), discount, payment)))

    def average_retention(self, customers_by_tenure: Any) -> float:
        """The single rate that a base with these tenures shows in its next renewal."""
        (count,) = numbers(customers_by_tenure=customers_by_tenure)
        return float(np.average(self.retention(np.arange(1, len(count) + 1)), weights=count))

    def constant_says(self, customers_by_tenure: Any, discount: float, payment: float = 1.0) -> float:
        """What the same base would be worth if that single rate held for everyone, for ever."""
        rate = self.average_retention(customers_by_tenure)
        each = customer_value(payment, rate, discount, timing="renewal_due")
        return float(np.sum(customers_by_tenure) * each)

    def draws(self, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """`n` likely values of a and of b, drawn from the covariance of the fit; never refitted.

        The polarization 1/(1+a+b) (Sabavala & Morrison 1977) is a normal cut off at 0 and 1, also
        where the top of the likelihood lies on its bound; the level follows it as a normal does.
        """
        random, (middle, level) = np.random.default_rng(seed), self.centre
        (wide, joint), (_, high) = self.covariance
        scale = np.sqrt(wide)
        ends = ndtr((np.array([0.0, 1.0]) - middle) / scale)
        polarization = middle + scale * ndtri(ends[0] + (ends[1] - ends[0]) * random.random(n))
        polarization = np.clip(polarization, 1e-6, 1 - 1e-6)
        level = level + joint / wide * (polarization - middle)
        level = level + np.sqrt(max(high - joint**2 / wide, 0.0)) * random.standard_normal(n)
        size = 1 / polarization - 1
        return size * expit(level), size * expit(-level)

    def retention_by_period(
        self, periods: int, *, confidence: float = 0.95, n: int = 10_000, seed: int = 0
    ) -> tuple[Estimate, ...]:
        """Retention at renewal 1, 2, …, `periods`, each with its interval: what a report shows.

        The interval is widened to its own estimate where that lies on the bound of the model.
        """
        a, b = self.draws(n, seed)
        t = np.arange(1, periods + 1)
        ends = [0.5 - confidence / 2, 0.5 + confidence / 2]
        low, high = np.quantile(retention_rate(a[:, None], b[:, None], t), ends, axis=0)
        best = retention_rate(self.a, self.b, t)
        rows = zip(best.tolist(), np.minimum(low, best).tolist(), np.maximum(high, best).tolist(), strict=True)
        return tuple(Estimate(value, under, over, self.customers, confidence) for value, under, over in rows)
