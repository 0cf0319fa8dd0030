"""Fitting a retention curve to cohorts and to totals: GOLD §3, and what a fit must do on any data."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.finding import Refused
from toolkit.units import COUNT
from toolkit.worth import fit as fit_module
from toolkit.worth.fit import fit_retention, fit_retention_from_totals, pooled_renewals
from toolkit.worth.likelihood import normal_score
from toolkit.worth.retention import retention_rate, survival

HIGH_END = [869, 743, 653, 593, 551, 517, 491]
REGULAR = [631, 468, 382, 326, 289, 262, 241]
TOTALS = [10_000, 18_000, 24_480, 29_787, 34_178]
places = st.tuples(st.floats(0.2, 6.0), st.floats(0.5, 20.0))


def refusal(call, *args, **more):
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value.refusals[0].name


def won_and_totals(a, b, cohorts, periods, seed=None):
    """New and total customers per period, and survivors per cohort, expected or drawn."""
    alive = survival(a, b, periods)
    kept = []
    for age, size in enumerate(cohorts):
        if seed is None:
            kept.append(size * alive[: periods - age])
        else:
            random = np.random.default_rng([seed, age])
            lives = random.geometric(random.beta(a, b, int(size)))
            kept.append(np.array([(lives > k).sum() for k in range(periods - age)]))
    totals = [sum(row[t - age] for age, row in enumerate(kept) if t >= age) for t in range(periods)]
    return cohorts, totals, [row[1:] for row in kept]


@pytest.mark.parametrize(
    ("survivors", "a", "b", "likelihood", "year_twelve"),
    [(HIGH_END, 0.6681, 3.8061, -1611.158, 378.0), (REGULAR, 0.7041, 1.1820, -1680.265, 170.0)],
)
def test_the_two_cohorts_of_fader_and_hardie(survivors, a, b, likelihood, year_twelve):
    """Fader & Hardie (2007), How to project customer retention; GOLD §3: 5e-4 on a and b, 1e-2 on the rest."""
    fit = fit_retention(1000, survivors)
    assert fit.a == pytest.approx(a, abs=5e-4)
    assert fit.b == pytest.approx(b, abs=5e-4)
    assert fit.log_likelihood == pytest.approx(likelihood, abs=1e-2)
    assert 1000 * fit.survival(12) == pytest.approx(year_twelve, abs=0.05)


def test_the_retention_curve_from_two_lines_of_an_annual_report():
    """Fader & Hardie note 017, case 2: 3.80, 15.19; normal likelihood with exact covariance 3.8000, 15.2009."""
    fit = fit_retention_from_totals([10_000] * 5, TOTALS)
    assert fit.a == pytest.approx(3.80, abs=0.02)
    assert fit.b == pytest.approx(15.19, abs=0.02)
    assert (fit.a, fit.b) == pytest.approx((3.8000, 15.2009), abs=5e-5)
    assert 10_000 * fit.survival([1, 2, 3, 4]) == pytest.approx([8000, 6480, 5307, 4391], abs=1)


def test_the_mean_and_the_covariance_of_the_losses_are_exact():
    """Against 400,000 simulated firms: three cohorts of 50, losses of periods 2, 3 and 4."""
    random, size, a, b = np.random.default_rng(7), 50, 1.0, 3.0
    alive = survival(a, b, 3)
    leaving = -np.diff(alive)
    chance = np.array([leaving, np.append(0.0, leaving[:2]), np.append([0.0, 0.0], leaving[:1])])
    draws = sum(random.multinomial(size, np.append(row, 1 - row.sum()), 400_000)[:, :3] for row in chance)
    weighted = size * chance
    exact = np.diag(weighted.sum(0)) - weighted.T @ chance
    assert draws.mean(0) == pytest.approx(weighted.sum(0), abs=0.03)
    assert np.cov(draws.T) == pytest.approx(exact, abs=0.15)
    lost = draws[0].astype(float)
    likelihood, _, _ = normal_score(np.full(3, size), chance, np.zeros((2, 3, 3)), lost)
    gap = lost - weighted.sum(0)
    by_hand = -0.5 * (3 * np.log(2 * np.pi) + np.linalg.slogdet(exact)[1] + gap @ np.linalg.solve(exact, gap))
    assert likelihood == pytest.approx(by_hand)


def test_the_slope_that_the_climb_follows_is_the_slope_of_the_likelihood(monkeypatch):
    seen, original = [], fit_module.fitted
    monkeypatch.setattr(fit_module, "fitted", lambda score, *rest: seen.append(score) or original(score, *rest))
    fit_retention_from_totals([500, 600, 550, 700], [500, 980, 1300, 1700])
    fit_retention(1000, HIGH_END)
    assert len(seen) == 2
    for score in seen:
        for place in ([0.5, -1.0], [2.0, -1.5], [5.0, -2.0]):
            at, step = np.array(place), 1e-6 * np.eye(2)
            numeric = [(score(at + h)[0] - score(at - h)[0]) / 2e-6 for h in step]
            assert score(at)[1] == pytest.approx(numeric, rel=1e-5, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(places, st.integers(3, 9))
def test_on_large_expected_data_both_fits_recover_the_curve(place, periods):
    a, b = place
    new, totals, survivors = won_and_totals(a, b, [1e9] * periods, periods)
    true = retention_rate(a, b, np.arange(1, periods))
    from_totals = fit_retention_from_totals(new, totals).retention(np.arange(1, periods))
    full = fit_retention(new[:-1], survivors[:-1]).retention(np.arange(1, periods))
    assert from_totals == pytest.approx(true, abs=2e-6)
    assert full == pytest.approx(true, abs=2e-6)


@settings(max_examples=25, deadline=None)
@given(places, st.integers(0, 10_000))
def test_on_drawn_customers_the_fit_from_totals_agrees_with_the_fit_on_every_cohort(place, seed):
    """The totals tell less than the cohorts: the two differ by no more than the totals leave open."""
    a, b = place
    new, totals, survivors = won_and_totals(a, b, [20_000] * 6, 6, seed)
    ours, full = fit_retention_from_totals(new, totals), fit_retention(new[:-1], survivors[:-1])
    for row, other in zip(ours.retention_by_period(5, n=2000), full.retention_by_period(5, n=2000), strict=True):
        assert abs(row.value - other.value) <= 2.5 * (row.high - row.low) / 2 + 1e-3


def test_earlier_intake_replaces_the_first_years_of_the_series():
    new, totals, _ = won_and_totals(1.0, 4.0, [1e9] * 8, 8)
    late = fit_retention_from_totals(new[3:], totals[3:], earlier_new=new[:3])
    assert (late.a, late.b) == pytest.approx((1.0, 4.0), abs=1e-4)


def test_several_cohorts_of_different_lengths_are_fitted_together():
    """Two halves of one cohort give the parameters of the whole."""
    whole = fit_retention(1000, HIGH_END)
    halves = fit_retention([500, 500], [[x / 2 for x in HIGH_END]] * 2)
    assert (halves.a, halves.b) == pytest.approx((whole.a, whole.b), rel=1e-6)
    assert fit_retention([1000, 1000], [HIGH_END, HIGH_END[:3]]).periods == 7


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    """200 firms of 100 new customers a year; truth a .67, b 3.8; 95 per cent intervals of year 1…7."""
    true, hits = retention_rate(0.67, 3.8, np.arange(1, 8)), []
    for seed in range(200):
        new, totals, _ = won_and_totals(0.67, 3.8, [100] * 8, 8, seed)
        rows = fit_retention_from_totals(new, totals).retention_by_period(7, n=1000)
        hits.append([row.low <= rate <= row.high for row, rate in zip(rows, true, strict=True)])
    assert 0.90 <= np.mean(hits) <= 0.99


def test_where_retention_does_not_rise_the_curve_is_flat_and_says_so():
    fit = fit_retention(1000, [800, 640, 512, 409, 327])
    assert fit.constant
    assert fit.retention([1, 5, 20]) == pytest.approx([0.8, 0.8, 0.8], abs=2e-3)
    assert all(row.low <= row.value <= row.high for row in fit.retention_by_period(5))
    assert fit.residual_value(1, 0.1) == pytest.approx(0.8 * 1.1 / 0.3, rel=5e-3)


def test_a_series_that_starts_too_late_still_gives_its_renewals():
    """A3's 200 of 250, twice: 200 of 250 and 208 of 260 renewed."""
    assert pooled_renewals([60, 60], [250, 260]) == (200, 250)
    assert pooled_renewals([60, 60, 60], [250, 260, 268]) == (408, 510)
    assert refusal(pooled_renewals, [60], [250]) == "series_too_short"
    assert refusal(pooled_renewals, [0, 10], [0, 10]) == "nobody_at_start"


