"""What a customer's worth offers to page 1: a verdict, figures, actions, a picture, and what would change our mind."""

from __future__ import annotations

from toolkit.finding import Finding
from toolkit.units import RATIO, SHARE, Unit
from toolkit.worth.findings import NO_USE, counts_keeping, money_back_title, moments_title, state
from toolkit.worth.pictures import money_back, moments
from toolkit.worth.result import CustomerWorth

MOST_KEPT = 0.95  # a year; beyond it nobody is advised to keep more
MANY = 0.2  # of the customers won leave before they have paid for themselves: something to stop


def verdict(result: CustomerWorth) -> Finding:
    """The one sentence of page 1."""
    return Finding(state(result), result)


def key_figures(result: CustomerWorth) -> list[Finding]:
    """The figures this chapter offers to page 1, most telling first."""
    names = [] if state(result) == "keeping_costs_more" else ["ceiling"]
    if result.cost_to_win is not None and result.cost_to_win.value and state(result) != "keeping_costs_more":
        names.append("back_after" if result.payback_surviving is not None else "never_back")
    if result.base_value is not None and result.margin.value > 0:
        names.append("base_after_keeping" if counts_keeping(result) else "base")
    names.append("kept")
    return [Finding(name, result) for name in names]


def actions(result: CustomerWorth) -> list[Finding]:
    """What to do, what to spend, what to stop: those that the figures carry."""
    names = []
    useful = state(result) not in NO_USE
    if useful and result.gain_of_point is not None and result.retention_per_year.value < MOST_KEPT:
        names.append("do_raise")
    if useful:
        names.append("spend_at_most")
    if state(result) == "winning_loses":
        names.append("stop_losing")
    elif state(result) == "keeping_costs_more":
        names.append("stop_keeping")
    elif result.write_off_per_year is not None and result.never_pays_back.value >= MANY:
        names.append("stop_early_leavers")
    return [Finding(name, result) for name in names]


def change_of_mind(result: CustomerWorth) -> Finding:
    """What would change our mind: the assumption that weighs most."""
    return Finding(result.swings[0].name if result.swings and result.swings[0].size else "nothing", result)


def best_picture(result: CustomerWorth) -> tuple:
    """The picture this chapter offers to page 1, its title, and the result it shows."""
    title = money_back_title(result)
    return (money_back, title, result) if title else (moments, moments_title(result), result)


def own_figures(result: CustomerWorth) -> dict[str, tuple[float, Unit] | None]:
    """The client's own figure beside each published claim, by the claim's name; None where it cannot be said."""
    ratio = result.ratio and (result.ratio.value, RATIO)
    uplifts = {row.name: (row.own, SHARE) for row in result.claimed}
    ratios = dict.fromkeys(("five_times", "five_to_nine_times", "eight_times"), ratio)
    return uplifts | ratios
