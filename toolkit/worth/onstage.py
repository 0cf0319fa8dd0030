"""What a customer's worth brings to the stage: its assumptions, pictures, headline and outcome."""

from __future__ import annotations

from functools import cache
from typing import Any

from toolkit import doors
from toolkit.client import Client
from toolkit.live.controls import Knob, Outcome, Rerun
from toolkit.picture import Picture
from toolkit.units import MONEY, SHARE
from toolkit.whatif import Swing
from toolkit.worth import compute
from toolkit.worth.findings import lever_title, money_back_title, moments_title, ratio_title, tenure_title
from toolkit.worth.pictures import money_back, moments, retention_by_tenure, retention_lever, winning_and_keeping
from toolkit.worth.result import CustomerWorth
from toolkit.worth.series import series_of

DRAWS = 800  # while something is dragged; print takes more
MOST, LEAST = 0.99, 0.005  # retention and discount stay where every value is finite


def rerun(client: Client) -> Rerun:
    """A function from a changed client to its result; the doors are counted and a series is fitted once."""
    found, series = doors.where_given(client), cache(series_of)

    def run(changed: Client, full: bool = False) -> CustomerWorth:
        return compute(changed, found, series=series, full=full, **{} if full else {"draws": DRAWS})

    return run


def pictures(result: CustomerWorth) -> list[Picture]:
    """The pictures that this client's figures can fill."""
    titles = {
        retention_lever: lever_title,
        money_back: money_back_title,
        moments: moments_title,
        winning_and_keeping: ratio_title,
        retention_by_tenure: tenure_title,
    }
    return [picture for picture, title in titles.items() if title(result)]


def knobs(client: Client, result: CustomerWorth) -> list[Knob]:
    """The assumptions that can be moved: margin, retention, discount, what winning and keeping cost."""
    margin, kept, discount = result.margin.value, result.retention_per_year.value, result.discount_per_year.value
    found = [_money("worth.margin", margin)] if margin > 0 else []
    if result.per_year == 1 and not result.by_tenure and client.worth.report is None and client.worth.cohorts is None:
        found.append(Knob("worth.retention", SHARE, kept, min(0.3, kept), max(MOST, kept), 0.01))
    found.append(Knob("economics.discount", SHARE, discount, min(0.02, discount), max(0.25, discount), 0.005))
    for name in ("cost_to_win", "cost_to_keep"):
        cost = getattr(result, name)
        if cost is not None and cost.value > 0:
            found.append(_money(f"economics.{name}", cost.value))
    return found


def _money(field: str, base: float) -> Knob:
    return Knob(field, MONEY, base, base / 2, base * 2, base / 100)


def presets(result: CustomerWorth) -> list[tuple[str, float]]:
    """Retention after the articles' step of five points."""
    if not result.lever or result.by_tenure or result.per_year != 1 or result.fit_problem:
        return []
    after = result.retention_per_year.value + result.step_points
    return [("worth.retention", after)] if after <= MOST else []


def headline(result: CustomerWorth) -> tuple[str, Any]:
    """The key of the title above the picture, and what fills it."""
    title = lever_title(result)
    if title is not None:
        return f"pictures.retention_lever.titles.{title.name}", result
    return "pictures.moments.titles.worth", result


def outcome(result: CustomerWorth) -> Outcome:
    """What the stage counts: what a customer not yet won is worth."""
    return Outcome(MONEY, result.not_yet_won, result.not_yet_won)


def swings(result: CustomerWorth) -> tuple[Swing, ...]:
    """Which assumption matters."""
    return result.swings
