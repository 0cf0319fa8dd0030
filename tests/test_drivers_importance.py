"""Importances with their uncertainty: intervals, ranks, ties, companies, the noise bar, signs and halo."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from survey_data import mobi, swiss
from toolkit.drivers import METHODS, importances
from toolkit.drivers.collinearity import collinearity, halo
from toolkit.drivers.methods.association import association
from toolkit.drivers.methods.shapley import shapley
from toolkit.drivers.noise import noise_bar
from toolkit.drivers.precision import design_effect, effective_n, intraclass
from toolkit.drivers.ranks import leave_one_out, pairwise
from toolkit.drivers.replicates import covariances, left_out_sums
from toolkit.drivers.sample import read_sample
from toolkit.drivers.several import benjamini_hochberg, holm
from toolkit.drivers.signs import signs
from toolkit.finding import Refused


def survey(n: int = 300, k: int = 4, seed: int = 1, slopes=None) -> tuple[np.ndarray, np.ndarray]:
    """Five-point answers with a halo, and an outcome that follows the slopes."""
    rng = np.random.default_rng([seed, 77])
    latent = rng.standard_normal((n, k)) + rng.standard_normal((n, 1))
    slopes = np.linspace(1, 0, k) if slopes is None else np.asarray(slopes)
    outcome = latent @ slopes + 2 * rng.standard_normal(n)
    return np.clip(np.round(latent + 3.5), 1, 5), np.clip(np.round(outcome / 2 + 3.5), 1, 5)


def refused(*args, **kwargs):
    """The one refusal of `importances`."""
    with pytest.raises(Refused) as caught:
        importances(*args, **kwargs)
    (refusal,) = caught.value.refusals
    return refusal


@pytest.mark.parametrize("method", ["shapley", "relative_weights"])
def test_the_rows_are_the_method_and_the_shares_sum_to_one(method):
    answers, outcome = survey()
    result = importances(answers, outcome, method=method)
    assert [row.r2 for row in result] == pytest.approx(METHODS[method](answers, outcome))
    assert sum(row.share for row in result) == pytest.approx(1)
    assert sum(row.probability_top for row in result) == pytest.approx(1)
    assert result.r2 == pytest.approx(METHODS["pratt"](answers, outcome).sum())
    for row in result:
        assert 0 <= row.low <= row.share <= row.high <= 1
        assert row.r2_low <= row.r2 <= row.r2_high
        assert 1 <= row.rank_low <= row.rank_high <= 4


def test_the_bootstrap_percentiles_of_swiss_are_those_of_relaimpo():
    """R package relaimpo, boot.relimp, 20,000 draws: Education .0708–.3901."""
    answers, outcome = swiss()
    batch = association(covariances(read_sample(answers, outcome), 20_000, seed=0))
    education = shapley(batch, [[i] for i in range(5)])[:, 2]
    assert np.quantile(education, [0.025, 0.975]) == pytest.approx([0.0708, 0.3901], abs=0.005)


def test_the_interval_is_a_percentile_a_little_expanded_for_few_answers():
    """At n = 47 and five drivers z is 1.96·√(47/41), so the interval is wider than the plain percentiles."""
    answers, outcome = swiss()
    education = importances(answers, outcome, minimum=40, resamples=20_000)[2]
    assert education.r2_low < 0.0708 and education.r2_high > 0.3901
    assert (education.r2_low, education.r2_high) == pytest.approx((0.062, 0.404), abs=0.008)


def test_one_resample_is_the_covariance_of_the_drawn_respondents():
    """The batch of covariance matrices agrees with the plain one, weights going along."""
    answers, outcome = survey(n=40)
    weights = np.linspace(1, 3, 40)
    sample = read_sample(answers, outcome, weights=weights, clusters=np.arange(40) % 8)
    for company, matrix in enumerate(covariances(sample, 0, 0)):
        rows = np.arange(40) % 8 != company
        table = np.column_stack([answers, outcome])
        spread = np.sqrt(np.diag(np.cov(table.T, aweights=weights, ddof=0)))
        expected = np.cov(table[rows].T, aweights=weights[rows], ddof=0) / np.outer(spread, spread)
        assert matrix == pytest.approx(expected, abs=1e-12)


def test_row_blocks_do_not_change_what_a_resample_is():
    """More respondents than one block: the mean over resamples is the whole sample's covariance."""
    answers, outcome = survey(n=20_000)
    whole = np.corrcoef(np.column_stack([answers, outcome]).T)
    batch = covariances(read_sample(answers, outcome), 200, seed=3)
    assert batch.mean(axis=0) == pytest.approx(whole, abs=0.003)
    assert batch.std(axis=0)[0, 0] > 0


