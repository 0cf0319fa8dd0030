"""What a customer is worth, and what winning and keeping one may cost."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import store
from toolkit.finding import Refused

if TYPE_CHECKING:
    from toolkit.worth.result import CustomerWorth

_PLACES = {
    "budgets": ("Budgets", "best_budgets", "budgets_at", "winning_against_keeping"),
    "contracts": ("Contract", "contract_survival", "contract_value", "for_consumers", "renewal_against_churn"),
    "findings": ("besides", "lever_title", "moments_title", "third_in_print", "worth_saying"),
    "fit": ("fit_retention", "fit_retention_from_totals", "pooled_renewals"),
    "lever": ("against_band", "cost_for_uplift", "programme_break_even", "retention_for_uplift", "uplift"),
    "numbers": ("analyse",),
    "offers": ("actions", "best_picture", "change_of_mind", "key_figures", "own_figures", "verdict"),
    "payback": ("break_even_tenure", "expected_write_off", "payback_of", "write_off_by_stay"),
    "pictures": ("money_back", "moments", "retention_by_tenure", "retention_lever", "winning_and_keeping"),
    "recommendation": ("loss_with_followers", "value_of_recommended", "value_with_recommending"),
    "response": ("ResponseCurve", "through", "through_two"),
    "result": ("CustomerWorth",),
    "retention": ("RetentionFit",),
    "tenure": ("tenure_at_stake", "value_by_profile"),
    "uncertainty": ("Counted", "Range", "carried"),
    "value": ("customer_value", "elasticities", "margin_multiple"),
}
_WHERE = {name: place for place, names in _PLACES.items() for name in names}
__all__ = [*sorted(_WHERE), "compute", "results", "tables"]

# how the formulas call an input, and where it stands in a client file
FIELDS = {
    "growth": "worth.margin_growth",
    "retention": "worth.retention",
    "discount": "economics.discount",
    "brought_per_period": "worth.recommendation.brought_per_year",
    "followers": "worth.recommendation.followers",
    "renewal_rate": "worth.contract.renewal_rate",
    "due": "worth.contract.due",
    "customer_value": "worth.margin",
    "total": "worth.report.total",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that reading a client file stays light."""
    if name in _WHERE:
        return getattr(importlib.import_module(f"toolkit.worth.{_WHERE[name]}"), name)
    if name in ("tables", *_PLACES):
        return importlib.import_module(f"toolkit.worth.{name}")
    raise AttributeError(f"module 'toolkit.worth' has no attribute {name!r}")


def results(client) -> CustomerWorth:
    """What a customer of a client is worth, computed once a run, from `[worth]` and what the two doors know."""
    used: tuple = (client.worth, client.economics, client.doors, client.client.period)
    if client.doors is not None and client.doors.from_log:
        from toolkit.intake.log import data_file

        used += (client.log, data_file(client.log.file, client.folder))
    return store.once("worth", used, lambda: compute(client, doors_of(client)))


def doors_of(client) -> Any:
    """The result of the two doors, where the client has that section."""
    if client.doors is None:
        return None
    from toolkit import doors

    return doors.results(client)


def compute(client, doors: Any, **how: Any) -> CustomerWorth:
    """What a customer of a client is worth, with the two doors counted already; `how` as for `analyse`.

    Raises `Refused` with the fields of the client file for figures that no value follows from.
    """
    from toolkit.claims import claims_for
    from toolkit.worth.numbers import analyse

    try:
        return analyse(client.worth, dict(client.economics), doors=doors, claims=claims_for("worth"), **how)
    except Refused as refused:
        file = client.file.name
        raise Refused(
            replace(problem, file=file, field=FIELDS.get(problem.field, problem.field)) for problem in refused.refusals
        ) from None
