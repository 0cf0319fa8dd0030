"""When winning a customer has paid for itself, and what never comes back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.worth.payback import (
    break_even_tenure,
    expected_write_off,
    payback,
    payback_of,
    write_off_by_stay,
    write_off_with,
)
from toolkit.worth.value import customer_value


@pytest.mark.parametrize(("margin", "months"), [(100, 12.0), (80, 15.0), (65, 18.5)])
def test_months_to_earn_back_twelve_hundred(margin, months):
    """GOLD §1: on revenue, at 80 % gross margin, at 65 % contribution."""
    assert payback(1200, margin).periods == pytest.approx(months, abs=0.05)


def test_discounted_and_survival_weighted_payback_take_longer():
    """300 at 100 a year: 3 payments; at d .1: 100 + 90.909 + 82.645 = 273.554, then 26.446 of 75.131."""
    assert payback(300, 100).periods == 3
    assert payback(300, 100, discount=0.1).periods == pytest.approx(3 + 26.446 / 75.131, abs=1e-4)
    assert payback(300, 100, retention=0.8, discount=0.1).periods > payback(300, 100, discount=0.1).periods


def test_never_comes_with_its_reason():
    assert payback(400, 100, retention=0.8, discount=0.1).reason == "worth_less_than_cost"
    assert payback(100, 0).reason == "margin_not_positive"
    assert payback(100, -5).reason == "margin_not_positive"
    assert payback(2000, 100, discount=0.1).periods is None
    assert payback(200, 100, retention=0.0).reason == "worth_less_than_cost"
    assert payback(0, 100).periods == 0


@given(st.floats(1, 1e4), st.floats(1, 1e3), st.floats(0, 1), st.floats(0, 0.5))
def test_survival_weighted_payback_ends_exactly_when_value_covers_the_cost(cost, margin, retention, discount):
    endless = retention >= 1 + discount
    ceiling = np.inf if endless else customer_value(margin, retention, discount, timing="not_yet_won")
    if abs(cost / ceiling - 1) > 1e-6:
        assert (payback(cost, margin, retention=retention, discount=discount).periods is None) == (cost > ceiling)


@settings(max_examples=60)
@given(st.floats(1, 2000), st.floats(1, 500), st.floats(0.3, 1), st.floats(0, 0.3))
def test_payback_on_a_flow_is_the_same_payback(cost, margin, retention, discount):
    flow = margin * (retention / (1 + discount)) ** np.arange(3000)
    one, other = payback(cost, margin, retention=retention, discount=discount), payback_of(cost, flow)
    if one.periods is not None and one.periods < 200:
        assert other.periods == pytest.approx(one.periods, abs=1e-4)


def test_a_flow_that_ends_too_soon_does_not_pay_back_within_it():
    assert payback_of(500, [100, 100, 100]).reason == "not_within_horizon"
    assert payback_of(500, [0, 0]).reason == "margin_not_positive"


def test_break_even_tenure_counts_whole_payments():
    assert break_even_tenure(10_000, 8_000) == 2
    assert break_even_tenure(9_000, 3_000) == 3
    assert break_even_tenure(0.7, 0.1) == 7
    assert break_even_tenure(0, 100) == 0
    assert break_even_tenure(10_000, 500, 0.1) is None


@pytest.mark.parametrize(("margin", "expected"), [(8_000, 600.00), (3_000, 3_087.00)])
def test_the_expected_write_off_of_a_sleeping_customer(margin, expected):
    """GOLD §2 (A1): acquisition 10,000, r .7, undiscounted."""
    assert expected_write_off(10_000, margin, 0.7) == pytest.approx(expected, abs=5e-3)


def test_thirty_per_cent_leave_after_one_payment():
    """GOLD §2: 10,000 against 8,000 a year at r .7."""
    found = write_off_by_stay(10_000, 8_000, 0.7)
    assert (found.break_even, found.never) == (2, pytest.approx(0.3))
    assert [(s.payments, s.share, s.unrecovered) for s in found.by_stay] == [(1, pytest.approx(0.3), 2_000)]


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 5e4), st.floats(0.1, 1e4), st.floats(0, 0.995), st.floats(0, 0.5))
def test_the_closed_form_is_the_sum_over_everyones_stay(cost, margin, retention, discount):
    count = np.arange(1, 8001)
    exactly = retention ** (count - 1.0) * (1 - retention)
    missing = np.maximum(0, cost - np.cumsum(margin * (1 + discount) ** -(count - 1.0)))
    found = expected_write_off(cost, margin, retention, discount)
    assert found == pytest.approx((exactly * missing).sum(), rel=1e-6, abs=1e-6)


@given(st.floats(1, 5e4), st.floats(0.1, 1e4), st.floats(0, 1), st.floats(0, 0.5), st.floats(0.1, 10))
def test_the_write_off_scales_with_money_and_lies_between_nothing_and_the_cost(
    cost, margin, retention, discount, factor
):
    found = expected_write_off(cost, margin, retention, discount)
    assert 0 <= found <= cost
    assert expected_write_off(factor * cost, factor * margin, retention, discount) == pytest.approx(
        factor * found, rel=1e-6, abs=1e-6
    )


def test_the_rows_by_stay_add_up_to_the_write_off():
    for margin, rows in ((3_000, 12), (100, 12), (100, 3)):
        found = write_off_by_stay(10_000, margin, 0.7, rows=rows)
        assert sum(s.share * s.unrecovered for s in found.by_stay) + found.longer == pytest.approx(found.expected)


def test_limits_of_the_write_off():
    assert expected_write_off(0, 100, 0.8) == 0
    assert expected_write_off(1000, 0, 0.8) == 1000
    assert expected_write_off(1000, 0, 1.0) == 1000
    assert expected_write_off(1000, 100, 1.0) == 0
    assert expected_write_off(1000, 100, 0.0) == pytest.approx(900)
    assert expected_write_off(1000, 50, 1.0, 0.1) == pytest.approx(450)
    assert write_off_by_stay(1000, 50, 1.0, 0.1).never == 1.0


def test_the_write_off_is_vectorised():
    assert expected_write_off(10_000, np.array([8_000, 3_000]), 0.7) == pytest.approx([600, 3087])


def test_the_write_off_for_any_retention_curve():
    margins, survival = np.full(400, 3_000.0), 0.7 ** np.arange(400)
    assert write_off_with(10_000, margins, survival) == pytest.approx(3_087)
