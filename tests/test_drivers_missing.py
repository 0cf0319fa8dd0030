"""Missing answers four ways: what each makes of gaps, and when the alarm goes off."""

from __future__ import annotations

import numpy as np
import pytest

from survey_data import mobi, swiss
from toolkit.drivers import METHODS
from toolkit.drivers.missing import missing_ways
from toolkit.drivers.normal import Patterns, em


def survey(n: int = 600, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Three drivers and an outcome, normal."""
    rng = np.random.default_rng([seed, 80])
    answers = rng.standard_normal((n, 3)) + 0.7 * rng.standard_normal((n, 1))
    return answers, answers @ [0.8, 0.5, 0.2] + rng.standard_normal(n)


def by_way(result) -> dict:
    return {way.way: way for way in result.ways}


def test_without_gaps_all_four_ways_are_the_plain_method():
    result = missing_ways(*swiss())
    for way in result.ways:
        assert way.values == pytest.approx(METHODS["shapley"](*swiss()), abs=1e-5), way.way
        assert (way.n, way.leader) == (47, "Education")
    assert not result.alarm
    assert result.never_together == ()


def test_em_of_one_gappy_column_is_andersons_closed_form():
    """Anderson (1957), *Journal of the American Statistical Association* 52: monotone gaps.

    With x complete, the mean of y is its mean among the complete rows plus the slope
    there times how much further the mean of x lies in all rows.
    """
    rng = np.random.default_rng(5)
    x = rng.standard_normal(400)
    y = 0.8 * x + rng.standard_normal(400)
    y[x > 0.4] = np.nan
    data = Patterns.of(np.column_stack([x, y]), np.ones(400))
    mean, matrix = em(data)
    scaled, seen = data.table, ~np.isnan(y)
    inside = np.cov(scaled[seen].T, ddof=0)
    slope = inside[0, 1] / inside[0, 0]
    further = scaled[:, 0].mean() - scaled[seen, 0].mean()
    assert mean[1] == pytest.approx(scaled[seen, 1].mean() + slope * further, abs=1e-5)
    assert matrix[0, 1] == pytest.approx(slope * scaled[:, 0].var(), abs=1e-5)
    rest = inside[1, 1] - slope**2 * inside[0, 0]
    assert matrix[1, 1] == pytest.approx(rest + slope**2 * scaled[:, 0].var(), abs=1e-5)


def test_em_and_imputation_see_through_gaps_that_depend_on_other_answers():
    """Missing at random given the first driver: listwise halves its spread and so its value."""
    answers, outcome = survey(n=4000)
    full = METHODS["shapley"](answers, outcome)
    gappy = answers.copy()
    gappy[np.abs(answers[:, 0]) > 0.8, 1] = np.nan
    ways = by_way(missing_ways(gappy, outcome))
    assert abs(ways["listwise"].values[0] - full[0]) > 0.15
    assert ways["em"].values == pytest.approx(full, abs=0.03)
    assert ways["imputation"].values == pytest.approx(full, abs=0.03)
    assert ways["em"].n == ways["imputation"].n == 4000 > ways["listwise"].n
    assert (ways["imputation"].spread > 0).all()


def test_pairwise_is_each_correlation_from_whoever_answered_both():
    answers, outcome = survey()
    gappy = answers.copy()
    gappy[:100, 0] = gappy[100:300, 1] = np.nan
    pairwise = by_way(missing_ways(gappy, outcome))["pairwise"]
    matrix = np.ma.corrcoef(np.ma.masked_invalid(np.column_stack([gappy, outcome])).T, allow_masked=True)
    r = np.array(matrix)
    r2 = r[3, :3] @ np.linalg.solve(r[:3, :3], r[:3, 3])
    assert pairwise.n == 300
    assert pairwise.r2 == pytest.approx(r2, abs=1e-2)
    first = np.corrcoef(gappy[100:, 0], outcome[100:])[0, 1]
    assert missing_ways(gappy, outcome, method="correlation").ways[1].values[0] == pytest.approx(first)


def test_pairwise_correlations_that_no_data_could_have_are_not_used():
    """a goes with b, b with c, and a against c: three pairs of items, each asked of other people."""
    rng = np.random.default_rng(6)
    base = rng.standard_normal(300)
    nothing = np.full(100, np.nan)
    a = np.r_[base[:100], nothing, base[200:]]
    b = np.r_[base[:100], base[100:200], nothing]
    c = np.r_[nothing, base[100:200], -base[200:]]
    result = missing_ways(np.column_stack([a, b, c]), base + rng.standard_normal(300))
    assert by_way(result)["pairwise"].values is None
    assert by_way(result)["listwise"].values is None
    assert by_way(result)["listwise"].n == 0
    assert by_way(result)["em"].values is not None


def test_items_never_asked_together_are_named():
    answers, outcome = survey(n=200)
    answers[:100, 0] = answers[100:, 2] = np.nan
    result = missing_ways(answers, outcome)
    assert result.never_together == ((0, 2),)
    assert by_way(result)["pairwise"].values is None
    assert all(np.isfinite(way.values).all() for way in result.ways if way.values is not None)


def test_the_alarm_goes_off_when_the_first_place_depends_on_the_way():
    """The second driver matters most, but hardly varies among those who answered both."""
    rng = np.random.default_rng(7)
    answers = rng.standard_normal((900, 2))
    outcome = answers @ [0.7, 1.0] + rng.standard_normal(900)
    gappy = answers.copy()
    gappy[np.abs(answers[:, 1]) > 0.6, 0] = np.nan
    result = missing_ways(gappy, outcome)
    assert result.alarm
    assert (by_way(result)["listwise"].leader, by_way(result)["em"].leader) == (0, 1)
    assert result.missing[0] > 0.3 and result.missing[1] == 0


def test_the_same_seed_imputes_the_same():
    answers, outcome = survey(n=200)
    answers[::5, 1] = np.nan
    first, again, other = (by_way(missing_ways(answers, outcome, seed=s))["imputation"].values for s in (1, 1, 2))
    assert (first == again).all() and (first != other).any()


def test_respondents_who_answered_nothing_are_not_counted():
    answers, outcome = survey(n=100)
    answers[:10] = np.nan
    outcome = outcome.copy()
    outcome[:10] = np.nan
    assert by_way(missing_ways(answers, outcome))["em"].n == 90


def test_weights_go_along_in_every_way():
    answers, outcome = survey(n=300)
    weights = np.linspace(0.5, 2, 300)
    plain = METHODS["shapley"](answers, outcome, weights=weights)
    for way in missing_ways(answers, outcome, weights=weights).ways:
        assert way.values == pytest.approx(plain, abs=1e-5), way.way


def test_gaps_cut_into_mobi_do_not_change_who_comes_first_by_em():
    table = mobi()
    answers = table[[f"PERQ{i}" for i in range(1, 8)]].astype(float)
    full = METHODS["shapley"](answers, table["CUSA1"])
    holes = np.random.default_rng(1).random(answers.shape) < 0.05
    ways = by_way(missing_ways(answers.mask(holes), table["CUSA1"]))
    assert ways["em"].leader == ways["imputation"].leader == "PERQ1"
    assert ways["em"].values == pytest.approx(full, abs=0.02)
