"""The plain methods, to be shown beside LMG: first, last, Pratt and correlation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.drivers.methods.association import TINY, explained


def first(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """R² (..., players) of each driver alone: its squared correlation with the outcome."""
    return np.stack([explained(associations, player) for player in players], axis=-1)


def last(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """What each driver adds to R² (..., players) when all the others are already in."""
    everyone = [column for player in players for column in player]
    without = [explained(associations, [c for c in everyone if c not in player]) for player in players]
    return np.maximum(explained(associations, everyone)[..., None] - np.stack(without, axis=-1), 0)


def coefficients(associations: np.ndarray) -> np.ndarray:
    """Standardised regression coefficients (..., k); copies of one driver share theirs equally."""
    among, outcome = associations[..., :-1, :-1], associations[..., :-1, -1:]
    return (np.linalg.pinv(among, rcond=TINY, hermitian=True) @ outcome)[..., 0]


def pratt(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """Coefficient times correlation (..., players); they sum to R² and may be negative.

    Pratt (1987), *Proceedings of the Second International Tampere Conference in Statistics*.
    """
    products = coefficients(associations) * associations[..., :-1, -1]
    return np.stack([products[..., list(player)].sum(axis=-1) for player in players], axis=-1)


def correlation(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """Correlation with the outcome (..., players), signed; partial where drivers are always in.

    A constant driver has 0. A group of several drivers has its multiple correlation,
    which has no sign.
    """
    left = associations[..., -1, -1]
    scale = np.where(left > TINY, 1 / np.sqrt(np.where(left > TINY, left, 1)), 0.0)

    def one(player: Sequence[int]) -> np.ndarray:
        if len(player) == 1:
            return associations[..., player[0], -1]
        return np.sqrt(np.maximum(explained(associations, player), 0))

    return np.stack([one(player) for player in players], axis=-1) * scale[..., None]