@pytest.mark.parametrize(
    ("new", "total", "name"),
    [
        ([10, 10], [10, 18], "series_too_short"),
        ([100, 100, 100], [100, 180, 90], "total_below_new"),
        ([100, 100, 100], [100, 201, 250], "total_above_possible"),
        ([100, 100, 100], [500, 560, 600], "series_starts_late"),
        ([100, 100, 100], [100, 200, 300], "nobody_lost"),
        ([100, 100, 100], [100, 100, 100], "nobody_kept"),
        ([100, 100, None], [100, 180, 240], "period_missing"),
        ([100, float("nan"), 100], [100, 180, 240], "period_missing"),
        ([100, 100, 100], [100, 180], "series_of_unequal_length"),
        ([100, -5, 100], [100, 180, 240], "out_of_bounds"),
        ([3, 3, 3], [3, 5, 7], "too_few_lost"),
        (None, [100, 180, 240], "not_a_list"),
        ([100, 100, 100], 240, "not_a_list"),
        ([100, 0, 0, 0], [100, 80, 80, 80], "lost_only_at_first"),
    ],
)
def test_totals_that_cannot_be_or_tell_too_little_are_refused(new, total, name):
    assert refusal(fit_retention_from_totals, new, total) == name


def test_a_refused_total_says_which_period_and_what_was_possible():
    with pytest.raises(Refused) as refused:
        fit_retention_from_totals([100, 100, 100], [100, 201, 250])
    found = refused.value.refusals[0]
    assert (found.given, found.values) == (201, {"period": (2, COUNT), "most": (200, COUNT)})


