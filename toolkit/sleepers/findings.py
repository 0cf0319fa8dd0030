"""What is worth saying about the sleepers, most important first, in no language.

A finding's sentence stands in `templates/words/<language>/sleepers.toml` under the
same name, filled from the fields of `Asleep`.
"""

from __future__ import annotations

from toolkit.finding import Finding
from toolkit.sleepers.result import Asleep

FEW = 30  # customers; below it counts are no pattern
MATTERS = 1.25  # highest over lowest write-off; less hardly changes what one would do
AT_ONCE = 1.0  # month


def state(result: Asleep) -> str:
    """Whether anyone fell silent, and whether that cost anything."""
    if not result.asleep + result.lost:
        return "nobody_asleep"
    return "written_off" if result.written_off > 0 else "nothing_written_off"


def _group(result: Asleep) -> list[str]:
    """Who the figures are about, and what they rest on."""
    conditions = {
        "few_won": result.won < FEW,
        "asleep_and_lost": result.asleep + result.lost > 0,
        "cohort_is_shut": result.shut,
        "first_may_be_older": not result.since_given and not result.shut and len(result.cohorts) > 1,
        "economics_assumed": result.assumed,
    }
    return [name for name, holds in conditions.items() if holds]


def back(result: Asleep) -> str | None:
    """When a customer has paid for itself on average; None where winning costs nothing."""
    if not result.cost_per_customer:
        return None
    if result.payback is not None:
        return "back_at_once" if result.payback <= AT_ONCE else "back_after"
    reasons = {"margin_not_positive": "brings_nothing", "nobody_old_enough": "too_young"}
    return reasons.get(result.payback_reason, "never_back")


def _waking(result: Asleep) -> list[str]:
    """Who wakes without more being done, and what calling adds."""
    if not result.asleep:
        return []
    names = ["woken"] if result.woken is not None else []
    if result.worth_of_waking is None:
        return [*names, "recencies_unseen"]
    if result.gain is None:
        needed = "no_chance_would_do" if result.break_even_chance is None else "chance_needed"
        return [*names, needed] if result.contact_cost is not None else names
    if result.gain.value <= 0:
        return [*names, "calling_costs_money"]
    return [*names, "calling_pays" if result.gain.low > 0 else "calling_in_doubt"]


def _stopping(result: Asleep) -> list[str]:
    """The rule when to stop contacting."""
    if not result.contact_cost or result.contribution is None:
        return []
    if result.stop_after is None:
        return _worth_a_contact(result)
    return ["stop_contacting" if result.stop_after else "contact_never_pays"]


def _worth_a_contact(result: Asleep) -> list[str]:
    """For whom a contact pays where no recency says stop, as the table of the groups has it."""
    if not result.left_alone:
        return ["contact_always_pays"]
    called, left = ([group for group in result.groups if group.call is pays] for pays in (True, False))
    if not called:
        return []  # that contacting costs more than it brings has been said
    if all(group.larger for group in called) and not any(group.larger for group in left):
        return ["contact_pays_for_larger"]
    sooner = max(group.days_to for group in called) < min(group.days_from for group in left)
    return ["contact_pays_for_recent" if sooner else "contact_pays_for_some"]


def worst_channel_matters(result: Asleep) -> bool:
    """Whether one channel clearly loses more than the average per customer won."""
    worst = next((part for part in result.channels if part.channel == result.worst_channel), None)
    return worst is not None and 0 < MATTERS * result.written_off / result.won <= worst.written_off / worst.won


def window_matters(result: Asleep) -> bool:
    """Whether another W would change the write-off by much."""
    return result.factor_of_windows is not None and result.factor_of_windows >= MATTERS


def worth_saying(result: Asleep) -> list[Finding]:
    """Everything worth saying, most important first."""
    names = [state(result), *_group(result)]
    names += [name for name in (back(result),) if name]
    if result.worst_channel is not None and result.written_off > 0:
        names.append("worst_channel")
    names += [*_waking(result), *_stopping(result)]
    if window_matters(result):
        names.append("window_matters")
    return [Finding(name, result) for name in names]


def waterfall_title(result: Asleep) -> Finding | None:
    """The title of the waterfall; None where nobody fell silent, or winning costs nothing."""
    if not result.spent:
        return None
    return Finding("written_off" if result.written_off > 0 else "earned_back", result)


def curve_title(result: Asleep) -> Finding | None:
    """The title of the payback curve; None where nobody was seen for a month, or winning costs nothing."""
    name = back(result)
    return Finding(name, result) if name and result.points else None
