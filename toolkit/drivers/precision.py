"""Precision: what weights and companies leave of n answers."""

from __future__ import annotations

import numpy as np

from toolkit.units import Ratio


def effective_n(weights: np.ndarray) -> Ratio:
    """Number of unweighted answers that would be as precise: (Σw)² / Σw².

    Kish (1965), *Survey Sampling*.

    >>> effective_n(np.array([1.0, 1.0, 2.0, 2.0]))
    3.6
    """
    weights = np.asarray(weights, float)
    return float(weights.sum() ** 2 / (weights**2).sum())


def intraclass(values: np.ndarray, clusters: np.ndarray) -> Ratio:
    """How much respondents of one company resemble each other: 0 not at all, 1 entirely.

    `values` (n,), `clusters` (n,) codes 0…G-1. One-way analysis of variance with
    unequal groups (Donner 1986, *International Statistical Review* 54); never below 0.
    """
    sizes = np.bincount(clusters).astype(float)
    groups, n = len(sizes), len(values)
    if groups < 2 or groups == n:
        return 0.0
    means = np.bincount(clusters, values) / sizes
    between = (sizes * (means - values.mean()) ** 2).sum() / (groups - 1)
    within = ((values - means[clusters]) ** 2).sum() / (n - groups)
    typical = (n - (sizes**2).sum() / n) / (groups - 1)
    spread = between + (typical - 1) * within
    return float(max(0.0, (between - within) / spread)) if spread > 0 else 0.0


def design_effect(
    values: np.ndarray, *, weights: np.ndarray | None = None, clusters: np.ndarray | None = None
) -> Ratio:
    """By how much weights and companies enlarge the variance of the mean of `values` (n,).

    Kish (1987), *Statistical Design for Research*: n / effective n, times
    1 + (typical company size - 1) × intraclass correlation.

    >>> design_effect(np.arange(4.0), weights=np.array([1.0, 1.0, 2.0, 2.0])).__round__(4)
    1.1111
    """
    values = np.asarray(values, float)
    effect = 1.0 if weights is None else len(values) / effective_n(weights)
    if clusters is not None:
        _, codes = np.unique(np.asarray(clusters), return_inverse=True)
        sizes = np.bincount(codes).astype(float)
        effect *= 1 + ((sizes**2).sum() / sizes.sum() - 1) * intraclass(values, codes)
    return float(effect)
