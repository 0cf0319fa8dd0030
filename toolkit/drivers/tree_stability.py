"""How far to trust a tree: how often its splits return, and its leaves with honest intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.sample import read_clusters
from toolkit.drivers.shares import rate
from toolkit.drivers.streams import stream
from toolkit.drivers.tree import Leaf, Node, Split, Tree, grow, walk_splits
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Share


@dataclass(frozen=True)
class SplitStability:
    """How often a split returns over resamples: by the same driver, and with the very same groups.

    It can return only where the splits above it did.
    """

    split: Split
    returns: Share
    same_groups: Share


@dataclass(frozen=True)
class LeafRate:
    """A leaf's share with an interval that knows about companies; None with fewer than six.

    Where all or none in the leaf have the outcome companies cannot differ, and the
    interval is that of independent respondents.
    """

    leaf: Leaf
    low: Share | None
    high: Share | None


@dataclass(frozen=True)
class Stability:
    """What resampling says of a tree: of companies where `companies` is a number, else of respondents."""

    splits: tuple[SplitStability, ...]
    leaves: tuple[LeafRate, ...]
    resamples: Count
    companies: Count | None


def tree_stability(tree: Tree, *, clusters: Any = None, resamples: int = 200, seed: int = 0) -> Stability:
    """Grow the tree again on resampled companies (or respondents) and see which splits come back.

    `clusters` has one company for each row the tree was given.
    """
    problems: list[Refusal] = []
    given = len(tree.data.kept)
    codes, companies = read_clusters(clusters, given, problems)
    if problems:
        raise Refused(problems)
    if codes is not None:
        present, codes = np.unique(codes[tree.data.kept], return_inverse=True)
        companies = tuple(companies[code] for code in present)
    rng = stream(seed, "stability")
    found = [walked for walked, _ in walk_splits(tree.root)]
    counts = np.zeros((len(found), 2))
    for number in range(resamples):
        rows = _resampled(tree.n, codes, rng)
        again = grow(tree.data, rows, tree.alpha, tree.min_leaf, seed + number)
        for node, same in _returned(tree.root, again):
            counts[next(i for i, one in enumerate(found) if one is node)] += [1, same]
    rates = (counts / resamples).tolist()
    splits = tuple(SplitStability(split, *rate) for split, rate in zip(tree.splits, rates, strict=True))
    return Stability(splits, _leaf_rates(tree, codes), resamples, len(companies) if companies else None)


def _resampled(n: int, clusters: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
    if clusters is None:
        return rng.integers(n, size=n)
    order = np.argsort(clusters, kind="stable")
    starts = np.searchsorted(clusters[order], np.arange(clusters.max() + 2))
    drawn = rng.integers(clusters.max() + 1, size=clusters.max() + 1)
    return np.concatenate([order[starts[c] : starts[c + 1]] for c in drawn])


def _returned(node: Node, again: Node) -> Iterator[tuple[Node, bool]]:
    """The splits of a tree that another tree also has, and whether with the same groups.

    Below a split that returned, each child is looked for in the other tree's child
    that shares most of its answers.
    """
    if not node.children or again.driver != node.driver or not again.children:
        return
    yield node, set(map(frozenset, node.groups)) == set(map(frozenset, again.groups))
    for group, child in zip(node.groups, node.children, strict=True):
        shared = [len(set(group) & set(other)) for other in again.groups]
        yield from _returned(child, again.children[int(np.argmax(shared))])


def _leaf_rates(tree: Tree, clusters: np.ndarray | None) -> tuple[LeafRate, ...]:
    if clusters is None:
        return tuple(LeafRate(leaf, leaf.low, leaf.high) for leaf in tree.leaves)
    places, top = tree.leaf_of(), (tree.data.outcome == len(tree.levels) - 1).astype(float)
    found = [rate(top, places == position, np.ones(len(top)), clusters) for position in range(len(tree.leaves))]
    return tuple(LeafRate(leaf, one.low, one.high) for leaf, one in zip(tree.leaves, found, strict=True))
