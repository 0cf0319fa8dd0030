"""What the two doors and a customer's worth lend to the drivers: each figure at its middle and drawn many times.

Every input keeps the stream of ranks that `toolkit.worth.uncertainty` gives its name, so that the
same margin is drawn here as there; nothing is fitted again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.units import Count, Estimate, Ratio, Share
from toolkit.worth.inputs import Estimated, Situation, as_input
from toolkit.worth.recommendation import value_of_recommended
from toolkit.worth.state import State
from toolkit.worth.uncertainty import ranks

DRAWS = 10_000


@dataclass(frozen=True)
class Known:
    """One figure at its likeliest or middle value, and `n` draws of it."""

    mid: float
    drawn: np.ndarray

    def estimate(self, confidence: Share, behind: Count = 0) -> Estimate:
        """The figure with the middle `confidence` of its draws, widened to itself where it lies outside."""
        low, high = np.quantile(self.drawn, [0.5 - confidence / 2, 0.5 + confidence / 2])
        return Estimate(self.mid, min(float(low), self.mid), max(float(high), self.mid), behind, confidence)

    def with_(self, other: Known | float, combine: Callable[[Any, Any], Any]) -> Known:
        """Two figures combined, draw by draw.

        >>> Known(2.0, np.array([1.0, 3.0])).with_(10.0, lambda a, b: a * b).drawn.tolist()
        [10.0, 30.0]
        """
        mid, drawn = (other.mid, other.drawn) if isinstance(other, Known) else (other, other)
        return Known(float(combine(self.mid, mid)), np.asarray(combine(self.drawn, drawn), float))

    def __mul__(self, other: Known | float) -> Known:
        return self.with_(other, lambda one, two: one * two)


def known(given: Any, name: str, draws: int, seed: int) -> Known:
    """A number, a client's range, a count or an estimate as a figure; `name` is its stream.

    >>> known(0.8, "retention", 3, 0).drawn.tolist()
    [0.8, 0.8, 0.8]
    """
    given = Estimated(given) if isinstance(given, Estimate) else as_input(given)
    if not hasattr(given, "quantile"):
        return Known(float(given), np.full(draws, float(given)))
    return Known(float(given.central), np.asarray(given.quantile(ranks(name, draws, seed)), float))


@dataclass(frozen=True)
class Upstream:
    """What a shift of answers can be multiplied with; a figure is None where the client's figures cannot say it.

    `customers` are those there now; `retention` (a year) is theirs; `margin` a year and `value` over the
    whole relation are of one customer, just before a payment. Every figure is drawn `draws` times. `recommended` is what a recommended customer
    is worth, `brought` how many one customer brings in a year. `gross_margin` is a share of turnover.
    """

    customers: Count | None = None
    retention: Known | None = None
    margin: Known | None = None
    value: Known | None = None
    recommended: Known | None = None
    brought: Ratio | None = None
    gross_margin: Known | None = None
    draws: int = DRAWS


def upstream(
    economics: Mapping[str, Any],
    *,
    doors: Any = None,
    situation: Situation | None = None,
    recommending: Any = None,
    brought: Ratio | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Upstream:
    """What is known of customers and money, from `[economics]`, the result of the doors and the situation of `worth`.

    `recommending` is `[worth.recommendation]`; `brought` what the chapter `worth` makes of it.
    """
    share = economics.get("gross_margin")
    found: dict[str, Any] = {"draws": draws}
    found["gross_margin"] = None if share is None else known(share, "gross_margin", draws, seed)
    if doors is not None:
        found["customers"] = doors.end
        if doors.retention_per_year is not None:
            found["retention"] = known(doors.retention_per_year, "retention", draws, seed)
        if doors.turnover_per_customer is not None and found["gross_margin"] is not None:
            found["margin"] = found["gross_margin"] * doors.turnover_per_customer
    if situation is None:
        return Upstream(**found)
    states = situation.at_centre(), situation.drawn(draws, seed)

    def of(figure: Callable[[State], Any]) -> Known:
        mid, drawn = (np.asarray(figure(state), float) for state in states)
        return Known(float(mid), np.broadcast_to(drawn, (draws,)))

    found |= {"margin": of(lambda state: state.margin * situation.per_year)}
    found |= {"value": of(lambda state: state.value("not_yet_won")), "brought": brought}
    if situation.customers is not None:
        found["customers"] = situation.customers
    if states[0].pair is None:
        found["retention"] = of(lambda state: state.kept**situation.per_year)
    if recommending is not None and states[0].cost_to_win is not None:
        anyway, reward = recommending.came_anyway, recommending.reward
        found["recommended"] = of(
            lambda state: value_of_recommended(state.value("not_yet_won"), state.cost_to_win, anyway, reward=reward)
        )
    return Upstream(**found)