def test_clustered_intervals_are_the_delete_one_company_jackknife_with_t():
    """Recomputed by leaving out each company in turn with the plain method; log odds, t(11)."""
    answers, outcome = survey(n=360)
    companies = np.arange(360) % 12
    result = importances(answers, outcome, clusters=companies)
    left_out = [METHODS["shapley"](answers[companies != g], outcome[companies != g]) for g in range(12)]
    shares = np.array([values / values.sum() for values in left_out])
    odds = np.log(shares / (1 - shares))
    reach = stats.t.ppf(0.975, 11) * np.sqrt(11 / 12 * ((odds - odds.mean(axis=0)) ** 2).sum(axis=0))
    for row, width in zip(result, reach, strict=True):
        middle = np.log(row.share / (1 - row.share))
        assert row.low == pytest.approx(1 / (1 + np.exp(width - middle)))
        assert row.high == pytest.approx(1 / (1 + np.exp(-width - middle)))
    ranges = leave_one_out(result)
    assert [row.share_low for row in ranges] == pytest.approx(shares.min(axis=0).tolist())
    assert [row.share_high for row in ranges] == pytest.approx(shares.max(axis=0).tolist())


@pytest.mark.parametrize("companies", [1, 2, 5])
def test_fewer_than_six_companies_give_no_interval_and_name_no_leader(companies):
    answers, outcome = survey()
    result = importances(answers, outcome, clusters=np.arange(300) % companies)
    assert result.companies == companies
    assert result.leader is None
    assert all(row.low is None and row.high is None and row.probability_top is None for row in result)
    assert pairwise(result) == ()


def test_a_company_of_one_respondent_counts_as_a_company():
    answers, outcome = survey()
    result = importances(answers, outcome, clusters=["solo", *(["a", "b", "c", "d", "e", "f"] * 50)[:299]])
    assert result.companies == 7
    assert all(np.isfinite([row.low, row.high]).all() for row in result)


