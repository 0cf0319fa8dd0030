"""What a control stands for: one assumption with its unit and its reach, and a figure typed for it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from babel.numbers import NumberFormatError, get_currency_symbol, parse_decimal

from toolkit.units import Estimate, Unit
from toolkit.words import Words, fields_of

Rerun = Callable[..., Any]  # (changed client, full=False) → its result; with `full` all draws are used


@dataclass(frozen=True)
class Knob:
    """One assumption on the stage: its dotted field, its unit, its base value and how far it may go.

    An `aim` is what one wants to reach: today it does not hold, so that today has no value for it.
    """

    field: str
    unit: Unit
    base: float
    low: float
    high: float
    step: float
    aim: bool = False

    def reaching(self, value: float) -> Knob:
        """The same knob, widened where it does not reach a value yet.

        >>> Knob("doors.target_retention", Unit("share"), 0.8, 0.5, 0.9, 0.01).reaching(0.95).high
        0.95
        """
        return replace(self, low=min(self.low, value), high=max(self.high, value))

    def allows(self, value: float) -> bool:
        """Whether the unit allows a value, be it within reach or not."""
        low, high = self.unit.low, self.unit.high
        whole = not self.unit.whole or value == int(value)
        return whole and (low is None or value >= low) and (high is None or value <= high)

    def label(self, words: Words) -> str:
        """What the assumption is called."""
        return words.text(f"{self._key}.label")

    def help(self, words: Words) -> str:
        """What the assumption means; nothing where its name says it all."""
        return words.text(f"{self._key}.help") if words.has(f"{self._key}.help") else ""

    @property
    def _key(self) -> str:
        section, name = self.field.split(".", 1)
        return f"{fields_of(section)}.{name}"


@dataclass(frozen=True)
class Outcome:
    """What the stage counts, in `unit`: now, in the scenario, and the difference where that has an interval of its own."""

    unit: Unit
    now: float | Estimate
    then: float | Estimate
    difference: Estimate | None = None

    def beside(self, base: Outcome) -> Outcome:
        """A scenario's outcome beside that of the base case; the difference keeps an interval only where it is of just this one.

        >>> from toolkit.units import MONEY
        >>> own = Estimate(-40.0, -60.0, -20.0, 90)
        >>> Outcome(MONEY, 310.0, 270.0, own).beside(Outcome(MONEY, 300.0, 240.0)).difference is None
        True
        """
        gap, told = value_of(self.then) - value_of(base.now), self.difference
        same = told is not None and math.isclose(told.value, gap, rel_tol=1e-6, abs_tol=1e-9)
        return Outcome(self.unit, base.now, self.then, told if same else None)

    @property
    def gap(self) -> float | Estimate:
        """The scenario less now, with its interval where it has one."""
        return value_of(self.then) - value_of(self.now) if self.difference is None else self.difference


@dataclass(frozen=True)
class Asked:
    """What the room guesses: a figure of the result with its unit, or one of the labels to choose from."""

    field: str
    truth: Any
    unit: Unit | None = None
    choices: tuple[Any, ...] = ()


def value_of(figure: float | Estimate) -> float:
    """The figure itself, without its interval."""
    return getattr(figure, "value", figure)


def read_number(text: str, unit: Unit, words: Words) -> float | None:
    """A typed figure in the reader's notation; None where it is none.

    A share may carry a per cent sign, money the sign or the code of the client's currency.

    >>> from toolkit.units import SHARE
    >>> read_number("82,5%", SHARE, Words("nl_BE")), read_number("82.5%", SHARE, Words("nl_BE"))
    (0.825, None)
    """
    bare = text.replace("\u00a0", " ").replace("\u2212", "-").strip()
    minus = re.match(r"[^0-9]*", bare)[0].count("-") == 1  # before the figure, before or after the currency
    bare = bare.replace("-", "", 1).strip() if minus else bare
    if unit.name == "money":
        for sign in (get_currency_symbol(words.currency, locale=words.locale), words.currency):
            bare = bare.removeprefix(sign).removesuffix(sign).strip()
    if unit.name == "share":
        bare = bare.removesuffix("%").strip()
    if not re.fullmatch(r"[0-9][0-9.,]*|[.,][0-9]+", bare):
        return None
    try:
        value = float(parse_decimal(bare, locale=words.locale, strict=True))
    except (NumberFormatError, ValueError):
        return None
    if not math.isfinite(value):
        return None
    return (-value if minus else value) / (100 if unit.name in ("share", "points") else 1)
