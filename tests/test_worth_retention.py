"""A retention curve that rises with tenure: GOLD §3, and what must hold for any curve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.worth.fit import fit_retention, fit_retention_from_totals
from toolkit.worth.retention import residual_value, retention_rate, survival

HIGH_END = [869, 743, 653, 593, 551, 517, 491]
REGULAR = [631, 468, 382, 326, 289, 262, 241]
TOTALS = [10_000, 18_000, 24_480, 29_787, 34_178]
places = st.tuples(st.floats(0.2, 6.0), st.floats(0.5, 20.0))


@pytest.mark.parametrize(("renewal", "expected"), [(1, 5.4144), (2, 5.9013), (3, 6.2938), (4, 6.6199), (5, 6.8967)])
def test_the_discounted_expected_residual_lifetime(renewal, expected):
    """GOLD §3: d .1, a .6681, b 3.8061, standing just before renewal 1…5."""
    assert residual_value(0.6681, 3.8061, renewal, 0.1) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("renewal", "expected"), [(1, 288.22), (2, 393.94), (5, 568.25)])
def test_the_residual_value_of_payments_of_a_hundred(renewal, expected):
    """Fader & Hardie (2010), Customer-base valuation in a contractual setting: a .764, b 1.296, d .1."""
    assert residual_value(0.764, 1.296, renewal, 0.1, 100) == pytest.approx(expected, abs=5e-3)


def test_a_curve_by_hand_has_the_survival_its_retention_makes():
    fit = fit_retention(1000, REGULAR)
    rates = fit.retention(np.arange(1, 30))
    assert fit.survival(np.arange(30)) == pytest.approx(np.append(1, np.cumprod(rates)))
    assert (np.diff(rates) > 0).all()


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 20), st.floats(0.05, 60), st.integers(1, 12), st.floats(0.02, 0.5))
def test_the_residual_value_is_the_sum_of_its_payments(a, b, renewal, discount):
    t = np.arange(renewal, renewal + 3000)
    payments = np.cumprod(retention_rate(a, b, t)) * (1 + discount) ** -(t - renewal).astype(float)
    assert residual_value(a, b, renewal, discount) == pytest.approx(payments.sum(), rel=1e-6)


def test_without_discount_the_residual_value_is_finite_only_when_everyone_leaves_soon_enough():
    t = np.arange(1, 4_000_000)
    assert residual_value(3.0, 5.0, 1, 0.0) == pytest.approx(np.cumprod(retention_rate(3.0, 5.0, t)).sum(), rel=1e-5)
    with pytest.raises(Refused) as refused:
        residual_value(0.7, 1.2, 1, 0.0)
    assert refused.value.refusals[0].name == "value_unbounded"


def test_a_base_is_worth_more_than_its_average_retention_says():
    """Fader & Hardie (2010): with a .764, b 1.296 one average rate undervalues the customers who stayed."""
    fit = fit_retention(1e9, 1e9 * survival(0.764, 1.296, 7)[1:])
    tenures = 1e4 * survival(0.764, 1.296, 4)
    assert fit.base_value(tenures, 0.1, 100) > 1.2 * fit.constant_says(tenures, 0.1, 100)
    assert fit.average_retention([0, 1]) == pytest.approx(fit.retention(2))


def test_a_new_customer_pays_at_once_and_then_is_worth_the_first_renewal():
    fit = fit_retention(1000, HIGH_END)
    assert fit.new_customer_value(0.1, 100) == pytest.approx(100 + fit.residual_value(1, 0.1, 100) / 1.1)


def test_the_interval_of_retention_narrows_with_the_number_of_customers():
    few = fit_retention(100, [x / 10 for x in HIGH_END]).retention_by_period(7)
    many = fit_retention(10_000, [x * 10 for x in HIGH_END]).retention_by_period(7)
    assert all(a.low < a.value < a.high for a in few + many)
    assert all((a.high - a.low) > 5 * (b.high - b.low) for a, b in zip(few, many, strict=True))


def test_draws_are_seeded_and_possible():
    fit = fit_retention_from_totals([10_000] * 5, TOTALS)
    a, b = fit.draws(5000, 3)
    assert (np.array(fit.draws(5000, 3)) == np.array([a, b])).all()
    assert a.shape == (5000,) and (a > 0).all() and (b > 0).all()
    assert np.median(a / (a + b)) == pytest.approx(0.2, abs=2e-3)
