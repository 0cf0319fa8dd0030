"""Intervals of shares: Wilson's of one, Newcombe's of the difference of two."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri


def wilson(count: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share; `n` may be an effective number.

    Wilson (1927), *Journal of the American Statistical Association* 22.

    >>> [round(bound, 3) for bound in wilson(200, 250)]
    [0.746, 0.845]
    """
    z = ndtri((1 + confidence) / 2)
    centre = (count + z**2 / 2) / (n + z**2)
    reach = z * np.sqrt(max(0.0, count * (n - count)) / n + z**2 / 4) / (n + z**2)
    return max(0.0, float(centre - reach)), min(1.0, float(centre + reach))


def newcombe(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> tuple[float, float]:
    """Interval of the difference of two independent shares, each given as (share, low, high).

    Newcombe (1998), *Statistics in Medicine* 17, method 10: the reaches of the two
    Wilson intervals added in quadrature.

    >>> [round(bound, 4) for bound in newcombe((56 / 70, *wilson(56, 70)), (48 / 80, *wilson(48, 80)))]
    [0.0524, 0.3339]
    """
    difference = one[0] - other[0]
    down = np.hypot(one[0] - one[1], other[2] - other[0])
    up = np.hypot(one[2] - one[0], other[0] - other[1])
    return float(difference - down), float(difference + up)
