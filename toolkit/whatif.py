"""What-if: one assumption varied at a time, and what would have to be true. Pure, for any chapter."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from toolkit.finding import Refused
from toolkit.units import Unit


@dataclass(frozen=True)
class Swing:
    """What an outcome does when one assumption takes its low and its high value.

    `low_input` and `high_input` are in `unit`; `low` and `high` are what comes out
    at each, in the unit `outcome`, and `middle` what comes out at the base.
    """

    name: str
    unit: Unit
    outcome: Unit
    low_input: float
    base_input: float
    high_input: float
    low: float
    high: float
    middle: float = math.nan

    @property
    def size(self) -> float:
        """How far the outcome moves between the two."""
        return abs(self.high - self.low)


def swings(
    run: Callable[..., float],
    outcome: Unit,
    base: Mapping[str, float],
    reach: Mapping[str, tuple[float, float, Unit]],
) -> tuple[Swing, ...]:
    """Each assumption at its low and high value while the others stay at base, largest swing first.

    >>> found = swings(lambda a, b: a * b, None, {"a": 2, "b": 3}, {"a": (1, 3, None), "b": (3, 4, None)})
    >>> [(swing.name, swing.low, swing.high) for swing in found]
    [('a', 3, 9), ('b', 6, 8)]
    """
    middle = run(**base)
    found = [
        Swing(
            name,
            unit,
            outcome,
            low,
            base[name],
            high,
            run(**{**base, name: low}),
            run(**{**base, name: high}),
            middle,
        )
        for name, (low, high, unit) in reach.items()
    ]
    return tuple(sorted(found, key=lambda swing: -swing.size))


@dataclass(frozen=True)
class Goal:
    """What an input must be for the outcome to reach its target; `value` None where nothing in reach does.

    `lowest` and `highest` are the outcomes that were met on the way; `reason` is None,
    `"target_above_reach"`, `"target_below_reach"` or `"target_between"` (jumped over).
    """

    value: float | None
    lowest: float
    highest: float
    reason: str | None = None


def goal_seek(
    model: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    *,
    near: float | None = None,
    steps: int = 64,
) -> Goal:
    """The input within `low`–`high` for which the outcome is the target, the one closest to `near`.

    Inputs that the model itself refuses are passed over. Raises `ValueError` when the ends
    are swapped. Where no input reaches the target the answer says how far one does get.

    >>> goal_seek(lambda x: x * x, 9, 0, 10).value
    3.0
    >>> goal_seek(lambda x: x * x, 900, 0, 10).reason
    'target_above_reach'

    Source: Brent (1973), Algorithms for minimization without derivatives, chapter 4.
    """
    if not low <= high:
        raise ValueError(f"the ends of the search are swapped: {low}, {high}")
    start = low if near is None else min(max(near, low), high)
    inputs = np.unique(np.append(np.linspace(low, high, steps + 1), start))
    gaps = np.array([_outcome(model, x) - target for x in inputs])
    seen = gaps[np.isfinite(gaps)] + target
    if not len(seen):
        return Goal(None, target, target, "target_between")
    found = _crossings(model, target, inputs, gaps)
    if found:
        return Goal(min(found, key=lambda x: abs(x - start)), seen.min(), seen.max())
    reason = "target_above_reach" if target > seen.max() else "target_below_reach"
    return Goal(None, seen.min(), seen.max(), "target_between" if seen.min() <= target <= seen.max() else reason)


def _outcome(model: Callable[[float], float], value: float) -> float:
    """The model's outcome, or nan where it refuses the input."""
    try:
        return float(model(float(value)))
    except Refused:
        return float("nan")


def _crossings(model: Callable[[float], float], target: float, inputs: np.ndarray, gaps: np.ndarray) -> list[float]:
    """Every input at which the outcome meets the target, as far as the steps of the search can see."""
    found = [float(x) for x in inputs[gaps == 0]]
    for left, right, before, after in zip(inputs[:-1], inputs[1:], gaps[:-1], gaps[1:], strict=True):
        if before * after < 0:
            root = float(brentq(lambda x: _outcome(model, x) - target, left, right, xtol=1e-12, rtol=1e-14))
            if abs(_outcome(model, root) - target) <= 1e-6 * (abs(before) + abs(after)):
                found.append(root)
    return found
