"""What calling the sleepers is expected to bring: an assumption, carried with its range."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.sleepers import dormancy
from toolkit.sleepers.dormancy import Dormancy, Money
from toolkit.sleepers.section import Sleepers
from toolkit.sleepers.write_off import expected_reactivation
from toolkit.units import Estimate
from toolkit.worth.inputs import as_input
from toolkit.worth.uncertainty import Counted, carried, centre

CONFIDENCE = 0.8  # from the 10th to the 90th percentile, as the client's own ranges

NAMES = (
    "chance_when_called",
    "contact_cost",
    "chance_anyway",
    "worth_of_waking",
    "break_even_chance",
    "most_per_contact",
    "cost_of_calling",
    "woken_extra",
    "gain",
)


def calling(section: Sleepers, found: Dormancy, money: Money, window: int, *, draws: int, seed: int) -> dict[str, Any]:
    """The groups of sleepers in the order to call them, and what calling those that pay brings.

    A call makes a purchase as many times likelier in every group: the chance when called over the
    chance without, both of all who sleep now. Waking one is worth what `sleeping_groups` says.
    """
    given = {"chance": as_input(section.chance_when_called), "contact_cost": as_input(section.contact_cost)}
    at = centre(given)
    result: dict[str, Any] = dict.fromkeys(NAMES) | {"groups": (), "to_call": 0}
    result |= {"chance_when_called": at["chance"], "contact_cost": at["contact_cost"]}
    groups = dormancy.sleeping_groups(found, money, section.asleep_after, window)
    if groups.empty:
        return result
    asleep, wakes = float(groups["customers"].sum()), groups["customers"] * groups["anyway"]
    anyway = float(wakes.sum() / asleep)
    weights = wakes if anyway else groups["customers"]
    worth = float((weights * groups["worth"]).sum() / weights.sum())
    result |= {"chance_anyway": anyway, "worth_of_waking": worth}
    if at["contact_cost"] is not None:
        whole = expected_reactivation(asleep, anyway, worth, at["contact_cost"], chance_anyway=anyway)
        result["break_even_chance"] = whole.break_even_chance
    if at["chance"] is not None:
        result["most_per_contact"] = max(0.0, (at["chance"] - anyway) * worth)
    ordered = dormancy.in_order(groups, at["chance"], at["contact_cost"], anyway)
    result["groups"] = dormancy.rows_of(ordered)
    if "gain" in ordered:
        result |= _gain(ordered, given, found, anyway, draws=draws, seed=seed)
    return result


def _gain(
    ordered: Any, given: dict[str, Any], found: Dormancy, anyway: float, *, draws: int, seed: int
) -> dict[str, Any]:
    """The gain of calling the groups worth calling, with the range of what was assumed and of what was seen."""
    called = ordered[ordered["call"]]
    customers, worth = float(called["customers"].sum()), called["customers"] * called["worth"]
    seen = found.woken
    inputs = given | {"seen": Counted(round(seen.value * seen.n), seen.n) if seen and anyway and seen.value else 1.0}
    usual = seen.value if seen and anyway and seen.value else 1.0
    waking, most = (called["anyway"] * worth).sum(), float(ordered["anyway"].max())

    def gain(chance: Any, contact_cost: Any, seen: Any) -> Any:
        if not anyway:
            return chance * worth.sum() - contact_cost * customers
        lift = np.minimum(np.asarray(chance) / anyway, 1 / most)
        return (lift - np.asarray(seen) / usual) * waking - contact_cost * customers

    found_gain = carried(gain, inputs, n=draws, seed=seed, confidence=CONFIDENCE, behind=int(customers))
    return {
        "to_call": int(customers),
        "cost_of_calling": float(called["cost"].sum()),
        "woken_extra": float((called["customers"] * called["chance"]).sum()),
        "gain": found_gain if customers else Estimate(0.0, 0.0, 0.0, 0, CONFIDENCE),
    }
