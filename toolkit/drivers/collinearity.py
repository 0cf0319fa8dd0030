"""Collinearity and halo: how much the drivers say the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.importance import association_of
from toolkit.drivers.methods import METHODS
from toolkit.drivers.methods.association import TINY, explained
from toolkit.drivers.sample import read_sample
from toolkit.units import Count, Ratio, Share


@dataclass(frozen=True)
class Collinearity:
    """How strongly drivers go together.

    `inflation`: per driver, by how much the others inflate the variance of its
    coefficient (VIF), None where they determine it entirely. `condition_number`: root
    of the ratio of largest to smallest eigenvalue of their correlations, None where
    the smallest is 0. `first_share`: share of the first eigenvalue, the halo.
    `straight_liners`: respondents who gave the same answer to every driver.
    """

    inflation: Mapping[Any, Ratio | None]
    condition_number: Ratio | None
    first_share: Share
    straight_liners: Count
    n: Count


def collinearity(answers: Any, outcome: Any, *, weights: Any = None) -> Collinearity:
    """Variance inflation, condition number, first-eigenvalue share and straight-liners.

    Belsley, Kuh & Welsch (1980), *Regression Diagnostics*. Constant drivers are left out.
    """
    sample = read_sample(answers, outcome, weights=weights)
    among = association_of(sample)[:-1, :-1]
    varies = np.flatnonzero(np.diag(among) > TINY)
    inflation = {name: _inflation(among, i, varies) for i, name in enumerate(sample.drivers) if i in varies}
    values = np.linalg.eigvalsh(among[np.ix_(varies, varies)]) if len(varies) else np.array([0.0])
    number = float(np.sqrt(values[-1] / values[0])) if values[0] > TINY else None
    share = float(values[-1] / max(len(varies), 1))
    return Collinearity(inflation, number, share, int(straight_lines(sample.answers).sum()), sample.n)


def _inflation(among: np.ndarray, driver: int, varies: np.ndarray) -> float | None:
    others = [i for i in varies if i != driver]
    order = [*others, driver]
    left = 1 - float(explained(among[np.ix_(order, order)], range(len(others))))
    return 1 / left if left > TINY else None


def straight_lines(answers: np.ndarray) -> np.ndarray:
    """Which respondents (n,) gave one and the same answer to all of three or more drivers."""
    if answers.shape[1] < 3:
        return np.zeros(len(answers), bool)
    return (answers == answers[:, :1]).all(axis=1)


@dataclass(frozen=True)
class Halo:
    """Values of a method with and without straight-liners; `changes`: another driver comes first."""

    drivers: tuple[Any, ...]
    with_all: np.ndarray
    without: np.ndarray | None
    straight_liners: Count
    n: Count
    changes: bool


def halo(
    answers: Any, outcome: Any, *, method: str = "shapley", weights: Any = None, always: Sequence[Any] | None = None
) -> Halo:
    """What the drivers' values become when those who answered everything alike are left out.

    `without` is None where too little is left to compare.
    """
    sample = read_sample(answers, outcome, weights=weights)
    forced = [sample.drivers.index(name) for name in always or ()]
    names = tuple(name for i, name in enumerate(sample.drivers) if i not in forced)
    straight = straight_lines(sample.answers)
    values = METHODS[method](sample.answers, sample.outcome, weights=sample.weights, always=forced)
    rest, without = sample.only(~straight), None
    if rest.n > len(sample.drivers) + 1 and np.ptp(rest.outcome) > 0:
        without = METHODS[method](rest.answers, rest.outcome, weights=rest.weights, always=forced)
    changes = without is not None and int(np.argmax(values)) != int(np.argmax(without))
    return Halo(names, values, without, int(straight.sum()), sample.n, changes)
