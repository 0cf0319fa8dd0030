"""Ranges, counts and what they leave open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from toolkit.finding import Refused
from toolkit.units import MONEY, SHARE
from toolkit.whatif import swings
from toolkit.worth.uncertainty import Counted, Range, carried, centre, draw, ranks, reach
from toolkit.worth.value import customer_value

RANKS = (np.arange(10_000) + 0.5) / 10_000


def residual(margin, retention, discount=0.1):
    return customer_value(margin, retention, discount, timing="just_paid")


@settings(max_examples=60)
@given(st.floats(0.1, 1e5), st.floats(1.01, 20), st.one_of(st.none(), st.floats(0, 1)))
def test_low_and_high_are_the_tenth_and_ninetieth_percentile(low, factor, place):
    high = low * factor
    likely = None if place is None else min(low + place * (high - low), high)
    given_range = Range(low, high, likely)
    assert given_range.quantile(np.array([0.1, 0.9])) == pytest.approx([low, high], rel=1e-9)
    assert (given_range.quantile(RANKS) >= 0).all()


@settings(max_examples=40)
@given(st.floats(0.02, 0.98), st.floats(0.005, 0.9))
def test_a_share_stays_a_share(low, width):
    high = low + width * (0.999 - low)
    drawn = Range(low, high, scale="share").quantile(RANKS)
    assert ((drawn > 0) & (drawn < 1)).all()


def test_the_likeliest_value_is_the_mode_where_it_fits():
    drawn = Range(80, 125, likely=90).quantile(RANKS)
    counts, edges = np.histogram(drawn, 40)
    assert edges[counts.argmax()] <= 94 and edges[counts.argmax() + 1] >= 86
    assert Range(80, 125, likely=90).kind == "pert"


def test_a_likeliest_value_that_would_need_negative_money_gives_way_to_a_lognormal():
    assert Range(1, 100, likely=30).kind == "lognormal"
    assert Range(-0.02, 0.05, scale="free").kind == "normal"
    assert Range(5, 5).kind == "fixed"


def test_retention_from_a_count_follows_its_beta_distribution():
    """Beta(k+½, n−k+½) for 200 of 250; 10,000 ranks against scipy.stats."""
    assert Counted(200, 250).quantile(RANKS) == pytest.approx(beta(200.5, 50.5).ppf(RANKS), abs=1e-6)
    assert Counted(0, 20).quantile(RANKS) == pytest.approx(beta(0.5, 20.5).ppf(RANKS), abs=2e-6)


def test_the_same_seed_and_name_give_the_same_draws_whatever_else_is_unsure():
    one = draw({"margin": Range(80, 125)}, n=500, seed=4)
    two = draw({"cost": Range(1, 2), "margin": Range(80, 125)}, n=500, seed=4)
    assert (one["margin"] == two["margin"]).all()
    assert (ranks("margin", 500, 4) != ranks("cost", 500, 4)).any()
    assert (ranks("margin", 500, 4) != ranks("margin", 500, 5)).any()


def test_every_draw_of_a_better_scenario_is_better():
    """Common random numbers: with the same ranks a higher range wins draw by draw."""
    base = draw({"margin": Range(80, 125)}, n=2000)["margin"]
    better = draw({"margin": Range(90, 140)}, n=2000)["margin"]
    assert (better > base).all()


def test_an_estimate_lies_within_its_range_and_known_inputs_leave_none():
    unsure = carried(residual, {"margin": Range(80, 125), "retention": Counted(200, 250)})
    assert unsure.low < unsure.value < unsure.high
    known = carried(residual, {"margin": 100.0, "retention": 0.8})
    assert (known.low, known.value, known.high) == pytest.approx((266.667,) * 3, abs=5e-4)


def test_the_range_of_one_input_is_carried_exactly():
    """A value proportional to the margin: P10 and P90 of the value are those of the margin times 2.6667."""
    found = carried(residual, {"margin": Range(80, 125), "retention": 0.8})
    assert (found.low, found.high) == pytest.approx((80 * 8 / 3, 125 * 8 / 3), rel=1e-3)


def test_a_wider_confidence_gives_a_wider_range():
    inputs = {"margin": Range(80, 125), "retention": Counted(200, 250)}
    assert carried(residual, inputs, confidence=0.95).high > carried(residual, inputs).high


def test_a_tornado_moves_every_unsure_input_to_its_ends():
    inputs = {"margin": Range(80, 125), "retention": Counted(200, 250), "discount": 0.1}
    found = swings(residual, MONEY, centre(inputs), reach(inputs, {"margin": MONEY, "retention": SHARE}))
    assert {swing.name for swing in found} == {"margin", "retention"}
    margin = next(swing for swing in found if swing.name == "margin")
    assert (margin.low, margin.high) == pytest.approx((80 * 8 / 3, 125 * 8 / 3))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Range(125, 80), "range_swapped"),
        (lambda: Range(80, 125, likely=130), "likely_outside_range"),
        (lambda: Range(0, 125), "range_not_possible"),
        (lambda: Range(-5, 125), "range_not_possible"),
        (lambda: Range(0.5, 1.0, scale="share"), "range_not_possible"),
        (lambda: Range(float("nan"), 2), "not_a_number"),
        (lambda: Range(1, 2, scale="odd"), "not_one_of"),
        (lambda: Counted(300, 250), "out_of_bounds"),
        (lambda: Counted(0, 0), "out_of_bounds"),
    ],
)
def test_ranges_that_cannot_be_are_refused(make, name):
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.refusals[0].name == name
