"""What a customer is worth, and what winning and keeping one may cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit import doors, lazy, store
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
_WHERE = lazy.within(__name__, _PLACES)
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
__getattr__ = lazy.importer(__name__, _WHERE)


def results(client) -> CustomerWorth:
    """What a customer of a client is worth, computed once a run, from `[worth]` and what the two doors know."""
    used = (client.worth, *doors.used_by(client))
    return store.once("worth", used, lambda: compute(client, doors.where_given(client)))


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
