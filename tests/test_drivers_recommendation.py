"""Recommendation: the score, its intervals, what is refused as no recommendation question, and the planner."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from survey_data import mobi
from toolkit.drivers import recommendation, recommendation_difference, recommendation_of
from toolkit.drivers.planner import Plan, answers_for_change, answers_for_precision
from toolkit.finding import Refused

ANSWERS = np.repeat([10, 9, 8, 7, 5, 0], [40, 41, 50, 35, 30, 4])
"""81 promoters, 85 passives, 34 detractors."""


def refusals(call, *args, **kwargs) -> set[str]:
    """The names of what a call refuses."""
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return {refusal.name for refusal in caught.value.refusals}


def test_two_hundred_answers_have_the_published_score_error_and_interval():
    """Adjusted Wald: Lewis & Sauro (2021), *Journal of User Experience* 16; plain error as printed."""
    result = recommendation(81, 85, 34)
    assert result.score == pytest.approx(0.235)
    assert result.standard_error == pytest.approx(0.05097916241, abs=1e-11)
    assert result.centre == pytest.approx(0.23153, abs=5e-6)
    assert result.error == pytest.approx(0.05063, abs=5e-6)
    assert (result.low, result.high) == pytest.approx((0.13230, 0.33075), abs=5e-6)


def test_the_plain_interval_of_the_same_answers_is_the_published_wald():
    result = recommendation(81, 85, 34)
    reach = stats.norm.ppf(0.975) * result.standard_error
    assert (result.score - reach, result.score + reach) == pytest.approx((0.13508, 0.33492), abs=5e-6)


def test_answers_are_counted_by_the_cutoffs_and_the_cutoffs_are_printed():
    result = recommendation_of(ANSWERS)
    assert (result.promoters, result.passives, result.detractors) == pytest.approx((0.405, 0.425, 0.17))
    assert (result.score, result.low, result.high) == pytest.approx((0.235, 0.13230, 0.33075), abs=5e-6)
    assert result.cutoffs == (6, 9)
    assert recommendation_of(ANSWERS, cutoffs=(4, 8)).score == pytest.approx((131 - 4) / 200)


def test_all_promoters_still_leave_doubt():
    """Where the plain interval has no width."""
    result = recommendation_of([10] * 10)
    assert (result.score, result.standard_error, result.high) == (1, 0, 1)
    assert result.low == pytest.approx(0.475, abs=1e-3)


def test_missing_answers_are_left_out_and_counted():
    result = recommendation_of([10, None, 3, np.nan, 8])
    assert (result.n, result.missing, result.score) == (3, 2, 0)


def test_equal_weights_change_nothing_and_unequal_ones_lower_the_effective_n():
    plain, equal = recommendation_of(ANSWERS), recommendation_of(ANSWERS, weights=np.full(200, 2.5))
    assert (equal.score, equal.low, equal.high) == pytest.approx((plain.score, plain.low, plain.high))
    assert equal.standard_error == pytest.approx(plain.standard_error)
    uneven = recommendation_of(ANSWERS, weights=np.tile([1.0, 3.0], 100))
    assert uneven.effective_n == pytest.approx(160)
    assert uneven.high - uneven.low > plain.high - plain.low


def test_clustered_answers_have_the_jackknife_interval_with_t():
    """Recomputed by leaving out each of eight companies in turn; t(7)."""
    companies = np.arange(200) % 8
    worth = (ANSWERS >= 9) * 1.0 - (ANSWERS <= 6)
    left_out = np.array([worth[companies != g].mean() for g in range(8)])
    error = np.sqrt(7 / 8 * ((left_out - left_out.mean()) ** 2).sum())
    result = recommendation_of(ANSWERS, clusters=companies)
    assert result.standard_error == pytest.approx(error)
    assert result.high - result.score == pytest.approx(stats.t.ppf(0.975, 7) * error)
    assert (result.companies, result.degrees) == (8, 7)


def test_fewer_than_six_companies_give_no_interval():
    result = recommendation_of(ANSWERS, clusters=np.arange(200) % 5)
    assert (result.low, result.high, result.companies) == (None, None, 5)


def test_companies_that_do_not_differ_leave_the_interval_of_the_respondents():
    result = recommendation_of([10] * 24, clusters=list("abcdef") * 4)
    assert result.low == recommendation_of([10] * 24).low


def test_a_one_to_ten_question_is_no_recommendation_question():
    assert refusals(recommendation_of, ANSWERS, scale=(1, 10)) == {"not_a_recommendation_scale"}
    ones_and_no_zero = [1] * 5 + [7, 8, 9, 10] * 20
    assert refusals(recommendation_of, ones_and_no_zero) == {"scale_starts_at_one"}
    result = recommendation_of(ones_and_no_zero, scale=(0, 10))
    assert result.zero_unused


def test_loyalty_in_mobi_runs_from_one_to_ten_and_is_refused():
    assert refusals(recommendation_of, mobi()["CUSL1"]) == {"scale_starts_at_one"}


def test_a_verbal_scale_may_have_cutoffs_of_its_own():
    """A5: ambassadors would certainly recommend (5), critics would advise against (1, 2)."""
    result = recommendation_of([5, 5, 4, 3, 2, 1], scale=(1, 5), cutoffs=(2, 5))
    assert (result.promoters, result.detractors, result.cutoffs) == (pytest.approx(1 / 3), pytest.approx(1 / 3), (2, 5))


@pytest.mark.parametrize(
    ("names", "answers", "change"),
    [
        ({"outside_scale"}, [3, 11], {}),
        ({"outside_scale"}, [3, -99], {}),
        ({"outside_scale"}, [3, 7.5], {}),
        ({"not_a_number"}, [3, "zeker"], {}),
        ({"no_answers"}, [None, None], {}),
        ({"no_answers"}, [], {}),
        ({"cutoffs_reversed"}, [3, 4], {"cutoffs": (9, 6)}),
        ({"weight_negative"}, [3, 4], {"weights": [1, -1]}),
        ({"lengths_differ"}, [3, 4], {"clusters": ["a"]}),
        ({"cluster_missing"}, [3, 4], {"clusters": ["a", None]}),
    ],
)
def test_answers_that_are_no_recommendations_are_refused(names, answers, change):
    assert refusals(recommendation_of, answers, **change) == names


@pytest.mark.parametrize("counts", [(-1, 2, 3), (0, 0, 0), (np.nan, 1, 1), ("9", 1, 1), (None, 1, 1), (True, 1, 1)])
def test_counts_that_are_none_are_refused(counts):
    assert refusals(recommendation, *counts) <= {"not_a_count", "no_answers"}


@given(some.integers(0, 500), some.integers(0, 500), some.integers(0, 500))
@settings(deadline=None)
def test_every_interval_holds_something_and_mirrors(promoters, passives, detractors):
    if promoters + passives + detractors == 0:
        return
    result, mirrored = recommendation(promoters, passives, detractors), recommendation(detractors, passives, promoters)
    assert -1 <= result.low < result.high <= 1
    assert (mirrored.low, mirrored.high) == pytest.approx((-result.high, -result.low), abs=1e-12)


def test_two_waves_are_compared_by_their_adjusted_centres():
    """By hand: centres of (81, 85, 34) and (60, 90, 50), errors added in quadrature."""
    now, before = recommendation(81, 85, 34), recommendation(60, 90, 50)
    change = recommendation_difference(now, before)
    centre = (81.75 - 34.75) / 203 - (60.75 - 50.75) / 203
    reach = stats.norm.ppf(0.975) * np.hypot(now.error, before.error)
    assert change.difference == pytest.approx(0.235 - 0.05)
    assert (change.low, change.high) == pytest.approx((centre - reach, centre + reach), abs=1e-6)
    assert change.p == pytest.approx(2 * stats.norm.sf(centre / np.hypot(now.error, before.error)), abs=1e-6)
    assert recommendation_difference(now, now).p == pytest.approx(1)


def test_without_an_interval_there_is_no_comparison():
    few = recommendation_of(ANSWERS, clusters=np.arange(200) % 3)
    assert recommendation_difference(few, recommendation(81, 85, 34)).low is None


@pytest.mark.parametrize("half_width", [0.05, 0.1, 0.2])
def test_as_many_answers_as_planned_reach_the_precision_and_one_fewer_does_not(half_width):
    """Against the adjusted interval itself, with half promoters and half detractors."""
    n = answers_for_precision(half_width).answers
    enough, fewer = recommendation(n / 2, 0, n / 2), recommendation((n - 1) / 2, 0, (n - 1) / 2)
    assert enough.high <= half_width < fewer.high


def test_the_planner_counts_invitations_companies_and_small_populations():
    assert answers_for_precision(0.1).answers == 380
    assert answers_for_precision(0.1, response=0.2).invitations == 1900
    assert answers_for_precision(0.1, design_effect=2).answers == 760
    assert answers_for_precision(0.1, population=500).answers == 215
    assert answers_for_precision(0.1, population=500, response=0.2) == Plan(215, 1075, False)
    assert refusals(answers_for_precision, 10) == {"not_a_share"}


def test_as_many_answers_as_planned_see_the_change_with_the_power_asked():
    """Normal approximation checked by 4,000 simulated pairs of waves."""
    n = answers_for_change(0.15, promoters=0.4, detractors=0.2).answers
    rng = np.random.default_rng(2)
    now = rng.multinomial(n, [0.475, 0.4, 0.125], 4000) @ [1, 0, -1] / n
    before = rng.multinomial(n, [0.4, 0.4, 0.2], 4000) @ [1, 0, -1] / n
    error = np.sqrt((0.6 - 0.04 + 0.6 - 0.35**2) / n)
    assert 0.78 < ((now - before) / error > 1.96).mean() < 0.86
