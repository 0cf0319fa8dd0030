"""Cumulative logits: many fits at once of a binary or ordered outcome, by Newton's method.

McCullagh (1980), *Journal of the Royal Statistical Society B* 42: the log odds of an
answer of at most level j are τ_j - βx. A binary outcome is the case of two levels.
Fits differ in the drivers they include or in the weights of the respondents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

CHUNK = 2**18
"""Respondents times fits worked on at once."""
STEPS = 50
FURTHEST = 4.0
"""Largest change of anyone's log odds in one step: keeps a separated fit from leaping away."""
STILL = 0.2
"""A last step that moves anyone's log odds further than this never ends: the levels are separated."""
CLOSE = 1e-7
"""Newton decrement, per unit of weight, at which a fit has arrived."""


@dataclass(frozen=True)
class Fits:
    """m fits: coefficients (m, k), 0 where a driver is not in; log-likelihoods (m,).

    `separated` (m,) marks fits whose drivers tell some levels apart entirely, so that
    a coefficient has no finite value and the one given means nothing.
    """

    coefficients: np.ndarray
    log_likelihood: np.ndarray
    separated: np.ndarray


def fit_logits(
    answers: np.ndarray, outcome: np.ndarray, *, weights: np.ndarray | None = None, include: np.ndarray | None = None
) -> Fits:
    """Fit cumulative logits of `outcome` (n,) on `answers` (n, k), many at a time.

    `include` (m, k) says which drivers are in each fit; `weights` (n,) belong to all
    fits or (m, n) to each. Every level of the outcome must occur with weight in every
    fit. Answers should be about standardised.

    >>> fits = fit_logits(np.array([[0.0], [0], [1], [1]]), np.array([0, 0, 0, 1]), include=np.array([[False]]))
    >>> fits.log_likelihood.round(6)
    array([-2.249341])
    """
    levels, codes = np.unique(outcome, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    sorted_answers = _Sorted.by_level(answers[order], np.searchsorted(codes[order], np.arange(len(levels) + 1)))
    weights = np.ones((1, len(codes))) if weights is None else np.atleast_2d(weights)[:, order]
    include = np.ones((1, answers.shape[1]), bool) if include is None else include
    count = max(len(weights), len(include))
    step = max(1, CHUNK // len(codes))
    centre = _centre(sorted_answers, weights.mean(axis=0, keepdims=True), include.any(axis=0)) if count > 1 else None
    parts = []
    for start in range(0, count, step):
        chunk = slice(start, min(start + step, count))
        heavy = weights if len(weights) == 1 else weights[chunk]
        inside = include if len(include) == 1 else include[chunk]
        inside = np.broadcast_to(inside, (chunk.stop - start, include.shape[1]))
        parts.append(_newton(sorted_answers, heavy, inside, centre)[:3])
    return Fits(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


@dataclass(frozen=True)
class _Sorted:
    """Answers (n, k) sorted by outcome level, the products of their columns, and where levels begin."""

    table: np.ndarray
    products: np.ndarray
    bounds: np.ndarray

    @classmethod
    def by_level(cls, table: np.ndarray, bounds: np.ndarray) -> _Sorted:
        """With the products of all pairs of columns, which every step needs."""
        i, j = np.triu_indices(table.shape[1])
        return cls(table, table[:, i] * table[:, j], bounds)


def _centre(data: _Sorted, weights: np.ndarray, include: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Estimate (q,) and information (q, q) of the fit with everything in, near which the others start."""
    _, _, separated, theta = _newton(data, weights, include[None], None)
    if separated[0]:
        return None
    return theta[0], _score(data, weights.T, theta)[2][0]


def _start(data: _Sorted, weights: np.ndarray, free: np.ndarray, centre: tuple | None) -> np.ndarray:
    """Where Newton begins (m, q): the best of the `centre`'s parabola, or the thresholds alone."""
    cuts = len(data.bounds) - 2
    if centre is None:
        mass = np.add.reduceat(weights, data.bounds[:-1], axis=1).cumsum(axis=1)
        below = mass[:, :-1] / mass[:, -1:]
        return np.concatenate([np.log(below / (1 - below)), np.zeros((len(free), free.shape[1] - cuts))], axis=1)
    theta, information = centre
    pull = np.where(free, np.where(free, 0.0, theta) @ information, 0)
    step, _ = _solve(pull, np.broadcast_to(information, (len(free), *information.shape)), free)
    start = np.where(free, theta + step, 0)
    ordered = (np.diff(start[:, :cuts], axis=1) > 0).all(axis=1)
    return np.where(ordered[:, None], start, _start(data, weights, free, None))


def _newton(data: _Sorted, weights: np.ndarray, include: np.ndarray, centre: tuple | None) -> tuple[np.ndarray, ...]:
    """Coefficients, log-likelihoods, separation and all parameters of one chunk of fits."""
    table, cuts, count = data.table, len(data.bounds) - 2, len(include)
    free = np.concatenate([np.ones((count, cuts), bool), include], axis=1)
    weights = np.broadcast_to(weights, (count, weights.shape[1]))
    totals = weights.sum(axis=1)
    theta = _start(data, weights, free, centre)
    likelihood, moving, separated = np.empty(count), np.arange(count), np.ones(count, bool)
    for _ in range(STEPS):
        found, gradient, information = _score(data, weights[moving].T, theta[moving])
        step, decrement = _solve(gradient, information, free[moving])
        likelihood[moving] = found + decrement / 2
        arrived = decrement < CLOSE * totals[moving]
        far = np.abs(step[:, cuts:] @ table.T).max(axis=1) + np.abs(step[:, :cuts]).max(axis=1)
        separated[moving] = far > STILL
        theta[moving] += _tempered(step, far, theta[moving], cuts)
        moving = moving[~arrived]
        if not len(moving):
            break
    separated[moving] = True
    return theta[:, cuts:], np.minimum(likelihood, 0), separated, theta


def _solve(gradient: np.ndarray, information: np.ndarray, free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = free.shape[1]
    gradient = np.where(free, gradient, 0)
    information = np.where(free[:, :, None] & free[:, None, :], information, 0)
    scale = np.einsum("mii->m", information) / size
    fixed = np.where(free, 1e-10 * scale[:, None], 1.0) + 1e-300
    step = np.linalg.solve(information + fixed[:, :, None] * np.eye(size), gradient[:, :, None])[:, :, 0]
    return step, np.maximum((gradient * step).sum(axis=1), 0)


def _tempered(step: np.ndarray, far: np.ndarray, theta: np.ndarray, cuts: int) -> np.ndarray:
    """The step, shortened where it moves anyone's odds too far or puts thresholds out of order."""
    factor = np.minimum(1, FURTHEST / np.maximum(far, 1e-300))
    if cuts > 1:
        gaps, change = np.diff(theta[:, :cuts], axis=1), np.diff(step[:, :cuts], axis=1)
        room = np.where(change < 0, gaps / np.where(change < 0, -change, 1), np.inf).min(axis=1)
        factor = np.minimum(factor, 0.9 * room)
    return step * factor[:, None]


def _score(data: _Sorted, weights: np.ndarray, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood (m,), its gradient (m, q) and the information (m, q, q), thresholds first."""
    table, bounds = data.table, data.bounds
    cuts, k, count = len(bounds) - 2, table.shape[1], theta.shape[0]
    i, j = np.triu_indices(k)
    likelihood, gradient = np.zeros(count), np.zeros_like(theta)
    information = np.zeros((count, cuts + k, cuts + k))
    for level in range(cuts + 1):
        rows = slice(bounds[level], bounds[level + 1])
        block, heavy = table[rows], weights[rows]
        linear = block @ theta[:, cuts:].T
        upper = theta[:, level] - linear if level < cuts else None
        lower = theta[:, level - 1] - linear if level else None
        mass, up, low, up_up, low_low, up_low = _derivatives(upper, lower, heavy)
        likelihood += mass
        gradient[:, cuts:] -= (up + low).T @ block
        information[:, cuts + i, cuts + j] += (up_up + low_low + 2 * up_low).T @ data.products[rows]
        for cut, slope, own in ((level, up, up_up), (level - 1, low, low_low)):
            if 0 <= cut < cuts:
                gradient[:, cut] += slope.sum(axis=0)
                information[:, cut, cut] += own.sum(axis=0)
                across = -(own + up_low).T @ block
                information[:, cut, cuts:] += across
                information[:, cuts:, cut] += across
        if 0 < level < cuts:
            between = up_low.sum(axis=0)
            information[:, level, level - 1] += between
            information[:, level - 1, level] += between
    information[:, cuts + j, cuts + i] = information[:, cuts + i, cuts + j]
    return likelihood, gradient, information


def _derivatives(upper: np.ndarray | None, lower: np.ndarray | None, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weighted log-likelihood (m,), and per respondent (n, m) its slopes and negative curvatures.

    The slopes are by the upper and the lower threshold; a threshold that is not there
    (None) gives zeros.
    """
    none = np.zeros((1, weights.shape[1]))
    above = 1.0 if upper is None else expit(upper)
    under = 0.0 if lower is None else expit(lower)
    chance = np.maximum(above - under, 1e-300)
    mass = (weights * np.log(chance)).sum(axis=0)
    up = low = up_up = low_low = up_low = none
    if upper is not None:
        up = above * (1 - above) / chance
        up_up = weights * up * (up - 1 + 2 * above)
    if lower is not None:
        low = -under * (1 - under) / chance
        low_low = weights * low * (low - 1 + 2 * under)
    if upper is not None and lower is not None:
        up_low = weights * up * low
    return mass, weights * up, weights * low, up_up, low_low, up_low
