"""Annex A: what was given, field by field, and what is missing with what it would take to have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from toolkit.client import Client
from toolkit.page import Page
from toolkit.ranges import Between
from toolkit.units import MONEY, unit_of
from toolkit.words import Words, fields_of


def data_given(client: Client, locale: str | None = None) -> None:
    """Show annex A."""
    page = Page(client, "data", locale)
    words = page.words
    page.title()
    heads = [page.text(f"columns.{name}") for name in ("field", "value", "help")]
    for section, rows in _sections(client, words):
        caption = words.text(f"fields.sections.{section}")
        page._show("table", caption, heads, rows, "words")
    absent = list(_missing(client, words))
    if absent:
        page.heading("missing")
        page._show("listing", absent)


def _sections(client: Client, words: Words) -> Iterator[tuple[str, list[list[str]]]]:
    for section in type(client).model_fields:
        part = getattr(client, section)
        rows = list(_rows(part, section, words, _questions(client, words))) if part is not None else []
        if rows:
            yield section, rows


def _questions(client: Client, words: Words) -> dict[str, str]:
    """What every question of the client's survey is called."""
    survey = client.survey
    if survey is None:
        return {}
    return {name: called(name, part, words) for asked in (survey.items, survey.outcomes) for name, part in asked.items()}


def _rows(part: BaseModel, section: str, words: Words, questions: Mapping[str, str]) -> Iterator[list[str]]:
    for name, field in type(part).model_fields.items():
        value, key = getattr(part, name), f"{fields_of(section)}.{field.alias or name}"
        if value is None or value in ((), {}) or not words.has(f"{key}.label"):
            continue
        label, help_line = words.text(f"{key}.label"), words.text(f"{key}.help")
        if section == "drivers" and isinstance(value, str):
            value = questions.get(value, value)
        said = shown(value, unit_of(annotated(field)), key, words)
        if name not in part.model_fields_set:
            said = words.text("data.default", None, value=said)
        yield [label, said, help_line]


def annotated(field: Any) -> Any:
    """A field's annotation with the marks that pydantic took off it."""
    from typing import Annotated

    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def called(name: str, question: Any, words: Words) -> str:
    """What people call a question of a survey: the client's own label, the standard one, else its name."""
    own = getattr(question, "label", None)
    if own:
        return words.quantity(own, None)
    places = (f"answers.{kind}.{name}" for kind in ("items", "outcomes"))
    return next((words.text(place) for place in places if words.has(place)), name)


def shown(value: Any, unit: Any, key: str, words: Words) -> str:
    """A given value as the client may read it back."""
    if isinstance(value, Between):
        ends = {"value": value.middle, "low": value.low, "high": value.high}
        exact = {name: shown(end, unit, key, words) for name, end in ends.items()}
        return words.text("common.value_with_interval", None, **exact)
    if isinstance(value, dict):
        named = ((called(name, part, words), shown(part, unit, key, words)) for name, part in value.items())
        apart = "; " if any(isinstance(part, dict) for part in value.values()) else ", "
        how = "data.block" if apart == "; " else "data.part"
        return apart.join(words.text(how, None, label=name, value=part) for name, part in named)
    if hasattr(value, "column"):  # a question of a survey
        where = words.text("data.column", None, column=str(value.column))
        return where if value.scale is None else f"{where} {shown(value.scale, None, 'scale', words)}"
    if key.endswith("scale") and isinstance(value, tuple) and not isinstance(value[0], str):
        return words.text("data.scale", None, low=f"{value[0]:g}", high=f"{value[1]:g}")
    if isinstance(value, BaseModel):
        if hasattr(value, "from_"):
            return words.period(value.from_, value.to)
        parts = ((part, shown_part, f"{key}.{part}") for part, shown_part in value if shown_part is not None)
        units = {name: unit_of(annotated(field)) for name, field in type(value).model_fields.items()}
        apart = "; " if any(isinstance(part, tuple) for _, part in value) else ", "
        return apart.join(
            words.text("data.part", None, label=words.text(f"{there}.label"), value=shown(inner, units[part], there, words))
            for part, inner, there in parts
        )
    if isinstance(value, tuple):
        return _several(value, unit, key, words)
    if isinstance(value, bool):
        return words.text(f"common.{'yes' if value else 'no'}")
    if isinstance(value, str) and words.has(f"{key}.values.{value}"):
        return words.text(f"{key}.values.{value}")
    if unit is MONEY and value != round(value):
        return words.quantity(value, unit, "cents")
    return words.quantity(value, unit, "exact") if unit or isinstance(value, date) else str(value)


def _several(value: tuple, unit: Any, key: str, words: Words) -> str:
    """A list of values, blocks or periods as the client may read it back."""
    if value and isinstance(value[0], tuple):
        return "; ".join(shown(part, unit, key, words) for part in value)
    if value and isinstance(value[0], BaseModel) and not hasattr(value[0], "from_"):
        return "; ".join(shown(block, None, key, words) for block in value)
    if value and isinstance(value[0], BaseModel):
        return words.text("data.periods", None, first=words.period(value[0].from_, value[0].to),
                          last=words.period(value[-1].from_, value[-1].to))  # fmt: skip
    if unit:
        return ", ".join(words.quantity(part, unit, "exact") for part in value)
    return ", ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in value)


def _is_given(part: BaseModel, name: str) -> bool:
    """Whether a field is filled in, here or in one of the section's blocks, or known in another way."""
    if name in getattr(part, "answered", ()):
        return True
    blocks = (value for _, value in part if isinstance(value, tuple))
    return getattr(part, name) is not None or any(
        getattr(block, name, None) is not None for value in blocks for block in value
    )


NEEDED_BY = {"economics.gross_margin": "doors"}  # other chapters bring a margin of their own, or are refused without


def _missing(client: Client, words: Words) -> Iterator[str]:
    """A line for every field that was left out and would say more."""
    for section, model in type(client).model_fields.items():
        part = getattr(client, section)
        if part is None:
            if words.has(f"fields.sections_absent.{section}"):
                yield words.text(f"fields.sections_absent.{section}")
            continue
        for name in type(part).model_fields:
            key = f"{fields_of(section)}.{name}.without"
            needed = NEEDED_BY.get(f"{section}.{name}", section)
            if not _is_given(part, name) and getattr(client, needed) is not None and words.has(key):
                yield words.text(key)
