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
    """One claim: the chapters it belongs to, the range that is published, where it comes from, what it is worth."""

    name: str
    chapters: tuple[str, ...]
    low: float | None
    high: float | None
    unit: Unit
    trail: str
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
            entry["trail"],
            entry["verdict"],
        )
        for name, entry in entries.items()
    )


def claims_for(chapter: str) -> tuple[Claim, ...]:
    """The claims that a chapter sets beside the client's own figure."""
    return tuple(claim for claim in published() if chapter in claim.chapters)
