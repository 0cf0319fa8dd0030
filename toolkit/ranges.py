"""Amounts and shares that nobody knows exactly: a number, or `{ low, likely, high }`.

A field of type `MoneyInput` or `ShareInput` takes either. `low` and `high` are the
10th and 90th percentile; `likely` may be left out. `middle` gives the one number
that stands for it where a chapter counts without ranges.

    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(MoneyInput).validate_python({"low": 80, "high": 125}).middle
    100.0
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from toolkit.units import MONEY, SHARE, Money, Share, Unit


class Between(BaseModel):
    """A range that a client gave: its 10th and 90th percentile, perhaps with the likeliest value."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    unit: ClassVar[Unit] = Unit("ratio")

    low: float
    likely: float | None = None
    high: float

    @property
    def middle(self) -> float:
        """The likeliest value where given, else the median of the distribution through the two ends."""
        return self._median() if self.likely is None else self.likely

    def _median(self) -> float:
        return (self.low + self.high) / 2

    def _possible(self) -> bool:
        return True

    @model_validator(mode="after")
    def _in_order(self) -> Between:
        low, high = (self.low, self.unit), (self.high, self.unit)
        if self.low > self.high:
            values = {"given": self.low, "high": high, "unit": self.unit, "field": "low"}
            raise PydanticCustomError("range_swapped", "{given}", values)
        if self.likely is not None and not self.low <= self.likely <= self.high:
            values = {"given": self.likely, "low": low, "high": high, "unit": self.unit, "field": "likely"}
            raise PydanticCustomError("likely_outside_range", "{given}", values)
        if self.low < self.high and not self._possible():
            values = {"given": self.low, "unit": self.unit, "field": "low"}
            raise PydanticCustomError("range_not_possible", "{given}", values)
        return self


class MoneyBetween(Between):
    """A range of an amount: lognormal through its ends, so its low end is above nothing."""

    unit: ClassVar[Unit] = MONEY

    low: Money
    likely: Money | None = None
    high: Money

    def _median(self) -> float:
        return math.sqrt(self.low * self.high)

    def _possible(self) -> bool:
        return self.low > 0


class ShareBetween(Between):
    """A range of a share: logit-normal through its ends, so it reaches neither none nor all.

    >>> round(ShareBetween(low=0.5, high=0.9).middle, 4)
    0.75
    """

    unit: ClassVar[Unit] = SHARE

    low: Share
    likely: Share | None = None
    high: Share

    def _median(self) -> float:
        if self.low == self.high:
            return self.low
        odds = math.sqrt(self.low / (1 - self.low) * self.high / (1 - self.high))
        return odds / (1 + odds)

    def _possible(self) -> bool:
        return self.low > 0 and self.high < 1


def _either(kind: Any, between: type[Between]) -> Callable[[Any], Any]:
    """A validator that takes a number of a unit, or a range of it."""
    read = next(mark.func for mark in get_args(kind) if isinstance(mark, BeforeValidator))
    return lambda value: between.model_validate(value) if isinstance(value, dict | Between) else read(value)


MoneyInput = Annotated[float | MoneyBetween, MONEY, BeforeValidator(_either(Money, MoneyBetween))]
ShareInput = Annotated[float | ShareBetween, SHARE, BeforeValidator(_either(Share, ShareBetween))]


def middle(given: float | Between | None) -> float | None:
    """The one number that stands for what was given; None stays None.

    >>> middle(900.0), middle(MoneyBetween(low=80, likely=90, high=125)), middle(None)
    (900.0, 90.0, None)
    """
    return given.middle if isinstance(given, Between) else given


def bounded(unit: Unit) -> BeforeValidator:
    """A validator for a number within a unit's bounds; a share may be written as a percentage in quotes.

    >>> from pydantic import TypeAdapter
    >>> growth = Unit("share", -0.5, 0.5)
    >>> TypeAdapter(Annotated[float, growth, bounded(growth)]).validate_python("-2%")
    -0.02
    """

    def read(value: Any) -> float:
        number = value
        if unit.name == "share" and isinstance(value, str):
            match = re.fullmatch(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*%\s*", value)
            number = float(match[1].replace(",", ".")) / 100 if match else value
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < 1e15:
            raise PydanticCustomError("not_a_number", "{given}", {"given": value})
        if unit.low is not None and number < unit.low or unit.high is not None and number > unit.high:
            raise PydanticCustomError("out_of_bounds", "{given}", {"given": value, "unit": unit})
        if unit.whole and number != int(number):
            raise PydanticCustomError("not_a_count", "{given}", {"given": value})
        return float(number)

    return BeforeValidator(read)
