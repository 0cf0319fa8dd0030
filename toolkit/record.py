"""A result as a flat list of numbers, each with its unit, n, interval, definition and source."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from toolkit.units import Estimate, Unit, units_of
from toolkit.whatif import Swing
from toolkit.words import Words


def numbers_of(result: Any, chapter: str, words: Words, source: str) -> list[dict[str, Any]]:
    """Every number of a result, in the order of its fields.

    A number inside a tuple is named by its place, `flows[0].lost`; its definition
    stands in the words under `numbers.flows.lost`. A figure that the client's data
    cannot give has the value None, never a zero; an interval that was judged, not counted,
    has n None.
    """
    return list(_walk(result, chapter, "", "", words, source))


def _walk(part: Any, chapter: str, path: str, key: str, words: Words, source: str):
    units = units_of(type(part))
    names = [field.name for field in fields(part)] + [name for name in units if not _is_field(part, name)]
    for name in names:
        value = getattr(part, name)
        here, there = f"{path}.{name}" if path else name, f"{key}.{name}" if key else name
        if isinstance(value, tuple) and value and isinstance(value[0], Swing):
            definition = words.text(f"{chapter}.numbers.{there}.definition")
            for swing in value:
                yield _swing(f"{here}.{swing.name}", swing) | {"definition": definition, "source": source}
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for place, item in enumerate(value):
                yield from _walk(item, chapter, f"{here}[{place}]", there, words, source)
        elif name in units:
            yield number(here, there, value, units[name], chapter, words) | {"source": source}
        elif isinstance(value, date | str | bool | int) and not isinstance(value, Unit):
            shown = value.isoformat() if isinstance(value, date) else value
            yield {"name": here, "value": shown}


def _is_field(part: Any, name: str) -> bool:
    return any(field.name == name for field in fields(part))


def number(here: str, there: str, value: Any, unit: Unit, chapter: str, words: Words) -> dict[str, Any]:
    """One figure as `results.json` has it; its label and definition stand in the chapter's words under `numbers`."""
    entry = {
        "name": here,
        "label": words.text(f"{chapter}.numbers.{there}.label"),
        "value": value.value if isinstance(value, Estimate) else value,
        "unit": unit.name,
        "definition": words.text(f"{chapter}.numbers.{there}.definition"),
    }
    if unit.name == "money":
        entry["currency"] = words.currency
    if isinstance(value, Estimate):
        entry |= {"low": value.low, "high": value.high, "confidence": value.confidence, "n": value.n or None}
    return entry


def _swing(name: str, swing: Swing) -> dict[str, Any]:
    """One assumption at its low and high value, with the outcome at each."""
    inputs = {"low_input": swing.low_input, "high_input": swing.high_input, "input_unit": swing.unit.name}
    return {"name": name, **inputs, "unit": swing.outcome.name, "low": swing.low, "high": swing.high}
