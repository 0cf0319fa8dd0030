"""The leak: what customers who go take with them, now and at a target."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from toolkit.doors import rates
from toolkit.doors.leak import Leak, leaked, leaks, through
from toolkit.units import Estimate

RETENTION, PER_CUSTOMER = some.floats(0, 1), some.floats(0, 1e6)
CUSTOMERS, YEARS = some.integers(0, 100_000), some.integers(1, 10)


@pytest.mark.parametrize(("retention", "lost"), [(0.70, 300_000), (0.80, 200_000)])
def test_50_customers_of_20_000_lose_300_000_at_30_per_cent_churn_and_200_000_at_20(retention, lost):
    """A3's second worked example, GOLD §1: 15 and 10 of the 50 do not come back."""
    assert leaked(50, 20_000, retention, years=1, replaced=False) == pytest.approx(lost)


@pytest.mark.parametrize(("replaced", "difference"), [(False, 748_110), (True, 500_000)])
def test_over_five_years_the_difference_is_748_110_and_with_every_leaver_replaced_500_000(replaced, difference):
    """GOLD §1, undiscounted; without replacement Σ (0.8^t − 0.7^t) over t = 1…5, times a million."""
    now, then = (leaked(50, 20_000, rate, years=5, replaced=replaced) for rate in (0.70, 0.80))
    assert now - then == pytest.approx(difference)


@given(CUSTOMERS, PER_CUSTOMER, RETENTION, RETENTION, YEARS, some.booleans())
def test_more_retention_never_leaks_more(customers, each, one, other, years, replaced):
    low, high = sorted((one, other))
    more = leaked(customers, each, low, years=years, replaced=replaced)
    assert leaked(customers, each, high, years=years, replaced=replaced) <= more * (1 + 1e-12)


@given(CUSTOMERS, PER_CUSTOMER, RETENTION, YEARS, some.booleans())
def test_twice_the_money_or_twice_the_customers_leak_twice_as_much(customers, each, retention, years, replaced):
    once = leaked(customers, each, retention, years=years, replaced=replaced)
    assert leaked(customers, 2 * each, retention, years=years, replaced=replaced) == pytest.approx(2 * once)
    assert leaked(2 * customers, each, retention, years=years, replaced=replaced) == pytest.approx(2 * once)


@given(CUSTOMERS, PER_CUSTOMER, RETENTION, YEARS)
def test_leavers_who_are_not_replaced_are_missed_at_least_as_much_and_never_more_than_there_is(
    customers, each, retention, years
):
    with_, without = (leaked(customers, each, retention, years=years, replaced=replaced) for replaced in (True, False))
    everything = customers * each * years
    assert 0 <= with_ <= without * (1 + 1e-12) + 1e-9
    assert without <= everything * (1 + 1e-12)


@given(CUSTOMERS, PER_CUSTOMER, RETENTION)
def test_in_the_first_year_replacing_makes_no_difference(customers, each, retention):
    one, other = (leaked(customers, each, retention, years=1, replaced=replaced) for replaced in (True, False))
    assert one == pytest.approx(other)


@given(CUSTOMERS, PER_CUSTOMER, YEARS, some.booleans())
def test_nothing_leaks_where_everybody_stays_and_everything_where_everybody_goes(customers, each, years, replaced):
    assert leaked(customers, each, 1.0, years=years, replaced=replaced) == 0
    assert leaked(customers, each, 0.0, years=years, replaced=replaced) == pytest.approx(customers * each * years)


# the table of leaks --------------------------------------------------------------------------


def table(kept: int = 35, start: int = 50, target: float = 0.8) -> tuple[Leak, ...]:
    """A3's second example with a gross margin of 40 %."""
    return leaks(start, {"turnover": 20_000.0, "margin": 8_000.0}, rates.wilson(kept, start), target)


def test_the_table_has_one_and_five_years_with_and_without_replacement_in_turnover_and_in_margin():
    found = {(row.basis, row.years, row.replaced): row for row in table()}
    assert {key[0] for key in found} == {"turnover", "margin"}
    assert found["turnover", 1, False].now.value == pytest.approx(300_000)
    assert found["turnover", 1, False].at_target == pytest.approx(200_000)
    assert found["turnover", 5, False].saved.value == pytest.approx(748_110)
    assert found["turnover", 5, True].saved.value == pytest.approx(500_000)
    assert found["margin", 5, True].saved.value == pytest.approx(200_000)


@some.composite
def tables(draw) -> tuple[tuple[Leak, ...], Estimate, float]:
    """A table of leaks with the retention and the target behind it."""
    start = draw(some.integers(1, 10_000))
    retention = rates.wilson(draw(some.integers(0, start)), start)
    target, turnover, margin = draw(RETENTION), draw(PER_CUSTOMER), draw(some.floats(0, 1))
    return leaks(start, {"turnover": turnover, "margin": turnover * margin}, retention, target), retention, target


@given(tables())
def test_what_is_saved_is_the_leak_now_minus_the_leak_at_the_target_at_every_end_of_the_interval(drawn):
    for row in drawn[0]:
        assert row.saved.value == pytest.approx(row.now.value - row.at_target, abs=1e-6)
        assert row.saved.low == pytest.approx(row.now.low - row.at_target, abs=1e-6)
        assert row.saved.high == pytest.approx(row.now.high - row.at_target, abs=1e-6)


@given(tables())
def test_every_amount_lies_within_its_interval_and_the_sign_of_what_is_saved_is_that_of_the_step(drawn):
    found, retention, target = drawn
    for row in found:
        assert row.now.low <= row.now.value <= row.now.high
        assert row.saved.low <= row.saved.value <= row.saved.high
        if target >= retention.value:
            assert row.saved.value >= -1e-6
        else:
            assert row.saved.value <= 1e-6


@given(tables())
def test_margin_leaks_like_turnover_in_its_own_proportion(drawn):
    found = {(row.basis, row.years, row.replaced): row for row in drawn[0]}
    for (basis, years, replaced), row in found.items():
        if basis == "margin":
            assert row.now.value <= found["turnover", years, replaced].now.value * (1 + 1e-12)


# an interval carried through -----------------------------------------------------------------


def test_a_rates_interval_goes_through_what_falls_with_it_the_other_way_round():
    found = through(Estimate(0.8, 0.7, 0.9, 100), lambda rate: 1000 * (1 - rate))
    assert (found.low, found.value, found.high) == pytest.approx((100, 200, 300))
    assert (found.n, found.confidence) == (100, 0.95)
