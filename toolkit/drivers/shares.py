"""A share of respondents with its interval: one method for rungs, leaves, groups and both ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.drivers.intervals import wilson
from toolkit.drivers.precision import design_effect
from toolkit.drivers.replicates import FEWEST_CLUSTERS, Replicates, groups_of
from toolkit.units import Count, Estimate, Ratio, Share


@dataclass(frozen=True)
class Rate:
    """A share of n respondents; `low` and `high` are None where they come from fewer than six companies."""

    share: Share
    low: Share | None
    high: Share | None
    n: Count
    design_effect: Ratio

    def estimate(self, confidence: Share) -> Estimate | float:
        """The share with its interval, or alone where there is none."""
        if self.low is None or self.high is None:
            return self.share
        return Estimate(self.share, self.low, self.high, self.n, confidence)


def rate(
    has: np.ndarray, rows: np.ndarray, weights: np.ndarray, clusters: Any = None, confidence: Share = 0.95
) -> Rate:
    """Share of those with 1 in `has` (n,) among `rows` (n,), by `weights` (n,) and companies `clusters` (n,).

    Independent respondents: Wilson's interval with Kish's effective number. Companies: the
    delete-one-company jackknife with t(G-1) on the log odds; where all or none have it
    companies cannot differ, and Wilson's interval stands.

    >>> found = rate(np.array([1.0, 0.0] * 100), np.ones(200, bool), np.ones(200))
    >>> round(found.low, 3), round(found.high, 3)
    (0.431, 0.569)
    """
    codes = None if clusters is None else pd.factorize(np.asarray(clusters))[0]
    part, heavy = has[rows], weights[rows]
    inside = None if codes is None else codes[rows]
    share, n = float(heavy @ part / heavy.sum()), int(rows.sum())
    effect = max(1.0, design_effect(part, weights=heavy, clusters=inside))
    if inside is not None and len(np.unique(inside)) < FEWEST_CLUSTERS:
        return Rate(share, None, None, n, effect)
    if codes is None or not 0 < share < 1:
        low, high = wilson(share * n / effect, n / effect, confidence)
    else:
        low, high = _jackknife(part, heavy, groups_of(codes, 0), rows, share, confidence)
    return Rate(share, low, high, n, effect)


def _jackknife(
    part: np.ndarray, heavy: np.ndarray, groups: np.ndarray, rows: np.ndarray, share: float, confidence: Share
) -> tuple[float, float]:
    count = int(groups.max()) + 1
    mass = np.bincount(groups[rows], heavy, count)
    hits = np.bincount(groups[rows], heavy * part, count)
    without = (hits.sum() - hits) / (mass.sum() - mass)
    low, high = Replicates(np.array([share]), without[:, None], count).share_interval(confidence)
    return float(low[0]), float(high[0])
