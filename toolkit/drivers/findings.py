"""What is worth saying about what drives customers, most important first, in no language.

Nothing here says that a driver brings an outcome about: answers of one moment show
what goes together, and the words keep to that.
"""

from __future__ import annotations

from toolkit.drivers.result import WhatDrives
from toolkit.drivers.rows import Label
from toolkit.drivers.saying import shift
from toolkit.finding import Finding

HALO = 0.5  # one common direction in half of all variation: customers answer by one general feeling
WORN = 0.7  # an effective number of answers below this share of them is worth a sentence
FEW = 4  # names that a sentence can hold
LONG = 4  # words of what a question is called; a title holds fourteen in all


def first(result: WhatDrives) -> str:
    """What may be said of the most important driver: named, tied, lost in chance, or not to be told."""
    if len(result.drivers) == 1:
        return "one_aspect"
    if result.drivers[0].in_noise:
        return "nothing_stands_out"
    if result.too_few_companies:
        return "too_few_companies"
    return "leader" if result.leader is not None else "tie"


def critics(result: WhatDrives) -> str | None:
    """What goes with the bottom end: something else, the same, several, or too few to say."""
    if result.critics_first is None:
        return "critics_too_few"
    if result.critics_named:
        same = result.critics_first == result.first_label
        return "critics_same" if same else "critics_differ"
    return "critics_tied"


def feelings(result: WhatDrives) -> list[str]:
    """How customers feel: the score where the question was asked from 0 to 10, and both ends."""
    names = []
    if result.score is None:
        names.append("no_score")
    elif not hasattr(result.score, "low"):
        names.append("score_without_interval")
    else:
        names.append("score" if result.score.low > 0 or result.score.high < 0 else "score_uncertain")
    if result.ambassadors is not None:
        names.append("ambassadors_and_critics" if result.critics is not None else "ambassadors")
    return names


def _climbed(result: WhatDrives) -> list[str]:
    if not result.steps:
        return []
    if result.lift is None:
        return ["ladder"]
    return ["ladder", "booster" if result.lift.low > 0 else "booster_uncertain"]


def _list(result: WhatDrives) -> list[str]:
    if first(result) in ("one_aspect", "nothing_stands_out"):
        return []
    if result.to_do_label is None:
        return ["nothing_below" if result.first_held else "unplaced"]
    return ["to_do" if result.to_do_certain else "to_do_uncertain"]


def noise(result: WhatDrives) -> str | None:
    """Whether some drivers, or many, cannot be told from chance; None where none or all of them."""
    if not 0 < result.in_noise < len(result.drivers):
        return None
    return "in_noise" if result.in_noise <= FEW else "in_noise_many"


def _warnings(result: WhatDrives) -> list[str]:
    conditions = {
        "leader_needs_company": result.leader_needs_company is not None,
        "below_floor": result.below_floor,
        "ends_differ": result.ends_differ > 0,
        "missing_alarm": result.missing_alarm,
        "ordinal_disagrees": result.ordinal_agrees is False,
        "sign_conflict": result.conflicts > 0,
        "straight_liners_matter": result.straight_liners_matter,
        "halo_strong": result.first_eigenvalue > HALO and len(result.drivers) > 1,
        "weights_costly": result.effective < WORN * result.complete,
        "secret_cells": result.secret_cells,
        "one_company": result.one_company,
    }
    lost = noise(result)
    return [*([lost] if lost else []), *(name for name, holds in conditions.items() if holds)]


def who(result: WhatDrives) -> str:
    """Which line says who answered."""
    if result.companies is not None:
        name = "who_companies_few" if result.too_few_companies else "who_companies"
    else:
        name = "who" if result.response is None else "who_invited"
    return f"{name}_all" if result.complete == result.answered else name


def worth_saying(result: WhatDrives) -> list[Finding]:
    """Everything worth saying, most important first."""
    names = [first(result), *_climbed(result), critics(result), *feelings(result), *_list(result)]
    names += [name for name in (shift(result),) if name]
    return [Finding(name, result) for name in (*names, *_warnings(result))]


def _titled(name: str, result: WhatDrives, *labels: Label | None) -> Finding:
    """A title that names questions, or its plain variant where what they are called is too long for one."""
    long = any(len(text.split()) > LONG for label in labels if label for text in label.values())
    return Finding(f"{name}_plain" if long else name, result)


def feelings_title(result: WhatDrives) -> Finding:
    """The title of the picture of both ends."""
    names = feelings(result)
    if result.score is not None:
        return Finding(names[0], result)
    return _titled(names[-1], result, result.ends_top, result.ends_bottom) if len(names) > 1 else Finding("no_score", result)


def ladder_title(result: WhatDrives) -> Finding | None:
    """The title of the ladder; None where it cannot be shown."""
    if not result.steps:
        return None
    climbs = result.ladder_best > result.ladder_worst
    return _titled("climbs", result, result.outcome_top) if climbs else Finding("flat", result)


def to_do_title(result: WhatDrives) -> Finding:
    """The title of the sorted list."""
    name = first(result)
    labels = {"leader": (result.first_label,), "tie": (result.first_label, result.second_label)}
    return _titled(name, result, *labels.get(name, ()))


def map_title(result: WhatDrives) -> Finding | None:
    """The title of the priority map; None where there is nothing to place."""
    if first(result) == "one_aspect":
        return None
    (name,) = _list(result) or ("nothing_stands_out",)
    return _titled(name, result, {"unplaced": result.first_label}.get(name, result.to_do_label))
