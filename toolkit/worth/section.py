"""The `[worth]` section of a client file: what a customer brings per period, and how long customers stay.

Retention comes from one of four: stated, from two lines of an annual report, from
cohorts followed over time, or from the chapter of the two doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.doors.section import Section
from toolkit.finding import Refusal
from toolkit.ranges import MoneyInput, ShareInput, bounded
from toolkit.units import COUNT, MONEY, SHARE, Count, Money, Share, Unit

Span = Literal["year", "quarter", "month"]
PER_YEAR = {"year": 1, "quarter": 4, "month": 12}
GROWTH = Unit("share", -0.5, 0.5)
HORIZON = Unit("years", 1, 100, whole=True)
PER_CUSTOMER = Unit("ratio", 0, 1000)
TERM = Unit("months", 1, 120, whole=True)
WAIT = Unit("months", 0, 120, whole=True)
Growth = Annotated[float, GROWTH, bounded(GROWTH)]
Horizon = Annotated[float, HORIZON, bounded(HORIZON)]
PerCustomer = Annotated[float, PER_CUSTOMER, bounded(PER_CUSTOMER)]
Term = Annotated[float, TERM, bounded(TERM)]
Wait = Annotated[float, WAIT, bounded(WAIT)]
Margins = Annotated[tuple[Money, ...], MONEY]
Counts = Annotated[tuple[Count, ...], COUNT]
Followed = Annotated[tuple[Annotated[tuple[Count, ...], Field(min_length=1)], ...], COUNT]
Year = Annotated[int, Field(ge=1900, le=2199, strict=True)]


class Report(Section):
    """Two lines of an annual report: customers won and customers in all, year by year.

    `new` counts those won in the year and still there at its end. The series must begin
    with the first customer, or `earlier_new` gives the intake of the years before, oldest first.
    """

    years: tuple[Year, ...] = Field(min_length=1)
    new: Counts = Field(min_length=1)
    total: Counts = Field(min_length=1)
    earlier_new: Counts | None = None

    @model_validator(mode="after")
    def _in_line(self) -> Report:
        for earlier, later in pairwise(self.years):
            if later != earlier + 1:
                given = str(earlier + 1 if later > earlier else later)
                raise PydanticCustomError("period_missing", "{given}", {"given": given, "field": "years"})
        for name in ("new", "total"):
            count, years = len(getattr(self, name)), len(self.years)
            if count != years:
                values = {"given": count, "other": (years, COUNT), "field": name}
                raise PydanticCustomError("series_of_unequal_length", "{given}", values)
        before = None if self.earlier_new is None else sum(self.earlier_new)
        for year, new, total in zip(self.years, self.new, self.total, strict=True):
            if total < new:
                values = {"given": total, "period": str(year), "new": (new, COUNT), "field": "total"}
                raise PydanticCustomError("total_below_new", "{given}", values)
            if before is not None and total > before + new:
                values = {"given": total, "period": str(year), "most": (before + new, COUNT), "field": "total"}
                raise PydanticCustomError("total_above_possible", "{given}", values)
            before = total
        return self


class Cohorts(Section):
    """Customers won together, cohort by cohort, and how many of each were there after one, two, … periods."""

    at_start: Counts = Field(min_length=1)
    survivors: Followed = Field(min_length=1)

    @model_validator(mode="after")
    def _never_more(self) -> Cohorts:
        if len(self.survivors) != len(self.at_start):
            values = {"given": len(self.survivors), "other": (len(self.at_start), COUNT), "field": "survivors"}
            raise PydanticCustomError("series_of_unequal_length", "{given}", values)
        for start, survivors in zip(self.at_start, self.survivors, strict=True):
            for earlier, later in pairwise((start, *survivors)):
                if later > earlier:
                    raise PydanticCustomError("survivors_rise", "{given}", {"given": later, "field": "survivors"})
        return self


class ContractTerms(Section):
    """How contracts run: a term, tacit renewal, notice; `base_churn` and `later_churn` are shares a month.

    `consumers` names the country whose law frees a consumer after the first tacit renewal;
    between firms it is left out, and the contract decides.
    """

    term: Term
    renewal_rate: Share
    notice: Wait = 0.0
    months_left: Wait | None = None
    base_churn: Share = 0.0
    consumers: Literal["BE", "NL"] | None = None
    later_churn: Share = 0.0
    due: Count | None = None
    renewed: Count | None = None

    @model_validator(mode="after")
    def _fits(self) -> ContractTerms:
        if self.months_left is not None and self.months_left > self.term:
            values = {"given": self.months_left, "term": (self.term, TERM), "field": "months_left"}
            raise PydanticCustomError("left_beyond_term", "{given}", values)
        if (self.due is None) != (self.renewed is None):
            field = "due" if self.due is None else "renewed"
            raise PydanticCustomError("due_and_renewed", "{given}", {"given": "", "field": field})
        if self.due is not None and self.renewed > self.due:
            values = {"given": self.renewed, "due": (self.due, COUNT), "field": "renewed"}
            raise PydanticCustomError("renewed_above_due", "{given}", values)
        return self


class Recommending(Section):
    """Who brings whom: customers one customer brings in a year, and how many would have come anyway.

    `reward` is what a recommendation costs; `followers` how many others a leaver takes along.
    """

    brought_per_year: PerCustomer | None = None
    came_anyway: Share
    reward: Money = 0.0
    followers: PerCustomer = 0.0


class Response(Section):
    """One observed or judged point of a response curve: this spend per head brings this rate, none passes the ceiling."""

    spend: Money
    rate: Share
    ceiling: Share

    @model_validator(mode="after")
    def _leaves_room(self) -> Response:
        if self.spend == 0:
            raise PydanticCustomError("response_without_spend", "{given}", {"given": self.spend, "field": "spend"})
        if self.ceiling <= self.rate:
            values = {"given": self.ceiling, "rate": (self.rate, SHARE), "field": "ceiling"}
            raise PydanticCustomError("ceiling_below_rate", "{given}", values)
        return self


class Responses(Section):
    """What spending does: `win` per prospect, `keep` per customer, both per period."""

    win: Response
    keep: Response


CONTRACT = {"term": 12, "renewal_rate": "80%", "notice": 2, "consumers": "BE", "later_churn": "2%"}
CURVES = {
    "win": {"spend": 5, "rate": "4%", "ceiling": "10%"},
    "keep": {"spend": 20, "rate": "70%", "ceiling": "85%"},
}
FOLLOWED = {"at_start": [1000], "survivors": [[869, 743, 653, 593, 551, 517, 491]]}
YEARS = {"years": [2022, 2023, 2024], "new": [80, 90, 95], "total": [80, 151, 208]}


class Worth(Section):
    """What a customer brings per `period`, how long customers stay, and what else bears on their worth."""

    period: Span = Field(default="year", examples=["year"])
    margin: MoneyInput | None = Field(default=None, examples=[{"low": 350, "likely": 400, "high": 500}])
    margin_growth: Growth | None = Field(default=None, examples=["2%"])
    horizon: Horizon | None = Field(default=None, examples=[10])
    retention: ShareInput | None = Field(default=None, examples=["80%"])
    retention_per: Span | None = Field(default=None, examples=["year"])
    report: Report | None = Field(default=None, examples=[YEARS])
    customers: Count | None = Field(default=None, examples=[250])
    programme: Money | None = Field(default=None, examples=[10000])
    margins_by_tenure: Margins | None = Field(default=None, min_length=1, examples=[[300, 400, 450]])
    contract: ContractTerms | None = Field(default=None, examples=[CONTRACT])
    recommendation: Recommending | None = Field(
        default=None, examples=[{"brought_per_year": 0.1, "came_anyway": "50%", "reward": 25, "followers": 0.1}]
    )
    responses: Responses | None = Field(default=None, examples=[CURVES])
    cohorts: Cohorts | None = Field(default=None, examples=[FOLLOWED])
    source: str | None = Field(default=None, min_length=1, max_length=200, examples=["2024"])

    @model_validator(mode="after")
    def _one_retention(self) -> Worth:
        ways = [name for name in ("retention", "report", "cohorts") if getattr(self, name) is not None]
        if len(ways) > 1:
            raise PydanticCustomError("retention_given_twice", "{given}", {"given": "", "field": ways[1]})
        if self.report is not None and self.period != "year":
            raise PydanticCustomError("report_in_years", "{given}", {"given": self.period, "field": "period"})
        return self


def missing(raw: Mapping[str, Any], file: str) -> list[Refusal]:
    """What `[worth]` needs from elsewhere in a client file and does not find there."""
    worth = raw.get("worth")
    if not isinstance(worth, dict):
        return []
    economics, doors = (part if isinstance(part := raw.get(name), dict) else {} for name in ("economics", "doors"))
    turnover = bool({"turnover_per_customer", "every"} & set(doors))
    problems = []
    if "discount" not in economics:
        problems.append(Refusal("discount_missing", file=file, field="economics.discount"))
    if "margin" not in worth and not (turnover and "gross_margin" in economics):
        problems.append(Refusal("margin_missing", file=file, field="worth.margin"))
    if not doors and not {"retention", "report", "cohorts"} & set(worth):
        problems.append(Refusal("retention_missing", file=file, field="worth.retention"))
    if {"recommendation"} & set(worth) and "cost_to_win" not in economics:
        problems.append(Refusal("cost_to_win_missing", file=file, field="economics.cost_to_win"))
    return problems
