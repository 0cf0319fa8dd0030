"""Boxes: from which answer a customer is at the top end of a scale, and up to which at the bottom end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.units import Count, Ratio

SHORT = 7
"""Scales of up to this many points have words at every point; only the last of them is the top box."""
RECOMMENDATION = (0, 10)
PROMOTERS, DETRACTORS = 9, 6


@dataclass(frozen=True)
class Boxes:
    """The scale of a question and where its ends begin; both cut-offs are answers that count."""

    low: Ratio
    high: Ratio
    bottom_to: Count
    top_from: Count

    def top(self, answers: np.ndarray) -> np.ndarray:
        """1.0 for answers (n,) in the top box, 0.0 for others, nan where there is no answer."""
        return np.where(np.isnan(answers), np.nan, (answers >= self.top_from) * 1.0)

    def bottom(self, answers: np.ndarray) -> np.ndarray:
        """1.0 for answers (n,) in the bottom box, 0.0 for others, nan where there is no answer."""
        return np.where(np.isnan(answers), np.nan, (answers <= self.bottom_to) * 1.0)

    def rungs(self, answers: np.ndarray) -> tuple[tuple[float, ...], ...]:
        """The answers given, in three rungs from worst to best: the rest, the next best, the top box."""
        given = np.unique(answers[~np.isnan(answers)])
        wide = 1 if self.high - self.low < SHORT else 2
        parts = (given < self.top_from - wide, (given >= self.top_from - wide) & (given < self.top_from), given >= self.top_from)
        return tuple(tuple(given[part].tolist()) for part in parts if part.any())


def boxes_of(low: float, high: float, *, top_from: float | None = None, bottom_to: float | None = None) -> Boxes:
    """The boxes of a scale: the last answer and the two worst of a short one, 9–10 and 0–6 of 0–10.

    Article A5 counts "would certainly" as the top and "certainly or rather advise
    against" as the bottom; on long scales that do not run from 0 to 10 the top tenth and
    the lower half are taken. Either cut-off may be given instead.

    >>> boxes_of(1, 5), boxes_of(0, 10)
    (Boxes(low=1, high=5, bottom_to=2, top_from=5), Boxes(low=0, high=10, bottom_to=6, top_from=9))
    """
    points = high - low + 1
    if (low, high) == RECOMMENDATION:
        found = (DETRACTORS, PROMOTERS)
    elif points <= SHORT:
        found = (low + 1 if points >= 5 else low, high)
    else:
        found = (int(np.floor(low + (high - low) / 2)), int(round(high - (high - low) / 10)))
    cuts = (found[0] if bottom_to is None else bottom_to, found[1] if top_from is None else top_from)
    return Boxes(low, high, *map(int, cuts))
