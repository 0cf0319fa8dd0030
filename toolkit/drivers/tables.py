"""Which columns the tables of the drivers show; a style after a colon, as `toolkit.page` reads it."""

from toolkit.drivers.result import WhatDrives

LIST = (5.4, 3.4)  # inches of the sorted list, and of the map
MAP = (5.4, 3.6)

ACCOUNTING = ("name", "rows")
FEELINGS = ("label", "n", "bottom_to", "bottom:range", "middle", "top_from", "top:range")
SIDES = ("label", "end", "customers", "first_label", "share:range", "probability_top", "second_label", "second_share:range")
COMPARED = ("label", "shapley", "relative_weights", "first", "last", "pratt", "correlation", "mcfadden")
ENDS = ("label", "top", "bottom", "difference:range", "p")
SIGNED = ("label", "coefficient:range", "correlation", "conflict", "inflation", "p")
MISSING = ("way", "n", "r2", "first_label", "first_share")
BRANCHES = ("label", "groups", "n", "p", "returns", "same_groups")
TWIGS = ("conditions", "n", "share:range")
PAIRS = ("first_label", "second_label", "difference:range", "p")
STATED = ("label", "stated", "share:range", "mean")
PROOFS = ("example", "drivers", "printed_r2:exact", "r2:exact", "largest_error")
STEPS = ("rung", "answers", "n", "share:range", "published")
CONTRASTS = ("label", "reference", "below", "at", "above", "penalty:range", "reward:range", "kind")
ITEM_GAPS = ("label", "kind", "name", "n", "mean", "difference:range", "p")
RIVALS = ("label", "competitor", "n", "own", "theirs", "difference:range", "p")
PLACES = ("label", "stated_place", "derived_place", "beyond")
ASKED = ("label", "n", "mean", "not_answered", "dont_know", "not_applicable", "not_asked", "dropped_out")
QUOTES = ("text", "question", "end")
CONTRASTED = (5.4, 3.6)  # inches of the penalties and rewards, of the rivals, and of all answers
RIVALLED = (5.4, 2.8)
ANSWERED = (5.4, 4.2)


def gaps(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the table of differences between groups, with a score only where there is one."""
    return ("name", "kind", "top:range", "top_p", *(() if result.score is None else ("score:range", "score_p")))


def changes(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the table of waves."""
    columns = ("after", "before", "answers_after", "answers_before", "top:range", "top_p")
    return (*columns, *(() if result.score is None else ("score:range", "score_p")))


LINKING = ("name", "rows")
LINKED = ("box", "n", "retention:range", "turnover:range", "margin:range")


def drivers(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the table of drivers: unweighted shares with weights, places without one company with companies."""
    some = [name for name in ("unweighted", "left_best", "left_worst") if any(getattr(row, name) is not None for row in result.drivers)]
    plain, left = [name for name in some if name == "unweighted"], [name for name in some if name != "unweighted"]
    return ("label", "share:range", *plain, "probability_top", "rank_low", "rank_high", *left, "mean", "quadrant", "quadrant_probability")


def shifts(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the table of shifts: only those that some row can fill."""
    known = [name for name in ("retention", "kept", "margin", "value") if any(getattr(row, name) for row in result.shifts)]
    return ("moved_up", "top:range", *(f"{name}:range" for name in known))


def plans(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the planner: invitations with a known response, and whether there are customers enough where that is known."""
    known = [name for name in ("invitations", "reachable") if any(getattr(row, name) is not None for row in result.plans)]
    return ("width" if result.score is None else "width:score", "answers", *known)


def groups(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the table of groups: with a score only where the question was asked from 0 to 10."""
    return ("name", "kind", "n", "top:range", *(() if result.score is None else ("score:range",)))


READ = ("name", "given")
SCALES = ("label", "ends", "turned", "no_answer")
