"""McFadden dominance: importance for an outcome that is yes/no or ordered, not a quantity.

Azen & Traxel (2009), *Journal of Educational and Behavioral Statistics* 34: Shapley's
rule applied to McFadden's R², 1 - log-likelihood / log-likelihood without drivers, of
cumulative logits. Point estimates; all 2^p models to twelve players, sampled orders beyond.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers.logit import fit_logits
from toolkit.drivers.methods.association import standardised
from toolkit.drivers.methods.shapley import ring_means, sampled_orders, shares_of
from toolkit.drivers.sample import Sample, read_players, read_sample
from toolkit.finding import Refusal, Refused
from toolkit.units import Count, Ratio, Share

EXACT = 12
"""The largest number of players whose 2^p models are all fitted."""
MOST_LEVELS = 20
"""An outcome with more levels than this is a quantity, not a scale."""


@dataclass(frozen=True)
class Dominance:
    """Each player's part (p,) of McFadden's R²; they sum to `r2` less what is always in.

    `monte_carlo_error` is the largest standard error of a value by sampled orders, None
    where all models were fitted. `separated`: some model predicts the outcome entirely.
    """

    drivers: tuple[Any, ...]
    values: np.ndarray
    r2: Share
    levels: Count
    n: Count
    monte_carlo_error: Share | None
    separated: bool

    @property
    def leader(self) -> Any:
        """The driver with the largest value (a point estimate: no claim that it may be named)."""
        return self.drivers[int(np.argmax(self.values))]


def dominance(
    answers: Any,
    outcome: Any,
    *,
    weights: Any = None,
    groups: Mapping[Any, Sequence[Any]] | None = None,
    always: Sequence[Any] | None = None,
    rings: int = 8,
    seed: int = 0,
) -> Dominance:
    """How much each driver adds to McFadden's R², averaged over all orders of entry.

    `outcome` (n,) has two or more ordered levels; with two it is a plain logit. Beyond
    twelve players, orders are sampled in `rings`. Incomplete rows are left out. Refuses
    an outcome of more than twenty levels.
    """
    sample = read_sample(answers, outcome, weights=weights)
    levels = len(np.unique(sample.outcome))
    if levels > MOST_LEVELS:
        raise Refused([Refusal("outcome_not_levels", field="outcome", given=levels, values={"most": MOST_LEVELS})])
    names, players, forced = read_players(sample.drivers, groups, always)
    exact = len(players) <= EXACT
    orders = sampled_orders(len(players), rings, seed)
    sets = _all_sets(len(players)) if exact else _prefixes(orders)
    needed, back = np.unique(sets.reshape(-1, len(players)), axis=0, return_inverse=True)
    values, whole, separated = _mcfadden(sample, needed, players, forced)
    table, error = values[back.ravel()].reshape(sets.shape[:-1]), None
    if exact:
        shares = shares_of((table - table[0])[:, None])[0]
    else:
        gains = np.take_along_axis(np.diff(table, axis=-1), np.argsort(orders, axis=-1), axis=-1)
        shares, errors = ring_means(gains)
        error = float(errors.max())
    return Dominance(tuple(names), shares, whole, levels, sample.n, error, separated)


def _mcfadden(
    sample: Sample, sets: np.ndarray, players: Sequence[Sequence[int]], forced: Sequence[int]
) -> tuple[np.ndarray, float, bool]:
    """McFadden's R² of each set of players, of all of them, and whether any fit is separated."""
    k = len(sample.drivers)
    inside = np.zeros((len(sets) + 2, k), bool)
    for member, player in zip(sets.T, players, strict=True):
        inside[: len(sets), player] |= member[:, None]
    inside[: len(sets), forced] = True
    inside[-1] = True
    scaled = standardised(sample.answers, sample.weights / sample.weights.sum())
    fits = fit_logits(scaled, sample.outcome, weights=sample.weights, include=inside)
    values = 1 - fits.log_likelihood / fits.log_likelihood[-2]
    return values[:-2], float(values[-1]), bool(fits.separated.any())


def _all_sets(players: int) -> np.ndarray:
    return (np.arange(2**players)[:, None] >> np.arange(players)) & 1 == 1


def _prefixes(sequences: np.ndarray) -> np.ndarray:
    """For each order (..., p) the sets (..., p+1, p) reached as the players enter one by one."""
    places = np.argsort(sequences, axis=-1)
    return places[..., None, :] < np.arange(sequences.shape[-1] + 1)[:, None]


@dataclass(frozen=True)
class Agreement:
    """How far two rankings of the same drivers agree: Kendall's τ, and whether the first is the same."""

    tau: Ratio
    same_first: bool


def agreement(one: np.ndarray, other: np.ndarray) -> Agreement:
    """Compare two rankings of the same drivers, such as a linear and an ordinal one.

    >>> agreement(np.array([0.3, 0.2, 0.1]), np.array([0.5, 0.1, 0.3]))
    Agreement(tau=0.3333333333333333, same_first=True)
    """
    i, j = np.triu_indices(len(one), 1)
    signs = np.sign(one[i] - one[j]) * np.sign(other[i] - other[j])
    tau = float(signs.mean()) if len(signs) else 1.0
    return Agreement(tau, int(np.argmax(one)) == int(np.argmax(other)))
