"""What is worth saying about the two doors, most important first, in no language.

A finding's sentence stands in `templates/words/<language>/doors.toml` under the
same name, filled from the fields of `TwoDoors`.
"""

from __future__ import annotations

from toolkit.doors.result import TwoDoors
from toolkit.finding import Finding

HOPELESS = 10  # customers; below it nothing that follows from a rate is worth a sentence
TOO_FEW = 30  # customers; below it a Wilson interval at 80 % is wider than 28 points
STEADY = 0.005  # half a point: both ends read the same
NAIVE_MATTERS = 0.01  # a point: less disappears in the rounding
TOO_WIDE = 0.20  # an interval of twenty points spans "fine" and "alarming"


def too_few_to_say(result: TwoDoors) -> bool:
    """Whether there are too few customers for the retention rate to carry a decision."""
    kept = result.retention
    return kept is not None and (kept.n < TOO_FEW or kept.high - kept.low > TOO_WIDE)


def comes_and_goes(result: TwoDoors) -> bool:
    """Whether so many come back that a year made of shorter periods overstates who is gone."""
    return result.per != "year" and 3 * result.reactivated > result.lost


def state(result: TwoDoors) -> list[str]:
    """What the doors look like now."""
    if result.retention is None:
        return ["not_yet" if result.came_in or result.won_and_gone else "nobody_at_all"]
    if result.start == 1:
        return ["one_customer"]
    names = ["too_few_to_say"] if too_few_to_say(result) else []
    if result.end == 0:
        return [*names, "nobody_left"]
    if result.came_in == 0 and result.lost == 0:
        return [*names, "both_shut"]
    if result.new == 0:
        names.append("front_door_shut")
    if result.lost == 0:
        names.append("nobody_lost")
    elif result.new and result.balance < 0:
        names.append("back_door_wider")
    elif result.new and result.balance > 0:
        names.append("growing_on_a_leak")
    elif result.new:
        names.append("in_balance")
    return names


def _money(result: TwoDoors) -> list[str]:
    """What the leak costs, and what the target would keep."""
    if result.leak is None:
        return ["no_turnover_known"] if result.turnover_per_customer is None else []
    bound = "at_most_" if comes_and_goes(result) else ""
    names = [f"leak_{bound}in_{result.basis}"] if result.lost else []
    if result.points_to_target <= 0:
        return [*names, "target_reached"] if result.target_given else names
    if result.saved.low <= 0:
        return [*names, "target_within_doubt"]
    return [*names, "target_given" if result.target_given else "target_assumed"]


def _certainty(result: TwoDoors) -> list[str]:
    """Whether the figures can tell now from later, and the past from now."""
    names = []
    if result.trend is not None:
        trend = result.trend
        unclear = "steady" if abs(trend.value) < STEADY else "no_clear_trend"
        names.append("widening" if trend.high < 0 else "closing" if trend.low > 0 else unclear)
    if result.customers_to_tell is not None and result.points_to_target > 0:
        names.append("can_tell" if result.start >= result.customers_to_tell else "cannot_tell")
    return names


def _details(result: TwoDoors) -> list[str]:
    """What only some clients' figures show."""
    conditions = {
        "revolving_door_priced": result.cost_of_won_and_gone is not None,
        "revolving_door": bool(result.won_and_gone) and result.cost_of_won_and_gone is None,
        "naive_formula": result.naive_retention is not None
        and abs(result.naive_retention - result.retention.value) >= NAIVE_MATTERS,
        "comes_and_goes": result.every is not None,
        "coming_back": bool(result.reactivated),
        "recommended": result.recommended_share is not None,
        "points_to_balance": result.points_to_balance is not None and result.points_to_balance > 0,
        "turnover_retention": result.turnover_retention is not None,
        "best_customers": result.top_share is not None,
        "revenue_retention": result.gross_revenue_retention is not None,
        "points_and_per_cent": result.with_step_points is not None and 0 < result.with_step_points < 1,
    }
    return [name for name, holds in conditions.items() if holds]


def worth_saying(result: TwoDoors) -> list[Finding]:
    """Everything worth saying, most important first."""
    names = state(result)
    if result.start >= HOPELESS:
        names += [*_money(result), *_certainty(result), *_details(result)]
    return [Finding(name, result) for name in names]


def balance_title(result: TwoDoors) -> Finding:
    """The title of the picture of what came in and went out."""
    if result.retention is None:
        return Finding("only_in", result)
    if result.balance == 0:
        return Finding("level", result)
    shut = result.new == 0 and result.reactivated == 0
    return Finding("shut" if shut else "more_out" if result.balance < 0 else "more_in", result)


def leak_title(result: TwoDoors) -> Finding | None:
    """The title of the picture of the leak now and at the target; None where there is no such picture."""
    if result.leak is None:
        return None
    if not result.lost or result.points_to_target <= 0:
        return Finding("at_target", result)
    return Finding("below_doubt" if result.saved.low <= 0 else "saves", result)


def decile_title(result: TwoDoors) -> Finding | None:
    """The title of the picture of turnover by tenth of the customers; None without a log."""
    if result.top_share is None:
        return None
    return Finding("concentrated" if result.top_share >= 0.25 else "spread", result)
