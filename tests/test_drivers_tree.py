"""Trees: tests of small tables, merging, what is found, what is not, and how often it returns."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from toolkit.drivers import grow_tree
from toolkit.drivers.chi_square import draw_tables, independence, least_log_p, log_tail, pearson
from toolkit.drivers.merging import log_multiplier, merge, ways
from toolkit.drivers.tree_stability import tree_stability
from toolkit.examples import DRIVERS, pxl_study
from toolkit.finding import Refused

TOY = np.array([[5, 0], [0, 5]])


def refusals(*args, **kwargs) -> set[str]:
    """The names of what growing a tree refuses."""
    with pytest.raises(Refused) as caught:
        grow_tree(*args, **kwargs)
    return {refusal.name for refusal in caught.value.refusals}


def noise(seed: int, n: int = 500, k: int = 11) -> np.ndarray:
    """Five-point answers that go with nothing."""
    return np.random.default_rng([seed, 81]).integers(1, 6, (n, k))


def test_five_against_five_perfectly_separated():
    """The Pearson test underneath, and 2 of the 252 ways to put five of ten in one group."""
    test = pearson(TOY)
    assert (test.chi_square, test.degrees) == (pytest.approx(10.0), 1)
    assert test.p == pytest.approx(0.0015654, abs=5e-8)
    counted = independence(TOY, np.random.default_rng(0))
    assert counted.permuted
    assert counted.p == pytest.approx(2 / comb(10, 5))


def test_pearson_is_that_of_scipy_and_permutation_only_comes_in_below_five_expected():
    """scipy.stats.chi2_contingency without continuity correction."""
    table = np.array([[30, 10], [25, 20], [12, 30]])
    expected = stats.chi2_contingency(table, correction=False)
    test = independence(table, np.random.default_rng(0))
    assert (test.chi_square, test.degrees, test.p) == pytest.approx((expected.statistic, expected.dof, expected.pvalue))
    assert not test.permuted
    assert independence(np.array([[30, 10], [3, 2]]), np.random.default_rng(0)).permuted


@given(some.lists(some.integers(1, 8), min_size=2, max_size=4), some.integers(0, 10**6))
@settings(deadline=None, max_examples=25)
def test_permutation_p_values_are_those_of_shuffled_outcomes(rows, seed):
    """Against plain shuffling of the outcome, 4,000 times."""
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(rows)), rows)
    outcome = rng.random(len(groups)) < 0.4
    table = np.zeros((len(rows), 2), int)
    np.add.at(table, (groups, outcome.astype(int)), 1)
    test = independence(table, rng)
    if not test.permuted:
        return
    shuffled = rng.permuted(np.tile(outcome, (4000, 1)), axis=1)
    tables = np.stack([[(shuffled[:, groups == g] == level).sum(axis=1) for level in (0, 1)] for g in range(len(rows))])
    margin = table.sum(axis=1)[:, None] * table.sum(axis=0) / table.sum()
    found = ((tables - margin[:, :, None]) ** 2 / margin[:, :, None]).sum(axis=(0, 1))
    assert test.p == pytest.approx((found >= test.chi_square * (1 - 1e-9)).mean(), abs=0.04)


def test_drawn_tables_keep_their_margins_and_have_the_expected_counts():
    rows, columns = np.array([10, 20, 5]), np.array([15, 12, 8])
    tables = draw_tables(rows, columns, 20_000, np.random.default_rng(1))
    assert (tables.sum(axis=2) == rows).all() and (tables.sum(axis=1) == columns).all()
    assert tables.mean(axis=0) == pytest.approx(np.outer(rows, columns) / 35, abs=0.05)


def test_p_values_too_small_for_a_number_are_still_compared():
    """With two degrees of freedom the log is -x/2; with four, ln(1 + x/2) - x/2."""
    for x in (3.0, 300.0, 1500.0, 5000.0):
        assert log_tail(x, 2) == pytest.approx(-x / 2)
        assert log_tail(x, 4) == pytest.approx(np.log1p(x / 2) - x / 2)


def test_ways_of_merging_are_counted_as_by_kass():
    """C(c-1, r-1) for ordered answers, Stirling's S(c, r) for others; all ways 2^(c-1) - 1, and Bell's less one."""
    assert [ways(5, r) for r in range(1, 6)] == [1, 4, 6, 4, 1]
    assert [ways(5, r, ordered=False) for r in range(1, 6)] == [1, 15, 25, 10, 1]
    assert np.exp(log_multiplier(5, ordered=True)) == pytest.approx(15)
    assert np.exp(log_multiplier(11, ordered=True)) == pytest.approx(1023)
    assert np.exp(log_multiplier(5, ordered=False)) == pytest.approx(51)


def test_a_missing_answer_beside_ordered_ones_may_stand_alone_or_join_any_group():
    """Two answers and a missing one: 12|m, 1|2m, 1m|2 and 1|2|m, four ways."""
    assert np.exp(log_multiplier(3, ordered=True, floating=True)) == pytest.approx(4)


def test_answers_that_do_not_differ_are_merged_and_those_that_do_are_not():
    counts = np.array([[74, 26], [74, 26], [75, 25], [430, 570], [140, 860]])
    assert merge(counts, alpha=0.01, min_leaf=30, ordered=True) == ((0, 1, 2), (3,), (4,))


def test_only_neighbours_merge_when_answers_are_ordered():
    counts = np.array([[50, 50], [10, 90], [50, 50]])
    assert merge(counts, alpha=0.01, min_leaf=1, ordered=True) == ((0,), (1,), (2,))
    assert merge(counts, alpha=0.01, min_leaf=1, ordered=False) == ((0, 2), (1,))


def test_groups_under_the_smallest_leaf_always_merge_with_their_likest_neighbour():
    counts = np.array([[0, 10], [40, 60], [5, 195]])
    assert merge(counts, alpha=0.01, min_leaf=30, ordered=True) == ((0, 1), (2,))
    assert merge(counts, alpha=0.01, min_leaf=30, ordered=False) == ((0, 2), (1,))


def test_a_missing_answer_joins_the_group_it_resembles():
    counts = np.array([[80, 20], [50, 50], [20, 80], [41, 9]])
    assert merge(counts, alpha=0.01, min_leaf=30, ordered=True, floating=True) == ((0, 3), (1,), (2,))


@given(some.integers(0, 10**6), some.integers(2, 6), some.integers(2, 3))
@settings(deadline=None, max_examples=50)
def test_no_merging_beats_the_bound_by_which_drivers_are_passed_over(seed, categories, levels):
    rng = np.random.default_rng(seed)
    table = rng.integers(20, 60, (categories, levels))
    bound = least_log_p([table])[0]
    for cut in range(1, categories):
        merged = np.array([table[:cut].sum(axis=0), table[cut:].sum(axis=0)])
        assert independence(merged, rng).log_p >= bound - 1e-9


def test_the_rebuilt_study_gives_the_four_leaves_of_the_article():
    """A5: 26, 57, 86 and, where expectations are exceeded too, 94 per cent strongly attached."""
    study = pxl_study(3)
    tree = grow_tree(study[list(DRIVERS)], study["attachment"] == 5)
    assert [leaf.conditions for leaf in tree.leaves] == [
        {"keeps_agreements": (1.0, 2.0, 3.0)},
        {"keeps_agreements": (4.0,)},
        {"keeps_agreements": (5.0,), "exceeds_expectations": (1.0, 2.0, 3.0)},
        {"keeps_agreements": (5.0,), "exceeds_expectations": (4.0, 5.0)},
    ]
    assert [leaf.share for leaf in tree.leaves] == pytest.approx([0.26, 0.57, 0.74, 0.94], abs=0.03)
    assert sum(leaf.n for leaf in tree.leaves) == 7000 == tree.n
    assert [split.driver for split in tree.splits] == ["keeps_agreements", "exceeds_expectations"]
    assert all(leaf.low < leaf.share < leaf.high for leaf in tree.leaves)


def test_the_tree_knows_columns_not_names():
    """The same study under other names and in another order: the same leaves."""
    study = pxl_study(3)
    order = np.random.default_rng(1).permutation(12)
    shuffled = study[list(DRIVERS)].iloc[:, order].set_axis([f"<q{i}>" for i in order], axis=1)
    tree = grow_tree(study[list(DRIVERS)], study["attachment"] == 5)
    other = grow_tree(shuffled, study["attachment"] == 5)
    assert [(leaf.n, leaf.share) for leaf in other.leaves] == [(leaf.n, leaf.share) for leaf in tree.leaves]
    assert other.splits[0].driver == f"<q{DRIVERS.index('keeps_agreements')}>"


@pytest.mark.parametrize("rate", [0.5, 0.05, 0.01])
def test_pure_noise_is_hardly_ever_split(rate):
    """At alpha .05 with eleven drivers: at most 6 of 100, here over 60 seeds at most 7."""
    outcomes = [np.random.default_rng([seed, 82]).random(500) < rate for seed in range(60)]
    split = [bool(grow_tree(noise(s), y, alpha=0.05).splits) for s, y in enumerate(outcomes) if y.any()]
    assert sum(split) <= 7


@given(some.integers(0, 10**6), some.integers(1, 60))
@settings(deadline=None, max_examples=30)
def test_no_leaf_is_smaller_than_asked_and_the_leaves_share_out_everyone(seed, min_leaf):
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, (300, 4))
    outcome = rng.random(300) < 1 / (1 + np.exp(3 - answers[:, 0] - (answers[:, 1] > 3)))
    tree = grow_tree(answers, outcome, alpha=0.05, min_leaf=min_leaf)
    assert all(leaf.n >= min_leaf for leaf in tree.leaves)
    places = tree.leaf_of()
    assert np.bincount(places, minlength=len(tree.leaves)).tolist() == [leaf.n for leaf in tree.leaves]
    for position, leaf in enumerate(tree.leaves):
        inside = places == position
        assert leaf.share == pytest.approx(outcome[inside].mean())
        for driver, allowed in leaf.conditions.items():
            assert set(answers[inside, driver]) <= set(allowed)


def test_an_outcome_of_several_levels_gives_the_share_of_each():
    answers = np.repeat([[1], [2]], 60, axis=0)
    outcome = np.r_[np.repeat([1, 2, 3], [40, 15, 5]), np.repeat([1, 2, 3], [5, 15, 40])]
    tree = grow_tree(answers, outcome)
    assert tree.levels == (1, 2, 3)
    assert [leaf.shares for leaf in tree.leaves] == [(40 / 60, 15 / 60, 5 / 60), (5 / 60, 15 / 60, 40 / 60)]
    assert [leaf.share for leaf in tree.leaves] == [5 / 60, 40 / 60]


def test_unordered_answers_may_be_text_and_merge_across():
    branches = np.repeat(["noord", "oost", "zuid"], 100)
    outcome = np.r_[np.tile([1, 1, 1, 0], 25), np.tile([0, 0, 0, 1], 25), np.tile([1, 1, 1, 0], 25)]
    tree = grow_tree(pd.DataFrame({"branch": branches}), outcome, scale={"branch": "unordered"})
    assert tree.splits[0].groups == (("noord", "zuid"), ("oost",))


def test_a_missing_answer_is_a_category_of_its_own():
    answers = np.repeat([1.0, 2.0, np.nan], 60)[:, None]
    outcome = np.r_[np.tile([0, 0, 0, 1], 15), np.tile([1, 1, 1, 0], 15), np.tile([0, 0, 0, 1], 15)]
    assert grow_tree(answers, outcome).splits[0].groups == ((1.0, None), (2.0,))


def test_respondents_without_an_outcome_are_left_out():
    answers = np.repeat([[1], [2]], 60, axis=0)
    outcome = np.r_[np.tile([0.0, 0, 0, 1], 15), np.tile([1, 1, 1, np.nan], 15)]
    assert grow_tree(answers, outcome).n == 105


def test_splits_return_over_resampled_companies_where_they_are_real():
    study = pxl_study(3)
    tree = grow_tree(study[list(DRIVERS)], study["attachment"] == 5)
    result = tree_stability(tree, clusters=study["company"], resamples=20)
    assert (result.resamples, result.companies) == (20, 12)
    assert [split.returns for split in result.splits] == [1, 1]
    assert all(split.same_groups <= split.returns for split in result.splits)
    for rate in result.leaves:
        assert 0 <= rate.low < rate.leaf.share < rate.high <= 1


def test_a_chance_split_hardly_returns():
    """The first tree that splits noise at alpha .5, grown again on resampled respondents."""
    samples = ((noise(s, n=400, k=6), np.random.default_rng([s, 83]).random(400) < 0.5) for s in range(200))
    tree = next(tree for sample in samples if (tree := grow_tree(*sample, alpha=0.5)).splits)
    returns = [split.same_groups for split in tree_stability(tree, resamples=30).splits]
    assert min(returns) < 0.5


def test_few_companies_leave_the_leaf_rates_without_interval():
    answers = np.repeat([[1], [2]], 60, axis=0)
    outcome = np.r_[np.tile([0, 0, 0, 1], 15), np.tile([1, 1, 1, 0], 15)]
    result = tree_stability(grow_tree(answers, outcome), clusters=np.arange(120) % 5, resamples=10)
    assert all(rate.low is None for rate in result.leaves)


def test_the_same_seed_grows_the_same_tree():
    answers, outcome = noise(5, n=300, k=4), np.random.default_rng(5).random(300) < 0.04
    assert grow_tree(answers, outcome, alpha=0.5) == grow_tree(answers, outcome, alpha=0.5)


@pytest.mark.parametrize(
    ("names", "answers", "outcome", "change"),
    [
        ({"outcome_constant"}, [[1], [2]], [1, 1], {}),
        ({"item_without_answers"}, [[1], [2]], [np.nan, np.nan], {}),
        ({"too_many_levels"}, np.arange(60.0)[:, None], np.arange(60) % 2, {}),
        ({"not_a_number"}, [["ja"], ["nee"]], [0, 1], {}),
        ({"item_without_answers"}, [[np.nan], [np.nan]], [0, 1], {}),
        ({"lengths_differ"}, [[1], [2]], [0, 1, 1], {}),
        ({"answers_not_a_table"}, [1, 2], [0, 1], {}),
        ({"no_answers"}, np.empty((0, 2)), [], {}),
        ({"not_a_share", "min_leaf_too_small"}, [[1], [2]], [0, 1], {"alpha": 5, "min_leaf": 0}),
        ({"unknown_scale"}, [[1], [2]], [0, 1], {"scale": "ordinal"}),
    ],
)
def test_what_no_tree_can_be_grown_on_is_refused(names, answers, outcome, change):
    assert refusals(answers, outcome, **change) == names
