"""Units: the annotated types that say what a number is.

A field's type carries its unit; validation, wording, widgets and `results.json`
all read it from there. Shares and points are fractions inside the program
(0.85, never 85); only `toolkit.words` turns them into text.

    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(Share).validate_python("85%")
    0.85
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


@dataclass(frozen=True)
class Unit:
    """What a number counts or measures, and the bounds a client may give it within."""

    name: str
    low: float | None = None
    high: float | None = None
    whole: bool = False


@dataclass(frozen=True)
class Estimate:
    """A figure with the interval that its sample leaves open.

    `n` is the number of customers or answers behind it; `confidence` the
    probability that belongs to `low`–`high`.
    """

    value: float
    low: float
    high: float
    n: int
    confidence: float = 0.95


def _refuse(name: str, value: Any, **more: Any) -> PydanticCustomError:
    return PydanticCustomError(name, "{given}", {"given": value, **more})


def _finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e15  # false for nan too; keeps absurd integers away from float()


def _read_share(value: Any) -> Any:
    given = value
    if isinstance(value, str):
        match = re.fullmatch(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*%\s*", value)
        if not match:
            raise _refuse("not_a_share", value)
        value = float(match[1].replace(",", ".")) / 100
    elif _finite(value) and 1 < value <= 100:
        raise _refuse("share_as_percentage", value, suggestion=f'"{value:g}%"')
    if not _finite(value):
        raise _refuse("not_a_share", given)
    if not 0 <= value <= 1:
        raise _refuse("out_of_bounds", given, unit=SHARE)
    return float(value)


def _names_a_currency(text: str) -> bool:
    """Whether an amount in quotes comes with a currency: a sign, a code of three capitals, or a name.

    >>> [_names_a_currency(text) for text in ("USD 75", "75 €", "75 euro", "75")]
    [True, True, True, False]
    """
    word = re.sub(r"[\d\s.,'+-]", "", text)
    signed = any(unicodedata.category(letter) == "Sc" for letter in word)
    named = re.fullmatch(r"[A-Z]{3}|eur|usd|gbp|chf|euros?|dollars?|pounds?|pond", word)
    return any(letter.isdigit() for letter in text) and bool(signed or named)


def _reader(unit: Unit):
    """A validator that keeps a number within its unit's bounds."""

    def read(value: Any) -> Any:
        if unit == MONEY and isinstance(value, str) and _names_a_currency(value):
            raise _refuse("amount_with_currency", value)
        if not _finite(value):
            raise _refuse("not_a_count" if unit.whole else "not_a_number", value)
        if unit.whole and value != int(value):
            raise _refuse("not_a_count", value)
        if unit.low is not None and value < unit.low or unit.high is not None and value > unit.high:
            raise _refuse("out_of_bounds", value, unit=unit)
        return int(value) if unit.whole else float(value)

    return read


SHARE = Unit("share", 0, 1)
POINTS = Unit("points")
MONEY = Unit("money", 0)
COUNT = Unit("count", 0, whole=True)
YEARS = Unit("years", 0)
MONTHS = Unit("months", 0)
DAYS = Unit("days", 1, 3660, whole=True)
RATIO = Unit("ratio")
DAY = Unit("day")


def _read_day(value: Any) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            raise _refuse("not_a_date", value) from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _refuse("not_a_date", value)
    if not 1900 <= value.year <= 2199:
        raise _refuse("year_out_of_reach", value.isoformat(), low="1900", high="2199")
    return value


Day = Annotated[date, DAY, BeforeValidator(_read_day)]
Share = Annotated[float, SHARE, BeforeValidator(_read_share)]
Points = Annotated[float, POINTS]
Money = Annotated[float, MONEY, BeforeValidator(_reader(MONEY))]
Count = Annotated[int, COUNT, BeforeValidator(_reader(COUNT))]
Years = Annotated[float, YEARS, BeforeValidator(_reader(YEARS))]
Months = Annotated[float, MONTHS, BeforeValidator(_reader(MONTHS))]
Days = Annotated[int, DAYS, BeforeValidator(_reader(DAYS))]
Ratio = Annotated[float, RATIO]

ShareEstimate = Annotated[Estimate, SHARE]
PointsEstimate = Annotated[Estimate, POINTS]
MoneyEstimate = Annotated[Estimate, MONEY]
CountEstimate = Annotated[Estimate, COUNT]


def unit_of(annotation: Any) -> Unit | None:
    """The unit that an annotated type carries, through `X | None` too.

    >>> unit_of(Share | None).name
    'share'
    """
    for part in (annotation, *get_args(annotation)):
        if get_origin(part) is Annotated:
            for mark in part.__metadata__:
                if isinstance(mark, Unit):
                    return mark
    return None


@cache
def units_of(kind: type) -> dict[str, Unit]:
    """The unit of every field and property of a result or section that has one."""
    hints = get_type_hints(kind, include_extras=True)
    for owner in reversed(kind.__mro__):
        for name, member in vars(owner).items():
            if isinstance(member, property):
                hints[name] = get_type_hints(member.fget, include_extras=True).get("return")
    return {name: unit for name, hint in hints.items() if (unit := unit_of(hint))}
