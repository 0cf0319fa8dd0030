"""What the sleepers offer to page 1: a verdict, figures, actions, a picture, and what would change our mind."""

from __future__ import annotations

from toolkit.finding import Finding
from toolkit.sleepers.findings import back, curve_title, state, waterfall_title, window_matters, worst_channel_matters
from toolkit.sleepers.pictures import back_by_month, not_earned_back
from toolkit.sleepers.result import Asleep
from toolkit.units import Unit


def verdict(result: Asleep) -> Finding:
    """The one sentence of page 1."""
    return Finding(state(result), result)


def key_figures(result: Asleep) -> list[Finding]:
    """The figures this chapter offers to page 1, most telling first."""
    names = ["written_off"] if result.written_off > 0 else []
    names.append("fell_silent")
    name = back(result)
    if name in ("back_at_once", "back_after", "never_back"):
        names.append("never_back" if name == "never_back" else "back_after")
    return [Finding(name, result) for name in names]


def actions(result: Asleep) -> list[Finding]:
    """What to do, what to spend, what to stop: those that the figures carry."""
    names = []
    if result.expected is not None:
        names.append("do_call" if result.gain.low > 0 else "do_try_calling")
        names.append("spend_per_contact")
    if result.saved_by_stopping:
        names.append("stop_contacting")
    elif result.gain is not None and result.asleep and not result.to_call:
        names.append("stop_calling")
    elif worst_channel_matters(result):
        names.append("stop_worst_channel")
    return [Finding(name, result) for name in names]


def change_of_mind(result: Asleep) -> Finding:
    """What would change our mind."""
    if result.assumed:
        return Finding("own_economics", result)
    if result.expected is not None:
        return Finding("trial", result)
    return Finding("window" if window_matters(result) else "another_period", result)


def best_picture(result: Asleep) -> tuple:
    """The picture this chapter offers to page 1, its title, and the result it shows."""
    title = waterfall_title(result)
    return (not_earned_back, title, result) if title else (back_by_month, curve_title(result), result)


def own_figures(result: Asleep) -> dict[str, tuple[float, Unit] | None]:
    """The client's own figure beside each published claim: none is about sleepers."""
    return {}
