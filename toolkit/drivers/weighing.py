"""Weighing: the drivers of the leading outcome with their places, and each end of each outcome by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from toolkit.drivers.importance import NAMED, Importance, Importances, importances
from toolkit.drivers.methods import METHODS
from toolkit.drivers.noise import NoiseBar, noise_bar
from toolkit.drivers.priorities import PriorityMap, priorities
from toolkit.drivers.privacy import FEWEST
from toolkit.drivers.ranks import leave_one_out
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Driver, Side
from toolkit.finding import Refused
from toolkit.units import Count, Estimate, Share

FEWEST_AT_END = 20
"""Customers at an end of an outcome below which that end is not analysed by itself."""
RULES = "mean"


def weighed(
    reading: Reading, minimum: Count | None, confidence: Share, seed: int
) -> tuple[Importances, NoiseBar, PriorityMap]:
    """The importances for the leading outcome, what chance alone would get, and the priority map."""
    of = {"weights": reading.weights, "clusters": reading.clusters}
    found = importances(
        reading.items, reading.outcome, minimum=minimum, confidence=confidence, seed=seed, **of
    )
    noise = noise_bar(reading.items, reading.outcome, seed=seed, **of)
    scaled = reading.items.assign(**{name: _of_scale(reading, name) for name in reading.items})
    places = priorities(scaled, reading.outcome, rule=RULES, seed=seed, **of)
    return found, noise, places


def _of_scale(reading: Reading, name: str) -> np.ndarray:
    """Answers (n,) from 0 at the worst to 1 at the best of their scale, so that items can be compared."""
    boxes = reading.boxes[name]
    return (reading.items[name].to_numpy(float) - boxes.low) / (boxes.high - boxes.low)


def drivers(
    reading: Reading, found: Importances, noise: NoiseBar, places: PriorityMap, stated: Mapping[str, float]
) -> tuple[Driver, ...]:
    """One row per driver, the most important first."""
    plain = unweighted(reading)
    left = {row.driver: row for row in leave_one_out(found)}
    rows = [
        Driver(
            row.driver,
            reading.label(row.driver),
            as_estimate(row, found),
            row.r2,
            row.probability_top,
            row.rank_low,
            row.rank_high,
            place.satisfaction,
            place.satisfaction * (reading.boxes[row.driver].high - reading.boxes[row.driver].low) + reading.boxes[row.driver].low,
            stated.get(row.driver),
            place.quadrant,
            place.probability,
            place.certain,
            row.driver in noise.below,
            plain.get(row.driver),
            *((left[row.driver].rank_best, left[row.driver].rank_worst) if row.driver in left else (None, None)),
        )
        for row, place in zip(found, places.places, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: -value_of(row.share)))


def unweighted(reading: Reading) -> dict[Any, Share]:
    """The shares with all respondents counting alike; empty where no weights are given, or nothing is explained."""
    if reading.weights is None:
        return {}
    complete = ~(reading.items.isna().any(axis=1).to_numpy() | np.isnan(reading.outcome))
    values = np.maximum(METHODS["shapley"](reading.items[complete], reading.outcome[complete]), 0)
    whole = values.sum()
    return dict(zip(reading.items, (values / whole).tolist(), strict=True)) if whole > 0 else {}


def as_estimate(row: Importance, found: Importances) -> Estimate | float:
    """A driver's share with its interval; without one where there are too few companies."""
    if row.low is None:
        return row.share
    return Estimate(row.share, row.low, row.high, found.n, found.confidence)


def value_of(share: Any) -> float:
    """The figure itself, of an estimate or of a plain number."""
    return share.value if isinstance(share, Estimate) else share


def sides(reading: Reading, minimum: Count | None, confidence: Share, seed: int) -> tuple[Side, ...]:
    """Each end of each outcome analysed by itself: everyone there against everyone who is not.

    Ends with fewer than twenty customers, or that nothing explains, are left out.
    """
    return tuple(side for name in reading.outcomes for side in _sides_of(name, reading, minimum, confidence, seed))


def _sides_of(
    outcome: str, reading: Reading, minimum: Count | None, confidence: Share, seed: int
) -> Iterator[Side]:
    of = {"weights": reading.weights, "clusters": reading.clusters}
    for end, has in (("top", reading.top(outcome)), ("bottom", reading.bottom(outcome))):
        at_end, rest = int(np.nansum(has)), int(np.nansum(1 - has))
        if at_end < FEWEST_AT_END or rest < FEWEST:
            continue
        try:
            found = importances(reading.items, has, minimum=minimum, confidence=confidence, seed=seed, **of)
        except Refused:  # nothing explains it, or too few answered everything
            continue
        yield _side(outcome, end, at_end, reading, found)


def _side(outcome: str, end: str, customers: Count, reading: Reading, found: Importances) -> Side:
    ranked = sorted(found, key=lambda row: -row.share)
    first, second = ranked[0], ranked[min(1, len(ranked) - 1)]
    return Side(
        outcome,
        reading.label(outcome),
        end,
        customers,
        found.n,
        first.driver,
        reading.label(first.driver),
        as_estimate(first, found),
        first.probability_top,
        reading.label(second.driver),
        as_estimate(second, found),
        (first.probability_top or 0) >= NAMED,
    )
