"""A figure with its range: the same situation once at its likeliest values and many times drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.units import Estimate, Share
from toolkit.worth.state import State
from toolkit.worth.uncertainty import spread

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Both:
    """`mid` at the likeliest values; `drawn` many draws, None where nothing is unsure; `behind` customers counted."""

    mid: State
    drawn: State | None
    behind: int

    def estimate(self, figure: Callable[[State], Any], *, few: bool = False, counted: bool = True) -> Estimate:
        """A figure of the state with the range that all unsure inputs leave open together.

        `few` takes fewer draws, for figures that count payment by payment; without `counted` no
        customers stand behind the figure. The interval is widened to its own estimate where that
        lies beyond it.
        """
        value, behind = float(figure(self.mid)), self.behind if counted else 0
        if self.drawn is None:
            return Estimate(value, value, value, behind, CONFIDENCE)
        found = spread(figure(self.drawn.few() if few else self.drawn), value, confidence=CONFIDENCE)
        return Estimate(value, min(found.low, value), max(found.high, value), behind, CONFIDENCE)

    def where_possible(self, figure: Callable[[State], Any]) -> Estimate | None:
        """A figure that need not exist, with its range over the draws in which it does; None where it does not itself.

        `figure` is infinite, or no number, where it does not exist.
        """
        value = float(figure(self.mid))
        if not np.isfinite(value):
            return None
        drawn = np.empty(0) if self.drawn is None else np.atleast_1d(figure(self.drawn.few()))
        drawn = drawn[np.isfinite(drawn)]
        if not drawn.size:
            return Estimate(value, value, value, self.behind, CONFIDENCE)
        found = spread(drawn, value, confidence=CONFIDENCE)
        return Estimate(value, min(found.low, value), max(found.high, value), self.behind, CONFIDENCE)

    def chance(self, holds: Callable[[State], Any]) -> Share:
        """How often something holds over the draws; all or nothing where nothing is unsure."""
        return float(np.mean(holds(self.mid if self.drawn is None else self.drawn)))
