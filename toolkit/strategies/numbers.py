"""Where the budget should go, in numbers: `analyse` takes the section and its base and returns one `BudgetPlan`.

Nothing here reads files, words or pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.strategies import dividing
from toolkit.strategies.base import Base, base
from toolkit.strategies.courses import JUDGED, Drawing, drawing
from toolkit.strategies.fallbacks import fallbacks
from toolkit.strategies.parts import plan
from toolkit.strategies.result import BudgetPlan
from toolkit.strategies.section import Strategies
from toolkit.strategies.shaken import shaken
from toolkit.strategies.split import best_split
from toolkit.worth.both import CONFIDENCE, Both
from toolkit.worth.section import Worth

DRAWS = 10_000


def analyse(
    section: Strategies,
    economics: Mapping[str, Any],
    *,
    worth: Worth | None = None,
    doors: Any = None,
    draws: int = DRAWS,
    seed: int = 0,
    divide: bool = True,
    full: bool = True,
) -> BudgetPlan:
    """What a plan adds to a year, what each course adds to the plan, and where the budget had better go.

    `economics` holds `discount` (a year) and, where known, `gross_margin` and `cost_to_win`; `worth`
    is the section `[worth]`, `doors` the result of the two doors, each where the client has it.
    Without `divide` the best split is left out, for a plan that is being dragged live; a section
    without budgets of its own has no other plan than that split. Without `full` only what a picture
    or the stage shows is computed, each figure as otherwise. Raises `Refused` for courses that no
    plan follows from.
    """
    found = fallbacks(section.cascade) | {"confidence": CONFIDENCE, "range_confidence": JUDGED}
    if not section.courses:
        return BudgetPlan(**found)
    start = base(section, worth, economics, doors)
    drawn = drawing(section, start, draws=draws, seed=seed)
    planned = dividing.outlay(drawn.mid[1]) if section.planned else None
    found["budget"] = section.budget if planned is None else planned if section.budget is None else section.budget
    split = best_split(*drawn.mid, found["budget"]) if divide or planned is None else None
    if planned is None:
        drawn = drawn.with_budgets(split.budgets)
    found |= plan(section.courses, drawn, split and split.budgets, full=full)
    found |= _divided(section, planned, split, found["plan"].value)
    if full:
        found |= _base(section, start, drawn, draws=draws, seed=seed) | _marginal(drawn, worth, start)
    return BudgetPlan(**found, swings=shaken(start, section, drawn))


def _base(section: Strategies, start: Base, drawn: Drawing, *, draws: int, seed: int) -> dict[str, Any]:
    """Who the plan is about, and what one of them is worth, as the chapter on worth has it."""
    known = start.known
    both = Both(known.at_centre(), known.drawn(draws, seed) if known.unsure else None, known.behind)
    reward = next((one.reward for one in drawn.mid[1] if one.kind == "win"), 0.0)
    cost = both.mid.cost_to_win
    return {
        "customers": start.customers,
        "prospects": section.prospects,
        "retention": both.estimate(start.retention),
        "discount": float(both.mid.discount_per_year),
        "margin_per_customer": both.estimate(lambda state: state.margin * known.per_year),
        "worth": both.estimate(lambda state: state.ceiling),
        "ceiling_to_win": both.estimate(lambda state: state.ceiling - reward),
        "cost_to_win": None if cost is None else both.estimate(lambda state: state.cost_to_win),
        "came_anyway": start.came_anyway if start.brought else None,
    }


def _divided(section: Strategies, planned: float | None, split: Any, now: float) -> dict[str, Any]:
    """The best split beside the plan, whose value is `now`; `planned` is what the client's own plan spends."""
    given = section.budget
    found = {"plan_given": planned is not None, "ranges_given": section.ranges_given, "given_budget": given}
    found["unplanned"] = None if given is None or planned is None else given - planned
    if split is None:
        return found
    return found | {
        "best_gain": split.gain,
        "better_by": split.gain - now,
        "unspent": split.unspent,
        "split_fixed_costs": split.fixed_costs,
        "split_reason": split.reason,
    }


def _marginal(drawn: Drawing, worth: Worth | None, start: Base) -> dict[str, Any]:
    """What winning one may cost, the next euro, and how little the ratio of average costs says."""
    gains = {kind: gain for kind, gain in dividing.next_euros(drawn.mid).items() if gain is not None}
    first = max(gains, key=gains.__getitem__, default=None)
    state, responses = start.known.at_centre(), worth.responses if worth else None
    rows = dividing.spends(drawn.mid, responses, float(state.margin), float(state.discount))
    best = rows[1] if rows else None
    return dividing.winning(drawn.mid) | {
        "next_kind": first,
        "next_euro": gains[first] if first else None,
        "spends": rows,
        "best_ratio": best and best.ratio,
        "best_value": best and best.value,
    }
