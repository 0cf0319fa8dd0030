"""Ranks: who may be called first, between which places a driver moves, which pairs differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.drivers.several import holm
from toolkit.units import Count, Points, Share

if TYPE_CHECKING:
    from toolkit.drivers.importance import Importances

TIE = 1e-9
"""Shares closer than this are the same share."""


def ranks(values: np.ndarray) -> np.ndarray:
    """Place of each driver (..., m), 1 for the largest; drivers that tie share the better place.

    >>> ranks(np.array([0.2, 0.5, 0.2, 0.1])).tolist()
    [2, 1, 2, 4]
    """
    return 1 + (values[..., None, :] > values[..., :, None] + TIE).sum(axis=-1)


def probabilities_top(draws: np.ndarray) -> np.ndarray:
    """Probability (m,) that each driver is the first, over draws (r, m); ties are divided.

    >>> probabilities_top(np.array([[0.6, 0.4], [0.5, 0.5], [0.7, 0.3], [0.2, 0.8]])).tolist()
    [0.625, 0.375]
    """
    first = draws >= draws.max(axis=1, keepdims=True) - TIE
    return (first / first.sum(axis=1, keepdims=True)).mean(axis=0)


def rank_intervals(draws: np.ndarray, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst place (m,) of each driver, leaving out the rare draws at either end."""
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    best, worst = np.quantile(ranks(draws), tails, axis=0, method="inverted_cdf")
    return best.astype(int), worst.astype(int)


@dataclass(frozen=True)
class PairDifference:
    """How much more one driver's share is than another's, and the Holm-corrected p of no difference."""

    first: Any
    second: Any
    difference: Points
    low: Points
    high: Points
    p: Share


def pairwise(result: Importances) -> tuple[PairDifference, ...]:
    """All pairs of drivers, the larger share first, p-values corrected by Holm; empty without intervals."""
    replicated = result.replicates
    if replicated is None or not replicated.speaks or len(result) < 2:
        return ()
    order = np.argsort(-replicated.estimate, kind="stable")
    i, j = np.triu_indices(len(order), 1)
    first, second = order[i], order[j]
    differences = replicated.of(lambda shares: shares[..., first] - shares[..., second])
    low, high = differences.interval(result.confidence)
    corrected = holm(differences.p_values())
    names = [row.driver for row in result]
    columns = (differences.estimate.tolist(), low.tolist(), high.tolist(), corrected.tolist())
    return tuple(
        PairDifference(names[a], names[b], *numbers)
        for a, b, *numbers in zip(first, second, *columns, strict=True)
    )


@dataclass(frozen=True)
class LeftOut:
    """How far one driver's share and place move when any one company is left out."""

    driver: Any
    share_low: Share
    share_high: Share
    rank_best: Count
    rank_worst: Count
    leads_without: tuple[Any, ...]


def leave_one_out(result: Importances) -> tuple[LeftOut, ...]:
    """Per driver the range over the samples that lack one company, and without which companies it leads.

    Needs clustered answers; empty otherwise, or where companies left in groups.
    """
    replicated = result.replicates
    if replicated is None or replicated.clusters is None or len(replicated.values) != result.companies:
        return ()
    shares, places = replicated.values, ranks(replicated.values)
    return tuple(
        LeftOut(
            row.driver,
            *(float(bound(shares[:, i])) for bound in (np.min, np.max)),
            *(int(bound(places[:, i])) for bound in (np.min, np.max)),
            tuple(result.company_names[g] for g in np.flatnonzero(places[:, i] == 1)),
        )
        for i, row in enumerate(result)
    )
