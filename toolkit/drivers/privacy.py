"""Privacy: no cell of fewer than five respondents is shown, nor can one be worked out by subtracting.

One pass decides for everything a chapter shows, before anything is recorded. Cells
are offered in order of importance; each is shown unless, together with what is shown
already, it would give away a small one. What is left of a whole when all its parts but
one are known counts as shown too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FEWEST = 5
"""Respondents below which a cell is not shown."""


@dataclass(frozen=True)
class Cell:
    """Something to be shown: `counts` are the groups (n,) of respondents whose size it tells.

    `family` names the whole that it is a part of; cells of one family do not overlap.
    """

    name: tuple[str, ...]
    family: str
    counts: tuple[np.ndarray, ...]


def hidden(cells: Sequence[Cell], wholes: Mapping[str, Sequence[np.ndarray]]) -> frozenset[tuple[str, ...]]:
    """The names of the cells that must not be shown; `wholes` has for each family the totals of its counts.

    >>> few, many = np.arange(10) < 3, np.arange(10) >= 3
    >>> sorted(hidden([Cell(("a",), "f", (many,)), Cell(("b",), "f", (few,))], {"f": [few | many]}))
    [('a',), ('b',)]
    """
    shown: list[Cell] = []
    groups = [np.packbits(total) for totals in wholes.values() for total in totals]  # a bit each: a survey may be long
    secret = []
    for cell in cells:
        offered = [*cell.counts, *_left_over(cell, shown, wholes)]
        if any(_small(group) or _gives_away(group, groups) for group in offered):
            secret.append(cell.name)
        else:
            shown.append(cell)
            groups += [np.packbits(group) for group in offered]
    return frozenset(secret)


def _left_over(cell: Cell, shown: Sequence[Cell], wholes: Mapping[str, Sequence[np.ndarray]]) -> Iterator[np.ndarray]:
    """What remains of each total of a family once this cell is known as well."""
    kin = [other for other in shown if other.family == cell.family]
    for place, total in enumerate(wholes.get(cell.family, ())):
        known = [other.counts[place] for other in (*kin, cell) if place < len(other.counts)]
        yield total & ~np.any(known, axis=0)


def _small(group: np.ndarray) -> bool:
    return 0 < int(group.sum()) < FEWEST


def _gives_away(group: np.ndarray, others: Sequence[np.ndarray]) -> bool:
    """Whether a group, taken from one of the (packed) `others` that holds it or less one that it holds, leaves a small one."""
    if not others:
        return False
    table, own = np.array(others), int(group.sum())
    together, sizes = (np.bitwise_count(part).sum(axis=1, dtype=np.int64) for part in (table & np.packbits(group), table))
    inside, around = sizes[together == sizes], sizes[together == own]
    rests = np.concatenate([own - inside, around - own])
    return bool(((rests > 0) & (rests < FEWEST)).any())
