"""The `[doors]` section of a client file: counts for one period, a series of periods, or a log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.units import Count, Day, Days, Money, Share


class Section(BaseModel):
    """A frozen part of a client file that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _refuse(name: str, **values: object) -> PydanticCustomError:
    return PydanticCustomError(name, "{given}", {"given": "", **values})


class Counts(Section):
    """The four flows of one period: who was there, came, went and came back.

    `new` are those won and still there at the end; `won_and_gone` came and went
    within the period and stand beside the balance. Either `lost` or `end` may be
    left out: start + new + reactivated − lost = end gives the other.
    """

    start: Count | None = Field(default=None, examples=[250])
    new: Count | None = Field(default=None, examples=[60])
    won_and_gone: Count | None = Field(default=None, examples=[5])
    reactivated: Count | None = Field(default=None, examples=[0])
    lost: Count | None = Field(default=None, examples=[50])
    end: Count | None = Field(default=None, examples=[260])
    won_by_recommendation: Count | None = Field(default=None, examples=[20])

    @property
    def stated(self) -> bool:
        """Whether any count is given."""
        return any(getattr(self, name) is not None for name in Counts.model_fields)

    def check(self) -> None:
        """Raise the first count that is missing or breaks the conservation of customers."""
        for name in ("start", "new"):
            if getattr(self, name) is None:
                raise _refuse("count_missing", field=name)
        if self.lost is None and self.end is None:
            raise _refuse("lost_or_end_missing")
        came = self.new + (self.reactivated or 0)
        if self.end is not None and self.end < came:
            raise _refuse("end_below_new", given=self.end, came=came)
        lost = self.start + came - self.end if self.lost is None else self.lost
        if lost > self.start:
            raise _refuse("lost_above_start", given=lost, start=self.start)
        if lost < 0:
            raise _refuse("end_above_possible", given=self.end, possible=self.start + came)
        if self.end is not None and self.start + came - lost != self.end:
            raise _refuse("does_not_add_up", given=self.end, expected=self.start + came - lost)
        won = self.new + (self.won_and_gone or 0)
        if (self.won_by_recommendation or 0) > won:
            raise _refuse("recommended_above_won", given=self.won_by_recommendation, won=won)


class Span(Section):
    """A period from one day to another, both included."""

    from_: Day = Field(alias="from", examples=[date(2024, 1, 1)])
    to: Day = Field(examples=[date(2024, 12, 31)])

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.to < self.from_:
            raise _refuse("ends_before_it_starts", given=self.to.isoformat(), start=self.from_.isoformat())
        return self


class Period(Counts, Span):
    """The counts of one period of a series."""

    @model_validator(mode="after")
    def _adds_up(self) -> Period:
        self.check()
        return self


TURNOVER = {"start": 5_000_000, "contraction": 300_000, "churned": 450_000, "expansion": 900_000}


class Turnover(Section):
    """Recurring turnover of one period, for gross and net revenue retention."""

    start: Money
    contraction: Money = 0.0
    churned: Money = 0.0
    expansion: Money = 0.0

    @model_validator(mode="after")
    def _lost_within_start(self) -> Turnover:
        if self.contraction + self.churned > self.start:
            raise _refuse("turnover_lost_above_start", given=self.contraction + self.churned, start=self.start)
        return self


class Doors(Counts):
    """Front door and back door: `start`, `new`, `lost` …, or `periods`, or `every` and `window` of a log."""

    periods: tuple[Period, ...] | None = None
    every: Literal["month", "quarter", "year"] | None = Field(default=None, examples=["quarter"])
    window: Days | None = Field(default=None, examples=[365])
    turnover_per_customer: Money | None = Field(default=None, examples=[20000])
    target_retention: Share | None = Field(default=None, examples=["85%"])
    turnover: Turnover | None = Field(default=None, examples=[TURNOVER])
    source: str | None = Field(default=None, min_length=1, max_length=200, examples=["2024"])

    @property
    def from_log(self) -> bool:
        """Whether the counts are to be read from the transaction log."""
        return self.every is not None or self.window is not None

    @property
    def answered(self) -> tuple[str, ...]:
        """The fields that a transaction log answers, so that nobody asks for them."""
        return (*Counts.model_fields, "turnover_per_customer") if self.from_log else ()

    @model_validator(mode="after")
    def _one_source(self) -> Doors:
        ways = [self.stated, self.periods is not None, self.from_log]
        if sum(ways) > 1:
            raise _refuse("counts_given_twice")
        if not any(ways) or self.periods == ():
            raise _refuse("no_counts")
        if self.stated:
            self.check()
        if self.from_log and (self.every is None or self.window is None):
            raise _refuse("every_and_window", field="every" if self.every is None else "window")
        if self.periods:
            _check_series(self.periods)
        return self


def _check_series(periods: tuple[Period, ...]) -> None:
    """Raise where a series overlaps, runs backwards, or does not carry its end over."""
    for earlier, later in zip(periods, periods[1:], strict=False):
        if later.from_ <= earlier.to:
            raise _refuse("periods_overlap", given=later.from_.isoformat(), end=earlier.to.isoformat())
        end = earlier.end
        if end is None:
            end = earlier.start + earlier.new + (earlier.reactivated or 0) - (earlier.lost or 0)
        if later.from_ == earlier.to + timedelta(days=1) and later.start != end:
            raise _refuse("start_is_not_last_end", given=later.start, end=end, day=later.from_.isoformat())


def as_periods(doors: Doors, first: date, last: date) -> tuple[Period, ...]:
    """The stated counts as periods; a single period takes the client's own span."""
    if doors.periods is not None:
        return doors.periods
    counts = {name: getattr(doors, name) for name in Counts.model_fields}
    return (Period(**{"from": first, "to": last, **counts}),)
