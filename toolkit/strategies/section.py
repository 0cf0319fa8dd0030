"""The `[strategies]` section of a client file: what each course would cost and bring, and A1's cascade.

A course is one point of a response curve: this spend per head, on top of what is done
now, brings this rate, and no spend passes the ceiling. Where it starts from is the rate
of today. The base is that of the two doors, or is given here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.doors.section import Section
from toolkit.finding import Refusal, Refused
from toolkit.ranges import Between, MoneyInput, ShareInput, middle
from toolkit.units import SHARE, Count, Money, Share

COURSES = ("keep", "win_back", "grow", "win")  # in the order of the year


def _refuse(name: str, **values: object) -> PydanticCustomError:
    return PydanticCustomError(name, "{given}", {"given": "", **values})


class Course(Section):
    """One course: `spend` per head a year, on top of today's, brings `rate`; `budget` is what the plan gives it.

    A second point checks the first: together they say what rate no extra spend would give,
    and that should be the rate of today.
    """

    spend: Money
    rate: ShareInput
    ceiling: Share
    budget: Money | None = None
    fixed_cost: MoneyInput | None = None
    second_spend: Money | None = None
    second_rate: Share | None = None

    @property
    def likely(self) -> float:
        """The one rate that stands for what was given."""
        return middle(self.rate)

    @property
    def floor_of_points(self) -> float | None:
        """The rate without extra spend that two points imply; None with one point."""
        if self.second_spend is None:
            return None
        from toolkit.worth.response import through_two

        return float(through_two(*self._points, self.ceiling).floor)

    @property
    def _points(self) -> list[tuple[float, float]]:
        return sorted([(self.spend, self.likely), (self.second_spend, self.second_rate)])

    @model_validator(mode="after")
    def _leaves_room(self) -> Course:
        if self.spend == 0:
            raise _refuse("response_without_spend", given=self.spend, field="spend")
        if (self.second_spend is None) != (self.second_rate is None):
            missing = "second_spend" if self.second_spend is None else "second_rate"
            raise _refuse("second_point_halved", field=missing)
        highest = max(self.rate.high if isinstance(self.rate, Between) else self.rate, self.second_rate or 0.0)
        if self.ceiling <= highest:
            raise _refuse("ceiling_below_rate", given=self.ceiling, rate=(highest, SHARE), field="ceiling")
        if self.second_spend is not None:
            self._check_points()
        return self

    def _check_points(self) -> None:
        (less, under), (more, over) = self._points
        if less == more or under > over:
            raise _refuse("response_points_disagree", given=over, rate=(under, SHARE), field="second_rate")
        try:
            self.floor_of_points  # noqa: B018 - two points that no curve passes through are refused by it
        except Refused:
            raise _refuse("response_points_too_steep", given=under, rate=(over, SHARE), field="second_rate") from None


class Rewarded(Course):
    """A course whose every success may be rewarded, also those that would have come without it."""

    reward: MoneyInput | None = None


class Growing(Course):
    """Growing those who stay: `rate` is the growth of their margin; it may last, and may save renewals."""

    lasts: bool | None = None
    lowers_churn: Share | None = None


class CascadeMeasure(Section):
    """One measure of a cascade; the next is started only for whom this one did not work."""

    measure: str = Field(min_length=1, max_length=80, examples=["A call"])
    cost: Money = Field(examples=[15])
    chance: Share = Field(examples=["30%"])
    gain: Money = Field(examples=[400])


KEEP = {"spend": 40, "rate": {"low": "81%", "likely": "83%", "high": "85%"}, "ceiling": "90%", "budget": 8000}
WIN_BACK = {"spend": 60, "rate": "12%", "ceiling": "25%", "budget": 2000, "reward": 25}
GROW = {"spend": 25, "rate": "4%", "ceiling": "12%", "budget": 4000, "lasts": False}
WIN = {"spend": 12, "rate": "5%", "ceiling": "9%", "budget": 12000}


class Strategies(Section):
    """Where a budget could go: keep, win back, grow, win; the base they act on; and a cascade of measures."""

    budget: Money | None = Field(default=None, examples=[25000])
    customers: Count | None = Field(default=None, examples=[250])
    retention: ShareInput | None = Field(default=None, examples=["80%"])
    margin: MoneyInput | None = Field(default=None, examples=[400])
    prospects: Count | None = Field(default=None, examples=[1500])
    win_rate: Share | None = Field(default=None, examples=["4%"])
    win_back_rate: Share | None = Field(default=None, examples=["5%"])
    keep: Rewarded | None = Field(default=None, examples=[KEEP])
    win_back: Rewarded | None = Field(default=None, examples=[WIN_BACK])
    grow: Growing | None = Field(default=None, examples=[GROW])
    win: Rewarded | None = Field(default=None, examples=[WIN])
    cascade: tuple[CascadeMeasure, ...] | None = Field(default=None, min_length=1)
    source: str | None = Field(default=None, min_length=1, max_length=200, examples=["2024"])

    @property
    def courses(self) -> dict[str, Course]:
        """The courses that are given, in the order of the year."""
        return {name: course for name in COURSES if (course := getattr(self, name)) is not None}

    @property
    def ranges_given(self) -> bool:
        """Whether any course has a rate or a cost given as a range."""
        parts = ("rate", "fixed_cost", "reward")
        given = (getattr(course, part, None) for course in self.courses.values() for part in parts)
        return any(isinstance(one, Between) for one in given)

    @property
    def planned(self) -> bool:
        """Whether the client's own plan divides the budget."""
        return any(course.budget is not None for course in self.courses.values())

    @model_validator(mode="after")
    def _fits(self) -> Strategies:
        if not self.courses and self.cascade is None:
            raise _refuse("no_course")
        if self.courses and not self.planned and self.budget is None:
            raise _refuse("budget_missing", field="budget")
        if self.win is not None and self.prospects is None:
            raise _refuse("prospects_missing", field="prospects")
        names = [measure.measure for measure in self.cascade or ()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _refuse("measure_twice", given=twice, field="cascade")
        return self


def missing(raw: Mapping[str, Any], file: str) -> list[Refusal]:
    """What the courses of `[strategies]` need from elsewhere in a client file and do not find there."""
    names = ("strategies", "worth", "doors", "economics")
    own, worth, doors, economics = (set(part) if isinstance(part := raw.get(name), dict) else set() for name in names)
    if not own & set(COURSES):
        return []
    twice = sorted({"margin", "retention"} & own) if worth else []
    problems = [Refusal("base_given_twice", file=file, field=f"strategies.{name}") for name in twice]
    counted, stated = bool(doors), own | worth | {"customers" for name in ("report", "cohorts") if name in worth}
    if not counted and "customers" not in stated:
        problems.append(Refusal("plan_without_customers", file=file, field="strategies.customers"))
    if not counted and not {"retention", "report", "cohorts"} & stated:
        problems.append(Refusal("plan_without_retention", file=file, field="strategies.retention"))
    if "margin" not in stated and not ("gross_margin" in economics and {"turnover_per_customer", "every"} & doors):
        problems.append(Refusal("plan_without_margin", file=file, field="strategies.margin"))
    if "discount" not in economics:
        problems.append(Refusal("discount_missing", file=file, field="economics.discount"))
    return problems
