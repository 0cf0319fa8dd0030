"""Customers by how long ago they bought: GOLD §5."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.sleepers.recency import best_contact_rule, stop_contacting_at, value_by_recency

BUYING = [0.30, 0.20, 0.15, 0.05]
chances = st.lists(st.floats(0, 0.99), min_size=1, max_size=8)


def test_four_recencies_with_cash_now_and_in_the_four_periods_after():
    """Pfeifer & Carraway (2000), Modeling customer relationships as Markov chains: cash at t = 0…4."""
    found = value_by_recency(BUYING, 40, 4, 0.2, periods=5)
    assert found == pytest.approx([50.115, 4.220, 0.592, -1.980, 0], abs=5e-4)
    assert stop_contacting_at(found) == 4


def test_four_recencies_without_end():
    """Pfeifer & Carraway (2000); GOLD §5."""
    assert value_by_recency(BUYING, 40, 4, 0.2) == pytest.approx([52.320, 5.554, 1.251, -1.820, 0], abs=5e-4)


@given(chances, st.floats(0, 1000), st.floats(0, 50), st.floats(0.02, 1))
def test_long_horizons_approach_the_value_without_end(buying, contribution, cost, discount):
    long, endless = (value_by_recency(buying, contribution, cost, discount, p) for p in (2000, None))
    assert long == pytest.approx(endless, rel=1e-6, abs=1e-6)


@given(chances, st.floats(0, 1000), st.floats(0, 50), st.floats(0, 1), st.floats(0.1, 10), st.integers(1, 30))
def test_values_scale_with_money(buying, contribution, cost, discount, factor, periods):
    one = value_by_recency(buying, contribution, cost, discount, periods)
    more = value_by_recency(buying, factor * contribution, factor * cost, discount, periods)
    assert more == pytest.approx(factor * one, rel=1e-9, abs=1e-9)


def test_one_moment_of_cash_is_the_cash_itself():
    assert value_by_recency(BUYING, 40, 4, 0.2, periods=1).tolist() == [36, -4, -4, -4, 0]


@given(chances, st.floats(0, 1000), st.floats(0, 50), st.floats(0.02, 1))
def test_the_contact_rule_is_as_good_as_choosing_anew_in_every_state(buying, contribution, cost, discount):
    """Against value iteration: in every state contact or let go, whichever is worth more."""
    value = np.zeros(len(buying) + 1)
    for _ in range(1500):
        onward = [(p * value[0] + (1 - p) * value[i + 1]) / (1 + discount) - cost for i, p in enumerate(buying)]
        new = np.append(np.maximum(onward, 0.0), 0.0)
        new[0] += contribution
        value = new
    assert best_contact_rule(buying, contribution, cost, discount).values[0] == pytest.approx(
        value[0], rel=1e-6, abs=1e-6
    )


def test_letting_the_oldest_go_makes_everyone_else_worth_more():
    rule = best_contact_rule(BUYING, 40, 4, 0.2)
    assert rule.last_recency == 3 and rule.gain > 0
    assert (rule.values[:3] >= value_by_recency(BUYING, 40, 4, 0.2)[:3]).all()


def test_contact_that_never_pays_is_never_made():
    assert best_contact_rule([0.01, 0.01], 10, 5, 0.1).last_recency == 0
    assert stop_contacting_at([3.0, 1.0, 0.0]) is None


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        (([1.2], 40, 4, 0.2), "out_of_bounds"),
        (([-0.1], 40, 4, 0.2), "out_of_bounds"),
        (([0.3], 40, 4, -0.2), "out_of_bounds"),
        (([1.0], 40, 4, 0.0), "value_unbounded"),
        (([], 40, 4, 0.2), "profile_empty"),
        (([0.3], 40, 4, 0.2, 0), "out_of_bounds"),
        (([0.3], float("inf"), 4, 0.2), "not_a_number"),
        (([0.3], [40, 50], 4, 0.2), "not_a_number"),
        (([[0.3, 0.2], [0.2, 0.1]], 40, 4, 0.2), "not_a_list"),
    ],
)
def test_chances_and_rates_that_cannot_be_are_refused(given_, name):
    with pytest.raises(Refused) as refused:
        value_by_recency(*given_)
    assert refused.value.refusals[0].name == name


def test_nothing_brought_and_nothing_spent_is_worth_nothing_without_a_sign():
    assert str(value_by_recency([0.3, 0.2], 0, 0, 0.1).tolist()) == "[0.0, 0.0, 0.0]"


def test_without_discount_the_value_is_finite_as_long_as_everyone_can_be_lost():
    assert np.isfinite(value_by_recency([0.5, 0.5], 40, 4, 0.0)).all()
