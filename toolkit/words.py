"""Words: the one place where quantities, labels, findings and refusals become text.

Everything a client reads lives in `templates/words/<language>/<chapter>.toml`; a
locale such as `nl_BE` overlays its language. A sentence names the fields of the
result it is about, `{retention}` or `{leak.low:exact}`; the field's unit decides
how it reads, and this module alone rounds.
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale, dates, numbers

from toolkit.finding import Finding, Refusal
from toolkit.units import COUNT, SHARE, Estimate, Unit, units_of

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "words"
LOCALES = ("nl_BE", "nl_NL", "en_GB")
SHARED_SECTIONS = ("client", "economics", "log")
NBSP = "\u00a0"
MINUS = "\u2212"


def _merge(base: dict, overlay: Mapping) -> dict:
    for key, value in overlay.items():
        both = isinstance(value, Mapping) and isinstance(base.get(key), dict)
        base[key] = _merge(base[key], value) if both else value
    return base


@cache
def catalogue(locale: str, folder: Path = FOLDER) -> dict[str, Any]:
    """All words of a locale: chapter → key → text, the overlay laid over the language."""
    merged: dict[str, Any] = {}
    for layer in (locale.split("_")[0], locale):
        for path in sorted((folder / layer).glob("*.toml")):
            _merge(merged.setdefault(path.stem, {}), tomllib.loads(path.read_text("utf-8")))
    return merged


def significant(value: float, digits: int) -> float:
    """A number rounded to so many significant digits, as people speak.

    >>> significant(748110, 2)
    750000.0
    """
    if value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{digits - 1}e}")


class Words:
    """The words of one locale, one form of address and one currency.

    >>> Words("nl_BE").quantity(0.254, Unit("share"), "exact")
    '25,4%'
    """

    def __init__(self, locale: str, *, address: str = "u", currency: str = "EUR", folder: Path = FOLDER):
        self.locale, self.address, self.currency = locale, address, currency
        self.language = locale.split("_")[0]
        self.tag = locale.replace("_", "-")
        self._babel = Locale.parse(locale)
        self._texts = catalogue(locale, folder)

    def entry(self, key: str) -> Any:
        """What stands at a dotted key; a `KeyError` names the whole key."""
        found: Any = self._texts
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise KeyError(f"{self.locale}: {key}")
            found = found[part]
        return found

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        try:
            self.entry(key)
        except KeyError:
            return False
        return True

    def text(self, key: str, about: Any = None, **values: Any) -> str:
        """The sentence at a key, filled from a result's fields and from values by name."""
        template = self.entry(key)
        if isinstance(template, Mapping):
            template = template[self.address]
        return _Filling(self, about, values).format(template)

    def finding(self, chapter: str, finding: Finding) -> str:
        """The sentence that a chapter has for a finding."""
        return self.text(f"{chapter}.findings.{finding.name}", finding.about)

    def refusal(self, refusal: Refusal) -> str:
        """One refusal in one paragraph: where, what was given, what is allowed, what to try."""
        key = self._refusal_key(refusal.name)
        values = {**refusal.values, "given": self.given(refusal.given)}
        if isinstance(values.get("unit"), Unit):
            values["bounds"] = self.bounds(values["unit"])
        for name in ("file", "field", "row", "column"):
            values.setdefault(name, getattr(refusal, name))
        where = [refusal.file] if refusal.file else []
        for name in ("row", "column", "field"):
            if getattr(refusal, name):
                where.append(self.text(f"refusals.where.{name}", None, value=str(getattr(refusal, name))))
        parts = [self.text(f"{key}.{part}", None, **values) for part in ("says", "allowed", "try")]
        return ", ".join(where) + ": " + " ".join(parts) if where else " ".join(parts)

    def _refusal_key(self, name: str) -> str:
        """Where a refusal's sentences stand: with those that all share, or with its chapter's."""
        places = ("refusals", *(f"{chapter}.refusals" for chapter in self._texts))
        found = (key for place in places if self.has(key := f"{place}.{name}"))
        return next(found, f"refusals.{name}")

    def given(self, value: Any) -> str:
        """What a client gave, quoted as it stood in the file and cut where it is long."""
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, float) and math.isinf(value):
            return "∞"
        shown = str(value) or '""'
        return shown if len(shown) <= 60 else shown[:57] + "…"

    def bounds(self, unit: Unit) -> str:
        """Between what and what a client may give a unit, in words."""
        ends = {"low": (unit.low, unit), "high": (unit.high, unit)}
        return self.text(f"fields.intro.{'from' if unit.high is None else 'bounds'}", None, **ends)

    # quantities ---------------------------------------------------------------

    def quantity(self, value: Any, unit: Unit | None, style: str = "") -> str:
        """A value with its unit, as this locale writes it.

        Styles: none (rounded as people speak), `exact` (for annexes), `signed`,
        `between` (the ends of an estimate), `about` (counts of two digits), `spoken` (shares: "8 op de 10"), `bare` (no unit sign, for table cells and ticks).
        """
        if isinstance(value, Estimate) and style == "between":
            low, high = (self.quantity(end, unit) for end in (value.low, value.high))
            return low if low == high else self.text("common.between", None, low=low, high=high)
        if isinstance(value, Estimate):
            value = value.value
        if value is None:
            return self.text("common.unknown")
        if isinstance(value, date):
            return dates.format_date(value, "medium" if style == "short" else "long", locale=self._babel)
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
                pattern = "QQQ yyyy" if style == "short" else "QQQQ yyyy"
                return dates.format_date(first, pattern, locale=self._babel)
            if months == 1:
                pattern = "MMM yy" if style == "short" else "MMMM yyyy"
                return dates.format_date(first, pattern, locale=self._babel)
        return f"{self.quantity(first, None, 'short')}\u2009–\u2009{self.quantity(last, None, 'short')}"

    def number(self, value: float, decimals: int = 0) -> str:
        """A plain number with this locale's separators and a fixed number of decimals."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        rounded = round(value, decimals) + 0.0
        return numbers.format_decimal(rounded, pattern, locale=self._babel)

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
        points = value * 100
        whole = abs(points - round(points)) < 0.05
        shown = self.number(points, 0 if whole else 1)
        if style == "bare":
            return shown
        return shown + NBSP + self._plural("points", shown)

    def _money(self, value: float, style: str) -> str:
        size = abs(value)
        if style in ("exact", "bare", "cents"):
            return self._currency(value, 2 if style == "cents" or size < 100 and value != round(value) else 0)
        rounded = significant(value, 2) if size >= 100 else float(round(value))
        if abs(rounded) >= 1_000_000:
            spoken = numbers.format_compact_decimal(
                rounded, format_type="long", locale=self._babel, fraction_digits=1
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


_PARTS = {"n": COUNT, "confidence": SHARE}  # parts of an estimate with a unit of their own


class _Filling(string.Formatter):
    """Fills `{name:style}` from values by name and from the fields of what a sentence is about."""

    def __init__(self, words: Words, about: Any, values: Mapping[str, Any]):
        self.words, self.about, self.values = words, about, values
        self.units = units_of(type(about)) if about is not None else {}

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        name, *path = field_name.split(".")
        if name in self.values:
            return (self.values[name], None), field_name
        value = getattr(self.about, name)
        for part in path:
            value = getattr(value, part)
        return (value, _PARTS.get(path[-1]) if path and path[-1] in _PARTS else self.units.get(name)), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        number, unit = value
        if isinstance(number, tuple) and len(number) == 2 and isinstance(number[1], Unit):
            number, unit = number
        return self.words.quantity(number, unit, format_spec)

    def format(self, template: str) -> str:
        return self.vformat(template, (), {})


def fields_of(section: str) -> str:
    """Where the labels and help of a section's fields stand: with its chapter, or with what all share."""
    return f"fields.{section}" if section in SHARED_SECTIONS else f"{section}.fields"


def field_names(template: str) -> set[str]:
    """The variables that a sentence names, without their paths; tests hold them against the results."""
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(template) if name}
