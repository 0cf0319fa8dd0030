"""Recommendations, and leavers who start others leaving."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.worth.recommendation import loss_with_followers, value_of_recommended, value_with_recommending


def test_who_would_have_come_anyway_only_saves_what_winning_costs():
    assert value_of_recommended(366.67, 120, 0.0) == pytest.approx(366.67)
    assert value_of_recommended(366.67, 120, 1.0) == pytest.approx(120)
    assert value_of_recommended(366.67, 120, 0.5, reward=10) == pytest.approx(233.335)


@given(st.floats(0, 0.25), st.floats(0, 1))
def test_a_chain_of_recommendations_is_summed_to_its_end(brought, anyway):
    """Generation by generation: each customer brings M·n(1−p) others who are worth as much again."""
    multiple, margin, cost = 11 / 3, 100.0, 120.0
    if multiple * brought * (1 - anyway) > 0.9:
        return
    found = value_with_recommending(margin, multiple, brought, cost, anyway).with_recommending
    generation = multiple * brought * (1 - anyway)
    by_hand = sum(generation**k for k in range(2000)) * multiple * (margin + brought * anyway * cost)
    assert found == pytest.approx(by_hand, rel=1e-9)


def test_nobody_recommends_nothing_is_added():
    found = value_with_recommending(100, 3, 0.0, 120, 0.5)
    assert (found.alone, found.from_recommending) == (300, 0)


def test_a_leaver_who_takes_one_in_five_along_costs_a_quarter_more():
    assert loss_with_followers(266.67, 0.2) == pytest.approx(266.67 * 1.25)
    assert loss_with_followers(np.array([100.0, 200.0]), 0.5, recommending=10) == pytest.approx([220, 420])
