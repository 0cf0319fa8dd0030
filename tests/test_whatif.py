"""What-if: one assumption varied at a time, and a client with one field changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import client_text, make_client
from hypothesis import given
from hypothesis import strategies as some

from toolkit import doors
from toolkit.client import changed, load
from toolkit.finding import Refused
from toolkit.units import MONEY, RATIO, SHARE
from toolkit.whatif import Swing, swings

NUMBERS = some.floats(-1e6, 1e6)


def product(price: float, number: float) -> float:
    """An outcome of two assumptions."""
    return price * number


# swings --------------------------------------------------------------------------------------


def test_each_assumption_moves_alone_and_the_largest_swing_comes_first():
    found = swings(product, MONEY, {"price": 2, "number": 3}, {"price": (1, 3, MONEY), "number": (3, 4, RATIO)})
    assert [(swing.name, swing.low, swing.high, swing.size) for swing in found] == [
        ("price", 3, 9, 6),
        ("number", 6, 8, 2),
    ]
    assert [(swing.low_input, swing.base_input, swing.high_input) for swing in found] == [(1, 2, 3), (3, 3, 4)]
    assert [(swing.unit, swing.outcome) for swing in found] == [(MONEY, MONEY), (RATIO, MONEY)]


def test_a_swing_counts_in_size_whichever_way_it_goes():
    falling = Swing("churn", SHARE, MONEY, 0.1, 0.2, 0.3, low=500.0, high=200.0)
    assert falling.size == 300


def test_equal_swings_keep_the_order_they_were_asked_in():
    found = swings(product, MONEY, {"price": 1, "number": 1}, {"price": (1, 2, MONEY), "number": (1, 2, RATIO)})
    assert [swing.name for swing in found] == ["price", "number"]


def test_nothing_varied_is_no_swing():
    assert swings(product, MONEY, {"price": 2, "number": 3}, {}) == ()


@given(NUMBERS, NUMBERS, some.tuples(NUMBERS, NUMBERS), some.tuples(NUMBERS, NUMBERS))
def test_an_assumption_at_its_base_value_leaves_the_outcome_where_it_is(price, number, prices, numbers):
    base = {"price": price, "number": number}
    found = swings(product, MONEY, base, {"price": (price, prices[1], MONEY), "number": (*numbers, RATIO)})
    assert {swing.name for swing in found} == {"price", "number"}
    assert next(swing for swing in found if swing.name == "price").low == product(price, number)
    assert found[0].size >= found[1].size


# a client changed ----------------------------------------------------------------------------


def test_a_what_if_is_a_new_client_and_the_old_one_stays_as_it_was(tmp_path: Path):
    client = make_client(tmp_path)
    other = changed(client, {"doors.target_retention": "85%"})
    assert (client.doors.target_retention, other.doors.target_retention) == (None, 0.85)
    assert other.what_if == {"doors.target_retention": "85%"}
    assert client.what_if == {}
    assert (other.id, other.file) == (client.id, client.file)


def test_a_what_if_may_open_a_section_that_the_file_does_not_have(tmp_path: Path):
    client = make_client(tmp_path)
    assert changed(client, {"economics.gross_margin": "40%"}).economics.gross_margin == 0.4


def test_what_ifs_add_up_and_the_later_one_wins(tmp_path: Path):
    client = changed(make_client(tmp_path), {"doors.target_retention": "85%", "economics.gross_margin": 0.3})
    again = changed(client, {"doors.target_retention": "90%"})
    assert (again.doors.target_retention, again.economics.gross_margin) == (0.9, 0.3)
    assert again.what_if == {"doors.target_retention": "90%", "economics.gross_margin": 0.3}


def test_reading_with_a_what_if_and_changing_afterwards_are_the_same(tmp_path: Path):
    client = make_client(tmp_path)
    what_if = {"doors.turnover_per_customer": 1000, "doors.target_retention": "85%"}
    assert doors.results(load(client.file, what_if)) == doors.results(changed(client, what_if))


def test_a_series_and_every_other_field_survive_a_change_of_something_else(tmp_path: Path):
    series = "\n".join(
        f"[[doors.periods]]\nfrom = {year}-01-01\nto = {year}-12-31\nstart = 100\nnew = 20\nlost = 20"
        for year in (2023, 2024)
    )
    client = make_client(
        tmp_path,
        client_text(
            f'source = "boekhouding"\n{series}', address='"je"', period="{ from = 2023-01-01, to = 2024-12-31 }"
        ),
    )
    assert changed(client, {}) == client
    assert changed(client, {"doors.target_retention": 0.9}).doors.periods == client.doors.periods


@pytest.mark.parametrize(
    ("what_if", "name", "field"),
    [
        ({"doors.target_retention": 85}, "share_as_percentage", "doors.target_retention"),
        ({"doors.start": 10}, "lost_above_start", "doors"),
        ({"doors.trgt_retention": 0.8}, "misspelt_key", "doors.trgt_retention"),
        ({"zebra.stripes": 3}, "unknown_key", "zebra"),
        ({"start": 10}, "unknown_what_if", ""),
        ({"client.name.first": "An"}, "unknown_what_if", ""),
        ({"": 1}, "unknown_what_if", ""),
    ],
)
def test_a_what_if_that_does_not_fit_is_refused_like_a_line_of_the_file(tmp_path: Path, what_if, name, field):
    client = make_client(tmp_path)
    for change in (lambda: changed(client, what_if), lambda: load(client.file, what_if)):
        with pytest.raises(Refused) as caught:
            change()
        assert [(refusal.name, refusal.field) for refusal in caught.value.refusals] == [(name, field)]


def test_all_that_is_wrong_with_several_what_ifs_is_said_at_once(tmp_path: Path):
    client = make_client(tmp_path)
    with pytest.raises(Refused) as caught:
        changed(client, {"doors.target_retention": 85, "doors.turnover_per_customer": -1, "stripes": 3})
    assert {refusal.name for refusal in caught.value.refusals} == {
        "share_as_percentage",
        "out_of_bounds",
        "unknown_what_if",
    }
