"""Which assumption matters: the swings of a result as bars around the figure as it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.whatif import Swing

MOST = 5


@dataclass(frozen=True)
class Bar:
    """One assumption: from where to where the outcome goes, as places from 0 to 1 along the whole width."""

    swing: Swing
    start: float
    end: float


@dataclass(frozen=True)
class Tornado:
    """At most five bars on one scale, the longest first; where the middle stands on it, and the outcomes at its ends."""

    bars: tuple[Bar, ...]
    middle: float
    low: float = 0.0
    high: float = 0.0


def tornado(swings: Sequence[Swing]) -> Tornado:
    """The bars of the largest swings around what comes out at the base, which always lies on the scale.

    >>> from toolkit.units import MONEY, SHARE
    >>> one = Swing("gross_margin", SHARE, MONEY, 0.3, 0.4, 0.5, 30.0, 50.0, middle=40.0)
    >>> found = tornado([one])
    >>> found.middle, found.bars[0].start, found.bars[0].end
    (0.5, 0.0, 1.0)
    >>> found.low, found.high
    (30.0, 50.0)
    """
    rows = tuple(swing for swing in swings if math.isfinite(swing.size))[:MOST]
    if not rows:
        return Tornado((), 0.0)
    middle = rows[0].middle
    ends = [middle, *(end for row in rows for end in (row.low, row.high))]
    low, high = min(ends), max(ends)
    width = (high - low) or 1.0
    places = [sorted(((row.low - low) / width, (row.high - low) / width)) for row in rows]
    bars = tuple(Bar(row, *place) for row, place in zip(rows, places, strict=True))
    return Tornado(bars, (middle - low) / width, low, high)
