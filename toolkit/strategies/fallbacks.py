"""The cascade of A1 in numbers: each measure when its turn comes, in the given order and in the best."""

from __future__ import annotations

from typing import Any

from toolkit.strategies.cascade import Measure, cascade, worth_starting
from toolkit.strategies.result import CascadeStep
from toolkit.strategies.section import CascadeMeasure

ARROW = " → "


def fallbacks(given: tuple[CascadeMeasure, ...] | None) -> dict[str, Any]:
    """What the cascade costs and brings on average per customer, as given and as it would be best."""
    if given is None:
        return {}
    measures = tuple(Measure(one.measure, one.cost, one.chance, one.gain) for one in given)
    whole, best = cascade(measures), worth_starting(measures)
    chosen = cascade(best) if best else None
    places = {measure.name: place for place, measure in enumerate(best, 1)}
    rows, reached = [], 1.0
    for measure in measures:
        rows.append(_step(measure, reached, places.get(measure.name)))
        reached *= 1 - measure.chance
    net = chosen.net if chosen else 0.0
    return {
        "cascade": tuple(rows),
        "cascade_cost": whole.cost,
        "cascade_gain": whole.gain,
        "cascade_net": whole.net,
        "cascade_unsolved": whole.still_unsolved,
        "best_order": ARROW.join(chosen.order) if chosen else None,
        "best_cascade_net": net,
        "best_cascade_cost": chosen.cost if chosen else 0.0,
        "best_cascade_gain": chosen.gain if chosen else 0.0,
        "cascade_better_by": max(net - whole.net, 0.0),
    }


def _step(measure: Measure, reached: float, place: int | None) -> CascadeStep:
    return CascadeStep(
        measure=measure.name,
        cost=measure.cost,
        chance=measure.chance,
        gain=measure.gain,
        net_in_turn=measure.net,
        reached=reached,
        expected_cost=reached * measure.cost,
        expected_gain=reached * measure.chance * measure.gain,
        best_place=place,
    )
