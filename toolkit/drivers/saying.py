"""What is worth saying of answers in customers and euros, in no language; every sentence says what it takes for granted."""

from __future__ import annotations

from typing import Any

from toolkit.finding import Finding


def shift(result: Any) -> str | None:
    """The one sentence on the shift that the client file asks for; None where it asks for none or nothing follows.

    A figure whose interval holds nothing at all is said to be unsure, without euros.
    """
    moved = result.retention_moved
    if moved is None:
        return None
    if moved.low <= 0 <= moved.high:
        return "shift_unsure"
    if result.kept_moved is None:
        return "shift_points"
    return "shift_customers" if result.margin_moved is None else "shift_margin"


def link(result: Any) -> str:
    """Where the link with retention is from, and whether the groups differ; what is missing where there is none."""
    if result.link_from == "stated":
        return "link_stated"
    if result.retention_gap is not None:
        return "link_measured" if result.retention_gap.low > 0 else "link_turned" if result.retention_gap.high < 0 else "link_none"
    if result.link_problem is not None:
        return {"year": "link_too_short", "cells": "link_hidden"}[result.link_problem]
    return "link_missing"


def ambassadors(result: Any) -> str | None:
    """What ambassadors bring; only for a question on recommending."""
    if result.ambassadors_worth is not None:
        return "ambassadors_worth"
    return "ambassadors_bring" if result.brought_customers is not None else None


def in_euros(result: Any) -> list[Finding]:
    """Everything the annex says of it: what it rests on, what follows, and how it was reckoned."""
    told = shift(result)
    holds = {
        link(result): True,
        "link_undated": result.link_undated,
        told: told is not None,
        "shift_value": told == "shift_margin" and result.value_moved is not None,
        ambassadors(result): ambassadors(result) is not None,
        "how_shifted_top": result.link_from is None and bool(result.shifts),
        "how_shifted": result.link_from is not None and bool(result.shifts),
        "how_linked": bool(result.linked),
    }
    return [Finding(name, result) for name, said in holds.items() if said]


def plan(result: Any) -> list[Finding]:
    """How the numbers of the planner were reckoned."""
    if not result.plans:
        return [Finding("plan_needs_companies", result)] if result.companies is not None else []
    return [Finding("how_planned" if result.score is not None else "how_planned_top", result)]


def money_shown(result: Any) -> bool:
    """Whether a shift may be told in euros: customers, margin, retention and a difference that is more than chance."""
    known = None not in (result.customers_base, result.margin_base, result.retention_base, result.retention_gap)
    return known and (result.retention_gap.low > 0 or result.retention_gap.high < 0) and bool(result.steps)
