"""Profit by tenure as an input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.worth.fit import fit_retention
from toolkit.worth.retention import survival
from toolkit.worth.tenure import tenure_at_stake, value_by_profile, value_by_profile_and_fit
from toolkit.worth.value import TIMINGS, customer_value


@given(
    st.floats(1, 1000),
    st.floats(0, 0.98),
    st.floats(0.01, 0.4),
    st.sampled_from(TIMINGS),
    st.one_of(st.none(), st.integers(1, 20)),
)
def test_a_flat_profile_is_the_ordinary_value(margin, retention, discount, timing, periods):
    for profile in ([margin], [margin] * 4):
        found = value_by_profile(profile, retention, discount, timing=timing, periods=periods)
        assert found == pytest.approx(
            customer_value(margin, retention, discount, timing=timing, periods=periods), rel=1e-9
        )


@pytest.mark.parametrize("periods", [None, 2, 3, 7])
def test_a_rising_profile_is_summed_payment_by_payment(periods):
    count = periods or 3000
    paid = np.append([60.0, 90.0], np.full(3001, 120.0))
    ratio = (0.8 / 1.1) ** np.arange(3003)
    assert value_by_profile([60, 90, 120], 0.8, 0.1, periods=periods) == pytest.approx((paid * ratio)[:count].sum())
    just_paid = (paid * ratio)[1 : count + 1].sum()
    assert value_by_profile([60, 90, 120], 0.8, 0.1, timing="just_paid", periods=periods) == pytest.approx(just_paid)


def test_both_margin_and_retention_may_depend_on_tenure():
    fit = fit_retention(1000, [869, 743, 653, 593, 551, 517, 491])
    alive = survival(fit.a, fit.b, 5000)
    for profile in ([100.0], [60.0, 90.0], [60.0, 90.0, 120.0]):
        paid = np.append(profile, np.full(5001 - len(profile), profile[-1]))
        by_hand = (paid * alive * 1.1 ** -np.arange(5001.0)).sum()
        assert value_by_profile_and_fit(profile, fit, 0.1) == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize(
    ("profile", "direction"),
    [
        ([60, 90, 120], "rising"),
        ([60, 60, 80], "rising"),
        ([90, 60], "falling"),
        ([60, 60], "flat"),
        ([60], "flat"),
        ([60, 90, 70], "mixed"),
    ],
)
def test_the_direction_of_a_profile(profile, direction):
    assert tenure_at_stake(profile, 0.8, 0.1).direction == direction


def test_how_much_of_the_value_rests_on_tenure():
    stake = tenure_at_stake([60, 90, 120], 0.8, 0.1)
    assert stake.if_flat == pytest.approx(220)
    assert stake.share == pytest.approx((stake.value - 220) / stake.value)
    assert tenure_at_stake([-10, -10], 0.8, 0.1).share is None
