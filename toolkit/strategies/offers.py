"""What the strategies offer to page 1: a verdict, figures, actions, a picture, and what would change our mind."""

from __future__ import annotations

from toolkit.finding import Finding
from toolkit.strategies.findings import better_split, net_title, state, steps_title
from toolkit.strategies.pictures import cascade_steps, net_bars
from toolkit.strategies.result import BudgetPlan
from toolkit.strategies.section import COURSES
from toolkit.units import Unit


def verdict(result: BudgetPlan) -> Finding:
    """The one sentence of page 1."""
    return Finding(state(result), result)


def key_figures(result: BudgetPlan) -> list[Finding]:
    """The figures this chapter offers to page 1, most telling first."""
    if not result.courses:
        return [Finding("cascade", result)]
    names = ["plan"] if result.plan_cost else []
    names += ["ceiling_to_win"] if result.ceiling_to_win.value > 0 else []
    return [Finding(name, result) for name in [*names, *(["cascade"] if result.cascade else [])]]


def actions(result: BudgetPlan) -> list[Finding]:
    """What to do, what to spend, what to stop: those that the figures carry."""
    if not result.courses:
        return [Finding("do_cascade", result)] if result.best_cascade_net > 0 else []
    found = {"plan_gains": ["do_plan"], "split_gains": ["do_plan"], "plan_in_doubt": ["do_trial"]}
    names = found.get(state(result), [])
    if better_split(result) and result.best_gain > 0:
        names.append("spend_elsewhere")
    if result.ceiling_to_win.value > 0:
        unsure = result.ceiling_to_win.low < result.ceiling_to_win.high
        names.append("spend_on_winning" if unsure else "spend_on_winning_sure")
    if result.worst_own is not None and result.worst_own.value < 0:
        names.append("stop_course" if result.worst_loss is not None else "stop_course_in_doubt")
    return [Finding(name, result) for name in names]


def change_of_mind(result: BudgetPlan) -> Finding:
    """What would change our mind: a trial of the course whose judged rate weighs most."""
    if not result.courses:
        return Finding("cascade", result)
    first = result.swings[0].name.removesuffix("_rate") if result.swings else ""
    return Finding("trial_of_best" if first == result.best_kind else "trial" if first in COURSES else "margin", result)


def best_picture(result: BudgetPlan) -> tuple:
    """The picture this chapter offers to page 1, its title, and the result it shows."""
    if not result.courses:
        return cascade_steps, steps_title(result), result
    return net_bars, net_title(result), result


def own_figures(result: BudgetPlan) -> dict[str, tuple[float, Unit] | None]:
    """The client's own figure beside each published claim; those about winning stand with what a customer is worth."""
    return {}
