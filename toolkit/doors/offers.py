"""What the two doors offer to page 1: a verdict, figures, actions, a picture, and what would change our mind."""

from __future__ import annotations

from toolkit.doors.findings import HOPELESS, balance_title, comes_and_goes, leak_title, state
from toolkit.doors.pictures import in_and_out, two_leaks
from toolkit.doors.result import TwoDoors
from toolkit.finding import Finding
from toolkit.units import MONEY, SHARE, Unit

UNSURE = ("nobody_at_all", "not_yet", "one_customer", "too_few_to_say")  # too little to hang an amount on


def verdict(result: TwoDoors) -> Finding:
    """The one sentence of page 1."""
    names = state(result)
    if result.start >= HOPELESS and names[0] == "too_few_to_say":
        names = names[1:]  # the figures below it carry the range
    first = names[0]
    if result.leak is None or not result.lost or first in UNSURE or comes_and_goes(result):
        return Finding(first, result)
    return Finding(f"{first}_{result.basis}", result)


def key_figures(result: TwoDoors) -> list[Finding]:
    """The figures this chapter offers to page 1, most telling first."""
    if result.start < HOPELESS:
        return [Finding("came_in", result)]
    back = comes_and_goes(result)
    names = ["kept_in_period" if back else "kept"]
    if result.leak is not None:
        names.append(f"leak_{'at_most_' if back else ''}in_{result.basis}")
    names.append("balance_up" if result.balance > 0 else "balance_down" if result.balance < 0 else "balance_level")
    return [Finding(name, result) for name in names]


def actions(result: TwoDoors) -> list[Finding]:
    """What to do, what to spend, what to stop: those that the figures carry."""
    names = []
    if result.saved is not None and result.saved.value > 0:
        firm = result.saved.low > 0
        names.append("do_close" if firm else "do_close_at_most")
        if result.basis == "margin":  # who spends turnover loses money on every customer
            names.append("spend_at_most" if firm else "spend_after_proof")
    if result.cost_of_won_and_gone:
        names.append("stop_revolving")
    return [Finding(name, result) for name in names]


def change_of_mind(result: TwoDoors) -> Finding:
    """What would change our mind."""
    if result.retention is None or result.retention_per_year is None:
        return Finding("first_year", result)
    if result.every is not None:
        return Finding("window", result)
    if result.customers_to_tell is not None and result.start < result.customers_to_tell:
        return Finding("more_customers", result)
    return Finding("another_year", result)


def best_picture(result: TwoDoors) -> tuple:
    """The picture this chapter offers to page 1, its title, and the result it shows."""
    if result.leak is not None and result.lost and not comes_and_goes(result):
        return two_leaks, leak_title(result), result
    return in_and_out, balance_title(result), result


def own_figures(result: TwoDoors) -> dict[str, tuple[float, Unit] | None]:
    """The client's own figure beside each published claim, by the claim's name; None where not measured."""
    kept, saved = result.retention, result.saved if result.saved and result.saved.value > 0 else None
    return {
        "retention_ratio": kept and (kept.value, SHARE),
        "ton": saved and (saved.value, MONEY),
        "five_points": result.gain_of_step_points and (result.gain_of_step_points, SHARE),
        "five_per_cent": result.gain_of_step_points and (result.step_per_cent, SHARE),
    }
