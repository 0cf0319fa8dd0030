"""Findings and refusals: what is to be said, named, before any language.

A finding is a name plus the result it is about; `toolkit.words` finds the
sentence. A refusal is a finding about bad input: it says where, what was given,
what is allowed and what to try, and travels in a `Refused` with all the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """Something worth saying: its name in `templates/words`, and the result whose fields fill it."""

    name: str
    about: Any


@dataclass(frozen=True)
class Refusal:
    """One problem in what was given.

    `name` is its entry in `templates/words/<language>/refusals.toml`; `file`,
    `field`, `row` and `column` say where; `given` is what stood there; `values`
    fills whatever else its sentences mention.
    """

    name: str
    file: str = ""
    field: str = ""
    row: int | None = None
    column: str = ""
    given: Any = ""
    values: dict[str, Any] = dataclass_field(default_factory=dict)


class Refused(Exception):
    """All problems found in one reading, together."""

    def __init__(self, refusals: Iterable[Refusal]):
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{r.name} {r.file} {r.field}".strip() for r in self.refusals))
