"""The methods that measure how much each driver matters, all with the same form.

    METHODS["shapley"](answers, outcome)  →  one value per driver, in units of R²

To add one: a function from associations to values in this folder, and a line in
`DECOMPOSITIONS`. Nothing here knows the name of any driver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from toolkit.drivers.methods.association import association, covariance
from toolkit.drivers.methods.relative_weights import relative_weights
from toolkit.drivers.methods.shapley import shapley
from toolkit.drivers.methods.simple import correlation, first, last, pratt
from toolkit.drivers.sample import read_players, read_sample

Decomposition = Callable[[np.ndarray, Sequence[Sequence[int]]], np.ndarray]

DECOMPOSITIONS: Mapping[str, Decomposition] = {
    "shapley": shapley,
    "relative_weights": relative_weights,
    "first": first,
    "last": last,
    "pratt": pratt,
    "correlation": correlation,
}
"""Functions from associations (..., k+1, k+1) and players to values (..., players)."""


def _of_answers(name: str, decompose: Decomposition) -> Callable[..., np.ndarray]:
    def method(
        answers: Any,
        outcome: Any,
        *,
        weights: Any = None,
        groups: Mapping[Any, Sequence[Any]] | None = None,
        always: Sequence[Any] | None = None,
    ) -> np.ndarray:
        sample = read_sample(answers, outcome, weights=weights, incomplete="refuse")
        _, players, forced = read_players(sample.drivers, groups, always)
        matrix = association(covariance(sample.answers, sample.outcome, sample.weights), forced)
        return decompose(matrix, renumbered(players, forced))

    method.__name__ = method.__qualname__ = name
    method.__doc__ = (decompose.__doc__ or "").partition("\n")[0] + "\n\nOf answers and outcome: see `METHODS`."
    return method


def renumbered(players: Sequence[Sequence[int]], forced: Sequence[int]) -> list[list[int]]:
    """The players' columns as they are counted once the forced-in columns have gone."""
    return [[column - sum(f < column for f in forced) for column in player] for player in players]


METHODS: Mapping[str, Callable[..., np.ndarray]] = {
    name: _of_answers(name, decompose) for name, decompose in DECOMPOSITIONS.items()
}
"""Functions `(answers (n, k), outcome (n,), *, weights, groups, always)` → array (k,).

`answers` is a DataFrame or an array, complete; `weights` (n,) are 0 or more. `groups`
maps a name to columns and gives one value per group, groups first, then the columns
in no group. Columns `always` in are left out of the result, which then measures what
the others add. Values are in units of R²; `correlation` gives a signed r. A constant
driver has 0. Refuses missing answers and a constant outcome, never a small sample.

>>> METHODS["shapley"]([[1, 1], [2, 1], [3, 2], [4, 2]], [1, 2, 3, 4]).round(3)
array([0.6, 0.4])
"""
