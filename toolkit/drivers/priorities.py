"""Priorities: important and not yet good? Where each driver lies on the map, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.importance import association_of, decompose_many, shares_of_whole
from toolkit.drivers.methods import DECOMPOSITIONS
from toolkit.drivers.methods.association import association
from toolkit.drivers.replicates import Replicates, moments
from toolkit.drivers.sample import read_sample
from toolkit.finding import Refusal, Refused
from toolkit.units import Ratio, Share

RULES = {"mean": np.mean, "median": np.median}
"""Where the crosshair lies: at the mean or the median of the drivers' importances and satisfactions."""
CERTAIN = 0.80
QUADRANTS = ("improve", "keep", "watch", "leave")
"""Important and below the crosshair of satisfaction; important and above; unimportant and below; and above."""


@dataclass(frozen=True)
class Place:
    """A driver on the map: share of importance, mean answer, quadrant, and the probability that it lies there.

    `certain` is false under .80 and None, like the probability, with fewer than six companies.
    """

    driver: Any
    importance: Share
    satisfaction: Ratio
    quadrant: str
    probability: Share | None
    certain: bool | None


@dataclass(frozen=True)
class PriorityMap:
    """The drivers' places and the crosshair (importance, satisfaction) with its rule."""

    places: tuple[Place, ...]
    crosshair: tuple[Share, Ratio]
    rule: str


def priorities(
    answers: Any,
    outcome: Any,
    *,
    rule: str = "mean",
    method: str = "shapley",
    weights: Any = None,
    clusters: Any = None,
    resamples: int = 1000,
    seed: int = 0,
) -> PriorityMap:
    """Derived importance against satisfaction; the crosshair moves along in every resample.

    Answers to the drivers must be on one scale, for their means are compared.
    """
    if rule not in RULES:
        raise Refused([Refusal("unknown_rule", field="rule", given=rule, values={"known": tuple(RULES)})])
    sample = read_sample(answers, outcome, weights=weights, clusters=clusters)
    players = [[i] for i in range(len(sample.drivers))]
    heavy = sample.weights / sample.weights.sum()
    centre = heavy @ sample.answers
    spread = np.sqrt(heavy @ (sample.answers - centre) ** 2)
    matrix = association_of(sample)
    values = np.maximum(DECOMPOSITIONS[method](matrix, players), 0)
    means, batch = moments(sample, resamples, seed)
    found = np.maximum(decompose_many(method, matrix, values, association(batch), players), 0)
    alive = found.sum(axis=1) > 0
    together = np.concatenate([shares_of_whole(found[alive]), centre + spread * means[alive, :-1]], axis=1)
    whole = np.concatenate([shares_of_whole(values), centre])
    replicated = Replicates(whole, together, None if sample.clusters is None else max(1, len(batch)))
    own = _quadrants(whole, rule)
    chance = [None] * len(players)
    if replicated.speaks:
        chance = (_quadrants(replicated.draws(10_000, seed), rule) == own).mean(axis=0).tolist()
    columns = (*np.split(whole, 2), own, chance)
    places = tuple(
        Place(name, float(x), float(y), QUADRANTS[q], p, None if p is None else p >= CERTAIN)
        for name, x, y, q, p in zip(sample.drivers, *columns, strict=True)
    )
    return PriorityMap(places, tuple(float(RULES[rule](part)) for part in np.split(whole, 2)), rule)


def _quadrants(positions: np.ndarray, rule: str) -> np.ndarray:
    """Number of the quadrant (..., k) of drivers at importances and satisfactions (..., 2k)."""
    importance, satisfaction = np.split(positions, 2, axis=-1)
    middle = RULES[rule]
    important = importance >= middle(importance, axis=-1, keepdims=True)
    good = satisfaction >= middle(satisfaction, axis=-1, keepdims=True)
    return np.where(important, 0, 2) + good
