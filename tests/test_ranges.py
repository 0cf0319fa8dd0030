"""A number or a range: what a client may write, what stands for it, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from toolkit.ranges import MoneyBetween, MoneyInput, ShareBetween, ShareInput, bounded, middle
from toolkit.units import Unit, unit_of
from toolkit.worth.inputs import as_input

MONEY, SHARE = TypeAdapter(MoneyInput), TypeAdapter(ShareInput)


def test_a_number_stays_a_number_and_a_range_becomes_one():
    assert MONEY.validate_python(900) == 900.0
    assert SHARE.validate_python("85%") == 0.85
    assert MONEY.validate_python({"low": 80, "high": 125}) == MoneyBetween(low=80, high=125)
    assert SHARE.validate_python({"low": "70%", "likely": 0.8, "high": "90%"}).likely == 0.8


def test_a_range_carries_the_unit_of_its_field():
    assert unit_of(MoneyInput).name == "money"
    assert unit_of(ShareInput | None).name == "share"


@pytest.mark.parametrize(
    ("kind", "given_", "name", "field"),
    [
        (MONEY, {"low": 125, "high": 80}, "range_swapped", "low"),
        (MONEY, {"low": 80, "likely": 200, "high": 125}, "likely_outside_range", "likely"),
        (MONEY, {"low": 0, "high": 125}, "range_not_possible", "low"),
        (SHARE, {"low": 0.5, "high": 1}, "range_not_possible", "low"),
        (MONEY, {"low": -5, "high": 125}, "out_of_bounds", None),
        (SHARE, {"low": 0.5, "high": 85}, "share_as_percentage", None),
        (MONEY, {"low": 5}, "missing", None),
        (MONEY, {"low": 5, "high": 9, "mode": 7}, "extra_forbidden", None),
        (MONEY, "much", "not_a_number", None),
    ],
)
def test_what_is_no_range_is_refused_by_name(kind, given_, name, field):
    with pytest.raises(ValidationError) as refused:
        kind.validate_python(given_)
    (problem,) = refused.value.errors()
    assert (problem["type"], problem.get("ctx", {}).get("field")) == (name, field)


def test_a_range_without_width_is_a_number_known_exactly():
    assert MoneyBetween(low=0, high=0).middle == 0
    assert ShareBetween(low=1, high=1).middle == 1


@given(some.floats(0.01, 1e6), some.floats(0, 1e6))
def test_the_middle_of_money_is_the_median_that_the_formulas_draw_around(low, width):
    between = MoneyBetween(low=low, high=low + width)
    assert middle(between) == pytest.approx(as_input(between).central)


@given(some.floats(0.01, 0.98), some.floats(0, 1))
def test_the_middle_of_a_share_is_the_median_that_the_formulas_draw_around(low, part):
    between = ShareBetween(low=low, high=low + part * (0.99 - low))
    assert middle(between) == pytest.approx(as_input(between).central)


def test_nothing_given_stays_nothing():
    assert middle(None) is None
    assert as_input(None) is None


@pytest.mark.parametrize(("text", "value"), [("-2%", -0.02), ("2,5%", 0.025), (0.1, 0.1), (0, 0.0)])
def test_a_growth_may_be_negative_and_may_be_a_percentage(text, value):
    unit = Unit("share", -0.5, 0.5)
    assert bounded(unit).func(text) == pytest.approx(value)


@pytest.mark.parametrize("given_", ["85", 0.6, -1, True, None, float("nan"), "-60%"])
def test_a_number_beyond_its_bounds_or_none_at_all_is_refused(given_):
    with pytest.raises(PydanticCustomError):
        bounded(Unit("share", -0.5, 0.5)).func(given_)
