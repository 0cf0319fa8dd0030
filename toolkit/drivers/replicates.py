"""Replicates: the same estimate from resampled respondents or from one company fewer.

Independent respondents are resampled (percentile bootstrap; Efron & Tibshirani 1993);
respondents of the same company are not independent, so there companies are left out
one at a time (jackknife with t(G-1); Efron & Stein 1981). Either way all covariance
matrices come out as one batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri, stdtr, stdtrit

from toolkit.drivers.methods.association import standardised
from toolkit.drivers.sample import Sample
from toolkit.drivers.streams import stream

FEWEST_CLUSTERS = 6
"""Below this many companies no interval is given: there are too few to speak of spread."""
MOST_CLUSTERS = 200
"""Above it, companies are gathered at random into this many groups that leave together."""
EDGE = 1e-9
"""How close to 0 or 1 a share may come before its log odds are taken."""
BLOCK = 8192
MANY = 20_000
"""Above it, respondents are gathered at random into `PORTIONS` equal portions before they are resampled."""
PORTIONS = 2000


@dataclass(frozen=True)
class Replicates:
    """Replicated values (r, m) of an estimate (m,), and how they are to be read.

    `clusters` is None for a bootstrap of respondents, otherwise the number of
    companies (or groups of companies) that were left out in turn. `narrow` is by how
    much a bootstrap spreads too little: √(n / (n - parameters)).
    """

    estimate: np.ndarray
    values: np.ndarray
    clusters: int | None = None
    narrow: float = 1.0

    @property
    def speaks(self) -> bool:
        """Whether there are enough companies, or resamples, to give an interval."""
        if self.clusters is None:
            return len(self.values) > 1
        return len(self.values) == self.clusters >= FEWEST_CLUSTERS

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the interval: companies less one; without companies, infinite."""
        return np.inf if self.clusters is None else self.clusters - 1

    def of(self, function) -> Replicates:
        """Replicates of a function of the estimate; it takes and gives arrays (..., m)."""
        return Replicates(function(self.estimate), function(self.values), self.clusters, self.narrow)

    def deviations(self) -> np.ndarray:
        """Rows whose squares sum to the sampling variance: (r, m)."""
        centred = self.values - self.values.mean(axis=0)
        count = len(self.values)
        return centred / np.sqrt(count - 1) if self.clusters is None else centred * np.sqrt((count - 1) / count)

    def standard_error(self) -> np.ndarray:
        """Standard errors (m,) of the estimate."""
        spread = np.sqrt((self.deviations() ** 2).sum(axis=0))
        return spread * (self.narrow if self.clusters is None else 1)

    def interval(self, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Low and high (m,): percentiles of the bootstrap, or estimate ± t(G-1) standard errors.

        The percentiles lie a little further out than the confidence says, because a
        bootstrap of few respondents is too narrow (Hesterberg 2015, *The American
        Statistician* 69: the expanded percentile interval).
        """
        if self.clusters is None:
            tail = ndtr(self.narrow * ndtri((1 - confidence) / 2))
            low, high = np.quantile(self.values, [tail, 1 - tail], axis=0)
            return low, high
        reach = stdtrit(self.degrees, (1 + confidence) / 2) * self.standard_error()
        return self.estimate - reach, self.estimate + reach

    def share_interval(self, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Low and high (m,) of estimates between 0 and 1: never outside, the jackknife on log odds.

        A small share spreads further up than down; on its log odds the jackknife holds
        the truth as often as it says, on the share itself it does not.
        """
        if self.clusters is None:
            return self.interval(confidence)
        low, high = self.of(lambda shares: logit(np.clip(shares, EDGE, 1 - EDGE))).interval(confidence)
        moves = self.standard_error() > EDGE
        return np.where(moves, expit(low), self.estimate), np.where(moves, expit(high), self.estimate)

    def p_values(self) -> np.ndarray:
        """Two-sided probability (m,) of a value this far from 0, by the standard error."""
        error = self.standard_error()
        far = -np.abs(self.estimate) / np.where(error > 0, error, 1)
        p = 2 * (ndtr(far) if self.clusters is None else stdtr(self.degrees, far))
        return np.where(error > 0, p, np.where(self.estimate == 0, 1.0, 0.0))

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Plausible values (·, m) of the estimate: the resamples, or draws of a multivariate t(G-1)."""
        if self.clusters is None:
            return self.values
        rng = stream(seed, "ranks")
        normal = rng.standard_normal((count, len(self.values))) @ self.deviations()
        return self.estimate + normal / np.sqrt(rng.chisquare(self.degrees, (count, 1)) / self.degrees)


def covariances(sample: Sample, resamples: int, seed: int) -> np.ndarray:
    """Covariance matrices (r, k+1, k+1) of the replicates of a sample; see `moments`."""
    return moments(sample, resamples, seed)[1]


def moments(sample: Sample, resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Means (r, k+1) and covariances (r, k+1, k+1) of the replicates; the weights go along.

    Drivers and, last, the outcome, standardised over the whole sample. With clusters
    there is one per company left out (see `groups_of`; none where there is only one
    company), otherwise one per resample of respondents.
    """
    shares = sample.weights / sample.weights.sum()
    columns = standardised(np.column_stack([sample.answers, sample.outcome]), shares)
    columns = np.column_stack([np.ones(sample.n), columns])
    if sample.clusters is None:
        sums = _bootstrap_sums(columns, sample.weights, resamples, stream(seed, "bootstrap"))
    elif len(sample.companies) == 1:
        sums = np.empty((0, columns.shape[1] * (columns.shape[1] + 1) // 2))
    else:
        sums = left_out_sums(columns, sample.weights, groups_of(sample.clusters, seed))
    products = _squares(sums, columns.shape[1])
    products /= products[:, :1, :1]
    means = products[:, 0, 1:]
    return means, products[:, 1:, 1:] - means[:, :, None] * means[:, None, :]


def groups_of(clusters: np.ndarray, seed: int) -> np.ndarray:
    """Codes (n,) of the groups that leave together: the companies, or groups of many companies."""
    count = clusters.max() + 1
    if count <= MOST_CLUSTERS:
        return clusters
    shuffled = stream(seed, "groups").permutation(count)
    return (shuffled % MOST_CLUSTERS)[clusters]


def _pairs(columns: np.ndarray) -> np.ndarray:
    i, j = np.triu_indices(columns.shape[1])
    return columns[:, i] * columns[:, j]


def _squares(sums: np.ndarray, size: int) -> np.ndarray:
    i, j = np.triu_indices(size)
    full = np.empty((len(sums), size, size))
    full[:, i, j] = full[:, j, i] = sums
    return full


def _bootstrap_sums(columns: np.ndarray, weights: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Weighted sums (r, pairs) of all products of two columns over each resample.

    Row blocks are filled one after the other (first how many of a resample fall in
    the block, then which), so that memory does not grow with n.
    """
    n, size = columns.shape
    if n > MANY:
        return _portioned_sums(columns, weights, resamples, rng)
    starts = np.arange(0, n, BLOCK)
    lengths = np.minimum(BLOCK, n - starts)
    sums = np.zeros((resamples, size * (size + 1) // 2))
    falls = rng.multinomial(n, lengths / n, size=resamples)
    for start, length, drawn in zip(starts, lengths, falls.T, strict=True):
        rows = rng.integers(length, size=drawn.sum(), dtype=np.int32)
        places = rows + np.repeat(np.arange(resamples, dtype=np.int64) * length, drawn)
        counts = np.bincount(places, minlength=resamples * length).reshape(resamples, length)
        block = slice(start, start + length)
        sums += counts.astype(float) @ (_pairs(columns[block]) * weights[block, None])
    return sums


def _portioned_sums(columns: np.ndarray, weights: np.ndarray, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """The same sums (r, pairs) of very many respondents, who are drawn in random portions of equal size.

    The sum of a random portion varies as its respondents do, so the spread is that of
    drawing them one by one (random groups; Wolter 2007, *Introduction to Variance
    Estimation*, ch. 2), with as many degrees of freedom as there are portions.
    """
    portions = portions_of(len(columns), PORTIONS, rng)
    sums = _sums_of_groups(columns, weights, portions)
    return rng.multinomial(PORTIONS, np.full(PORTIONS, 1 / PORTIONS), size=resamples) @ sums


def portions_of(n: int, portions: int, rng: np.random.Generator) -> np.ndarray:
    """For each of n respondents (n,) the portion that they fall in, by lot; sizes differ by one at most."""
    return rng.permutation(n) % portions


def left_out_sums(columns: np.ndarray, weights: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Weighted sums (G, pairs) of all products of two columns without each group in turn."""
    per_group = _sums_of_groups(columns, weights, groups)
    return per_group.sum(axis=0) - per_group


def _sums_of_groups(columns: np.ndarray, weights: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Weighted sums (G, pairs) of all products of two columns over each group."""
    order = np.argsort(groups, kind="stable")
    size = columns.shape[1]
    per_group = np.zeros((groups.max() + 1, size * (size + 1) // 2))
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        borders = np.flatnonzero(np.diff(groups[rows], prepend=-1))
        products = _pairs(columns[rows]) * weights[rows, None]
        per_group[groups[rows[borders]]] += np.add.reduceat(products, borders, axis=0)
    return per_group
