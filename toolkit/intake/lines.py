"""Lines of a client file: a value as TOML on one line, and the line of one question of a survey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import tomli_w

from toolkit.intake.survey_scales import number_of

if TYPE_CHECKING:
    from toolkit.intake.survey_section import Place, Question


def toml(value: Any) -> str:
    """One value as TOML on one line; a key that TOML takes for something else stands between quotation marks.

    >>> toml({"from": "x", "n": [1, True], "Firm B": 5.0})
    '{ from = "x", n = [1, true], "Firm B" = 5.0 }'
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key_of(key)} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(part) for part in value) + "]"
    return tomli_w.dumps({"value": value}).removeprefix("value = ").rstrip("\n")


def key_of(name: str) -> str:
    """A name as a key of a client file.

    >>> key_of("speed"), key_of("Firm B")
    ('speed', '"Firm B"')
    """
    return tomli_w.dumps({name: 0}).removesuffix(" = 0\n")


def table_of(place: Place) -> str:
    """The table of a client file that a question stands in.

    >>> table_of(("items", "speed")), table_of(("competitors.Firm B", "speed"))
    ('survey.items', 'survey.competitors."Firm B"')
    """
    table, _, name = place[0].partition(".")
    return f"survey.{table}" + (f".{key_of(name)}" if name else "")


def question_line(place: Place, question: Question, **changed: Any) -> str:
    """The whole line of a question, with what it says already and what is `changed`."""
    said = {**question.model_dump(exclude_none=True), **changed}
    if isinstance(said.get("scale"), tuple):
        said["scale"] = whole(said["scale"])
    if isinstance(said.get("missing"), Mapping):
        said["missing"] = codes_in_short(said["missing"])
    return f"{key_of(place[1])} = {toml(said)}"


def codes_in_short(codes: Mapping[str, str]) -> Any:
    """Codes of no answer as one writes them: a list, or a table where some have a reason.

    >>> codes_in_short({"99": "not_answered", "98": "not_answered", "x": "not_answered"})
    ['x', 98, 99]
    """
    if set(codes.values()) - {"not_answered"}:
        return dict(codes)
    numbers = sorted({found[0] for code in codes if (found := number_of(code))})
    return [*(code for code in codes if not number_of(code)), *whole(numbers)]


def whole(values: Any) -> list[Any]:
    """Numbers without decimals where they are whole; texts as they are."""
    return [int(one) if isinstance(one, float) and one == int(one) else one for one in values]
