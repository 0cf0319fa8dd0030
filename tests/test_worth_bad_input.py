"""What no formula answers: every line of the bad input that the three chapters must meet.

A clear refusal or an honest value each: never nan, inf or a silent zero.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.units import SHARE
from toolkit.worth import customer_value, elasticities, expected_write_off, uplift
from toolkit.worth.contracts import Contract, contract_value, for_consumers, renewal_against_churn
from toolkit.worth.lever import profit_by_year, programme_break_even
from toolkit.worth.payback import payback
from toolkit.worth.recommendation import loss_with_followers, value_of_recommended, value_with_recommending
from toolkit.worth.tenure import value_by_profile
from toolkit.worth.value import churn_over

anything = st.one_of(st.floats(), st.none(), st.text(max_size=3), st.booleans(), st.floats(-2, 3))


def new(**given_):
    return customer_value(
        **{"margin_per_period": 100, "retention": 0.8, "discount": 0.1, "timing": "not_yet_won"} | given_
    )


@pytest.mark.parametrize(
    ("call", "name", "field"),
    [
        (lambda: new(retention=1.2), "out_of_bounds", "retention"),
        (lambda: new(retention=-0.1), "out_of_bounds", "retention"),
        (lambda: new(retention=[0.8, 85]), "out_of_bounds", "retention"),
        (lambda: new(discount=-0.01), "out_of_bounds", "discount"),
        (lambda: new(retention=1, discount=0), "value_unbounded", "retention"),
        (lambda: new(growth=0.375), "growth_diverges", "growth"),
        (lambda: new(growth=0.5), "growth_diverges", "growth"),
        (lambda: new(growth=-1.5), "out_of_bounds", "growth"),
        (lambda: new(growth=1.0, retention=1.0, periods=100_000), "value_too_large", "customer_value"),
        (lambda: new(periods=0), "out_of_bounds", "periods"),
        (lambda: new(periods=2.5), "not_a_count", "periods"),
        (lambda: new(timing="average"), "not_one_of", "timing"),
        (lambda: new(margin_per_period=float("nan")), "not_a_number", "margin_per_period"),
        (lambda: new(margin_per_period=None), "not_a_number", "margin_per_period"),
        (lambda: new(margin_per_period="much"), "not_a_number", "margin_per_period"),
        (lambda: churn_over(1.3, 12), "out_of_bounds", "churn"),
        (
            lambda: elasticities(0.8, 0.1, timing="not_yet_won", margin=100, acquisition_cost=400),
            "net_value_not_positive",
            "acquisition_cost",
        ),
        (
            lambda: uplift(0.8, 0.1, points=0.05, margin=100, acquisition_cost=366.67),
            "net_value_not_positive",
            "retention",
        ),
        (lambda: uplift(0.0, 0.1, points=0.05, timing="just_paid"), "net_value_not_positive", "retention"),
        (lambda: expected_write_off(1000, -5, 0.8), "margin_negative", "margin_per_period"),
        (lambda: expected_write_off(-1, 5, 0.8), "out_of_bounds", "acquisition_cost"),
        (lambda: payback(-1, 5), "out_of_bounds", "acquisition_cost"),
        (lambda: programme_break_even(-1, 250, 100, 0.8, 0.1), "out_of_bounds", "cost"),
        (lambda: programme_break_even(1, 0, 100, 0.8, 0.1), "net_value_not_positive", "customers"),
        (lambda: profit_by_year(-1, 60, 100, 0.8), "out_of_bounds", "customers"),
        (lambda: value_of_recommended(300, 100, 1.5), "out_of_bounds", "came_anyway"),
        (lambda: value_with_recommending(100, 4, 0.5, 100, 0.0), "chain_without_end", "brought_per_period"),
        (lambda: loss_with_followers(100, 1.0), "chain_without_end", "followers"),
        (lambda: Contract(term=0, renewal_rate=0.7), "out_of_bounds", "term"),
        (lambda: Contract(term=12, renewal_rate=1.7), "out_of_bounds", "renewal_rate"),
        (lambda: contract_value(Contract(12, 1.0), 100, 0.0), "value_unbounded", "renewal_rate"),
        (lambda: contract_value(Contract(12, 0.5), 100, 0.0, months_left=13), "out_of_bounds", "months_left"),
        (lambda: for_consumers(Contract(12, 0.5), "FR"), "not_one_of", "country"),
        (lambda: renewal_against_churn(100, 120, 10), "out_of_bounds", "due"),
        (lambda: renewal_against_churn(100, 0, 0), "nothing_due", "due"),
        (lambda: value_by_profile([], 0.8, 0.1), "profile_empty", "profile"),
        (lambda: new(margin_per_period=[1, 2, 3], retention=[0.8, 0.9]), "shapes_disagree", "retention"),
        (lambda: new(retention=[0.8, 0.9], periods=[1, 2, 3]), "shapes_disagree", "periods"),
        (lambda: new(periods="many"), "not_a_number", "periods"),
        (lambda: expected_write_off([1, 2, 3], [1, 2], 0.8), "shapes_disagree", "margin_per_period"),
    ],
)
def test_bad_input_is_refused_by_name_and_field(call, name, field):
    with pytest.raises(Refused) as refused:
        call()
    assert (refused.value.refusals[0].name, refused.value.refusals[0].field) == (name, field)


def test_all_problems_are_refused_at_once():
    with pytest.raises(Refused) as refused:
        new(retention=1.2, discount=-1)
    assert [refusal.field for refusal in refused.value.refusals] == ["retention", "discount"]


def test_a_refusal_says_what_was_given_and_what_is_allowed():
    with pytest.raises(Refused) as refused:
        new(retention=np.array([0.8, 85]))
    refusal = refused.value.refusals[0]
    assert (refusal.given, refusal.values["unit"]) == (85, SHARE)


def test_honest_values_at_the_edges():
    assert new(margin_per_period=0) == 0
    assert new(margin_per_period=-1) < 0
    assert new(retention=0) == 100
    assert new(retention=1) == pytest.approx(1100)
    assert expected_write_off(0, 100, 0.8) == 0
    assert payback(100, 0).reason == "margin_not_positive"


@given(
    anything,
    anything,
    anything,
    st.sampled_from(["not_yet_won", "just_paid", "end_of_period", "renewal_due"]),
    anything,
)
def test_whatever_is_given_a_value_is_finite_or_refused(margin, retention, discount, timing, growth):
    try:
        found = customer_value(margin, retention, discount, timing=timing, growth=growth)
    except Refused as refused:
        assert all(refusal.name for refusal in refused.refusals)
    else:
        assert np.isfinite(found)


@given(anything, anything, anything, anything)
def test_whatever_is_given_a_write_off_is_finite_or_refused(cost, margin, retention, discount):
    try:
        found = expected_write_off(cost, margin, retention, discount)
    except Refused as refused:
        assert all(refusal.name for refusal in refused.refusals)
    else:
        assert np.isfinite(found) and found >= 0
