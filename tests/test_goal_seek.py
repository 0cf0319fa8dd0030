"""Which assumption matters, and what would have to be true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.units import MONEY, SHARE
from toolkit.whatif import goal_seek, swings
from toolkit.worth.value import customer_value


def worth(margin, retention, discount):
    return customer_value(margin, retention, discount, timing="not_yet_won")


def test_the_widest_swing_comes_first():
    base = {"margin": 100, "retention": 0.8, "discount": 0.1}
    reach = {"discount": (0.09, 0.11, SHARE), "retention": (0.7, 0.9, SHARE), "margin": (95, 105, MONEY)}
    found = swings(worth, MONEY, base, reach)
    assert [swing.name for swing in found] == ["retention", "margin", "discount"]
    assert (found[0].low, found[0].high) == (pytest.approx(275), pytest.approx(550))


@given(st.floats(120, 1000))
def test_what_is_sought_is_found(target):
    goal = goal_seek(lambda r: worth(100, r, 0.1), target, 0, 1)
    assert worth(100, goal.value, 0.1) == pytest.approx(target, rel=1e-9)


def test_a_target_out_of_reach_says_how_far_one_gets():
    goal = goal_seek(lambda r: worth(100, r, 0.1), 2000, 0, 1)
    assert (goal.value, goal.reason) == (None, "target_above_reach")
    assert goal.highest == pytest.approx(1100)
    assert goal_seek(lambda r: worth(100, r, 0.1), 50, 0, 1).reason == "target_below_reach"


def test_inputs_that_the_model_refuses_are_passed_over():
    """At discount 0 a retention of 1 has no value; 2,000 is reached before it."""
    assert goal_seek(lambda r: worth(100, r, 0.0), 2000, 0, 1).value == pytest.approx(0.95)
    assert goal_seek(lambda r: worth(100, r, 0.0), 2000, 1, 1).value is None


def test_of_two_answers_the_nearest_is_given():
    assert goal_seek(lambda x: x * x, 4, -10, 10, near=3).value == pytest.approx(2)
    assert goal_seek(lambda x: x * x, 4, -10, 10, near=-1).value == pytest.approx(-2)


def test_a_jump_over_the_target_is_not_an_answer():
    goal = goal_seek(lambda x: 0 if x < 0.505 else 1, 0.5, 0, 1)
    assert (goal.value, goal.reason) == (None, "target_between")


def test_swapped_ends_are_an_error():
    with pytest.raises(ValueError):
        goal_seek(lambda x: x, 1, 2, 0)
