"""Merging: which answers to a driver belong together, and how many ways there were to merge them.

Kass (1980), *Applied Statistics* 29, with a correction that holds: the p-value of the
grouping that was found is multiplied by the number of *all* ways of merging.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, log

import numpy as np
from scipy.special import chdtrc

Groups = tuple[tuple[int, ...], ...]


def merge(counts: np.ndarray, *, alpha: float, min_leaf: int, ordered: bool, floating: bool = False) -> Groups:
    """Groups of categories that do not differ, from a table (categories, levels) of counts.

    The two most alike are merged first, ordered categories only with neighbours, until
    any two groups that might merge differ at `alpha` over the number of borders, or
    two are left. Groups under `min_leaf` always merge. `floating`: the last category
    is a missing answer, which may join any group. Categories nobody gave are in no group.
    """
    present = np.flatnonzero(counts.sum(axis=1))
    groups = [(int(category),) for category in present]
    tables = counts[present].astype(float)
    floats = len(counts) - 1 if floating else -1
    strict = alpha / max(1, len(present) - 1)
    while len(groups) > 1:
        pairs = _pairs(groups, ordered, floats)
        similar = _similarity(tables, pairs)
        sizes = tables.sum(axis=1)
        small = int(np.argmin(sizes))
        if sizes[small] < min_leaf:
            similar = np.where((pairs == small).any(axis=1), similar, -1.0)
        elif len(groups) == 2 or similar.max() <= strict:
            break
        a, b = pairs[int(np.argmax(similar))]
        groups[a] = tuple(sorted(groups[a] + groups[b]))
        tables[a] += tables[b]
        groups.pop(b)
        tables = np.delete(tables, b, axis=0)
    return tuple(groups)


def _pairs(groups: Sequence[tuple[int, ...]], ordered: bool, floats: int) -> np.ndarray:
    """Pairs (m, 2) of groups that may merge; those of ordered categories are kept in order."""
    last = len(groups) - 1
    if not ordered:
        return np.array([(a, b) for a in range(last) for b in range(a + 1, last + 1)])
    alone = floats >= 0 and groups[last] == (floats,)
    scale = last if alone else last + 1
    pairs = [(a, a + 1) for a in range(scale - 1)]
    return np.array(pairs + ([(a, last) for a in range(scale)] if alone else []))


def _similarity(tables: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """Pearson p-values (m,) of each pair of groups."""
    one, other = tables[pairs[:, 0]], tables[pairs[:, 1]]
    together = one + other
    n1, n2 = one.sum(axis=1), other.sum(axis=1)
    apart = (one * n2[:, None] - other * n1[:, None]) ** 2
    chi_square = (apart / np.maximum(together, 1)).sum(axis=1) / (n1 * n2)
    degrees = np.count_nonzero(together, axis=1) - 1
    return np.where(degrees > 0, chdtrc(np.maximum(degrees, 1), chi_square), 1.0)


def ways(categories: int, groups: int, *, ordered: bool = True) -> int:
    """Number of ways to merge categories into groups: C(c-1, r-1) ordered, Stirling's S(c, r) not.

    >>> ways(5, 3), ways(5, 3, ordered=False)
    (6, 25)
    """
    if ordered:
        return comb(categories - 1, groups - 1)
    table = [1] + [0] * groups
    for _ in range(categories):
        table = [0] + [table[r - 1] + r * table[r] for r in range(1, groups + 1)]
    return table[groups]


def log_multiplier(categories: int, *, ordered: bool, floating: bool = False) -> float:
    """Log of the number of all ways of merging categories into two groups or more.

    2^(c-1) - 1 for ordered answers; Bell's number less one for unordered ones. A
    missing answer beside c ordered ones may join any group or stand alone. Where only
    one category is left there is one way, and its log is nought.

    >>> round(np.exp(log_multiplier(5, ordered=True)))
    15
    """
    if floating and ordered:
        return log(max(1, sum(ways(categories - 1, r) * (r + 1) for r in range(1, categories)) - 1))
    counts = [ways(categories, r, ordered=ordered) for r in range(2, categories + 1)]
    return log(max(1, sum(counts)))
