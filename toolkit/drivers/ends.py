"""Both ends: what makes ambassadors is not always what makes critics.

Two logits on the same respondents and the same standardised drivers: being in the
top box, and *not* being in the bottom box. If the outcome were one ordered scale all
along, each driver's slope would be the same in both (proportional odds; Brant 1990,
*Biometrics* 46); the difference says at which end a driver does its work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.logit import fit_logits
from toolkit.drivers.methods.association import standardised
from toolkit.drivers.replicates import MANY, Replicates, groups_of, portions_of
from toolkit.drivers.sample import Sample, read_sample, read_vector
from toolkit.drivers.several import holm
from toolkit.drivers.streams import stream
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Ratio, Share

FEWEST_PER_DRIVER = 5
"""Answers at the thinner end, per driver, below which logit slopes are not to be trusted.

Vittinghoff & McCulloch (2007), *American Journal of Epidemiology* 165."""

GROUPS = 100
"""Portions of very many respondents (`MANY`) that are left out one at a time instead of resampling."""


@dataclass(frozen=True)
class EndSlopes:
    """A driver's standardised logit slopes at the two ends, and their difference with interval.

    Positive slopes are good at both ends: `top` towards the top box, `bottom` away from
    the bottom box. `difference` = top - bottom; `p` is corrected by Holm over the
    drivers. Interval and p are None with too few companies.
    """

    driver: Any
    top: Ratio
    bottom: Ratio
    difference: Ratio
    low: Ratio | None
    high: Ratio | None
    p: Share | None


@dataclass(frozen=True)
class BothEnds:
    """The slopes of all drivers; `resamples` is how many replicates could be fitted at both ends."""

    rows: tuple[EndSlopes, ...]
    n: Count
    at_top: Count
    at_bottom: Count
    resamples: Count


def both_ends(
    answers: Any,
    top: Any,
    bottom: Any,
    *,
    weights: Any = None,
    clusters: Any = None,
    minimum: int | None = None,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> BothEnds:
    """Compare, driver by driver, the slope towards the top box with the slope away from the bottom box.

    `top` and `bottom` (n,) are true for respondents in those boxes, none in both.
    Refuses when either end, or what is left outside it, holds fewer answers than
    `minimum` (five per driver). Intervals: percentile bootstrap, or the
    delete-one-company jackknife (none where an end disappears with one company). Very
    many independent respondents leave in a hundred random portions, as companies do
    (Kott 2001, *Journal of Official Statistics* 17).
    """
    sample = read_sample(answers, _signed(top, bottom, len(answers)), weights=weights, clusters=clusters)
    at_top, at_bottom = int((sample.outcome > 0).sum()), int((sample.outcome < 0).sum())
    _refuse_thin(sample, at_top, at_bottom, minimum)
    replicated = _slopes(sample, resamples, seed)
    k = len(sample.drivers)
    differences = replicated.of(lambda slopes: slopes[..., :k] - slopes[..., k:])
    low = high = p = [None] * k
    if differences.speaks:
        low, high = (bound.tolist() for bound in differences.interval(confidence))
        p = holm(differences.p_values()).tolist()
    slopes = replicated.estimate
    columns = (slopes[:k].tolist(), slopes[k:].tolist(), differences.estimate.tolist(), low, high, p)
    rows = tuple(EndSlopes(*row) for row in zip(sample.drivers, *columns, strict=True))
    return BothEnds(rows, sample.n, at_top, at_bottom, len(replicated.values))


def _signed(top: Any, bottom: Any, n: int) -> np.ndarray:
    """1 in the top box, -1 in the bottom box, 0 between, nan where either is missing."""
    problems: list[Refusal] = []
    high, low = read_vector(top, "top", n, problems), read_vector(bottom, "bottom", n, problems)
    if not problems and ((high > 0) & (low > 0)).any():
        problems.append(Refusal("ends_overlap", field="bottom", given=int(((high > 0) & (low > 0)).sum())))
    if problems:
        raise Refused(problems)
    return np.where(np.isnan(high + low), np.nan, (high > 0) * 1.0 - (low > 0))


def _slopes(sample: Sample, resamples: int, seed: int) -> Replicates:
    """Slopes (2k,) at the top and away from the bottom, with replicates that could be fitted."""
    scaled = standardised(sample.answers, sample.weights / sample.weights.sum())
    counts = _replicated_weights(sample, resamples, seed)
    ends = [sample.outcome > 0, sample.outcome >= 0]
    everything = np.ones((1, scaled.shape[1]), bool)
    filled = np.all([(counts @ end > 0) & (counts @ ~end > 0) for end in ends], axis=0)
    complete, counts = len(counts), counts[filled]
    whole = [fit_logits(scaled, end, weights=sample.weights, include=everything) for end in ends]
    if any(fit.separated.any() for fit in whole):
        raise Refused([Refusal("end_separated", field="outcome", given=sample.n)])
    estimate = np.concatenate([fit.coefficients[0] for fit in whole])
    values = np.empty((0, len(estimate)))
    if len(counts):
        fits = [fit_logits(scaled, end, weights=counts, include=everything) for end in ends]
        usable = ~np.any([fit.separated for fit in fits], axis=0)
        values = np.concatenate([fit.coefficients for fit in fits], axis=1)[usable]
    left_out = sample.clusters is not None or sample.n > MANY
    if left_out and len(values) < complete:
        values = values[:0]
    clusters = complete if left_out else None
    return Replicates(estimate, values, clusters, np.sqrt(sample.n / max(1, sample.n - scaled.shape[1] - 1)))


def _replicated_weights(sample: Sample, resamples: int, seed: int) -> np.ndarray:
    """Weights (r, n) of the respondents in each resample, or without each company or portion."""
    if sample.clusters is None:
        rng = stream(seed, "bootstrap")
        if sample.n <= MANY:
            return rng.multinomial(sample.n, np.full(sample.n, 1 / sample.n), size=resamples) * sample.weights
        groups = portions_of(sample.n, GROUPS, rng)
    else:
        groups = groups_of(sample.clusters, seed)
    return (groups[None, :] != np.unique(groups)[:, None]) * sample.weights


def _refuse_thin(sample: Sample, at_top: int, at_bottom: int, minimum: int | None) -> None:
    wanted = FEWEST_PER_DRIVER * len(sample.drivers) if minimum is None else minimum
    thinnest = {"top": at_top, "bottom": at_bottom, "not top": sample.n - at_top, "not bottom": sample.n - at_bottom}
    problems = [
        Refusal("end_too_thin", field=end, given=count, values={"minimum": wanted, "drivers": len(sample.drivers)})
        for end, count in thinnest.items()
        if count < max(wanted, 1)
    ]
    if problems:
        raise Refused(problems)
