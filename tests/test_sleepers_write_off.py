"""The write-off of customers who fell asleep."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.sleepers.write_off import (
    by_window,
    call_first,
    expected_reactivation,
    payback_curve,
    waterfall,
    write_off_by,
)

CUSTOMERS = pd.DataFrame(
    {
        "cohort": ["2023", "2023", "2023", "2024", "2024"],
        "channel": ["fair", "shop", "fair", "shop", "shop"],
        "state": ["asleep", "lost", "awake", "asleep", "asleep"],
        "customers": 1,
        "gross_margin": [40.0, 130.0, 900.0, 0.0, 25.0],
    }
)


def test_what_one_customer_earned_beyond_his_cost_does_not_make_up_for_another():
    """Cost 100: asleep 60 + 100 + 75 written off, lost 0 although 130 was earned."""
    found = waterfall(CUSTOMERS, 100.0)
    assert (found.spent, found.earned_back_asleep, found.earned_back_lost) == (400, 65, 100)
    assert (found.written_off_asleep, found.written_off_lost) == (235, 0)


def test_asleep_and_lost_are_shown_apart_by_cohort():
    found = write_off_by(CUSTOMERS, 100.0)
    assert found.loc["2023", ["won", "asleep", "lost"]].tolist() == [3, 1, 1]
    assert found["asleep_written_off"].tolist() == [60, 175]
    assert found["lost_written_off"].tolist() == [0, 0]


def test_by_channel_with_a_cost_of_its_own():
    found = write_off_by(CUSTOMERS, {"fair": 200.0, "shop": 50.0}, by="channel")
    assert found["asleep_written_off"].to_dict() == {"fair": 160, "shop": 75}


@given(
    st.lists(st.tuples(st.sampled_from(["awake", "asleep", "lost"]), st.floats(-50, 500)), min_size=1),
    st.floats(0, 300),
)
def test_the_waterfall_adds_up(people, cost):
    groups = pd.DataFrame(people, columns=["state", "gross_margin"]).assign(cohort=1, customers=1)
    found = waterfall(groups, cost)
    earned = found.earned_back_asleep + found.earned_back_lost
    assert found.spent - earned == pytest.approx(found.written_off, abs=1e-6)
    assert 0 <= found.written_off <= found.spent + 1e-9
    assert found.spent == pytest.approx((found.asleep + found.lost) * cost)


def test_nobody_asleep_writes_nothing_off():
    awake = CUSTOMERS.assign(state="awake")
    assert waterfall(awake, 100.0).written_off == 0
    assert write_off_by(awake, 100.0)["asleep"].sum() == 0


def test_the_write_off_by_choice_of_window():
    found = by_window({90: CUSTOMERS, 180: CUSTOMERS[CUSTOMERS["cohort"] == "2023"]}, 100.0)
    assert found["written_off"].to_dict() == {90: 235, 180: 60}


def test_the_payback_curve_averages_the_cohorts_that_are_old_enough():
    ages = pd.DataFrame(
        {"age": [1, 2, 3, 1, 2, 1], "won": [10, 10, 10, 30, 30, 60], "gross_margin": [500.0, 300, 100, 1500, 900, 3000]}
    )
    curve, back = payback_curve(ages, 85.0)
    assert curve["cumulative"].tolist() == pytest.approx([50, 80, 90])
    assert back.periods == pytest.approx(2.5)
    assert payback_curve(ages, 500.0)[1].reason == "not_within_horizon"


def test_only_who_would_not_have_woken_anyway_counts():
    """200 asleep, 10 % wake when called, 4 % without: 12 at 90, less 200 calls of 4."""
    found = expected_reactivation(200, 0.10, 90, 4, chance_anyway=0.04)
    assert found.gain == pytest.approx(12 * 90 - 800)
    assert found.break_even_chance == pytest.approx(0.04 + 4 / 90)
    assert expected_reactivation(200, 0.04, 90, 4, chance_anyway=0.04).gain == -800
    assert expected_reactivation(200, 0.1, 3, 4).break_even_chance is None
    assert expected_reactivation(200, 0.1, 0, 4).break_even_chance is None


def test_who_brings_most_per_euro_of_contact_is_called_first():
    groups = pd.DataFrame(
        {
            "customers": [100, 50, 20, 10],
            "chance": [0.05, 0.2, 0.1, 0.3],
            "worth": [100.0, 100, 100, 10],
            "contact_cost": [4.0, 10, 2, 5],
        }
    )
    found = call_first(groups)
    assert found.index.tolist() == [2, 1, 0, 3]
    assert found["call"].tolist() == [True, True, True, False]
    assert call_first(groups, budget=600)["call"].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: waterfall(CUSTOMERS.assign(state="gone"), 100.0), "not_one_of"),
        (lambda: waterfall(CUSTOMERS, -1.0), "out_of_bounds"),
        (lambda: waterfall(CUSTOMERS, {"fair": 1.0}), "channel_without_cost"),
        (lambda: payback_curve(pd.DataFrame({"age": [1], "won": [0], "gross_margin": [0.0]}), 10), "nobody_won"),
        (lambda: expected_reactivation(10, 1.4, 90, 4), "out_of_bounds"),
    ],
)
def test_frames_and_inputs_that_cannot_be_are_refused(call, name):
    with pytest.raises(Refused) as refused:
        call()
    assert refused.value.refusals[0].name == name


def test_with_no_cost_to_win_there_is_nothing_to_write_off():
    assert waterfall(CUSTOMERS, 0.0).written_off == 0
