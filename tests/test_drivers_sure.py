"""Nothing is said more surely than the answers allow: places on the map, ties, intervals, and one driver alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from test_drivers_chapter import study, survey, walk

from toolkit import drivers
from toolkit.drivers.contrasts import kind_of
from toolkit.drivers.ladder import largest_part, share_of_the_rest
from toolkit.drivers.linear import Found
from toolkit.drivers.rows import ScorePoints
from toolkit.drivers.section import Drivers
from toolkit.drivers.shares import rate
from toolkit.units import POINTS, Estimate, unit_of
from toolkit.words import Words


@pytest.fixture(scope="module")
def smallest() -> drivers.WhatDrives:
    return drivers.analyse(Drivers(), study("L"))


@pytest.fixture(scope="module")
def pooled() -> drivers.WhatDrives:
    return drivers.analyse(Drivers(), study(pooled=True))


@pytest.fixture(scope="module")
def five() -> drivers.WhatDrives:
    return drivers.analyse(Drivers(moved_up=0.25), of_companies("GHIJK"))


def of_companies(names: str, **more):
    """The rebuilt study of some firms only."""
    answers = study(pooled=True)
    rows = answers.clusters.isin(list(names)).to_numpy()
    items, outcomes = (part[rows].reset_index(drop=True) for part in (answers.items, answers.outcomes))
    return survey(items, outcomes, clusters=answers.clusters[rows].reset_index(drop=True), **more)


def names(findings) -> list[str]:
    return [finding.name for finding in findings]


def placed(result: drivers.WhatDrives, **fields) -> drivers.WhatDrives:
    """The same result with every driver placed so on the map, and nothing to improve."""
    rows = tuple(replace(row, in_noise=False, **fields) for row in result.drivers)
    return replace(result, drivers=rows, to_do_label=None, to_do_mean=None)


def test_holding_on_is_advised_only_from_four_resamples_in_five(smallest):
    sure, unsure = (placed(smallest, quadrant="keep", certain=certain) for certain in (True, False))
    assert "nothing_below" in names(drivers.worth_saying(sure)) and drivers.map_title(sure).name == "nothing_below"
    assert {"do_hold", "do_first"} & set(names(drivers.actions(sure)))
    assert "unplaced" in names(drivers.worth_saying(unsure)) and "nothing_below" not in names(drivers.worth_saying(unsure))
    assert drivers.map_title(unsure).name == "unplaced"
    assert "do_ask" in names(drivers.actions(unsure)) and not {"do_hold", "do_first"} & set(names(drivers.actions(unsure)))


def test_in_a_tie_the_actions_single_nobody_out(smallest):
    tied = replace(placed(smallest, quadrant="keep", certain=True), leader=None)
    assert names(drivers.actions(tied))[0] == "do_hold_both"
    assert names(drivers.actions(placed(tied, quadrant="keep", certain=False)))[0] == "do_ask_both"
    first_lags = replace(tied, to_do_label=tied.first_label, to_do_mean=3.0, to_do_certain=True)
    assert names(drivers.actions(first_lags))[0] in ("do_hold_both", "do_ask_both")


def test_too_few_answers_to_see_a_driver_are_no_reason_to_stop_with_it(smallest):
    """Ten of twelve cannot be told from chance at n = 125, and none of them lies under it for sure."""
    assert smallest.in_noise == 10 and not any(name.startswith("stop_") for name in names(drivers.actions(smallest)))
    small = replace(smallest.drivers[-1], share=Estimate(0.001, 0.0, 0.5 * smallest.noise_high, 125))
    lost = replace(smallest, drivers=(*smallest.drivers[:-1], small))
    assert "stop_steering" in names(drivers.actions(lost)) and lost.below_noise == (small,)


def test_a_clear_reward_makes_no_must_have_however_large_the_penalty():
    """The figures of an audit: low -.67, high +.29 (.17 to .42)."""
    low, high, lean = (Found(value, error, np.inf, 905) for value, error in ((-0.67, 0.07), (0.29, 0.06), (0.38, 0.09)))
    assert kind_of(low, high, lean, 0.2, 0.95) == "performance"
    flat, more = Found(0.02, 0.06, np.inf, 905), Found(0.65, 0.09, np.inf, 905)
    assert kind_of(low, flat, more, 0.2, 0.95) == "must_have"


def test_below_six_companies_no_answer_has_an_interval(five):
    own = (five.ambassadors, five.critics, five.score, five.first_share, *(step.share for step in five.steps))
    assert five.steps and not [value for value in own if isinstance(value, Estimate)]
    assert five.lift is None and five.top_moved is None and five.shifts == ()
    assert not [row for feeling in five.feelings for row in (feeling.top, feeling.bottom) if isinstance(row, Estimate)]
    alone = {"groups"}  # within one company respondents are independent
    named = [name for name, value in walk(replace(five, **dict.fromkeys(alone, ()), gaps=())) if isinstance(value, Estimate)]
    assert named == []
    assert drivers.who(five).startswith("who_companies_few") and drivers.defined(five) == "definitions_companies_few"


def test_one_company_is_no_cluster_and_that_is_said():
    found = drivers.analyse(Drivers(), of_companies("C"))
    assert found.one_company and found.companies is None and not found.too_few_companies
    assert "one_company" in names(drivers.worth_saying(found)) and isinstance(found.ambassadors, Estimate)


def test_the_same_respondents_have_the_same_interval_on_the_ladder_and_in_the_tree(pooled):
    by_n = {step.n: step.share for step in pooled.ladder_rows}
    same = [(leaf.share, by_n[leaf.n]) for leaf in pooled.twigs if leaf.n in by_n]
    assert len(same) >= 2
    for leaf, rung in same:
        assert (leaf.value, leaf.low, leaf.high) == pytest.approx((rung.value, rung.low, rung.high))


def test_a_share_of_fewer_than_six_companies_stands_alone():
    has, everyone, ones = np.tile([1.0, 0.0, 0.0], 40), np.ones(120, bool), np.ones(120)
    few, many = (rate(has, everyone, ones, np.arange(120) % g) for g in (5, 7))
    assert few.estimate(0.95) == pytest.approx(1 / 3) and many.low < 1 / 3 < many.high


def test_with_one_driver_there_is_no_general_feeling_no_map_and_no_first_place():
    answers = study("C")
    found = drivers.analyse(Drivers(), survey(answers.items[["keeps_agreements"]], answers.outcomes))
    said = names(drivers.worth_saying(found))
    assert "one_aspect" in said and not {"halo_strong", "nothing_below", "unplaced", "to_do"} & set(said)
    assert drivers.map_title(found) is None and drivers.change_of_mind(found).name == "more_aspects"


def test_the_ladder_has_the_highest_rung_with_and_without_the_second_condition(pooled):
    """Their difference is the lift; the published rates are audited at the same part (A5: 86 and 94 %)."""
    assert [row.rung for row in pooled.ladder_rows] == ["rest", "next", "best", "unboosted", "boosted"]
    without, with_it = pooled.ladder_rows[-2:]
    assert pooled.lift.value == pytest.approx(with_it.share.value - without.share.value)
    assert pooled.ladder_rows[2].n == without.n + with_it.n
    part = with_it.n / (with_it.n + without.n)
    assert (pooled.boosted_part, pooled.published_most) == pytest.approx((part, largest_part(0.86, 0.94)))
    assert pooled.published_rest == pytest.approx(share_of_the_rest(0.86, 0.94, part))
    assert names(drivers.ladder_says(pooled)) == ["ladder_audit"]


def test_weights_bring_the_unweighted_share_and_companies_the_places_without_one(pooled):
    answers = study("C")
    weights = pd.Series(np.where(np.arange(len(answers.items)) % 2, 2.0, 0.5))
    plain, heavy = (drivers.analyse(Drivers(), survey(answers.items, answers.outcomes, weights=w)) for w in (None, weights))
    shares = {row.driver: row.share.value for row in plain.drivers}
    assert {row.driver: row.unweighted for row in heavy.drivers} == pytest.approx(shares)
    assert "unweighted" in drivers.tables.drivers(heavy) and "unweighted" not in drivers.tables.drivers(plain)
    first = pooled.drivers[0]
    assert (first.left_best, first.left_worst) == (1, 1) and "left_worst" in drivers.tables.drivers(pooled)
    assert all(row.left_best <= row.left_worst for row in pooled.drivers)


def test_companies_have_no_planner_and_one_sentence_why(pooled):
    assert pooled.plans == () and names(drivers.plan(pooled)) == ["plan_needs_companies"]


def test_tables_have_no_column_that_nobody_can_fill(smallest):
    assert smallest.link_from is None
    assert drivers.tables.shifts(smallest) == ("moved_up", "top:range")
    assert drivers.tables.plans(smallest) == ("width:score", "answers")


@pytest.mark.parametrize(
    ("locale", "points", "score"),
    [("nl_BE", "tussen 1,9 en 42,6 procentpunt", "5 punten"), ("en_GB", "between 1.9 and 42.6 percentage points", "5 points")],
)
def test_points_are_named_once_and_those_of_a_score_are_no_percentage_points(locale, points, score):
    words = Words(locale)
    lift = Estimate(0.243, 0.019, 0.426, 168)
    assert words.quantity(lift, POINTS, "between").replace("\u00a0", " ") == points
    assert words.quantity(0.05, unit_of(ScorePoints)).replace("\u00a0", " ") == score
    assert words.quantity(0.05, POINTS, "score").replace("\u00a0", " ") == score
