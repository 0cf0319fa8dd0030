"""Relative weights: Johnson's quick relation to LMG.

Johnson (2000), *Multivariate Behavioral Research* 35: the drivers are replaced by the
orthogonal variables closest to them, whose squared effects are handed back to the
drivers by squared correlation. Not the weights of principal components, which go
under the same name in some tools.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.drivers.methods.association import TINY


def relative_weights(associations: np.ndarray, players: Sequence[Sequence[int]]) -> np.ndarray:
    """Johnson's weights (..., players) of a batch of associations; they sum to R².

    A group has the sum of its members' weights.

    >>> among = [[1, 0.3, 0.41, 0.33], [0.3, 1, 0.16, 0.57], [0.41, 0.16, 1, 0.5], [0.33, 0.57, 0.5, 1]]
    >>> relative_weights(np.array(among), [[0], [1], [2]]).round(6)
    array([0.040535, 0.267933, 0.188006])
    """
    values, vectors = np.linalg.eigh(associations[..., :-1, :-1])
    usable = values > TINY
    roots = np.sqrt(np.where(usable, values, 0.0))
    inverse = np.where(usable, 1 / np.where(usable, roots, 1), 0.0)
    closest = (vectors * roots[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    inverted = (vectors * inverse[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    effects = inverted @ associations[..., :-1, -1:]
    weights = (closest**2 @ effects**2)[..., 0]
    return np.stack([weights[..., list(player)].sum(axis=-1) for player in players], axis=-1)
