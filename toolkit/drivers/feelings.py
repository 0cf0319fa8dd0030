"""How customers feel: each outcome's two ends with intervals, and the recommendation score."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.scoring import recommendation_of
from toolkit.drivers.rows import Feeling
from toolkit.drivers.shares import rate
from toolkit.drivers.weighing import value_of
from toolkit.units import Estimate, Share


def feelings(reading: Reading, confidence: Share, secret: frozenset = frozenset()) -> tuple[Feeling, ...]:
    """Every outcome, its ends and what lies between; what must not be shown is None."""
    found = []
    for name in reading.outcomes:
        known = ~np.isnan(reading.outcomes[name].to_numpy(float))
        if not known.any():
            continue
        top, bottom = reading.top(name), reading.bottom(name)
        ends = [share_of(part, reading, confidence) for part in (bottom, top)]
        middle = value_of(share_of(np.where(known, (1 - top) * (1 - bottom), np.nan), reading, confidence))
        shown = [
            None if (name, part) in secret else value
            for part, value in (("bottom", ends[0]), ("middle", middle), ("top", ends[1]))
        ]
        score = None if secret & {(name, part) for part in PARTS} else score_of(reading, name, confidence)
        boxes = reading.boxes[name]
        n = int(known.sum())
        found.append(Feeling(name, reading.label(name), n, boxes.bottom_to, boxes.top_from, *shown, score))
    return tuple(found)


PARTS = ("bottom", "middle", "top")


def cells_of_feelings(reading: Reading) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that `feelings` would show, and the wholes they are parts of."""
    cells, wholes = [], {}
    for name in reading.outcomes:
        known = ~np.isnan(reading.outcomes[name].to_numpy(float))
        top, bottom = reading.top(name) == 1, reading.bottom(name) == 1
        wholes[f"feelings.{name}"] = [known]
        for part, group in zip(("top", "bottom", "middle"), (top, bottom, known & ~top & ~bottom), strict=True):
            cells.append(Cell((name, part), f"feelings.{name}", (group,)))
    return cells, wholes


def share_of(has: np.ndarray, reading: Reading, confidence: Share, rows: np.ndarray | None = None) -> Estimate | Any:
    """Share of those with 1 among those who are known (n,), with its interval; alone with fewer than six companies.

    `rows` limits it to some respondents. The estimate's n is the number of answers.
    """
    keep = ~np.isnan(has) if rows is None else ~np.isnan(has) & rows
    weights = np.ones(len(has)) if reading.weights is None else np.asarray(reading.weights, float)
    keep &= weights > 0
    return rate(has, keep, weights, reading.clusters, confidence).estimate(confidence)


def score_of(reading: Reading, outcome: str, confidence: Share, rows: np.ndarray | None = None) -> Any:
    """The recommendation score with its adjusted interval; None for any other question."""
    if not reading.has_score(outcome):
        return None
    keep = np.ones(reading.n, bool) if rows is None else rows
    values = reading.outcomes[outcome].to_numpy(float)[keep]
    weights = None if reading.weights is None else reading.weights[keep]
    clusters = None if reading.clusters is None else reading.clusters[keep]
    found = recommendation_of(values, weights=weights, clusters=clusters, scale=(0, 10), confidence=confidence)
    if found.low is None:
        return found.score
    return Estimate(found.score, found.low, found.high, int(found.n), confidence)