def test_many_companies_leave_in_groups_and_then_no_single_company_is_pointed_at():
    answers, outcome = survey(n=600)
    result = importances(answers, outcome, clusters=np.arange(600) // 2)
    assert (result.companies, result.replicates.clusters) == (300, 200)
    assert leave_one_out(result) == ()


def test_a_leader_is_named_only_with_probability_ninety():
    clear = importances(*survey(n=1000, slopes=[1.5, 0.2, 0.2, 0.2]))
    assert clear.leader == 0 and clear[0].probability_top >= 0.90
    tie = importances(*survey(n=200, slopes=[0.6, 0.6, 0.6, 0.6]))
    assert max(row.probability_top for row in tie) < 0.90 and tie.leader is None


def test_copies_of_a_driver_share_the_first_place_and_are_pointed_out():
    answers, outcome = survey(slopes=[1.5, 0.2, 0.2, 0.2])
    result = importances(answers[:, [0, 0, 1, 2]], outcome)
    assert result.copies == ((0, 1),)
    assert result[0].share == pytest.approx(result[1].share)
    assert result[0].probability_top == pytest.approx(0.5, abs=0.01)
    assert result.leader is None


def test_a_constant_driver_is_pointed_out_and_has_a_share_of_zero():
    answers, outcome = survey()
    result = importances(np.column_stack([answers, np.full(300, 4)]), outcome)
    assert result.constant == (4,)
    assert (result[4].share, result[4].low, result[4].high) == pytest.approx((0, 0, 0), abs=1e-12)


def test_incomplete_and_weightless_rows_are_left_out_and_counted():
    answers, outcome = survey()
    answers[:7, 1] = np.nan
    weights = np.ones(300)
    weights[5:15] = 0
    result = importances(answers, outcome, weights=weights)
    assert (result.n, result.incomplete, result.weightless) == (285, 5, 10)
    assert result.rows == importances(answers[15:], outcome[15:]).rows


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    answers, outcome = survey()
    assert importances(answers, outcome, seed=4) == importances(answers, outcome, seed=4)
    assert importances(answers, outcome, seed=4) != importances(answers, outcome, seed=5)


def test_groups_and_columns_always_in_go_through_to_the_rows():
    answers, outcome = swiss()
    result = importances(answers, outcome, minimum=40, groups={"school": ["Education", "Examination"]})
    assert [row.driver for row in result] == ["school", "Agriculture", "Catholic", "Infant.Mortality"]
    assert result[0].r2 == pytest.approx(0.39817898877, abs=1e-10)
    rest = importances(answers, outcome, minimum=40, always=["Catholic"])
    assert "Catholic" not in [row.driver for row in rest]
    assert sum(row.share for row in rest) == pytest.approx(1)


@given(some.permutations(range(4)), some.integers(0, 1000))
@settings(deadline=None, max_examples=10)
def test_permuting_the_columns_permutes_the_rows(order, seed):
    answers, outcome = survey(seed=seed)
    plain = {row.driver: row for row in importances(answers, outcome, resamples=50)}
    for row in importances(answers[:, order], outcome, resamples=50):
        expected = plain[order[row.driver]]
        numbers = [row.r2, row.share, row.low, row.high, row.probability_top]
        assert numbers == pytest.approx(
            [expected.r2, expected.share, expected.low, expected.high, expected.probability_top], abs=1e-9
        )


def test_more_drivers_than_can_be_computed_exactly_print_their_monte_carlo_error():
    answers, outcome = survey(n=300, k=24)
    result = importances(answers, outcome, resamples=20)
    assert 0 < result.monte_carlo_error < 0.01
    assert sum(row.r2 for row in result) == pytest.approx(METHODS["pratt"](answers, outcome).sum())
    assert all(row.low <= row.high for row in result)


@pytest.mark.parametrize(("n", "k", "floor"), [(49, 2, 50), (59, 6, 60), (119, 12, 120)])
def test_fewer_than_fifty_or_ten_per_driver_are_refused(n, k, floor):
    refusal = refused(*survey(n=n, k=k))
    assert (refusal.name, refusal.given) == ("too_few_answers", n)
    assert (refusal.values["minimum"], refusal.values["drivers"]) == (floor, k)
    insisted = importances(*survey(n=n, k=k), minimum=20, resamples=50)
    assert insisted.below_floor
    assert not importances(*survey(n=floor, k=k), resamples=50).below_floor


def test_more_drivers_than_answers_are_refused_whatever_the_minimum():
    assert refused(*survey(n=12, k=11), minimum=0).name == "more_drivers_than_answers"


def test_a_driver_that_copies_the_outcome_is_refused_by_name():
    answers, outcome = survey()
    table = pd.DataFrame(answers, columns=list("abcd")).assign(again=10 - 2 * outcome)
    refusal = refused(table, outcome)
    assert (refusal.name, refusal.column) == ("driver_copies_outcome", "again")


@pytest.mark.parametrize(
    ("name", "answers", "outcome"),
    [
        ("outcome_constant", survey()[0], np.full(300, 5)),
        ("nothing_explained", np.full((300, 4), 5), survey()[1]),
        ("too_few_answers", survey()[0][:1], survey()[1][:1]),
        ("no_complete_answers", np.where(np.eye(300, 4) + np.eye(300, 4, -150) + 1 > 1, 1.0, np.nan), survey()[1]),
        ("item_without_answers", np.column_stack([survey()[0], np.full(300, np.nan)]), survey()[1]),
        ("answers_not_a_table", survey()[1], survey()[1]),
        ("no_answers", np.empty((0, 3)), np.empty(0)),
        ("lengths_differ", survey()[0], survey()[1][1:]),
    ],
)
def test_samples_that_cannot_be_analysed_are_refused(name, answers, outcome):
    assert refused(answers, outcome).name == name


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("method_without_shares", {"method": "pratt"}),
        ("method_without_shares", {"method": "magic"}),
        ("resamples_too_few", {"resamples": 1}),
        ("not_a_share", {"confidence": 95}),
        ("cluster_missing", {"clusters": [None] + [1] * 299}),
        ("lengths_differ", {"clusters": [1, 2, 3]}),
    ],
)
def test_settings_that_make_no_sense_are_refused(name, change):
    assert refused(*survey(), **change).name == name


