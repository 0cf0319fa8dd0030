"""Contracts, recommendation and profit by tenure: what some clients know besides. Pure functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.units import Share
from toolkit.worth.contracts import Contract, contract_survival, contract_value, for_consumers, hazards
from toolkit.worth.contracts import renewal_against_churn as renewals
from toolkit.worth.recommendation import loss_with_followers, value_of_recommended, value_with_recommending
from toolkit.worth.rows import ContractMonth
from toolkit.worth.section import ContractTerms, Recommending
from toolkit.worth.state import State
from toolkit.worth.tenure import tenure_at_stake, value_by_profile_and_fit


def contract(terms: ContractTerms | None, state: State, per_year: int, at_start: int | None) -> dict[str, Any]:
    """What is signed, what renewals may bring, and how a low churn can hide a low renewal rate."""
    if terms is None:
        return {}
    running = Contract(
        term=int(terms.term),
        renewal_rate=terms.renewal_rate,
        notice=int(terms.notice),
        base_churn=terms.base_churn,
        later_churn=terms.later_churn,
    )
    if terms.consumers:
        running = for_consumers(running, terms.consumers)
    monthly = (1 + float(state.discount)) ** (per_year / 12) - 1
    left = None if terms.months_left is None else int(terms.months_left)
    growth = (1 + state.growth_per_year) ** (1 / 12) - 1
    ahead = None if state.periods is None else round(state.periods * 12 / per_year)
    value = contract_value(
        running, float(state.margin) * per_year / 12, monthly, months_left=left, growth_per_month=growth, months=ahead
    )
    months = sorted({running.term, running.term + max(running.notice, 1), 2 * running.term, 3 * running.term})
    there, leaving = contract_survival(running, months[-1]), hazards(running, months[-1])
    found = {
        "contract_country": terms.consumers,
        "contract_remaining": value.remaining,
        "contract_renewals": value.renewals,
        "contract_total": value.total,
        "contract_months": tuple(ContractMonth(m, float(there[m]), float(leaving[m - 1])) for m in months),
        "renewal_rate": terms.renewal_rate,
    }
    if terms.due is None or not at_start:
        return found
    counted = renewals(at_start, terms.due, terms.renewed)
    due = {"base_churn": counted.base_churn, "renewal_rate": counted.renewal_rate, "share_due": counted.share_due}
    return found | due


def recommendation(given: Recommending | None, state: State, per_year: int, doors: Any) -> dict[str, Any]:
    """What a recommended customer is worth, what recommending adds, and what a leaver who takes others along costs."""
    if given is None or float(state.margin) <= 0:
        return {}
    worth, residual = float(state.value("not_yet_won")), float(state.value("just_paid"))
    cost, anyway = float(state.cost_to_win), given.came_anyway
    found = {
        "came_anyway": anyway,
        "recommended_new": value_of_recommended(worth, cost, 0.0, reward=given.reward),
        "recommended_anyway": value_of_recommended(worth, cost, 1.0, reward=given.reward),
        "recommended": value_of_recommended(worth, cost, anyway, reward=given.reward),
    }
    brought = given.brought_per_year
    if brought is None and doors is not None and doors.won_by_recommendation is not None and doors.start:
        brought = doors.won_by_recommendation / doors.start / doors.flows[-1].years
    if brought is not None:
        margin = float(state.margin)
        both = value_with_recommending(margin, worth / margin, brought / per_year, cost, anyway, reward=given.reward)
        found |= {"brought_per_year": brought, "with_recommending": both.with_recommending}
        found["from_recommending"] = both.from_recommending
    if given.followers:
        found |= {"followers": given.followers, "loss_alone": residual}
        found["loss_with_followers"] = loss_with_followers(residual, given.followers)
    return found


def profile(margins: tuple[float, ...] | None, state: State, curve: Any, retention: Share) -> dict[str, Any]:
    """What a customer is worth when margin depends on tenure, and how much of that rests on the change."""
    if margins is None:
        return {}
    discount = float(state.discount)
    stake = tenure_at_stake(margins, retention, discount, periods=state.periods)
    value, flat = stake.value, stake.if_flat
    if curve is not None and state.periods is None:
        value, flat = (value_by_profile_and_fit(list(p), curve, discount) for p in (margins, margins[:1]))
    return {
        "profile_value": value,
        "profile_flat": flat,
        "profile_at_stake": float(np.abs(value - flat)) / value if value > 0 else None,
        "profile_direction": stake.direction,
    }
