"""What points of retention do, and what a programme must bring."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.whatif import goal_seek
from toolkit.worth.lever import (
    against_band,
    cost_for_uplift,
    lever,
    profit_by_year,
    programme_break_even,
    retention_for_uplift,
    uplift,
)
from toolkit.worth.value import customer_value


@pytest.mark.parametrize(
    ("retention", "new", "residual"),
    [(0.5, 9.1, 20.0), (0.6, 11.1, 20.4), (0.7, 14.3, 22.4), (0.8, 20.0, 27.5), (0.85, 25.0, 32.4), (0.9, 33.3, 40.7)],
)
def test_five_points_more_retention(retention, new, residual):
    """GOLD §2: d 10 %, no acquisition cost, per cent; half a unit of the last digit."""
    assert 100 * uplift(retention, 0.1, points=0.05) == pytest.approx(new, abs=0.05)
    assert 100 * uplift(retention, 0.1, points=0.05, timing="just_paid") == pytest.approx(residual, abs=0.05)


def test_five_per_cent_more_retention_at_eighty():
    """GOLD §2: to 84 %: +15.4 / +21.2 %."""
    assert 100 * uplift(0.8, 0.1, per_cent=0.05) == pytest.approx(15.4, abs=0.05)
    assert 100 * uplift(0.8, 0.1, per_cent=0.05, timing="just_paid") == pytest.approx(21.2, abs=0.05)


def test_the_lever_is_longer_when_winning_costs_money():
    assert uplift(0.8, 0.1, points=0.05, margin=100, acquisition_cost=200) == pytest.approx(
        73.3333 / 166.6667, rel=1e-5
    )


def test_the_curve_stops_where_retention_would_pass_one_or_value_its_bounds():
    curve = lever(100, 0.9, 0.0, np.linspace(-0.2, 0.2, 5))
    assert curve.points.tolist() == pytest.approx([-0.2, -0.1, 0.0])
    assert curve.uplift[2] == pytest.approx(0.0)
    assert curve.value[2] == pytest.approx(customer_value(100, 0.9, 0.0, timing="not_yet_won"))


def test_retention_above_one_is_not_clipped_but_refused():
    with pytest.raises(Refused) as refused:
        uplift(0.97, 0.1, points=0.05)
    assert refused.value.refusals[0].name == "retention_out_of_reach"


def test_a_figure_stands_below_inside_or_above_a_published_band():
    assert [against_band(x, 0.20, 0.85) for x in (0.1, 0.2, 0.5, 0.85, 0.9)] == [
        "below",
        "inside",
        "inside",
        "inside",
        "above",
    ]


@given(st.floats(0.02, 0.9))
def test_the_retention_that_makes_a_claim_true_does_make_it_true(claim):
    goal = retention_for_uplift(claim, 0.1, points=0.05)
    if goal.value is None:
        assert not goal.lowest <= claim <= goal.highest
    else:
        assert uplift(goal.value, 0.1, points=0.05) == pytest.approx(claim, abs=1e-8)


def test_a_claim_that_no_retention_makes_true_is_answered_with_how_far_one_gets():
    """At 95 % five points more is already everybody: the uplift cannot reach 85 per cent at d 10 %."""
    goal = retention_for_uplift(0.85, 0.1, points=0.05)
    assert goal.value is None
    assert goal.reason == "target_above_reach"
    assert goal.highest == pytest.approx(0.5, abs=1e-3)


def test_what_winning_would_have_to_cost_for_a_claim_to_be_true():
    cost = cost_for_uplift(0.85, 100, 0.8, 0.1, points=0.05)
    assert uplift(0.8, 0.1, points=0.05, margin=100, acquisition_cost=cost) == pytest.approx(0.85)
    assert cost_for_uplift(0.10, 100, 0.8, 0.1, points=0.05) is None


def test_yearly_profit_settles_where_as_many_leave_as_are_won():
    """60 won a year at 80 %: 300 customers in the end, at 85 % 400: a third more margin."""
    profits = profit_by_year(250, 60, 100, np.array([0.8, 0.85]), years=200)
    assert profits[:, -1] == pytest.approx([30_000, 40_000])
    assert profits[0, :2] == pytest.approx([26_000, 26_800])


def test_winning_and_fixed_costs_come_off_the_profit():
    assert profit_by_year(250, 60, 100, 0.8, cost_to_win=120, fixed_costs=5_000, years=1) == pytest.approx([13_800])


def test_a_programme_breaks_even_in_four_ways():
    """250 customers, margin 100, r .8, d .1, programme 10,000: 10,000 / (250 × 366.667) points once."""
    found = programme_break_even(10_000, 250, 100, 0.8, 0.1, cost_to_win=120)
    assert found.points_once == pytest.approx(0.109091, abs=5e-7)
    assert found.new_customers == pytest.approx(10_000 / 246.6667, rel=1e-6)
    assert found.margin == pytest.approx(10_000 / (250 * 2.933333), rel=1e-6)

    def gain(points):
        return 250 * (customer_value(100, 0.8 + points, 0.1, timing="renewal_due") - 293.33333333333337)

    assert found.points_lasting == pytest.approx(goal_seek(gain, 10_000, 0, 0.2).value, rel=1e-9)


def test_a_programme_that_nothing_can_pay_for_says_so():
    dear = programme_break_even(1e9, 250, 100, 0.8, 0.1, cost_to_win=400)
    assert (dear.points_once, dear.points_lasting, dear.new_customers) == (None, None, None)
    assert programme_break_even(100, 250, 0, 0.8, 0.1).points_once is None
    assert programme_break_even(100, 250, 100, 0.0, 0.1).margin is None
