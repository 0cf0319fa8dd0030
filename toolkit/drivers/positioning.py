"""Positioning (article A3): the same items rated here and at competitors, and importance stated against derived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from toolkit.drivers.linear import fit
from toolkit.drivers.privacy import FEWEST, Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Driver
from toolkit.drivers.rows_annex import Rival, StatedRank
from toolkit.drivers.several import holm
from toolkit.units import Count, Share


def ratings(reading: Reading, answers: Any) -> dict[tuple[str, str], np.ndarray]:
    """A competitor's ratings (n,) of an item, moved to the item's own scale, by (competitor, item)."""
    found = {}
    for competitor, table in (getattr(answers, "competitors", None) or {}).items():
        for item in () if table is None else table:
            own = reading.boxes[item]
            scale = answers.scales.get(f"competitors.{competitor}.{item}", own)
            part = (table[item].to_numpy(float) - scale.low) / (scale.high - scale.low)
            found[str(competitor), str(item)] = own.low + part * (own.high - own.low)
    return found


def cells_of_ratings(
    reading: Reading, rated: Mapping[tuple[str, str], np.ndarray]
) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """Who rated an item both here and at a competitor, and who rated it here."""
    cells, wholes = [], {}
    for (competitor, item), theirs in rated.items():
        own = reading.items[item].notna().to_numpy()
        family = f"rivals.{competitor}.{item}"
        wholes[family] = [own]
        cells.append(Cell(("rival", competitor, item), family, (own & ~np.isnan(theirs),)))
    return cells, wholes


def rivals(
    reading: Reading,
    rated: Mapping[tuple[str, str], np.ndarray],
    drivers: Sequence[Driver],
    confidence: Share,
    secret: frozenset = frozenset(),
) -> tuple[Rival, ...]:
    """Own against each competitor among those who rated both: what weighs most first, then the best-rated competitor."""
    heavy = np.ones(reading.n) if reading.weights is None else np.asarray(reading.weights, float)
    weight = {row.driver: getattr(row.share, "value", row.share) for row in drivers}
    rows = []
    for (competitor, item), theirs in rated.items():
        own = reading.items[item].to_numpy(float)
        both = ~np.isnan(own) & ~np.isnan(theirs) & (heavy > 0)
        if both.sum() < FEWEST or ("rival", competitor, item) in secret:
            continue
        clusters = None if reading.clusters is None else np.asarray(reading.clusters)[both]
        found = fit(np.ones((int(both.sum()), 1)), (own - theirs)[both], heavy[both], clusters).of(np.ones(1))
        means = (float(np.average(values[both], weights=heavy[both])) for values in (own, theirs))
        rows.append((competitor, item, int(both.sum()), *means, found))
    known = [place for place, row in enumerate(rows) if row[-1].p() is not None]
    corrected = dict(zip(known, holm(np.array([rows[place][-1].p() for place in known])).tolist(), strict=True))
    listed = [
        Rival(competitor, item, reading.label(item), weight[item], n, own, theirs, found.estimate(confidence), p,
              p is not None and p < 1 - confidence)
        for place, (competitor, item, n, own, theirs, found) in enumerate(rows)
        for p in (corrected.get(place),)
    ]  # fmt: skip
    return tuple(sorted(listed, key=lambda row: (-row.share, -row.theirs, row.competitor)))


def strongest(rows: Sequence[Rival]) -> list[Rival]:
    """Per item the competitor with the best ratings, what weighs most first."""
    return list({row.driver: row for row in reversed(rows)}.values())[::-1]


def unrated(rated: Mapping[tuple[str, str], np.ndarray], rows: Sequence[Rival], answers: Any) -> str | None:
    """The competitors that nobody, or too few, rated; None where there is none."""
    asked = [str(name) for name in getattr(answers, "competitors", None) or {}]
    missing = [name for name in asked if name not in {row.competitor for row in rows}]
    return ", ".join(missing) or None


def stated_means(answers: Any) -> dict[str, float]:
    """Mean stated importance per driver, where at least five customers were asked and answered."""
    stated = getattr(answers, "stated", None)
    if stated is None:
        return {}
    return {name: float(stated[name].mean()) for name in stated if int(stated[name].notna().sum()) >= FEWEST}


def stated_ranks(drivers: Sequence[Driver]) -> tuple[StatedRank, ...]:
    """The items whose importance was stated by how far their two places lie apart, the farthest first.

    `drivers` come sorted by what they weigh; places are counted among the items that were asked.
    """
    asked = [row for row in drivers if row.stated is not None]
    if len(asked) < 2:
        return ()
    by_stated = sorted(asked, key=lambda row: -row.stated)
    rows = [_rank(row, by_stated.index(row) + 1, place, len(asked) == len(drivers)) for place, row in enumerate(asked, 1)]
    return tuple(sorted(rows, key=lambda row: -abs(row.stated_place - row.derived_place)))


def _rank(row: Driver, stated: Count, derived: Count, all_asked: bool) -> StatedRank:
    beyond = None
    if all_asked and row.rank_low is not None:
        beyond = not row.rank_low <= stated <= row.rank_high
    return StatedRank(row.driver, row.label, stated, derived, beyond)