messy = some.builds(
    lambda seed, n, k, holes, alike: _messy(np.random.default_rng(seed), n, k, holes, alike),
    some.integers(0, 10**6), some.integers(1, 80), some.integers(1, 5), some.floats(0, 0.6), some.booleans(),
)  # fmt: skip


def _messy(rng, n, k, holes, alike):
    table = rng.integers(1, 3 if alike else 6, (n, k + 1)).astype(float)
    table[rng.random(table.shape) < holes] = np.nan
    return table[:, :-1], table[:, -1], rng.integers(0, 8, n), rng.integers(0, 3, n)


@given(messy)
@settings(deadline=None, max_examples=100)
def test_no_sample_however_messy_gives_a_number_that_is_not_one(sample):
    answers, outcome, clusters, weights = sample
    for more in ({}, {"clusters": clusters}, {"weights": weights}):
        try:
            result = importances(answers, outcome, minimum=0, resamples=20, **more)
        except Refused as refused:
            assert refused.refusals
            continue
        for row in result:
            numbers = [row.r2, row.share, row.low, row.high, row.probability_top]
            assert all(number is None or np.isfinite(number) for number in numbers)


def test_holm_and_benjamini_hochberg_correct_as_in_r():
    """R: p.adjust(c(.01, .02, .03, .04, .05), method = "holm") and "BH"."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert benjamini_hochberg([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05] * 5)


def test_pairs_that_differ_have_small_p_and_pairs_alike_do_not():
    result = importances(*survey(n=1000, slopes=[1.5, 0.3, 0.3, 0.3]))
    pairs = pairwise(result)
    assert len(pairs) == 6
    assert all(pair.difference >= 0 for pair in pairs)
    assert all(pair.p < 0.001 for pair in pairs if pair.first == 0)
    assert all(pair.p > 0.05 for pair in pairs if pair.first != 0)


def test_the_noise_driver_is_small_and_a_driver_without_effect_stays_below_it():
    rng = np.random.default_rng(8)
    answers = rng.integers(1, 6, (600, 3)).astype(float)
    outcome = answers[:, 0] + answers[:, 1] + rng.standard_normal(600)
    bar = noise_bar(answers, outcome)
    assert 0 < bar.share < bar.share_high < 0.02
    assert bar.below == (2,)


def test_noise_that_is_alike_within_companies_is_a_higher_bar():
    rng = np.random.default_rng(9)
    companies = np.repeat(np.arange(12), 50)
    answers = rng.standard_normal((600, 3)) + 1.5 * rng.standard_normal((12, 3))[companies]
    outcome = answers.sum(axis=1) + 2 * rng.standard_normal(12)[companies] + rng.standard_normal(600)
    assert noise_bar(answers, outcome, clusters=companies).r2 > 3 * noise_bar(answers, outcome).r2


def test_robust_coefficients_of_swiss_are_those_of_statsmodels():
    """statsmodels 0.15 OLS(...).fit(cov_type="HC3", use_t=True) on standardised columns."""
    rows = signs(*swiss())
    assert [row.coefficient for row in rows] == pytest.approx(
        [-0.31292128, -0.16477822, -0.67040078, 0.34760003, 0.25113598], abs=1e-8
    )
    expected = [[-0.575806, -0.050037], [-0.517379, 0.187822], [-0.997039, -0.343762], [0.126743, 0.568457]]
    assert [[row.low, row.high] for row in rows[:4]] == pytest.approx(np.array(expected), abs=1e-6)
    p = holm([0.02082396074773414, 0.35081210296168724, 0.00016609098495106133, 0.002815191082042766, 0.0237873610474])
    assert [row.p for row in rows] == pytest.approx(p.tolist(), abs=1e-9)
    assert [row.settled for row in rows] == [True, False, True, True, True]


def test_agriculture_in_swiss_goes_with_fertility_alone_and_against_it_beside_the_others():
    agriculture = signs(*swiss())[0]
    assert agriculture.correlation > 0 > agriculture.coefficient
    assert agriculture.conflict


def test_signs_of_clustered_answers_come_from_the_jackknife_or_not_at_all():
    answers, outcome = survey()
    assert all(row.low < row.coefficient < row.high for row in signs(answers, outcome, clusters=np.arange(300) % 6))
    assert all(row.low is None and row.p is None for row in signs(answers, outcome, clusters=np.arange(300) % 5))


def test_variance_inflation_of_swiss_is_that_of_statsmodels():
    """statsmodels 0.15 variance_inflation_factor, data set swiss."""
    result = collinearity(*swiss())
    assert list(result.inflation.values()) == pytest.approx([2.284129, 3.67542, 2.774943, 1.93716, 1.107542], abs=1e-6)
    values = np.linalg.eigvalsh(np.corrcoef(swiss()[0].T))
    assert result.first_share == pytest.approx(values[-1] / 5)
    assert result.condition_number == pytest.approx(np.sqrt(values[-1] / values[0]))


def test_copies_have_no_finite_variance_inflation():
    answers, outcome = survey()
    result = collinearity(answers[:, [0, 1, 1]], outcome)
    assert result.inflation[1] is None and result.inflation[2] is None and result.condition_number is None


def test_straight_liners_are_counted_and_left_out_for_comparison():
    answers, outcome = survey(k=3)
    answers[:40] = 5
    answers[40:50] = [5, 5, 4]
    straight = (answers == answers[:, :1]).all(axis=1)
    result = halo(answers, outcome)
    assert result.straight_liners == straight.sum() >= 40
    assert result.without == pytest.approx(METHODS["shapley"](answers[~straight], outcome[~straight]))


def test_mobi_has_a_halo_and_its_straight_liners_do_not_change_who_comes_first():
    table = mobi()
    answers, outcome = table[[f"PERQ{i}" for i in range(1, 8)]], table["CUSA1"]
    assert collinearity(answers, outcome).first_share > 0.5
    assert halo(answers, outcome).changes is False


def test_kish_effective_n_and_design_effect():
    """Kish (1965): 100 answers of weight 1 and 100 of weight 3 are worth 160."""
    weights = np.repeat([1.0, 3.0], 100)
    assert effective_n(weights) == pytest.approx(160)
    assert design_effect(np.arange(200.0), weights=weights) == pytest.approx(1.25)


def test_respondents_who_all_say_what_their_company_says_are_worth_one_each_company():
    companies = np.repeat(np.arange(10), 20)
    assert intraclass(companies * 1.0, companies) == pytest.approx(1)
    assert design_effect(companies * 1.0, clusters=companies) == pytest.approx(20)
    assert intraclass(np.arange(200.0) % 20, companies) == 0


def test_a_company_larger_than_a_block_of_rows_is_still_one_company():
    """20,000 respondents of three companies, against plain sums."""
    columns, groups = np.random.default_rng(6).standard_normal((20_000, 1)), np.arange(20_000) // 9_000
    expected = [(columns[groups != group] ** 2).sum() for group in range(3)]
    assert left_out_sums(columns, np.ones(20_000), groups)[:, 0] == pytest.approx(expected)


def test_sums_without_a_company_are_all_sums_less_its_own():
    columns, groups = np.arange(12.0).reshape(6, 2), np.array([1, 0, 1, 2, 2, 0])
    sums = left_out_sums(columns, np.ones(6), groups)
    for group in range(3):
        rest = columns[groups != group]
        assert sums[group] == pytest.approx([(rest[:, 0] ** 2).sum(), rest.prod(axis=1).sum(), (rest[:, 1] ** 2).sum()])


def test_a_result_carries_no_respondent():
    """The replicates are for further computing only: they are not part of what a result is."""
    result = importances(*survey(), resamples=50)
    assert "replicates" not in repr(result)
    assert result == replace(result, replicates=None)
