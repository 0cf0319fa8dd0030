"""Answers joined to purchases: who of those at the top, in the middle and at the bottom stayed, as association.

A customer counts once, whoever answered for it; where several did and stand in different parts of
the scale, it is left out and counted as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from toolkit.drivers.euros_rows import ByAnswer
from toolkit.drivers.intervals import newcombe, wilson
from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Counted
from toolkit.drivers.upstream import Known
from toolkit.units import Estimate, Share
from toolkit.worth.uncertainty import Counted as Kept

BOXES = ("top", "middle", "bottom")
LINKED = "linked"
OTHERS = "others"


@dataclass(frozen=True)
class Joined:
    """Who (n,) of the respondents counts, by box; who of them stayed; what each bought; the account of them all."""

    boxes: Mapping[str, np.ndarray]
    kept: np.ndarray
    turnover: np.ndarray
    account: tuple[Counted, ...]

    def group(self, box: str) -> np.ndarray:
        """Who is in a box, or in either of the two others."""
        return self.boxes["middle"] | self.boxes["bottom"] if box == OTHERS else self.boxes[box]


def join(reading: Reading, rows: Any, with_key: np.ndarray) -> Joined:
    """Respondents by their answer to the leading outcome and what the log says of them; `rows` as `intake.keyed` has it."""
    top, bottom = reading.top(reading.leading) == 1, reading.bottom(reading.leading) == 1
    answered = ~np.isnan(reading.outcome)
    where = np.select([top, bottom], [0, 2], 1)
    known, there = rows["known"].to_numpy(bool), rows["there"].to_numpy(bool)
    customer = rows["customer"].to_numpy(int)
    usable = known & there & answered
    told = pd.DataFrame({"where": where[usable], "customer": customer[usable]}, index=np.flatnonzero(usable))
    agree = (told.groupby("customer")["where"].transform("nunique") == 1).to_numpy(bool)
    once = told[~told["customer"].duplicated().to_numpy(bool)].index
    first, apart = np.zeros(len(where), bool), np.zeros(len(where), bool)
    first[np.intersect1d(once, told.index[agree])] = True
    apart[np.intersect1d(once, told.index[~agree])] = True
    counts = {
        "respondents": len(where),
        "without_key": int((~with_key).sum()),
        "unmatched": int((with_key & ~known).sum()),
        "not_there": int((known & ~there).sum()),
        "no_outcome": int((known & there & ~answered).sum()),
        "same_customer": int(usable.sum() - first.sum() - apart.sum()),
        "disagree": int(apart.sum()),
        "linked": int(first.sum()),
    }
    account = tuple(Counted(name, n) for name, n in counts.items() if n or name in ("unmatched", "linked"))
    boxes = {box: first & (where == place) for place, box in enumerate(BOXES)}
    return Joined(boxes, rows["kept"].to_numpy(bool), rows["turnover"].to_numpy(float), account)


def cells_of_linked(joined: Joined | None) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that would be shown, kept and lost apart, and the wholes they are parts of."""
    if joined is None:
        return [], {}
    cells, everyone = [], joined.group("top") | joined.group(OTHERS)
    wholes = {LINKED: [everyone & joined.kept, everyone & ~joined.kept]}
    for box in ("top", OTHERS):
        cells.append(_cell(joined, box, LINKED))
    rest = joined.group(OTHERS)
    wholes[OTHERS] = [rest & joined.kept, rest & ~joined.kept]
    return [*cells, *(_cell(joined, box, OTHERS) for box in ("middle", "bottom"))], wholes


def _cell(joined: Joined, box: str, family: str) -> Cell:
    group = joined.group(box)
    return Cell((LINKED, box), family, (group & joined.kept, group & ~joined.kept))


def by_answer(joined: Joined | None, gross_margin: Known | None, confidence: Share, secret: frozenset) -> tuple[ByAnswer, ...]:
    """The rows of the three boxes; a box without customers has none, one that must not be shown has no figures."""
    rows = []
    for box in BOXES if joined is not None else ():
        group = joined.boxes[box]
        if not group.any():
            continue
        if (LINKED, box) in secret:
            rows.append(ByAnswer(box, None, None, None, None))
            continue
        n = int(group.sum())
        kept = Estimate(joined.kept[group].mean().item(), *wilson(joined.kept[group].sum(), n, confidence), n, confidence)
        turnover = mean_of(joined.turnover[group], confidence)
        rows.append(ByAnswer(box, n, kept, turnover, _of_margin(turnover, gross_margin)))
    return tuple(rows)


def mean_of(values: np.ndarray, confidence: Share) -> Estimate | None:
    """The mean of what customers bought, with Student's interval; None for fewer than two.

    >>> found = mean_of(np.array([1.0, 2.0, 3.0]), 0.95)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (2.0, -0.48, 4.48)
    """
    n = len(values)
    if n < 2:
        return None
    reach = stdtrit(n - 1, (1 + confidence) / 2) * values.std(ddof=1) / np.sqrt(n)
    mean = float(values.mean())
    return Estimate(mean, float(mean - reach), float(mean + reach), n, confidence)


def _of_margin(turnover: Estimate | None, gross_margin: Known | None) -> Estimate | None:
    """Gross margin from turnover, at the middle of the margin; the interval is that of what was bought."""
    if turnover is None or gross_margin is None:
        return None
    share = gross_margin.mid
    return Estimate(turnover.value * share, turnover.low * share, turnover.high * share, turnover.n, turnover.confidence)


def retained(joined: Joined | None, confidence: Share, secret: frozenset) -> dict[str, Any]:
    """Retention of those in the top box and of all others with the difference, where both may be shown; and the counts.

    The interval of the difference is Newcombe's; `measured` is what is drawn further on.
    """
    found: dict[str, Any] = {"retention_top": None, "retention_others": None, "retention_gap": None, "measured": None}
    if joined is None or secret & {(LINKED, "top"), (LINKED, OTHERS)}:
        return found
    parts = []
    for box in ("top", OTHERS):
        group = joined.group(box)
        n, kept = int(group.sum()), int((group & joined.kept).sum())
        if not n:
            return found
        parts.append((Estimate(kept / n, *wilson(kept, n, confidence), n, confidence), Kept(kept, n)))
    (top, one), (others, two) = parts
    ends = newcombe(*((part.value, part.low, part.high) for part in (top, others)))
    gap = Estimate(top.value - others.value, *ends, top.n + others.n, confidence)
    return {"retention_top": top, "retention_others": others, "retention_gap": gap, "measured": (one, two)}
