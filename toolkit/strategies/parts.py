"""The plan and every course in it: what it makes of the year, adds, and needs to break even. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from scipy.optimize import brentq

from toolkit.strategies.courses import Drawing, Plan, judged
from toolkit.strategies.dividing import next_euros, worth_a_point
from toolkit.strategies.flow import Flow, Strategy, flow
from toolkit.strategies.plan import added, begun, plan_value
from toolkit.strategies.result import CourseResult, YearFlow
from toolkit.strategies.section import Course
from toolkit.units import Estimate

ODD = 0.01  # a point: two points of a curve and the rate of today that differ by more disagree
FIGURES = [field.name for field in fields(YearFlow) if field.name != "which"]


def plan(
    courses: Mapping[str, Course], drawn: Drawing, best: Mapping[str, float] | None, *, full: bool = True
) -> dict[str, Any]:
    """The year without and with the plan, what the plan adds, and every course's own part in it.

    `best` holds the budgets of the best split, by course, where it was looked for. Without `full`
    what a course needs to break even, and what a point of its rate is worth, is left out.
    """
    situation, strategies = drawn.mid
    years = flow(situation), flow(situation, tuple(one for one in strategies if one.budget > 0))
    now = plan_value(situation, strategies)
    outcomes = None if drawn.drawn is None else plan_value(*drawn.drawn)
    total, loss = drawn.around(float(now.total), outcomes and outcomes.total)
    euros, rows = next_euros(drawn.mid), []
    for one in strategies:
        own, risk = drawn.around(float(now.own[one.kind]), outcomes and outcomes.own[one.kind])
        row = _course(courses[one.kind], one, years[1], drawn.mid, own)
        more = (_measured(row, one, drawn.mid) if full else {}) | {"chance_of_loss": risk, "next_euro": euros[one.kind], "best_budget": best and best[one.kind]}
        rows.append(replace(row, **more))
    rows.sort(key=lambda row: -row.own.value)
    return {
        "flows": tuple(map(_year, ("without", "with"), years)),
        "kept_more": float(years[1].kept - years[0].kept),
        "end_without": float(years[0].end),
        "end_with": float(years[1].end),
        "courses": tuple(rows),
        "plan": total,
        "plan_loss": _loss(total),
        "plan_cost": float(now.cost),
        "chance_of_loss": loss,
        "overlap": float(now.overlap),
        **_told(tuple(rows), strategies),
    }


def _told(rows: tuple[CourseResult, ...], strategies: tuple[Strategy, ...]) -> dict[str, Any]:
    """What the courses have to be told about: the best and the worst, and what makes one of them doubtful."""
    active = [row for row in rows if row.begun]
    first, last = (active[0], active[-1]) if active else (None, None)
    pointed = (row for row in rows if row.implied_rate is not None)
    odd = next((row for row in pointed if abs(row.implied_rate - row.present_rate) > ODD), None)
    anyway = sum(row.reward * row.present_rate * row.acts_on for row in active)
    return {
        "best_own": first and first.own,
        "best_kind": first and first.kind,
        "worst_own": last and last.own,
        "worst_loss": last and _loss(last.own),
        "worst_kind": last and last.kind,
        "rewarded_anyway": anyway or None,
        "lowers_churn": next((one.lowers_churn for one in strategies if one.lowers_churn and one.budget), None),
        "points_kind": odd and odd.kind,
        "points_implied": odd and odd.implied_rate,
        "points_present": odd and odd.present_rate,
        "idle_kind": next((row.kind for row in active if not row.acts_on), None),
    }


def _loss(figure: Estimate) -> Estimate | None:
    """A sure loss as an amount of its own; None where it may be a gain."""
    if figure.high >= 0:
        return None
    return replace(figure, value=-figure.value, low=-figure.high, high=-figure.low)


def _year(which: str, year: Flow) -> YearFlow:
    return YearFlow(which, **{name: float(getattr(year, name)) for name in FIGURES})


def _course(course: Course, one: Strategy, year: Flow, plan: Plan, own: Estimate) -> CourseResult:
    """One course: whom it acts on, what its budget makes of its rate, what it costs and adds."""
    situation = plan[0]
    heads = {"keep": year.start, "win_back": year.lost, "grow": year.kept, "win": situation.prospects}[one.kind]
    successes = {"keep": year.kept, "win_back": year.won_back, "grow": 0.0, "win": year.won}[one.kind]
    present, curve = float(situation.floor(one.kind)), one.curve(situation)
    each = one.budget / float(heads) if heads else 0.0
    planned = float(curve.rate(each))
    return CourseResult(
        kind=one.kind,
        acts_on=float(heads),
        present_rate=present,
        spend=course.spend,
        rate=judged(course),
        ceiling=course.ceiling,
        budget=float(one.budget),
        spend_per_head=each,
        planned_rate=planned,
        more_points=planned - present,
        fixed_cost=float(one.fixed_cost),
        reward=float(one.reward),
        cost=float(one.budget + one.fixed_cost + one.reward * successes) if one.budget > 0 else 0.0,
        own=own,
        chance_of_loss=0.0,
        next_euro=None,
        best_budget=None,
        worth_a_point=None,
        same_as_winning=None,
        break_even_rate=None,
        implied_rate=course.floor_of_points,
    )


def _measured(row: CourseResult, one: Strategy, plan: Plan) -> dict[str, float | None]:
    """What a point of a course's rate is worth, and the rate at which the course breaks even."""
    point, worth = worth_a_point(plan[0], one), float(plan[0].worth)
    return {
        "worth_a_point": point,
        "same_as_winning": point / worth if worth > 0 else None,
        "break_even_rate": break_even(plan, one) if row.spend_per_head else None,
    }


def break_even(plan: Plan, one: Strategy) -> float | None:
    """The rate at the judged spend at which a course just earns itself back in this plan; None where none does."""
    situation, strategies = plan
    money = {other.kind: other.budget for other in strategies}
    others = tuple(other for other in strategies if other is not one)
    without = added(situation, begun(others, money), money)

    def own(rate: float) -> float:
        changed = (*others, replace(one, rate=rate))
        return float(added(situation, begun(changed, money), money) - without)

    floor = float(situation.floor(one.kind))
    top = one.ceiling - (one.ceiling - floor) * 1e-6
    return float(brentq(own, floor, top, xtol=1e-9)) if own(floor) < 0 < own(top) else None
