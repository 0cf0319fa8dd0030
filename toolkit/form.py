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

from toolkit.client import Client
from toolkit.finding import Refusal, Refused
from toolkit.ids import RESERVED, is_safe, safe_id
from toolkit.intake.lines import toml
from toolkit.units import Unit, unit_of
from toolkit.words import Words, fields_of

# a new file is complete with these; every other field stands commented out with its example
FILLED = {
    "client.name",
    "client.locales",
    "client.currency",
    "client.period",
    "client.report_date",
    "client.origin",
    "doors.start",
    "doors.new",
    "doors.lost",
}
MOST_LETTERS = 120  # of a name, as in `toolkit.client`
WRITTEN = ("client", "economics", "doors")  # sections whose header is not commented out


def write_client_file(name: str, folder: Path, locale: str) -> Path:
    """Write `folder/<id>/client.toml` for a client of that name and return it; nothing is overwritten."""
    bare = " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())
    if len(bare) > MOST_LETTERS:
        raise Refused([Refusal("long_text", given=bare)])
    ident = bare if is_safe(bare) else safe_id(bare)
    odd = "/" in bare or "\\" in bare or set(bare) <= {"."} or ".." in bare
    if odd or RESERVED.fullmatch(bare):
        raise Refused([Refusal("unsafe_id", given=name, values={"suggestion": ident})])
    path = folder / ident / "client.toml"
    text = client_file_text(bare, ident, locale)
    try:
        if path.exists():
            raise Refused([Refusal("exists_already", file=str(path))])
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
    own = {"client.name": name, "client.id": ident, "client.locales": [locale]}
    lines = [f"# {words.text(f'fields.intro.{part}', None, name=ident)}" for part in ("first", "second", "check")]
    for section, field in Client.model_fields.items():
        model, mark = _model(field.annotation), "" if section in WRITTEN else "# "
        lines += ["", f"# {words.text(f'fields.sections.{section}')}", f"{mark}[{section}]"]
        for key, inner in model.model_fields.items():
            if not _is_series(inner.annotation):
                lines += _field(section, key, inner, words, own)
        for key, inner in model.model_fields.items():
            if _is_series(inner.annotation):
                lines += _series(section, key, inner, words)
    return "\n".join(lines) + "\n"


def _field(section: str, key: str, field: Any, words: Words, own: dict[str, Any]) -> Iterator[str]:
    name = field.alias or key
    dotted = f"{section}.{name}"
    yield f"# {_help(section, name, words)} ({describe(dotted, field, words)})"
    value = own[dotted] if dotted in own else example(field)
    yield f"{'' if dotted in FILLED else '# '}{name} = {toml(value)}"


def _help(section: str, name: str, words: Words) -> str:
    """How to fill a field in, where that differs from what it is."""
    place = f"{fields_of(section)}.{name}"
    return words.text(f"{place}.{'intro' if words.has(f'{place}.intro') else 'help'}")


def _series(section: str, key: str, field: Any, words: Words) -> Iterator[str]:
    """A list of blocks, commented out: its name, then one line per field."""
    yield from ("", f"# {_help(section, key, words)}", f"# [[{section}.{key}]]")
    for inner_key, inner in _model(field.annotation).model_fields.items():
        yield f"# {inner.alias or inner_key} = {toml(example(inner))}"


def example(field: Any) -> Any:
    """What a field may look like: its first example, or the examples of the fields within it."""
    if field.examples:
        return field.examples[0]
    inner = _model(field.annotation).model_fields
    return {part.alias or key: example(part) for key, part in inner.items() if part.is_required()}


def describe(dotted: str, field: Any, words: Words) -> str:
    """A field's unit, bounds and whether it must be there, in words.

    >>> from toolkit.doors.section import Doors
    >>> describe("doors.target_retention", Doors.model_fields["target_retention"], Words("en_GB"))
    'share, from 0% to 100%, optional'
    """
    unit = unit_of(field.annotation) or next((mark for mark in field.metadata if isinstance(mark, Unit)), None)
    parts = [words.text(f"fields.units.{unit.name if unit else _kind(field.annotation)}")]
    choices = _choices(field.annotation)
    if choices:
        parts.append(words.text("fields.intro.one_of", None, values=", ".join(map(toml, choices))))
    if unit and unit.low is not None:
        parts.append(words.bounds(unit))
    needed = field.is_required() or dotted in ("doors.start", "doors.new")
    parts.append(words.text(f"fields.intro.{'required' if needed else 'optional'}"))
    return ", ".join(parts)


def _model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part))), None)


def _is_series(annotation: Any) -> bool:
    """Whether a field is a list of blocks, as `[[doors.periods]]`."""
    if get_origin(annotation) is tuple:
        return any(isinstance(part, type) and issubclass(part, BaseModel) for part in get_args(annotation))
    return any(_is_series(part) for part in get_args(annotation) if part is not type(None))


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := _choices(part))), ())


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is tuple:
        return "list"
    if _choices(annotation):
        return "choice"
    parts = (annotation, *get_args(annotation))
    return "section" if any(isinstance(p, type) and issubclass(p, BaseModel) for p in parts) else (
        "yes_or_no" if bool in parts else "text"
    )  # fmt: skip
