"""The noise driver: how large a share mere chance gets, as a bar to hold the drivers against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.importance import association_of, decompose_many, shares_of_whole
from toolkit.drivers.methods import DECOMPOSITIONS, renumbered
from toolkit.drivers.methods.association import association, covariance, standardised
from toolkit.drivers.precision import intraclass
from toolkit.drivers.sample import Sample, read_players, read_sample
from toolkit.drivers.streams import stream
from toolkit.units import Count, Share


@dataclass(frozen=True)
class NoiseBar:
    """What a driver of pure chance gets among these drivers: on average, and in 95 of 100 draws at most.

    `below` names the drivers whose share does not rise above the latter.
    """

    r2: Share
    share: Share
    share_high: Share
    below: tuple[Any, ...]
    draws: Count


def noise_bar(
    answers: Any,
    outcome: Any,
    *,
    method: str = "shapley",
    weights: Any = None,
    clusters: Any = None,
    groups: Mapping[Any, Sequence[Any]] | None = None,
    always: Sequence[Any] | None = None,
    draws: int = 200,
    seed: int = 0,
) -> NoiseBar:
    """Add a random driver to the others, many times over, and see what share it gets.

    With clusters the random driver is as alike within companies as the real drivers
    are on average, since that is what chance looks like there.
    """
    sample = read_sample(answers, outcome, weights=weights, clusters=clusters)
    names, players, forced = read_players(sample.drivers, groups, always)
    enlarged = association(_with_noise(sample, draws, stream(seed, "noise")), forced)
    players = renumbered(players, forced)
    noise = [enlarged.shape[-1] - 2]
    typical = enlarged.mean(axis=0)
    centre = DECOMPOSITIONS[method](typical, [*players, noise])
    values = np.maximum(decompose_many(method, typical, centre, enlarged, [*players, noise]), 0)
    shares = shares_of_whole(values)[:, -1]
    high = float(np.quantile(shares, 0.95))
    own = shares_of_whole(np.maximum(DECOMPOSITIONS[method](association_of(sample, forced), players), 0))
    below = tuple(name for name, share in zip(names, own, strict=True) if share <= high)
    return NoiseBar(float(values[:, -1].mean()), float(shares.mean()), high, below, draws)


def _with_noise(sample: Sample, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Covariances (draws, k+2, k+2) of the drivers, one random driver, and the outcome."""
    shares = sample.weights / sample.weights.sum()
    columns = standardised(np.column_stack([sample.answers, sample.outcome]), shares)
    matrix = covariance(sample.answers, sample.outcome, sample.weights)
    k = len(sample.drivers)
    old = [*range(k), k + 1]
    enlarged = np.zeros((draws, k + 2, k + 2))
    enlarged[:, k, k] = 1.0
    for i in range(draws):
        enlarged[i, k, old] = enlarged[i, old, k] = (columns * shares[:, None]).T @ _noise(sample, shares, rng)
        enlarged[i][np.ix_(old, old)] = matrix
    return enlarged


def _noise(sample: Sample, shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    values = rng.standard_normal(sample.n)
    if sample.clusters is not None:
        alike = np.mean([intraclass(column, sample.clusters) for column in sample.answers.T])
        common = rng.standard_normal(sample.clusters.max() + 1)[sample.clusters]
        values = np.sqrt(1 - alike) * values + np.sqrt(alike) * common
    return standardised(values[:, None], shares)[:, 0]
