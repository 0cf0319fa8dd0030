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

    def chance(self, holds: Callable[[State], Any]) -> Share:
        """How often something holds over the draws; all or nothing where nothing is unsure."""
        return float(np.mean(holds(self.mid if self.drawn is None else self.drawn)))
