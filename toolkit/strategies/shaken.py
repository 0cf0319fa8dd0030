"""Which assumption matters: the plan's value with one assumption varied at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from toolkit.ranges import Between
from toolkit.strategies.base import Base
from toolkit.strategies.courses import Drawing
from toolkit.strategies.plan import added, begun
from toolkit.strategies.section import Strategies
from toolkit.units import COUNT, MONEY, SHARE, Unit
from toolkit.whatif import Swing, swings

UNITS: dict[str, Unit] = {
    "margin": MONEY,
    "turnover_per_customer": MONEY,
    "gross_margin": SHARE,
    "retention": SHARE,
    "discount": SHARE,
}
PART = 0.1  # how far a figure without a range of its own is moved, up and down
POINTS = 0.02  # and a retention that was not counted
HALF = 0.5  # and how much of a course's effect


def shaken(start: Base, section: Strategies, drawn: Drawing) -> tuple[Swing, ...]:
    """The plan with each assumption at its low and high: its own range, else a tenth, or half of a course's effect.

    Retention of a fitted curve stays as it is; a course's effect is what its rate adds to today's.
    """
    situation, strategies = drawn.mid
    known, mid = start.known, {one.kind: one for one in strategies}
    base = {name: float(getattr(given, "central", given)) for name, given in known.inputs.items() if name in UNITS}
    base["customers"] = float(start.customers)
    reach = {name: (*_ends(known.inputs[name], base[name], unit), unit) for name, unit in UNITS.items() if name in base}
    reach["customers"] = (base["customers"] * (1 - PART), base["customers"] * (1 + PART), COUNT)
    for one in strategies:
        if one.budget > 0:
            name, floor = f"{one.kind}_rate", float(situation.floor(one.kind))
            base[name] = one.rate
            reach[name] = (*_rates(section, one, floor), SHARE)
    pair, budgets = known.at_centre().pair, {one.kind: one.budget for one in strategies}

    def total(**values: float) -> float:
        rates = {kind: values.pop(f"{kind}_rate", one.rate) for kind, one in mid.items()}
        customers = values.pop("customers")
        state = known.state({**_costs(known.inputs), **values}, pair)
        now = start.situation(state, customers=customers)
        # a course keeps the part it takes of the room above today's rate, as in the draws
        moved = tuple(_kept_part(one, rates[kind], situation, now) for kind, one in mid.items())
        return float(added(now, begun(moved, budgets), budgets))

    return swings(total, MONEY, base, reach)


def _costs(inputs: Any) -> dict[str, float]:
    return {name: float(getattr(inputs[name], "central", inputs[name])) for name in ("cost_to_win",) if name in inputs}


def _ends(given: Any, value: float, unit: Unit) -> tuple[float, float]:
    """The 10th and 90th percentile of what is unsure; a step down and up of what is not."""
    if hasattr(given, "quantile"):
        return tuple(float(end) for end in given.quantile([0.1, 0.9]))
    if unit is SHARE and value > 1 / 2:
        return max(value - POINTS, 0.0), min(value + POINTS, 1.0)
    return value * (1 - PART), value * (1 + PART)


def _rates(section: Strategies, one: Any, floor: float) -> tuple[float, float]:
    """The ends of a course's rate: as given, or with half its effect less and more, below its ceiling."""
    given = section.courses[one.kind].rate
    top = one.ceiling - (one.ceiling - floor) * 1e-6
    if isinstance(given, Between):
        return max(given.low, floor), min(given.high, top)
    effect = one.rate - floor
    return floor + effect * (1 - HALF), min(floor + effect * (1 + HALF), top)


def _kept_part(one: Any, rate: float, then: Any, now: Any) -> Any:
    """A course in another situation: the same part of the room between today's rate and its ceiling."""
    before, floor = float(then.floor(one.kind)), float(now.floor(one.kind))
    part = (rate - before) / (one.ceiling - before)
    top = max(one.ceiling, floor + (1 - floor) * 1e-6)
    return replace(one, rate=floor + part * (top - floor), ceiling=top)
