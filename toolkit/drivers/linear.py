"""Linear fits and differences of means with a spread that holds: HC3, or one company left out at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from toolkit.drivers.precision import effective_n
from toolkit.drivers.replicates import FEWEST_CLUSTERS, groups_of
from toolkit.units import Count, Estimate, Ratio, Share

TINY = 1e-10


@dataclass(frozen=True)
class Found:
    """A figure with its standard error; None, like interval and p, where companies are too few.

    `centre` is the middle of the interval where that is not the figure itself.
    """

    value: Ratio
    error: Ratio | None
    degrees: Ratio
    n: Count
    centre: Ratio | None = None

    @property
    def middle(self) -> Ratio:
        """The middle of the interval."""
        return self.value if self.centre is None else self.centre

    def estimate(self, confidence: Share) -> Estimate | float:
        """The figure with its interval, t on the degrees of freedom; alone where there is none."""
        if self.error is None:
            return self.value
        reach = float(stdtrit(self.degrees, (1 + confidence) / 2)) * self.error
        return Estimate(self.value, self.middle - reach, self.middle + reach, self.n, confidence)

    def p(self) -> float | None:
        """Two-sided probability of a figure this far from 0."""
        if not self.error:
            return None
        return float(2 * stdtr(self.degrees, -abs(self.middle) / self.error))


@dataclass(frozen=True)
class Fit:
    """Coefficients (p,) with their covariance (p, p), None where there are too few companies."""

    values: np.ndarray
    covariance: np.ndarray | None
    degrees: Ratio
    n: Count

    def of(self, combination: np.ndarray) -> Found:
        """A linear combination (p,) of the coefficients."""
        value = float(combination @ self.values)
        if self.covariance is None:
            return Found(value, None, self.degrees, self.n)
        return Found(value, float(np.sqrt(max(0.0, combination @ self.covariance @ combination))), self.degrees, self.n)


def fit(columns: np.ndarray, outcome: np.ndarray, weights: np.ndarray, clusters: np.ndarray | None) -> Fit:
    """Weighted least squares of an outcome (n,) on columns (n, p).

    Spread: HC3 for independent respondents (MacKinnon & White 1985, *Journal of
    Econometrics* 29); the delete-one-company jackknife with t(G-1) where `clusters` (n,)
    are codes (Efron & Stein 1981), and none below six companies.

    >>> ones, group = np.ones(6), np.array([0, 0, 0, 1, 1, 1.0])
    >>> fit(np.column_stack([ones, group]), np.array([1, 2, 3, 3, 4, 5.0]), ones, None).values.round(6).tolist()
    [2.0, 2.0]
    """
    heavy = columns * weights[:, None]
    square, side = columns.T @ heavy, heavy.T @ outcome
    inverse = np.linalg.pinv(square, rcond=TINY, hermitian=True)
    values, n = inverse @ side, len(outcome)
    if clusters is None:
        leverage = np.einsum("ij,jk,ik->i", columns, inverse, heavy)
        scores = heavy * ((outcome - columns @ values) / np.maximum(1 - leverage, TINY))[:, None]
        return Fit(values, inverse @ (scores.T @ scores) @ inverse, max(1, n - len(values)), n)
    groups = groups_of(np.unique(clusters, return_inverse=True)[1], 0)
    count = int(groups.max()) + 1
    if count < FEWEST_CLUSTERS:
        return Fit(values, None, 1, n)
    without = np.array([_without(columns, heavy, outcome, square, side, groups == g) for g in range(count)])
    centred = without - without.mean(axis=0)
    return Fit(values, centred.T @ centred * (count - 1) / count, count - 1, n)


def _without(columns, heavy, outcome, square, side, gone) -> np.ndarray:
    """The coefficients (p,) without the respondents of one company."""
    less = np.linalg.pinv(square - columns[gone].T @ heavy[gone], rcond=TINY, hermitian=True)
    return less @ (side - heavy[gone].T @ outcome[gone])


def difference(
    values: np.ndarray, one: np.ndarray, other: np.ndarray, weights: np.ndarray | None, clusters: np.ndarray | None
) -> Found | None:
    """Weighted mean of `values` (n,) of the respondents in `one` less that of those in `other`; None if either is empty.

    Without companies: shares as Agresti & Caffo (2000, *The American Statistician* 54), one
    success and one failure added to either side; other means with HC3.

    >>> who = np.arange(150) < 70
    >>> found = difference(np.r_[np.ones(56), np.zeros(14), np.ones(48), np.zeros(32)], who, ~who, None, None).estimate(0.95)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.2, 0.052, 0.336)
    """
    keep = (one | other) & ~np.isnan(values)
    heavy = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    keep &= heavy > 0
    if not (one & keep).any() or not (other & keep).any():
        return None
    if clusters is None and np.isin(values[keep], (0, 1)).all():
        return _shares([(values[part & keep], heavy[part & keep]) for part in (one, other)])
    columns = np.column_stack([np.ones(keep.sum()), one[keep]])
    found = fit(columns, values[keep], heavy[keep], None if clusters is None else np.asarray(clusters)[keep])
    return found.of(np.array([0.0, 1.0]))


def _shares(sides: list[tuple[np.ndarray, np.ndarray]]) -> Found:
    """The difference of two shares, with Kish's effective numbers where there are weights."""
    plain, moved, variance = [], [], 0.0
    for has, heavy in sides:
        n, share = effective_n(heavy), float(heavy @ has / heavy.sum())
        near = (share * n + 1) / (n + 2)
        plain.append(share)
        moved.append(near)
        variance += near * (1 - near) / (n + 2)
    n = sum(len(has) for has, _ in sides)
    return Found(plain[0] - plain[1], float(np.sqrt(variance)), 1e9, n, moved[0] - moved[1])
