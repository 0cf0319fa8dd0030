"""Recommendation: promoters less detractors, with an interval that holds at its edges too.

Adjusted Wald (Rocks 2016, *The American Statistician* 70; Lewis & Sauro 2021): three
quarters of an answer is added to promoters and to detractors, three to all answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtr, stdtrit

from toolkit.drivers.precision import effective_n
from toolkit.drivers.replicates import FEWEST_CLUSTERS, Replicates, groups_of
from toolkit.drivers.sample import Sample, read_clusters, read_vector, read_weights
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Points, Ratio, Share

CUTOFFS = (6, 9)
"""Detractors answer up to the first, promoters from the second."""
SCALE = (0, 10)


@dataclass(frozen=True)
class Recommendation:
    """The score, -1 to 1, with its plain standard error and its adjusted interval.

    `promoters`, `passives`, `detractors` are shares (weighted where weights were
    given). `centre`, `error` and `degrees` are those of the interval; `low` and
    `high` are None with fewer than six companies. `missing` answers were left out.
    `zero_unused`: nobody answered the lowest point although the one above it was used.
    """

    score: Points
    standard_error: Points
    low: Points | None
    high: Points | None
    promoters: Share
    passives: Share
    detractors: Share
    n: Ratio
    effective_n: Ratio
    confidence: Share
    centre: Points
    error: Points
    degrees: Ratio | None = None
    companies: Count | None = None
    missing: Count = 0
    cutoffs: tuple[float, float] | None = None
    zero_unused: bool = False


def recommendation(
    promoters: float, passives: float, detractors: float, *, confidence: float = 0.95
) -> Recommendation:
    """Score of three counts: share of promoters less share of detractors.

    Raises `Refused` for counts that are negative or all 0.

    >>> result = recommendation(81, 85, 34)
    >>> round(result.score, 3), round(result.low, 4), round(result.high, 4)
    (0.235, 0.1323, 0.3308)
    """
    counts = {"promoters": promoters, "passives": passives, "detractors": detractors}
    problems = [
        Refusal("not_a_count", field=name, given=str(value))
        for name, value in counts.items()
        if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value) or value < 0
    ]
    if not problems and not sum(counts.values()):
        problems = [Refusal("no_answers", field="promoters", given=0)]
    if problems:
        raise Refused(problems)
    n = sum(counts.values())
    return _adjusted(*(value / n for value in counts.values()), n, n, confidence)


def _adjusted(
    promoters: float, passives: float, detractors: float, n: float, effective: float, confidence: float
) -> Recommendation:
    score = promoters - detractors
    error = np.sqrt(max(0.0, promoters + detractors - score**2) / effective)
    up, down = ((share * effective + 0.75) / (effective + 3) for share in (promoters, detractors))
    centre = up - down
    wide = np.sqrt((up + down - centre**2) / (effective + 3))
    reach = -ndtri((1 - confidence) / 2) * wide
    bounds = (max(-1.0, float(centre - reach)), min(1.0, float(centre + reach)))
    shares = (float(promoters), float(passives), float(detractors))
    return Recommendation(
        float(score), float(error), *bounds, *shares, float(n), float(effective), confidence, float(centre), float(wide)
    )


def recommendation_of(
    answers: Any,
    *,
    weights: Any = None,
    clusters: Any = None,
    cutoffs: tuple[float, float] = CUTOFFS,
    scale: tuple[int, int] | None = None,
    confidence: float = 0.95,
) -> Recommendation:
    """Score of answers (n,) to the recommendation question, 0 to 10.

    Weights enter as weighted shares and Kish's effective n; clusters give the
    delete-one-company jackknife with t(G-1). Missing answers are left out and counted.
    Refuses a question that does not run from 0 to 10, unless other `cutoffs` are given
    with its `scale`; and answers that look as if their scale begins at 1, unless
    `scale=(0, 10)` says that it does not.
    """
    _refuse_scale(cutoffs, scale)
    sample = _read(answers, weights, clusters)
    values = sample.outcome
    lowest, highest = scale or SCALE
    _refuse_values(values, lowest, highest, judge=scale is None)
    promoters, detractors = values >= cutoffs[1], values <= cutoffs[0]
    heavy = sample.weights
    shares = [float(heavy @ group / heavy.sum()) for group in (promoters, ~promoters & ~detractors, detractors)]
    result = _adjusted(*shares, sample.n, effective_n(heavy), confidence)
    unused = not (values == lowest).any() and (values == lowest + 1).any()
    result = replace(result, missing=sample.incomplete, cutoffs=tuple(cutoffs), zero_unused=bool(unused))
    worth = promoters * 1.0 - detractors
    if weights is not None:
        error = np.sqrt(((heavy * (worth - result.score)) ** 2).sum()) / heavy.sum()
        result = replace(result, standard_error=float(error))
    return result if clusters is None else _clustered(result, sample, worth)


def _clustered(result: Recommendation, sample: Sample, worth: np.ndarray) -> Recommendation:
    """The same score with the spread between companies instead of that between respondents."""
    groups = groups_of(sample.clusters, 0)
    mass = np.bincount(groups, sample.weights)
    sums = np.bincount(groups, sample.weights * worth)
    companies = len(sample.companies)
    if len(mass) < FEWEST_CLUSTERS:
        return replace(result, low=None, high=None, companies=companies)
    without = (sums.sum() - sums) / (mass.sum() - mass)
    error = float(Replicates(np.array([result.score]), without[:, None], len(mass)).standard_error()[0])
    result = replace(result, standard_error=error, companies=companies)
    if not error:
        return result
    degrees = len(mass) - 1
    reach = float(stdtrit(degrees, (1 + result.confidence) / 2)) * error
    low, high = max(-1.0, result.score - reach), min(1.0, result.score + reach)
    return replace(result, low=low, high=high, centre=result.score, error=error, degrees=degrees)


def _read(answers: Any, weights: Any, clusters: Any) -> Sample:
    problems: list[Refusal] = []
    column = pd.Series(np.asarray(answers, dtype=object).ravel())
    values = read_vector(column, "answers", len(column), problems)
    heavy = read_weights(weights, len(values), problems)
    codes, companies = read_clusters(clusters, len(values), problems)
    if not problems and not ((heavy > 0) & ~np.isnan(values)).any():
        problems.append(Refusal("no_answers", field="answers", given=len(values)))
    if problems:
        raise Refused(problems)
    sample = Sample(values[:, None], values, heavy, ("answers",), codes, companies)
    missing = int((np.isnan(values) & (heavy > 0)).sum())
    return replace(sample.only((heavy > 0) & ~np.isnan(values)), incomplete=missing)


def _refuse_scale(cutoffs: tuple[float, float], scale: tuple[int, int] | None) -> None:
    problems = []
    if not cutoffs[0] < cutoffs[1]:
        problems.append(Refusal("cutoffs_reversed", field="cutoffs", given=str(tuple(cutoffs))))
    if scale is not None and tuple(scale) != SCALE and tuple(cutoffs) == CUTOFFS:
        problems.append(Refusal("not_a_recommendation_scale", field="scale", given=str(tuple(scale))))
    if problems:
        raise Refused(problems)


def _refuse_values(values: np.ndarray, lowest: float, highest: float, judge: bool) -> None:
    outside = (values < lowest) | (values > highest) | (values != np.round(values))
    if outside.any():
        row, more = int(np.argmax(outside)), {"low": lowest, "high": highest, "count": int(outside.sum())}
        raise Refused([Refusal("outside_scale", field="answers", row=row + 1, given=float(values[row]), values=more)])
    ones = int((values == 1).sum())
    if judge and ones >= 5 and not (values == 0).any():
        raise Refused([Refusal("scale_starts_at_one", field="answers", given=ones, values={"n": len(values)})])


@dataclass(frozen=True)
class Change:
    """The difference of two scores with interval, and the probability of one as large by chance."""

    difference: Points
    low: Points | None
    high: Points | None
    p: Share | None


def recommendation_difference(now: Recommendation, before: Recommendation) -> Change:
    """Compare two independent samples: waves, segments, or own customers and a competitor's.

    The adjusted centres are compared, with the t of the sample of fewest companies
    where companies were resampled. None without an interval in either.
    """
    difference = now.score - before.score
    if now.low is None or before.low is None:
        return Change(difference, None, None, None)
    error = float(np.hypot(now.error, before.error))
    degrees = min(now.degrees or 1e9, before.degrees or 1e9)
    centre = now.centre - before.centre
    reach = float(stdtrit(degrees, (1 + now.confidence) / 2)) * error
    p = float(2 * stdtr(degrees, -abs(centre) / error))
    return Change(difference, max(-2.0, centre - reach), min(2.0, centre + reach), p)
