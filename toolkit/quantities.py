"""Quantities: how a number with its unit reads in a locale. With `toolkit.words`, the only place that rounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale, dates, numbers

from toolkit.units import Estimate, Unit

NBSP = "\u00a0"
MINUS = "\u2212"


def significant(value: float, digits: int) -> float:
    """A number rounded to so many significant digits, as people speak.

    >>> significant(748110, 2)
    750000.0
    """
    if value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{digits - 1}e}")


def on_one_step(parts: Sequence[float]) -> list[float]:
    """Amounts of nothing or more, rounded on one common step so that they add up to their total in three digits.

    What rounding leaves over goes to the parts that lose most by it (largest remainder).

    >>> on_one_step([60_000, 45_400, 25_400, 25_400])
    [60000.0, 46000.0, 25000.0, 25000.0]
    """
    total = sum(parts)
    step = 10.0 ** max(math.floor(math.log10(total)) - 2, 0) if total > 0 else 1.0
    whole = [math.floor(part / step) for part in parts]
    order = sorted(range(len(parts)), key=lambda at: whole[at] - parts[at] / step)
    more = set(order[: round(total / step) - sum(whole)])
    return [(steps + (at in more)) * step for at, steps in enumerate(whole)]


NAMED_ONCE = ("points", "years", "months", "days")


class Quantities:
    """The quantities of one locale and one currency; `Words` brings the nouns, by `entry` and `text`."""

    entry: Callable[[str], Any]
    text: Callable[..., str]

    def __init__(self, locale: str, currency: str):
        self.locale, self.currency = locale, currency
        self.language = locale.split("_")[0]
        self._babel = Locale.parse(locale)

    def quantity(self, value: Any, unit: Unit | None, style: str = "") -> str:
        """A value with its unit, as this locale writes it.

        Styles: none (rounded as people speak), `exact` (for annexes), `finer` (money of three digits), `signed`,
        `between` (the ends of an estimate), `about` (counts of two digits), `score` (points of a recommendation score),
        `spoken` (shares: "8 op de 10"), `bare` (no unit sign, for table cells and ticks).
        """
        if isinstance(value, Estimate) and style == "between":
            once = "bare" if unit and unit.name in NAMED_ONCE else ""  # after the higher end
            low, high = self.quantity(value.low, unit, once), self.quantity(value.high, unit)
            return high if self.quantity(value.high, unit, once) == low else self.text("common.between", None, low=low, high=high)
        if isinstance(value, Estimate):
            value = value.value
        if value is None:
            return self.text("common.unknown")
        if isinstance(value, Mapping):  # a label per language
            return str(value.get(self.language) or next(iter(value.values()), ""))
        if isinstance(value, date):
            return dates.format_date(value, "medium" if style == "short" else "long", locale=self._babel)
        if isinstance(value, str) and style:
            return self.text(f"common.{style}.{value}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(value)
        if not math.isfinite(value):
            return self.text("common.unbounded")
        written = getattr(self, f"_{unit.name}" if unit else "_ratio")(value, style)
        signed = style == "signed" and value > 0 and any(c in "123456789" for c in written)
        return ("+" if signed else "") + written.replace("-", MINUS)

    def period(self, first: date, last: date, style: str = "") -> str:
        """A span of days by its calendar name: a year, a quarter, a month, or from–to."""
        after = date.fromordinal(last.toordinal() + 1)
        months = (after.year - first.year) * 12 + after.month - first.month
        if first.day == 1 and after.day == 1:
            if months == 12 and first.month == 1:
                return str(first.year)
            if months % 12 == 0 and first.month == 1:
                return f"{first.year}\u2009–\u2009{last.year}"
            if months == 3 and first.month % 3 == 1:
                pattern = "QQQ'\n'yyyy" if style == "short" else "QQQQ yyyy"
                return dates.format_date(first, pattern, locale=self._babel)
            if months == 1:
                pattern = "MMM'\n'yyyy" if style == "short" else "MMMM yyyy"
                return dates.format_date(first, pattern, locale=self._babel)
        return f"{self.quantity(first, None, 'short')}\u2009–\u2009{self.quantity(last, None, 'short')}"

    def number(self, value: float, decimals: int = 0) -> str:
        """A plain number with this locale's separators and a fixed number of decimals."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        rounded = round(value, decimals) + 0.0
        return numbers.format_decimal(rounded, pattern, locale=self._babel)

    def as_given(self, value: float) -> str:
        """A number with all the decimals it was given with, in this locale's separators.

        >>> Quantities("nl_BE", "EUR").as_given(1250.5)
        '1.250,5'
        """
        return numbers.format_decimal(float(f"{value:.12g}") + 0.0, "#,##0.############", locale=self._babel)

    def _share(self, value: float, style: str) -> str:
        if style == "spoken" and 0.005 < value < 0.995:
            tenths = value * 10
            of = 10 if abs(tenths - round(tenths)) < 0.25 and 0 < round(tenths) < 10 else 100
            return self.text("common.spoken_share", None, some=str(round(value * of)), all=str(of))
        percent = value * 100
        decimals = 1 if style == "exact" or (percent and (abs(percent) < 1 or 99 < percent < 100)) else 0
        if 0 < percent < 0.05:
            return f"<{self.number(0.1, 1)}" + ("" if style == "bare" else "%")
        if 99 < percent < 100 and decimals:
            percent = min(percent, 99.9)  # nearly all is not all
        return self.number(percent, decimals) + ("" if style == "bare" else "%")

    def _points(self, value: float, style: str) -> str:
        if style == "score":
            return self._score_points(value, "")
        points = value * 100
        whole = abs(points - round(points)) < 0.05
        shown = self.number(points, 0 if whole else 1)
        if style == "bare":
            return shown
        return shown + NBSP + self._plural("points", shown)

    def _score_points(self, value: float, style: str) -> str:
        """A difference of recommendation scores: points of the score, not percentage points."""
        points = value * 100
        shown = self.number(points, 0 if abs(points - round(points)) < 0.05 else 1)
        return shown if style == "bare" else f"{shown}{NBSP}{self._plural('score_points', shown)}"

    def _p_value(self, value: float, style: str) -> str:
        """A p-value as statisticians write it: three decimals, never nought and never one."""
        if value < 0.001:
            return f"<{self.number(0.001, 3)}"
        return f">{self.number(0.999, 3)}" if 0.9995 <= value < 1 else self.number(value, 3)

    def _score(self, value: float, style: str) -> str:
        """A recommendation score: a signed whole number of hundredths."""
        whole = self.number(value * 100)
        return f"+{whole}" if whole.strip("-0.,") and value > 0 else whole

    def _money(self, value: float, style: str) -> str:
        size = abs(value)
        if style in ("exact", "bare", "cents"):
            return self._currency(value, 2 if style == "cents" or size < 100 and value != round(value) else 0)
        digits = 3 if style == "finer" else 2
        rounded = significant(value, digits) if size >= 100 else float(round(value))
        if abs(rounded) >= 1_000_000:
            spoken = numbers.format_compact_decimal(
                rounded, format_type="long", locale=self._babel, fraction_digits=digits - 1
            )
            return self._symbol(spoken)
        return self._currency(rounded, 0)

    def _currency(self, value: float, decimals: int) -> str:
        return self._symbol(self.number(value, decimals))

    def _symbol(self, amount: str) -> str:
        symbol = numbers.get_currency_symbol(self.currency, locale=self._babel)
        gap = NBSP if self.language == "nl" or symbol.isalpha() else ""
        sign = "-" if amount.startswith("-") and not gap else ""
        return f"{sign}{symbol}{gap}{amount.removeprefix(sign) if sign else amount}".replace(" ", NBSP)

    def _count(self, value: float, style: str) -> str:
        shown = self.number(significant(value, 2) if style == "about" else value)
        if style in ("about", "", "bare", "signed", "exact"):
            return shown
        nouns = self.entry(f"common.nouns.{style}")
        return f"{shown}{NBSP}{nouns['one' if shown == '1' else 'other']}"

    def _span(self, value: float, style: str, unit: str) -> str:
        shown = self.number(value, 0 if abs(value - round(value)) < 0.05 else 1)
        return shown if style == "bare" else f"{shown}{NBSP}{self._plural(unit, shown)}"

    def _plural(self, unit: str, shown: str) -> str:
        """The noun of a unit, as it goes with the figure that is shown."""
        return self.text(f"common.units.{unit}.{'one' if shown.lstrip('-') == '1' else 'other'}")

    def _years(self, value: float, style: str) -> str:
        return self._span(value, style, "years")

    def _months(self, value: float, style: str) -> str:
        return self._span(value, style, "months")

    def _days(self, value: float, style: str) -> str:
        return self._span(value, style, "days")

    def _ratio(self, value: float, style: str) -> str:
        if isinstance(value, int):
            return self.number(value)
        whole = abs(value - round(value)) < 0.05 and abs(value) >= 10
        return self.number(value, 2 if style == "exact" else 0 if whole else 1)
