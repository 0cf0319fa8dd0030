"""Annex B beyond weighing: contrasts, groups and waves, rivals and stated importance, answers and quotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.drivers import comparing, contrasts, positioning, read_as, responses
from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Driver, listed
from toolkit.units import Share


@dataclass(frozen=True)
class Annex:
    """What annex B is made of, prepared once: who stands where around the reference, and what competitors got."""

    sides: contrasts.Sides
    rated: dict[tuple[str, str], np.ndarray]


def prepared(reading: Reading, answers: Any) -> Annex:
    """The parts that both the privacy pass and the tables need."""
    return Annex(contrasts.sides_of(reading), positioning.ratings(reading, answers))


def cells_of_annex(reading: Reading, answers: Any, annex: Annex) -> list[tuple[list[Cell], dict[str, list[np.ndarray]]]]:
    """The groups that annex B would show, in order of importance."""
    return [
        positioning.cells_of_ratings(reading, annex.rated),
        contrasts.cells_of_contrasts(annex.sides),
        responses.cells_of_answers(reading),
        comparing.cells_of_item_gaps(reading, answers),
    ]


def annexed(
    reading: Reading, answers: Any, annex: Annex, drivers: tuple[Driver, ...], confidence: Share, secret: frozenset
) -> dict:
    """Everything annex B says beyond weighing, by the fields of the result."""
    order = {row.driver: place for place, row in enumerate(drivers)}
    rows = contrasts.contrasts(reading, annex.sides, confidence, secret)
    musts = [row.label for row in sorted(rows, key=lambda row: order[row.driver]) if row.kind == "must_have"]
    full = [row.label for row in sorted(rows, key=lambda row: order[row.driver]) if contrasts.under_ceiling(row, reading)]
    gaps = comparing.gaps(reading, answers, confidence, secret)
    items, tried = comparing.item_gaps(reading, answers, confidence, secret)
    rivals = positioning.rivals(reading, annex.rated, drivers, confidence, secret)
    p = [one for gap in gaps for one in (gap.top_p, gap.score_p) if one is not None]
    waves = comparing.waves_of(answers)
    return {
        "contrasts": tuple(sorted(rows, key=lambda row: order[row.driver])),
        "must_have_label": listed(musts) if musts else None,
        "ceiling_label": listed(full) if full else None,
        "contrasts_together": annex.sides.together,
        **contrasts.excess(reading, confidence),
        "gaps": gaps,
        "gaps_tried": len(p),
        "gaps_clear": sum(one < 1 - confidence for one in p),
        "item_gaps": items,
        "item_gaps_tried": tried,
        "changes": comparing.changes(reading, answers, confidence, secret),
        "only_wave": waves[0] if len(waves) == 1 else None,
        "rivals": rivals,
        "unrated": positioning.unrated(annex.rated, rivals, answers),
        "rated_most": max((row.n for row in rivals), default=None),
        "stated_ranks": positioning.stated_ranks(drivers),
        "asked": responses.asked(reading, answers, secret),
        "quotes": responses.quotes(reading, answers),
        **read_as.told(reading, answers),
    }
