"""What the drivers offer to page 1: a verdict, figures, actions, a picture, and what would change our mind."""

from __future__ import annotations

from toolkit.drivers.findings import FEW, feelings, feelings_title, first, ladder_title
from toolkit.drivers.pictures import both_ends_of_scale, rungs
from toolkit.drivers.result import WhatDrives
from toolkit.finding import Finding
from toolkit.units import SHARE, Unit


def verdict(result: WhatDrives) -> Finding:
    """The one sentence of page 1."""
    return Finding(first(result), result)


def key_figures(result: WhatDrives) -> list[Finding]:
    """The figures this chapter offers to page 1, most telling first."""
    said = feelings(result)
    names = [name for name in ("score", "score_uncertain", "score_without_interval") if name in said]
    if result.ambassadors is not None:
        names.append("ambassadors")
    if result.critics is not None:
        names.append("critics")
    names.append("first")
    return [Finding(name, result) for name in names]


def actions(result: WhatDrives) -> list[Finding]:
    """What to do, what to spend, what to stop: those that the answers carry."""
    names = [name for name in (_do(result),) if name]
    if result.plan_answers is not None and result.plan_answers > result.answered:
        names.append("spend_on_asking")
    if 0 < len(result.below_noise) <= FEW:
        names.append("stop_steering")
    return [Finding(name, result) for name in names]


def _do(result: WhatDrives) -> str | None:
    """What to do about the list; in a tie nobody is singled out."""
    told = first(result)
    if told not in ("leader", "tie"):
        return None
    tied = [result.first_label, result.second_label] if told == "tie" else []
    if result.to_do_label is not None and result.to_do_label not in tied:
        return "do_improve" if result.to_do_certain else "do_find_out"
    if tied:
        return "do_hold_both" if result.both_held else "do_ask_both"
    if result.to_do_label is not None:
        return "do_improve" if result.to_do_certain else "do_find_out"
    if not result.first_held:
        return "do_ask"
    return "do_hold" if result.room is None else "do_first"


def change_of_mind(result: WhatDrives) -> Finding:
    """What would change our mind."""
    if result.too_few_companies:
        return Finding("more_companies", result)
    name = {"leader": "trial", "one_aspect": "more_aspects"}.get(first(result), "more_answers")
    return Finding(name, result)


def best_picture(result: WhatDrives) -> tuple:
    """The picture this chapter offers to page 1, its title, and the result it shows."""
    title = ladder_title(result)
    if title is not None and first(result) == "leader":
        return rungs, title, result
    return both_ends_of_scale, feelings_title(result), result


def own_figures(result: WhatDrives) -> dict[str, tuple[float, Unit] | None]:
    """The client's own figure beside each published claim, by the claim's name; None where not measured."""
    best = result.ladder_best if result.steps else None
    return {"keeping_agreements": None if best is None else (best, SHARE)}
