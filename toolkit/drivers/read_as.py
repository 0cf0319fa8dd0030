"""How the file was read: its format, the scale of every question, and what was taken for no answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.drivers.reading import SCORED, Reading
from toolkit.drivers.rows_annex import ReadAs, ReadScale

OF_FILE = ("format", "sheet", "delimiter", "encoding", "shape")
NO_ANSWER = "no_answer."


def told(reading: Reading, answers: Any) -> dict:
    """The rows of both tables, by the fields of the result."""
    said = getattr(answers, "read_as", None) or {}
    return {"read": tuple(_of_file(reading, said)), "scales": tuple(_of_questions(reading, answers, said))}


def _of_file(reading: Reading, said: dict[str, str]) -> Iterator[ReadAs]:
    yield from (ReadAs(name, said[name]) for name in OF_FILE if said.get(name))
    if SCORED in reading.outcomes and reading.has_score(SCORED) and not (reading.outcomes[SCORED] == 0).any():
        yield ReadAs(SCORED, "no_nought")


def _of_questions(reading: Reading, answers: Any, said: dict[str, str]) -> Iterator[ReadScale]:
    for name in (*reading.items, *reading.outcomes):
        scale = answers.scales[name]
        ends = f"{scale.low:g}–{scale.high:g}"
        codes = said.get(f"{NO_ANSWER}{name}", "")
        yield ReadScale(str(name), reading.label(name), ends, bool(getattr(scale, "reversed", False)), codes or None)
