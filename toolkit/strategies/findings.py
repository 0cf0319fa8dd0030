"""What is worth saying about where the budget should go, most important first, in no language.

A finding's sentence stands in `templates/words/<language>/strategies.toml` under the
same name, filled from the fields of `BudgetPlan`.
"""

from __future__ import annotations

from toolkit.finding import Finding
from toolkit.strategies.result import BudgetPlan

EURO = 1.0  # less than a euro of a budget is no sum
MATTERS = 0.02  # of a budget: a split that brings less more than this is not worth moving money for
OVERLAPS = 0.05  # of the plan: less disappears in the rounding
TELLING = 1.5  # a ratio of average costs nearer to one misleads nobody


def state(result: BudgetPlan) -> str:
    """What the plan comes to."""
    if not result.courses:
        return "cascade_pays" if result.cascade_net > 0 else "cascade_loses"
    if not result.plan_cost:
        return result.split_reason or "no_budget"
    if result.plan.low > 0:
        return "plan_gains" if result.plan_given else "split_gains"
    return "plan_loses" if result.plan_loss is not None else "plan_in_doubt"


def better_split(result: BudgetPlan) -> bool:
    """Whether dividing the same money otherwise brings enough more to move it."""
    return bool(
        result.plan_given
        and result.better_by is not None
        and (result.unplanned or 0) > -EURO
        and result.better_by > max(MATTERS * result.budget, EURO)
    )


def _dividing(result: BudgetPlan) -> list[str]:
    """How the budget had better be divided, and where one euro more goes."""
    names, unplanned = [], result.unplanned or 0.0
    if abs(unplanned) > EURO and result.plan_given:
        names.append("over_budget" if unplanned < 0 else "budget_left")
    if better_split(result):
        names.append("better_elsewhere" if result.best_gain > 0 else "better_kept")
    elif result.plan_given and result.plan_cost and result.split_reason is None and unplanned > -EURO:
        names.append("well_divided")
    if (result.unspent or 0) > EURO and result.split_reason is None:
        names.append("not_all_used")
    if result.next_euro is not None and result.plan_cost:
        names.append("next_euro" if result.next_euro > 0 else "next_euro_nowhere")
    return names


def _winning(result: BudgetPlan) -> list[str]:
    """What Sales may spend to win one customer, and why a ratio of costs is no guide."""
    names = []
    if result.ceiling_to_win.value <= 0:
        names.append("winning_never")
    elif result.best_win_spend is None:
        names.append("sales_ceiling")
    else:
        names.append("sales_curve" if result.best_win_spend > 0 else "sales_enough")
    ratio = result.best_ratio
    if ratio is not None and not 1 / TELLING < ratio < TELLING:
        names.append("ratio_says_little" if ratio > 1 else "ratio_says_little_below")
    return names


def _courses(result: BudgetPlan) -> list[str]:
    """Which course may lose, where the courses overlap, and what makes a figure doubtful."""
    worst, several = result.worst_own, sum(course.begun for course in result.courses) > 1
    overlap = (result.overlap or 0) / max(abs(result.plan.value), EURO)
    conditions = {
        "idle": result.idle_kind is not None,
        "course_loses": several and result.worst_loss is not None,
        "course_may_lose": several and worst.low < 0 <= worst.high,
        "overlap_shared": several and overlap > OVERLAPS,
        "overlap_twice": several and overlap < -OVERLAPS,
        "rewarded_anyway": result.rewarded_anyway is not None,
        "grow_caveat": result.lowers_churn is not None,
        "points_disagree": result.points_kind is not None,
        "no_ranges": bool(result.plan_cost) and not result.ranges_given,
    }
    return [name for name, holds in conditions.items() if holds]


def _cascade(result: BudgetPlan) -> list[str]:
    """Whether the cascade pays, and whether another order or fewer measures would bring more."""
    if not result.cascade:
        return []
    names = ["cascade_pays" if result.cascade_net > 0 else "cascade_loses"]
    if result.cascade_better_by > max(MATTERS * abs(result.cascade_net), 0.01):
        names.append("better_order" if result.best_order else "start_nothing")
    return names


def worth_saying(result: BudgetPlan) -> list[Finding]:
    """Everything worth saying, most important first."""
    if not result.courses:
        return [Finding(name, result) for name in _cascade(result)]
    names = [state(result), *_dividing(result), *_winning(result), *_courses(result), *_cascade(result)]
    return [Finding(name, result) for name in names]


def flow_title(result: BudgetPlan) -> Finding | None:
    """The title of the year drawn; None without courses or without customers."""
    if not result.flows or not result.customers:
        return None
    if not result.plan_cost:
        return Finding("without_plan", result)
    return Finding("keeps_more" if result.kept_more > 1 / 2 else "ends_with", result)


def net_title(result: BudgetPlan) -> Finding | None:
    """The title of the net bars; None where no course is begun."""
    if not result.courses or not result.plan_cost:
        return None
    begun = [course for course in result.courses if course.begun]
    if len(begun) == 1:
        one = begun[0]
        return Finding("one_loses" if one.loses else "one_may_lose" if one.may_lose else "one_gains", result)
    if all(course.own.value < 0 for course in begun):
        return Finding("all_lose", result)
    red = [course for course in begun if course.may_lose]
    if not red:
        return Finding("best_first", result)
    return Finding("some_lose" if all(course.loses for course in red) else "some_may_lose", result)


def split_title(result: BudgetPlan) -> Finding | None:
    """The title of the budgets as planned and at best; None where there is nothing to compare."""
    if not result.plan_given or result.best_gain is None or len(result.courses) < 2 or not result.plan_cost:
        return None
    if result.split_reason is not None:
        return Finding("keep_the_money", result)
    return Finding("move" if better_split(result) else "leave", result)


def steps_title(result: BudgetPlan) -> Finding | None:
    """The title of the cascade drawn; None beside courses, whose pictures fill the page already."""
    if result.courses or not result.cascade:
        return None
    return Finding("pays" if result.cascade_net > 0 else "loses", result)
