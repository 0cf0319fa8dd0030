"""The ladder: the outcome step by step along one driver's answers, and what a second condition adds on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.intervals import newcombe
from toolkit.drivers.sample import Sample, read_sample, read_vector
from toolkit.drivers.shares import rate
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Points, Ratio, Share


@dataclass(frozen=True)
class Rung:
    """Respondents who gave one of `answers`: how many, and the share of them with the outcome.

    The interval is that of `shares.rate`; None with fewer than six companies.
    """

    answers: tuple[float, ...]
    n: Count
    share: Share
    low: Share | None
    high: Share | None
    design_effect: Ratio


@dataclass(frozen=True)
class Booster:
    """The highest rung with and without a second condition, and the difference with interval."""

    condition: Rung
    without: Rung
    uplift: Points
    low: Points | None
    high: Points | None


@dataclass(frozen=True)
class Ladder:
    """The rungs from the lowest answers to the highest, and the booster where one was asked for."""

    rungs: tuple[Rung, ...]
    booster: Booster | None
    n: Count


def ladder(
    driver: Any,
    outcome: Any,
    *,
    rungs: Sequence[Sequence[float]] | None = None,
    booster: Any = None,
    weights: Any = None,
    clusters: Any = None,
    confidence: float = 0.95,
) -> Ladder:
    """Share with the outcome at each rung of a driver's answers, as in article A5's 86/57/26.

    `driver` (n,) holds answers, `outcome` (n,) is true or false, `booster` (n,) too.
    `rungs` gathers answers (each answer its own rung where it is not given). Intervals
    carry weights and companies. Refuses an answer
    that is in no rung, and a booster that all or none on the highest rung have.
    """
    sample = _read(driver, outcome, booster, weights, clusters)
    given = np.unique(sample.answers[:, 0]).tolist()
    steps = [tuple(step) for step in rungs] if rungs else [(answer,) for answer in given]
    strange = sorted(set(given) - {answer for step in steps for answer in step})
    if strange:
        raise Refused([Refusal("answer_in_no_rung", field="rungs", given=strange[0])])
    inside = [np.isin(sample.answers[:, 0], step) for step in steps]
    found = tuple(_rung(sample, rows, step, confidence) for rows, step in zip(inside, steps, strict=True) if rows.any())
    return Ladder(found, None if booster is None else _booster(sample, inside[-1], steps[-1], confidence), sample.n)


def _read(driver: Any, outcome: Any, booster: Any, weights: Any, clusters: Any) -> Sample:
    """A sample whose columns are the driver and, where it is asked for, the booster."""
    problems: list[Refusal] = []
    columns = [read_vector(driver, "driver", np.size(driver), problems)]
    if booster is not None:
        columns.append(read_vector(booster, "booster", len(columns[0]), problems))
    if problems:
        raise Refused(problems)
    return read_sample(np.column_stack(columns), outcome, weights=weights, clusters=clusters)


def _rung(sample: Sample, rows: np.ndarray, answers: tuple[float, ...], confidence: float) -> Rung:
    found = rate((sample.outcome > 0).astype(float), rows, sample.weights, sample.clusters, confidence)
    return Rung(answers, found.n, found.share, found.low, found.high, found.design_effect)


def _booster(sample: Sample, top: np.ndarray, answers: tuple[float, ...], confidence: float) -> Booster:
    meets = sample.answers[:, 1] > 0
    if not (top & meets).any() or not (top & ~meets).any():
        raise Refused([Refusal("booster_without_contrast", field="booster", given=int((top & meets).sum()))])
    with_it, without = (_rung(sample, top & rows, answers, confidence) for rows in (meets, ~meets))
    low = high = None
    if with_it.low is not None and without.low is not None:
        low, high = newcombe((with_it.share, with_it.low, with_it.high), (without.share, without.low, without.high))
    return Booster(with_it, without, with_it.share - without.share, low, high)


def share_of_the_rest(whole: Share, boosted: Share, part: Share) -> Share:
    """What a published ladder implies for those of the top group without the second condition.

    `whole` is the rate of the top group, `boosted` that of the `part` of it which meets
    the condition: (whole - part × boosted) / (1 - part). Below 0 or above 1 the
    published figures contradict each other.

    >>> round(share_of_the_rest(0.86, 0.94, 0.6), 2), round(share_of_the_rest(0.73, 0.87, 0.839), 2)
    (0.74, 0.0)
    """
    return (whole - part * boosted) / (1 - part)


def largest_part(whole: Share, boosted: Share) -> Share:
    """The largest part of the top group that can meet the condition.

    >>> round(largest_part(0.73, 0.87), 3)
    0.839
    """
    return min(1.0, whole / boosted)
