"""Penalties and rewards: what goes with an answer below, and above, the one that most customers give.

Two indicators per driver, low and high against the most frequent answer (penalty-reward
contrasts; Brandt 1987; Mikulić & Prebežac 2011, *Managing Service Quality* 21), all drivers
side by side in one linear fit of the leading outcome, or each driver alone where there
are too few answers for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from toolkit.drivers.linear import Fit, Found, fit
from toolkit.drivers.privacy import Cell
from toolkit.drivers.reading import EXCEEDED, Reading
from toolkit.drivers.rows_annex import Contrast
from toolkit.units import Share

FEWEST_SIDE = 10
"""Respondents on a side of the reference below which nothing is said of that side."""
PER_COLUMN = 10
"""Answers for each indicator that the fit of all drivers together takes."""
SMALL = 0.2
"""Standard deviations of the outcome within which a contrast counts as none (Cohen's small difference)."""
SIDES = ("below", "at", "above")


@dataclass(frozen=True)
class Sides:
    """The complete answers: per driver who is below, at and above its reference, each (n,)."""

    complete: np.ndarray
    reference: Mapping[str, float]
    who: Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]

    @property
    def together(self) -> bool:
        """Whether there are answers enough for all drivers in one fit."""
        return int(self.complete.sum()) >= PER_COLUMN * (2 * len(self.who) + 1)


def sides_of(reading: Reading, references: Mapping[str, float] | None = None) -> Sides:
    """Who stands where; the reference of a driver is its most frequent answer unless one is given."""
    complete = ~(reading.items.isna().any(axis=1).to_numpy() | np.isnan(reading.outcome))
    if reading.weights is not None:
        complete &= np.asarray(reading.weights, float) > 0
    found, given = {}, references or {}
    for name in reading.items:
        values = reading.items[name].to_numpy(float)
        at = given.get(name)
        if at is None:
            answers, counts = np.unique(values[complete], return_counts=True)
            at = float(answers[counts.argmax()])
        found[str(name)] = (at, tuple(complete & part for part in (values < at, values == at, values > at)))
    return Sides(complete, {name: at for name, (at, _) in found.items()}, {name: who for name, (_, who) in found.items()})


def cells_of_contrasts(sides: Sides) -> tuple[list[Cell], dict[str, list[np.ndarray]]]:
    """The groups whose means would be shown, and the wholes they are parts of."""
    wholes = {f"contrast.{name}": [sides.complete] for name in sides.who}
    named = [(name, side, who) for name, parts in sides.who.items() for side, who in zip(SIDES, parts, strict=True)]
    return [Cell(("contrast", name, side), f"contrast.{name}", (who,)) for name, side, who in named], wholes


def contrasts(reading: Reading, sides: Sides, confidence: Share, secret: frozenset = frozenset()) -> tuple[Contrast, ...]:
    """One row per driver, in the order of the items."""
    heavy = np.ones(reading.n) if reading.weights is None else np.asarray(reading.weights, float)
    spread = float(np.std(reading.outcome[sides.complete]))
    strict, rows = 1 - (1 - confidence) / len(sides.who), []  # Bonferroni: as many kinds are judged as there are drivers
    for name, found, place in _fits(reading, sides, heavy):
        who = sides.who[name]
        shown = [("contrast", name, side) not in secret and bool(part.any()) for side, part in zip(SIDES, who, strict=True)]
        means = [
            float(np.average(reading.outcome[part], weights=heavy[part])) if show else None
            for part, show in zip(who, shown, strict=True)
        ]
        says = [shown[i] and shown[1] and who[i].sum() >= FEWEST_SIDE and who[1].sum() >= FEWEST_SIDE for i in (0, 2)]
        low, high = (found.of(_pick(found, {place + i: 1.0})) if says[i] else None for i in (0, 1))
        lean = found.of(_pick(found, {place: -1.0, place + 1: -1.0})) if all(says) else None
        kind = kind_of(low, high, lean, SMALL * spread, strict)
        ends = [None if one is None else one.estimate(confidence) for one in (low, high)]
        rows.append(Contrast(name, reading.label(name), int(sides.reference[name]), *means, *ends, kind))
    return tuple(rows)


def _pick(found: Fit, parts: Mapping[int, float]) -> np.ndarray:
    vector = np.zeros(len(found.values))
    vector[list(parts)] = list(parts.values())
    return vector


def _fits(reading: Reading, sides: Sides, heavy: np.ndarray) -> Iterator[tuple[str, Fit, int]]:
    """Per driver the fit that it stands in, and the place of its low indicator; the high one follows."""
    keep = sides.complete
    clusters = None if reading.clusters is None else np.asarray(reading.clusters)[keep]
    pairs = {name: np.column_stack([who[0][keep], who[2][keep]]).astype(float) for name, who in sides.who.items()}
    ones, outcome = np.ones((int(keep.sum()), 1)), reading.outcome[keep]
    if sides.together:
        found = fit(np.hstack([ones, *pairs.values()]), outcome, heavy[keep], clusters)
        yield from ((name, found, 1 + 2 * place) for place, name in enumerate(pairs))
        return
    for name, pair in pairs.items():
        yield name, fit(np.hstack([ones, pair]), outcome, heavy[keep], clusters), 1


def kind_of(low: Found | None, high: Found | None, lean: Found | None, small: float, confidence: Share) -> str:
    """Which kind of driver the intervals allow: what it lacks counts, what it has, both, neither; else `open`.

    `lean` is how much larger the penalty is than the reward; less than `small` is too
    little to prefer one of them. Neither: both lie within `small`.
    """
    if low is None or high is None or lean is None or low.error is None:
        return "open"
    penalty, reward, more = (one.estimate(confidence) for one in (low, high, lean))
    if all(-small < end < small for one in (penalty, reward) for end in (one.low, one.high)):
        return "indifferent"
    if penalty.high < 0 and reward.low <= 0 and more.low > 0 and more.value > small:
        return "must_have"
    if reward.low > 0 and more.high < 0 and more.value < -small:
        return "attractive"
    if penalty.high < 0 and reward.low > 0:
        return "performance"
    return "open"


def under_ceiling(row: Contrast, reading: Reading) -> bool:
    """Whether low counts more than high for a driver that most answer next to the best: the scale leaves no room above."""
    if row.kind != "performance":
        return False
    low, high = (abs(getattr(one, "value", one)) for one in (row.penalty, row.reward))
    return low > high and reading.boxes[row.driver].high - row.reference <= 1


def topmost(reading: Reading) -> tuple[str, float, float] | None:
    """The item on exceeding expectations, its highest answer and the one before; None where it was not asked."""
    name = EXCEEDED if EXCEEDED in reading.items else reading.booster_name
    if name is None or name not in reading.items:
        return None
    given = np.unique(reading.items[name].dropna())
    return (str(name), float(given[-1]), float(given[-2])) if len(given) > 1 else None


def excess(reading: Reading, confidence: Share) -> dict:
    """What the highest answer on exceeding expectations adds to the one before, by the fields of the result."""
    found = topmost(reading)
    none = dict.fromkeys(("excess", "excess_label", "excess_top", "excess_before"))
    if found is None:
        return none
    name, best, before = found
    sides = sides_of(reading, {name: before})
    row = next(row for row in contrasts(reading, sides, confidence) if row.driver == name)
    if row.reward is None:
        return none
    return {"excess": row.reward, "excess_label": row.label, "excess_top": int(best), "excess_before": int(before)}
