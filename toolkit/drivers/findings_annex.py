"""What annex B says beyond weighing: too low, high enough, groups, waves, competitors, stated importance."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.drivers.findings import LONG
from toolkit.drivers.positioning import strongest
from toolkit.drivers.result import WhatDrives
from toolkit.finding import Finding


def contrasts_say(result: WhatDrives) -> list[Finding]:
    """Where a low answer counts more than a high one, and whether exceeding expectations adds at its top."""
    labels = {"must_have": result.must_have_label, "ceiling": result.ceiling_label}
    names = [name for name, label in labels.items() if label is not None] or ["no_must_have"]
    if hasattr(result.excess, "low"):
        clear = "excess_lowers" if result.excess.high < 0 else "excess_uncertain"
        names.append("excess_adds" if result.excess.low > 0 else clear)
    return [Finding(name, result) for name in names]


def defined(result: WhatDrives) -> str:
    """Which note says how the intervals were made."""
    if result.companies is None:
        return "definitions"
    return "definitions_companies_few" if result.too_few_companies else "definitions_companies"


def ladder_says(result: WhatDrives) -> list[Finding]:
    """What the published ladder implies at the part that meets the second condition here."""
    if result.boosted_part is None:
        return []
    return [Finding("ladder_audit_fails" if result.published_rest is None else "ladder_audit", result)]


def pairs_say(result: WhatDrives) -> list[Finding]:
    """Why a driver may be called first that no pair tells apart from the next."""
    of_first = [row for row in result.pairs if row.first_label == result.first_label]
    undecided = result.leader is not None and any(row.p >= 1 - result.confidence for row in of_first)
    return [Finding("how_pairs", result)] if undecided else []


def contrasted(result: WhatDrives) -> str:
    """Which note says how penalties and rewards were found: all drivers together, or each alone."""
    return "contrasts" if result.contrasts_together else "contrasts_alone"


def waves_say(result: WhatDrives) -> list[Finding]:
    """The last change between waves, called one only where its interval leaves out none at all."""
    if result.only_wave is not None:
        return [Finding("one_wave", result)]
    if not result.changes:
        return []
    last, found = result.changes[-1], []
    for name, change, p in (("top", last.top, last.top_p), ("score", last.score, last.score_p)):
        if change is None:
            continue
        if p is None:
            found.append(f"wave_{name}_without_interval")
        elif p >= 1 - result.confidence or change.low <= 0 <= change.high:
            found.append(f"wave_{name}_uncertain")
        else:
            found.append(f"wave_{name}_{'up' if change.value > 0 else 'down'}")
    return [Finding(name, last) for name in found]


def groups_say(result: WhatDrives) -> list[Finding]:
    """How many of the differences between groups hold after the correction."""
    names = []
    if result.gaps_tried:
        names += ["groups_differ" if result.gaps_clear else "groups_alike", "how_gaps"]
    if result.item_gaps_tried:
        names.append("how_item_gaps")
    return [Finding(name, result) for name in names]


def rivals_say(result: WhatDrives) -> list[Finding]:
    """Own against the strongest competitor on what weighs most, and who was not rated."""
    rows = strongest(result.rivals)
    found = [Finding(f"rival_{_standing(rows[0])}", rows[0])] if rows else []
    behind = next((row for row in rows[1:] if row.certain and row.difference.value < 0), None)
    if behind is not None:
        found.append(Finding("rival_elsewhere_ahead", behind))
    found += [Finding("how_rivals", result)] if rows else []
    return [*found, *([Finding("rival_unrated", result)] if result.unrated is not None else [])]


def _standing(row) -> str:
    if not row.certain:
        return "uncertain"
    return "behind" if row.difference.value > 0 else "ahead"


def stated_says(result: WhatDrives) -> list[Finding]:
    """The item whose stated and derived places lie farthest apart."""
    if not result.stated_ranks:
        return []
    first = result.stated_ranks[0]
    if first.stated_place == first.derived_place:
        return [Finding("stated_agrees", first)]
    return [Finding("stated_differs" if first.beyond else "stated_uncertain", first)]


def quotes_say(result: WhatDrives) -> list[Finding]:
    """What was done to the quotations."""
    return [Finding("how_quotes", result)] if result.quotes else []


def contrasts_title(result: WhatDrives) -> Finding | None:
    """The title of penalties and rewards; None where neither can be shown of any driver."""
    if not any(row.penalty is not None or row.reward is not None for row in result.contrasts):
        return None
    return Finding("some" if result.must_have_label is not None else "none", result)


def rivals_title(result: WhatDrives) -> Finding | None:
    """The title of the picture of competitors; None where nobody rated one."""
    rows = strongest(result.rivals)
    if not rows:
        return None
    names = [rows[0].competitor, *(rows[0].label.values() if isinstance(rows[0].label, Mapping) else ())]
    plain = "_plain" if any(len(name.split()) > LONG for name in names) else ""
    return Finding(_standing(rows[0]) + plain, rows[0])


def answers_title(result: WhatDrives) -> Finding:
    """The title of the picture of all answers."""
    return Finding("answers", result)
