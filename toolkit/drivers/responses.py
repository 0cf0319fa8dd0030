"""Response detail: who answered each question, what they answered, why others did not, and what some wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from toolkit.drivers.privacy import FEWEST, Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows_annex import Answered, Asked, Quoted
from toolkit.drivers.steps import spans
from toolkit.units import Count

WHY = ("not_answered", "dont_know", "not_applicable", "not_asked", "dropped_out")
FEWEST_WRITERS = 10
"""Respondents at an end of the outcome who wrote something, below which nobody there is quoted."""
MOST = {"bottom": 2, "between": 1, "top": 2}
"""Quotations per end: a handful in all."""
SHORTEST, LONGEST = 15, 280
TELLING = re.compile(r"@|\d(?:\W?\d){3}|https?:|www\.", re.IGNORECASE)
"""What must have been masked already; a text that still has it is not quoted."""


def questions(reading: Reading) -> Iterator[tuple[str, np.ndarray]]:
    """Every item and outcome with its answers (n,)."""
    for table in (reading.items, reading.outcomes):
        for name in table:
            yield str(name), table[name].to_numpy(float)


def gathered(values: np.ndarray) -> list[tuple[tuple[float, ...], np.ndarray]]:
    """The answers from worst to best, neighbours together until five or more gave them, and who (n,) did.

    >>> [answers for answers, _ in gathered(np.repeat([1.0, 2, 3, 4], [2, 9, 8, 3]))]
    [(1.0, 2.0), (3.0, 4.0)]
    """
    parts: list[tuple[float, ...]] = []
    waiting: tuple[float, ...] = ()
    for answer in np.unique(values[~np.isnan(values)]).tolist():
        waiting = (*waiting, answer)
        if np.isin(values, waiting).sum() >= FEWEST:
            parts.append(waiting)
            waiting = ()
    if waiting:
        parts = [*parts[:-1], (*parts[-1], *waiting)] if parts else [waiting]
    return [(part, np.isin(values, part)) for part in parts]


def cells_of_answers(reading: Reading) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that gave each answer, and the wholes they are parts of."""
    cells, wholes = [], {}
    for name, values in questions(reading):
        wholes[f"answers.{name}"] = [~np.isnan(values)]
        for answers, who in gathered(values):
            cells.append(Cell(("answers", name, spans(answers)), f"answers.{name}", (who,)))
    return cells, wholes


def asked(reading: Reading, answers: Any, secret: frozenset = frozenset()) -> tuple[Asked, ...]:
    """One row per question; the size of groups is unweighted, shares and means are weighted."""
    heavy = np.ones(reading.n) if reading.weights is None else np.asarray(reading.weights, float)
    rows = []
    for name, values in questions(reading):
        known = ~np.isnan(values)
        n, total = int(known.sum()), heavy[known].sum()
        parts = []
        for part, who in gathered(values):
            shown = ("answers", name, spans(part)) not in secret and who.sum() >= FEWEST
            share = float(heavy[who].sum() / total) if shown and total else None
            parts.append(Answered(spans(part), _end(reading, name, part), int(who.sum()) if shown else None, share))
        mean = float(heavy[known] @ values[known] / total) if n >= FEWEST and total else None
        why = _why(reading, answers, name, known)
        rows.append(Asked(name, reading.label(name), n, mean, *why, tuple(parts)))
    return tuple(rows)


def _end(reading: Reading, name: str, part: tuple[float, ...]) -> str:
    boxes = reading.boxes[name]
    if max(part) <= boxes.bottom_to:
        return "bottom"
    return "top" if min(part) >= boxes.top_from else "between"


def _why(reading: Reading, answers: Any, name: str, known: np.ndarray) -> list[Count | None]:
    """How many did not answer, by reason; all None where one of the reasons has one to four respondents."""
    reasons = getattr(answers, "reasons", None)
    if reasons is None or name not in reasons:
        missing = int((~known).sum())
        return [missing if missing >= FEWEST or not missing else None, *[None] * (len(WHY) - 1)]
    counts = reasons[name].astype("string").value_counts()
    found = [int(counts.get(reason, 0)) for reason in WHY]
    few = any(0 < count < FEWEST for count in found)
    return [None if few and count else count for count in found]


def quotes(reading: Reading, answers: Any) -> tuple[Quoted, ...]:
    """At most five quotations, from those ends of the outcome with two ends where ten or more respondents wrote.

    The texts come without addresses, numbers and names; of those, the ones of middling length are taken.
    """
    table = getattr(answers, "quotations", None)
    if table is None or not len(table.columns):
        return ()
    top, bottom = reading.top(reading.ends) == 1, reading.bottom(reading.ends) == 1
    known = ~np.isnan(reading.outcomes[reading.ends].to_numpy(float))
    found = []
    for end, who in (("bottom", bottom), ("between", known & ~top & ~bottom), ("top", top)):
        if (table.notna().any(axis=1).to_numpy() & who).sum() < FEWEST_WRITERS:
            continue
        texts = sorted(set(_texts(table, who)), key=lambda pair: (len(pair[1]), pair))
        middle = max(0, len(texts) // 2 - MOST[end] // 2)
        found += [Quoted(text, name, end) for name, text in texts[middle : middle + MOST[end]]]
    return tuple(found)


def _texts(table: pd.DataFrame, who: np.ndarray) -> Iterator[tuple[str, str]]:
    """The open answers fit to be quoted, with their question."""
    for name in table:
        for text in table[name][who].dropna():
            plain = " ".join(str(text).split())
            if SHORTEST <= len(plain) <= LONGEST and not TELLING.search(plain):
                yield str(name), plain
