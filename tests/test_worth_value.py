"""A customer's value at constant retention: GOLD §2 to the digit, and what must hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.worth.value import (
    TIMINGS,
    churn_over,
    continuous_discount,
    customer_value,
    discount_over,
    elasticities,
    geometric_sum,
    margin_multiple,
    retention_over,
)

timings = st.sampled_from(TIMINGS)
margins = st.floats(0.01, 1e6)
retentions = st.floats(0, 0.99)
discounts = st.floats(0.001, 0.5)


def value(timing, **given):
    return customer_value(**{"margin_per_period": 100, "retention": 0.8, "discount": 0.1, "timing": timing} | given)


@pytest.mark.parametrize(
    ("timing", "expected"),
    [("not_yet_won", 366.667), ("just_paid", 266.667), ("end_of_period", 333.333), ("renewal_due", 293.333)],
)
def test_the_four_moments_of_one_customer(timing, expected):
    """Fader & Hardie (2012), Reconciling and clarifying CLV formulas; m 100, r .8, d .1."""
    assert value(timing) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("timing", "five", "endless"),
    [("not_yet_won", 2.9206, 3.6667), ("just_paid", 2.1241, 2.6667), ("end_of_period", 2.6551, 3.3333)],
)
def test_five_payments_against_payments_without_end(timing, five, endless):
    """Fader & Hardie (2012), m 1."""
    assert value(timing, margin_per_period=1, periods=5) == pytest.approx(five, abs=5e-5)
    assert value(timing, margin_per_period=1) == pytest.approx(endless, abs=5e-5)


@pytest.mark.parametrize(
    ("timing", "expected"), [("not_yet_won", 423.0769), ("just_paid", 323.0769), ("end_of_period", 384.6154)]
)
def test_a_margin_that_grows_five_per_cent_a_year(timing, expected):
    """GOLD §2: payment t is m(1+g)^t discounted at d; g .05."""
    assert value(timing, growth=0.05) == pytest.approx(expected, abs=5e-5)


def test_with_growth_renewal_due_is_just_paid_one_period_on():
    """GOLD §2: renewal due = (1+d) × just paid = 1.1 × 323.0769."""
    assert value("renewal_due", growth=0.05) == pytest.approx(355.3846, abs=5e-5)


def test_ameritrade_with_a_yearly_retention_and_discount_turned_into_quarters():
    """Gupta, Lehmann & Stuart (2004), Valuing customers: quarterly margin 50.39; GOLD §2: 1,249.75."""
    quarter = value(
        "not_yet_won",
        margin_per_period=50.39,
        retention=retention_over(0.95, 1 / 4),
        discount=discount_over(0.12, 1 / 4),
    )
    assert quarter == pytest.approx(1249.75, abs=5e-3)


@pytest.mark.parametrize(
    ("retention", "row"),
    [
        (0.6, [1.20, 1.15, 1.11, 1.07]),
        (0.7, [1.75, 1.67, 1.59, 1.52]),
        (0.8, [2.67, 2.50, 2.35, 2.22]),
        (0.9, [4.50, 4.09, 3.75, 3.46]),
    ],
)
def test_the_margin_multiple_of_gupta_and_lehmann(retention, row):
    """Gupta & Lehmann (2003), Customers as assets, table for discounts of 10, 12, 14 and 16 per cent."""
    assert margin_multiple(retention, np.array([0.10, 0.12, 0.14, 0.16])) == pytest.approx(row, abs=5.0001e-3)


@pytest.mark.parametrize(("retention", "residual", "new"), [(0.7, 2.75, 1.75), (0.8, 3.667, 2.667), (0.9, 5.5, 4.5)])
def test_the_elasticity_of_value_to_retention(retention, residual, new):
    """GOLD §2, d .1: residual / not yet won."""
    assert elasticities(retention, 0.1, timing="just_paid").retention == pytest.approx(residual, abs=5e-4)
    assert elasticities(retention, 0.1, timing="not_yet_won").retention == pytest.approx(new, abs=5e-4)


@pytest.mark.parametrize("share", [0.07, 0.03, 0.32, 0.08, 0.02])
def test_the_five_firms_margin_elasticity_less_cost_elasticity_is_one(share):
    """Gupta, Lehmann & Stuart (2004): 1.07−.07, 1.03−.03, 1.32−.32, 1.08−.08, 1.02−.02."""
    cost = value("not_yet_won") * share / (1 + share)
    found = elasticities(0.8, 0.1, timing="not_yet_won", margin=100, acquisition_cost=cost)
    assert found.margin == pytest.approx(1 + share)
    assert found.acquisition_cost == pytest.approx(-share)


@given(retentions, discounts, margins, st.floats(0, 0.999))
def test_margin_elasticity_and_cost_elasticity_always_make_exactly_one(retention, discount, margin, part):
    cost = part * customer_value(margin, retention, discount, timing="not_yet_won")
    found = elasticities(retention, discount, timing="not_yet_won", margin=margin, acquisition_cost=cost)
    assert found.margin - abs(found.acquisition_cost) == 1


@given(st.floats(0.05, 0.95), st.floats(0.01, 0.4), timings, st.floats(-0.1, 0.04))
def test_elasticities_are_the_derivatives_they_claim_to_be(retention, discount, timing, growth):
    if retention * (1 + growth) > 0.97 * (1 + discount):
        return
    how = {"timing": timing, "growth": growth}
    found = elasticities(retention, discount, **how)
    up, down = 1 + 1e-6, 1 - 1e-6
    base = customer_value(1, retention, discount, **how)
    by_retention = customer_value(1, retention * up, discount, **how) - customer_value(
        1, retention * down, discount, **how
    )
    by_discount = customer_value(1, retention, discount * up, **how) - customer_value(
        1, retention, discount * down, **how
    )
    assert found.retention == pytest.approx(by_retention / base / 2e-6, rel=1e-5, abs=1e-7)
    assert found.discount == pytest.approx(by_discount / base / 2e-6, rel=1e-5, abs=1e-7)


@given(margins, retentions, discounts)
def test_the_identities_between_the_four_moments(margin, retention, discount):
    first, second, third, fourth = (customer_value(margin, retention, discount, timing=timing) for timing in TIMINGS)
    assert first == pytest.approx(second + margin, rel=1e-9)
    assert first == pytest.approx((1 + discount) * third, rel=1e-12)
    assert fourth == pytest.approx((1 + discount) * second, rel=1e-12)


@given(margins, retentions, discounts, timings, st.integers(1, 400), st.floats(-0.5, 0.05))
def test_the_closed_form_is_the_sum_of_its_payments(margin, retention, discount, timing, periods, growth):
    ratio = retention * (1 + growth) / (1 + discount)
    payments = margin * ratio ** np.arange(1, periods + 1)
    plain = {
        "just_paid": payments.sum(),
        "renewal_due": payments.sum() * (1 + discount),
        "not_yet_won": margin * (ratio ** np.arange(periods)).sum(),
        "end_of_period": margin * (ratio ** np.arange(periods)).sum() / (1 + discount),
    }
    found = customer_value(margin, retention, discount, timing=timing, growth=growth, periods=periods)
    assert found == pytest.approx(plain[timing], rel=1e-9, abs=1e-12)


@given(margins, retentions, discounts, timings, st.floats(0.01, 100))
def test_value_scales_with_money(margin, retention, discount, timing, factor):
    more = customer_value(factor * margin, retention, discount, timing=timing)
    assert more == pytest.approx(factor * customer_value(margin, retention, discount, timing=timing), rel=1e-12)


@given(st.floats(0.01, 100), st.floats(0, 0.99), st.floats(0.001, 0.5), st.integers(1, 10))
def test_a_month_model_equals_the_year_model_at_whole_years(margin, retention, discount, years):
    monthly = retention_over(retention, 1 / 12), discount_over(discount, 1 / 12)
    a_year = customer_value(margin, *monthly, timing="not_yet_won", periods=12)
    by_month = customer_value(margin, *monthly, timing="not_yet_won", periods=12 * years)
    assert by_month == pytest.approx(customer_value(a_year, retention, discount, timing="not_yet_won", periods=years))
    endless = customer_value(margin, *monthly, timing="not_yet_won")
    assert endless == pytest.approx(customer_value(a_year, retention, discount, timing="not_yet_won"))


def test_limits_nobody_stays_everybody_stays_and_money_costs_nothing():
    assert value("not_yet_won", retention=0) == 100
    assert value("just_paid", retention=0) == 0
    assert value("just_paid", retention=1) == pytest.approx(1000)
    assert value("not_yet_won", discount=0) == pytest.approx(500)
    assert value("not_yet_won", retention=1, discount=0, periods=4) == 400
    assert value("not_yet_won", margin_per_period=0) == 0
    assert value("not_yet_won", margin_per_period=-100) == pytest.approx(-366.667, abs=5e-4)


def test_growth_beyond_the_discount_is_finite_when_payments_are_counted():
    """Ratio exactly 1: three equal payments; ratio above 1: 1 + 2 + 4."""
    assert value("not_yet_won", retention=1, growth=0.1, periods=3) == pytest.approx(300)
    assert value("not_yet_won", margin_per_period=1, retention=1, discount=0, growth=1, periods=3) == pytest.approx(7)


def test_values_are_vectorised_and_broadcast():
    grid = customer_value(np.array([[100.0], [200.0]]), [0.7, 0.8, 0.9], 0.1, timing="not_yet_won")
    assert grid.shape == (2, 3)
    assert grid[1] == pytest.approx(2 * grid[0])
    assert isinstance(value("just_paid"), float)


@pytest.mark.parametrize(("monthly", "yearly"), [(0.01, 0.1136), (0.02, 0.2153), (0.03, 0.3062), (0.05, 0.4596)])
def test_monthly_churn_over_a_year(monthly, yearly):
    """GOLD §1: 1−(1−c)^12."""
    assert churn_over(monthly, 12) == pytest.approx(yearly, abs=5e-5)
    assert churn_over(churn_over(monthly, 12), 1 / 12) == pytest.approx(monthly)


def test_a_yearly_discount_by_the_month_and_by_the_moment():
    """GOLD §1: .7974 % a month, 9.531 % continuous."""
    assert discount_over(0.10, 1 / 12) == pytest.approx(0.007974, abs=5e-7)
    assert continuous_discount(0.10) == pytest.approx(0.09531, abs=5e-6)


@given(st.floats(0, 1.2), st.integers(0, 60))
def test_a_geometric_sum_is_the_sum_of_its_terms(ratio, terms):
    assert float(geometric_sum(ratio, terms)) == pytest.approx((ratio ** np.arange(terms)).sum(), rel=1e-9)


def test_a_geometric_sum_is_exact_next_to_one():
    assert float(geometric_sum(1 + 1e-13, 1000)) == pytest.approx(1000, rel=1e-9)
    assert float(geometric_sum(1 - 1e-13, 1000)) == pytest.approx(1000, rel=1e-9)
