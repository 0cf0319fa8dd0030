"""The ladder of the leading driver, and what article A5 printed for the same rungs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.drivers.ladder import Ladder, Rung, ladder, largest_part, share_of_the_rest
from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import Reading
from toolkit.drivers.rows import Step
from toolkit.finding import Refused
from toolkit.units import Estimate, Share

NAMES = ("rest", "next", "best")
BOOSTED = "boosted"
# Article A5 (PXL): share in the top box by satisfaction with keeping agreements, worst rung first, and
# of the very satisfied whose expectations were exceeded too.
PXL = {"attachment": (0.26, 0.57, 0.86, 0.94), "recommendation": (0.19, 0.39, 0.73, 0.87)}


def published_for(outcome: str) -> tuple[float, ...]:
    """The printed shares of the outcome nearest to this one."""
    return PXL["recommendation" if outcome.startswith("recommend") else "attachment"]


def climbed(reading: Reading, driver: str, outcome: str, confidence: Share) -> Ladder | None:
    """The ladder of a driver for an outcome, without booster where nobody can be compared; None without rungs."""
    answers = reading.items[driver].to_numpy(float)
    groups = reading.boxes[driver].rungs(answers)
    if len(groups) < 2:
        return None
    how = {"rungs": groups, "weights": reading.weights, "clusters": reading.clusters, "confidence": confidence}
    booster = None if driver == reading.booster_name else reading.booster
    try:
        return ladder(answers, reading.top(outcome), booster=booster, **how)
    except Refused:
        if booster is None:
            return None
    return ladder(answers, reading.top(outcome), **how)


def steps(outcome: str, found: Ladder | None, confidence: Share, secret: frozenset = frozenset()) -> tuple[Step, ...]:
    """The rungs from worst to best and, last, the booster; none at all where one of them may not be shown."""
    if found is None or any((outcome, "rung", str(place)) in secret for place in range(len(found.rungs))):
        return ()
    names = NAMES[-len(found.rungs) :]
    published = published_for(outcome)
    rows = [_step(n, rung, p, confidence) for n, rung, p in zip(names, found.rungs, published[-1 - len(names) : -1], strict=True)]
    if found.booster is not None and (outcome, BOOSTED) not in secret:
        rows.append(_step(BOOSTED, found.booster.condition, published[-1], confidence))
    return tuple(rows)


def with_and_without(outcome: str, rows: tuple[Step, ...], found: Ladder | None, confidence: Share) -> dict:
    """The rungs with, before the booster, the highest one without the second condition; and the published ladder audited.

    Where a part q of the highest rung meets the condition, the published rates p of the rung and
    b of those who meet it leave (p - q·b) / (1 - q) for the others, so q is p / b at most.
    """
    none = dict.fromkeys(("boosted_part", "published_rest", "published_most"))
    if found is None or found.booster is None or not rows or rows[-1].rung != BOOSTED:
        return none | {"ladder_rows": rows}
    both = found.booster
    part = both.condition.n / (both.condition.n + both.without.n)
    *_, best, boosted = published_for(outcome)
    rest, most = share_of_the_rest(best, boosted, part), largest_part(best, boosted)
    listed = (*rows[:-1], _step("unboosted", both.without, None, confidence), rows[-1])
    return {"ladder_rows": listed, "boosted_part": part, "published_rest": rest if rest >= 0 else None, "published_most": most}


def _step(name: str, rung: Rung, published: Share | None, confidence: Share) -> Step:
    share = rung.share if rung.low is None else Estimate(rung.share, rung.low, rung.high, rung.n, confidence)
    return Step(name, spans(rung.answers), rung.n, share, published)


def spans(answers: Sequence[float | None]) -> str:
    """Answers written as a range where they follow one another; a missing answer is a question mark.

    >>> spans((1.0, 2.0, 3.0)), spans((5.0,)), spans((1.0, 3.0, None))
    ('1–3', '5', '1, 3, ?')
    """
    known = sorted(answer for answer in answers if answer is not None)
    parts = [f"{answer:g}" for answer in known]
    if len(known) > 1 and known[-1] - known[0] == len(known) - 1:
        parts = [f"{parts[0]}–{parts[-1]}"]
    return ", ".join([*parts, *(["?"] if len(known) < len(answers) else [])])


def cells_of_steps(
    reading: Reading, driver: str, outcome: str, found: Ladder | None
) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups that the ladder would show, and the wholes they are parts of."""
    if found is None:
        return [], {}
    answers, top = reading.items[driver].to_numpy(float), reading.top(outcome)
    known = ~np.isnan(answers) & ~np.isnan(top)
    if found.booster is not None:
        known &= ~np.isnan(reading.booster)
    cells, wholes = [], {f"ladder.{outcome}": [known & (top == 1), known & (top == 0)]}
    for place, rung in enumerate(found.rungs):
        inside = np.isin(answers, rung.answers) & known
        cells.append(Cell((outcome, "rung", str(place)), f"ladder.{outcome}", (inside & (top == 1), inside & (top == 0))))
    if found.booster is not None:
        best = np.isin(answers, found.rungs[-1].answers) & known
        meets = best & (reading.booster == 1)
        wholes[f"booster.{outcome}"] = [best & (top == 1), best & (top == 0)]
        cells.append(Cell((outcome, BOOSTED), f"booster.{outcome}", (meets & (top == 1), meets & (top == 0))))
    return cells, wholes
