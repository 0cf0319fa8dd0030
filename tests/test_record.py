"""What `results.json` is made of: every number of a result with unit, n, interval, definition and source."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date

import pytest
from test_doors_numbers import A3, of_counts, of_series, quarters

from toolkit.doors.flows import Flow
from toolkit.doors.leak import Leak
from toolkit.doors.rates import wilson
from toolkit.doors.result import TwoDoors
from toolkit.record import numbers_of
from toolkit.units import Count, units_of
from toolkit.words import LOCALES, Words

WORDS = Words("nl_BE")
MONEY = {"turnover_per_customer": 20_000, "target_retention": "85%"}


def recorded(result: TwoDoors, words: Words = WORDS) -> dict[str, dict]:
    """The entries of a result by name."""
    entries = numbers_of(result, "doors", words, "klantenlijst")
    assert len({entry["name"] for entry in entries}) == len(entries)
    return {entry["name"]: entry for entry in entries}


@pytest.fixture(scope="module")
def a3() -> dict[str, dict]:
    """The entries of A3's example, with money."""
    return recorded(of_counts(A3, given=MONEY, gross_margin=0.4))


def test_an_estimate_is_recorded_unrounded_with_its_interval_its_confidence_and_its_n(a3):
    found = a3["retention"]
    assert (found["value"], found["unit"], found["n"], found["confidence"]) == (0.8, "share", 250, 0.95)
    assert (found["low"], found["high"]) == (wilson(200, 250).low, wilson(200, 250).high)
    assert found["source"] == "klantenlijst"
    assert found["label"] and found["definition"]


def test_money_says_its_currency_and_a_count_has_none(a3):
    assert (a3["leak"]["unit"], a3["leak"]["currency"]) == ("money", "EUR")
    assert recorded(of_counts(A3, given=MONEY), Words("nl_BE", currency="USD"))["leak"]["currency"] == "USD"
    assert "currency" not in a3["lost"]


def test_numbers_inside_a_series_are_named_by_their_place():
    found = recorded(of_series(quarters(*[{"start": 200, "new": 10, "lost": 10}] * 4)))
    assert [found[f"flows[{place}].lost"]["value"] for place in range(4)] == [10] * 4
    assert found["flows[0].balance"]["value"] == 0
    assert found["flows[3].retention"]["n"] == 200


def test_a_swing_is_recorded_with_what_goes_in_and_what_comes_out(a3):
    found = a3["swings.gross_margin"]
    assert (found["low_input"], found["high_input"], found["input_unit"]) == (
        pytest.approx(0.35),
        pytest.approx(0.45),
        "share",
    )
    assert (found["low"], found["high"], found["unit"]) == (pytest.approx(350_000), pytest.approx(450_000), "money")


def test_what_the_figures_cannot_say_is_recorded_as_unknown_and_never_as_nought():
    found = recorded(of_counts({"start": 0, "new": 5, "lost": 0}))
    for name in ("retention", "leak", "customers_to_tell", "lifetime"):
        assert found[name]["value"] is None


def test_days_and_words_are_recorded_as_text(a3):
    assert (a3["first"]["value"], a3["last"]["value"]) == ("2024-01-01", "2024-12-31")
    assert a3["basis"]["value"] == "margin"


def test_every_number_with_a_unit_in_the_result_is_recorded(a3):
    assert set(units_of(TwoDoors)) <= set(a3)
    assert {f"flows[0].{name}" for name in units_of(Flow)} <= set(a3)
    assert {f"leaks[0].{name}" for name in units_of(Leak)} <= set(a3)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_numbers_are_the_same_in_every_language_and_can_be_written_as_json(a3, locale):
    found = recorded(of_counts(A3, given=MONEY, gross_margin=0.4), Words(locale))
    numeric = ("name", "value", "unit", "low", "high", "n", "currency")
    for name, entry in found.items():
        assert {key: entry.get(key) for key in numeric} == {key: a3[name].get(key) for key in numeric}
    json.dumps(list(found.values()), allow_nan=False)


def test_a_number_without_words_is_an_error_that_names_the_missing_text():
    @dataclass(frozen=True)
    class Strange:
        giraffes: Count
        on: date

    with pytest.raises(KeyError, match=r"doors\.numbers\.giraffes"):
        numbers_of(Strange(3, date(2024, 1, 1)), "doors", WORDS, "zoo")


def test_numbers_of_a_result_come_in_the_order_of_its_fields():
    names = [entry["name"] for entry in numbers_of(of_counts(A3), "doors", WORDS, "")]
    places = [names.index(field.name) for field in fields(TwoDoors) if field.name in names]
    assert places == sorted(places)
