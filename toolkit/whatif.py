"""What-if: one assumption varied at a time, for any chapter. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toolkit.units import Unit


@dataclass(frozen=True)
class Swing:
    """What an outcome does when one assumption takes its low and its high value.

    `low_input` and `high_input` are in `unit`; `low` and `high` are what comes out
    at each, in the unit `outcome`.
    """

    name: str
    unit: Unit
    outcome: Unit
    low_input: float
    base_input: float
    high_input: float
    low: float
    high: float

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
        )
        for name, (low, high, unit) in reach.items()
    ]
    return tuple(sorted(found, key=lambda swing: -swing.size))
