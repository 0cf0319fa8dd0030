"""Finding the retention curve of highest likelihood, and how sharply the data point at it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from toolkit.finding import Refusal, Refused
from toolkit.worth.retention import RetentionFit

Score = Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]]

LOW = np.array([-9.0, -13.0])  # log(a+b): all customers would be all-or-nothing; logit(a/(a+b))
HIGH = np.array([11.5, 13.0])  # no difference between customers could be seen; the same


def parameters(place: np.ndarray) -> tuple[float, float]:
    """The parameters a and b at a point (log(a+b), logit(a/(a+b)))."""
    size = np.exp(place[0])
    return float(size * expit(place[1])), float(size * expit(-place[1]))


def to_place(a: float, b: float, by_a: np.ndarray, by_b: np.ndarray) -> np.ndarray:
    """Derivatives by a and b turned into derivatives by (log(a+b), logit(a/(a+b))); first axis of length 2."""
    swing = a * b / (a + b)
    return np.stack([a * by_a + b * by_b, swing * (by_a - by_b)])


def normal_score(
    intake: np.ndarray, chance: np.ndarray, slope: np.ndarray, lost: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood, gradient and information of a normal whose mean and covariance both move.

    `intake` (cohorts,), `chance` (cohorts, periods), `slope` (2, cohorts, periods), `lost` (periods,).
    """
    weighted = intake[:, None] * chance
    covariance = np.diag(weighted.sum(0)) - weighted.T @ chance
    mean_slope = np.einsum("j,kjt->kt", intake, slope)
    cross = np.einsum("jt,kju->ktu", weighted, slope)
    covariance_slope = np.stack([np.diag(row) for row in mean_slope]) - cross - cross.transpose(0, 2, 1)
    sign, size = np.linalg.slogdet(covariance)
    if sign <= 0:
        return -np.inf, np.zeros(2), np.eye(2)
    inverse = np.linalg.inv(covariance)
    gap = lost - weighted.sum(0)
    pull = inverse @ gap
    spin = inverse @ covariance_slope
    gradient = mean_slope @ pull + 0.5 * (pull @ covariance_slope @ pull) - 0.5 * np.trace(spin, axis1=1, axis2=2)
    information = mean_slope @ inverse @ mean_slope.T + 0.5 * np.einsum("kij,lji->kl", spin, spin)
    likelihood = -0.5 * (len(gap) * np.log(2 * np.pi) + size + gap @ pull)
    return float(likelihood), gradient, information


def climb(score: Score, level: float) -> np.ndarray:
    """The point (log(a+b), logit(a/(a+b))) of highest likelihood, starting around `level` of the second.

    `score(place)` gives log-likelihood, gradient and expected information. Fisher scoring from
    the best of a few starts, within the bounds, the step damped while it keeps less than half of
    what it promises, to 1e-10: the valley is narrow, and a loose tolerance stops in it too early.

    Source: Marquardt (1963), An algorithm for least-squares estimation of nonlinear parameters.
    """
    starts = (np.array([spread, level + shift]) for spread in (-2, 0, 1, 2, 4, 7) for shift in (-0.5, 0, 0.7))
    place = max(starts, key=lambda start: score(start)[0])
    (best, gradient, information), damping = score(place), 0.0
    for _ in range(200):
        held = ((place >= HIGH) & (gradient >= 0)) | ((place <= LOW) & (gradient <= 0))
        free = np.flatnonzero(~held)
        inner = information[np.ix_(free, free)]
        step = np.zeros(2)
        step[free] = np.linalg.solve(inner + damping * np.diag(np.diag(inner)), gradient[free])
        to = np.clip(place + np.clip(step, -3, 3), LOW, HIGH)
        step = to - place
        tried, promised = score(to), gradient @ step - 0.5 * step @ information @ step
        if np.abs(step).max() < 1e-10:
            break
        kept = (tried[0] - best) / promised if promised > 0 else -1.0
        damping = max(4 * damping, 0.1) if kept < 0.5 else damping / 4 if damping > 1e-3 else 0.0
        if kept > 0:
            place, (best, gradient, information) = to, tried
    return place


def around(score: Score, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre and covariance of the likelihood in (1/(1+a+b), logit(a/(a+b))).

    There it is close to a normal even where customers hardly differ, which in log(a+b) it is
    not. On the bound the centre is where the normal that fits the slope has its top, outside.
    """
    _, gradient, information = score(place)
    polarization = 1 / (1 + np.exp(place[0]))
    turn = np.array([-polarization * (1 - polarization), 1.0])
    covariance = np.linalg.inv(information / np.outer(turn, turn))
    return np.array([polarization, place[1]]) + covariance @ (gradient / turn), covariance


def fitted(score: Score, level: float, customers: float, periods: int, source: str) -> RetentionFit:
    """The fit of whatever likelihood `score` describes; customers who are all-or-nothing are refused."""
    place = climb(score, level)
    if place[0] <= LOW[0]:
        raise Refused([Refusal("lost_only_at_first", given=periods)])
    centre, covariance = around(score, place)
    a, b = parameters(place)
    return RetentionFit(
        a=a,
        b=b,
        log_likelihood=float(score(place)[0]),
        centre=tuple(map(float, centre)),
        covariance=tuple(tuple(map(float, row)) for row in covariance),
        customers=round(float(customers)),
        periods=periods,
        source=source,
        constant=bool(place[0] >= HIGH[0]),
    )
