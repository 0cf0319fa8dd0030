"""Example data that can be drawn again: the PXL study of article A5, rebuilt from what it printed.

Nobody outside has the study's answers. What is drawn here has its size (about 7,000
customers of twelve firms of unequal size), its twelve drivers, and its printed shares
of attached customers and ambassadors for every combination of agreements and
expectations; all else is invented and must be marked as generated.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr, ndtri

SIZES = (1480, 1130, 905, 760, 620, 510, 430, 345, 280, 235, 180, 125)
"""Customers who answered, per firm."""

PRINTED = {
    "attachment": {"very": 0.86, "rather": 0.57, "less": 0.26, "exceeded": 0.94},
    "recommendation": {"very": 0.73, "rather": 0.39, "less": 0.19, "exceeded": 0.87},
}
"""A5: share in the top box by satisfaction with agreements; very satisfied *and* expectations exceeded."""

# driver: (halo, theme, own theme, shares of the five answers from worst to best)
_DRIVERS = {
    "keeps_agreements": (0.76, 0.30, "delivery", (0.03, 0.06, 0.13, 0.40, 0.38)),
    "speed": (0.69, 0.35, "delivery", (0.04, 0.08, 0.18, 0.42, 0.28)),
    "range": (0.63, 0.30, "offer", (0.02, 0.05, 0.23, 0.45, 0.25)),
    "delivery_time": (0.64, 0.40, "delivery", (0.04, 0.09, 0.20, 0.43, 0.24)),
    "price_quality": (0.63, 0.30, "offer", (0.03, 0.08, 0.26, 0.44, 0.19)),
    "website": (0.52, 0.25, "offer", (0.03, 0.08, 0.31, 0.40, 0.18)),
    "complaint_handling": (0.71, 0.40, "care", (0.05, 0.09, 0.28, 0.38, 0.20)),
    "information": (0.71, 0.35, "care", (0.02, 0.06, 0.20, 0.45, 0.27)),
    "friendliness": (0.67, 0.30, "care", (0.01, 0.03, 0.11, 0.38, 0.47)),
    "warns_ahead": (0.69, 0.45, "care", (0.06, 0.11, 0.26, 0.37, 0.20)),
    "offers_solution": (0.71, 0.45, "care", (0.04, 0.09, 0.24, 0.40, 0.23)),
    "exceeds_expectations": (0.71, 0.20, "offer", (0.05, 0.12, 0.45, 0.28, 0.10)),
}
DRIVERS = tuple(_DRIVERS)


def pxl_study(seed: int = 5, *, company_effects: bool = False, sizes: tuple[int, ...] = SIZES) -> pd.DataFrame:
    """Draw the study: `company`, twelve drivers and `attachment`, `recommendation` (1–5), `score` (0–10).

    Given agreements and expectations the top boxes depend on nothing else. Among those
    not in the top box, being unattached (1, 2) depends on speed, being a critic (1, 2)
    on warning ahead and offering a solution. With `company_effects` firms differ in the
    level of every driver and in both outcomes. The same seed gives the same frame.

    >>> study = pxl_study(1)
    >>> len(study), study["company"].nunique()
    (7000, 12)
    """
    rng = np.random.default_rng([seed, *b"pxl"])
    firm = np.repeat(np.arange(len(sizes)), sizes)
    answers = _answers(firm, 0.08 if company_effects else 0.0, rng)
    shifts = 0.45 * rng.standard_normal((len(sizes), 2)) * company_effects
    noise = rng.standard_normal((len(firm), 2)) @ np.linalg.cholesky([[1, 0.4], [0.4, 1]]).T
    columns = {"company": np.array(_letters(len(sizes)))[firm], **answers}
    troubles = {
        "attachment": -1.3 - 1.0 * (answers["speed"] - 3),
        "recommendation": -2.0 - 0.7 * (answers["warns_ahead"] - 3) - 0.6 * (answers["offers_solution"] - 3),
    }
    for i, (outcome, trouble) in enumerate(troubles.items()):
        chance = expit(logit(top_box(outcome, answers)) + shifts[firm, i])
        top = ndtr(noise[:, i]) < chance
        bottom = ~top & (rng.random(len(firm)) < expit(trouble - shifts[firm, i]))
        middle = np.where(rng.random(len(firm)) < 0.6, 4, 3)
        columns[outcome] = np.where(top, 5, np.where(bottom, rng.integers(1, 3, len(firm)), middle))
    columns["score"] = _scores(columns["recommendation"], rng)
    return pd.DataFrame(columns)


def top_box(outcome: str, answers: dict[str, np.ndarray]) -> np.ndarray:
    """Chance (n,) of the top box: A5's share of each combination of agreements and expectations.

    What very satisfied customers whose expectations were not exceeded have follows from
    the share q of them whose were: (86 - 94q) / (1 - q), and likewise (73 - 87q) / (1 - q).
    """
    printed, q = PRINTED[outcome], share_exceeded()
    rest = (printed["very"] - q * printed["exceeded"]) / (1 - q)
    agreements, exceeded = answers["keeps_agreements"], answers["exceeds_expectations"] >= 4
    very = np.where(exceeded, printed["exceeded"], rest)
    return np.select([agreements == 5, agreements == 4], [very, printed["rather"]], printed["less"])


def share_exceeded() -> float:
    """Share of the very satisfied with agreements whose expectations were exceeded, in the rule of this study."""
    agreements, expectations = _DRIVERS["keeps_agreements"], _DRIVERS["exceeds_expectations"]
    together = agreements[0] * expectations[0]
    low, high = ndtri(1 - agreements[3][4]), ndtri(sum(expectations[3][:3]))
    grid = np.linspace(low, 9, 20_001)
    density = np.exp(-(grid**2) / 2)
    above = ndtr((together * grid - high) / np.sqrt(1 - together**2))
    return float((density * above).sum() / density.sum())


def _answers(firm: np.ndarray, between: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Answers 1–5 (n,) per driver: a halo, a theme and something of its own, cut at the driver's shares."""
    themes = sorted({theme for _, _, theme, _ in _DRIVERS.values()})
    halo, shared = rng.standard_normal(len(firm)), rng.standard_normal((len(themes), len(firm)))
    levels = rng.standard_normal((len(_DRIVERS), firm.max() + 1))
    answers = {}
    for (name, (a, b, theme, shares)), level in zip(_DRIVERS.items(), levels, strict=True):
        own = rng.standard_normal(len(firm))
        latent = a * halo + b * shared[themes.index(theme)] + np.sqrt(1 - a**2 - b**2) * own
        latent = np.sqrt(1 - between) * latent + np.sqrt(between) * level[firm]
        answers[name] = 1 + np.searchsorted(ndtri(np.cumsum(shares)[:-1]), latent)
    return answers


def _scores(recommendation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A 0–10 answer that goes with each verbal one; the two questions stay two questions."""
    lowest, spread = np.array([0, 2, 4, 6, 8]), np.array([3, 4, 4, 4, 3])
    skew = np.array([1.0, 1.0, 0.9, 0.9, 0.6])
    place = recommendation - 1
    return lowest[place] + np.floor(rng.random(len(place)) ** skew[place] * spread[place]).astype(int)


def _letters(count: int) -> list[str]:
    return [chr(ord("A") + i) if i < 26 else f"A{i}" for i in range(count)]
