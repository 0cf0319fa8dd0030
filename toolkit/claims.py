"""Published rules of thumb with their trail, to stand beside the client's own figure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from toolkit.units import MONEY, POINTS, RATIO, SHARE, Unit

UNITS = {unit.name: unit for unit in (SHARE, POINTS, RATIO, MONEY)}
FILE = Path(__file__).resolve().parent.parent / "templates" / "claims.toml"


@dataclass(frozen=True)
class Claim:
    """One claim: the chapters it belongs to, the published range, which article says it, what it is worth.

    What the reader sees of its trail stands in `words/<language>/claims.toml`.
    """

    name: str
    chapters: tuple[str, ...]
    low: float | None
    high: float | None
    unit: Unit
    article: str
    currency: str
    verdict: Literal["holds", "holds_if", "literature", "disputed"]


@cache
def published(file: Path = FILE) -> tuple[Claim, ...]:
    """All claims, in the order of the file."""
    entries = tomllib.loads(file.read_text("utf-8"))
    return tuple(
        Claim(
            name,
            tuple(entry["chapters"]),
            entry.get("low"),
            entry.get("high"),
            UNITS[entry["unit"]],
            entry["article"],
            entry.get("currency", "EUR"),
            entry["verdict"],
        )
        for name, entry in entries.items()
    )


def claims_for(chapter: str) -> tuple[Claim, ...]:
    """The claims that a chapter sets beside the client's own figure."""
    return tuple(claim for claim in published() if chapter in claim.chapters)
