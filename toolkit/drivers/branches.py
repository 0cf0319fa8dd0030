"""The tree of the leading outcome's top box: its splits, how often they return, and its leaves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Branch, Label, Twig
from toolkit.drivers.steps import spans
from toolkit.drivers.tree import Leaf, Tree, grow_tree
from toolkit.drivers.tree_data import MOST_LEVELS
from toolkit.drivers.tree_stability import Stability, tree_stability
from toolkit.units import Estimate

RESAMPLES = 200


def grown(reading: Reading, seed: int) -> tuple[Tree, Stability] | None:
    """The tree and its stability; None where nothing is left to tell apart."""
    top = reading.top(reading.leading)
    usable = [name for name in reading.items if reading.items[name].nunique() <= MOST_LEVELS]
    if not usable or len(np.unique(top[~np.isnan(top)])) < 2:
        return None
    tree = grow_tree(reading.items[usable], top, seed=seed)
    return tree, tree_stability(tree, clusters=reading.clusters, resamples=RESAMPLES, seed=seed)


def branches(reading: Reading, stability: Stability) -> tuple[Branch, ...]:
    """The splits from the root down."""
    return tuple(
        Branch(
            found.split.driver,
            reading.label(found.split.driver),
            " | ".join(spans(group) for group in found.split.groups),
            found.split.n,
            found.split.p,
            found.returns,
            found.same_groups,
        )
        for found in stability.splits
    )


def twigs(reading: Reading, stability: Stability, secret: frozenset = frozenset()) -> tuple[Twig, ...]:
    """The leaves, the highest share first; the share is None where it must not be shown."""
    rows = []
    for place, rate in enumerate(stability.leaves):
        leaf = rate.leaf
        share = leaf.share if rate.low is None else Estimate(leaf.share, rate.low, rate.high, leaf.n)
        rows.append((leaf.share, Twig(_conditions(reading, leaf), leaf.n, None if ("leaf", str(place)) in secret else share)))
    return tuple(row for _, row in sorted(rows, key=lambda pair: -pair[0]))


def _conditions(reading: Reading, leaf: Leaf) -> Label:
    """The conditions of a leaf as people say them, per language."""
    named = [(reading.label(driver), spans(answers)) for driver, answers in leaf.conditions.items()]
    languages: Mapping = dict.fromkeys(language for label, _ in named for language in label) or {"": None}
    return {
        language: ", ".join(f"{label.get(language, next(iter(label.values())))} {span}" for label, span in named) or "–"
        for language in languages
    }


def cells_of_leaves(reading: Reading, tree: Tree) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that the leaves would show, and the wholes they are parts of."""
    top = reading.top(reading.leading)
    known = ~np.isnan(top)
    places = np.full(reading.n, -1)
    places[np.flatnonzero(known)] = tree.leaf_of()
    cells = []
    for place in range(len(tree.leaves)):
        inside = places == place
        cells.append(Cell(("leaf", str(place)), "leaves", (inside & (top == 1), inside & (top == 0))))
    return cells, {"leaves": [known & (top == 1), known & (top == 0)]}
