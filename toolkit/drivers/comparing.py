"""Groups compared: every segment against the rest of its kind, every wave against the one before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from toolkit.drivers.groups import kinds, members
from toolkit.drivers.linear import Found, difference
from toolkit.drivers.privacy import FEWEST, Cell
from toolkit.drivers.reading import SCORED, Reading
from toolkit.drivers.rows_annex import Change, Gap, ItemGap
from toolkit.drivers.scoring import recommendation_of
from toolkit.drivers.several import benjamini_hochberg, holm
from toolkit.units import Share

MOST_ITEMS = 10
"""Differences between groups on items that a table shows, the surest first."""


def apart(reading: Reading, answers: Any) -> Iterator[tuple[str, str, np.ndarray]]:
    """The groups to hold against the others of their kind: of two groups only one, for the other is its mirror."""
    everyone = list(members(reading, answers))
    count = Counter(kind for kind, _, _ in everyone)
    for place, (kind, name, inside) in enumerate(everyone):
        mirror = count[kind] == 2 and place and everyone[place - 1][0] == kind
        if not mirror:
            yield kind, name, inside


def score_of_each(reading: Reading) -> np.ndarray | None:
    """1 for promoters, -1 for detractors, 0 between, nan where unknown (n,); None without the question."""
    if SCORED not in reading.outcomes or not reading.has_score(SCORED):
        return None
    return reading.top(SCORED) - reading.bottom(SCORED)


def _apart(values: np.ndarray | None, one: np.ndarray, other: np.ndarray, reading: Reading, alone: bool) -> Found | None:
    """The difference of two groups, unless fewer than five of either answered."""
    if values is None or min(int((part & ~np.isnan(values)).sum()) for part in (one, other)) < FEWEST:
        return None
    return difference(values, one, other, reading.weights, None if alone else reading.clusters)


def _corrected(found: Sequence[Found | None], correct) -> list[float | None]:
    """p-values after a correction over those that have one."""
    plain = [one and one.p() for one in found]
    known = [place for place, p in enumerate(plain) if p is not None]
    after = correct(np.array([plain[place] for place in known])) if known else []
    for place, p in zip(known, after, strict=True):
        plain[place] = float(p)
    return plain


def _shown(found: Found | None, confidence: Share) -> Any:
    """A difference of shares or scores with its interval, which ends where such differences end."""
    value = found and found.estimate(confidence)
    return replace(value, low=max(-2.0, value.low), high=min(2.0, value.high)) if hasattr(value, "low") else value


def gaps(reading: Reading, answers: Any, confidence: Share, secret: frozenset) -> tuple[Gap, ...]:
    """Every company or segment that may be shown against the others of its kind.

    Companies as if respondents were independent; waves have `changes`.
    """
    score, top = score_of_each(reading), reading.top(reading.leading)
    known = ~np.isnan(reading.outcome)
    named, found = [], []
    for kind, name, inside in apart(reading, answers):
        if kind == "wave" or (kind, name) in secret or not inside.any():
            continue
        named.append((kind, name))
        alone = kind == "company"
        found += [_apart(values, inside, known & ~inside, reading, alone) for values in (top, score)]
    p = _corrected(found, benjamini_hochberg)
    return tuple(
        Gap(*who, _shown(found[2 * i], confidence), p[2 * i], _shown(found[2 * i + 1], confidence), p[2 * i + 1])
        for i, who in enumerate(named)
        if found[2 * i] is not None
    )


def item_gaps(reading: Reading, answers: Any, confidence: Share, secret: frozenset) -> tuple[tuple[ItemGap, ...], int]:
    """The items that a segment or wave answers otherwise than the rest, and how many were tried."""
    tried = []
    for kind, name, inside in apart(reading, answers):
        if kind == "company" or (kind, name) in secret:
            continue
        rest = ~np.isnan(reading.outcome) & ~inside
        for item in reading.items:
            values = reading.items[item].to_numpy(float)
            found = _apart(values, inside, rest, reading, False)
            if found is not None and found.error:
                tried.append((kind, name, item, inside & ~np.isnan(values), found))
    corrected = _corrected([row[-1] for row in tried], benjamini_hochberg)
    rows = [
        ItemGap(
            kind, name, reading.label(item), int(who.sum()), _mean(reading, item, who), found.estimate(confidence), p
        )
        for (kind, name, item, who, found), p in zip(tried, corrected, strict=True)
        if p < 1 - confidence
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row.p)[:MOST_ITEMS]), len(tried)


def _mean(reading: Reading, item: Any, who: np.ndarray) -> float:
    weights = None if reading.weights is None else np.asarray(reading.weights, float)[who]
    return float(np.average(reading.items[item].to_numpy(float)[who], weights=weights))


def cells_of_item_gaps(reading: Reading, answers: Any) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """Who of every segment and wave answered every item, and the wholes they are parts of."""
    cells, wholes = [], {}
    for kind, name, inside in members(reading, answers):
        if kind == "company":
            continue
        for item in reading.items:
            answered = reading.items[item].notna().to_numpy() & ~np.isnan(reading.outcome)
            wholes[f"items.{kind}.{item}"] = [answered]
            cells.append(Cell(("items", kind, name, str(item)), f"items.{kind}.{item}", (inside & answered,)))
    return cells, wholes


def waves_of(answers: Any) -> list[str]:
    """The waves of a survey in their order; empty where no wave was named."""
    column = getattr(answers, "waves", None)
    if column is None:
        return []
    known = getattr(column, "cat", None)
    there = set(column.dropna().astype(str))
    ordered = [str(name) for name in known.categories] if known is not None else sorted(there)
    return [name for name in ordered if name in there]


def changes(reading: Reading, answers: Any, confidence: Share, secret: frozenset) -> tuple[Change, ...]:
    """Every wave against the one before it, of those that may be shown.

    Companies that answered in both waves leave both at once; independent waves compare
    their adjusted scores as `recommendation_difference` does.
    """
    column = kinds(answers).get("wave")
    names = [name for name in waves_of(answers) if column is not None and ("wave", name) not in secret]
    known, rows = ~np.isnan(reading.outcome), []
    for before, after in zip(names, names[1:], strict=False):
        then, now = ((column == name).to_numpy(bool) & known for name in (before, after))
        top = _apart(reading.top(reading.leading), now, then, reading, False)
        if top is not None:
            rows.append(((before, after, int(then.sum()), int(now.sum())), top, _scores(reading, now, then)))
    top_p = _corrected([top for _, top, _ in rows], holm)
    score_p = _corrected([score for _, _, score in rows], holm)
    return tuple(
        Change(reading.label(reading.leading), *who, _shown(top, confidence), one, _shown(score, confidence), other)
        for (who, top, score), one, other in zip(rows, top_p, score_p, strict=True)
    )


def _scores(reading: Reading, now: np.ndarray, then: np.ndarray) -> Found | None:
    """The change of the score: companies left out one at a time, else the adjusted scores compared."""
    found = _apart(score_of_each(reading), now, then, reading, False)
    if found is None or reading.clusters is not None:
        return found
    values, weights = reading.outcomes[SCORED].to_numpy(float), reading.weights
    both = [
        recommendation_of(values[part], weights=None if weights is None else weights[part], scale=(0, 10))
        for part in (now, then)
    ]
    error, centre = float(np.hypot(both[0].error, both[1].error)), both[0].centre - both[1].centre
    return Found(both[0].score - both[1].score, error, 1e9, found.n, centre)
