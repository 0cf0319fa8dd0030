"""What `[strategies]` takes and what it refuses, by name and field."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from toolkit.finding import Refusal
from toolkit.refusals import refusals_of
from toolkit.strategies.section import Strategies, missing
from toolkit.words import LOCALES, Words

KEEP = {"spend": 20, "rate": "84%", "ceiling": "90%", "budget": 5000}
WIN = {"spend": 8, "rate": "3%", "ceiling": "8%", "budget": 9000}
CALL = {"measure": "Call", "cost": 10, "chance": "30%", "gain": 200}
BASE = {"customers": 250, "retention": "80%", "margin": 100}


def refused(section: dict[str, Any]) -> list[Refusal]:
    """What is refused of a section."""
    try:
        Strategies.model_validate(section)
    except ValidationError as error:
        return refusals_of(error, Strategies, "client.toml")
    return []


@pytest.mark.parametrize(
    "section",
    [
        {"keep": KEEP},
        {"keep": KEEP | {"rate": {"low": "81%", "likely": "84%", "high": "86%"}}},
        {"keep": KEEP | {"second_spend": 0, "second_rate": "80%"}},
        {"keep": KEEP | {"budget": 0}},
        {"win": WIN, "prospects": 0},
        {"grow": {"spend": 15, "rate": "5%", "ceiling": "15%", "budget": 1, "lasts": True, "lowers_churn": "10%"}},
        {"keep": {key: KEEP[key] for key in ("spend", "rate", "ceiling")}, "budget": 0},
        {"cascade": [CALL, CALL | {"measure": "Visit", "chance": 0}]},
    ],
)
def test_what_a_consultant_may_know_is_taken(section):
    assert refused(section) == []


@pytest.mark.parametrize(
    ("section", "name", "field"),
    [
        ({}, "no_course", ""),
        ({"keep": KEEP | {"spend": 0}}, "response_without_spend", "keep.spend"),
        ({"keep": KEEP | {"ceiling": "83%"}}, "ceiling_below_rate", "keep.ceiling"),
        ({"keep": KEEP | {"ceiling": "84%"}}, "ceiling_below_rate", "keep.ceiling"),
        ({"keep": KEEP | {"rate": {"low": "80%", "high": "91%"}}}, "ceiling_below_rate", "keep.ceiling"),
        ({"keep": KEEP | {"rate": {"low": "86%", "high": "81%"}}}, "range_swapped", "keep.rate.low"),
        ({"keep": KEEP | {"rate": {"low": "81%", "likely": "95%", "high": "86%"}}}, "likely_outside_range", "keep.rate.likely"),
        ({"keep": KEEP | {"rate": {"low": "0%", "high": "86%"}}}, "range_not_possible", "keep.rate.low"),
        ({"keep": KEEP | {"rate": 84}}, "share_as_percentage", "keep.rate"),
        ({"keep": KEEP | {"budget": -1}}, "out_of_bounds", "keep.budget"),
        ({"keep": KEEP | {"budget": "€ 5.000"}}, "amount_with_currency", "keep.budget"),
        ({"keep": KEEP | {"second_spend": 40}}, "second_point_halved", "keep.second_rate"),
        ({"keep": KEEP | {"second_rate": "86%"}}, "second_point_halved", "keep.second_spend"),
        ({"keep": KEEP | {"second_spend": 40, "second_rate": "82%"}}, "response_points_disagree", "keep.second_rate"),
        ({"keep": KEEP | {"second_spend": 20, "second_rate": "86%"}}, "response_points_disagree", "keep.second_rate"),
        ({"keep": KEEP | {"second_spend": 40, "second_rate": "95%"}}, "ceiling_below_rate", "keep.ceiling"),
        ({"win": WIN | {"second_spend": 9, "second_rate": "7%"}, "prospects": 9}, "response_points_too_steep", "win.second_rate"),
        ({"keep": KEEP | {"lasts": True}}, "unknown_key", "keep.lasts"),
        ({"keep": {key: KEEP[key] for key in ("spend", "rate", "ceiling")}}, "budget_missing", "budget"),
        ({"win": WIN}, "prospects_missing", "prospects"),
        ({"cascade": []}, "empty_list", "cascade"),
        ({"cascade": [CALL, CALL]}, "measure_twice", "cascade"),
        ({"cascade": [CALL | {"chance": 1.5}]}, "share_as_percentage", "cascade.1.chance"),
        ({"cascade": [CALL | {"measure": ""}]}, "empty_text", "cascade.1.measure"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name_and_field(section, name, field):
    found = refused(section)
    assert (name, field) in {(one.name, one.field) for one in found}
    for locale in LOCALES:
        assert all("{" not in Words(locale).refusal(one) for one in found)


def names(raw: dict[str, Any]) -> list[str]:
    """What a client file lacks for its plan."""
    return [refusal.name for refusal in missing(raw, "client.toml")]


def test_a_plan_without_the_two_doors_needs_a_base_of_its_own():
    lacking = {"strategies": {"keep": KEEP}, "economics": {}}
    assert names(lacking) == ["plan_without_customers", "plan_without_retention", "plan_without_margin", "discount_missing"]
    assert names({"strategies": {"keep": KEEP} | BASE, "economics": {"discount": "10%"}}) == []


def test_the_two_doors_or_what_is_said_of_worth_give_the_base():
    doors = {"start": 250, "turnover_per_customer": 400}
    economics = {"gross_margin": "40%", "discount": "10%"}
    assert names({"strategies": {"keep": KEEP}, "doors": doors, "economics": economics}) == []
    assert names({"strategies": {"keep": KEEP}, "doors": {"start": 250}, "economics": economics}) == ["plan_without_margin"]
    report = {"margin": 100, "report": {"years": [2023, 2024, 2025]}}
    assert names({"strategies": {"keep": KEEP}, "worth": report, "economics": economics}) == []


def test_margin_and_retention_stand_in_one_place():
    raw = {"strategies": {"keep": KEEP} | BASE, "worth": {"margin": 90}, "economics": {"discount": "10%"}}
    assert names(raw) == ["base_given_twice", "base_given_twice"]


def test_a_cascade_alone_needs_nothing_else():
    assert names({"strategies": {"cascade": [CALL]}}) == []
    assert names({}) == []
