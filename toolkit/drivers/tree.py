"""A tree of conditions: which combinations of answers go with the outcome, and no more than the data hold.

CHAID (Kass 1980) with its errors under control: at every node the p-value of the best
grouping of each driver is multiplied by the number of all ways of merging its answers
and by the number of drivers; small tables are tested by permutation; no leaf is
smaller than asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, log
from typing import Any

import numpy as np

from toolkit.drivers.chi_square import independence, least_log_p
from toolkit.drivers.intervals import wilson
from toolkit.drivers.merging import Groups, log_multiplier, merge
from toolkit.drivers.streams import stream
from toolkit.drivers.tree_data import TreeData, read_tree_data
from toolkit.units import Count, Ratio, Share


@dataclass(frozen=True)
class Split:
    """Where and how respondents are told apart: by one driver's answers, in groups.

    `p` is corrected for all ways of merging and for the number of drivers;
    `permuted` says that it was counted, not approximated. A missing answer is None.
    """

    driver: Any
    groups: tuple[tuple[Any, ...], ...]
    conditions: Mapping[Any, tuple[Any, ...]]
    n: Count
    chi_square: Ratio
    degrees: Count
    p: Share
    permuted: bool


@dataclass(frozen=True)
class Leaf:
    """Respondents who meet `conditions` (driver → answers), and how many have the highest outcome.

    `low` and `high` are a Wilson interval of `share` for independent respondents;
    `shares` are those of all outcome levels, lowest first.
    """

    n: Count
    share: Share
    low: Share
    high: Share
    conditions: Mapping[Any, tuple[Any, ...]]
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Node:
    """A node inside: counts per outcome level, and, unless it is a leaf, its driver, groups and children."""

    counts: tuple[int, ...]
    driver: int = -1
    groups: Groups = ()
    children: tuple[Node, ...] = ()
    test: tuple[float, int, float, bool] = (0.0, 0, 1.0, False)


@dataclass(frozen=True)
class Tree:
    """A grown tree: its leaves from the first answer groups to the last, and its splits from the root down."""

    leaves: tuple[Leaf, ...]
    splits: tuple[Split, ...]
    n: Count
    share: Share
    levels: tuple[Any, ...]
    alpha: Share
    min_leaf: Count
    root: Node = field(repr=False)
    data: TreeData = field(repr=False, compare=False)

    def leaf_of(self) -> np.ndarray:
        """For each respondent with an outcome (n,) the position of their leaf in `leaves`."""
        places = np.empty(self.n, dtype=int)
        for position, (rows, _, _) in enumerate(_walk_leaves(self.root, self.data)):
            places[rows] = position
        return places


def grow_tree(
    answers: Any,
    outcome: Any,
    *,
    alpha: float = 0.01,
    min_leaf: int = 30,
    scale: str | Mapping[Any, str] = "ordered",
    seed: int = 0,
) -> Tree:
    """Grow a tree on answers (n, k) for an outcome (n,) of two or more levels.

    `scale` is `"ordered"` (neighbouring answers may merge) or `"unordered"` (any may),
    for all drivers or per driver. A missing answer is a category of its own that may
    join any group; respondents without outcome are left out. Leaves give the share of
    the highest level. Raises `Refused` for a constant outcome and for drivers of more
    than twenty levels.

    >>> tree = grow_tree([[1]] * 40 + [[2]] * 40, [0] * 36 + [1] * 4 + [0] * 8 + [1] * 32)
    >>> [(leaf.conditions, leaf.n, leaf.share) for leaf in tree.leaves]
    [({0: (1.0,)}, 40, 0.1), ({0: (2.0,)}, 40, 0.8)]
    """
    data = read_tree_data(answers, outcome, scale, alpha, min_leaf)
    return tree_of(data, grow(data, np.arange(data.n), alpha, min_leaf, seed), alpha, min_leaf)


def grow(data: TreeData, rows: np.ndarray, alpha: float, min_leaf: int, seed: int) -> Node:
    """The root of a tree grown on some rows of the data (which may repeat)."""
    rng = stream(seed, "permutation")

    def node(rows: np.ndarray) -> Node:
        tables = data.tables(rows)
        counts = tuple(tables[0].sum(axis=0).tolist())
        best = _best(data, tables, alpha, min_leaf, rng) if len(rows) >= 2 * min_leaf else None
        if best is None:
            return Node(counts)
        driver, groups, test = best
        codes = data.codes[rows, driver]
        children = tuple(node(rows[_among(codes, group)]) for group in groups)
        return Node(counts, driver, groups, children, test)

    return node(rows)


def _among(codes: np.ndarray, group: tuple[int, ...]) -> np.ndarray:
    """Which codes (n,), from nought, are in a group: looked up, as there are many rows and few codes."""
    known = np.zeros(max(codes.max(initial=0), *group) + 1, bool)
    known[list(group)] = True
    return known[codes]


def _best(
    data: TreeData, tables: list[np.ndarray], alpha: float, min_leaf: int, rng: np.random.Generator
) -> tuple[int, Groups, tuple[float, int, float, bool]] | None:
    """The driver whose grouping has the smallest corrected p-value, if that is under alpha."""
    best, lowest = None, log(alpha)
    bounds = least_log_p(tables)
    for driver in np.argsort(bounds, kind="stable"):
        table, ordered = tables[driver], data.ordered[driver]
        floating = bool(data.floating[driver] and table[-1].sum())
        categories = int((table.sum(axis=1) > 0).sum())
        correction = log_multiplier(categories, ordered=ordered, floating=floating) + log(len(tables))
        if bounds[driver] + correction >= lowest:
            continue
        groups = merge(table, alpha=alpha, min_leaf=min_leaf, ordered=ordered, floating=floating)
        if len(groups) < 2:
            continue
        merged = np.array([table[list(group)].sum(axis=0) for group in groups])
        test = independence(merged, rng, smallest=exp(log(alpha) - correction))
        if test.log_p + correction < lowest:
            lowest = test.log_p + correction
            p = min(1.0, exp(max(lowest, -690.0)))
            best = (int(driver), groups, (test.chi_square, test.degrees, p, test.permuted))
    return best


def tree_of(data: TreeData, root: Node, alpha: float, min_leaf: int) -> Tree:
    """The tree in the words of the data: answers instead of codes."""
    leaves = tuple(_leaf(node.counts, data.named(path)) for _, node, path in _walk_leaves(root, data))
    splits = tuple(
        Split(
            data.drivers[node.driver],
            tuple(tuple(data.answers[node.driver][code] for code in group) for group in node.groups),
            data.named(path),
            sum(node.counts),
            *node.test,
        )
        for node, path in walk_splits(root)
    )
    share = root.counts[-1] / sum(root.counts)
    return Tree(leaves, splits, data.n, share, data.levels, alpha, min_leaf, root, data)


def walk_splits(root: Node) -> Iterator[tuple[Node, tuple[tuple[int, tuple[int, ...]], ...]]]:
    """Every node that splits, level by level, with the path (driver, group) that leads to it."""
    level = [(root, ())]
    while level:
        yield from ((node, path) for node, path in level if node.children)
        level = [
            (child, (*path, (node.driver, group)))
            for node, path in level
            for group, child in zip(node.groups, node.children, strict=True)
        ]


def _walk_leaves(root: Node, data: TreeData) -> Iterator[tuple[np.ndarray, Node, tuple]]:
    """Every leaf with its rows and its path, depth first."""

    def walk(node: Node, rows: np.ndarray, path: tuple) -> Iterator[tuple[np.ndarray, Node, tuple]]:
        if not node.children:
            yield rows, node, path
        for group, child in zip(node.groups, node.children, strict=True):
            inside = rows[_among(data.codes[rows, node.driver], group)]
            yield from walk(child, inside, (*path, (node.driver, group)))

    yield from walk(root, np.arange(data.n), ())


def _leaf(counts: tuple[int, ...], conditions: Mapping[Any, tuple[Any, ...]]) -> Leaf:
    n = sum(counts)
    low, high = wilson(counts[-1], n)
    return Leaf(n, counts[-1] / n, low, high, conditions, tuple(count / n for count in counts))
