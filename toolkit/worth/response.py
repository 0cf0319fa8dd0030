"""Response curves: what a euro more per head buys, with less from every next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.finding import Refusal
from toolkit.units import SHARE
from toolkit.worth.checks import first, numbers, refuse, within


@dataclass(frozen=True)
class ResponseCurve:
    """The rate that a spend per head brings: ceiling − (ceiling − floor)·e^(−steepness·spend).

    `floor` is the rate when nothing is spent, `ceiling` the rate that no spend passes. Fields may
    be arrays (one curve per draw); they broadcast against the spend.
    """

    ceiling: Any
    steepness: Any
    floor: Any = 0.0

    def rate(self, spend: Any) -> Any:
        """The rate at a spend per head (money); an infinite spend reaches the ceiling."""
        gained = -np.expm1(-np.asarray(self.steepness) * np.asarray(spend))
        return self.floor + (np.asarray(self.ceiling) - self.floor) * gained

    def slope(self, spend: Any) -> Any:
        """By how much one euro more per head raises the rate."""
        reach = np.asarray(self.ceiling) - self.floor
        return reach * self.steepness * np.exp(-np.asarray(self.steepness) * np.asarray(spend))

    def marginal_cost(self, spend: float) -> float | None:
        """What one more success costs at this spend; None where no spend brings one."""
        slope = float(self.slope(spend))
        return 1 / slope if slope > 0 else None


def through(point: Any, ceiling: Any, *, floor: Any = 0.0) -> ResponseCurve:
    """The curve through one observed or judged (spend, rate), below a ceiling and from a floor.

    Raises `Refused` for a spend of zero, a ceiling not above the rate, a rate below the floor.

    >>> round(float(through((20, 0.70), 0.85).rate(33.9628)), 6)
    0.805315

    Source: Blattberg & Deighton (1996), Manage marketing by the customer equity test.
    """
    spend, rate, ceiling, floor = np.broadcast_arrays(
        *numbers(spend=point[0], rate=point[1], ceiling=ceiling, floor=floor)
    )
    refuse(
        within("ceiling", ceiling, 0, 1),
        within("rate", rate, 0, 1),
        within("floor", floor, 0, 1),
        _where("response_without_spend", "spend", spend, spend <= 0),
        _where("ceiling_below_rate", "ceiling", ceiling, ceiling <= rate, rate=rate),
        _where("rate_below_floor", "rate", rate, rate < floor, floor=floor),
    )
    return ResponseCurve(*_plain(ceiling, -np.log1p(-(rate - floor) / (ceiling - floor)) / spend, floor))


def through_two(one: Any, other: Any, ceiling: Any) -> ResponseCurve:
    """The curve through two (spend, rate) points below a ceiling; where it starts follows from them.

    A point with spend 0 is the rate when nothing is spent. Raises `Refused` where the points do not
    rise, or rise so steeply that nothing spent would give less than nothing.

    >>> round(through_two((0, 0.60), (20, 0.70), 0.85).floor, 3)
    0.6
    """
    (low, under), (high, over) = sorted((tuple(one), tuple(other)))
    low, under, high, over, ceiling = (
        float(x) for x in numbers(spend=low, rate=under, second_spend=high, second_rate=over, ceiling=ceiling)
    )
    refuse(within("spend", low, 0), within("ceiling", ceiling, 0, 1), within("rate", under, 0, 1))
    if not (low < high and under <= over):
        refuse(Refusal("response_points_disagree", field="rate", given=over, values={"rate": (under, SHARE)}))
    if ceiling <= over:
        refuse(Refusal("ceiling_below_rate", field="ceiling", given=ceiling, values={"rate": (over, SHARE)}))
    steepness = float(np.log((ceiling - under) / (ceiling - over)) / (high - low))
    floor = ceiling - (ceiling - under) * float(np.exp(steepness * low))
    if floor < -1e-12:
        refuse(Refusal("response_points_too_steep", field="rate", given=under, values={"rate": (over, SHARE)}))
    return ResponseCurve(ceiling, steepness, max(floor, 0.0))


def as_curve(response: Any) -> ResponseCurve:
    """A curve as it is, or the one through a `(spend, rate, ceiling)`."""
    return response if isinstance(response, ResponseCurve) else through(response[:2], response[2])


def _where(name: str, field: str, values: np.ndarray, wrong: np.ndarray, **beside: np.ndarray) -> Refusal | None:
    """A refusal naming the first value that is wrong, and what stood beside it."""
    if not wrong.any():
        return None
    stood = {other: (first(value, wrong), SHARE) for other, value in beside.items()}
    return Refusal(name, field=field, given=first(values, wrong), values=stood)


def _plain(*arrays: np.ndarray) -> tuple[Any, ...]:
    """Floats for single numbers, arrays otherwise."""
    return tuple(array.item() if array.ndim == 0 else array for array in arrays)
