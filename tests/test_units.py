"""Units: what a client may write for a share, a number of customers, money and a day, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter, ValidationError

from toolkit import units
from toolkit.doors.flows import Flow
from toolkit.units import Count, Day, Days, Money, Months, Share, Years, unit_of, units_of

TOML_VALUES = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=12)
    | some.dates()
    | some.datetimes()
    | some.times()
    | some.lists(some.integers(), max_size=2)
    | some.dictionaries(some.text(max_size=3), some.integers(), max_size=2)
)
NAMES = {
    "not_a_share",
    "share_as_percentage",
    "not_a_count",
    "not_a_number",
    "amount_with_currency",
    "not_a_date",
    "out_of_bounds",
    "year_out_of_reach",
}


def read(kind: Any, value: Any) -> Any:
    """A value as a client's field of this type holds it."""
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: Any, value: Any) -> tuple[str, dict]:
    """The name and the values of the refusal of a value."""
    with pytest.raises(ValidationError) as caught:
        read(kind, value)
    (problem,) = caught.value.errors()
    return problem["type"], problem["ctx"]


@pytest.mark.parametrize(
    ("written", "share"),
    [
        (0.85, 0.85),
        ("85%", 0.85),
        ("85 %", 0.85),
        ("85,5%", 0.855),
        ("85.5%", 0.855),
        (0, 0.0),
        (1, 1.0),
        ("100%", 1.0),
    ],
)
def test_a_share_is_a_fraction_or_a_percentage_between_quotation_marks(written, share):
    assert read(Share, written) == share


@pytest.mark.parametrize(("written", "suggestion"), [(85, '"85%"'), (85.5, '"85.5%"'), (100, '"100%"'), (2, '"2%"')])
def test_a_bare_percentage_is_refused_with_the_text_to_write_instead(written, suggestion):
    name, values = refusal(Share, written)
    assert (name, values["suggestion"], values["given"]) == ("share_as_percentage", suggestion, written)


@pytest.mark.parametrize("written", ["85", "tachtig", "%", "8 5%", "85%%", "", True, nan, inf, None, [0.8], {"a": 1}])
def test_what_is_no_share_at_all_is_refused_as_such(written):
    assert refusal(Share, written)[0] == "not_a_share"


@pytest.mark.parametrize("written", ["101%", "150 %", "-5%", -0.05, 101, 1e9])
def test_a_share_below_nothing_or_above_everything_is_out_of_bounds_and_shown_as_it_was_written(written):
    name, values = refusal(Share, written)
    assert (name, values["given"]) == ("out_of_bounds", written)


@given(some.integers(0, 100))
def test_every_whole_percentage_is_the_hundredth_part(percentage):
    assert read(Share, f"{percentage}%") == percentage / 100


@pytest.mark.parametrize(("written", "count"), [(250, 250), (250.0, 250), (0, 0)])
def test_a_count_is_a_whole_number_of_customers(written, count):
    assert read(Count, written) == count
    assert type(read(Count, written)) is int


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (-1, "out_of_bounds"),
        (1.5, "not_a_count"),
        ("250", "not_a_count"),
        ("2.500", "not_a_count"),
        (True, "not_a_count"),
        (nan, "not_a_count"),
        (inf, "not_a_count"),
        (10**400, "not_a_count"),
        (None, "not_a_count"),
    ],
)
def test_negative_broken_or_written_out_counts_are_refused(written, name):
    assert refusal(Count, written)[0] == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (-0.01, "out_of_bounds"),
        ("€ 5", "amount_with_currency"),
        ("USD 75", "amount_with_currency"),
        ("75 eur", "amount_with_currency"),
        ("12 mln", "not_a_number"),
        ("5", "not_a_number"),
        (inf, "not_a_number"),
        (False, "not_a_number"),
    ],
)
def test_money_is_a_plain_number_that_is_not_negative(written, name):
    assert read(Money, 12.5) == 12.5
    assert refusal(Money, written)[0] == name


@pytest.mark.parametrize(
    ("kind", "low", "beyond"), [(Days, 1, 0), (Days, 3660, 3661), (Years, 0, -1), (Months, 0, -0.5)]
)
def test_spans_of_time_have_bounds(kind, low, beyond):
    assert read(kind, low) == low
    assert refusal(kind, beyond)[0] == "out_of_bounds"


def test_a_day_is_a_toml_date_or_the_same_between_quotation_marks():
    assert read(Day, date(2024, 2, 29)) == read(Day, "2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("written", ["2023-02-29", "29-02-2024", "", 20240229, datetime(2024, 2, 29, 12), None, True])
def test_what_is_no_day_of_the_calendar_is_refused(written):
    assert refusal(Day, written)[0] == "not_a_date"


@pytest.mark.parametrize("written", ["0001-01-01", "1899-12-31", "2200-01-01", date(9999, 12, 31)])
def test_a_day_of_another_age_is_refused(written):
    assert refusal(Day, written)[0] == "year_out_of_reach"


@pytest.mark.parametrize("kind", [Share, Count, Money, Days, Years, Months, Day])
@given(value=TOML_VALUES)
def test_whatever_is_written_is_read_within_its_bounds_or_refused_by_name(kind, value):
    try:
        found = read(kind, value)
    except ValidationError as error:
        assert {problem["type"] for problem in error.errors()} <= NAMES
    else:
        unit = unit_of(kind)
        assert unit.low is None or found >= unit.low
        assert unit.high is None or found <= unit.high


def test_a_unit_is_found_through_an_optional_type_and_not_invented():
    assert unit_of(Share | None) is units.SHARE
    assert unit_of(str) is None


def test_fields_and_properties_of_a_result_say_their_units():
    found = units_of(Flow)
    assert (found["lost"].name, found["balance"].name, found["retention"].name) == ("count", "count", "share")
    assert "first" not in found
