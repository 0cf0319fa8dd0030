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
from toolkit.units import Count

WHY = ("not_answered", "dont_know", "not_applicable", "not_asked", "dropped_out")
FEWEST_WRITERS = 10
"""Respondents at an end of the outcome who wrote something, below which nobody there is quoted."""
MOST = {"bottom": 2, "between": 1, "top": 2}
"""Quotations per end: a handful in all."""
SHORTEST, LONGEST = 15, 280
_GONE, _WORD = "[…]", re.compile(r"[^\W\d_]{3,}")
_NAMED = re.compile(r"(?<!^)(?<![.!?:;…\n]\s)(?<![\"“”«'‘(])\b(?!I['’])[A-ZÀ-ÖØ-Þ]['’]?[a-zß-öø-ÿ]|\b[A-Z]{2,}\s+[A-Z]{2,}\b")
_SPELT = re.compile(r"\b(?!dit|dat|een|het|elk|geen|ander|ieder|eerste|laatste|enige|goed|sterk|zwak|a|the|every)\w+ (?:punt|dot) \w+")
_TELLING = re.compile(r"@|\d(?:\W?\d){3}|https?:|www\.", re.IGNORECASE)
_WORDS_LEFT = 4


def questions(reading: Reading) -> Iterator[tuple[str, np.ndarray]]:
    """Every item and outcome with its answers (n,)."""
    for table in (reading.items, reading.outcomes):
        for name in table:
            yield str(name), table[name].to_numpy(float)


def gathered(values: np.ndarray, *, averaged: bool = False) -> list[tuple[tuple[float, ...], np.ndarray]]:
    """The answers from worst to best, neighbours together until five or more gave them, and who (n,) did.

    `averaged`: the mean is shown as well. From it the small part of two answers together
    could be worked out, so then two answers of five or more are in what is put together.

    >>> values = np.repeat([1.0, 2, 3, 4, 5], [2, 9, 8, 7, 6])
    >>> [answers for answers, _ in gathered(values)], [answers for answers, _ in gathered(values, averaged=True)]
    ([(1.0, 2.0), (3.0,), (4.0,), (5.0,)], [(1.0, 2.0, 3.0), (4.0,), (5.0,)])
    """
    answers, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    count = dict(zip(answers.tolist(), counts.tolist(), strict=True))

    def stands(part: tuple[float, ...]) -> bool:
        large = sum(count[answer] >= FEWEST for answer in part)
        return len(part) == 1 and large == 1 or len(part) > 1 and large >= 2 if averaged else sum(map(count.get, part)) >= FEWEST

    parts: list[tuple[float, ...]] = []
    waiting: tuple[float, ...] = ()
    for answer in count:
        waiting = (*waiting, answer)
        if stands(waiting):
            parts.append(waiting)
            waiting = ()
    while waiting and not stands(waiting) and parts:
        waiting = (*parts.pop(), *waiting)
    parts += [waiting] if waiting else []
    return [(part, np.isin(values, part)) for part in parts]


def _parts(reading: Reading, name: str, values: np.ndarray) -> list[tuple[tuple[float, ...], np.ndarray]]:
    """The answers to a question as they are shown.

    The mean of an item stands in the table of drivers, that of the leading outcome follows from the contrasts.
    """
    return gathered(values, averaged=name in reading.items or name == reading.leading)


def reach(answers: tuple[float, ...]) -> str:
    """Answers that are put together, from the lowest to the highest.

    >>> reach((1.0, 3.0)), reach((5.0,))
    ('1–3', '5')
    """
    return "–".join(f"{end:g}" for end in dict.fromkeys((min(answers), max(answers))))


def cells_of_answers(reading: Reading) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that gave each answer, and the wholes they are parts of."""
    cells, wholes = [], {}
    for name, values in questions(reading):
        wholes[f"answers.{name}"] = [~np.isnan(values)]
        for answers, who in _parts(reading, name, values):
            cells.append(Cell(("answers", name, reach(answers)), f"answers.{name}", (who,)))
    return cells, wholes


def asked(reading: Reading, answers: Any, secret: frozenset = frozenset()) -> tuple[Asked, ...]:
    """One row per question; the size of groups is unweighted, shares and means are weighted.

    No mean where an answer is hidden or put together with another: from the mean it could be worked out.
    """
    heavy = np.ones(reading.n) if reading.weights is None else np.asarray(reading.weights, float)
    rows = []
    for name, values in questions(reading):
        known = ~np.isnan(values)
        n, total = int(known.sum()), heavy[known].sum()
        parts = []
        for part, who in _parts(reading, name, values):
            shown = ("answers", name, reach(part)) not in secret and who.sum() >= FEWEST
            share = float(heavy[who].sum() / total) if shown and total else None
            parts.append(Answered(reach(part), _end(reading, name, part), int(who.sum()) if shown else None, share))
        whole = all(part.n is not None for part in parts) and len(parts) == len(np.unique(values[known]))
        mean = float(heavy[known] @ values[known] / total) if whole and n >= FEWEST and total else None
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
            if SHORTEST <= len(plain) <= LONGEST and quotable(plain):
                yield str(name), plain


def quotable(text: str) -> bool:
    """Whether a redacted text may be quoted: no number or address is left, no capital inside a sentence, and enough words.

    A capital inside a sentence may be somebody's name, so such a text is not quoted.

    >>> quotable("Men belde nooit terug."), quotable("Els Vandenbroucke belde nooit terug.")
    (True, False)
    """
    if any(pattern.search(text) for pattern in (_NAMED, _SPELT, _TELLING)):
        return False
    return len(_WORD.findall(text)) >= _WORDS_LEFT * text.count(_GONE)
