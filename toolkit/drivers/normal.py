"""Incomplete answers as a multivariate normal: EM estimates and imputed copies.

Dempster, Laird & Rubin (1977), *Journal of the Royal Statistical Society B* 39; Schafer
(1997), *Analysis of Incomplete Multivariate Data*. Respondents who miss the same
items form a pattern; all patterns are worked on as one batch of matrices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from toolkit.drivers.streams import stream

RIDGE = 1e-9
CLOSE = 1e-7
ITERATIONS = 500
BETWEEN = 5
"""Rounds of data augmentation between two imputations that are kept."""


@dataclass(frozen=True)
class Patterns:
    """Standardised answers (n, q) with nan, and which items (p, q) each of p patterns has answered."""

    table: np.ndarray
    weights: np.ndarray
    observed: np.ndarray
    of_row: np.ndarray

    @classmethod
    def of(cls, table: np.ndarray, weights: np.ndarray) -> Patterns:
        """The patterns of a table; its columns are put on mean 0 and standard deviation 1 first."""
        known = ~np.isnan(table)
        mass = (known * weights[:, None]).sum(axis=0)
        means = np.nansum(table * weights[:, None], axis=0) / mass
        spread = np.sqrt(np.nansum((table - means) ** 2 * weights[:, None], axis=0) / mass)
        scaled = (table - means) / np.where(spread > 0, spread, 1)
        observed, of_row = np.unique(known, axis=0, return_inverse=True)
        return cls(scaled, weights, observed, of_row.ravel())


def em(data: Patterns) -> tuple[np.ndarray, np.ndarray]:
    """Maximum-likelihood mean (q,) and covariance (q, q) from all answers there are."""
    count, sums, squares = _sums(data)
    mean, matrix = np.zeros(data.table.shape[1]), np.eye(data.table.shape[1])
    for _ in range(ITERATIONS):
        fill, left = _regressions(matrix, data.observed)
        centre = mean * data.observed
        first = sums - count[:, None] * centre
        second = squares - sums[:, :, None] * centre[:, None] - centre[:, :, None] * first[:, None]
        shift = np.einsum("pij,pj->i", fill, first) / count.sum()
        spread = np.einsum("pij,pjk,plk->il", fill, second, fill, optimize=True) + np.tensordot(count, left, 1)
        updated = spread / count.sum() - np.outer(shift, shift)
        moved = max(np.abs(shift).max(), np.abs(updated - matrix).max())
        mean, matrix = mean + shift, updated
        if moved < CLOSE:
            break
    return mean, matrix


def imputed_covariances(data: Patterns, count: int, seed: int) -> Iterator[np.ndarray]:
    """Covariances (q, q) of `count` imputed copies of the data, by data augmentation from the EM estimate."""
    rng = stream(seed, "imputation")
    mean, matrix = em(data)
    effective = data.weights.sum() ** 2 / (data.weights**2).sum()
    for round_ in range(BETWEEN * (count + 1)):
        filled = _impute(data, mean, matrix, rng)
        shares = data.weights / data.weights.sum()
        centre = shares @ filled
        covariance = (filled - centre).T @ ((filled - centre) * shares[:, None])
        if round_ >= BETWEEN and round_ % BETWEEN == BETWEEN - 1:
            yield covariance
        mean, matrix = _posterior(centre, covariance, effective, rng)


def _sums(data: Patterns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per pattern: weight (p,), weighted sums (p, q) and sums of products (p, q, q); 0 where missing."""
    filled, size = np.nan_to_num(data.table), len(data.observed)
    heavy = filled * data.weights[:, None]
    count = np.bincount(data.of_row, data.weights, minlength=size)
    order = np.argsort(data.of_row, kind="stable")
    starts = np.searchsorted(data.of_row[order], np.arange(size))
    sums = np.add.reduceat(heavy[order], starts, axis=0)
    ends = [*starts[1:], len(order)]
    blocks = [order[a:b] for a, b in zip(starts, ends, strict=True)]
    return count, sums, np.array([filled[rows].T @ heavy[rows] for rows in blocks])


def _regressions(matrix: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per pattern: the map (p, q, q) that fills in what is missing, and the covariance left over."""
    seen = observed.astype(float)
    both = seen[:, :, None] * seen[:, None, :]
    unit = np.eye(len(matrix))
    blocks = matrix * both + (1 - seen)[:, :, None] * unit + RIDGE * unit
    inverse = np.linalg.inv(blocks) * both
    hidden = (1 - seen)[:, :, None]
    slopes = hidden * (matrix @ inverse)
    left = (matrix - slopes @ matrix) * hidden * (1 - seen)[:, None, :]
    return slopes + seen[:, :, None] * unit, (left + np.swapaxes(left, 1, 2)) / 2


def _impute(data: Patterns, mean: np.ndarray, matrix: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The table (n, q) with what is missing drawn from its distribution given what is not."""
    fill, left = _regressions(matrix, data.observed)
    values, vectors = np.linalg.eigh(left)
    roots = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
    filled = np.nan_to_num(data.table - mean)
    for pattern in np.flatnonzero(~data.observed.all(axis=1)):
        rows = np.flatnonzero(data.of_row == pattern)
        chance = rng.standard_normal((len(rows), len(mean))) @ roots[pattern].T
        filled[rows] = filled[rows] @ fill[pattern].T + chance
    return filled + mean


def _posterior(
    centre: np.ndarray, covariance: np.ndarray, n: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """A mean and covariance drawn given complete data (inverse Wishart, Bartlett's decomposition)."""
    q = len(centre)
    triangle = np.tril(rng.standard_normal((q, q)), -1)
    triangle[np.diag_indices(q)] = np.sqrt(rng.chisquare(np.maximum(n - 1 - np.arange(q), 1)))
    root = np.linalg.cholesky(covariance * n + RIDGE * n * np.eye(q))
    factor = np.linalg.solve(triangle, root.T)
    matrix = factor.T @ factor
    return centre + factor.T @ rng.standard_normal(q) / np.sqrt(n), matrix
