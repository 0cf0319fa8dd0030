"""Rates of a counted group, against published figures and against what must always hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from toolkit.doors import rates

SHARES = some.floats(0, 1)
INNER = some.floats(0.01, 0.99)


@some.composite
def counted(draw, least: int = 1, most: int = 100_000) -> tuple[int, int]:
    """(kept, start) of a group."""
    start = draw(some.integers(least, most))
    return draw(some.integers(0, start)), start


# retention and its interval ------------------------------------------------------------------


def test_250_customers_of_whom_200_stayed_is_80_per_cent_between_74_6_and_84_5():
    """A3's first worked example; the interval is Wilson's (1927), GOLD §1."""
    found = rates.wilson(200, 250)
    assert found.value == 0.8
    assert (round(found.low, 3), round(found.high, 3)) == (0.746, 0.845)
    assert (found.n, found.confidence) == (250, 0.95)


def test_81_of_263_has_the_interval_that_newcombe_prints():
    """Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3: 81/263 .2553–.3662, 15/148 .0624–.1605,
    0/20 .0000–.1611, 1/29 .0061–.1718."""
    printed = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for counts, ends in printed.items():
        found = rates.wilson(*counts)
        assert (round(found.low, 4), round(found.high, 4)) == ends


def test_nobody_left_and_nobody_stayed_have_an_interval_that_reaches_its_end_exactly():
    assert rates.wilson(30, 30).high == 1.0
    assert rates.wilson(0, 30).low == 0.0


@pytest.mark.parametrize("counts", [(0, 0), (1, 0), (5, 4), (-1, 4)])
def test_what_is_no_share_is_an_error(counts):
    with pytest.raises(ValueError, match="is not a share"):
        rates.wilson(*counts)


@given(counted(), some.floats(0.5, 0.999))
def test_the_interval_lies_within_nothing_and_everything_and_contains_the_share(counts, confidence):
    found = rates.wilson(*counts, confidence)
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(counted())
def test_the_interval_of_those_who_left_is_that_of_those_who_stayed_turned_round(counts):
    kept, start = counts
    stayed, left = rates.wilson(kept, start), rates.wilson(start - kept, start)
    assert left.low == pytest.approx(1 - stayed.high, abs=1e-12)
    assert left.high == pytest.approx(1 - stayed.low, abs=1e-12)


@given(counted(most=1000), some.integers(2, 50))
def test_more_customers_at_the_same_share_never_widen_the_interval(counts, times):
    kept, start = counts
    few, many = rates.wilson(kept, start), rates.wilson(kept * times, start * times)
    assert many.high - many.low <= few.high - few.low + 1e-12


@given(counted(), some.floats(0.5, 0.9))
def test_more_confidence_never_narrows_the_interval(counts, confidence):
    some_, more = rates.wilson(*counts, confidence), rates.wilson(*counts, confidence + 0.09)
    assert more.low <= some_.low + 1e-12
    assert more.high >= some_.high - 1e-12


# the difference of two years -----------------------------------------------------------------


def test_the_difference_of_56_of_70_and_48_of_80_has_the_interval_that_newcombe_prints():
    """Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10; 9/10 − 3/10 is .1705–.8090."""
    for one, other, ends in (((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090))):
        found = rates.difference(rates.wilson(*one), rates.wilson(*other))
        assert (round(found.low, 4), round(found.high, 4)) == ends


@given(counted(), counted())
def test_a_difference_lies_within_its_interval_and_turns_round_with_its_years(one, other):
    later, earlier = rates.wilson(*one), rates.wilson(*other)
    forth, back = rates.difference(later, earlier), rates.difference(earlier, later)
    assert -1 <= forth.low <= forth.value <= forth.high <= 1
    assert (forth.value, forth.low) == pytest.approx((-back.value, -back.high))
    assert forth.n == min(one[1], other[1])


# from one length of period to another --------------------------------------------------------


@pytest.mark.parametrize(("monthly", "yearly"), [(0.01, 0.1136), (0.02, 0.2153), (0.03, 0.3062), (0.05, 0.4596)])
def test_monthly_churn_becomes_yearly_churn_exactly(monthly, yearly):
    """GOLD §1: 1 − (1 − c)^12."""
    assert round(rates.churn_over(monthly, 12), 4) == yearly


@given(some.floats(0, 0.999), some.floats(0.05, 24))
def test_churn_over_several_periods_and_back_is_the_churn_one_began_with(churn, periods):
    there = rates.churn_over(churn, periods)
    assert rates.churn_over(there, 1 / periods) == pytest.approx(churn, abs=1e-6) or there > 1 - 1e-9


@given(INNER, some.integers(1, 12), some.integers(1, 12))
def test_churn_over_a_and_then_b_periods_is_churn_over_both(churn, a, b):
    in_two_steps = 1 - (1 - rates.churn_over(churn, a)) * (1 - rates.churn_over(churn, b))
    assert in_two_steps == pytest.approx(rates.churn_over(churn, a + b))


@given(counted(), some.floats(0.05, 24))
def test_retention_and_churn_over_several_periods_agree(counts, periods):
    rate = rates.wilson(*counts)
    assert rates.over_years(rate, periods).value == pytest.approx(
        1 - rates.churn_over(1 - rate.value, periods), abs=1e-9
    )


@given(counted(), some.floats(0.05, 24))
def test_a_rate_over_several_periods_keeps_its_interval_in_order_and_its_n(counts, periods):
    found = rates.over_years(rates.wilson(*counts), periods)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.n == counts[1]


# a year out of several periods ---------------------------------------------------------------


@given(counted())
def test_one_period_of_a_year_has_wilsons_interval(counts):
    assert rates.chained([counts], 1, seed=0) == rates.wilson(*counts)


def test_four_quarters_of_95_per_cent_keep_81_45_per_cent_in_a_year():
    """0.95⁴ = 0.81450625."""
    found = rates.chained([(190, 200)] * 4, 1, seed=0)
    assert found.value == pytest.approx(0.81450625, abs=1e-12)


def test_the_interval_of_a_year_in_quarters_is_that_of_the_draws_it_names():
    """Product of four Beta(190.5, 10.5): mean (190.5/201)⁴, variance from the second moments, 1.96 deviations."""
    found = rates.chained([(190, 200)] * 4, 1, seed=0)
    first, second = 190.5 / 201, 190.5 * 191.5 / (201 * 202)
    mean, sd = first**4, math.sqrt(second**4 - first**8)
    assert (found.low, found.high) == pytest.approx((mean - 1.96 * sd, mean + 1.96 * sd), abs=0.006)


@given(some.lists(counted(most=500), min_size=1, max_size=12), some.floats(0.25, 3))
def test_a_year_out_of_periods_lies_within_its_interval(periods, years):
    found = rates.chained(periods, years, seed=0)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found == rates.chained(periods, years, seed=0)


def test_another_seed_moves_only_the_interval_and_that_a_little():
    one, other = (rates.chained([(190, 200)] * 4, 1, seed=seed) for seed in (1, 2))
    assert one.value == other.value
    assert one.low != other.low
    assert one.low == pytest.approx(other.low, abs=0.005)


# how long a customer stays -------------------------------------------------------------------


@pytest.mark.parametrize(("retention", "years"), [(0.75, 4.0), (0.8, 5.0), (0.5, 2.0), (0.0, 1.0), (1.0, None)])
def test_a_customer_lasts_four_years_at_75_per_cent_and_without_end_at_100(retention, years):
    """GOLD §1; without end is None, said in words, never infinity."""
    found = rates.lifetime(retention)
    assert found == (None if years is None else pytest.approx(years))


# how many customers it takes to know ---------------------------------------------------------


@pytest.mark.parametrize(("against", "customers"), [("each other", 906), ("present", 471), ("target", 430)])
def test_it_takes_906_customers_to_tell_80_from_85_per_cent_and_fewer_against_a_fixed_rate(against, customers):
    """GOLD §1, α .05, power .8: pooled formula 905.4 rounded up (Fleiss, Levin & Paik 2003, ch. 4); against a fixed
    base of 80 % (truth 85 %) 471; against a fixed target of 85 % (truth 80 %) 430."""
    assert rates.customers_to_tell(0.80, 0.85, against=against) == customers


@given(INNER, INNER)
def test_telling_two_years_apart_takes_as_many_customers_whichever_came_first(a, b):
    there = rates.customers_to_tell(a, b)
    assert there == rates.customers_to_tell(b, a)
    if there and there < 10**9:
        assert there == pytest.approx(rates.customers_to_tell(1 - a, 1 - b), abs=1)


@given(some.floats(0.05, 0.9), some.floats(0.005, 0.05))
def test_a_smaller_difference_takes_more_customers_and_so_does_more_power(present, step):
    near, far = present + step, present + 2 * step
    assert rates.customers_to_tell(present, near) > rates.customers_to_tell(present, far)
    assert rates.customers_to_tell(present, near, power=0.9) > rates.customers_to_tell(present, near)


@given(SHARES, SHARES, some.sampled_from(["each other", "present", "target"]))
def test_the_number_of_customers_is_at_least_one_and_unknown_where_there_is_no_difference(present, target, against):
    found = rates.customers_to_tell(present, target, against=against)
    assert found is None or (present != target and found >= 1)


# turnover ------------------------------------------------------------------------------------


def test_recurring_revenue_of_10_with_its_changes_is_retained_for_85_gross_and_103_per_cent_net():
    """GOLD §1: start 10.0, contraction .6, churned .9, expansion 1.8."""
    assert rates.revenue_retention(10.0, 0.6, 0.9, 1.8) == pytest.approx((0.85, 1.03))


def test_nothing_to_retain_is_not_a_rate():
    assert rates.revenue_retention(0.0, 0.0, 0.0, 5.0) is None


@given(some.floats(1, 1e9), SHARES, SHARES, some.floats(0, 1e9))
def test_gross_never_passes_everything_and_net_is_never_below_gross(start, contracted, of_the_rest, expansion):
    contraction = start * contracted
    churned = (start - contraction) * of_the_rest
    gross, net = rates.revenue_retention(start, contraction, churned, expansion)
    assert -1e-9 <= gross <= 1
    assert net >= gross
