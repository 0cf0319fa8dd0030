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
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.finding import Finding, Refusal
from toolkit.quantities import MINUS, NBSP, Quantities, significant
from toolkit.refusals import said_raw, unit_given
from toolkit.units import COUNT, MONEY, SHARE, Unit, units_of

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "words"
LOCALES = ("nl_BE", "nl_NL", "en_GB")
SHARED_SECTIONS = ("client", "economics", "log", "survey")


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


class Words(Quantities):
    """The words of one locale, one form of address and one currency.

    >>> Words("nl_BE").quantity(0.254, Unit("share"), "exact")
    '25,4%'
    """

    def __init__(self, locale: str, *, address: str = "u", currency: str = "EUR", folder: Path = FOLDER):
        super().__init__(locale, currency)
        self.address = address
        self.tag = locale.replace("_", "-")
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
        values = {name: self._mentioned(value) for name, value in refusal.values.items()}
        values["given"] = self.given(refusal.given) if said_raw(refusal) else self._stated(refusal.given, unit_given(refusal))
        if "low" in values and not isinstance(values.get("unit"), Unit):
            ends = (values["low"], values.get("high"))
            if all(end is None or isinstance(end, int | float) for end in ends):
                values["unit"] = Unit("ratio", *ends)
        if isinstance(values.get("unit"), Unit):
            values["bounds"] = self.bounds(values["unit"], currency=False)
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

    def _mentioned(self, value: Any) -> Any:
        """What else a refusal mentions: shares and amounts as exactly as they were given, the rest as ever."""
        pair = value if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Unit) else (value, None)
        exact = pair[1] in (SHARE, MONEY) or isinstance(value, float)
        return self._stated(*pair) if exact else value

    def _stated(self, value: Any, unit: Unit | None) -> str:
        """A number as given, never rounded: a share in per cent, money without a currency, as files write it."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return self.given(value)
        share = unit is not None and unit.name == "share"
        shown = self.as_given(value * 100 if share else value)
        return f"{shown}%" if share else shown

    def given(self, value: Any) -> str:
        """What a client gave, quoted as it stood in the file and cut where it is long."""
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, float) and math.isinf(value):
            return "∞"
        shown = str(value) or '""'
        return shown if len(shown) <= 60 else shown[:57] + "…"

    def bounds(self, unit: Unit, *, currency: bool = True) -> str:
        """Between what and what a client may give a unit, in words."""
        unit = unit if currency or unit.name != "money" else replace(unit, name="count")
        ends = {"low": (unit.low, unit), "high": (unit.high, unit)}
        return self.text(f"fields.intro.{'from' if unit.high is None else 'bounds'}", None, **ends)


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
