"""Missing answers four ways, side by side: does what is missing decide who comes first?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.methods import DECOMPOSITIONS, renumbered
from toolkit.drivers.methods.association import TINY, association, covariance
from toolkit.drivers.normal import Patterns, em, imputed_covariances
from toolkit.drivers.sample import Sample, read_players, read_sample
from toolkit.units import Count, Share

IMPUTATIONS = 20


@dataclass(frozen=True)
class MissingWay:
    """What the drivers come to when missing answers are treated one way.

    `n` respondents are used (pairwise: the fewest behind any correlation). `values`
    and `r2` are None where this way cannot be taken: no complete row, or pairwise
    correlations that no data could have. `spread` (k,) is the standard deviation
    between imputations.
    """

    way: str
    n: Count
    values: np.ndarray | None = None
    r2: Share | None = None
    leader: Any | None = None
    spread: np.ndarray | None = None


@dataclass(frozen=True)
class MissingWays:
    """The four ways; `alarm`: they do not all put the same driver first.

    `missing`: share of respondents without an answer, per driver. `never_together`:
    pairs of columns that nobody answered both, so that only assumptions link them.
    """

    ways: tuple[MissingWay, ...]
    drivers: tuple[Any, ...]
    missing: Mapping[Any, Share]
    never_together: tuple[tuple[Any, Any], ...]
    alarm: bool


def missing_ways(
    answers: Any,
    outcome: Any,
    *,
    method: str = "shapley",
    weights: Any = None,
    groups: Mapping[Any, Sequence[Any]] | None = None,
    always: Sequence[Any] | None = None,
    imputations: int = IMPUTATIONS,
    seed: int = 0,
) -> MissingWays:
    """Listwise, pairwise, EM and multiple imputation of incomplete answers, each with n and R².

    `answers` (n, k) and `outcome` (n,) hold nan where nobody answered. Respondents who
    answered nothing at all are left out.
    """
    sample = read_sample(answers, outcome, weights=weights, incomplete="keep")
    names, players, forced = read_players(sample.drivers, groups, always)
    table = np.column_stack([sample.answers, sample.outcome])
    some = ~np.isnan(table).all(axis=1)
    table, heavy = table[some], sample.weights[some]

    def way(name: str, n: int, covariances: np.ndarray | None) -> MissingWay:
        if covariances is None:
            return MissingWay(name, n)
        values = DECOMPOSITIONS[method](association(covariances, forced), renumbered(players, forced))
        spread = values.std(axis=0, ddof=1) if len(values) > 1 else None
        mean = values.mean(axis=0)
        return MissingWay(name, n, mean, float(mean.sum()), names[int(np.argmax(mean))], spread)

    data = Patterns.of(table, heavy)
    together = _together(table)
    ways = (
        way("listwise", *_listwise(table, heavy)),
        way("pairwise", int(together.min()), _pairwise(table, heavy)),
        way("em", len(table), em(data)[1][None]),
        way("imputation", len(table), np.array(list(imputed_covariances(data, imputations, seed)))),
    )
    first = {one.leader for one in ways if one.leader is not None}
    gaps = {name: float(np.isnan(column).mean()) for name, column in zip(sample.drivers, table.T, strict=False)}
    return MissingWays(ways, tuple(names), gaps, _strangers(together, sample), len(first) > 1)


def _listwise(table: np.ndarray, weights: np.ndarray) -> tuple[int, np.ndarray | None]:
    complete = ~np.isnan(table).any(axis=1)
    n = int(complete.sum())
    if n < 2 or np.ptp(table[complete, -1]) == 0:
        return n, None
    return n, covariance(table[complete, :-1], table[complete, -1], weights[complete])[None]


def _pairwise(table: np.ndarray, weights: np.ndarray) -> np.ndarray | None:
    """Correlations (1, k+1, k+1), each from whoever answered both, or None where no data could have them."""
    known, filled = ~np.isnan(table), np.nan_to_num(table - np.nanmean(table, axis=0))
    heavy = known * weights[:, None]
    mass, sums = heavy.T @ known, (filled * weights[:, None]).T @ known
    squares = (filled**2 * weights[:, None]).T @ known
    if (_together(table) < 3).any():
        return None
    means = sums / mass
    spread = np.maximum(squares / mass - means**2, 0)
    product = np.sqrt(spread * spread.T)
    shared = (filled.T @ (filled * weights[:, None])) / mass - means * means.T
    matrix = np.where(product > TINY, shared / np.where(product > TINY, product, 1), 0.0)
    return matrix[None] if np.linalg.eigvalsh(matrix)[0] > -1e-8 and matrix[-1, -1] > 0 else None


def _together(table: np.ndarray) -> np.ndarray:
    known = (~np.isnan(table)).astype(float)
    return known.T @ known


def _strangers(together: np.ndarray, sample: Sample) -> tuple[tuple[Any, Any], ...]:
    names = [*sample.drivers, "outcome"]
    return tuple((names[i], names[j]) for i, j in np.argwhere(np.triu(together == 0, 1)))
