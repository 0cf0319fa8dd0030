"""Where the budget should go: keep, win back, grow, win."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import store

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
_WHERE = {name: place for place, names in _PLACES.items() for name in names}
__all__ = [*sorted(_WHERE), "compute", "results", "tables"]

# how the formulas call an input, and where it stands in a client file
FIELDS = {"growth": "worth.margin_growth", "retention": "strategies.retention", "discount": "economics.discount"}


def __getattr__(name: str) -> Any:
    """Import what a page asks for when it asks, so that reading a client file stays light."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.strategies.{_WHERE[name]}"), name)
    if name in ("tables", *_PLACES):
        return importlib.import_module(f"toolkit.strategies.{name}")
    raise AttributeError(f"module 'toolkit.strategies' has no attribute {name!r}")


def results(client) -> BudgetPlan:
    """The plan of a client, computed once a run, on the base that it or its other chapters give."""
    used: tuple = (client.strategies, client.worth, client.economics, client.doors, client.client.period)
    if client.doors is not None and client.doors.from_log:
        from toolkit.intake.log import data_file

        used += (client.log, data_file(client.log.file, client.folder))
    return store.once("strategies", used, lambda: compute(client, doors_of(client)))


def doors_of(client):
    """The result of the two doors, where the client has them."""
    from toolkit import doors

    return None if client.doors is None else doors.results(client)


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
