"""Associations: what every importance method needs to know of a sample.

An association is a symmetric matrix (..., k+1, k+1) of k drivers and, last, the
outcome: drivers scaled to variance 1, the outcome to *total* variance 1. Leading
axes are a batch (resamples, imputations), so that a thousand resamples are one
array and one call.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

TINY = 1e-10
"""Variance, as a share of its own total, below which a driver is taken to have none left."""


def covariance(answers: np.ndarray, outcome: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Covariance matrix (k+1, k+1) of answers (n, k) and outcome (n,), weighted.

    Columns are scaled to standard deviation 1 over the whole sample first (a
    constant column becomes zeros), which no importance depends on.

    >>> covariance(np.array([[1.0], [2], [3]]), np.array([2.0, 4, 6])).round(6)
    array([[1., 1.],
           [1., 1.]])
    """
    shares = np.full(len(outcome), 1.0) if weights is None else np.asarray(weights, float)
    shares = shares / shares.sum()
    columns = standardised(np.column_stack([answers, outcome]), shares)
    return columns.T @ (columns * shares[:, None])


def standardised(columns: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Columns with weighted mean 0 and standard deviation 1; constant columns become 0."""
    size = np.abs(columns).max(axis=0)
    centred = columns - shares @ columns
    spread = np.sqrt(shares @ centred**2)
    varies = spread > 1e-12 * np.where(size > 0, size, 1)
    return np.where(varies, centred / np.where(varies, spread, 1), 0.0)


def association(covariances: np.ndarray, always: Sequence[int] = ()) -> np.ndarray:
    """Covariances (..., k+1, k+1) scaled, and freed from the drivers that are `always` in.

    The forced-in drivers disappear; what the others share is then measured on top
    of them, still as a part of the outcome's total variance.
    """
    scaled = _scaled(covariances, outcome=True)
    if not len(always):
        return scaled
    last = covariances.shape[-1] - 1
    rest = [i for i in range(last) if i not in set(always)]
    order = [*always, *rest, last]
    matrices = np.moveaxis(scaled[..., order, :][..., order], (-2, -1), (0, 1))
    for _ in always:
        matrices = sweep(matrices)
    return _scaled(np.moveaxis(matrices, (0, 1), (-2, -1)), outcome=False)


def _scaled(matrices: np.ndarray, outcome: bool) -> np.ndarray:
    variances = np.diagonal(matrices, axis1=-2, axis2=-1)
    varies = variances > TINY
    factors = np.where(varies, 1 / np.sqrt(np.where(varies, variances, 1)), 0.0)
    if not outcome:
        factors[..., -1] = 1.0
    return matrices * factors[..., :, None] * factors[..., None, :]


def sweep(matrices: np.ndarray) -> np.ndarray:
    """What is left of the other variables once the first is held fixed.

    `matrices` (m, m, ...) with the matrix axes first; returns (m-1, m-1, ...): the
    conditional covariances, one rank-1 update. A first variable that has no
    variance of its own left explains nothing and is passed over.
    """
    pivot = matrices[0, 0]
    usable = pivot > TINY
    inverse = np.where(usable, 1 / np.where(usable, pivot, 1), 0.0)
    across = matrices[0, 1:]
    return matrices[1:, 1:] - across[:, None] * (across * inverse)[None, :]


def explained(associations: np.ndarray, columns: Sequence[int]) -> np.ndarray:
    """Share of the outcome's total variance (...,) that some columns explain together.

    >>> explained(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]]), [0, 1]).round(6)
    np.float64(0.45)
    """
    last = associations.shape[-1] - 1
    order = [*columns, last]
    matrices = np.moveaxis(associations[..., order, :][..., order], (-2, -1), (0, 1))
    for _ in columns:
        matrices = sweep(matrices)
    return associations[..., -1, -1] - matrices[0, 0]
