"""Which columns the tables of the drivers show; a style after a colon, as `toolkit.page` reads it."""

from toolkit.drivers.result import WhatDrives

LIST = (5.4, 3.4)  # inches of the sorted list, and of the map
MAP = (5.4, 3.6)

ACCOUNTING = ("name", "rows")
FEELINGS = ("label", "n", "bottom_to", "bottom:range", "middle", "top_from", "top:range")
DRIVERS = ("label", "share:range", "probability_top", "rank_low", "rank_high", "mean", "quadrant", "quadrant_probability")
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


def groups(result: WhatDrives) -> tuple[str, ...]:
    """The columns of the table of groups: with a score only where the question was asked from 0 to 10."""
    return ("name", "kind", "n", "top:range", *(() if result.score is None else ("score:range",)))
