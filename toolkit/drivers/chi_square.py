"""Chi-square tests of small tables: Pearson's where counts allow it, by permutation where not."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, log1p

import numpy as np
from scipy.special import chdtrc, gammaln

from toolkit.units import Count, Ratio, Share

EXPECTED = 5.0
"""Expected count below which Pearson's approximation is not used."""
ENUMERATED = 50_000
BATCH = 5_000
HITS = 20
"""Tables at least as extreme after which drawing stops (Besag & Clifford 1991, *Biometrika* 78)."""


@dataclass(frozen=True)
class Test:
    """Pearson's χ², its degrees of freedom and p; `log_p` is there when p is too small to write.

    `permuted`: p counts the permutations of the outcome that are at least as extreme.
    """

    chi_square: Ratio
    degrees: Count
    p: Share
    log_p: float
    permuted: bool = False


def pearson(table: np.ndarray) -> Test:
    """Pearson's test of independence of a table (groups, levels) of counts.

    >>> test = pearson(np.array([[5, 0], [0, 5]]))
    >>> test.chi_square, test.degrees, round(test.p, 7)
    (10.0, 1, 0.0015654)
    """
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    degrees = (table.shape[0] - 1) * (table.shape[1] - 1)
    if degrees == 0:
        return Test(0.0, 0, 1.0, 0.0)
    chi_square = float(statistic(table[None], table.sum(axis=1), table.sum(axis=0))[0])
    log_p = log_tail(chi_square, degrees)
    return Test(chi_square, degrees, float(np.exp(log_p)), log_p)


def independence(table: np.ndarray, rng: np.random.Generator, smallest: float = 1e-4) -> Test:
    """Pearson's test, by permutation when an expected count is under five.

    All tables with the same margins are weighed where they are few; otherwise they
    are drawn until the p-value is known well enough, with draws enough to tell a
    p-value of `smallest`.

    >>> test = independence(np.array([[5, 0], [0, 5]]), np.random.default_rng(0))
    >>> test.permuted, round(test.p, 4)
    (True, 0.0079)
    """
    plain = pearson(table)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if plain.degrees == 0 or rows.min() * columns.min() >= EXPECTED * table.sum():
        return plain
    few = len(columns) == 2 and np.prod(rows[:-1] + 1.0) <= ENUMERATED
    least = plain.chi_square * (1 - 1e-9)
    p = _enumerated(rows, columns, least) if few else _drawn(rows, columns, least, smallest, rng)
    return Test(plain.chi_square, plain.degrees, p, log(p), True)


def statistic(tables: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Pearson's χ² (b,) of tables (b, groups, levels) that share their margins."""
    expected = rows[:, None] * columns[None, :] / rows.sum()
    return ((tables - expected) ** 2 / expected).sum(axis=(1, 2))


def log_tail(chi_square: float, degrees: int) -> float:
    """Log of the probability of a larger χ², also where that probability is too small for a float."""
    tail = float(chdtrc(degrees, chi_square))
    if tail > 1e-290:
        return log(tail)
    half, x = degrees / 2, chi_square / 2
    return (half - 1) * log(x) - x - lgamma(half) + log1p((half - 1) / x)


def least_log_p(tables: list[np.ndarray]) -> np.ndarray:
    """A bound (m,) under which no merging of a table's rows can bring its log p.

    Merging never raises χ², and leaves at least levels - 1 degrees of freedom. A table
    with an expected count under five is not bounded, since it may be tested by permutation.
    """
    cells = np.concatenate(tables).astype(float)
    starts = np.concatenate([[0], np.cumsum([len(table) for table in tables])[:-1]])
    rows, columns = cells.sum(axis=1), tables[0].sum(axis=0)
    expected = rows[:, None] * columns / columns.sum()
    terms = np.divide((cells - expected) ** 2, expected, out=np.zeros_like(cells), where=expected > 0).sum(axis=1)
    smallest = np.where(rows > 0, expected[:, columns > 0].min(axis=1), np.inf)
    bounded = np.minimum.reduceat(smallest, starts) >= EXPECTED
    degrees = max(1, int((columns > 0).sum()) - 1)
    chi_squares = np.add.reduceat(terms, starts)
    return np.array([log_tail(c, degrees) if b else -np.inf for c, b in zip(chi_squares, bounded, strict=True)])


def _enumerated(rows: np.ndarray, columns: np.ndarray, least: float) -> float:
    """Exact p for two levels: the hypergeometric weight of all tables at least as extreme."""
    grid = np.indices(rows[:-1] + 1).reshape(len(rows) - 1, -1)
    ones = np.vstack([grid, columns[1] - grid.sum(axis=0)])
    ones = ones[:, (ones[-1] >= 0) & (ones[-1] <= rows[-1])]
    tables = np.stack([rows[:, None] - ones, ones], axis=2).transpose(1, 0, 2)
    weight = _log_choose(rows[:, None], ones).sum(axis=0) - _log_choose(rows.sum(), columns[1])
    extreme = statistic(tables, rows, columns) >= least
    return float(min(1.0, np.exp(weight[extreme]).sum()))


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)


def _drawn(rows: np.ndarray, columns: np.ndarray, least: float, smallest: float, rng: np.random.Generator) -> float:
    hits = drawn = 0
    while drawn < HITS / smallest:
        tables = draw_tables(rows, columns, BATCH, rng)
        extreme = np.flatnonzero(statistic(tables, rows, columns) >= least)
        if hits + len(extreme) >= HITS:
            return HITS / (drawn + int(extreme[HITS - hits - 1]) + 1)
        hits, drawn = hits + len(extreme), drawn + BATCH
    return (hits + 1) / (drawn + 1)


def draw_tables(rows: np.ndarray, columns: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Random tables (count, groups, levels) with these margins, as permuting the outcome gives them."""
    tables = np.zeros((count, len(rows), len(columns)), dtype=np.int64)
    room = np.tile(rows, (count, 1))
    for level, total in enumerate(columns[:-1]):
        left = np.full(count, total)
        for group in range(len(rows) - 1):
            cell = rng.hypergeometric(room[:, group], room[:, group + 1 :].sum(axis=1), left)
            tables[:, group, level] = cell
            left = left - cell
        tables[:, -1, level] = left
        room = room - tables[:, :, level]
    tables[:, :, -1] = room
    return tables
