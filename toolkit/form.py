"""The commented client file that `new` writes: every field with its unit, bounds and help.

It is made from the fields themselves and from `templates/words/*/fields.toml`, so
that a new parameter appears in it without anyone writing it there. Its figures
are those of article A3's example, and it says so until they are replaced.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from toolkit.client import ID, RESERVED, Client, slug
from toolkit.doors.section import Counts, Doors, Period
from toolkit.finding import Refusal, Refused
from toolkit.units import Unit, unit_of
from toolkit.words import Words

# what stands filled in, as TOML; every other field stands commented out with its example
FILLED = {
    "client.locales": '["{locale}"]',
    "client.currency": '"EUR"',
    "client.period": "{{ from = 2024-01-01, to = 2024-12-31 }}",
    "client.report_date": "2025-01-31",
    "client.origin": '"fictional"',
    "doors.start": "250",
    "doors.new": "60",
    "doors.lost": "50",
}
SHOWN = {
    "client.id": '"{id}"',
    "client.address": '"u"',
    "client.confidential": "true",
    "economics.gross_margin": '"40%"',
    "economics.cost_to_win": "900",
    "log.file": '"transacties.csv"',
    "log.columns": '{{ customer = "klant", date = "datum", amount = "bedrag" }}',
    "log.duplicates": '"keep"',
    "log.delimiter": '";"',
    "log.decimal": '","',
    "log.date_format": '"%d-%m-%Y"',
    "doors.won_and_gone": "5",
    "doors.reactivated": "0",
    "doors.end": "260",
    "doors.won_by_recommendation": "20",
    "doors.every": '"quarter"',
    "doors.window": "365",
    "doors.turnover_per_customer": "20000",
    "doors.target_retention": '"85%"',
    "doors.turnover": "{{ start = 5000000, contraction = 300000, churned = 450000, expansion = 900000 }}",
    "doors.source": '"{source}"',
    "doors.periods.from": "2024-01-01",
    "doors.periods.to": "2024-12-31",
}


def write_client_file(name: str, folder: Path, locale: str) -> Path:
    """Write `folder/<id>/client.toml` for a client of that name and return it; nothing is overwritten."""
    bare = name.strip()
    unsafe = any(mark in bare for mark in '/\\:*?"<>|') or ".." in bare or RESERVED.fullmatch(bare)
    ident = bare if ID.fullmatch(bare) else slug(bare)
    if unsafe or not ident:
        raise Refused([Refusal("unsafe_id", given=name, values={"suggestion": f"{slug(name)}-1".strip("-")})])
    path = folder / ident / "client.toml"
    if path.exists():
        raise Refused([Refusal("exists_already", file=str(path))])
    text = client_file_text(bare, ident, locale)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(".client.toml.part")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise Refused([Refusal("cannot_write", file=str(path.parent), given=error.strerror)]) from None
    return path


def client_file_text(name: str, ident: str, locale: str) -> str:
    """The text of a new client file, with its help in the language of a locale."""
    words = Words(locale)
    blanks = {"locale": locale, "id": ident, "source": words.text("fields.doors.source.example")}
    lines = [f"# {words.text(f'fields.intro.{part}', None, name=ident)}" for part in ("first", "second", "check")]
    for section, field in Client.model_fields.items():
        model = _model(field.annotation)
        absent = section == "log"
        lines += ["", "# " + words.text(f"fields.sections.{section}"), ("# " if absent else "") + f"[{section}]"]
        for key, inner in model.model_fields.items():
            if model is Doors and key == "periods":
                continue
            lines += _field(f"{section}.{key}", inner, words, blanks, name)
    lines += _series(words, blanks)
    return "\n".join(lines) + "\n"


def _field(dotted: str, field: Any, words: Words, blanks: dict[str, str], name: str) -> Iterator[str]:
    yield f"# {words.text(f'fields.{dotted}.help')} ({describe(dotted, field, words)})"
    key = dotted.rsplit(".", 1)[1].rstrip("_")
    if dotted == "client.name":
        yield f"name = {_quoted(name)}"
    elif dotted in FILLED:
        yield f"{key} = {FILLED[dotted].format(**blanks)}"
    else:
        yield f"# {key} = {SHOWN[dotted].format(**blanks)}"


def _quoted(text: str) -> str:
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04x}" for c in text)
    return f'"{escaped}"'


def _series(words: Words, blanks: dict[str, str]) -> list[str]:
    lines = ["", f"# {words.text('fields.intro.or_series')}", "# [[doors.periods]]"]
    for key in Period.model_fields:
        name = key.rstrip("_")
        dotted = f"doors.periods.{name}" if key not in Counts.model_fields else f"doors.{name}"
        example = (FILLED | SHOWN)[dotted].format(**blanks)
        lines.append(f"# {name} = {example}")
    every, window = (SHOWN[f"doors.{key}"] for key in ("every", "window"))
    lines += ["", f"# {words.text('fields.intro.or_log')}", f"# every = {every}", f"# window = {window}"]
    return lines


def describe(dotted: str, field: Any, words: Words) -> str:
    """A field's unit, bounds and whether it must be there, in words.

    >>> describe("doors.target_retention", Doors.model_fields["target_retention"], Words("en_GB"))
    'share, from 0% to 100%, optional'
    """
    unit = unit_of(field.annotation) or next((mark for mark in field.metadata if isinstance(mark, Unit)), None)
    parts = [words.text(f"fields.units.{unit.name if unit else _kind(field.annotation)}")]
    choices = _choices(field.annotation)
    if choices:
        parts.append(words.text("fields.intro.one_of", None, values=", ".join(map(str, choices))))
    if unit and unit.low is not None:
        bounds = {"low": (unit.low, unit), "high": (unit.high, unit)}
        kind = "bounds" if unit.high is not None else "from"
        parts.append(words.text(f"fields.intro.{kind}", None, **bounds))
    needed = field.is_required() or dotted in ("doors.start", "doors.new")
    parts.append(words.text(f"fields.intro.{'required' if needed else 'optional'}"))
    return ", ".join(parts)


def _model(annotation: Any) -> type[BaseModel]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(part for part in get_args(annotation) if isinstance(part, type) and issubclass(part, BaseModel))


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := _choices(part))), ())


def _kind(annotation: Any) -> str:
    if _choices(annotation):
        return "choice"
    if get_origin(annotation) is tuple:
        return "list"
    parts = (annotation, *get_args(annotation))
    return "section" if any(isinstance(p, type) and issubclass(p, BaseModel) for p in parts) else (
        "yes_or_no" if bool in parts else "text"
    )  # fmt: skip
