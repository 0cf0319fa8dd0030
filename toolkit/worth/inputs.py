"""From what a client gave to what the formulas take: one situation, with what is unsure in it.

Margin stays per period; retention and discount are brought to a year. What is a range
stays one until it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit, ndtri

from toolkit.finding import Refusal, Refused
from toolkit.ranges import Between, ShareBetween
from toolkit.units import Estimate
from toolkit.worth.retention import RetentionFit
from toolkit.worth.section import PER_YEAR, Worth
from toolkit.worth.series import Series, over_a_year, series_of
from toolkit.worth.state import State
from toolkit.worth.uncertainty import Counted, Range, centre, draw

@dataclass(frozen=True)
class Estimated:
    """A share known with an interval from elsewhere: logit-normal through its ends."""

    estimate: Estimate

    @property
    def central(self) -> float:
        """The share estimated."""
        return self.estimate.value

    def quantile(self, rank: Any) -> np.ndarray:
        """The share below which a share `rank` of the distribution lies."""
        edge = 0.5 / (self.estimate.n + 1)
        low, high = logit(np.clip([self.estimate.low, self.estimate.high], edge, 1 - edge))
        spread = (high - low) / 2 / ndtri(0.5 + self.estimate.confidence / 2)
        return expit((low + high) / 2 + spread * ndtri(np.asarray(rank, float)))


@dataclass(frozen=True)
class Situation:
    """What is known of one client; `inputs` by name, numbers or unsure, rates a year.

    `curve` is the fitted retention where there is one, with the customers due for renewal
    1, 2, … in `by_tenure`; `fit_problem` says why there is none although a series was given.
    """

    inputs: Mapping[str, Any]
    per_year: int
    growth_per_year: float
    periods: int | None
    retention_from: str
    behind: int
    curve: RetentionFit | None = None
    by_tenure: tuple[float, ...] = ()
    fit_problem: str | None = None
    series: int | None = None
    customers: int | None = None
    won_per_year: int | None = None
    at_start: int | None = None

    @property
    def unsure(self) -> bool:
        """Whether any input carries a range."""
        return self.curve is not None or any(hasattr(given, "quantile") for given in self.inputs.values())

    def at_centre(self) -> State:
        """The situation with every input at its likeliest or middle value."""
        pair = (self.curve.a, self.curve.b) if self.curve else None
        return self.state(centre(self.inputs), pair)

    def drawn(self, n: int, seed: int) -> State:
        """`n` draws of the situation; every input keeps its own stream of ranks."""
        pair = self.curve.draws(n, seed) if self.curve else None
        return self.state(draw(self.inputs, n=n, seed=seed), pair)

    def state(self, values: Mapping[str, Any], pair: Any = None) -> State:
        """The situation with these values of its inputs."""
        margin = values.get("margin")
        if margin is None:
            margin = values["turnover_per_customer"] * values["gross_margin"] / self.per_year
        return State(
            margin=margin,
            retention_per_year=values.get("retention"),
            pair=pair,
            discount_per_year=values["discount"],
            per_year=self.per_year,
            growth_per_year=self.growth_per_year,
            periods=self.periods,
            cost_to_win=values.get("cost_to_win"),
            cost_to_keep=values.get("cost_to_keep"),
        )


def as_input(given: float | Between | None) -> Any:
    """A client's number or range as the formulas take it."""
    if not isinstance(given, Between):
        return given
    scale = "share" if isinstance(given, ShareBetween) else "positive"
    return Range(given.low, given.high, given.likely, scale=scale)


def situation(
    section: Worth, economics: Mapping[str, Any], doors: Any = None, series: Series = series_of
) -> Situation:
    """What is known, from the section, the shared `[economics]` and, where it is there, the result of the two doors.

    Raises `Refused` where the two doors cannot lend the margin or the retention that was not given.
    """
    per_year = PER_YEAR[section.period]
    found: dict[str, Any] = {"customers": None, "won_per_year": None} | _retention(section, doors, series)
    inputs = _margin(section, economics, doors) | found.pop("inputs")
    inputs |= {name: as_input(economics.get(name)) for name in ("discount", "cost_to_win", "cost_to_keep")}
    if section.customers is not None:
        found["customers"] = section.customers
    return Situation(
        inputs={name: given for name, given in inputs.items() if given is not None},
        per_year=per_year,
        growth_per_year=section.margin_growth or 0.0,
        periods=None if section.horizon is None else round(section.horizon * per_year),
        **found,
    )


def _margin(section: Worth, economics: Mapping[str, Any], doors: Any) -> dict[str, Any]:
    """The margin stated, or turnover per customer times gross margin as the two doors have it."""
    if section.margin is not None:
        return {"margin": as_input(section.margin)}
    if doors is None or doors.turnover_per_customer is None or economics.get("gross_margin") is None:
        raise Refused([Refusal("margin_missing", field="worth.margin")])
    return {
        "turnover_per_customer": doors.turnover_per_customer,
        "gross_margin": as_input(economics["gross_margin"]),
    }


def _retention(section: Worth, doors: Any, series: Series) -> dict[str, Any]:
    """Where retention comes from, and what it says, a year."""
    if section.report is not None or section.cohorts is not None:
        return dict(series(section.report, section.cohorts, PER_YEAR[section.period]))
    counted = _counts(doors)
    if section.retention is not None:
        given = as_input(section.retention)
        kept = over_a_year(given, PER_YEAR[section.retention_per or section.period])
        return counted | {"inputs": {"retention": kept}, "retention_from": "stated", "behind": 0}
    if doors is None or doors.retention_per_year is None:
        raise Refused([Refusal("retention_missing", field="worth.retention")])
    last, year = doors.flows[-1], doors.retention_per_year
    whole_year = abs(last.years - 1) < 0.02
    where = "doors" if doors.window is None else "log"  # in a log, kept is who bought again within the window
    kept = Counted(last.kept, last.start) if whole_year else Estimated(year)
    return counted | {"inputs": {"retention": kept}, "retention_from": where, "behind": year.n}


def _counts(doors: Any) -> dict[str, Any]:
    """How many customers there are, and how many were won in the last year, where the two doors know it."""
    if doors is None:
        return {"customers": None, "won_per_year": None}
    last = doors.flows[-1]
    whole_year = abs(last.years - 1) < 0.02
    return {"customers": last.end, "won_per_year": last.new if whole_year else None, "at_start": last.start}
