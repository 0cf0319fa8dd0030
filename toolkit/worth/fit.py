"""Fitting the retention curve: to the survivors of cohorts, or to two lines of an annual report."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.units import COUNT
from toolkit.worth.checks import first, numbers, refuse, within
from toolkit.worth.likelihood import fitted, normal_score, parameters, to_place
from toolkit.worth.retention import RetentionFit

FEWEST_LOST = 10


def fit_retention(at_start: Any, survivors: Any) -> RetentionFit:
    """The retention curve of one cohort, or of several, from how many were still there.

    One cohort: how many started, and how many were still there after 1, 2, … periods. Several:
    a list of starts and a list of such lists, of any lengths. At least one cohort must have been
    followed for two periods. Raises `Refused` for a missing period, survivors that rise, and
    data in which nobody left, nobody stayed, or nobody left after the first period.

    >>> fit = fit_retention(1000, [869, 743, 653, 593, 551, 517, 491])
    >>> round(fit.a, 3), round(fit.b, 3), round(1000 * fit.survival(12))
    (0.668, 3.806, 378)

    Source: Fader & Hardie (2007), with the likelihood written by renewal: of those present
    at renewal t, a binomial number stays with chance r_t.
    """
    cohorts = _cohorts(at_start, survivors)
    longest = max(len(cohort) for cohort in cohorts) - 1
    refuse(_too_short("survivors", longest + 1))
    present, lost = np.zeros(longest), np.zeros(longest)
    for cohort in cohorts:
        present[: len(cohort) - 1] += cohort[:-1]
        lost[: len(cohort) - 1] += -np.diff(cohort)
    refuse(_degenerate(lost, present - lost))
    score = _renewals(present, lost)
    level = np.log(lost.sum() / (present - lost).sum())
    return fitted(score, level, sum(cohort[0] for cohort in cohorts), longest, "cohorts")


def _cohorts(at_start: Any, survivors: Any) -> list[np.ndarray]:
    """Every cohort as one row: start, then survivors; what cannot be is refused."""
    if at_start is None or np.ndim(at_start) == 0:
        at_start, survivors = [at_start], [survivors]
    refuse(_no_list("survivors", survivors))
    if len(at_start) != len(survivors) or len(at_start) == 0:
        values = {"other": (len(at_start), COUNT)}
        refuse(Refusal("series_of_unequal_length", field="survivors", given=len(survivors), values=values))
    cohorts = []
    for start, left in zip(at_start, survivors, strict=True):
        cohort = np.append(_series("at_start", [start]), _series("survivors", left))
        rising = np.diff(cohort) > 0
        given = _shown(first(cohort[1:], rising)) if rising.any() else ""
        refuse(Refusal("survivors_rise", field="survivors", given=given) if rising.any() else None)
        cohorts.append(cohort)
    return cohorts


def _renewals(present: np.ndarray, lost: np.ndarray) -> Any:
    """Log-likelihood, gradient and information of binomial losses at renewal 1, 2, …"""
    t = np.arange(len(present))

    def score(place: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        a, b = parameters(place)
        size = a + b + t
        leaving, staying = a / size, (b + t) / size
        slope = to_place(a, b, staying / size, -leaving / size)
        weight = present / (leaving * staying)
        likelihood = np.sum(lost * np.log(leaving) + (present - lost) * np.log(staying))
        gradient = slope @ ((lost - present * leaving) / (leaving * staying))
        return likelihood, gradient, (slope * weight) @ slope.T

    return score


def fit_retention_from_totals(new: Any, total: Any, *, earlier_new: Any = None) -> RetentionFit:
    """The retention curve from two lines of an annual report: customers won and customers in all.

    `new`: won in each period and still there at its end; `total`: customers at the end of each
    period. The series must reach back to the first customer (then the first total equals the
    first new), or `earlier_new` gives the intake of the periods before, oldest first. Also takes
    mappings or Series by year. Raises `Refused` for fewer than three periods, a missing period,
    totals below the new customers or above what they can be, fewer than ten customers lost (the
    normal approximation then says nothing), and losses among first-year customers only.

    >>> fit = fit_retention_from_totals([10_000] * 5, [10_000, 18_000, 24_480, 29_787, 34_178])
    >>> abs(fit.a - 3.80) < 0.02, abs(fit.b - 15.19) < 0.02
    (True, True)

    How: a cohort of N customers divides over the periods in which they leave as a multinomial
    with chances P(1), P(2), … of the model. The losses of period t, total(t−1) + new(t) − total(t),
    are the sum over cohorts j of the losses at age t−j. Cohorts being independent, their mean is
    Σ_j N_j P(t−j), their variance Σ_j N_j P(t−j)(1 − P(t−j)), and the covariance of periods s ≠ t
    is −Σ_j N_j P(s−j) P(t−j). The normal likelihood with this mean and covariance, both moving
    with a and b, is maximised. With `earlier_new` the first observation is everything lost up
    to the end of the first period, whose chance is 1 − S(age).

    Source: Fader & Hardie, note 017, case 2; normal approximation to a sum of multinomials.
    """
    earlier = np.array([]) if earlier_new is None else _series("earlier_new", earlier_new)
    new, total = _totals(new, total, earlier.sum())
    intake = np.append(earlier, new)
    lost = np.append(earlier.sum() + new[0], total[:-1] + new[1:]) - total
    age = np.arange(len(new)) - (np.arange(len(intake)) - len(earlier))[:, None]
    age = np.maximum(age, 0)
    at_risk = intake @ (age > 0) > 0
    lost, kept = lost[at_risk], (total - new)[at_risk]
    refuse(_too_short("total", min(len(lost) + 1, len(new))))
    refuse(_degenerate(lost, kept))
    if lost.sum() < FEWEST_LOST:
        values = {"least": (FEWEST_LOST, COUNT)}
        refuse(Refusal("too_few_lost", field="total", given=_shown(lost.sum()), values=values))
    score = _losses(intake, age, lost, at_risk)
    return fitted(score, np.log(lost.sum() / kept.sum()), intake.sum(), len(new), "totals")


def _totals(new: Any, total: Any, before: float | None) -> tuple[np.ndarray, np.ndarray]:
    """The checked series; what cannot be is refused. `before` customers came earlier, None: unknown."""
    new, total = _series("new", new), _series("total", total)
    if len(new) != len(total):
        refuse(
            Refusal("series_of_unequal_length", field="total", given=len(total), values={"other": (len(new), COUNT)})
        )
    most = np.append(np.inf if before is None else before, total[:-1])[: len(new)] + new
    below, above = total < new, total > most
    problems = []
    if below.any():
        at = int(np.argmax(below))
        values = {"period": (at + 1, COUNT), "new": (new[at], COUNT)}
        problems.append(Refusal("total_below_new", field="total", given=_shown(total[at]), values=values))
    if above.any():
        at = int(np.argmax(above))
        name = "series_starts_late" if at == 0 and not before else "total_above_possible"
        values = {"period": (at + 1, COUNT), "most": (most[at], COUNT)}
        problems.append(Refusal(name, field="total", given=_shown(total[at]), values=values))
    refuse(*problems)
    return new, total


def _losses(intake: np.ndarray, age: np.ndarray, lost: np.ndarray, at_risk: np.ndarray) -> Any:
    """Normal log-likelihood of the losses, with the gradient and the expected information."""
    tenure = np.arange(age.max())

    def leaving(curve: np.ndarray) -> np.ndarray:
        """From a curve by age, what falls off it per cohort (rows) and period (columns)."""
        there = curve[age]
        return np.hstack([curve[0] - there[:, :1], there[:, :-1] - there[:, 1:]])[:, at_risk]

    def score(place: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        a, b = parameters(place)
        size = a + b + tenure
        alive = np.append(1.0, np.cumprod((b + tenure) / size))
        steepness = np.cumsum(to_place(a, b, -1 / size, a / (size * (b + tenure))), axis=1) * alive[1:]
        slopes = np.stack([leaving(np.append(0.0, row)) for row in steepness])
        return normal_score(intake, leaving(alive), slopes, lost)

    return score


def pooled_renewals(new: Any, total: Any) -> tuple[float, float]:
    """How many renewed and how many were due, over all periods after the first.

    For a series that starts too late to tell more: together they give one constant retention,
    with the interval of any share that was counted.

    >>> pooled_renewals([60, 60, 60], [250, 260, 268])
    (408.0, 510.0)
    """
    new, total = _totals(new, total, None)
    refuse(_too_short("total", len(total), least=2))
    refuse(Refusal("nobody_at_start", field="total", given=0) if total[:-1].sum() == 0 else None)
    return float((total - new)[1:].sum()), float(total[:-1].sum())


def _series(name: str, values: Any) -> np.ndarray:
    """A series of counts; a mapping or pandas Series by year must not skip one."""
    refuse(_no_list(name, values))
    keys = list(values.keys()) if isinstance(values, Mapping) or hasattr(values, "keys") else None
    if keys is not None:
        values = [values[key] for key in keys]
        if all(isinstance(key, int | np.integer) for key in keys):
            gap = next((int(a) + 1 for a, b in pairwise(keys) if b != a + 1), None)
            refuse(Refusal("period_missing", field=name, given=gap) if gap is not None else None)
    missing = [i for i, value in enumerate(values) if value is None or value != value]
    refuse(Refusal("period_missing", field=name, given=missing[0] + 1) if missing else None)
    (series,) = numbers(**{name: list(values)})
    refuse(within(name, series, 0))
    return series


def _no_list(name: str, values: Any) -> Refusal | None:
    """A refusal of what has no items to count."""
    listed = hasattr(values, "__len__") and not isinstance(values, str)
    return None if listed else Refusal("not_a_list", field=name, given=values)


def _shown(count: float) -> int | float:
    """A count as it stood in the file, without a point where it is whole."""
    return int(count) if count == int(count) else float(count)


def _too_short(name: str, periods: int, least: int = 3) -> Refusal | None:
    """Two parameters need two losses: three counts in a row."""
    short = Refusal("series_too_short", field=name, given=periods, values={"least": (least, COUNT)})
    return short if periods < least else None


def _degenerate(lost: np.ndarray, kept: np.ndarray) -> Refusal | None:
    """Data in which nobody left, or nobody stayed."""
    if lost.sum() == 0:
        return Refusal("nobody_lost", given=0)
    return Refusal("nobody_kept", given=0) if kept.sum() == 0 else None
