"""What a customer of this client is worth: from what a client gave to every figure the chapter shows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from test_doors_numbers import A3, of_counts, of_series

from toolkit.claims import claims_for
from toolkit.finding import Refused
from toolkit.ranges import MoneyBetween, ShareBetween
from toolkit.units import Estimate
from toolkit.worth import customer_value, expected_write_off
from toolkit.worth.numbers import analyse
from toolkit.worth.result import CustomerWorth
from toolkit.worth.section import Worth
from toolkit.worth.value import discount_over

CASE = {"margin": 100, "retention": 0.8}
FIVE_YEARS = {"years": [2020, 2021, 2022, 2023, 2024], "new": [10_000] * 5, "total": [10_000, 18_000, 24_480, 29_787, 34_178]}
AMERITRADE = {"period": "quarter", "margin": 50.39, "retention": "95%", "retention_per": "year", "customers": 1_877_000}


def found(section: dict[str, Any], *, doors: Any = None, draws: int = 400, **economics: Any) -> CustomerWorth:
    """What the chapter finds, at 10 % a year unless told."""
    how = {"discount": 0.1} | economics
    return analyse(Worth.model_validate(section), how, doors=doors, claims=claims_for("worth"), draws=draws)


def everything(part: Any) -> list[Any]:
    """Every number and estimate of a result, however deep."""
    if isinstance(part, Estimate) or not (is_dataclass(part) or isinstance(part, tuple)):
        return [part]
    inner = part if isinstance(part, tuple) else [getattr(part, field.name) for field in fields(part)]
    return [number for one in inner for number in everything(one)]


# value and its moments -------------------------------------------------------------------------


def test_the_four_moments_are_those_of_fader_and_hardie():
    """GOLD §2: m 100, r .8, d .1."""
    result = found(CASE)
    assert result.not_yet_won.value == pytest.approx(366.667, abs=5e-4)
    assert result.just_paid.value == pytest.approx(266.667, abs=5e-4)
    assert result.end_of_period.value == pytest.approx(333.333, abs=5e-4)
    assert result.renewal_due.value == pytest.approx(293.333, abs=5e-4)
    assert [moment.name for moment in result.moments] == ["not_yet_won", "end_of_period", "just_paid", "renewal_due"]


def test_growth_and_a_horizon_are_counted_in():
    """GOLD §2: growth 5 %, not yet won 423.0769; five payments of 1, not yet won 2.9206."""
    assert found(CASE | {"margin_growth": 0.05}).not_yet_won.value == pytest.approx(423.0769, abs=5e-5)
    assert found(CASE | {"margin": 1, "horizon": 5}).not_yet_won.value == pytest.approx(2.9206, abs=5e-5)


def test_ameritrade_is_read_a_year_and_the_other_reading_stands_beside_it():
    """Gupta, Lehmann & Stuart (2004): 1,249.75 with retention and discount a year (GOLD §2)."""
    result = found(AMERITRADE, discount=0.12, cost_to_win=203.44)
    assert result.not_yet_won.value == pytest.approx(1249.75, abs=5e-3)
    quarterly = customer_value(50.39, 0.95, discount_over(0.12, 0.25), timing="not_yet_won")
    assert (result.other_period, result.other_value) == ("quarter", pytest.approx(quarterly))
    assert result.other_retention == pytest.approx(0.95**4)
    assert result.base_value.value == pytest.approx(1_877_000 * result.renewal_due.value)


@pytest.mark.parametrize("period", ["quarter", "month"])
def test_a_retention_of_a_year_is_the_same_retention_in_every_period(period):
    result = found(CASE | {"period": period, "retention_per": "year"})
    assert result.retention_per_year.value == pytest.approx(0.8)
    assert result.retention.value ** result.per_year == pytest.approx(0.8)
    assert (1 + result.discount) ** result.per_year == pytest.approx(1.1)


def test_margin_and_retention_are_lent_by_the_two_doors():
    doors = of_counts(A3, given={"turnover_per_customer": 1000}, gross_margin=0.4)
    result = found({}, doors=doors, gross_margin=0.4)
    assert (result.margin.value, result.retention.value, result.retention.n) == (400, 0.8, 250)
    assert (result.customers, result.won_per_year) == (260, 60)
    assert result.not_yet_won.low < result.not_yet_won.value < result.not_yet_won.high


def test_what_is_stated_goes_before_what_the_two_doors_lend():
    doors = of_counts(A3, given={"turnover_per_customer": 1000}, gross_margin=0.4)
    result = found({"margin": 500, "retention": 0.9}, doors=doors, gross_margin=0.4)
    assert (result.margin.value, result.retention.value, result.retention_from) == (500, 0.9, "stated")


def test_quarters_counted_at_the_doors_are_brought_to_a_year():
    from datetime import date

    spans = [(date(2024, 1, 1), date(2024, 3, 31)), (date(2024, 4, 1), date(2024, 6, 30)),
             (date(2024, 7, 1), date(2024, 9, 30)), (date(2024, 10, 1), date(2024, 12, 31))]  # fmt: skip
    rows = [{"from": first, "to": last, "start": 1000, "new": 50, "lost": 50} for first, last in spans]
    result = found({"margin": 100}, doors=of_series(rows))
    assert result.retention.value == pytest.approx(0.95**4)
    assert result.retention.low < 0.95**4 < result.retention.high


# winning -----------------------------------------------------------------------------------------


def test_the_write_off_is_that_of_article_a1():
    """GOLD §2: acquisition 10,000, margin 8,000, r .7 → 600; margin 3,000 → 3,087."""
    one = found({"margin": 8000, "retention": 0.7}, cost_to_win=10_000)
    other = found({"margin": 3000, "retention": 0.7}, cost_to_win=10_000)
    assert (one.write_off.value, one.never_pays_back.value) == (pytest.approx(600), pytest.approx(0.3))
    assert other.write_off.value == pytest.approx(3087)
    assert sum(row.part for row in other.stayed) == pytest.approx(3087)


@given(some.floats(1.001, 100), some.floats(1, 1e4), some.floats(0, 0.99))
@settings(max_examples=40)
def test_opened_by_stay_the_write_off_adds_up(times, margin, kept):
    cost = times * margin  # of a first payment
    result = found({"margin": margin, "retention": kept}, cost_to_win=cost)
    opened = sum(row.part for row in result.stayed) + (result.stayed_longer or 0.0)
    assert opened == pytest.approx(result.write_off.value, rel=1e-6, abs=1e-6 * cost)
    assert result.write_off.value == pytest.approx(expected_write_off(cost, margin, kept), abs=1e-9)


def test_payback_is_simple_discounted_and_with_leavers_and_may_be_never():
    """GOLD §1: cost 1,200, margin 80 a month: 15 months."""
    monthly = {"period": "month", "margin": 80, "retention": 0.9, "retention_per": "month"}
    result = found(monthly, cost_to_win=1200, discount=0.0)
    assert result.payback_simple.value * 12 == pytest.approx(15.0)
    assert result.payback_surviving is None
    assert [row.reason for row in result.paid_back] == [None, None, "worth_less_than_cost"]
    assert found({"margin": 0, "retention": 0.9}, cost_to_win=5).payback_simple is None


def test_what_must_be_true_for_winning_to_pay_is_true_there():
    result = found(CASE, cost_to_win=300)
    assert found(CASE | {"retention": result.needed_retention}).not_yet_won.value == pytest.approx(300)
    assert found(CASE | {"margin": result.needed_margin}).not_yet_won.value == pytest.approx(300)


def test_the_balance_starts_at_the_cost_and_ends_above_nothing_when_winning_pays():
    result = found(CASE, cost_to_win=150)
    assert (result.balance[0].expected, result.balance[0].if_stayed) == (-150, -150)
    assert result.balance[1].expected == pytest.approx(-50)
    assert result.balance[-1].expected > 0


def test_winning_against_keeping_has_a_range_where_a_cost_has_one():
    result = found(CASE, cost_to_win=900, cost_to_keep=MoneyBetween(low=100, high=200))
    assert result.ratio.value == pytest.approx(900 / (100 * 200) ** 0.5)
    assert result.ratio.low < result.ratio.value < result.ratio.high
    assert found(CASE, cost_to_win=900).ratio is None
    assert [(row.low, row.high) for row in result.said] == [(5, 5), (5, 9), (8, 8)]


def test_the_best_split_leaves_winning_dearer_than_keeping():
    """GOLD §4: ratio 3.62 with nothing left to gain; equity 4.00 now, 6.52700 at best."""
    win, keep = {"spend": 5, "rate": 0.04, "ceiling": 0.1}, {"spend": 20, "rate": 0.7, "ceiling": 0.85}
    result = found(CASE | {"responses": {"win": win, "keep": keep}})
    assert result.best_ratio == pytest.approx(3.62, abs=5e-3)
    assert result.gain_left == pytest.approx(2.527, abs=5e-4)
    now, best = result.budgets
    assert (now.value, best.value) == (pytest.approx(225.0), pytest.approx(258.0286, abs=5e-5))


def test_a_programme_says_what_it_must_bring():
    result = found(CASE | {"customers": 250, "programme": 10_000})
    assert result.programme_points_once.value == pytest.approx(0.1091, abs=5e-5)
    assert result.programme_customers.value == 28


# the lever ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kept", "rise", "residual"), [(0.5, 9.1, 20.0), (0.8, 20.0, 27.5), (0.9, 33.3, 40.7)])
def test_five_points_more_do_what_the_formula_says(kept, rise, residual):
    """GOLD §2: uplift from +5 points at d .1, not yet won and residual."""
    result = found({"margin": 100, "retention": kept})
    assert result.uplift_points.value * 100 == pytest.approx(rise, abs=0.05)
    assert result.uplift_residual * 100 == pytest.approx(residual, abs=0.05)


def test_five_per_cent_more_is_less_than_five_points_more():
    """GOLD §2: +5 per cent at 80 %: +15.4 %."""
    assert found(CASE).uplift_per_cent.value * 100 == pytest.approx(15.4, abs=0.05)


@pytest.mark.parametrize(("kept", "place"), [(0.5, "below"), (0.85, "inside"), (0.94, "inside")])
def test_the_own_rise_stands_below_inside_or_above_what_is_published(kept, place):
    quoted = found({"margin": 100, "retention": kept}).claimed[0]
    assert (quoted.name, quoted.place, quoted.low, quoted.high) == ("five_points", place, 0.2, 0.85)


def test_a_claim_needs_a_retention_at_which_it_then_holds():
    result = found({"margin": 100, "retention": 0.5}, cost_to_win=20)
    assert result.net_of_winning
    there = found({"margin": 100, "retention": result.band_retention}, cost_to_win=20)
    assert there.uplift_points.value == pytest.approx(0.2)
    dearer = found({"margin": 100, "retention": 0.5}, cost_to_win=result.band_cost)
    assert dearer.uplift_points.value == pytest.approx(0.2)


def test_points_are_points_of_a_year_whatever_the_period():
    year, month = found(CASE), found(CASE | {"period": "month", "margin": 100 / 12, "retention_per": "year"})
    assert month.lever[-1].retention == pytest.approx(year.lever[-1].retention) == pytest.approx(0.9)


def test_without_room_for_five_points_there_is_no_such_step():
    assert found({"margin": 100, "retention": 0.97}).uplift_points is None


# retention by tenure -------------------------------------------------------------------------------


def test_two_lines_of_an_annual_report_tell_how_retention_rises():
    """GOLD §3, Case 2: cohorts 8000 6480 5307 of 10,000: .8, .81, .819."""
    result = found({"margin": 100, "report": FIVE_YEARS})
    assert [round(row.retention.value, 2) for row in result.by_tenure[:3]] == [0.8, 0.81, 0.82]
    assert result.rises and result.retention_from == "report"
    assert result.constant_misses > 0
    assert result.base_value.value == pytest.approx(result.base_value_constant + result.constant_misses)
    assert sum(row.customers for row in result.by_tenure) == pytest.approx(34_178, abs=5)


def test_survivors_of_a_cohort_tell_the_same():
    """GOLD §3, High End; r(1) = b/(a+b) = 3.8061/4.4742."""
    followed = {"at_start": [1000], "survivors": [[869, 743, 653, 593, 551, 517, 491]]}
    result = found({"margin": 100, "cohorts": followed})
    assert result.first_retention.value == pytest.approx(3.8061 / 4.4742, abs=5e-4)
    assert (result.customers, result.retention.n) == (491, 1000)


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ({"years": [2023, 2024], "new": [80, 80], "total": [80, 140]}, "series_too_short"),
        ({"years": [2022, 2023, 2024], "new": [60] * 3, "total": [250, 260, 268]}, "series_starts_late"),
        ({"years": [2022, 2023, 2024], "new": [60] * 3, "total": [60, 120, 180]}, "nobody_lost"),
        ({"years": [2022, 2023, 2024], "new": [60] * 3, "total": [60, 60, 60]}, "nobody_kept"),
        ({"years": [2022, 2023, 2024], "new": [60] * 3, "total": [60, 117, 174]}, "too_few_lost"),
    ],
)
def test_a_series_that_cannot_tell_gives_one_constant_retention_and_says_why(report, problem):
    result = found({"margin": 100, "report": report})
    assert (result.fit_problem, result.by_tenure) == (problem, ())
    assert result.retention.low <= result.retention.value <= result.retention.high


def test_earlier_intake_lets_a_late_series_tell_after_all():
    """The last three years of Case 2 with the intake of the two before."""
    report = {name: FIVE_YEARS[name][2:] for name in FIVE_YEARS} | {"earlier_new": [10_000, 10_000]}
    result = found({"margin": 100, "report": report})
    assert result.fit_problem is None
    assert result.first_retention.value == pytest.approx(0.8, abs=0.01)


# contracts, recommendation, tenure -----------------------------------------------------------------


def test_a_low_churn_can_hide_a_low_renewal_rate():
    contract = {"term": 36, "renewal_rate": 0.7, "due": 300, "renewed": 210}
    result = found(CASE | {"customers": 900, "contract": contract})
    assert (result.base_churn, result.renewal_rate, result.share_due) == (0.1, 0.7, pytest.approx(1 / 3))
    assert result.contract_total == pytest.approx(result.contract_remaining + result.contract_renewals)


@pytest.mark.parametrize(("country", "notice"), [("NL", 1), ("BE", 2)])
def test_a_consumer_may_leave_after_tacit_renewal_with_the_notice_of_the_country(country, notice):
    """Wet Van Dam: one month; WER art. VI.91: two."""
    contract = {"term": 12, "renewal_rate": 0.8, "notice": 3, "later_churn": 0.02, "consumers": country}
    months = found(CASE | {"contract": contract}).contract_months
    assert [row.month for row in months] == [12, 12 + notice, 24, 36]
    assert [round(row.leaving, 3) for row in months] == [0.2, 0.02, 0.02, 0.02]


def test_a_recommended_customer_is_worth_all_or_only_the_cost_saved():
    result = found(CASE | {"recommendation": {"came_anyway": 0.5, "brought_per_year": 0.1, "followers": 0.2}}, cost_to_win=120)
    assert (result.recommended_new, result.recommended_anyway) == (pytest.approx(366.667, abs=5e-4), 120)
    assert result.recommended == pytest.approx((366.6667 + 120) / 2, abs=1e-3)
    assert result.with_recommending == pytest.approx(475.92, abs=5e-3)
    assert result.loss_with_followers == pytest.approx(266.6667 / 0.8, abs=1e-3)


def test_how_many_a_customer_brings_is_lent_by_the_two_doors():
    doors = of_counts(A3 | {"won_by_recommendation": 25}, given={"turnover_per_customer": 1000}, gross_margin=0.4)
    result = found({"recommendation": {"came_anyway": 0}}, doors=doors, gross_margin=0.4, cost_to_win=50)
    assert result.brought_per_year == pytest.approx(0.1)


def test_profit_by_tenure_is_an_assumption_with_its_stake():
    result = found(CASE | {"margins_by_tenure": [60, 90, 120]})
    assert result.profile_value == pytest.approx(358.18, abs=5e-3)
    assert (result.profile_direction, result.profile_flat) == ("rising", pytest.approx(220))


# uncertainty ---------------------------------------------------------------------------------------


def test_figures_without_ranges_have_none_and_with_ranges_hold_their_own_value():
    exact, unsure = found(CASE), found(CASE | {"margin": {"low": 80, "likely": 100, "high": 125}})
    assert exact.not_yet_won.low == exact.not_yet_won.value == exact.not_yet_won.high
    assert not exact.unsure and unsure.unsure
    assert unsure.not_yet_won.low < 366.67 < unsure.not_yet_won.high


def test_ten_thousand_draws_and_the_same_again_give_the_same():
    section = CASE | {"margin": {"low": 80, "high": 125}, "retention": {"low": 0.7, "high": 0.9}}
    how = {"cost_to_win": MoneyBetween(low=100, high=200), "discount": ShareBetween(low=0.08, high=0.12)}
    assert found(section, draws=10_000, **how) == found(section, draws=10_000, **how)


def test_the_tornado_moves_an_unsure_input_between_its_percentiles_and_another_by_a_step():
    result = found(CASE | {"margin": {"low": 80, "high": 125}}, cost_to_win=100)
    reach = {swing.name: (swing.low_input, swing.high_input) for swing in result.swings}
    assert reach["margin"] == (pytest.approx(80), pytest.approx(125))
    assert reach["retention"] == (pytest.approx(0.75), pytest.approx(0.85))
    assert [swing.size for swing in result.swings] == sorted((swing.size for swing in result.swings), reverse=True)


# whatever is given ---------------------------------------------------------------------------------

MONEY = some.sampled_from([0, 0.01, 50, 1600, 1e9, MoneyBetween(low=5, high=80), MoneyBetween(low=5, likely=6, high=800)])
SHARE = some.sampled_from([0, 0.05, 0.5, 0.8, 0.95, 0.9999, 1, ShareBetween(low=0.6, high=0.9)])


@given(
    section=some.fixed_dictionaries(
        {"margin": MONEY, "retention": SHARE},
        optional={
            "period": some.sampled_from(["quarter", "month"]),
            "margin_growth": some.sampled_from([-0.5, 0.02, 0.5]),
            "horizon": some.sampled_from([1, 30]),
            "customers": some.sampled_from([0, 1, 10**7]),
        },
    ),
    discount=SHARE,
    cost_to_win=some.none() | MONEY,
)
@settings(max_examples=150)
def test_whatever_is_given_every_figure_is_finite_and_within_its_interval_or_it_is_refused(section, discount, cost_to_win):
    try:
        result = found(section, discount=discount, cost_to_win=cost_to_win, draws=50)
    except Refused as refused:
        assert {refusal.name for refusal in refused.refusals} <= {"growth_diverges", "value_unbounded", "value_too_large"}
        return
    for number in everything(result):
        if isinstance(number, Estimate):
            assert number.low <= number.value <= number.high
            number = number.high - number.low
        assert not isinstance(number, float) or isfinite(number)


@given(some.floats(1, 1e5), some.floats(0, 0.99), some.floats(0.01, 0.5), some.floats(0.1, 50))
@settings(max_examples=40)
def test_whoever_doubles_margin_and_cost_doubles_the_value(margin, kept, discount, times):
    """GOLD §2: value(2m, 2·cost) = 2·value."""
    one = found({"margin": margin, "retention": kept}, discount=discount, cost_to_win=margin * 2)
    more = found({"margin": times * margin, "retention": kept}, discount=discount, cost_to_win=times * margin * 2)
    assert more.net_value.value == pytest.approx(times * one.net_value.value)
    assert more.write_off.value == pytest.approx(times * one.write_off.value, abs=1e-9)
