"""The pictures and the stage of a customer's worth: what stands still stays, every slider goes to both ends."""

from __future__ import annotations

import itertools

import pytest
from conftest import ROOT
from test_worth_analyse import AMERITRADE, CASE, FIVE_YEARS, found

from toolkit.client import changed, load
from toolkit.picture import Moving, svg
from toolkit.ranges import MoneyBetween
from toolkit.words import LOCALES, Words
from toolkit.worth import onstage
from toolkit.worth.result import CustomerWorth

CLIENTS = ROOT / "templates" / "clients"
COSTS = {"cost_to_win": 150, "cost_to_keep": 30}


def shown(picture, result: CustomerWorth, *reach: CustomerWorth, locale: str = "nl_BE") -> str:
    return svg(picture, Words(locale), result, *reach)


@pytest.fixture(scope="module")
def results() -> list[CustomerWorth]:
    """What a client may have: one figure of each, ranges, a curve, quarters, edges."""
    return [
        found(CASE, **COSTS),
        found(CASE, cost_to_win=MoneyBetween(low=20, high=2000), cost_to_keep=MoneyBetween(low=0.01, high=20)),
        found({"margin": 100, "report": FIVE_YEARS}, **COSTS),
        found(AMERITRADE, discount=0.12, cost_to_win=203.44),
        found({"margin": 1e9, "retention": 0.999}, cost_to_win=0.01, discount=0.001, cost_to_keep=1e9),
        found({"margin": 0.01, "retention": 0}, cost_to_win=1e9, cost_to_keep=1e-6),
        found(CASE | {"horizon": 1}, **COSTS),
        found(CASE),
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_picture_that_a_result_can_fill_is_drawn_and_the_same_twice(locale, results):
    for result in results:
        for picture in onstage.pictures(result):
            drawing = shown(picture, result, locale=locale)
            assert drawing == shown(picture, result, locale=locale)
            assert drawing.startswith("<svg") and "nan" not in drawing, picture.__name__


def test_a_client_without_costs_has_a_timeline_and_a_lever_only():
    names = {picture.__name__ for picture in onstage.pictures(found(CASE))}
    assert names == {"moments", "retention_lever"}
    assert onstage.pictures(found({"margin": 0, "retention": 0.8}, cost_to_win=50)) == []


def test_what_stands_still_stays_as_it_was_after_something_moved(results):
    base, other = results[0], found(CASE | {"margin": 120}, cost_to_win=130, cost_to_keep=40)
    for picture in onstage.pictures(base):
        moving = Moving(picture, Words("nl_BE"), base, *results[:2])
        first = moving.svg(base)
        assert moving.svg(other) != first, picture.__name__
        assert moving.svg(base) == first, picture.__name__


def test_what_is_certain_is_solid_and_what_is_expected_is_open():
    """CRAFT: measured solid, assumption outlined: one certain payment on two of the four lines."""
    drawing = shown(onstage.moments, found(CASE))
    assert drawing.count("fill: #0b5cad") == 2
    assert drawing.count("fill: #ffffff") >= 15


@pytest.mark.parametrize("name", ["ameritrade", "verwarming-claes"])
def test_every_knob_goes_to_both_ends_and_every_corner_has_a_result(name):
    client = load(CLIENTS / name)
    rerun = onstage.rerun(client)
    base = rerun(client)
    knobs = onstage.knobs(client, base)
    assert len(knobs) <= 5
    for knob in knobs:
        assert knob.low <= knob.base <= knob.high and knob.low < knob.high
    for corner in itertools.product(*((knob.low, knob.high) for knob in knobs)):
        result = rerun(changed(client, dict(zip((knob.field for knob in knobs), corner, strict=True))))
        assert onstage.pictures(result)
        assert result.not_yet_won.value > 0


def test_a_knob_moves_what_it_is_called():
    client = load(CLIENTS / "verwarming-claes")
    rerun = onstage.rerun(client)
    base = rerun(client)
    for knob in onstage.knobs(client, base):
        moved = rerun(changed(client, {knob.field: knob.high}))
        name = knob.field.split(".")[1]
        field = {"discount": "discount_per_year", "retention": "retention_per_year"}.get(name, name)
        assert getattr(moved, field).value == pytest.approx(knob.high)
        assert getattr(base, field).value == pytest.approx(knob.base)


def test_the_headline_and_the_outcome_are_those_of_the_result(results):
    words = Words("en_GB")
    for result in results:
        key, about = onstage.headline(result)
        assert words.text(f"worth.{key}", about).strip()
        outcome = onstage.outcome(result)
        assert outcome.now == outcome.then == result.not_yet_won
        assert onstage.swings(result)[:1] == result.swings[:1]


def test_presets_are_offered_only_for_a_knob_that_is_there():
    for name in ("ameritrade", "verwarming-claes"):
        client = load(CLIENTS / name)
        result = onstage.rerun(client)(client)
        fields = {knob.field for knob in onstage.knobs(client, result)}
        assert {field for field, _ in onstage.presets(result)} <= fields