def test_a_year_missing_from_a_series_by_year_is_named():
    new = pd.Series([100, 100, 100], index=[2020, 2021, 2023])
    with pytest.raises(Refused) as refused:
        fit_retention_from_totals(new, new)
    assert (refused.value.refusals[0].name, refused.value.refusals[0].given) == ("period_missing", 2022)
    complete = {2020: 10_000, 2021: 10_000, 2022: 10_000}
    assert fit_retention_from_totals(complete, dict(zip(complete, TOTALS, strict=False))).periods == 3


@pytest.mark.parametrize(
    ("start", "survivors", "name"),
    [
        (1000, [800], "series_too_short"),
        (1000, [800, 810], "survivors_rise"),
        (1000, [1100, 900], "survivors_rise"),
        (1000, [1000, 1000, 1000], "nobody_lost"),
        (1000, [0, 0, 0], "nobody_kept"),
        (1000, [800, 800, 800], "lost_only_at_first"),
        (1000, [800, None, 600], "period_missing"),
        ([1000, 1000], [[800, 700]], "series_of_unequal_length"),
    ],
)
def test_survivors_that_cannot_be_or_tell_too_little_are_refused(start, survivors, name):
    assert refusal(fit_retention, start, survivors) == name


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5000), st.floats(0, 1)), min_size=1, max_size=9),
    st.one_of(st.none(), st.lists(st.integers(0, 5000), min_size=1, max_size=3)),
)
def test_any_series_gives_a_finite_curve_or_a_refusal(periods, earlier):
    new, total, before = [], [], sum(earlier or [0])
    for won, share in periods:
        new.append(won)
        total.append(round(before * share) + won)
        before = total[-1]
    try:
        fit = fit_retention_from_totals(new, total, earlier_new=earlier)
    except Refused:
        return
    rows = fit.retention_by_period(6, n=200)
    assert all(0 <= row.low <= row.value <= row.high <= 1 for row in rows)
    assert np.isfinite([fit.a, fit.b, fit.log_likelihood, fit.residual_value(1, 0.1)]).all()
