"""Where the budget should go: keep, win back, grow, win."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import doors, lazy, store

if TYPE_CHECKING:
    from toolkit.strategies.result import BudgetPlan

_PLACES = {
    "cascade": ("Measure", "best_order", "worth_starting"),
    "findings": ("flow_title", "net_title", "split_title", "steps_title", "worth_saying"),
    "flow": ("Situation", "Strategy"),
    "numbers": ("analyse",),
    "offers": ("actions", "best_picture", "change_of_mind", "key_figures", "own_figures", "verdict"),
    "pictures": ("budgets", "cascade_steps", "net_bars", "year_flow"),
    "plan": ("plan_ranges", "plan_value"),
    "result": ("BudgetPlan",),
    "split": ("best_split", "next_euro"),
}
_WHERE = lazy.within(__name__, _PLACES)
__all__ = [*sorted(_WHERE), "compute", "results", "tables"]

# how the formulas call an input, and where it stands in a client file
FIELDS = {"growth": "worth.margin_growth", "retention": "strategies.retention", "discount": "economics.discount"}
__getattr__ = lazy.importer(__name__, _WHERE)


def results(client) -> BudgetPlan:
    """The plan of a client, computed once a run, on the base that it or its other chapters give."""
    used = (client.strategies, client.worth, *doors.used_by(client))
    return store.once("strategies", used, lambda: compute(client, doors.where_given(client)))


def compute(client, found, **how: Any) -> BudgetPlan:
    """The plan of a client whose two doors, if any, are known already; `how` as in `analyse`.

    Raises `Refused` with the fields of the client file for figures that no plan follows from.
    """
    from toolkit.finding import Refused
    from toolkit.strategies.numbers import analyse

    try:
        return analyse(client.strategies, dict(client.economics), worth=client.worth, doors=found, **how)
    except Refused as refused:
        file = client.file.name
        named = (replace(one, file=file, field=FIELDS.get(one.field, one.field)) for one in refused.refusals)
        raise Refused(named) from None
