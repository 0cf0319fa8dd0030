"""What the plan starts from: the customers there now, what each is worth, and what a year brings without any plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.finding import Refusal, Refused
from toolkit.strategies.flow import Situation
from toolkit.strategies.section import Strategies
from toolkit.units import COUNT
from toolkit.worth.inputs import Situation as Known
from toolkit.worth.inputs import situation as known_of
from toolkit.worth.section import Recommending, Worth
from toolkit.worth.state import State
from toolkit.worth.tenures import average


@dataclass(frozen=True)
class Intake:
    """What a year brings as things are: customers won, those of them recommended, and the share of leavers back."""

    won: float = 0.0
    recommended: float = 0.0
    back: float = 0.0


@dataclass(frozen=True)
class Base:
    """The firm before any plan: `known` of its customers, how many there are, and what a year brings.

    `situation` turns a state (numbers, or arrays of draws) into the year's starting point.
    """

    known: Known
    customers: int
    prospects: float
    win_rate: float
    win_back_rate: float
    brought: float
    came_anyway: float

    def situation(self, state: State, *, customers: float | None = None, retention: Any = None) -> Situation:
        """The starting point of the year in one state; what is given by name replaces what is known."""
        kept = self.retention(state) if retention is None else retention
        return Situation(
            customers=self.customers if customers is None else customers,
            margin=state.margin * self.known.per_year,
            retention=kept,
            discount=state.discount_per_year,
            prospects=self.prospects,
            win_back_rate=self.win_back_rate,
            win_rate=self.win_rate,
            recommended=self.brought,
            came_anyway=self.came_anyway,
            cost_to_win=0.0 if state.cost_to_win is None else state.cost_to_win,
            each=state.ceiling,
        )

    def retention(self, state: State) -> Any:
        """The share of the customers there now who are kept in a year."""
        if state.pair is None:
            return state.retention_per_year
        return average(state, self.known.by_tenure) ** self.known.per_year


def base(section: Strategies, worth: Worth | None, economics: Mapping[str, Any], doors: Any = None) -> Base:
    """The base of a plan, from the section's own figures, else from `[worth]`, else from the result of the two doors.

    `economics` holds `discount` and, where known, `gross_margin` and `cost_to_win`. Raises `Refused`
    where customers, retention or margin are not to be had, or fewer prospects than customers won.
    """
    own = {name: value for name in ("margin", "retention") if (value := getattr(section, name)) is not None}
    recommending = worth.recommendation if worth else None
    try:
        known = known_of((worth or Worth()).model_copy(update=own), economics, doors)
    except Refused as refused:
        raise Refused(_said_here(refusal) for refusal in refused.refusals) from None
    customers = known.customers if section.customers is None else section.customers
    if customers is None:
        raise Refused([Refusal("plan_without_customers", field="strategies.customers")])
    intake = _intake(doors, known) if section.customers is None else Intake()
    brought, anyway = _brought(recommending, intake, customers, known)
    prospects, rate = _prospects(section, intake.won - brought * (1 - anyway) * customers_kept(known, customers))
    back = intake.back if section.win_back_rate is None else section.win_back_rate
    return Base(known, customers, prospects, rate, back, brought, anyway)


def customers_kept(known: Known, customers: float) -> float:
    """How many of the customers there now a year keeps."""
    state = known.at_centre()
    kept = state.retention_per_year if state.pair is None else average(state, known.by_tenure) ** known.per_year
    return float(customers * kept)


def _said_here(refusal: Refusal) -> Refusal:
    """What `[worth]` cannot know of a plan's base, as a refusal about the plan."""
    if refusal.name == "retention_missing":
        return Refusal("plan_without_retention", field="strategies.retention")
    if refusal.name == "margin_missing":
        return Refusal("plan_without_margin", field="strategies.margin")
    return refusal


def _intake(doors: Any, known: Known) -> Intake:
    """What the last year brought, from the two doors where they were counted, else from the annual report."""
    if doors is None:
        return Intake(won=float(known.won_per_year or 0))
    year, years = [], 0.0
    for flow in reversed(doors.flows):
        if year and years + flow.years > 1 + 1e-9:
            break
        year.append(flow)
        years += flow.years
    lost = sum(flow.lost for flow in year)
    recommended = (doors.won_by_recommendation or 0) / doors.flows[-1].years
    back = min(sum(flow.reactivated for flow in year) / lost, 1.0) if lost else 0.0
    return Intake(sum(flow.new for flow in year) / years, recommended, back)


def _brought(given: Recommending | None, intake: Intake, customers: int, known: Known) -> tuple[float, float]:
    """Customers that one kept customer brings in a year, and the share who would have come anyway.

    Only where `[worth]` says who would have come anyway: without it nobody is credited to a recommendation.
    """
    if given is None:
        return 0.0, 0.0
    kept = customers_kept(known, customers)
    seen = intake.recommended / kept if kept else 0.0
    return seen if given.brought_per_year is None else given.brought_per_year, given.came_anyway


def _prospects(section: Strategies, won: float) -> tuple[float, float]:
    """Whom winning acts on, and the share of them that is won without a plan.

    Where nobody said how many prospects there are, those who come in are their own prospects.
    """
    won = max(won, 0.0)
    if section.prospects is None:
        return won, 1.0
    if section.win_rate is not None:
        return float(section.prospects), section.win_rate
    if section.prospects < won:
        where, values = "strategies.prospects", {"won": (won, COUNT)}
        raise Refused([Refusal("prospects_below_won", field=where, given=section.prospects, values=values)])
    return float(section.prospects), won / section.prospects if section.prospects else 0.0
