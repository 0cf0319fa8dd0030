"""Retention from a series of counts: a fitted curve, or one constant rate and why it is no more. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal, Refused
from toolkit.worth.fit import fit_retention, fit_retention_from_totals, pooled_renewals
from toolkit.worth.retention import RetentionFit
from toolkit.worth.section import Cohorts, Report
from toolkit.worth.uncertainty import Counted

UNCLEAR = "unclear"  # a likelihood without a top
NOT_TO_BE_KNOWN = (
    "series_too_short",
    "series_starts_late",
    "nobody_lost",
    "nobody_kept",
    "too_few_lost",
    "lost_only_at_first",
    UNCLEAR,
)


@dataclass(frozen=True)
class Powered:
    """An unsure share over another span: what is kept in a quarter, brought to a year.

    >>> round(Powered(Counted(90, 100), 4).central, 4)
    0.6561
    """

    of: Any
    exponent: float

    @property
    def central(self) -> float:
        """The share at its likeliest or middle value."""
        return self.of.central**self.exponent

    def quantile(self, rank: Any) -> np.ndarray:
        """The share below which a share `rank` of the distribution lies."""
        return self.of.quantile(rank) ** self.exponent


def over_a_year(kept: Any, per_year: int) -> Any:
    """What is kept in a year, from what is kept in each of its periods."""
    if per_year == 1:
        return kept
    return Powered(kept, per_year) if hasattr(kept, "quantile") else kept**per_year


Series = Callable[[Report | None, Cohorts | None, int], dict[str, Any]]


def series_of(report: Report | None, cohorts: Cohorts | None, per_year: int) -> dict[str, Any]:
    """What is known of retention from the annual report or, without one, from the cohorts that were given."""
    return from_report(report) if report is not None else from_cohorts(cohorts, per_year)


def from_report(report: Report) -> dict[str, Any]:
    """The curve behind two lines of an annual report; one constant retention where they cannot tell it."""
    found: dict[str, Any] = {"customers": report.total[-1], "won_per_year": report.new[-1], "series": len(report.years)}
    found |= {"at_start": report.total[-2] if len(report.years) > 1 else None, "retention_from": "report"}
    curve, problem = _fitted(
        lambda: fit_retention_from_totals(report.new, report.total, earlier_new=report.earlier_new)
    )
    if curve is None:
        if problem not in NOT_TO_BE_KNOWN or len(report.years) < 2 or not sum(report.total[:-1]):
            raise Refused([Refusal("series_says_nothing", field="worth.report")])
        renewed, due = pooled_renewals(report.new, report.total)
        return found | {"inputs": {"retention": Counted(renewed, due)}, "behind": int(due), "fit_problem": problem}
    intake = np.array([*(report.earlier_new or ()), *report.new], float)[::-1]
    there = intake * curve.survival(np.arange(len(intake)))
    return found | {"inputs": {}, "behind": curve.customers, "curve": curve, "by_tenure": tuple(there.tolist())}


def from_cohorts(cohorts: Cohorts, per_year: int) -> dict[str, Any]:
    """The curve behind cohorts that were followed; one constant retention where they cannot tell it."""
    starts, left = cohorts.at_start, cohorts.survivors
    longest = max(map(len, left))
    found: dict[str, Any] = {"retention_from": "cohorts", "series": longest + 1, "customers": sum(s[-1] for s in left)}
    curve, problem = _fitted(lambda: fit_retention(starts, left))
    if curve is None:
        due = sum(start + sum(s[:-1]) for start, s in zip(starts, left, strict=True))
        if problem not in NOT_TO_BE_KNOWN or due == 0:
            raise Refused([Refusal("series_says_nothing", field="worth.cohorts")])
        kept = over_a_year(Counted(sum(map(sum, left)), due), per_year)
        return found | {"inputs": {"retention": kept}, "behind": due, "fit_problem": problem}
    by_tenure = np.zeros(longest + 1)
    for start, survivors in zip(starts, left, strict=True):
        if found["customers"]:
            by_tenure[len(survivors)] += survivors[-1]
        else:  # all are gone: everyone who ever came to a renewal
            by_tenure[: len(survivors)] += (start, *survivors[:-1])
    return found | {"inputs": {}, "behind": curve.customers, "curve": curve, "by_tenure": tuple(by_tenure.tolist())}


def _fitted(fit: Callable[[], RetentionFit]) -> tuple[RetentionFit | None, str]:
    """The curve that a series tells, or why it tells none."""
    try:
        curve = fit()
    except Refused as refused:
        return None, refused.refusals[0].name
    except np.linalg.LinAlgError:
        return None, UNCLEAR
    if np.linalg.eigvalsh(np.asarray(curve.covariance)).min() <= 0:
        return None, UNCLEAR
    return curve, ""
