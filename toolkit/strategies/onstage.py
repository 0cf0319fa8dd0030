"""What the strategies bring to the stage: their budgets, pictures, headline and outcome."""

from __future__ import annotations

from typing import Any

from toolkit import doors
from toolkit.client import Client
from toolkit.live.controls import Knob, Outcome, Rerun
from toolkit.picture import Picture
from toolkit.strategies import compute
from toolkit.strategies.findings import net_title, steps_title
from toolkit.strategies.pictures import budgets, cascade_steps, net_bars, year_flow
from toolkit.strategies.result import BudgetPlan
from toolkit.units import MONEY
from toolkit.whatif import Swing

LIVE_DRAWS = 1_000
MOST_KNOBS = 4


def rerun(client: Client) -> Rerun:
    """A function from a changed client to its plan; the two doors are computed once, the best split only at rest."""
    found = doors.where_given(client)

    def run(changed: Client, full: bool = False) -> BudgetPlan:
        how = {} if full else {"draws": LIVE_DRAWS}
        return compute(changed, found, divide=changed is client, full=full, **how)

    return run


def pictures(result: BudgetPlan) -> list[Picture]:
    """The pictures that this client's figures can fill."""
    found = [net_bars, year_flow, *([budgets] if result.plan_given else [])] if result.courses else []
    return [*found, *([cascade_steps] if result.cascade else [])]


def knobs(client: Client, result: BudgetPlan) -> list[Knob]:
    """What can be moved: the budget of each course, or the whole budget where the plan leaves its division open."""
    section = client.strategies
    if not section.planned:
        return [_knob("strategies.budget", section.budget)] if section.budget else []
    planned = {kind: course.budget for kind, course in section.courses.items() if course.budget}
    return [_knob(f"strategies.{kind}.budget", budget) for kind, budget in planned.items()][:MOST_KNOBS]


def _knob(field: str, budget: float) -> Knob:
    return Knob(field, MONEY, budget, 0.0, 2 * budget, budget / 50)


def presets(result: BudgetPlan) -> list[tuple[str, float]]:
    """None: the best split moves every budget at once, and the picture of the budgets shows it."""
    return []


def headline(result: BudgetPlan) -> tuple[str, Any]:
    """The key of the title above the picture, and what fills it."""
    if (steps := steps_title(result)) is not None:
        return f"pictures.cascade_steps.titles.{steps.name}", result
    title = net_title(result)
    return f"pictures.net_bars.titles.{title.name}" if title else "verdicts.no_budget", result


def outcome(result: BudgetPlan) -> Outcome:
    """What the stage counts: what the plan adds, net of its cost, as it stands."""
    net = result.plan or result.cascade_net
    return Outcome(MONEY, net, net)


def swings(result: BudgetPlan) -> tuple[Swing, ...]:
    """Which assumption matters."""
    return result.swings
