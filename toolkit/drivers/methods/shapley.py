"""LMG: the explained variance shared out by Shapley's rule, exactly or by sampled orders.

Lindeman, Merenda & Gold (1980); Grömping (2007), *The American Statistician* 61.
A driver's value is what it adds to R², averaged over all orders of entry. Grouped
drivers enter together (Owen 1977: the first level of his value).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np

from toolkit.drivers.methods.association import sweep
from toolkit.drivers.streams import stream

EXACT = 22
"""The largest number of players (drivers or groups) whose 2^p subsets are all computed."""
RINGS = 30
"""Rings of sampled orders: 2·p orders each."""
CHUNK = 2**18
"""Subsets times matrices worked on at once, which keeps the arrays in the cache."""


def shapley(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """LMG values (..., players) of a batch of associations; they sum to R².

    Exact to 22 players; beyond, by sampled orders of entry.
    """
    if len(players) > EXACT:
        return sampled_shapley(associations, players)[0]
    size = associations.shape[-1]
    batch = associations.reshape(-1, size, size)
    step = max(1, CHUNK >> len(players))
    starts = range(0, max(1, len(batch)), step)
    parts = [shares_of(subset_values(batch[start : start + step], players)) for start in starts]
    return np.concatenate(parts).reshape(*associations.shape[:-2], len(players))


def subset_values(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """R² (2^p, b) of every subset of p players, for a batch of b associations.

    Subset s holds player j where bit j of s is set. Grown player by player: for each
    subset so far, the conditional covariance of the drivers still to come; to leave a
    player out is to drop its rows, to take it in is one rank-1 update a column.
    """
    last = associations.shape[-1] - 1
    order = [*(column for player in players for column in player), last]
    rest = np.moveaxis(associations[:, order, :][..., order], 0, -1)[:, :, None]
    for player in players:
        taken = rest
        for _ in player:
            taken = sweep(taken)
        rest = np.concatenate([rest[len(player) :, len(player) :], taken], axis=2)
    return associations[:, -1, -1] - rest[0, 0]


def shares_of(values: np.ndarray) -> np.ndarray:
    """Shapley values (b, p) from the values (2^p, b) of all subsets.

    Each subset counts for its members and against the others; summing halves of the
    table, player by player from the last, takes 2·2^p additions instead of p·2^p.
    """
    p = len(values).bit_length() - 1
    joins = np.array([factorial(s) * factorial(p - 1 - s) / factorial(p) for s in range(p)] + [0.0])
    sizes = np.bitwise_count(np.arange(len(values), dtype=np.uint32)).astype(np.intp)
    against = joins[sizes] @ values
    table = (joins + np.concatenate([[0.0], joins[:-1]]))[sizes][:, None] * values
    shares = np.empty((values.shape[1], p))
    for player in reversed(range(p)):
        half = len(table) // 2
        shares[:, player] = table[half:].sum(axis=0) - against
        table = table[:half] + table[half:]
    return shares


def sampled_orders(players: int, rings: int, seed: int) -> np.ndarray:
    """Orders of entry (rings, 2·players, players): each ring from every start, both ways round.

    In a ring every player enters once in every place, which takes out most of the
    variance: what a driver adds depends mainly on how many are in already.
    """
    forward = stream(seed, "orders").permuted(np.tile(np.arange(players), (rings, 1)), axis=1)
    turned = (np.arange(players)[:, None] + np.arange(players)) % players
    return np.concatenate([forward[:, turned], forward[:, ::-1][:, turned]], axis=1)


def sampled_shapley(
    associations: np.ndarray, players: Sequence[Sequence[int]], *, rings: int = RINGS, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """LMG values (..., players) by sampled orders, and their Monte-Carlo standard errors.

    Castro, Gómez & Tejada (2009), *Computers & Operations Research* 36, the orders
    drawn in rings. Every order sums to R² exactly, so the mean does.
    """
    size = associations.shape[-1]
    batch = associations.reshape(-1, size, size)
    sequences = sampled_orders(len(players), rings, seed).reshape(-1, len(players))
    values = np.empty((len(batch), len(players)))
    errors = np.empty_like(values)
    for i, matrix in enumerate(batch):
        gains = _gains(matrix, players, sequences)
        values[i], errors[i] = ring_means(gains.reshape(rings, -1, len(players)))
    shape = (*associations.shape[:-2], len(players))
    return values.reshape(shape), errors.reshape(shape)


def ring_means(gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (p,) of gains (rings, orders, p), and its standard error from ring to ring."""
    means = gains.mean(axis=1)
    return means.mean(axis=0), means.std(axis=0, ddof=min(1, len(means) - 1)) / np.sqrt(len(means))


def _gains(association: np.ndarray, players: Sequence[Sequence[int]], sequences: np.ndarray) -> np.ndarray:
    """What each player adds to R² (orders, players) when it enters in each of the orders."""
    owner = np.repeat(np.arange(len(players)), [len(player) for player in players])
    columns = np.array([column for player in players for column in player])
    place = np.argsort(sequences, axis=1)[:, owner]
    entry = np.argsort(place, axis=1, kind="stable")
    outcome = np.full((len(sequences), 1), association.shape[-1] - 1)
    order = np.concatenate([columns[entry], outcome], axis=1)
    rest = np.moveaxis(association[order[:, :, None], order[:, None, :]], 0, -1)
    gains = np.zeros((len(sequences), len(players)))
    for step in range(len(columns)):
        before, rest = rest[-1, -1], sweep(rest)
        np.add.at(gains, (np.arange(len(gains)), owner[entry[:, step]]), before - rest[-1, -1])
    return gains


def owen(association: np.ndarray, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Owen values (columns,) in the order of `groups`: each group's LMG value shared out within it.

    Owen (1977). A member's gain is averaged over the subsets of the other groups, whole,
    and the subsets of its own group; the members of a group sum to the group's LMG value.
    """
    values = []
    for i, group in enumerate(groups):
        others = [other for j, other in enumerate(groups) if j != i]
        table = subset_values(association[None], [[c] for c in group] + list(others))[:, 0]
        weights = np.array([_entry_weight(len(others), s) for s in np.bitwise_count(np.arange(2 ** len(others)))])
        within = weights @ table.reshape(2 ** len(others), 2 ** len(group))
        values.append(shares_of((within - within[0])[:, None])[0])
    return np.concatenate(values)


def _entry_weight(others: int, inside: int) -> float:
    return factorial(int(inside)) * factorial(others - int(inside)) / factorial(others + 1)
