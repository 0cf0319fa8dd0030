"""The courses of a section as the engine takes them: at their likeliest, and drawn with everything that is unsure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from toolkit.finding import Refusal, Refused
from toolkit.ranges import Between, middle
from toolkit.strategies.base import Base
from toolkit.strategies.flow import Situation, Strategy
from toolkit.strategies.section import Course, Strategies
from toolkit.units import SHARE, Estimate, Share
from toolkit.worth.inputs import as_input
from toolkit.worth.uncertainty import Range, ranks, spread

JUDGED = 0.8  # a client's low and high are the 10th and 90th percentile; so are those of the plan
ALMOST = 1 - 1e-9
COSTS = ("fixed_cost", "reward")
Plan = tuple[Situation, tuple[Strategy, ...]]


@dataclass(frozen=True)
class Drawing:
    """The year and its courses once at their likeliest values, and many times drawn; `drawn` None where all is sure."""

    mid: Plan
    drawn: Plan | None
    behind: int

    def with_budgets(self, budgets: Mapping[str, float]) -> Drawing:
        """The same with other budgets."""
        return Drawing(_divided(self.mid, budgets), self.drawn and _divided(self.drawn, budgets), self.behind)

    def around(self, value: float, outcomes: Any) -> tuple[Estimate, Share]:
        """A figure with the range of its draws, never beside its own value, and how often it lies below nothing."""
        drawn = np.asarray(value if outcomes is None else outcomes, float)
        found = spread(drawn, value, confidence=JUDGED, behind=self.behind)
        return replace(found, low=min(found.low, value), high=max(found.high, value)), float(np.mean(drawn < 0))


def _divided(plan: Plan, budgets: Mapping[str, float]) -> Plan:
    situation, strategies = plan
    return situation, tuple(replace(one, budget=budgets[one.kind]) for one in strategies)


def drawing(section: Strategies, base: Base, *, draws: int, seed: int) -> Drawing:
    """The year and its courses, in the client's own words of them.

    Raises `Refused` for every course that would bring less than today's rate, all at once. What is
    unsure about a course is how much of the room between today's rate and its ceiling it takes, so
    that a course never gains or loses by what is unsure about today.
    """
    state = base.known.at_centre()
    centre = base.situation(state)
    _refuse_below_floor(section, centre)
    mid = tuple(_strategy(kind, course, course.likely, course.ceiling) for kind, course in section.courses.items())
    given = {kind: course.rate for kind, course in section.courses.items()}
    rates = {kind: range_of(rate) for kind, rate in given.items() if isinstance(rate, Between)}
    if not (base.known.unsure or section.ranges_given):
        return Drawing((centre, mid), None, base.known.behind)
    today = base.situation(base.known.drawn(draws, seed))
    today = replace(today, retention=np.minimum(today.retention, ALMOST))
    drawn = []
    for kind, course in section.courses.items():
        judged = rates[kind].quantile(ranks(f"strategies.{kind}", draws, seed)) if kind in rates else course.likely
        then, now = centre.floor(kind), today.floor(kind)
        taken = np.clip((judged - then) / (course.ceiling - then), 0.0, ALMOST)
        top = np.maximum(course.ceiling, now + (1 - now) * 1e-6)
        costs = _costs(kind, course, draws, seed)
        drawn.append(replace(_strategy(kind, course, now + taken * (top - now), top), **costs))
    return Drawing((centre, mid), (today, tuple(drawn)), base.known.behind)


def _refuse_below_floor(section: Strategies, situation: Situation) -> None:
    problems = []
    for kind, course in section.courses.items():
        floor = float(situation.floor(kind))
        if course.likely < floor:
            field, values = f"strategies.{kind}.rate", {"floor": (floor, SHARE)}
            problems.append(Refusal("rate_below_floor", field=field, given=course.likely, values=values))
    if problems:
        raise Refused(problems)


def _strategy(kind: str, course: Course, rate: Any, ceiling: Any) -> Strategy:
    """A course as the engine takes it."""
    names = ("budget", *COSTS, "lasts", "lowers_churn")
    given = {name: middle(getattr(course, name, None)) for name in names}
    return Strategy(kind, course.spend, rate, ceiling, **{name: value for name, value in given.items() if value})


def _costs(kind: str, course: Course, draws: int, seed: int) -> dict[str, Any]:
    """The costs of a course that were given as a range, drawn."""
    given = {name: getattr(course, name, None) for name in COSTS}
    ranges = {name: as_input(cost) for name, cost in given.items() if isinstance(cost, Between)}
    return {name: cost.quantile(ranks(f"strategies.{kind}.{name}", draws, seed)) for name, cost in ranges.items()}


def range_of(given: Between) -> Range:
    """A judged rate as it is drawn: around its likeliest value where there is one, held at what is possible."""
    return Range(given.low, given.high, given.likely, scale="share" if given.likely is None else "free")


def judged(course: Course) -> Estimate:
    """The rate a course was given, with the range that it was judged in."""
    low, high = (course.rate.low, course.rate.high) if isinstance(course.rate, Between) else (course.likely,) * 2
    return Estimate(course.likely, low, high, 0, JUDGED)
