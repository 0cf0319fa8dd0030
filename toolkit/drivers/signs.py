"""Signs: does a better answer go with a better outcome, alone and beside the other drivers?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from toolkit.drivers.importance import association_of
from toolkit.drivers.methods.association import TINY, association, standardised
from toolkit.drivers.methods.simple import coefficients
from toolkit.drivers.replicates import Replicates, covariances
from toolkit.drivers.sample import Sample, read_sample
from toolkit.drivers.several import holm
from toolkit.units import Ratio, Share


@dataclass(frozen=True)
class Sign:
    """A driver's standardised coefficient with robust interval, beside its plain correlation.

    `conflict`: the two point in opposite directions. `settled`: the interval leaves out
    0. `p` is corrected by Holm over the drivers. Interval and p are None with too few companies.
    """

    driver: Any
    coefficient: Ratio
    low: Ratio | None
    high: Ratio | None
    correlation: Ratio
    conflict: bool
    settled: bool
    p: Share | None


def signs(
    answers: Any, outcome: Any, *, weights: Any = None, clusters: Any = None, confidence: float = 0.95
) -> tuple[Sign, ...]:
    """Coefficient, correlation and whether they contradict each other, per driver.

    Interval: HC3 for independent respondents (MacKinnon & White 1985, *Journal of
    Econometrics* 29), the delete-one-company jackknife with t(G-1) for clusters.
    """
    sample = read_sample(answers, outcome, weights=weights, clusters=clusters)
    matrix = association_of(sample)
    values, plain = coefficients(matrix), matrix[:-1, -1]
    error, degrees = _robust(sample, values)
    low = high = p = [None] * len(values)
    if error is not None:
        reach = stdtrit(degrees, (1 + confidence) / 2) * error
        low, high = (values - reach).tolist(), (values + reach).tolist()
        far = np.divide(-np.abs(values), error, out=np.zeros_like(values), where=error > 0)
        p = holm(2 * stdtr(degrees, far)).tolist()
    rows = zip(sample.drivers, values.tolist(), low, high, plain.tolist(), p, strict=True)
    return tuple(
        Sign(name, b, lo, hi, r, bool(b * r < 0), lo is not None and not lo <= 0 <= hi, one)
        for name, b, lo, hi, r, one in rows
    )


def _robust(sample: Sample, values: np.ndarray) -> tuple[np.ndarray | None, float]:
    """Standard errors (k,) of the coefficients, and their degrees of freedom."""
    if sample.clusters is None:
        return hc3(sample), max(1, sample.n - len(values) - 1)
    batch = covariances(sample, 0, 0)
    jackknife = Replicates(values, coefficients(association(batch)), len(batch))
    return (jackknife.standard_error() if jackknife.speaks else None), max(1, jackknife.degrees)


def hc3(sample: Sample) -> np.ndarray:
    """Standard errors (k,) of the standardised coefficients that hold with unequal variances."""
    shares = sample.weights / sample.weights.sum()
    columns = standardised(np.column_stack([sample.answers, sample.outcome]), shares)
    drivers, outcome = columns[:, :-1], columns[:, -1]
    inverse = np.linalg.pinv(drivers.T @ (drivers * shares[:, None]), rcond=TINY, hermitian=True)
    residuals = outcome - drivers @ (inverse @ (drivers.T @ (outcome * shares)))
    leverage = shares * (1 + np.einsum("ij,jk,ik->i", drivers, inverse, drivers))
    scores = drivers * (shares * residuals / np.maximum(1 - leverage, TINY))[:, None]
    return np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse))
